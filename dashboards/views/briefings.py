"""Briefings: what is known, written up for one audience, to read here and to take away with every number traceable."""

import streamlit as st

from aigc_report import catalog
from aigc_report.briefing import audiences
from dashboards.ui import briefings, language, state

t = language.current()
cat = catalog.load()

st.title(t("Briefings"))
st.markdown(
    t(
        "What this report knows, written up for one audience: findings first, charts with sources, claims with their "
        "verdicts, options with the evidence for and against. Every number stands in the manifest with what it was "
        "derived from, and one command derives it again."
    )
)

first, second, third = st.columns([2, 1, 3])
with first:
    audience = state.choice(
        st.selectbox,
        t("Audience"),
        list(audiences.NAMES),
        key="audience",
        format_func=lambda code: t(audiences.NAMES[code]),
    )
with second:
    lang = state.choice(
        st.selectbox,
        t("Language of the briefing"),
        briefings.languages(t),
        key="in",
        format_func=briefings.LANGUAGES.__getitem__,
    )
with third:
    geo = state.choices(
        st.multiselect,
        t("Countries"),
        briefings.places(t, cat),
        key="geo",
        format_func=lambda code: cat.name(code, t.lang),
        placeholder=t("the EU as a whole; choose up to four for a finding of their own"),
    )
names = briefings.sections(t, audience)
chosen = state.choices(
    st.multiselect,
    t("Sections"),
    list(names),
    key="parts",
    format_func=lambda code: names.get(code, code),
    placeholder=t("all sections"),
)

briefings.show(t, briefings.Asked(audience, lang, geo, chosen))
briefings.history(t)
