"""A forecast on a page: which series, the chart with its back-test, and what to mind."""

from functools import cache

import streamlit as st

from aigc_report import catalog, diffusion
from aigc_report.charts import diffusion as pictures
from aigc_report.charts.chart import Chart
from aigc_report.i18n import Texts
from dashboards.ui import charts, state
from dashboards.ui.boundary import boundary

MEMBERS = "eu-firms-"
"""Series of single members are reached from the command line; the selector would be three times as long with them."""


@cache
def found(name: str) -> diffusion.Forecast:
    """The forecast of a shipped series; the data it rests on do not change while this process lives."""
    return diffusion.forecast(diffusion.load(name))


def series() -> list[str]:
    """The series that the selector offers."""
    return [name for name in diffusion.names() if not name.startswith(MEMBERS)]


def chart(t: Texts, name: str) -> Chart:
    """The chart of one series."""
    return pictures.forecast(found(name), t)


@st.fragment
def show(t: Texts) -> None:
    """The selector, the chart, and what to mind; a fragment, so that another series draws nothing else again."""
    titles = {name: diffusion.load(name, catalog.load()).title[t.lang] for name in series()}
    name = state.choice(st.selectbox, t("Series"), list(titles), key="series", format_func=lambda each: titles[each])
    charts.show(t, chart, t, name)
    with boundary(t, "forecast notes"), st.expander(t("What to mind about this forecast")):
        for note in found(name).notes:
            st.markdown(f"- {note.text(t)}")
