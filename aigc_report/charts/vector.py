"""Draw a `Chart` as SVG for paper: the marks, colours and labels of the screen, in dark ink on white.

The SVG is written here, mark by mark: a chart is a few dozen lines and circles, takes a few milliseconds and is the
same to the byte every time. Matplotlib was measured at a tenth of a second a chart and would be a further dependency;
plotly draws outside a browser only with one. Texts stay texts in the carried typefaces, so they can be searched. Title,
subtitle and source are the document's, as on a page they are the page's.
"""

import html
import math
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Any

import pandas as pd

from aigc_report import fonts
from aigc_report.charts import labels, palette
from aigc_report.charts.chart import Band, Bars, Chart, Columns, Dash, Dots, Lines, Named, Span, Strip, named
from aigc_report.charts.plane import (
    LABEL_GAP_PX,
    LABEL_PX,
    LINE_PX,
    SMALL_PX,
    TEXT_PX,
    WIDTH,
    Plane,
    has_rows,
    plane,
    ticks,
)
from aigc_report.errors import UserError

INK, MUTED, GRID, AXIS = "#1b2430", "#5a6472", "#e2e6eb", "#9aa3ae"
BAND_OPACITY, INTERVAL_OPACITY, CONTEXT_OPACITY = 0.18, 0.5, 0.45
BAR_SHARE, COLUMN_SHARE = 0.62, 0.68
"""Part of its room that a bar or column fills."""
LEGEND_ROW_PX, LEGEND_GAP_PX, GLYPH_PX = 19, 18, 20
DASHES: dict[Dash, str] = {"dash": "4 3", "dot": "1.5 3"}
LATIN_FIRST = (fonts.LATIN, fonts.CHINESE)


class NotDrawn(UserError):
    """A chart has marks that this renderer has no drawing for."""

    def __init__(self, chart: Chart, marks: list[str]) -> None:
        super().__init__(
            "The chart {chart} cannot be drawn for paper: there is no drawing for {marks}.",
            chart=chart.id,
            marks=", ".join(marks),
        )


def render(chart: Chart, width: int = WIDTH) -> str:
    """`chart` as one SVG element, `width` pixels wide; `NotDrawn` where a mark has no drawing here."""
    unknown = [type(mark).__name__ for mark in chart.marks if type(mark) not in DRAWINGS]
    if unknown:
        raise NotDrawn(chart, unknown)
    legend, above = _legend(named(chart), width)
    ends = list(_line_ends(chart))
    beside = 14 + max((fonts.width(label, TEXT_PX, fonts.BOLD) for _, _, label, _ in ends), default=0.0)
    on = plane(chart, above, beside, width)
    pieces = [
        *legend,
        *_frame(on),
        *(piece for at, mark in enumerate(chart.marks) for piece in DRAWINGS[type(mark)](on, chart.data(at), mark)),
        *_end_labels(on, ends),
    ]
    height = on.bottom + 24 + (18 if chart.x.title else 0)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {_n(height)}" width="{width}" '
        f'height="{_n(height)}" font-family="{_family(LATIN_FIRST)}" font-size="{TEXT_PX}" fill="{INK}">'
        + "".join(pieces)
        + "</svg>"
    )


# ---- the frame ----


def _frame(on: Plane) -> Iterator[str]:
    """Grid, ticks, row labels and titles of the axes."""
    chart, chosen = on.chart, _chosen(on.chart)
    for value, label in on.ticks:
        x = on.x(value)
        if on.y is None:
            yield _line(x, on.top, x, on.bottom, GRID)
        else:
            yield _line(x, on.bottom, x, on.bottom + 4, AXIS)
        yield _text(x, on.bottom + 16, label, MUTED, SMALL_PX, "middle")
    if on.y is None:
        if not chart.y.ticks:
            for label, middle in on.rows.items():
                parts = labels.lines(label, LABEL_PX, lambda said: fonts.width(said, TEXT_PX))
                first = middle + 4 - LINE_PX * (len(parts) - 1) / 2
                for n, part in enumerate(parts):
                    yield _text(on.left - 8, first + n * LINE_PX, part, INK, TEXT_PX, "end", bold=label in chosen)
        if on.x.low < 0 < on.x.high:
            yield _line(on.x(0), on.top, on.x(0), on.bottom, AXIS)
    else:
        for value, label in ticks(chart.y, on.y.low, on.y.high):
            y = on.y(value)
            yield _line(on.left, y, on.right, y, AXIS if value == 0 else GRID)
            yield _text(on.left - 6, y + 4, label, MUTED, SMALL_PX, "end")
    if chart.x.title:
        yield _text((on.left + on.right) / 2, on.bottom + 34, chart.x.title, MUTED, SMALL_PX, "middle")
    if chart.y.title:
        yield _text(0, on.top - 8, chart.y.title, MUTED, SMALL_PX)


def _chosen(chart: Chart) -> set[str]:
    """Rows in a colour among rows in grey: named in bold, so that print without colour tells them apart too."""
    found: set[str] = set()
    for at, mark in enumerate(chart.marks):
        if isinstance(mark, Dots) and mark.role_column:
            frame = chart.data(at)
            grey = frame[mark.role_column] == "context"
            if grey.any():
                found |= {str(row) for row in frame.loc[~grey, mark.y]}
    return found


def _legend(marks: list[Named], width: int) -> tuple[list[str], float]:
    """What the colours and shapes mean, above the picture, and how high that is."""
    pieces: list[str] = []
    x, y = 0.0, 10.0
    for mark in marks:
        needs = GLYPH_PX + fonts.width(mark.name, TEXT_PX) + LEGEND_GAP_PX
        if x and x + needs - LEGEND_GAP_PX > width:
            x, y = 0.0, y + LEGEND_ROW_PX
        pieces += [_glyph(mark, x + 8, y), _text(x + GLYPH_PX, y + 4, mark.name, INK, TEXT_PX)]
        x += needs
    return pieces, y + 12 if pieces else 0.0


def _glyph(mark: Named, x: float, y: float) -> str:
    match mark:
        case Dots():
            return _shape(mark.shape, x, y, 10, palette.colour(mark.role))
        case Strip():
            return _circle(x, y, 3.5, palette.colour("context"), CONTEXT_OPACITY)
        case Band():
            return _rect(x - 7, y - 5, 14, 10, palette.colour(mark.role), BAND_OPACITY * 1.5)
        case Lines():
            return _line(x - 8, y, x + 8, y, palette.colour(mark.role), 2.5)
        case _:
            return _rect(x - 5, y - 5, 10, 10, palette.colour(mark.role))


# ---- the marks ----


def _dots(on: Plane, frame: pd.DataFrame, mark: Dots) -> Iterator[str]:
    size = mark.size * 0.85
    boxes: list[tuple[float, float, float, float]] = []
    for row in _sound(frame, mark.x):
        x, y = on.x(float(row[mark.x])), on.across(row[mark.y])
        role = row[mark.role_column] if mark.role_column else mark.role
        colour = palette.colour(role)
        if mark.low and mark.high and _all_known(row[mark.low], row[mark.high]):
            yield _line(on.x(float(row[mark.low])), y, on.x(float(row[mark.high])), y, colour, 3, INTERVAL_OPACITY)
        if mark.size > 1:
            yield _shape(mark.shape, x, y, size, colour)
        if mark.label:
            yield from _label(str(row[mark.label]), x, y, mark.label_at == "above", boxes, on)


def _label(
    said: str, x: float, y: float, above: bool, boxes: list[tuple[float, float, float, float]], on: Plane
) -> Iterator[str]:
    """`said` beside a point, above or below, where it covers no label that stands already; else it is left out."""
    wide = fonts.width(said, SMALL_PX)
    x = min(max(x, on.left + wide / 2), on.right - wide / 2)
    for up in (above, not above):
        base = y - 9 if up else y + 17
        box = (x - wide / 2, base - SMALL_PX, x + wide / 2, base + 2)
        if base < on.bottom and not any(_overlap(box, other) for other in boxes):
            boxes.append(box)
            yield _text(x, base, said, INK, SMALL_PX, "middle")
            return


def _overlap(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _bars(on: Plane, frame: pd.DataFrame, mark: Bars) -> Iterator[str]:
    beside = [each for each in on.chart.marks if isinstance(each, Bars)]
    thick = on.row_px * BAR_SHARE / len(beside)
    shift = (next(n for n, each in enumerate(beside) if each is mark) - (len(beside) - 1) / 2) * thick
    zero = on.x(0)
    for row in _sound(frame, mark.x):
        x, y = on.x(float(row[mark.x])), on.across(row[mark.y]) + shift
        role = row[mark.role_column] if mark.role_column else mark.role
        yield _rect(min(zero, x), y - thick / 2, abs(x - zero), thick, palette.colour(role))
        if mark.text:
            right = x >= zero
            yield _text(x + (5 if right else -5), y + 4, str(row[mark.text]), INK, SMALL_PX, "" if right else "end")


def _columns(on: Plane, frame: pd.DataFrame, mark: Columns) -> Iterator[str]:
    assert on.y is not None
    stack = [(m, on.chart.data(at)) for at, m in enumerate(on.chart.marks) if isinstance(m, Columns)]
    places = sorted({float(x) for m, rows in stack for x in rows[m.x]})
    apart_by = min((b - a for a, b in pairwise(places)), default=1.0)
    wide = (on.x(apart_by) - on.x(0)) * COLUMN_SHARE
    below: dict[float, float] = {}
    for other, rows in stack:
        if other is mark:
            break
        for x, y in zip(rows[other.x], rows[other.y], strict=True):
            below[float(x)] = below.get(float(x), 0.0) + float(y)
    for row in _sound(frame, mark.x, mark.y):
        x, foot = float(row[mark.x]), below.get(float(row[mark.x]), 0.0)
        bottom, top = on.y(foot), on.y(foot + float(row[mark.y]))
        yield _rect(on.x(x) - wide / 2, top, wide, bottom - top, palette.colour(mark.role))


def _lines(on: Plane, frame: pd.DataFrame, mark: Lines) -> Iterator[str]:
    for label, role, rows in series(frame, mark):
        colour, dash = palette.colour(role), mark.dashes.get(label, "solid")
        if on.y is None:
            yield _polyline(_through_rows(on, rows, mark), colour, 1.5, "dash")
            continue
        points: list[tuple[float, float]] = []
        for row in rows.to_dict("records"):
            if not _all_known(row[mark.x], row[mark.y]):  # a gap in the data is a gap in the line
                yield _polyline(points, colour, 2.2, dash)
                points = []
                continue
            x, y = on.x(float(row[mark.x])), on.y(float(row[mark.y]))
            if mark.step and points:
                points.append((x, points[-1][1]))
            points.append((x, y))
            if mark.markers:
                yield _circle(x, y, 3, colour)
        yield _polyline(points, colour, 2.2, dash)


def _through_rows(on: Plane, rows: pd.DataFrame, mark: Lines) -> list[tuple[float, float]]:
    """A line down the rows, from the upper edge of the first to the lower edge of the last."""
    points = sorted(
        {(on.x(float(x)), on.across(y)) for x, y in zip(rows[mark.x], rows[mark.y], strict=True)}, key=_down
    )
    if not points:
        return []
    half = on.row_px / 2
    return [(points[0][0], points[0][1] - half), *points, (points[-1][0], points[-1][1] + half)]


def _down(point: tuple[float, float]) -> float:
    return point[1]


def series(frame: pd.DataFrame, mark: Lines) -> list[tuple[str, str, pd.DataFrame]]:
    """Label, role and rows of each line of `mark`."""
    if not mark.series:
        return [(mark.name, mark.role, frame)]
    groups = frame.groupby(mark.series, sort=False)
    return [(str(name), mark.roles.get(str(name), "context"), rows) for name, rows in groups]


def _line_ends(chart: Chart) -> Iterator[tuple[float, float, str, str]]:
    """Where each labelled line ends, its label and its role."""
    if has_rows(chart):
        return
    for at, mark in enumerate(chart.marks):
        if isinstance(mark, Lines) and mark.series:
            for label, role, rows in series(chart.data(at), mark):
                known = rows.dropna(subset=[mark.x, mark.y])
                if len(known):
                    yield float(known[mark.x].iloc[-1]), float(known[mark.y].iloc[-1]), label, role


def _end_labels(on: Plane, ends: list[tuple[float, float, str, str]]) -> Iterator[str]:
    if on.y is None:
        return
    heights = labels.apart([on.y(value) for _, value, _, _ in ends], LABEL_GAP_PX)
    for (at, _, label, role), y in zip(ends, heights, strict=True):
        yield _text(on.x(at) + 8, y + 4, label, palette.colour(role), TEXT_PX, bold=True)


def _band(on: Plane, frame: pd.DataFrame, mark: Band) -> Iterator[str]:
    assert on.y is not None
    known = frame.dropna(subset=[mark.x, mark.low, mark.high])
    upper = [(on.x(float(x)), on.y(float(high))) for x, high in zip(known[mark.x], known[mark.high], strict=True)]
    lower = [(on.x(float(x)), on.y(float(low))) for x, low in zip(known[mark.x], known[mark.low], strict=True)]
    points = " ".join(f"{_n(x)},{_n(y)}" for x, y in [*upper, *reversed(lower)])
    yield f'<polygon points="{points}" fill="{palette.colour(mark.role)}" fill-opacity="{BAND_OPACITY}"/>'


def _span(on: Plane, frame: pd.DataFrame, mark: Span) -> Iterator[str]:
    for row in _sound(frame, mark.low, mark.high):
        y = on.across(row[mark.y])
        low, high = on.x(float(row[mark.low])), on.x(float(row[mark.high]))
        yield _line(low, y, high, y, palette.colour("context"), 2, CONTEXT_OPACITY)


def _strip(on: Plane, frame: pd.DataFrame, mark: Strip) -> Iterator[str]:
    for row in _sound(frame, mark.x):
        x, y = on.x(float(row[mark.x])), on.across(row[mark.y])
        yield _circle(x, y, 3, palette.colour("context"), CONTEXT_OPACITY)


DRAWINGS: dict[type, Callable[[Plane, pd.DataFrame, Any], Iterator[str]]] = {
    Dots: _dots,
    Bars: _bars,
    Columns: _columns,
    Lines: _lines,
    Band: _band,
    Span: _span,
    Strip: _strip,
}
"""Mark to how it is drawn. Maps and graphs have no drawing for paper: a ranking says what a map says."""


# ---- the pieces of a picture ----


def _sound(frame: pd.DataFrame, *columns: str) -> list[dict[Any, Any]]:
    """The rows in which all of `columns` are known: a missing figure is not drawn."""
    return frame.dropna(subset=list(columns)).to_dict("records")


def _all_known(*values: Any) -> bool:
    return all(value is not None and math.isfinite(float(value)) for value in values)


def _n(value: float) -> str:
    """A coordinate with one decimal: a tenth of a pixel is finer than any printer."""
    return f"{value:.1f}".removesuffix(".0")


def _family(families: tuple[str, ...]) -> str:
    return ",".join(f"'{family}'" for family in families) + ",sans-serif"


def _text(x: float, y: float, said: str, colour: str, px: float, anchor: str = "", *, bold: bool = False) -> str:
    placed = f' text-anchor="{anchor}"' if anchor else ""
    weight = ' font-weight="700"' if bold else ""
    family = fonts.order(said)
    named = "" if family == LATIN_FIRST else f' font-family="{_family(family)}"'
    return (
        f'<text x="{_n(x)}" y="{_n(y)}" font-size="{px}" fill="{colour}"{placed}{weight}{named}>'
        f"{html.escape(said, quote=False)}</text>"
    )


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, width: float = 1, opacity: float = 1) -> str:
    pale = f' stroke-opacity="{opacity}"' if opacity < 1 else ""
    return (
        f'<line x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}" '
        f'stroke="{colour}" stroke-width="{width}"{pale}/>'
    )


def _polyline(points: Iterable[tuple[float, float]], colour: str, width: float, dash: Dash = "solid") -> str:
    path = " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
    if " " not in path:
        return ""
    dashes = f' stroke-dasharray="{DASHES[dash]}"' if dash in DASHES else ""
    return (
        f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width}" '
        f'stroke-linejoin="round"{dashes}/>'
    )


def _rect(x: float, y: float, width: float, height: float, colour: str, opacity: float = 1) -> str:
    pale = f' fill-opacity="{opacity:g}"' if opacity < 1 else ""
    return f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}" rx="1.5" fill="{colour}"{pale}/>'


def _circle(x: float, y: float, radius: float, colour: str, opacity: float = 1) -> str:
    pale = f' fill-opacity="{opacity}"' if opacity < 1 else ""
    return f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}" fill="{colour}"{pale}/>'


def _shape(shape: str, x: float, y: float, size: float, colour: str) -> str:
    """One dot of `size` pixels across."""
    half = size / 2
    if shape == "diamond":
        far = half * 1.2
        points = " ".join(f"{_n(x + dx)},{_n(y + dy)}" for dx, dy in ((0, -far), (far, 0), (0, far), (-far, 0)))
        return f'<polygon points="{points}" fill="{colour}"/>'
    if shape == "line-ns":
        return _line(x, y - half, x, y + half, colour, 3)
    if shape == "circle-open":
        return (
            f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(half - 1)}" fill="#ffffff" stroke="{colour}" stroke-width="2"/>'
        )
    return _circle(x, y, half, colour)
