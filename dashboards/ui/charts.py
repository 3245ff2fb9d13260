"""A chart on a page: title and unit in words, picture, table and sources, and what can be done with it.

One way for every chart. Tabs show the picture, a map where there is one, the data as a table, and the sources; what a
tab holds is made when it is opened, in a fragment, so that no other part of the page is drawn again. The open tab
stands in the address. A failure inside one chart costs that chart only: the reader gets a sentence, the log the rest.
"""

import html
from collections.abc import Callable, Hashable, Sequence
from functools import lru_cache
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from aigc_report import catalog
from aigc_report.charts import plotly
from aigc_report.charts.chart import Chart
from aigc_report.i18n import N_, Texts
from dashboards.ui import chart_menu, chart_table, sources, state, twins
from dashboards.ui.boundary import boundary
from dashboards.ui.plain import plain

Build = Callable[..., Chart]
TABS: dict[str, str] = {"chart": N_("Chart"), "map": N_("Map"), "table": N_("Table"), "sources": N_("Sources")}
"""Tab as the address holds it (``?view-people=table``) to its label; the first is open unless asked otherwise."""


def show(t: Texts, build: Build, *arguments: Any, level: int = 4, mapped: Build | None = None) -> None:
    """Show the chart that `build(*arguments)` describes; `mapped`, given the same arguments, describes it as a map.

    Hashable arguments mean that the answer never changes while the process lives, and the picture is drawn once.
    """
    with boundary(t, getattr(build, "__name__", str(build))):
        chart, figure = _described(build, *arguments)
        with st.container(key=f"chart-{chart.id}", gap="xsmall"):
            st.html(f'<span class="anchor" id="chart-{html.escape(chart.id)}"></span>')
            st.markdown(f"{'#' * level} {plain(chart.title)}")
            st.caption(plain(chart.subtitle))
            _tabs(t, chart, figure, mapped, arguments)
            st.caption(sources.line(t, catalog.load(), chart))
            chart_menu.show(t, chart, twins.address(t, build, *arguments))


def pairs(t: Texts, builds: Sequence[Build], *arguments: Any) -> None:
    """Show charts two by two; on a phone one below the other in the same order."""
    for start in range(0, len(builds), 2):
        for column, build in zip(st.columns(2, gap="large"), builds[start : start + 2], strict=False):
            with column:
                show(t, build, *arguments)


def _described(build: Build, *arguments: Any) -> tuple[Chart, go.Figure]:
    """The chart and its picture, kept where every argument can be a key."""
    keep = all(isinstance(argument, Hashable) for argument in arguments)
    return _drawn(build, *arguments) if keep else _draw(build, *arguments)


def _draw(build: Build, *arguments: Any) -> tuple[Chart, go.Figure]:
    chart = build(*arguments)
    return chart, plotly.render(chart)


_drawn = lru_cache(maxsize=256)(_draw)


@st.fragment
def _tabs(t: Texts, chart: Chart, figure: go.Figure, mapped: Build | None, arguments: tuple[Any, ...]) -> None:
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
            _picture(*_described(mapped, *arguments))
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
    st.plotly_chart(figure, key=f"plot-{chart.id}", config=plotly.CONFIG, alt=chart.alt)
