"""A chart on a page: title and unit in words, picture, table and sources, and what can be done with it.

One way for every chart. Tabs show the picture, a map where there is one, the data as a table, and the sources; what a
tab holds is made when it is opened, in a fragment, so that no other part of the page is drawn again. What a chart
offers to choose (`chart.Choice`) stands above its tabs; a choice describes the chart anew. The open tab and each choice
stand in the address. A failure inside one chart costs that chart only: the reader gets a sentence, the log the rest.
"""

import html
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from functools import lru_cache, partial
from typing import Any

import plotly.graph_objects as go
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from aigc_report import catalog
from aigc_report.charts import plotly
from aigc_report.charts.chart import Chart, Map
from aigc_report.i18n import N_, Texts
from dashboards.ui import chart_choices, chart_menu, chart_table, sources, state, twins
from dashboards.ui.boundary import boundary
from dashboards.ui.plain import plain

Build = Callable[..., Chart]
TABS: dict[str, str] = {"chart": N_("Chart"), "map": N_("Map"), "table": N_("Table"), "sources": N_("Sources")}
"""Tab as the address holds it (``?view-people=table``) to its label; the first is open unless asked otherwise."""


def show(t: Texts, build: Build, *arguments: Any, level: int = 4, mapped: Build | None = None) -> None:
    """Show the chart that `build(*arguments)` describes; `mapped`, given the same arguments, describes it as a map.

    Hashable arguments mean that the answer never changes while the process lives, and the picture is drawn once.
    """
    with boundary(t, _name(build)):
        chart, _ = _described(build, *arguments)
        with _place(chart):
            if chart.choices:
                _choosing(t, build, arguments, level, mapped)
            else:
                _whole(t, build, arguments, {}, level, mapped)


def pairs(t: Texts, builds: Sequence[Build], *arguments: Any) -> None:
    """Show charts two by two; on a phone one below the other in the same order."""
    for start in range(0, len(builds), 2):
        for column, build in zip(st.columns(2, gap="large"), builds[start : start + 2], strict=False):
            with column:
                show(t, build, *arguments)


@st.fragment
def together(t: Texts, builds: Sequence[Build], *arguments: Any, widths: Sequence[int]) -> None:
    """Show charts side by side that offer the same choices: one control above them moves all."""
    chosen: dict[str, Any] = {}
    with boundary(t, _name(builds[0])):
        first, _ = _described(builds[0], *arguments)
        chosen = chart_choices.show(t, first)
    for column, build in zip(st.columns(list(widths), gap="large"), builds, strict=True):
        with column, boundary(t, _name(build)):
            chart, _ = _described(build, *arguments, **chosen)
            with _place(chart):
                _whole(t, build, arguments, chosen)


def _name(build: Build) -> str:
    """How the log names a chart."""
    return getattr(build, "__name__", str(build))


@contextmanager
def _place(chart: Chart) -> Iterator[None]:
    """Where a chart stands, with what a link to it needs."""
    with st.container(key=f"chart-{chart.id}", gap="xsmall"):
        st.html(f'<span class="anchor" id="chart-{html.escape(chart.id)}"></span>')
        yield


@st.fragment
def _choosing(t: Texts, build: Build, arguments: tuple[Any, ...], level: int, mapped: Build | None) -> None:
    """A chart with the controls that its description offers; a fragment, so that a choice draws nothing else again."""
    chart, _ = _described(build, *arguments)
    head = st.container(gap="xsmall")
    chosen = chart_choices.show(t, chart)
    _whole(t, build, arguments, chosen, level, mapped, head)


def _whole(
    t: Texts,
    build: Build,
    arguments: tuple[Any, ...],
    chosen: Mapping[str, Any],
    level: int = 4,
    mapped: Build | None = None,
    head: DeltaGenerator | None = None,
) -> None:
    """A chart without its controls; its title and subtitle stand in `head`, above them, where there are any."""
    chart, figure = _described(build, *arguments, **chosen)
    with head or nullcontext():
        st.markdown(f"{'#' * level} {plain(chart.title)}")
        st.caption(plain(chart.subtitle))
    _tabs(t, chart, figure, mapped, arguments, chosen)
    st.caption(sources.line(t, catalog.load(), chart))
    chart_menu.show(t, chart, twins.address(t, partial(build, **chosen) if chosen else build, *arguments))


def _described(build: Build, *arguments: Any, **chosen: Any) -> tuple[Chart, go.Figure]:
    """The chart and its picture, kept where every argument can be a key."""
    keep = all(isinstance(argument, Hashable) for argument in arguments)
    return _drawn(build, *arguments, **chosen) if keep else _draw(build, *arguments, **chosen)


def _draw(build: Build, *arguments: Any, **chosen: Any) -> tuple[Chart, go.Figure]:
    chart = build(*arguments, **chosen)
    return chart, plotly.render(chart)


_drawn = lru_cache(maxsize=256)(_draw)


@st.fragment
def _tabs(
    t: Texts,
    chart: Chart,
    figure: go.Figure,
    mapped: Build | None,
    arguments: tuple[Any, ...],
    chosen: Mapping[str, Any],
) -> None:
    """The open tab of a chart; a fragment, so that another tab draws nothing else again."""
    labels = {code: t(label) for code, label in TABS.items() if code != "map" or mapped is not None}
    tabs = state.tabs(labels, key=f"view-{chart.id}")
    opened = next((code for code, tab in tabs.items() if tab.open), next(iter(tabs)))
    with tabs[opened], boundary(t, chart.id):
        if opened == "table":
            chart_table.show(t, catalog.load(), chart)
        elif opened == "sources":
            st.markdown(sources.listing(t, catalog.load(), chart))
        elif opened == "map" and mapped is not None:
            offered = {choice.name for choice in _described(mapped, *arguments)[0].choices}
            _picture(*_described(mapped, *arguments, **{n: code for n, code in chosen.items() if n in offered}))
        else:
            _picture(chart, figure)


def _picture(chart: Chart, figure: go.Figure) -> None:
    """The picture with its legend in words."""
    if entries := plotly.legend(chart):
        st.html(
            '<div class="legend">'
            + "".join(
                f'<span><i style="color:{colour}">{glyph}</i> {html.escape(name)}</span>'
                for glyph, colour, name in entries
            )
            + "</div>"
        )
    area = next((mark.area for mark in chart.marks if isinstance(mark, Map)), None)
    if area is None:
        st.plotly_chart(figure, key=f"plot-{chart.id}", config=plotly.CONFIG, alt=chart.alt)
        return
    with st.container(key=f"map-{area}-{chart.id}"):  # its height follows its width, else a phone shows a map in a void
        st.plotly_chart(figure, key=f"plot-{chart.id}", config=plotly.CONFIG, alt=chart.alt, height="stretch")
