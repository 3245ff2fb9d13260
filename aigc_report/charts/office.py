"""Place a `Chart` on a slide as a chart of the office program: its figures can be changed where they stand.

Bars and columns have charts of their own. Everything with a number on its level axis (dots in rows, lines, points,
intervals) is an XY chart, whose dots and lines lie where the figures say. Named rows, and ticks that are no plain
numbers, are labels of a series nobody sees; an interval is a line of two points, for other office programs leave out
error bars of given lengths. What no such chart can say is a picture.
"""

import io
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
    XL_TICK_MARK,
)
from pptx.enum.dml import MSO_LINE_DASH_STYLE
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.oxml.xmlchemy import OxmlElement
from pptx.util import Emu, Pt

from aigc_report import fonts, typeset
from aigc_report.charts import labels, palette, vector
from aigc_report.charts.chart import Band, Bars, Chart, Columns, Dots, Lines, Span, Strip, named
from aigc_report.charts.plane import WIDTH, ends, has_rows, ticks

TEXT_PT = 11
SMALL_PT = 10
INK, MUTED, GRID = "1B2430", "5A6472", "E2E6EB"
LABEL_SHARE = 0.4
"""Most of a chart's width that the names of its rows may take."""
PX_PT = 0.75
HIDDEN = ""
"""Name of a series that only carries labels; the legend leaves it out."""
_SHAPES = {
    "circle": XL_MARKER_STYLE.CIRCLE,
    "circle-open": XL_MARKER_STYLE.CIRCLE,
    "diamond": XL_MARKER_STYLE.DIAMOND,
    "line-ns": XL_MARKER_STYLE.DASH,
}
_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"


@dataclass(frozen=True)
class Box:
    """A place on a slide, in EMU."""

    left: int
    top: int
    width: int
    height: int

    @property
    def points(self) -> float:
        """Width in points."""
        return float(Emu(self.width).pt)


def place(slide: Any, chart: Chart, box: Box) -> Any:
    """The shape that shows `chart` on `slide` within `box`, with its alternative text."""
    kinds = {type(mark) for mark in chart.marks}
    draw = next((draw for fits, draw in KINDS if kinds <= fits), _picture)
    shape = draw(slide, chart, box)
    about = shape._element.xpath(".//p:cNvPr")[0]
    about.set("descr", chart.alt)
    about.set("name", chart.title)
    return shape


# ---- bars and columns ----


def _bars(slide: Any, chart: Chart, box: Box) -> Any:
    """Horizontal bars, each with its text at its end."""
    data = CategoryChartData()
    data.categories = list(chart.order)
    marks = [(mark, chart.data(at).set_index(mark.y)) for at, mark in enumerate(chart.marks) if isinstance(mark, Bars)]
    for mark, frame in marks:
        data.add_series(mark.name or chart.title, [_known(frame[mark.x].get(row)) for row in chart.order])
    shape, drawn = _add(slide, XL_CHART_TYPE.BAR_CLUSTERED, box, data)
    plot = drawn.plots[0]
    plot.gap_width, plot.overlap = 45, -5
    for (mark, frame), series in zip(marks, plot.series, strict=True):
        _fill(series, palette.colour(mark.role))
        for n, row in enumerate(chart.order):
            if mark.role_column and row in frame.index:
                _fill(series.points[n], palette.colour(str(frame[mark.role_column][row])))
            if mark.text and row in frame.index:
                _say(series.points[n], str(frame[mark.text][row]), XL_LABEL_POSITION.OUTSIDE_END)
    low, high = ends(chart, chart.x, upright=False)
    drawn.category_axis.reverse_order = True
    drawn.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    _quiet(drawn.category_axis)
    _bounds(drawn.value_axis, low, high)
    drawn.value_axis.visible = False
    drawn.value_axis.has_major_gridlines = False
    _legend(drawn, chart)
    return shape


def _columns(slide: Any, chart: Chart, box: Box) -> Any:
    """Upright columns that stand on each other."""
    marks = [(mark, chart.data(at)) for at, mark in enumerate(chart.marks) if isinstance(mark, Columns)]
    places = sorted({float(x) for mark, frame in marks for x in frame[mark.x]})
    data = CategoryChartData()
    said = dict(chart.x.ticks)
    data.categories = [said.get(place, f"{place:g}") for place in places]
    for mark, frame in marks:
        heights = dict(zip(frame[mark.x].astype(float), frame[mark.y], strict=True))
        data.add_series(mark.name or chart.title, [_known(heights.get(place)) for place in places])
    shape, drawn = _add(slide, XL_CHART_TYPE.COLUMN_STACKED, box, data)
    plot = drawn.plots[0]
    plot.gap_width, plot.overlap = 50, 100
    for (mark, _), series in zip(marks, plot.series, strict=True):
        _fill(series, palette.colour(mark.role))
    _quiet(drawn.category_axis)
    low, high = ends(chart, chart.y, upright=True)
    _numbers(drawn.value_axis, low, high, chart.y.suffix)
    _legend(drawn, chart)
    return shape


# ---- dots, lines and intervals ----


@dataclass
class _Layer:
    """One series of an XY chart: its points and how they look."""

    name: str
    colour: str
    points: list[tuple[float, float]]
    shape: str = ""
    size: float = 0
    line_pt: float = 0
    dashed: bool = False
    said: dict[int, str] = field(default_factory=dict)
    at: Any = None


def _points(slide: Any, chart: Chart, box: Box) -> Any:
    """An XY chart of dots, lines, bands and spans."""
    rows = {name: float(len(chart.order) - n) for n, name in enumerate(chart.order)} if has_rows(chart) else {}
    drawn_layers = [
        layer for at, mark in enumerate(chart.marks) for layer in _LAYERS[type(mark)](chart, at, mark, rows)
    ]
    x_low, x_high = ends(chart, chart.x, upright=False)
    y_low, y_high = (0.4, len(rows) + 0.6) if rows else ends(chart, chart.y, upright=True)
    layers: list[_Layer] = []
    left = _names(rows, x_low, layers, box) if rows else 0.0
    below = bool(chart.x.ticks or chart.x.log)
    beside = not rows and bool(chart.y.ticks or chart.y.log)
    if below:
        on_axis = [(value, y_low) for value, _ in ticks(chart.x, x_low, x_high)]
        layers.append(_labels(on_axis, [said for _, said in ticks(chart.x, x_low, x_high)], XL_LABEL_POSITION.BELOW))
    if beside:
        on_axis = [(x_low, value) for value, _ in ticks(chart.y, y_low, y_high)]
        layers.append(_labels(on_axis, [said for _, said in ticks(chart.y, y_low, y_high)], XL_LABEL_POSITION.LEFT))
        left = 0.09
    layers += [layer for layer in drawn_layers if layer.points]
    _pad(layers)
    right = max((fonts.width(s, TEXT_PT) for one in layers if one.line_pt for s in one.said.values()), default=0.0)
    data = XyChartData()
    for layer in layers:
        series = data.add_series(layer.name)
        for x, y in layer.points:
            series.add_data_point(x, y)
    shape, drawn = _add(slide, XL_CHART_TYPE.XY_SCATTER_LINES, box, data)
    for layer, series in zip(layers, drawn.plots[0].series, strict=True):
        _dress(series, layer)
    level, upright = drawn.category_axis, drawn.value_axis
    _numbers(level, x_low, x_high, chart.x.suffix, labelled=not below, log=chart.x.log)
    _numbers(upright, y_low, y_high, chart.y.suffix, labelled=not (rows or beside), log=not rows and chart.y.log)
    level.has_major_gridlines = bool(rows) and not below
    upright.has_major_gridlines = not rows and not beside
    if rows:
        upright.visible = False
    legend = _legend(drawn, chart, [n for n, layer in enumerate(layers) if not _in_legend(chart, layer)])
    _layout(drawn, max(left, 0.06), min(right / box.points + 0.02, 0.3), 0.13 if legend else 0.03, 0.13)
    return shape


def _pad(layers: list[_Layer]) -> None:
    """Repeat the last point of the first series until none is longer: LibreOffice drops a shorter first series."""
    first = layers[0].points
    first += [first[-1]] * (max(len(layer.points) for layer in layers) - len(first))


def _names(rows: dict[str, float], x_low: float, layers: list[_Layer], box: Box) -> float:
    """Add the names of the rows as labels left of the axis; the share of the width that they take comes back."""
    widest = box.points * LABEL_SHARE
    said = ["\n".join(labels.lines(name, int(widest), lambda s: fonts.width(s, TEXT_PT))) for name in rows]
    layers.append(_labels([(x_low, y) for y in rows.values()], said, XL_LABEL_POSITION.LEFT))
    return (max(fonts.width(line, TEXT_PT) for name in said for line in name.split("\n")) + 14) / box.points


def _labels(points: list[tuple[float, float]], said: Sequence[str], at: Any) -> _Layer:
    return _Layer(HIDDEN, MUTED, points, said=dict(enumerate(said)), at=at)


def _dot_layers(chart: Chart, at: int, mark: Dots, rows: dict[str, float]) -> Iterator[_Layer]:
    """The intervals of the dots, then the dots, a series for each colour."""
    frame = chart.data(at).dropna(subset=[mark.x])
    roles = frame[mark.role_column].astype(str) if mark.role_column else pd.Series(mark.role, index=frame.index)
    above = XL_LABEL_POSITION.ABOVE if mark.label_at == "above" else XL_LABEL_POSITION.BELOW
    for role, some in frame.groupby(roles, sort=False):
        colour = palette.colour(str(role))
        if mark.low and mark.high:
            yield from _intervals(some, mark.low, mark.high, mark.y, rows, tint(colour, 0.5), 2.25)
        points = [(float(x), _upright(y, rows)) for x, y in zip(some[mark.x], some[mark.y], strict=True)]
        said = {n: str(text) for n, text in enumerate(some[mark.label])} if mark.label else {}
        shape = mark.shape if mark.size > 1 else ""
        yield _Layer(mark.name, colour, points, shape, mark.size * PX_PT, said=said, at=above)


def _intervals(
    frame: pd.DataFrame, low: str, high: str, y: str, rows: dict[str, float], colour: str, width: float
) -> Iterator[_Layer]:
    """A line from `low` to `high` for each row that knows both."""
    known = frame.dropna(subset=[low, high])
    for start, end, row in zip(known[low], known[high], known[y], strict=True):
        at = _upright(row, rows)
        yield _Layer(HIDDEN, colour, [(float(start), at), (float(end), at)], line_pt=width)


def _line_layers(chart: Chart, at: int, mark: Lines, rows: dict[str, float]) -> Iterator[_Layer]:
    for label, role, frame in vector.series(chart.data(at), mark):
        known = frame.dropna(subset=[mark.x, mark.y])
        if rows:
            where = sorted({float(x) for x in known[mark.x]})[:1]
            ends_of_rows = [(x, y) for x in where for y in (0.4, len(rows) + 0.6)]
            yield _Layer(mark.name, palette.colour(role), ends_of_rows, line_pt=1.25, dashed=True)
            continue
        points = [(float(x), float(y)) for x, y in zip(known[mark.x], known[mark.y], strict=True)]
        if mark.step:
            points = [p for a, b in zip(points, [*points[1:], points[-1]], strict=True) for p in (a, (b[0], a[1]))]
        shape, size = ("circle", 5.0) if mark.markers else ("", 0.0)
        said = {len(points) - 1: label} if mark.series else {}
        name = label if mark.series else mark.name
        yield _Layer(name, palette.colour(role), points, shape, size, 2, said=said, at=XL_LABEL_POSITION.RIGHT)


def _band_layers(chart: Chart, at: int, mark: Band, rows: dict[str, float]) -> Iterator[_Layer]:
    """The edges of a band: an area cannot stand among points."""
    frame = chart.data(at).dropna(subset=[mark.x, mark.low, mark.high])
    for name, column in ((mark.name, mark.low), (HIDDEN, mark.high)):
        points = [(float(x), float(y)) for x, y in zip(frame[mark.x], frame[column], strict=True)]
        yield _Layer(name, tint(palette.colour(mark.role), 0.5), points, line_pt=1.25, dashed=True)


def _span_layers(chart: Chart, at: int, mark: Span, rows: dict[str, float]) -> Iterator[_Layer]:
    yield from _intervals(chart.data(at), mark.low, mark.high, mark.y, rows, tint(palette.colour("context"), 0.5), 1.5)


def _strip_layers(chart: Chart, at: int, mark: Strip, rows: dict[str, float]) -> Iterator[_Layer]:
    frame = chart.data(at).dropna(subset=[mark.x])
    points = [(float(x), _upright(y, rows)) for x, y in zip(frame[mark.x], frame[mark.y], strict=True)]
    yield _Layer(mark.name, tint(palette.colour("context"), 0.5), points, "circle", 5)


_LAYERS: dict[type, Callable[[Chart, int, Any, dict[str, float]], Iterator[_Layer]]] = {
    Dots: _dot_layers,
    Lines: _line_layers,
    Band: _band_layers,
    Span: _span_layers,
    Strip: _strip_layers,
}


def _upright(value: Any, rows: dict[str, float]) -> float:
    return rows[str(value)] if rows else float(value)


def tint(colour: str, share: float) -> str:
    """`colour` on white at `share` of its strength: transparency itself is left out by some office programs."""
    parts = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(255 - (255 - part) * share):02x}" for part in parts)


def _dress(series: Any, layer: _Layer) -> None:
    """Give one series its line, markers and labels."""
    if layer.line_pt:
        series.format.line.width = Pt(layer.line_pt)
        series.format.line.color.rgb = _rgb(layer.colour)
        if layer.dashed:
            series.format.line.dash_style = MSO_LINE_DASH_STYLE.DASH
    else:
        series.format.line.fill.background()
    series.smooth = False
    series.marker.style = _SHAPES[layer.shape] if layer.shape else XL_MARKER_STYLE.NONE
    if layer.shape:
        series.marker.size = max(2, min(72, round(layer.size)))
        _mark(series.marker, layer)
    for n, text in layer.said.items():
        # names of rows and ticks are in ink, the label of a line in its colour
        _say(series.points[n], text, layer.at, layer.colour if layer.line_pt else INK, bold=bool(layer.line_pt))


def _mark(marker: Any, layer: _Layer) -> None:
    """Fill the markers, or outline them where their shape is open."""
    is_open = layer.shape == "circle-open"
    marker.format.fill.solid()
    marker.format.fill.fore_color.rgb = _rgb(tint(layer.colour, 0.35) if is_open else layer.colour)
    if is_open:
        marker.format.line.color.rgb = _rgb(layer.colour)
        marker.format.line.width = Pt(1.5)
    else:
        marker.format.line.fill.background()


# ---- what all of them share ----


def _add(slide: Any, kind: Any, box: Box, data: Any) -> tuple[Any, Any]:
    shape = slide.shapes.add_chart(kind, box.left, box.top, box.width, box.height, data)
    drawn = shape.chart
    drawn.has_title = False
    drawn.font.size = Pt(TEXT_PT)
    drawn.font.color.rgb = _rgb(INK)
    return shape, drawn


def _legend(drawn: Any, chart: Chart, hidden: Sequence[int] = ()) -> bool:
    """A legend on top where several marks have names; series at the positions `hidden` are left out of it."""
    drawn.has_legend = bool(named(chart))
    if not drawn.has_legend:
        return False
    drawn.legend.position = XL_LEGEND_POSITION.TOP
    drawn.legend.include_in_layout = False
    drawn.legend.font.size = Pt(TEXT_PT)
    element = drawn.legend._element
    after = element.find(qn("c:legendPos"))
    for position in reversed(hidden):
        entry = parse_xml(f'<c:legendEntry xmlns:c="{_C}"><c:idx val="{position}"/><c:delete val="1"/></c:legendEntry>')
        after.addnext(entry)
    return True


def _in_legend(chart: Chart, layer: _Layer) -> bool:
    return any(mark.name == layer.name for mark in named(chart))


def _layout(drawn: Any, left: float, right: float, top: float, bottom: float) -> None:
    """Fix the plot within its frame, as shares of it: labels that are no axis labels get no room by themselves."""
    area = drawn._chartSpace.find(f".//{qn('c:plotArea')}")
    old = area.find(qn("c:layout"))
    if old is not None:
        area.remove(old)
    sizes = {"x": left, "y": top, "w": 1 - left - right, "h": 1 - top - bottom}
    modes = '<c:layoutTarget val="inner"/><c:xMode val="edge"/><c:yMode val="edge"/>'
    values = "".join(f'<c:{name} val="{value:.4f}"/>' for name, value in sizes.items())
    text = f'<c:layout xmlns:c="{_C}"><c:manualLayout>{modes}{values}</c:manualLayout></c:layout>'
    area.insert(0, parse_xml(text))


def _numbers(axis: Any, low: float, high: float, suffix: str, *, labelled: bool = True, log: bool = False) -> None:
    """An axis of numbers from `low` to `high`."""
    _bounds(axis, low, high)
    _quiet(axis)
    axis.major_gridlines.format.line.color.rgb = RGBColor.from_string(GRID)
    axis.tick_labels.font.size = Pt(SMALL_PT)
    axis.tick_labels.font.color.rgb = RGBColor.from_string(MUTED)
    axis.tick_labels.number_format = f'General"{suffix}"' if suffix else "General"
    axis.tick_labels.number_format_is_linked = False
    if not labelled:
        axis.tick_label_position = XL_TICK_LABEL_POSITION.NONE
    else:
        axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    if log:
        scaling = axis._element.find(qn("c:scaling"))
        base = OxmlElement("c:logBase")
        base.set("val", "10")
        scaling.insert(0, base)


def _bounds(axis: Any, low: float, high: float) -> None:
    axis.minimum_scale, axis.maximum_scale = low, high


def _quiet(axis: Any) -> None:
    """No tick marks, a pale line."""
    axis.major_tick_mark = XL_TICK_MARK.NONE
    axis.minor_tick_mark = XL_TICK_MARK.NONE
    axis.format.line.color.rgb = RGBColor.from_string(GRID)


def _say(point: Any, text: str, at: Any, colour: str = INK, *, bold: bool = False) -> None:
    """Write `text` at one point."""
    label = point.data_label
    frame = label.text_frame
    frame.word_wrap = False  # lines are broken already; LibreOffice would break them at a fifth of the chart
    frame.text = text
    for paragraph in frame.paragraphs:
        for run in paragraph.runs:
            run.font.size = Pt(TEXT_PT)
            run.font.bold = bold
            run.font.color.rgb = _rgb(colour)
    label.position = at


def _fill(element: Any, colour: str) -> None:
    element.format.fill.solid()
    element.format.fill.fore_color.rgb = _rgb(colour)


def _rgb(colour: str) -> Any:
    return RGBColor.from_string(colour.lstrip("#").upper())


def _known(value: Any) -> float | None:
    return None if value is None or not math.isfinite(float(value)) else float(value)


def _picture(slide: Any, chart: Chart, box: Box) -> Any:
    """The drawing of `vector` as a picture, as large as fits."""
    image = io.BytesIO(typeset.png(vector.render(chart), WIDTH))
    shape = slide.shapes.add_picture(image, box.left, box.top, width=box.width)
    if shape.height > box.height:
        shape.width, shape.height = int(shape.width * box.height / shape.height), box.height
        shape.left = box.left + (box.width - shape.width) // 2
    return shape


KINDS: tuple[tuple[set[type], Callable[[Any, Chart, Box], Any]], ...] = (
    ({Bars}, _bars),
    ({Columns}, _columns),
    (set(_LAYERS), _points),
)
"""Sets of marks and the native chart that can say them; anything else is a picture."""
