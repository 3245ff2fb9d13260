"""Claims: what the founding document says, each claim with its test, its rule, its evidence and its verdict."""

import streamlit as st

from aigc_report.claims import standing, words
from aigc_report.document import schema
from dashboards.ui import claims, claims_one, claims_test, filters, language, state
from dashboards.ui.filters import ALL, Filter, Search

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

text, chosen = filters.show(
    Search(t("Search claims"), t("for example: labels, 标注, claim.labels")),
    Filter(
        "verdict",
        t("Verdict"),
        words.VERDICTS,
        lambda code: t("all verdicts") if code == ALL else t(words.VERDICTS[code]),
    ),
    Filter("factor", t("Factor"), schema.FACTORS, lambda code: claims.factor_name(t, code)),
    Filter("reader", t("Reader"), schema.READERS, lambda code: claims.reader_name(t, code)),
    Filter(
        "kind",
        t("Settled by"),
        words.KINDS,
        lambda code: t("anything") if code == ALL else t(words.KINDS[code]),
    ),
    on_change=leave,
)

asked = next((s for s in found if s.claim.id == st.query_params.get("id")), None)
if asked is not None:
    claims_one.show(t, asked)
else:
    shown = standing.select(found, **chosen, words=text)
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
