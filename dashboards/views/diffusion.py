"""Diffusion: how a series of adoption may go on, how far that can be trusted, and who is ahead."""

import streamlit as st

from dashboards.ui import diffusion, language

t = language.current()

st.title(t("Diffusion"))
st.markdown(
    t(
        "How fast adoption goes and how far it may go. Each forecast stands beside its interval, its back-test and the "
        "naive model it has to beat; where the data do not say, the page says so."
    )
)
diffusion.show(t)

st.header(t("Who is ahead, and by how long?"))
st.markdown(
    t(
        "The time between two members of the EU reaching the same share of firms using AI: only levels that both have "
        "reached are compared, and nothing is extrapolated."
    )
)
diffusion.compare(t)
