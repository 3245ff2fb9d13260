"""Overview: how far adoption is, what holds it back, a tour for every reader, and what changed in the data."""

import streamlit as st

from aigc_report import catalog
from aigc_report.charts import adoption
from dashboards.ui import changed, charts, factor_tiles, headlines, language, state, tour
from dashboards.ui.boundary import boundary

t = language.current()
cat = catalog.load()

st.title(t("How far has generative AI come?"))
st.markdown(
    t(
        "The state of adoption in the European Union from official statistics, and what it takes to train a small "
        "generative model on this machine."
    )
)

tour.invite(t)
headlines.show(t, cat)

left, right = st.columns(2, gap="large")
with left:
    charts.show(t, adoption.firms_over_time, cat, t)
with right:
    charts.show(t, adoption.people, cat, t)


@st.fragment
def where() -> None:
    """The map and the ranking of one measure; a fragment, so that a change of measure draws nothing else again."""
    measure = state.choice(
        st.segmented_control,
        t("Measure"),
        list(adoption.MAPS),
        key="map",
        required=True,
        format_func=lambda key: t(adoption.MAPS[key][0]),
        label_visibility="collapsed",
    )
    charts.together(t, (adoption.use_map, adoption.use_ranking), cat, t, measure, widths=(3, 2))


st.header(t("Where in the EU"))
where()

st.header(t("What holds it back"))
left, right = st.columns(2, gap="large")
with left:
    charts.show(t, adoption.barriers, cat, t)
with right:
    charts.show(t, adoption.reasons, cat, t)

st.header(t("Five factors"))
st.caption(
    t(
        "The founding document names five factors of adoption. Each is followed by its latest figures; "
        "change is against the last comparable survey."
    )
)
factor_tiles.show(t, cat)

tour.show(t)

with boundary(t, "what changed"):
    changed.show(t, cat)
