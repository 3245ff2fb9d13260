"""Data & sources: every figure behind the report, to search, filter and take away, with where it comes from."""

import streamlit as st

from aigc_report import catalog
from dashboards.ui import language, observations, reference, state
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
else:
    observations.browse(t, cat, found, words, factor)

reference.show_sources(t, cat)
with boundary(t, "what is left out"):
    reference.left_out(t)
reference.dictionary(t)
reference.whole(t)
