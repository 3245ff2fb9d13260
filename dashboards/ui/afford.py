"""The affordability of one run on a page: emissions elsewhere, its place on the scale, and what is absent."""

import streamlit as st

from aigc_report import affordability, catalog
from aigc_report.charts import affordability as pictures
from aigc_report.i18n import Texts
from dashboards.ui import charts
from dashboards.ui.boundary import boundary
from gan.record import RunRecord


def show(t: Texts, record: RunRecord) -> None:
    """What the run of `record` would emit elsewhere and how far it is from published ones."""
    with boundary(t, "affordability"):
        found = affordability.of(record)
        left, right = st.columns(2, gap="large")
        if found.emissions:
            with left:
                charts.show(t, pictures.emissions, found, catalog.load(), t)
        if found.scale:
            with right:
                charts.show(t, pictures.scale, found, t)
        with st.expander(t("What is not compared, and why")):
            for absent in found.absent:
                st.markdown(f"- {t(absent)}")
