"""The EU-27 index on a page: its choices, its charts, one country's values, and how it is built."""

from functools import cache

import pandas as pd
import streamlit as st

from aigc_report import catalog, index
from aigc_report.charts import countries
from aigc_report.charts.chart import Chart
from aigc_report.i18n import N_, Texts
from aigc_report.index import IndexResult, robustness
from dashboards.ui import downloads, sources

DEFAULT = "DEU"
COVERAGE: dict[str, str] = {"observed": N_("observed"), "imputed": N_("imputed"), "missing": N_("missing")}


@cache
def result() -> IndexResult:
    """The shipped index with the intervals of its ranks; the data do not change while this process lives."""
    nominal = index.build("eu27")
    parts = nominal.structure.index[nominal.structure["parent"] == nominal.total]
    return robustness.analyse(nominal.spec, codes=list(parts))


def headings() -> list[str]:
    """The codes countries can be ranked by: the total and what it consists of."""
    structure = result().structure
    return [result().total, *structure.index[structure["parent"] == result().total]]


def units(t: Texts) -> list[str]:
    """The countries, sorted by their names in the reader's language."""
    return sorted(result().scores.index, key=lambda unit: countries.place(result(), t, unit))


def name(t: Texts, code: str) -> str:
    """A code of the index in words."""
    return countries.name(result(), t, code)


def place(t: Texts, unit: str) -> str:
    """A country in words."""
    return countries.place(result(), t, unit)


def ranking(t: Texts, code: str, unit: str) -> Chart:
    """All countries by `code`."""
    return countries.ranking(result(), t, code, unit)


def sensitivity(t: Texts) -> Chart:
    """What moves the ranking."""
    return countries.sensitivity(result(), t)


def score_map(t: Texts, code: str) -> Chart:
    """The map of `code`."""
    return countries.score_map(result(), t, code)


def profile(t: Texts, unit: str) -> Chart:
    """One country against the mean."""
    return countries.profile(result(), t, unit)


def scores(t: Texts, unit: str) -> None:
    """Score and rank of `unit` in every sub-index and pillar."""
    built = result()
    row = built.scores.loc[unit].to_dict()
    codes = [code for code in built.structure.index if code not in built.raw.columns]
    rows = [
        {
            t("Part of the index"): f"{'　' * _depth(code)}{name(t, code)}",
            t("Score"): t.number(row[code], 1),
            t("Rank"): t("{rank} of {all}", rank=built.ranks.at[unit, code], all=len(built.scores)),
        }
        for code in _tree(built.total, codes)
    ]
    with st.container(key="scores"):
        st.table(pd.DataFrame(rows).set_index(t("Part of the index")))


def certainty(t: Texts) -> None:
    """What the intervals rest on, and which neighbours the ranking cannot tell apart."""
    found = result().uncertainty
    assert found is not None
    st.markdown(
        t(
            "The index is built again {n} times, each time with another scaling of the indicators, another mean, "
            "weights changed by up to a quarter, and one indicator or none left out. Of the {pairs} pairs of "
            "neighbours in the total, {close} change places, or tie, in more than one of ten replications: their order "
            "is not a finding. Errors of the surveys themselves are not included.",
            n=t.number(found.replications, 0),
            pairs=len(found.units) - 1,
            close=len(found.undecided()),
        )
    )


def values(t: Texts, unit: str) -> None:
    """Each indicator of `unit`: its value, the EU's, the mean of the members, rank, coverage and source."""
    cat, built = catalog.load(), result()
    frame = built.profile(unit)
    about = built.structure.loc[frame.index]
    shown = pd.DataFrame(
        {
            t("Indicator"): [name(t, code) for code in frame.index],
            t("Year"): about["period"].to_numpy(),
            t("Value"): [t.value(value, "percent") for value in frame["value"]],
            t("Mean of the 27"): [t.value(value, "percent") for value in frame["mean"]],
            t("EU as a whole"): [t.value(value, "percent") for value in frame["benchmark"]],
            t("Rank"): frame["rank"].astype(str).to_numpy(),
            t("Availability"): [t(COVERAGE[word]) for word in frame["coverage"]],
            t("Source"): [sources.cite(t, cat, source) if source else t.number(None) for source in frame["source"]],
        }
    )
    st.table(shown.set_index(t("Indicator")))
    st.caption(t("The mean counts every country alike; the EU as a whole counts every firm or person alike."))
    downloads.button(t, _download(), "eu27-index", cat)


def method(t: Texts) -> None:
    """Which indicators count and why, what is not scored and why, and how complete the data are."""
    built = result()
    observed = int((built.coverage == "observed").to_numpy().sum())
    imputed = int((built.coverage == "imputed").to_numpy().sum())
    st.markdown(
        t(
            "Every indicator is scaled so that the lowest of the 27 is 0 and the highest 100; indicators count alike "
            "within a pillar, pillars alike within a sub-index. "
            "Of {all} values {observed} are observed and {imputed} imputed.",
            all=built.coverage.size,
            observed=observed,
            imputed=imputed,
        )
    )
    left, right = st.columns(2, gap="large")
    with left, st.expander(t("What counts, and why"), expanded=False):
        for code in _tree(built.total, list(built.structure.index)):
            line = built.structure.loc[code]
            indent = "    " * _depth(code)
            st.markdown(f"{indent}- **{line[f'name_{t.lang}']}**: {line[f'reason_{t.lang}']}")
    with right, st.expander(t("What is not scored, and why"), expanded=False):
        names = {factor.id: factor.name[t.lang] for factor in catalog.load().factors}
        for entry in built.not_scored:
            st.markdown(f"- **{names[entry['factor']]}**: {entry[f'reason_{t.lang}']}")


@cache
def _download() -> pd.DataFrame:
    """Scores, ranks and values of every country, a row per country and code."""
    built = result()
    scores = built.scores.melt(ignore_index=False, var_name="code", value_name="score").reset_index(names="unit")
    ranks = built.ranks.melt(ignore_index=False, var_name="code", value_name="rank").reset_index(names="unit")
    raw = built.raw.melt(ignore_index=False, var_name="code", value_name="value").reset_index(names="unit")
    cited = built.sources.melt(ignore_index=False, var_name="code", value_name="source").reset_index(names="unit")
    keys = ["unit", "code"]
    return scores.merge(ranks, on=keys).merge(raw, on=keys, how="left").merge(cited, on=keys, how="left")


def _depth(code: str) -> int:
    """How far below the total `code` stands."""
    parents = result().structure["parent"]
    depth = 0
    while parents[code] in parents.index:
        code, depth = parents[code], depth + 1
    return depth


def _tree(code: str, wanted: list[str]) -> list[str]:
    """`code` and all below it that are `wanted`, each followed by what it consists of."""
    structure = result().structure
    below = [child for child in structure.index[structure["parent"] == code] if child in wanted]
    return [code, *(line for child in below for line in _tree(child, wanted))]
