"""Countries: how the EU-27, or the units of a table of one's own, rank, how sure that is, and what moves it."""

import streamlit as st

from aigc_report.charts import countries
from dashboards.ui import charts, country, country_own, country_profile, country_weigh, language, state

t = language.current()

st.title(t("Countries"))
st.markdown(
    t(
        "Two sub-indices for the 27 members of the European Union: adoption, the outcome, and enabling conditions, "
        "which may lead to it. They are ranked separately and together, with equal weights."
    )
)
shown = country_own.choose(t)
places = country.units(t, shown)
unit = state.choice(
    st.selectbox,
    t("Unit") if shown.own else t("Country"),
    places,
    key="geo",
    default=places[0] if shown.own else country.DEFAULT,
    format_func=lambda geo: countries.place(shown.result, t, geo),
    width=420,
)
country_weigh.show(t, shown, unit)

st.header(t("How sure the ranking is"))
country.certainty(t, shown)
if not shown.own:
    charts.show(t, country.sensitivity, t)

name = country.place(t, shown, unit)
st.header(
    t("{country} against the mean", country=name) if shown.own else t("{country} against the EU mean", country=name)
)
shown.draw(t, "profile", unit)
country.values(t, shown, unit)

country_profile.show(t, shown, unit)

st.header(t("Does the index hang together?"))
country_profile.checks(t, shown)

if not shown.own:
    st.header(t("How the index is built"))
    country.method(t)
