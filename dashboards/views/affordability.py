"""Affordability: what a training run is in every country's terms, published or measured here."""

import streamlit as st

from dashboards.ui import affordability, language

t = language.current()

st.title(t("Affordability"))
st.markdown(
    t(
        "The document says that the technology needs much. Here a training run is set against what people in each "
        "country produce, against its grid and its electricity prices, and against a budget of your own."
    )
)
affordability.show(t)
