"""A chart on a page: title and unit in words, the picture, its source with licence, what to mind, and its data as CSV.

A failure inside one chart costs that chart only: the reader gets a sentence, the log gets the rest.
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
from aigc_report.i18n import Texts
from dashboards.ui import downloads, sources
from dashboards.ui.boundary import boundary


def show(t: Texts, build: Callable[..., Chart], *arguments: Any, level: int = 4) -> None:
    """Show the chart that `build(*arguments)` describes.

    Hashable arguments mean that the answer never changes while the process lives, and the picture is drawn once.
    """
    with boundary(t, getattr(build, "__name__", str(build))):
        keep = all(isinstance(argument, Hashable) for argument in arguments)
        chart, figure = _drawn(build, *arguments) if keep else _draw(build, *arguments)
        _place(t, chart, figure, level)


def pairs(t: Texts, builds: Sequence[Callable[..., Chart]], *arguments: Any) -> None:
    """Show charts two by two; on a phone one below the other in the same order."""
    for start in range(0, len(builds), 2):
        for column, build in zip(st.columns(2, gap="large"), builds[start : start + 2], strict=False):
            with column:
                show(t, build, *arguments)


def _draw(build: Callable[..., Chart], *arguments: Any) -> tuple[Chart, go.Figure]:
    chart = build(*arguments)
    return chart, plotly.render(chart)


_drawn = lru_cache(maxsize=256)(_draw)


def _place(t: Texts, chart: Chart, figure: go.Figure, level: int) -> None:
    with st.container(key=f"chart-{chart.id}", gap="xsmall"):
        st.markdown(f"{'#' * level} {chart.title}")
        st.caption(chart.subtitle)
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
        with st.container(horizontal=True, wrap=False, vertical_alignment="top", gap="small"):
            st.caption(sources.line(t, catalog.load(), chart), width="stretch")
            downloads.button(t, chart.frame, chart.id, catalog.load())
