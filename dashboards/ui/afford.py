"""The affordability of one run on a page: emissions elsewhere, its place on the scale, and what is absent."""

from functools import lru_cache

import streamlit as st

from aigc_report import affordability, catalog
from aigc_report.affordability import Affordability
from aigc_report.charts import affordability as pictures
from aigc_report.charts.chart import Chart
from aigc_report.i18n import Texts
from dashboards.ui import charts
from dashboards.ui.boundary import boundary
from dashboards.ui.runs import Ended


def show(t: Texts, run: Ended) -> None:
    """What `run` would emit elsewhere and how far it is from published ones."""
    with boundary(t, "affordability"):
        found = _found(run)
        left, right = st.columns(2, gap="large")
        if found.emissions:
            with left:
                charts.show(t, _emissions, t, run)
        if found.scale:
            with right:
                charts.show(t, _scale, t, run)
        with st.expander(t("What is not compared, and why")):
            for absent in found.absent:
                st.markdown(f"- {t(absent)}")


@lru_cache(maxsize=64)
def _found(run: Ended) -> Affordability:
    """The affordability of a run that ended, which does not change while this process lives."""
    return affordability.of(run.record)


def _emissions(t: Texts, run: Ended) -> Chart:
    return pictures.emissions(_found(run), catalog.load(), t)


def _scale(t: Texts, run: Ended) -> Chart:
    return pictures.scale(_found(run), t)
