"""Five factors: what the founding document says of each, beside the evidence; and academia against industry."""

import streamlit as st

from aigc_report import catalog, factors
from aigc_report.charts.factors import CHARTS
from dashboards.ui import academia, charts, factor_members, factor_tiles, forecast, language, said, state

t = language.current()
cat = catalog.load()
known = {factor.id: factor for factor in cat.factors}

st.title(t("Five factors"))
st.markdown(
    t(
        "The founding document names five factors on which the spread of generative AI depends. It holds no figure "
        "itself; here what it says of each factor stands beside what has been counted."
    )
)


@st.fragment
def one_factor() -> None:
    """The chosen factor; a fragment, so that another choice does not draw the panel below again."""
    chosen = known[
        state.choice(
            st.segmented_control,
            t("Factor"),
            list(known),
            key="factor",
            required=True,
            format_func=lambda factor: known[factor].name[t.lang],
            label_visibility="collapsed",
        )
    ]
    st.header(chosen.name[t.lang])
    st.markdown(f"**{chosen.question[t.lang]}**")

    left, right = st.columns(2, gap="large")
    with left, st.container(border=True, key=f"factor-{chosen.id}"):
        st.markdown("#### " + t("What the document says"))
        st.markdown(chosen.statement[t.lang])
        st.caption(t("Founding document, section {number}; in our words.", number=chosen.section))
        said.groups(t, factors.statements(chosen.id))
    with right:
        st.markdown("#### " + t("What the figures say"))
        factor_tiles.monitor(t, cat, chosen)

    st.header(t("The evidence"))
    charts.pairs(t, CHARTS[chosen.id], cat, t)
    if chosen.id in factor_tiles.FURTHER:
        factor_tiles.further(t, chosen)

    factor_members.show(t, cat, chosen.id)


one_factor()

st.header(t("Forecasts"))
st.markdown(
    t(
        "How the series that are long enough may go on. Each forecast stands beside its back-test and the naive model "
        "it has to beat; where the naive model wins, the chart says so."
    )
)
forecast.show(t)
st.page_link(
    "views/diffusion.py",
    label=t("Models, back-tests, saturation and scenarios: Diffusion"),
    icon=":material/arrow_forward:",
    query_params={"lang": t.lang},
)

academia.show(t, cat)
