"""Charts: one frozen description each (`chart`), thin renderers (`plotly`), and the functions that describe them."""

from aigc_report.charts.chart import Axis, Bars, Chart, Dots, Lines, Map, Mark, Span, Strip

__all__ = ["Axis", "Bars", "Chart", "Dots", "Lines", "Map", "Mark", "Span", "Strip"]
