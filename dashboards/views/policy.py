"""Policy: the instruments to filter and read, when they came, who demands what, and what is known of a place."""

import streamlit as st

from aigc_report import catalog
from aigc_report import policy as known
from aigc_report.charts import words
from aigc_report.policy import Filters
from dashboards.ui import charts, filters, language, policy, state
from dashboards.ui.filters import ALL, Filter, Search

t = language.current()
cat = catalog.load()
factor = next(f for f in cat.factors if f.id == "policy")

st.title(t("Policy"))
st.markdown(t("The founding document: {statement}", statement=factor.statement[t.lang]))
policy.summary(t, cat)

st.header(t("Instruments"))
if t.lang != "en":
    st.caption(t("Titles, scopes and remarks are given as published or as noted, in English, with the local title."))
text, chosen = filters.show(
    Search(t("Search"), t("for example: deepfake, 标识, Korea, 2338"), "find"),
    Filter("jurisdiction", t("Jurisdiction"), policy.places(t, cat), lambda code: policy.place_name(t, cat, code)),
    Filter(
        "duty",
        t("Obligation or support"),
        known.DUTIES,
        lambda code: t("any or none") if code == ALL else words.value(t, "duty", code),
    ),
    Filter(
        "type", t("Type"), known.TYPES, lambda code: t("all types") if code == ALL else words.value(t, "type", code)
    ),
    Filter(
        "status",
        t("Status"),
        known.STATES,
        lambda code: t("any status") if code == ALL else words.value(t, "status", code),
    ),
    Filter(
        "year",
        t("Year of adoption"),
        policy.years(cat),
        lambda code: {ALL: t("all years"), known.NO_YEAR: t("no date known")}.get(code, code),
    ),
)
place = chosen.pop("jurisdiction")
asked, geo = Filters(**chosen, geo=place, words=text), place or ALL
rows = policy.select(cat, asked)

if rows.empty:
    st.info(
        t("No instrument matches. Take a word or a filter away; the search reads both languages."),
        icon=":material/search_off:",
    )
else:
    st.caption(t("{n} of {all} instruments", n=len(rows), all=len(cat.policy)))
    policy.listing(t, cat, rows)
    code = state.choice(
        st.selectbox,
        t("Instrument to read"),
        list(rows["id"]),
        key="instrument",
        explicit=True,
        format_func=lambda i: cat.policy.at[i, "name_en"],
    )
    policy.instrument(t, cat, code)

    st.header(t("When they came"))
    if (rows["first"] != "").any():
        charts.show(t, policy.timeline, t, asked)
    else:
        st.info(t("None of these instruments has a date."), icon=":material/info:")
    policy.by_type(t, rows)
    policy.undated(t, rows)

st.header(t("Who demands what"))
st.caption(
    t(
        "All jurisdictions. A count is the number of instruments that oblige or support; what could not be found out "
        "counts as not known, never as no."
    )
)
policy.matrix(t, cat, geo)

st.header(t("What is known of a jurisdiction"))
st.caption(t("Choose another under Jurisdiction above; other filters do not count here."))
left, right = st.columns(2, gap="large")
with left:
    charts.show(t, policy.shares, t, geo)
with right:
    charts.show(t, policy.topics, t, geo)

st.header(t("Why no link with adoption is drawn"))
surveyed = policy.surveyed(cat)
st.markdown(
    t(
        "Only {n} of these countries have a figure on firms from one survey ({names}); the members of the EU share one "
        "regulation whatever they issue themselves; most instruments are younger than the latest figures; and a "
        "collection counts what was found. A correlation would measure all of that, so none is given.",
        n=len(surveyed),
        names=t.join([cat.name(place, t.lang) for place in surveyed]),
    )
)
