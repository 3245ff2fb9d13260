"""Data & sources: every figure behind the report, to search, filter and take away, with where it comes from."""

import streamlit as st

from aigc_report import catalog
from dashboards.ui import downloads, language, observations, reference, state
from dashboards.ui.boundary import boundary

t = language.current()
cat = catalog.load()

st.title(t("Data & sources"))
st.markdown(
    t(
        "{observations} figures for {indicators} indicators from {sources} sources. "
        "Missing values stay missing; every row says where it was read.",
        observations=t.number(observations.total(cat), 0),
        indicators=t.number(len(cat.indicators), 0),
        sources=t.number(len(cat.sources), 0),
    )
)

first, second = st.columns([2, 1])
with first:
    words = st.text_input(
        t("Search indicators"),
        key="q",
        bind="query-params",
        placeholder=t("for example: young, 企业, electricity"),
        icon=":material/search:",
    )
with second:
    factor = state.choice(
        st.selectbox,
        t("Factor"),
        [observations.ALL, *(f.id for f in cat.factors)],
        key="factor",
        format_func=lambda f: observations.factor_name(t, cat, f),
    )
found = observations.search(cat, words, factor)
if found.empty:
    st.info(
        t("No indicator matches. Try another word, in English or Chinese, or another factor."),
        icon=":material/search_off:",
    )
    st.stop()

third, fourth, fifth = st.columns([2, 1, 1])
with third:
    indicator = state.choice(
        st.selectbox,
        t("Indicator ({n} found)", n=len(found)),
        [observations.ALL, *found.index],
        key="indicator",
        format_func=lambda i: t("all of them") if i == observations.ALL else cat.name(i, t.lang),
    )
rows = observations.select(cat, tuple(found.index) if indicator == observations.ALL else (indicator,))
with fourth:
    geo = state.choice(
        st.selectbox,
        t("Place"),
        [observations.ALL, *observations.places(cat, t, rows)],
        key="geo",
        format_func=lambda g: observations.place_name(t, cat, g),
    )
with fifth:
    period = state.choice(
        st.selectbox,
        t("Period"),
        [observations.ALL, *sorted(rows["period"].unique(), reverse=True)],
        key="period",
        format_func=lambda p: t("all periods") if p == observations.ALL else t.period(p),
    )
rows = observations.narrow(rows, geo, period)

if indicator != observations.ALL:
    observations.describe(t, cat, indicator)
observations.table(t, cat, rows)
downloads.button(t, rows, "observations", cat)

reference.show_sources(t, cat)
with boundary(t, "what is left out"):
    reference.left_out(t)
reference.dictionary(t)
