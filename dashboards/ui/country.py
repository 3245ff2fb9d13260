"""An index on a page: the shipped one of the EU or one over a reader's own table; its results, its charts, its words.

Every part of the page takes a `Shown`. Charts of the shipped index are functions of codes and a `Variant`, so each has
an address and is drawn once; those of a reader's own table are drawn for that reader alone and kept nowhere.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import pandas as pd
import streamlit as st

from aigc_report import catalog, index
from aigc_report.charts import countries, profiles, standing
from aigc_report.charts.chart import Chart
from aigc_report.i18n import N_, Texts
from aigc_report.index import IndexResult, coherence, robustness, variant
from aigc_report.index.build import Inputs, read
from aigc_report.index.coherence import Coherence
from aigc_report.index.variant import Variant
from dashboards.ui import charts, downloads, sources
from dashboards.ui.plain import plain

DEFAULT = "DEU"
PUBLISHED = Variant()
OWN = "own-table"
"""Where the visit keeps the table a reader brought."""
COVERAGE: dict[str, str] = {"observed": N_("observed"), "imputed": N_("imputed"), "missing": N_("missing")}


@dataclass(frozen=True, eq=False)
class Shown:
    """The index that a page shows."""

    inputs: Inputs
    own: bool = False

    @cached_property
    def result(self) -> IndexResult:
        """The index as published (as brought, for an own table), with the intervals of its ranks."""
        if not self.own:
            return result()
        return variant.rank(self.inputs, PUBLISHED, _parts(self.inputs), _OWN_REPLICATIONS)

    @cached_property
    def coherence(self) -> Coherence:
        """Whether the index hangs together."""
        return coherence.of(self.result)

    def ranked(self, chosen: Variant) -> IndexResult:
        """The index under the weights and methods of `chosen`; `UserError` where they cannot be applied."""
        if not chosen.changed:
            return self.result
        return variant.rank(self.inputs, chosen, _parts(self.inputs)) if self.own else _ranked(chosen)

    def draw(self, t: Texts, picture: str, *arguments: Any, chosen: Variant = PUBLISHED) -> None:
        """Show one of `PICTURES` of this index under `chosen`."""
        varied = (chosen,) if chosen.changed else ()
        if self.own:
            charts.show(t, own_picture, [self], picture, t, arguments, chosen)
        else:
            charts.show(t, PICTURES[picture][0], t, *arguments, *varied)


_OWN_REPLICATIONS = 1000
P = ParamSpec("P")
R = TypeVar("R")


def kept(build: Callable[Concatenate[Shown, P], R]) -> Callable[Concatenate[Shown, P], R]:
    """`build`, which once per arguments is enough for the shipped index; of a reader's own table nothing is kept."""
    once: Any = lru_cache(maxsize=256)(build)

    @wraps(build)
    def call(shown: Shown, /, *arguments: P.args, **named: P.kwargs) -> R:
        found: R = (build if shown.own else once)(shown, *arguments, **named)
        return found

    return call


@cache
def eu27() -> Shown:
    """The shipped index of the EU."""
    return Shown(read("eu27"))


@cache
def result() -> IndexResult:
    """The shipped index with the intervals of its ranks; the data do not change while this process lives."""
    nominal = index.build("eu27")
    parts = nominal.structure.index[nominal.structure["parent"] == nominal.total]
    return robustness.analyse(nominal.spec, codes=list(parts))


@lru_cache(maxsize=128)
def _ranked(chosen: Variant) -> IndexResult:
    inputs = eu27().inputs
    return variant.rank(inputs, chosen, _parts(inputs))


def _parts(inputs: Inputs) -> list[str]:
    """The aggregates that the total consists of."""
    framework = inputs.structure
    aggregates = set(framework.codes("Aggregate"))
    return [code for code in framework.children(framework.ordered()[0]) if code in aggregates]


def ranking(t: Texts, code: str, unit: str, chosen: Variant = PUBLISHED) -> Chart:
    """All countries by `code`."""
    return countries.ranking(eu27().ranked(chosen), t, code, unit)


def sensitivity(t: Texts) -> Chart:
    """What moves the ranking."""
    return countries.sensitivity(result(), t)


def score_map(t: Texts, code: str, chosen: Variant = PUBLISHED) -> Chart:
    """The map of `code`."""
    return countries.score_map(eu27().ranked(chosen), t, code)


def profile(t: Texts, unit: str, chosen: Variant = PUBLISHED) -> Chart:
    """One country against the mean."""
    return countries.profile(eu27().ranked(chosen), t, unit)


def contributions(t: Texts, unit: str, chosen: Variant = PUBLISHED) -> Chart:
    """What the score of `unit` is made of."""
    return profiles.contributions(eu27().ranked(chosen), t, unit)


def top(t: Texts, code: str, k: int, unit: str, chosen: Variant = PUBLISHED) -> Chart:
    """Who is likely among the first `k`."""
    return standing.top(eu27().ranked(chosen), t, code, k, unit)


def compared(t: Texts, units: tuple[str, ...], chosen: Variant = PUBLISHED) -> Chart:
    """Countries side by side."""
    return standing.compared(eu27().ranked(chosen), t, units)


PICTURES: dict[str, tuple[Callable[..., Chart], Callable[..., Chart]]] = {
    "ranking": (ranking, countries.ranking),
    "map": (score_map, countries.score_map),
    "profile": (profile, countries.profile),
    "contributions": (contributions, profiles.contributions),
    "top": (top, standing.top),
    "compared": (compared, standing.compared),
}
"""Picture to the function for the shipped index, which has an address, and to the one that draws any result."""


def own_picture(held: Any, picture: str, t: Texts, arguments: tuple[Any, ...], chosen: Variant) -> Chart:
    """A picture of a reader's own index; `held` is a list, which no cache can take as a key."""
    (shown,) = held
    return PICTURES[picture][1](shown.ranked(chosen), t, *arguments)


def headings(shown: Shown) -> list[str]:
    """The codes units can be ranked by: the total and the aggregates it consists of."""
    return [shown.result.total, *_parts(shown.inputs)]


def units(t: Texts, shown: Shown) -> list[str]:
    """The units, sorted by their names in the reader's language."""
    return list(_units(shown, t))


@kept
def _units(shown: Shown, t: Texts) -> list[str]:
    return sorted(map(str, shown.result.scores.index), key=lambda unit: countries.place(shown.result, t, unit))


def name(t: Texts, shown: Shown, code: str) -> str:
    """A code of the index in words, for Markdown: tables, headings, labels of sliders."""
    return plain(countries.name(shown.result, t, code))


def place(t: Texts, shown: Shown, unit: str) -> str:
    """A unit in words, for Markdown."""
    return plain(countries.place(shown.result, t, unit))


def scores(t: Texts, shown: Shown, unit: str, chosen: Variant = PUBLISHED) -> None:
    """Score and rank of `unit` in every sub-index and pillar."""
    st.table(_scores(shown, t, unit, chosen))


@kept
def _scores(shown: Shown, t: Texts, unit: str, chosen: Variant) -> pd.DataFrame:
    """The table of `scores`."""
    built = shown.ranked(chosen)
    row = built.scores.loc[unit].to_dict()
    codes = [code for code in built.structure.index if code not in built.raw.columns]
    rows = [
        {
            t("Part of the index"): f"{'　' * _depth(built, code)}{name(t, shown, code)}",
            t("Score"): t.number(row[code], 1),
            t("Rank"): t("{rank} of {all}", rank=_rank(t, built, unit, code), all=len(built.scores)),
        }
        for code in _tree(built, built.total, codes)
    ]
    return pd.DataFrame(rows).set_index(t("Part of the index"))


def certainty(t: Texts, shown: Shown) -> None:
    """What the intervals rest on, and which neighbours the ranking cannot tell apart."""
    st.markdown(_certain(shown, t))


@kept
def _certain(shown: Shown, t: Texts) -> str:
    """The sentence of `certainty`."""
    found = shown.result.uncertainty
    assert found is not None
    return t(
        "The index is built again {n} times, each time with another scaling of the indicators, another mean, "
        "weights changed by up to a quarter, and one indicator or none left out. Of the {pairs} pairs of "
        "neighbours in the total, {close} change places, or tie, in more than one of ten replications: their order "
        "is not a finding. Errors of the surveys themselves are not included.",
        n=t.number(found.replications, 0),
        pairs=len(found.units) - 1,
        close=len(found.undecided()),
    )


def values(t: Texts, shown: Shown, unit: str) -> None:
    """Each indicator of `unit`: its value, the EU's, the mean of the members, rank, coverage and source."""
    if shown.own:
        _own_values(t, shown, unit)
        return
    st.table(_values(shown, t, unit))
    st.caption(t("The mean counts every country alike; the EU as a whole counts every firm or person alike."))
    downloads.button(t, _download(), "eu27-index", catalog.load())


@kept
def _values(shown: Shown, t: Texts, unit: str) -> pd.DataFrame:
    """The table of `values` for the shipped index."""
    cat, built = catalog.load(), result()
    frame = built.profile(unit)
    about = built.structure.loc[frame.index]
    table = pd.DataFrame(
        {
            t("Indicator"): [name(t, shown, code) for code in frame.index],
            t("Year"): about["period"].to_numpy(),
            t("Value"): [t.value(value, "percent") for value in frame["value"]],
            t("Mean of the 27"): [t.value(value, "percent") for value in frame["mean"]],
            t("EU as a whole"): [t.value(value, "percent") for value in frame["benchmark"]],
            t("Rank"): frame["rank"].astype(str).to_numpy(),
            t("Availability"): [t(COVERAGE[word]) for word in frame["coverage"]],
            t("Source"): [sources.cite(t, cat, source) if source else t.number(None) for source in frame["source"]],
        }
    )
    return table.set_index(t("Indicator"))


def _own_values(t: Texts, shown: Shown, unit: str) -> None:
    """Each indicator of `unit` of an own table: its value, the mean of all, rank and availability."""
    built = shown.result
    frame = built.profile(unit)
    table = pd.DataFrame(
        {
            t("Indicator"): [name(t, shown, code) for code in frame.index],
            t("Value"): [t.number(value) for value in frame["value"]],
            t("Mean of all"): [t.number(mean) for mean in frame["mean"]],
            t("Rank"): [_rank(t, built, unit, str(code)) for code in frame.index],
            t("Availability"): [t(COVERAGE[word]) for word in frame["coverage"]],
        }
    )
    st.table(table.set_index(t("Indicator")))
    downloads.button(t, built.to_frame().reset_index(), "own-index")


def _rank(t: Texts, built: IndexResult, unit: str, code: str) -> str:
    rank = built.ranks.loc[unit].to_dict()[code]
    return t.number(None) if pd.isna(rank) else str(rank)


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
        st.markdown(_counted(t))
    with right, st.expander(t("What is not scored, and why"), expanded=False):
        names = {factor.id: factor.name[t.lang] for factor in catalog.load().factors}
        for entry in built.not_scored:
            st.markdown(f"- **{names[entry['factor']]}**: {entry[f'reason_{t.lang}']}")


@cache
def _counted(t: Texts) -> str:
    """The parts of the shipped index, each below what it belongs to, with the reason it counts for, in Markdown."""
    built = result()
    lines = built.structure.to_dict("index")
    return "\n".join(
        f"{'    ' * _depth(built, code)}- **{lines[code][f'name_{t.lang}']}**: {lines[code][f'reason_{t.lang}']}"
        for code in _tree(built, built.total, list(built.structure.index))
    )


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


def _depth(built: IndexResult, code: str) -> int:
    """How far below the total `code` stands."""
    parents = built.structure["parent"]
    depth = 0
    while parents[code] in parents.index:
        code, depth = parents[code], depth + 1
    return depth


def _tree(built: IndexResult, code: str, wanted: list[str]) -> list[str]:
    """`code` and all below it that are `wanted`, each followed by what it consists of."""
    structure = built.structure
    below = [child for child in structure.index[structure["parent"] == code] if child in wanted]
    return [code, *(line for child in below for line in _tree(built, child, wanted))]
