"""Where things lie on paper: the axes of a chart as scales from values to points, and the frame they stand in."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np

from aigc_report import fonts
from aigc_report.charts import labels, scales
from aigc_report.charts.chart import Axis, Band, Bars, Chart, Columns, Dots, Lines, Span, Strip

WIDTH = 640
"""Of a picture, in its own pixels; on a page these become the width of the text."""
TEXT_PX = 12
SMALL_PX = 11
ROW_PX = 21
"""Height of one labelled row: closer than on the screen, where a finger has to find it."""
DENSE_ROW_PX, DENSE = 15, 16
"""The same where there are more rows than so many, so that a ranking of 27 leaves room on its page."""
UNNAMED_ROW_PX = 34.0
"""Height of a row whose name the title says already."""
LINE_PX = 13
"""What a second line of a label adds to its row."""
LABEL_PX = 215
"""Wider labels of rows are broken."""
LABEL_GAP_PX = 15
"""Least distance between two labels at the ends of lines."""
SCREEN_PX, PLOT_SHARE = 320, 0.58
"""Height of a chart on the screen that names none, and the part of it that its plot has on paper."""
ROOM = 0.05
"""Part of the span that an axis without ends of its own leaves free on either side."""


@dataclass(frozen=True)
class Scale:
    """A straight line from values `low`..`high` to pixels `start`..`end`; in powers of ten where `log`."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def __call__(self, value: float) -> float:
        low, high, at = (
            (math.log10(v) for v in (self.low, self.high, value)) if self.log else (self.low, self.high, value)
        )
        return self.start + (at - low) / ((high - low) or 1) * (self.end - self.start)


@dataclass(frozen=True)
class Plane:
    """The frame of one picture: the scales of both axes, and the middle of each row where rows are labelled."""

    chart: Chart
    left: float
    right: float
    top: float
    bottom: float
    x: Scale
    y: Scale | None
    rows: dict[str, float]
    row_px: float

    def across(self, value: object) -> float:
        """The height at which `value` of the upright axis lies: a row by its name, else a number."""
        if self.y is None:
            return self.rows[str(value)]
        return self.y(float(str(value)))

    @property
    def ticks(self) -> list[tuple[float, str]]:
        """Ticks of the level axis."""
        return ticks(self.chart.x, self.x.low, self.x.high)


def has_rows(chart: Chart) -> bool:
    """Whether the upright axis of `chart` holds named rows rather than numbers."""
    return bool(chart.order) and any(isinstance(m, Dots | Bars | Strip | Span) for m in chart.marks)


def ticks(axis: Axis, low: float, high: float) -> list[tuple[float, str]]:
    """Value and label of each tick of `axis` between `low` and `high`: its own, or round steps."""
    if axis.ticks:
        return [(value, label) for value, label in axis.ticks if low <= value <= high]
    if axis.log:
        values = [10.0**n for n in range(math.ceil(math.log10(low)), math.floor(math.log10(high)) + 1)]
    else:
        step = scales.step(high - low)
        values = [round(n * step, 12) for n in range(math.ceil(low / step), math.floor(high / step) + 1)]
    return [(value, f"{value:,.6g}".replace("-", "−") + axis.suffix) for value in values]


def ends(chart: Chart, axis: Axis, upright: bool) -> tuple[float, float]:
    """Lowest and highest value of an axis: its own ends, or what the marks reach with a little room."""
    if axis.low is not None and axis.high is not None:
        return axis.low, axis.high
    values = np.array([v for v in _reach(chart, upright) if math.isfinite(v)])
    if not len(values):
        return axis.low or 0.0, axis.high or 1.0
    low, high = float(values.min()), float(values.max())
    room = (high - low or abs(high) or 1.0) * ROOM
    return low - room if axis.low is None else axis.low, high + room if axis.high is None else axis.high


def _reach(chart: Chart, upright: bool) -> Iterator[float]:
    """Every value of the marks on one axis."""
    rows = has_rows(chart)
    stacked: dict[float, float] = {}
    for position, mark in enumerate(chart.marks):
        frame = chart.data(position)
        match mark:
            case Columns():
                if upright:
                    for x, y in zip(frame[mark.x], frame[mark.y], strict=True):
                        stacked[x] = stacked.get(x, 0.0) + float(y)
                    yield from (0.0, *stacked.values())
                else:
                    yield from (float(frame[mark.x].min()) - 0.5, float(frame[mark.x].max()) + 0.5)
            case Band():
                columns = (mark.low, mark.high) if upright else (mark.x,)
                yield from (float(v) for column in columns for v in frame[column])
            case Span():
                if not upright:
                    yield from (float(v) for column in (mark.low, mark.high) for v in frame[column])
            case Dots() | Bars() | Strip() | Lines():
                if upright:
                    yield from (float(v) for v in frame[mark.y]) if not rows else ()
                    continue
                reached = [mark.x, *((mark.low, mark.high) if isinstance(mark, Dots) and mark.low else ())]
                yield from (float(v) for column in reached for v in frame[column])
                if isinstance(mark, Bars):
                    yield 0.0
            case _:
                continue


def plane(chart: Chart, above: float, beside: float, width: float = WIDTH) -> Plane:
    """The frame of `chart` with `above` pixels kept free on top and `beside` at the right."""
    rows = has_rows(chart)
    top = above + (18.0 if chart.y.title else 8.0)
    x_low, x_high = ends(chart, chart.x, upright=False)
    if rows:
        named = [labels.lines(label, LABEL_PX, _row_width) for label in chart.order]
        shown = not chart.y.ticks
        widest = max((fonts.width(line, TEXT_PX) for lines in named for line in lines), default=0.0)
        left = 12 + widest if shown else 8.0
        row_px = float(DENSE_ROW_PX if len(chart.order) > DENSE else ROW_PX) if shown else UNNAMED_ROW_PX
        heights = [row_px + LINE_PX * (len(lines) - 1) for lines in named]
        edges = list(accumulate(heights, initial=top))
        bottom = edges[-1]
        places = {label: (a + b) / 2 for label, (a, b) in zip(chart.order, pairwise(edges), strict=True)}
        y = None
    else:
        y_low, y_high = ends(chart, chart.y, upright=True)
        said = [label for _, label in ticks(chart.y, y_low, y_high)]
        left = 10 + max((fonts.width(label, SMALL_PX) for label in said), default=0.0)
        row_px, places = 0.0, {}
        bottom = top + (chart.height or SCREEN_PX) * PLOT_SHARE
        y = Scale(y_low, y_high, bottom, top, chart.y.log)
    right = width - max(beside, 14.0)
    return Plane(chart, left, right, top, bottom, Scale(x_low, x_high, left, right, chart.x.log), y, places, row_px)


def _row_width(text: str) -> float:
    return fonts.width(text, TEXT_PX)
