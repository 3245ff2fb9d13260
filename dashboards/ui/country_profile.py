"""One country in depth: strengths and weaknesses, what its score is made of, its peers, and what a change would do.

Beside it the coherence of the index.
"""

from functools import cache

import pandas as pd
import streamlit as st

from aigc_report import index
from aigc_report.charts import profiles as pictures
from aigc_report.charts.chart import Chart
from aigc_report.i18n import N_, Texts
from aigc_report.index import coherence, context, profiles
from dashboards.ui import charts, country, state
from dashboards.ui.boundary import boundary

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


def contributions(t: Texts, unit: str) -> Chart:
    """What the score of `unit` is made of."""
    return pictures.contributions(country.result(), t, unit)


def show(t: Texts, unit: str) -> None:
    """Strengths, weaknesses, contributions, peers and what-if of `unit`."""
    st.header(t("{country} in depth", country=country.place(t, unit)))
    left, right = st.columns(2, gap="large")
    with left:
        charts.show(t, contributions, t, unit)
    with right, boundary(t, "strengths"):
        st.markdown("#### " + t("Strengths"))
        _places(t, profiles.strengths(country.result(), unit, SHOWN))
        st.markdown("#### " + t("Weaknesses"))
        _places(t, profiles.weaknesses(country.result(), unit, SHOWN))
        st.markdown("#### " + t("Peers"))
        _peers(t, unit)
    what_if(t, unit)


def _places(t: Texts, found: pd.DataFrame) -> None:
    """Indicators with the value of the country and its place."""
    units = len(country.result().scores)
    rows = {
        t("Indicator"): [country.name(t, str(code)) for code in found.index],
        t("Value"): [t.value(float(value), "percent") for value in found["value"]],
        t("Rank"): [t("{rank} of {all}", rank=int(rank), all=units) for rank in found["rank"]],
    }
    st.table(pd.DataFrame(rows).set_index(t("Indicator")))


def _peers(t: Texts, unit: str) -> None:
    """The members most like `unit` by score, income and size, each with its place in the total."""
    result = country.result()
    by: dict[str, pd.Series[float] | str] = {
        "score": "",
        "income": context.income(),
        "population": context.population(),
    }
    for kind, values in by.items():
        found = profiles.peers(result, unit, values, SHOWN)
        named = [
            t("{name} (rank {rank})", name=country.place(t, str(geo)), rank=int(rank))
            for geo, rank in zip(found.index, found["rank"], strict=True)
        ]
        st.markdown(f"**{t(PEERS[kind])}**  \n{t.join(named)}")


@st.fragment
def what_if(t: Texts, unit: str) -> None:
    """Raise one indicator to a value: the new score and rank; a fragment, so that nothing else is drawn again."""
    result = country.result()
    st.markdown("#### " + t("What if?"))
    indicators = [str(code) for code in result.raw.columns]
    left, right = st.columns(2, gap="large")
    with left:
        code = state.choice(
            st.selectbox,
            t("Indicator to change"),
            indicators,
            key="raise",
            default=str(profiles.weaknesses(result, unit, 1).index[0]),
            format_func=lambda each: country.name(t, each),
        )
    own, best = float(result.raw[code][unit]), float(result.raw[code].max())
    with right:
        value = st.number_input(
            t("Its new value, %"),
            min_value=0.0,
            max_value=100.0,
            value=None,
            step=1.0,
            format="%.1f",
            key="to",
            bind="query-params",
        )
    st.caption(
        t(
            "{country}: {own}. Highest member: {best}, which is taken where no value is given.",
            country=country.place(t, unit),
            own=t.value(own, "percent"),
            best=t.value(best, "percent"),
        )
    )
    with boundary(t, "what-if"):
        found = _changed(unit, code, best if value is None else float(value)).loc[[result.total, *_parts()]]
        rows = {
            t("Part of the index"): [country.name(t, str(part)) for part in found.index],
            t("Score now"): [t.number(score, 1) for score in found["score_before"]],
            t("Score then"): [t.number(score, 1) for score in found["score_after"]],
            t("Rank now"): [t.number(rank, 0) for rank in found["rank_before"]],
            t("Rank then"): [t.number(rank, 0) for rank in found["rank_after"]],
        }
        st.table(pd.DataFrame(rows).set_index(t("Part of the index")))
        st.caption(
            t(
                "The whole index is built again; the other members keep their values. A value beyond the highest "
                "member stretches the scale for all. It says what the formula does, not what a policy would."
            )
        )


def _parts() -> list[str]:
    structure = country.result().structure
    return [str(code) for code in structure.index[structure["parent"] == country.result().total]]


@cache
def _changed(unit: str, code: str, value: float) -> pd.DataFrame:
    return profiles.what_if(index.find("eu27"), unit, {code: value}).changes()


@cache
def _coherence() -> coherence.Coherence:
    return coherence.of(country.result())


def checks(t: Texts) -> None:
    """Whether the index hangs together, and what that led to."""
    found = _coherence()
    strong, weak, halves = found.pairs.iloc[0], found.pairs.iloc[-1], found.halves.iloc[0]
    st.markdown(
        t(
            "Over {n} members, the indicators correlate between {low} ({low_pair}) and {high} ({high_pair}); adoption "
            "and its conditions at {halves}. Pairs within one part that say nearly the same (0.92 or more): "
            "{redundant}; that work against each other (−0.4 or less): {opposed}.",
            n=int(strong["n"]),
            low=t.number(weak["r"], 2),
            low_pair=_pair(t, weak),
            high=t.number(strong["r"], 2),
            high_pair=_pair(t, strong),
            halves=t.number(halves["r"], 2),
            redundant=int((found.flags["flag"] == "redundant").sum()),
            opposed=int((found.flags["flag"] == "opposed").sum()),
        )
    )
    rows = {
        t("Part of the index"): [country.name(t, str(code)) for code in found.parts.index],
        t("Indicators"): [t.number(n, 0) for n in found.parts["indicators"]],
        t("Cronbach's alpha"): [t.number(alpha, 2) for alpha in found.parts["alpha"]],
        t("Weight meant"): [t.number(weight, 2) for weight in found.parts["weight"]],
        t("Weight in effect"): [t.number(weight, 2) for weight in found.parts["effective"]],
    }
    st.table(pd.DataFrame(rows).set_index(t("Part of the index")))
    st.caption(
        t(
            "Alpha: how far the indicators below a part move together; 0.7 is the usual mark. Weights are shares among "
            "siblings; in effect is the share of the parent's variation that a part explains (correlation ratio), not "
            "what was assigned."
        )
    )
    with st.expander(t("What the checks led to")):
        for line in LED_TO:
            st.markdown(f"- {t(line)}")


def _pair(t: Texts, row: "pd.Series[float]") -> str:
    return t("{a} and {b}", a=country.name(t, str(row["a"])), b=country.name(t, str(row["b"])))
