"""One unit of an index in depth: strengths and weaknesses, what its score is made of, its peers, and a what-if.

Beside it the coherence of the index.
"""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from aigc_report.charts import countries
from aigc_report.errors import UserError
from aigc_report.i18n import N_, Texts
from aigc_report.index import IndexResult, context, profiles
from aigc_report.index.coherence import Coherence
from aigc_report.index.variant import GOALPOSTS
from dashboards.ui import country, state
from dashboards.ui.boundary import boundary
from dashboards.ui.country import Shown, kept
from dashboards.ui.plain import plain

SHOWN = 3
PEERS: dict[str, str] = {
    "score": N_("Nearest in the total"),
    "income": N_("Nearest in GDP per head"),
    "population": N_("Nearest in population"),
}
LED_TO = (
    N_(
        "Use of two or more AI technologies was left out: it says almost the same as use of any, and no member moves "
        "by more than one place without it."
    ),
    N_(
        "The digital intensity of firms was left out: it counts AI use and cloud services among its parts, so that the "
        "outcome would stand on both sides."
    ),
    N_(
        "Indicators that overlap stay within one pillar and share its weight, so that they cannot tilt the total: use "
        "of any AI and of picture generators, everyone and the young."
    ),
)
"""What the checks led to; the figures stand in docs/index-eu27.md."""


def show(t: Texts, shown: Shown, unit: str) -> None:
    """Strengths, weaknesses, contributions, peers and what-if of `unit`."""
    st.header(t("{country} in depth", country=country.place(t, shown, unit)))
    left, right = st.columns(2, gap="large")
    with left:
        if (shown.result.coverage.loc[unit] == "missing").any():
            st.info(t("It has gaps, so its score cannot be shared out among the indicators."), icon=":material/info:")
        else:
            shown.draw(t, "contributions", unit)
    with right, boundary(t, "strengths"):
        st.markdown("#### " + t("Strengths"))
        st.table(_places(shown, t, profiles.strengths, unit))
        st.markdown("#### " + t("Weaknesses"))
        st.table(_places(shown, t, profiles.weaknesses, unit))
        st.markdown("#### " + t("Peers"))
        _peers(t, shown, unit)
    what_if(t, shown, unit)


@kept
def _places(shown: Shown, t: Texts, which: Callable[[IndexResult, str, int], pd.DataFrame], unit: str) -> pd.DataFrame:
    """The indicators that `which` finds, with the value of the country and its place."""
    found, units = which(shown.result, unit, SHOWN), len(shown.result.scores)
    rows = {
        t("Indicator"): [country.name(t, shown, str(code)) for code in found.index],
        t("Value"): [countries.value(shown.result, t, float(value)) for value in found["value"]],
        t("Rank"): [t("{rank} of {all}", rank=int(rank), all=units) for rank in found["rank"]],
    }
    return pd.DataFrame(rows).set_index(t("Indicator"))


def _peers(t: Texts, shown: Shown, unit: str) -> None:
    """The units most like `unit` by score and, for countries, income and size, each with its place in the total."""
    for kind, named in _nearest(shown, t, unit).items():
        st.markdown(f"**{t(PEERS[kind])}**  \n{named}")


@kept
def _nearest(shown: Shown, t: Texts, unit: str) -> dict[str, str]:
    """Kind of peers to their names and places, in words."""
    result = shown.result
    by: dict[str, pd.Series[float] | str] = {"score": ""}
    if not shown.own:
        by |= {"income": context.income(), "population": context.population()}
    named = {}
    for kind, values in by.items():
        found = profiles.peers(result, unit, values, SHOWN)
        named[kind] = t.join(
            [
                t("{name} (rank {rank})", name=country.place(t, shown, str(geo)), rank=int(rank))
                for geo, rank in zip(found.index, found["rank"], strict=True)
            ]
        )
    return named


@st.fragment
def what_if(t: Texts, shown: Shown, unit: str) -> None:
    """Raise one indicator to a value: the new score and rank; a fragment, so that nothing else is drawn again."""
    result = shown.result
    st.markdown("#### " + t("What if?"))
    indicators = [str(code) for code in result.raw.columns]
    left, right = st.columns(2, gap="large")
    with left:
        code = state.choice(
            st.selectbox,
            t("Indicator to change"),
            indicators,
            key="raise",
            default=_weakest(shown, unit),
            format_func=lambda each: countries.name(result, t, each),
        )
    own, values = float(result.raw[code][unit]), result.raw[code]
    best = float(values.max() if float(str(result.structure.at[code, "direction"])) > 0 else values.min())
    with right:
        value = st.number_input(
            t("Its new value") if shown.own else t("Its new value, %"),
            min_value=None if shown.own else 0.0,
            max_value=None if shown.own else 100.0,
            value=None,
            step=1.0,
            format="%.1f",
            key="to",
            bind="query-params",
        )
    st.caption(
        t(
            "{country}: {own}. Best of all: {best}, which is taken where no value is given.",
            country=country.place(t, shown, unit),
            own=countries.value(result, t, own),
            best=countries.value(result, t, best),
        )
    )
    with boundary(t, "what-if"):
        try:
            found = _what_if(shown, unit, code, best if value is None else float(value))
        except UserError as error:
            st.warning(plain(error.text(t)))
            return
        rows = {
            t("Part of the index"): [country.name(t, shown, str(part)) for part in found.index],
            t("Score now"): [t.number(score, 1) for score in found["score_before"]],
            t("Score then"): [t.number(score, 1) for score in found["score_after"]],
            t("Rank now"): [t.number(rank, 0) for rank in found["rank_before"]],
            t("Rank then"): [t.number(rank, 0) for rank in found["rank_after"]],
        }
        st.table(pd.DataFrame(rows).set_index(t("Part of the index")))
        st.caption(_built_again(t, shown))


def _built_again(t: Texts, shown: Shown) -> str:
    """What a what-if does, by how the index scales its indicators."""
    if shown.inputs.spec.steps.normalise == GOALPOSTS:
        return t(
            "The whole index is built again; the others keep their values. A value beyond a goalpost counts as the "
            "goalpost. It says what the formula does, not what a policy would."
        )
    return t(
        "The whole index is built again; the others keep their values. A value beyond the best of them stretches the "
        "scale for all. It says what the formula does, not what a policy would."
    )


@kept
def _weakest(shown: Shown, unit: str) -> str:
    """The indicator on which `unit` ranks worst."""
    return str(profiles.weaknesses(shown.result, unit, 1).index[0])


@kept
def _what_if(shown: Shown, unit: str, code: str, value: float) -> pd.DataFrame:
    """Scores and ranks of `unit` by heading, before and after `code` has `value`."""
    changed = profiles.what_if(shown.inputs, unit, {code: value}, shown.result)
    return changed.changes().loc[country.headings(shown)]


def checks(t: Texts, shown: Shown) -> None:
    """Whether the index hangs together, and what that led to."""
    if said := _said(shown, t):
        st.markdown(said)
    st.table(_parts(shown, t))
    st.caption(
        t(
            "Alpha: how far the indicators below a part move together; 0.7 is the usual mark. Weights are shares among "
            "siblings; in effect is the share of the parent's variation that a part explains (correlation ratio), not "
            "what was assigned."
        )
    )
    if not shown.own:
        with st.expander(t("What the checks led to")):
            for line in LED_TO:
                st.markdown(f"- {t(line)}")


@kept
def _parts(shown: Shown, t: Texts) -> pd.DataFrame:
    """How far the parts hang together, in words."""
    found = shown.coherence
    rows = {
        t("Part of the index"): [country.name(t, shown, str(code)) for code in found.parts.index],
        t("Indicators"): [t.number(n, 0) for n in found.parts["indicators"]],
        t("Cronbach's alpha"): [t.number(alpha, 2) for alpha in found.parts["alpha"]],
        t("Weight meant"): [t.number(weight, 2) for weight in found.parts["weight"]],
        t("Weight in effect"): [t.number(weight, 2) for weight in found.parts["effective"]],
    }
    return pd.DataFrame(rows).set_index(t("Part of the index"))


@kept
def _said(shown: Shown, t: Texts) -> str:
    """The strongest and the weakest correlation; of the shipped index also what is redundant or opposed."""
    found = shown.coherence
    if shown.own:
        return _pairs_of_own(t, shown, found)
    return _pairs_of_eu27(t, shown, found)


def _pairs_of_own(t: Texts, shown: Shown, found: Coherence) -> str:
    """The strongest and the weakest correlation of an own table; empty where there are none."""
    if found.pairs.empty:
        return ""
    strong, weak = found.pairs.iloc[0], found.pairs.iloc[-1]
    return t(
        "The indicators correlate between {low} ({low_pair}) and {high} ({high_pair}).",
        low=t.number(weak["r"], 2),
        low_pair=_pair(t, shown, weak),
        high=t.number(strong["r"], 2),
        high_pair=_pair(t, shown, strong),
    )


def _pairs_of_eu27(t: Texts, shown: Shown, found: Coherence) -> str:
    """The correlations of the shipped index, and between its two halves."""
    strong, weak, halves = found.pairs.iloc[0], found.pairs.iloc[-1], found.halves.iloc[0]
    return t(
        "Over {n} members, the indicators correlate between {low} ({low_pair}) and {high} ({high_pair}); adoption "
        "and its conditions at {halves}. Pairs within one part that say nearly the same (0.92 or more): "
        "{redundant}; that work against each other (−0.4 or less): {opposed}.",
        n=int(strong["n"]),
        low=t.number(weak["r"], 2),
        low_pair=_pair(t, shown, weak),
        high=t.number(strong["r"], 2),
        high_pair=_pair(t, shown, strong),
        halves=t.number(halves["r"], 2),
        redundant=int((found.flags["flag"] == "redundant").sum()),
        opposed=int((found.flags["flag"] == "opposed").sum()),
    )


def _pair(t: Texts, shown: Shown, row: "pd.Series[float]") -> str:
    return t("{a} and {b}", a=country.name(t, shown, str(row["a"])), b=country.name(t, shown, str(row["b"])))
