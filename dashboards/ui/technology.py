"""What the technology reaches and costs, on a page: a comparison with its records, and the trends of costs."""

import pandas as pd
import streamlit as st

from aigc_report.catalog import Catalog
from aigc_report.charts import costs as cost_charts
from aigc_report.charts import quality as charts_of_quality
from aigc_report.charts import words
from aigc_report.i18n import Texts
from aigc_report.technology import quality
from aigc_report.technology.quality import Comparison
from dashboards.ui import charts, sources, state


def show_quality(t: Texts, cat: Catalog) -> None:
    """Choose measure, data set, who measured and whether the class was told; then the chart and the records."""
    comparison, labels = _choose(t, cat)
    charts.show(t, charts_of_quality.published, cat, t, comparison, labels)
    st.subheader(t("The best so far, one by one"))
    st.table(_records(t, cat, comparison, labels).set_index(t("Year")))
    st.caption(
        t(
            "Only comparisons with {models} or more models over {years} or more years are offered; "
            "all published figures stand under Data & sources. "
            "Quality measured on this machine stands in the GAN Lab and compares with none of these.",
            models=quality.LEAST_MODELS,
            years=quality.LEAST_YEARS,
        )
    )


def show_costs(t: Texts, cat: Catalog) -> None:
    """Training over the years by domain, then what hardware, use and electricity cost."""
    training(t, cat)
    st.header(t("Hardware"))
    left, right = st.columns(2, gap="large")
    with left:
        charts.show(t, cost_charts.price_performance, cat, t)
    with right:
        charts.show(t, cost_charts.rents, cat, t)
    st.header(t("Use"))
    left, right = st.columns(2, gap="large")
    with left:
        charts.show(t, cost_charts.token_prices, cat, t)
        charts.show(t, cost_charts.energies, cat, t)
    with right:
        charts.show(t, cost_charts.picture_prices, cat, t)


@st.fragment
def training(t: Texts, cat: Catalog) -> None:
    """Compute or money, for one domain; a fragment, so that a choice draws nothing else again."""
    st.header(t("Training"))
    left, right = st.columns([1, 2], vertical_alignment="bottom", gap="large")
    with left:
        amount = state.choice(
            st.segmented_control,
            t("What it takes"),
            list(cost_charts.AMOUNTS),
            key="amount",
            required=True,
            format_func=lambda indicator: t(cost_charts.AMOUNTS[indicator][0]),
        )
    with right:
        domain = state.choice(
            st.selectbox,
            t("Domain"),
            list(cost_charts.DOMAINS),
            key="domain",
            format_func=lambda code: t(cost_charts.DOMAINS[code]),
        )
    charts.show(t, cost_charts.training, cat, t, amount, domain)


def _choose(t: Texts, cat: Catalog) -> tuple[Comparison, str]:
    first, second = st.columns([3, 2], vertical_alignment="bottom", gap="large")
    with first:
        measure = state.choice(
            st.selectbox,
            t("Measure"),
            list(quality.MEASURES),
            key="measure",
            format_func=lambda code: charts_of_quality.name(t, code),
        )
    offered = quality.comparisons(cat, measure)
    with second:
        dataset = state.choice(
            st.selectbox,
            t("Data set"),
            list(dict.fromkeys(c.dataset for c in offered)),
            key="dataset",
            format_func=charts_of_quality.dataset,
        )
    by_code = {c.code: c for c in offered if c.dataset == dataset}
    third, fourth = st.columns([3, 2], vertical_alignment="bottom", gap="large")
    with third:
        code = state.choice(
            st.selectbox,
            t("Measured by"),
            list(by_code),
            key="protocol",
            format_func=lambda c: t(
                "{protocol}: {n} models", protocol=charts_of_quality.protocol(t, by_code[c]), n=by_code[c].models
            ),
        )
    comparison = by_code[code]
    with fourth:
        words_of = {label or "unstated": label for label in comparison.labels}
        chosen = state.choice(
            st.segmented_control,
            t("Generators"),
            list(words_of),
            key="labels",
            required=True,
            format_func=lambda label: t(charts_of_quality.LABELS[words_of[label]]),
        )
    return comparison, words_of[chosen]


def _records(t: Texts, cat: Catalog, comparison: Comparison, labels: str) -> pd.DataFrame:
    """The records that improved on all before them."""
    rows = quality.records(cat, comparison, labels)
    best = rows[rows["best"]]
    return pd.DataFrame(
        {
            t("Year"): best["period"],
            t("Model"): best["model"],
            t("Kind"): [words.value(t, "family", family) for family in best["family"]],
            charts_of_quality.name(t, comparison.indicator): [t.number(value) for value in best["value"]],
            t("Source"): [sources.cite(t, cat, source) for source in best["source"]],
        }
    )
