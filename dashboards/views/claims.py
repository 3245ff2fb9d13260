"""Claims: what the founding document says, each claim with its test, its rule, its evidence and its verdict."""

import streamlit as st

from aigc_report.claims import standing, words
from aigc_report.document import schema
from dashboards.ui import claims, claims_one, claims_test, language, state
from dashboards.ui.claims import ALL

t = language.current()
found = standing.stand()


def leave() -> None:
    """Another choice takes the place of the one claim that a link named."""
    state.remember("id", "")


st.title(t("Claims"))
st.markdown(
    t(
        "What the founding document says, put to the test. Each claim has a rule that was declared before its test "
        "ran; its verdict is computed from the evidence by that rule. Small models on small images can show that an "
        "effect exists or is absent in such training; they say little about the industry's models."
    )
)
claims.problems(t)

first, second, third, fourth, fifth = st.columns([2, 1, 1, 1, 1], vertical_alignment="bottom")
with first:
    text = st.text_input(
        t("Search claims"),
        key="q",
        bind="query-params",
        placeholder=t("for example: labels, 标注, claim.labels"),
        icon=":material/search:",
        on_change=leave,
    )
with second:
    verdict = state.choice(
        st.selectbox,
        t("Verdict"),
        [ALL, *words.VERDICTS],
        key="verdict",
        format_func=lambda code: t("all verdicts") if code == ALL else t(words.VERDICTS[code]),
        on_change=leave,
    )
with third:
    factor = state.choice(
        st.selectbox,
        t("Factor"),
        [ALL, *schema.FACTORS],
        key="factor",
        format_func=lambda code: claims.factor_name(t, code),
        on_change=leave,
    )
with fourth:
    reader = state.choice(
        st.selectbox,
        t("Reader"),
        [ALL, *schema.READERS],
        key="reader",
        format_func=lambda code: claims.reader_name(t, code),
        on_change=leave,
    )
with fifth:
    kind = state.choice(
        st.selectbox,
        t("Settled by"),
        [ALL, *words.KINDS],
        key="kind",
        format_func=lambda code: t("anything") if code == ALL else t(words.KINDS[code]),
        on_change=leave,
    )

asked = next((s for s in found if s.claim.id == st.query_params.get("id")), None)
if asked is not None:
    claims_one.show(t, asked)
else:
    verdict, factor, reader, kind = ("" if code == ALL else code for code in (verdict, factor, reader, kind))
    shown = standing.select(found, verdict=verdict, factor=factor, reader=reader, kind=kind, words=text.strip())
    claims.tally(t, shown)
    claims_test.show(t, [s.claim for s in shown])
    if shown:
        st.caption(t("{n} of {all} claims", n=len(shown), all=len(found)))
        claims.listing(t, shown)
    else:
        st.info(
            t("No claim matches. Take a word or a filter away; the search reads both languages."),
            icon=":material/search_off:",
        )
