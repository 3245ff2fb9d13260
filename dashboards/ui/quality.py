"""Figures of quality as a table: value, interval, floor, sample size, and how each is read."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from aigc_report.charts import runs as charts_of_runs
from aigc_report.i18n import Texts
from gan.record import Extractor, Metric


def table(t: Texts, quality: Mapping[str, Metric], extractor: Extractor | None) -> None:
    """Every figure of `quality`, and below it what the floor is and in which features it was measured."""
    rows = [
        {
            t("Measure"): charts_of_runs.metric_name(t, name),
            t("Value"): t.number(m.value),
            t("95% interval"): t("{low} to {high}", low=t.number(m.ci_low), high=t.number(m.ci_high))
            if m.ci_low is not None
            else t.number(None),
            t("Floor"): t.number(m.reference_floor),
            t("Images a side"): t.number(m.n, 0),
            t("How to read it"): t(charts_of_runs.METRICS[name][1]) if name in charts_of_runs.METRICS else "",
        }
        for name, m in quality.items()
    ]
    st.table(pd.DataFrame(rows).set_index(t("Measure")))
    if extractor is not None:
        st.caption(
            t(
                "The floor is what real images reach against other real images at the same sample size. "
                "Features: {name} ({digest}); figures compare only within one extractor.",
                name=extractor.name,
                digest=extractor.digest[:12],
            )
        )
