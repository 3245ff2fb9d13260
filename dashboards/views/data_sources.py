"""Data & sources: every figure behind the report, to search, filter and take away, with where it comes from."""

import streamlit as st

from aigc_report import catalog
from dashboards.ui import filters, language, observations, reference
from dashboards.ui.boundary import boundary
from dashboards.ui.filters import ALL, Filter, Search

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

words, chosen = filters.show(
    Search(t("Search indicators"), t("for example: young, 企业, electricity")),
    Filter("factor", t("Factor"), [f.id for f in cat.factors], lambda f: observations.factor_name(t, cat, f)),
)
factor = chosen["factor"] or ALL
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
