"""A forecast on a page: which series, the chart with its back-test, and what to mind."""

import streamlit as st

from aigc_report import catalog, diffusion
from aigc_report.i18n import Texts
from dashboards.ui import charts, state
from dashboards.ui.boundary import boundary
from dashboards.ui.diffusion import chart, forecast


def series() -> list[str]:
    """The series that the selector offers; those of single members stand on the page Diffusion."""
    return [name for name in diffusion.names() if not name.startswith(diffusion.MEMBERS)]


@st.fragment
def show(t: Texts) -> None:
    """The selector, the chart, and what to mind; a fragment, so that another series draws nothing else again."""
    titles = {name: diffusion.load(name, catalog.load()).title[t.lang] for name in series()}
    name = state.choice(st.selectbox, t("Series"), list(titles), key="series", format_func=lambda each: titles[each])
    charts.show(t, chart, t, name)
    with boundary(t, "forecast notes"), st.expander(t("What to mind about this forecast")):
        for note in forecast(name).notes:
            st.markdown(f"- {note.text(t)}")
