"""Draw a `Chart` with plotly's graph objects (express is twenty times slower) for the screen.

Only data colours are set here: text, grid and background follow the page's theme, so one figure serves light and dark.
"""

import math
from collections.abc import Callable, Hashable, Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from aigc_report.charts import labels, palette
from aigc_report.charts.chart import (
    Arrows,
    Axis,
    Band,
    Bars,
    Boxes,
    Chart,
    Columns,
    Dots,
    Lines,
    Map,
    Span,
    Strip,
    named,
)
from aigc_report.charts.plane import ends as span_of

ROW_PX = 25
"""Height of one labelled row; at 14 px type, rows closer than this touch."""
LINE_PX = 13
"""What a second line of a label adds to its row."""
CHROME_PX = 44
"""Height of the axis and margins around the rows."""
LEAST_PX = 94
"""Least height of rows and their axis: below, the figures of the axis are not drawn."""
AXIS_TITLE_PX = 20
"""What the title below an axis takes."""
LABEL_GAP_PX = 17
"""Least distance between two labels at the ends of lines."""
CONTEXT_OPACITY = 0.45
BAND_OPACITY = 0.18
BOX_PAD_PX = 6

GLYPHS: dict[str, str] = {"line-ns": "|", "circle-open": "○", "diamond": "◆"}
"""How the shapes of dots that are no full circle look in the legend."""
_KIND_GLYPHS: dict[type, str] = {Lines: "―", Band: "■"}

CONFIG: dict[str, Any] = {
    "displayModeBar": True,
    "modeBarButtons": [["toImage"]],
    "displaylogo": False,
    "scrollZoom": False,
    "doubleClick": False,
    "showTips": False,
    "topojsonURL": "app/static/topo/",
}
"""Settings of the browser side: outlines of maps from this server, and a toolbar with the one button that saves a
picture. It speaks English only, so the style sheet hides it and the menu of the chart presses it."""


class Picture(go.Figure):  # type: ignore[misc]  # plotly has no types
    """A figure that is finished when it is first sent, and sent to every reader: it becomes parts of JSON once."""

    _sent: dict[str, Any] | None = None

    def to_dict(self) -> dict[str, Any]:
        """The figure as Streamlit takes it; whoever gets it changes nothing in it."""
        if self._sent is None:
            self._sent = super().to_dict()
        return self._sent


def render(chart: Chart) -> Picture:
    """`chart` as a plotly figure."""
    figure = Picture()
    if any(isinstance(m, Boxes) for m in chart.marks):
        return _graph(figure, chart)
    for position, mark in enumerate(chart.marks):
        figure.add_traces(_TRACES[type(mark)](chart, position, mark))
    figure.update_layout(
        height=chart.height or _height(chart),
        margin={"l": 4, "r": 12, "t": 8, "b": 8},
        showlegend=False,
        hoverlabel={"align": "left"},
        dragmode=False,
        barcornerradius=3,
        bargap=0.34,
        barmode="stack" if any(isinstance(m, Columns) for m in chart.marks) else "group",
    )
    if any(isinstance(m, Map) for m in chart.marks):
        figure.update_layout(margin={"l": 0, "r": 0, "t": 0, "b": 0})
        figure.update_geos(**_AREAS[next(m.area for m in chart.marks if isinstance(m, Map))])
        return figure
    rows = bool(chart.order) and any(isinstance(m, Dots | Bars | Strip | Span) for m in chart.marks)
    ends = _end_labels(chart, figure.layout.height)
    if ends:
        figure.update_layout(annotations=ends, margin_r=16 + max(labels.width(end["text"]) for end in ends))
    figure.update_xaxes(**_axis(chart.x), showgrid=rows, zeroline=False, fixedrange=True)
    figure.update_yaxes(**_axis(chart.y), showgrid=not rows, zeroline=False, fixedrange=True)
    if rows:
        labels_of_rows = list(reversed(chart.order))
        figure.update_yaxes(
            type="category",
            categoryorder="array",
            categoryarray=labels_of_rows,
            range=[-0.6, len(labels_of_rows) - 0.4],
            title=None,
            ticklabelstandoff=6,
        )
        if not chart.y.ticks:
            figure.update_yaxes(tickvals=labels_of_rows, ticktext=[labels.broken(label) for label in labels_of_rows])
    return figure


def legend(chart: Chart) -> list[tuple[str, str, str]]:
    """Glyph, colour and name of each named mark, for the words above the picture; empty where one mark says it all."""
    return [
        (
            GLYPHS.get(mark.shape, "●") if isinstance(mark, Dots) else _KIND_GLYPHS.get(type(mark), "●"),
            palette.faded("context", CONTEXT_OPACITY) if isinstance(mark, Strip) else palette.colour(mark.role),
            mark.name,
        )
        for mark in named(chart)
    ]


def _height(chart: Chart) -> int:
    if any(isinstance(m, Map) for m in chart.marks):
        return 480
    lines = max((labels.broken(label).count("<br>") + 1 for label in chart.order), default=1)
    if not chart.order:
        return 320
    return max(LEAST_PX, CHROME_PX + (ROW_PX + LINE_PX * (lines - 1)) * len(chart.order))


def _axis(axis: Axis) -> dict[str, Any]:
    settings: dict[str, Any] = {
        "title": {"text": axis.title, "font": {"size": 12}},
        "ticksuffix": axis.suffix,
        "automargin": True,
    }
    if axis.log:
        settings["type"] = "log"
    if axis.low is not None or axis.high is not None:
        settings["range"] = [None if end is None else _place(axis, end) for end in (axis.low, axis.high)]
    if axis.ticks:
        settings |= {"tickvals": [v for v, _ in axis.ticks], "ticktext": [label for _, label in axis.ticks]}
    return settings


def _graph(figure: Picture, chart: Chart) -> Picture:
    """Boxes and arrows as annotations, which keep their size in pixels when a narrow screen squeezes the plane."""
    for position, mark in enumerate(chart.marks):
        for row in chart.data(position).to_dict("records"):
            figure.add_annotation(_arrow(mark, row) if isinstance(mark, Arrows) else _box(mark, row))
    figure.update_layout(height=chart.height, margin={"l": 0, "r": 0, "t": 0, "b": 0}, dragmode=False)
    for update, axis in ((figure.update_xaxes, chart.x), (figure.update_yaxes, chart.y)):
        update(visible=False, fixedrange=True, range=[axis.low, axis.high])
    return figure


def _arrow(mark: Arrows, row: Mapping[Hashable, Any]) -> dict[str, Any]:
    ends = {"x": row[mark.to_x], "y": row[mark.to_y], "ax": row[mark.x], "ay": row[mark.y]}
    head = {"showarrow": True, "arrowhead": 2, "arrowsize": 1.1, "arrowwidth": 1.6, "text": ""}
    return {**ends, **head, "axref": "x", "ayref": "y", "arrowcolor": palette.colour("context")}


def _box(mark: Any, row: Mapping[Hashable, Any]) -> dict[str, Any]:
    return {
        "x": row[mark.x],
        "y": row[mark.y],
        "text": row[mark.text],
        "width": mark.width - 2 * BOX_PAD_PX,
        "showarrow": False,
        "font": {"size": 13, "color": palette.colour("point"), "weight": 600},
        "borderpad": BOX_PAD_PX,
        "borderwidth": 1.4,
        "bordercolor": palette.colour("point"),
    }


def _place(axis: Axis, value: float) -> float:
    """Where `value` lies on `axis` as plotly counts it: a logarithmic axis counts in powers of ten."""
    return math.log10(value) if axis.log else value


def _colours(chart: Chart, position: int, role: str, role_column: str) -> str | list[str]:
    return [palette.colour(r) for r in chart.data(position)[role_column]] if role_column else palette.colour(role)


def _dots(chart: Chart, position: int, mark: Dots) -> list[Any]:
    frame = chart.data(position)
    colours = _colours(chart, position, mark.role, mark.role_column)
    error = None
    if mark.low and mark.high:
        plus, minus = frame[mark.high] - frame[mark.x], frame[mark.x] - frame[mark.low]
        error = {
            "type": "data",
            "array": plus,
            "arrayminus": minus,
            "symmetric": False,
            "width": 0,
            "thickness": 3,
            "color": palette.faded(mark.role, 0.5),
        }
    line = (
        {"width": 3, "color": colours}
        if mark.shape == "line-ns"
        else {"width": 2 if mark.shape.endswith("open") else 0, "color": colours}
    )
    dots = [
        go.Scatter(
            x=frame[mark.x],
            y=frame[mark.y],
            mode="markers",
            name=mark.name,
            marker={"size": mark.size, "color": colours, "symbol": mark.shape, "line": line},
            error_x=error,
            text=frame[mark.text] if mark.text else frame[mark.y],
            hovertemplate="%{text}<extra></extra>",
            cliponaxis=False,
        )
    ]
    if mark.label:
        dots.append(
            go.Scatter(
                x=frame[mark.x],
                y=frame[mark.y],
                mode="markers+text",
                marker={"size": 14, "opacity": 0},
                text=frame[mark.label],
                textposition="top center" if mark.label_at == "above" else "bottom center",
                textfont={"size": 12},
                hoverinfo="skip",
                cliponaxis=False,
            )
        )
    return dots


def _bars(chart: Chart, position: int, mark: Bars) -> list[Any]:
    frame = chart.data(position)
    return [
        go.Bar(
            x=frame[mark.x],
            y=frame[mark.y],
            orientation="h",
            name=mark.name,
            marker={"color": _colours(chart, position, mark.role, mark.role_column), "line": {"width": 0}},
            text=frame[mark.text] if mark.text else None,
            textposition="outside",
            textangle=0,
            cliponaxis=False,
            hovertemplate="%{y}: %{text}<extra></extra>" if mark.text else "%{y}: %{x}<extra></extra>",
        )
    ]


def _columns(chart: Chart, position: int, mark: Columns) -> list[Any]:
    frame = chart.data(position)
    return [
        go.Bar(
            x=frame[mark.x],
            y=frame[mark.y],
            name=mark.name,
            marker={"color": palette.colour(mark.role), "line": {"width": 0}},
            hovertext=frame[mark.text] if mark.text else None,
            hovertemplate="%{hovertext}<extra></extra>" if mark.text else "%{x}: %{y}<extra></extra>",
        )
    ]


def _lines(chart: Chart, position: int, mark: Lines) -> list[Any]:
    return [
        go.Scatter(
            x=rows[mark.x],
            y=rows[mark.y],
            mode="lines+markers" if mark.markers else "lines",
            name=label,
            line={
                "width": 2.5,
                "color": palette.colour(role),
                "shape": "hv" if mark.step else "linear",
                "dash": mark.dashes.get(label, "solid"),
            },
            marker={"size": 7, "color": palette.colour(role)},
            text=rows[mark.text] if mark.text else None,
            hovertemplate="%{text}<extra></extra>"
            if mark.text
            else f"{label}: %{{y:.4~g}}{chart.y.suffix}<br>%{{x}}<extra></extra>",
            cliponaxis=False,
        )
        for label, role, rows in _series(chart, position, mark)
    ]


def _series(chart: Chart, position: int, mark: Lines) -> list[tuple[str, str, pd.DataFrame]]:
    """Label, role and rows of each line."""
    frame = chart.data(position)
    if not mark.series:
        return [(mark.name, mark.role, frame)]
    return [
        (str(name), mark.roles.get(str(name), "context"), rows) for name, rows in frame.groupby(mark.series, sort=False)
    ]


def _end_labels(chart: Chart, height: int) -> list[dict[str, Any]]:
    """A label at the right end of each line, pushed apart as little as keeps two from touching."""
    ends = [
        (_place(chart.y, float(known[mark.y].iloc[-1])), known[mark.x].iloc[-1], label, role)
        for position, mark in enumerate(chart.marks)
        if isinstance(mark, Lines) and mark.series
        for label, role, rows in _series(chart, position, mark)
        if len(known := rows.dropna(subset=[mark.x, mark.y]))
    ]
    if not ends:
        return []
    low, high = (_place(chart.y, end) for end in span_of(chart, chart.y, upright=True))
    px = (height - CHROME_PX - (AXIS_TITLE_PX if chart.x.title else 0)) / ((high - low) or 1)
    wanted = [(value - low) * px for value, _, _, _ in ends]
    return [
        {
            "x": x,
            "y": value,
            "text": label,
            "xanchor": "left",
            "xshift": 8,
            "yshift": place - at,
            "showarrow": False,
            "font": {"color": palette.colour(role), "size": 13},
        }
        for (value, x, label, role), at, place in zip(ends, wanted, labels.apart(wanted, LABEL_GAP_PX), strict=True)
    ]


def _band(chart: Chart, position: int, mark: Band) -> list[Any]:
    frame = chart.data(position)
    return [
        go.Scatter(
            x=[*frame[mark.x], *frame[mark.x][::-1]],
            y=[*frame[mark.high], *frame[mark.low][::-1]],
            mode="lines",
            fill="toself",
            fillcolor=palette.faded(mark.role, BAND_OPACITY),
            line={"width": 0},
            hoverinfo="skip",
        )
    ]


def _span(chart: Chart, position: int, mark: Span) -> list[Any]:
    frame = chart.data(position)
    ends = [[low, high, None] for low, high in zip(frame[mark.low], frame[mark.high], strict=True)]
    return [
        go.Scatter(
            x=[v for triple in ends for v in triple],
            y=[v for row in frame[mark.y] for v in (row, row, row)],
            mode="lines",
            line={"width": 2, "color": palette.faded("context", CONTEXT_OPACITY)},
            hoverinfo="skip",
        )
    ]


def _strip(chart: Chart, position: int, mark: Strip) -> list[Any]:
    frame = chart.data(position)
    return [
        go.Scatter(
            x=frame[mark.x],
            y=frame[mark.y],
            mode="markers",
            name=mark.name,
            marker={"size": 7, "color": palette.colour("context"), "opacity": CONTEXT_OPACITY, "line": {"width": 0}},
            text=frame[mark.text] if mark.text else None,
            hovertemplate="%{text}<extra></extra>" if mark.text else None,
            hoverinfo=None if mark.text else "skip",
            cliponaxis=False,
        )
    ]


_EUROPE: dict[str, Any] = {
    "resolution": 50,
    "projection": {"type": "conic equal area", "parallels": [43, 62], "rotation": {"lon": 10}},
    "lonaxis": {"range": [-12, 35]},
    "lataxis": {"range": [34, 69]},
    "bgcolor": "rgba(0,0,0,0)",
    "showframe": False,
    "showcoastlines": False,
    "showland": True,
    "landcolor": "rgba(128,135,144,0.22)",
    "showlakes": False,
    "showocean": False,
    "showcountries": True,
    "countrycolor": "rgba(128,135,144,0.45)",
    "countrywidth": 0.6,
}
"""An equal-area view of Europe: a large share must not look larger because its country lies further north."""
_WORLD: dict[str, Any] = {
    **{name: setting for name, setting in _EUROPE.items() if name not in ("lonaxis", "lataxis")},
    "projection": {"type": "equal earth", "rotation": {"lon": 10}},
    "lataxis": {"range": [-57, 84]},
}
"""All countries, equal in area too; without Antarctica, which has no figures."""
_ENDS_ROOM = 0.08
"""Share of the width left of a scale whose ends are words."""
_AREAS: dict[str, dict[str, Any]] = {"europe": _EUROPE, "world": _WORLD}


def _map(chart: Chart, position: int, mark: Map) -> list[Any]:
    frame = chart.data(position)
    low = float(frame[mark.value].min()) if mark.least is None else mark.least
    high = float(frame[mark.value].max()) if mark.most is None else mark.most
    return [
        go.Choropleth(
            locations=frame[mark.geo],
            z=frame[mark.value],
            zmin=low,
            zmax=high,
            text=frame[mark.text],
            hovertemplate="%{text}<extra></extra>",
            colorscale=[list(stop) for stop in palette.SEQUENTIAL],
            marker={"line": {"color": "#ffffff", "width": 0.8}},
            colorbar={
                "orientation": "h",
                "x": _ENDS_ROOM if mark.ends else 0,  # words are wider than figures, and stand centred below the ends
                "xanchor": "left",
                "y": 0.98,
                "yanchor": "top",
                "len": 0.34,
                "lenmode": "fraction",
                "thickness": 10,
                "outlinewidth": 0,
                "tickvals": [low, high],
                "ticktext": list(mark.ends or (f"{low:.0f}{mark.unit}", f"{high:.0f}{mark.unit}")),
                "ticklabelposition": "outside bottom",
            },
        )
    ]


_TRACES: dict[type, Callable[[Chart, int, Any], list[Any]]] = {
    Dots: _dots,
    Bars: _bars,
    Columns: _columns,
    Lines: _lines,
    Band: _band,
    Span: _span,
    Strip: _strip,
    Map: _map,
}
