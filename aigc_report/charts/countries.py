"""Charts of the EU-27 index: the ranking with its intervals, what moves it, the map, one country against the mean."""

from typing import NamedTuple

import pandas as pd

from aigc_report.charts.adoption import BOUNDARIES
from aigc_report.charts.chart import Axis, Chart, Dots, Lines, Map, Span, Strip
from aigc_report.i18n import N_, Texts
from aigc_report.index import IndexResult

SOURCES: dict[str, str] = {
    "panel": N_("Values taken from other years"),
    "impute": N_("How gaps are filled"),
    "treat": N_("How outliers are treated"),
    "normalise": N_("How indicators are scaled"),
    "aggregate": N_("How scores are averaged"),
    "weights": N_("How much each part counts"),
    "leave_out": N_("Which indicator is left out"),
}
"""What an uncertain choice is called on a page, by the step it belongs to."""


class Words(NamedTuple):
    """What the units of an index together are called."""

    ranking: str
    against: str
    scale: str
    others: str
    mean: str
    alt: str


EU27 = Words(
    N_("{name}: ranking of the EU-27"),
    N_("{name}: {value} (mean of the 27: {mean}), rank {rank}"),
    N_("EU-27 · 0 = lowest of the 27, 100 = highest · values in the table below"),
    N_("the other members"),
    N_("mean of the 27"),
    N_("{country} is above the mean of the 27 on {above} of {all} indicators."),
)
ANY = Words(
    N_("{name}: ranking"),
    N_("{name}: {value} (mean of all: {mean}), rank {rank}"),
    N_("0 = lowest of all, 100 = highest · values in the table below"),
    N_("the others"),
    N_("mean of all"),
    N_("{country} is above the mean of all on {above} of {all} indicators."),
)


def words(result: IndexResult) -> Words:
    """The words for the units of `result`: the members of the EU, or whatever a table of one's own holds."""
    return EU27 if result.spec.data.catalogue == "eu27" else ANY


def value(result: IndexResult, t: Texts, amount: float) -> str:
    """A value of an indicator in words: indicators of the catalogue are percentages, those of other tables numbers."""
    return t.value(amount, "percent") if result.spec.data.catalogue == "eu27" else t.number(amount)


def ranking(result: IndexResult, t: Texts, code: str, unit: str, *others: str) -> Chart:
    """All countries by their rank in `code`, with its interval where the result has one; `unit`, and others, in colour.

    The alternative text says where `unit` stands.
    """
    if result.uncertainty is None or code not in result.uncertainty.ranks:
        return _ranking_by_score(result, t, code, unit)
    frame = _scores(result, t, code).drop(columns="text")
    intervals = result.uncertainty.intervals(code).loc[frame["unit"]]
    frame["rank_low"], frame["rank_high"] = intervals["low"].to_numpy(float), intervals["high"].to_numpy(float)
    frame["role"] = ["point" if geo in (unit, *others) else "context" for geo in frame["unit"]]
    frame["text"] = [
        t(
            "{name}: rank {rank}, between {low} and {high} in nine of ten replications; score {score}",
            name=row["name"],
            rank=row["rank"],
            low=t.number(row["rank_low"], 0),
            high=t.number(row["rank_high"], 0),
            score=t.number(row["score"], 1),
        )
        for row in frame.to_dict("records")
    ]
    chosen = frame[frame["unit"] == unit].to_dict("records")[0]
    return Chart(
        id="ranking",
        title=t(words(result).ranking, name=name(result, t, code)),
        subtitle=t(
            "rank · dot: the method of this page · line: where the rank lies in nine of ten of {n} replications with "
            "other defensible methods and weights",
            n=t.number(result.uncertainty.replications, 0),
        ),
        frame=frame,
        marks=(Span("rank_low", "rank_high", "label"), Dots("rank", "label", role_column="role", text="text", size=12)),
        order=tuple(frame["label"]),
        x=Axis(low=0, high=len(frame) + 1, ticks=tuple((float(r), str(r)) for r in (1, *range(5, len(frame) + 1, 5)))),
        sources=sources(result),
        alt=t(
            "Dots with lines, one per country. First: {first}. Last: {last}. {unit}: rank {rank}, {low} to {high} in "
            "nine of ten replications.",
            first=frame["name"].iloc[0],
            last=frame["name"].iloc[-1],
            unit=chosen["name"],
            rank=int(chosen["rank"]),
            low=t.number(chosen["rank_low"], 0),
            high=t.number(chosen["rank_high"], 0),
        ),
    )


def sensitivity(result: IndexResult, t: Texts) -> Chart:
    """Which choice moves the ranking: Sobol' indices of the mean shift in rank, largest first. Needs a sensitivity."""
    assert result.sensitivity is not None
    found = result.sensitivity.ranking.sort_values("total", ascending=False)
    frame = found.reset_index()
    frame["label"] = [t(SOURCES[str(source).split(".")[0]]) for source in frame["source"]]
    for index in ("first_order", "total"):
        frame[f"{index}_text"] = [
            t(
                "{name}: {value} of the variance (95% interval {low} to {high})",
                name=row["label"],
                value=t.value(100 * row[index], "percent"),
                low=t.value(100 * row[f"{index}_low"], "percent"),
                high=t.value(100 * row[f"{index}_high"], "percent"),
            )
            for row in frame.to_dict("records")
        ]
    columns = [f"{index}{end}" for index in ("first_order", "total") for end in ("", "_low", "_high")]
    frame[columns] *= 100
    largest = frame.iloc[0]
    return Chart(
        id="sensitivity",
        title=t("{choice} moves the ranking most", choice=largest["label"]),
        subtitle=t(
            "share of the variance of the mean shift in rank · lines: 95% intervals from {n} base samples",
            n=t.number(result.sensitivity.base_samples, 0),
        ),
        frame=frame,
        marks=(
            Dots(
                "first_order",
                "label",
                "context",
                t("this choice alone"),
                low="first_order_low",
                high="first_order_high",
                text="first_order_text",
                shape="circle-open",
            ),
            Dots(
                "total",
                "label",
                "point",
                t("with its interplay with others"),
                low="total_low",
                high="total_high",
                text="total_text",
            ),
        ),
        order=tuple(frame["label"]),
        x=Axis(low=-2, high=102, suffix="%"),
        sources=sources(result),
        alt=t(
            "{choice} explains {total} of the variance of the ranking, {alone} alone.",
            choice=largest["label"],
            total=t.value(float(largest["total"]), "percent"),
            alone=t.value(float(largest["first_order"]), "percent"),
        ),
        notes=(t("Shares that include interplay add up to more than 100%."),),
    )


def _ranking_by_score(result: IndexResult, t: Texts, code: str, unit: str) -> Chart:
    """All countries by their score in `code`; `unit` in colour, the others grey."""
    frame = _scores(result, t, code)
    frame["role"] = ["point" if geo == unit else "context" for geo in frame["unit"]]
    frame["mean"] = frame["score"].mean()
    chosen = frame[frame["unit"] == unit].to_dict("records")[0]
    return Chart(
        id="ranking",
        title=t(words(result).ranking, name=name(result, t, code)),
        subtitle=t(
            "score, 0 = lowest and 100 = highest of the 27 on every indicator · line: mean of the 27, {mean}",
            mean=t.number(float(frame["mean"].iloc[0]), 1),
        ),
        frame=frame,
        marks=(
            Span("mean", "score", "label"),
            Lines("mean", "label", role="context", markers=False),
            Dots("score", "label", role_column="role", text="text", size=12),
        ),
        order=tuple(frame["label"]),
        x=Axis(low=0, high=102),
        sources=sources(result),
        alt=t(
            "Dots, one per country. First: {first}. Last: {last}. {unit}: rank {rank}, score {score}.",
            first=frame["name"].iloc[0],
            last=frame["name"].iloc[-1],
            unit=chosen["name"],
            rank=int(chosen["rank"]),
            score=t.number(float(chosen["score"]), 1),
        ),
    )


def score_map(result: IndexResult, t: Texts, code: str) -> Chart:
    """The EU-27 coloured by their score in `code`."""
    scaled = result.spec.steps.normalise is not None and result.spec.steps.normalise.method == "minmax"
    frame = _scores(result, t, code)
    return Chart(
        id="score-map",
        title=t("{name} on the map", name=name(result, t, code)),
        subtitle=t("EU-27 · score from 0 to 100") if scaled else t("EU-27 · score"),
        frame=frame,
        marks=(Map("unit", "score", "text"),),
        sources=sources(result),
        alt=t(
            "Map of the EU-27. Highest: {high}. Lowest: {low}.", high=frame["text"].iloc[0], low=frame["text"].iloc[-1]
        ),
        notes=(t(BOUNDARIES),),
        height=540,
    )


def profile(result: IndexResult, t: Texts, unit: str) -> Chart:
    """One country, indicator by indicator, among the 27 and against their mean; each scaled from lowest to highest."""
    frame = result.profile(unit).reset_index()
    indicators = list(frame["indicator"])
    frame["label"] = [name(result, t, code) for code in indicators]
    frame["mean_scaled"] = result.scores[indicators].mean().to_numpy()
    frame["text"] = [
        t(
            words(result).against,
            name=label,
            value=value(result, t, float(own)),
            mean=value(result, t, float(mean)),
            rank=t.number(None) if pd.isna(rank) else rank,
        )
        for label, own, mean, rank in zip(frame["label"], frame["value"], frame["mean"], frame["rank"], strict=True)
    ]
    others = (
        result.scores[indicators]
        .melt(ignore_index=False, var_name="indicator", value_name="scaled")
        .reset_index(names="unit")
    )
    others["label"] = [name(result, t, code) for code in others["indicator"]]
    others["text"] = [place(result, t, geo) for geo in others["unit"]]
    country = place(result, t, unit)
    above = int((frame["normalised"] > frame["mean_scaled"]).sum())
    return Chart(
        id="profile",
        title=t("Where {country} stands on each indicator", country=country),
        subtitle=t(words(result).scale),
        frame=frame,
        marks=(
            Strip("scaled", "label", t(words(result).others), text="text"),
            Span("mean_scaled", "normalised", "label"),
            Dots("mean_scaled", "label", "context", t(words(result).mean), text="text", shape="line-ns", size=16),
            Dots("normalised", "label", "point", country, text="text", size=13),
        ),
        frames={0: others},
        order=tuple(frame["label"]),
        x=Axis(low=-2, high=102),
        sources=tuple(dict.fromkeys(s for s in frame["source"] if s)),
        alt=t(
            words(result).alt,
            country=country,
            above=above,
            all=len(frame),
        ),
    )


def name(result: IndexResult, t: Texts, code: str) -> str:
    """What a code of the index stands for."""
    return str(result.structure.at[code, f"name_{t.lang}"])


def place(result: IndexResult, t: Texts, unit: str) -> str:
    """The name of a unit of the index."""
    return str(result.names.at[unit, f"name_{t.lang}"])


def sources(result: IndexResult) -> tuple[str, ...]:
    """Every source behind the values of the index."""
    return tuple(dict.fromkeys(source for source in result.sources.to_numpy().ravel() if source))


def _scores(result: IndexResult, t: Texts, code: str) -> pd.DataFrame:
    units = result.scores[code].dropna().sort_values(ascending=False, kind="stable").index
    frame = pd.DataFrame({"unit": units, "score": result.scores.loc[units, code].to_numpy(float)})
    frame["rank"] = result.ranks.loc[units, code].to_numpy(int)
    frame["name"] = [place(result, t, geo) for geo in units]
    frame["label"] = [f"{rank}  {name}" for rank, name in zip(frame["rank"], frame["name"], strict=True)]
    frame["text"] = [
        t("{name}: {score}, rank {rank}", name=name, score=t.number(float(score), 1), rank=rank)
        for name, score, rank in zip(frame["name"], frame["score"], frame["rank"], strict=True)
    ]
    return frame
