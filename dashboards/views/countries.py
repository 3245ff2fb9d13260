"""Countries: how the EU-27 rank on adoption and on what enables it, and one country against the mean."""

import streamlit as st

from dashboards.ui import charts, country, country_profile, language, state

t = language.current()

st.title(t("Countries"))
st.markdown(
    t(
        "Two sub-indices for the 27 members of the European Union: adoption, the outcome, and enabling conditions, "
        "which may lead to it. They are ranked separately and together, with equal weights."
    )
)

unit = state.choice(
    st.selectbox,
    t("Country"),
    country.units(t),
    key="geo",
    default=country.DEFAULT,
    format_func=lambda geo: country.place(t, geo),
    width=420,
)


@st.fragment
def ranked() -> None:
    """The ranking and the map; a fragment, so that another sub-index draws nothing else again."""
    code = state.choice(
        st.segmented_control,
        t("Ranked by"),
        country.headings(),
        key="by",
        required=True,
        format_func=lambda heading: country.name(t, heading),
    )
    left, right = st.columns(2, gap="large")
    with left:
        charts.show(t, country.ranking, t, code, unit)
    with right:
        charts.show(t, country.score_map, t, code)
        country.scores(t, unit)


ranked()

st.header(t("How sure the ranking is"))
country.certainty(t)
charts.show(t, country.sensitivity, t)

st.header(t("{country} against the EU mean", country=country.place(t, unit)))
charts.show(t, country.profile, t, unit)
country.values(t, unit)

country_profile.show(t, unit)

st.header(t("Does the index hang together?"))
country_profile.checks(t)

st.header(t("How the index is built"))
country.method(t)
