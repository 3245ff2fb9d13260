"""Charts: one frozen description each (`chart`), thin renderers (`plotly`), and the functions that describe them."""

from aigc_report.charts.chart import Arrows, Axis, Band, Bars, Boxes, Chart, Dots, Lines, Map, Mark, Span, Strip

__all__ = ["Arrows", "Axis", "Band", "Bars", "Boxes", "Chart", "Dots", "Lines", "Map", "Mark", "Span", "Strip"]
