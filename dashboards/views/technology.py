"""Technology: what generators reach and what they cost, and how the founding document maps and derives the field."""

import streamlit as st

from aigc_report import catalog, document
from aigc_report.i18n import N_
from dashboards.ui import concepts, language, state, technology

PARTS = {
    "quality": N_("Published quality"),
    "costs": N_("Cost and compute"),
    "concepts": N_("Concepts and algorithms"),
    "mathematics": N_("Mathematics"),
}

t = language.current()
cat = catalog.load()
doc = document.load()

st.title(t("Technology"))
part = state.choice(
    st.segmented_control,
    t("Part"),
    list(PARTS),
    key="part",
    required=True,
    format_func=lambda code: t(PARTS[code]),
    label_visibility="collapsed",
)

if part == "quality":
    st.markdown(
        t(
            "How good generated pictures became, by figures others published. "
            "Only figures of one measure, one data set and one way of measuring stand together."
        )
    )
    technology.show_quality(t, cat)
elif part == "costs":
    st.markdown(
        t(
            "The document calls the technology hungry for computing and slow to train. "
            "These are the published figures; what a run costs on this machine stands in the GAN Lab."
        )
    )
    technology.show_costs(t, cat)
elif part == "concepts":
    st.markdown(
        t("The field as the founding document draws it, in our words, with what was found where it was checked.")
    )
    st.header(t("Concepts and how they hang together"))
    concepts.show_graph(t, doc)
    st.header(t("Four kinds of networks"))
    concepts.show_algorithms(t, doc)
    st.header(t("Five steps, each a command here"))
    concepts.show_steps(t, doc)
else:
    st.markdown(
        t("The adversarial network of the founding document in formulas, typeset anew and put right where it errs.")
    )
    concepts.show_mathematics(t, doc)
