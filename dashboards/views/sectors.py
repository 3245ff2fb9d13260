"""Sectors: the founding document's five and industries in official statistics; ranked only where figures compare."""

import streamlit as st

from aigc_report import catalog
from aigc_report import sectors as known
from aigc_report.charts import sectors as drawn
from dashboards.ui import language, sectors, state

t = language.current()
cat = catalog.load()

st.title(t("Sectors"))
st.markdown(
    t(
        "The founding document names five sectors. Here is what it claims of each beside what was found, and what "
        "surveys report. A ranking stands only where one survey put one question to all."
    )
)
sector = state.choice(
    st.segmented_control,
    t("Sector"),
    list(known.SECTORS),
    key="sector",
    required=True,
    format_func=lambda code: sectors.name(t, code),
)

st.header(t("{sector}: claimed and found", sector=sectors.name(t, sector)))
sectors.claims(t, sector)

st.header(t("What surveys of this sector report"))


@st.fragment
def surveys() -> None:
    """One question of one survey at a time; a fragment, so that a change draws nothing else again."""
    asked = sectors.questions(t, cat, sector)
    code = state.choice(
        st.selectbox,
        t("Question ({n} asked)", n=len(asked)),
        list(asked),
        key="question",
        format_func=asked.__getitem__,
    )
    sectors.question(t, cat, sector, code)


surveys()
sectors.figures_of(t, cat, sector)

st.header(t("Industries in official statistics"))


@st.fragment
def industries() -> None:
    """The industries of one official survey, ranked."""
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    with left:
        measure = state.choice(
            st.selectbox,
            t("Measure"),
            list(known.MEASURES),
            key="measure",
            format_func=lambda key: t(drawn.MEASURES[key]),
        )
    level = "sections"
    if sectors.has_levels(measure):
        with right:
            level = state.choice(
                st.segmented_control,
                t("Industries"),
                list(known.LEVELS),
                key="level",
                required=True,
                format_func=lambda key: t(sectors.LEVELS[key]),
            )
    sectors.industries(t, measure, level, sector)
    st.caption(
        t(
            "The EU and the US surveys do not compare with each other: other questions, other periods, and firms with "
            "10 or more employees against all employers."
        )
    )


industries()

st.header(t("Across the five sectors: side by side, not ranked"))


@st.fragment
def across() -> None:
    """One indicator as the surveys of different sectors report it."""
    indicator = state.choice(
        st.selectbox,
        t("Reported for several sectors"),
        list(known.shared(cat)),
        key="across",
        format_func=lambda code: cat.name(code, t.lang),
    )
    sectors.side_by_side(t, cat, indicator)


across()
