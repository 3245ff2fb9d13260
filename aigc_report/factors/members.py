"""The monitor of a factor across the EU, a comparable question at a time: state, trend, spread, highest and lowest.

A question is an indicator with its exact breakdown, asked in every member by one survey (or modelled by one author).
Spread over the years is that of the members with a value in every year counted, so that it never moves because another
set of countries answered. Doubtful figures and projections are left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from aigc_report import catalog, periods
from aigc_report.catalog import Catalog
from aigc_report.errors import UserError
from aigc_report.factors.headlines import BREAKS, Point, series
from aigc_report.flags import DOUBTFUL, PROJECTION, PROVENANCE

EU = "EU27"
COVERED = 18
"""Members (two thirds of 27) that a period needs to be counted."""
MANY = 3
"""Members named at either end."""


@dataclass(frozen=True)
class Question:
    """What members are compared on; `breakdown` is exact."""

    indicator: str
    breakdown: str = ""


QUESTIONS: dict[str, tuple[Question, ...]] = {
    "maturity": (
        Question("ai_use_any"),
        Question("ai_tech_use", "tech=nlg"),
        Question("ai_tech_use", "tech=machine_learning"),
        Question("cloud_sophisticated"),
        Question("data_analytics"),
        Question("digital_skills_basic"),
        Question("ict_specialists"),
    ),
    "demand": (
        Question("genai_individuals"),
        Question("genai_individuals", "age=16-24"),
        Question("ai_considered_nonusers"),
    ),
    "barriers": (
        Question("ai_barrier_considerers", "barrier=expertise"),
        Question("ai_barrier_considerers", "barrier=legal_uncertainty"),
        Question("ai_barrier_considerers", "barrier=data_protection"),
        Question("ai_barrier_considerers", "barrier=cost"),
        Question("genai_nonuse_reason", "reason=no_know_how"),
        Question("grid_carbon_intensity"),
    ),
    "business": (
        Question("ai_acquisition_users", "route=commercial_ready"),
        Question("ai_acquisition_users", "route=external_provider"),
        Question("ai_acquisition_users", "route=own_staff"),
    ),
    "policy": (Question("gerd_gdp"),),
}
"""Factor to its questions, the one to show first first. Policy has no measure of AI policy that covers the members."""


@dataclass(frozen=True)
class Trend:
    """What the EU as a whole did from the first to the last period; `per_year` in the unit of the question.

    `breaks` holds the letters of a break or a new definition at any step in between.
    """

    first: Point
    last: Point
    per_year: float
    breaks: str


@dataclass(frozen=True, eq=False)
class Across:
    """One question across the members.

    ``state`` is the newest figure of the EU as a whole, None where it has none. ``spread``: a row per period with n
    (members counted, the same in every row), mean and median (each member counts alike), cv (standard deviation over
    mean, the members being the population), low, high, range, broken (members with a break in that period) and
    redefined (members with another definition). ``values`` are all rows of the newest counted period, ``highest`` and
    ``lowest`` its ends (geo, value, flag, source, period); which end leads is the indicator's direction. ``left_out``:
    periods that cover too few members, with their number.
    """

    factor: str
    question: Question
    unit: str
    state: Point | None
    trend: Trend | None
    spread: pd.DataFrame
    values: pd.DataFrame
    highest: pd.DataFrame
    lowest: pd.DataFrame
    left_out: dict[str, int]


def across(factor: str, cat: Catalog | None = None) -> list[Across]:
    """Every question of `factor` across the members; `UserError` for a factor that does not exist."""
    cat = cat or catalog.load()
    if factor not in QUESTIONS:
        raise UserError('There is no factor "{factor}"; there are {known}.', factor=factor, known=", ".join(QUESTIONS))
    return [ask(cat, factor, question) for question in QUESTIONS[factor]]


def ask(cat: Catalog, factor: str, question: Question) -> Across:
    """One question across the members."""
    rows = panel(cat, question)
    counts = rows.groupby("period")["geo"].nunique()
    kept = sorted(counts.index[counts >= COVERED], key=periods.last_day)
    newest = rows[rows["period"] == (kept[-1] if kept else "")].sort_values(
        ["value", "geo"], ascending=[False, True], ignore_index=True
    )
    points = series(cat, question.indicator, EU, question.breakdown)
    return Across(
        factor=factor,
        question=question,
        unit=str(cat.indicators.at[question.indicator, "unit"]),
        state=points[-1] if points else None,
        trend=trend(points),
        spread=spread(rows, kept),
        values=newest,
        highest=newest.head(MANY),
        lowest=newest.tail(MANY).iloc[::-1].reset_index(drop=True),
        left_out={str(period): int(n) for period, n in counts.items() if period not in kept},
    )


def panel(cat: Catalog, question: Question) -> pd.DataFrame:
    """One value per member and period: geo, period, value, flag, source; the primary source where there are two."""
    members = list(cat.geographies.index[cat.geographies["eu27"]])
    rows = cat.observations(question.indicator, members, breakdown=question.breakdown)
    rows = rows[~rows["flag"].str.contains(f"[{DOUBTFUL}{PROJECTION}]")]
    first = rows["flag"].str[0].map(PROVENANCE.index)
    rows = rows.assign(order=first).sort_values(["order", "source"], ascending=[True, False], kind="stable")
    kept = rows.drop_duplicates(["geo", "period"]).sort_values(["period", "geo"], ignore_index=True)
    return kept[["geo", "period", "value", "flag", "source"]]


def spread(rows: pd.DataFrame, kept: Sequence[str]) -> pd.DataFrame:
    """How far apart the members of `rows` are in each period of `kept`, over those with a value in all of them.

    Indexed by period; columns n, mean, median, cv, low, high, range, broken, redefined (see `Across`). `cv` is NaN
    where the mean is 0; there is no row without a member.
    """
    wide = rows[rows["period"].isin(kept)].pivot_table(index="geo", columns="period", values="value").dropna()
    counted = rows[rows["geo"].isin(wide.index)]
    marked = {letter: counted[counted["flag"].str.contains(letter)]["period"].value_counts() for letter in BREAKS}
    found = {}
    for period in kept if len(wide) else ():
        values = wide[period].to_numpy(np.float64)
        mean = float(values.mean())
        found[period] = {
            "n": len(values),
            "mean": mean,
            "median": float(np.median(values)),
            "cv": float(values.std() / mean) if mean else float("nan"),
            "low": float(values.min()),
            "high": float(values.max()),
            "range": float(values.max() - values.min()),
            "broken": int(marked["b"].get(period, 0)),
            "redefined": int(marked["d"].get(period, 0)),
        }
    columns = ["n", "mean", "median", "cv", "low", "high", "range", "broken", "redefined"]
    return pd.DataFrame.from_dict(found, orient="index", columns=columns).rename_axis("period")


def trend(points: Sequence[Point]) -> Trend | None:
    """From the first point to the last; None for fewer than two."""
    if len(points) < 2:
        return None
    first, last = points[0], points[-1]
    years = (periods.last_day(last.period) - periods.last_day(first.period)).days / 365.25
    breaks = "".join(letter for letter in BREAKS if any(letter in point.breaks for point in points[1:]))
    return Trend(first, last, (last.value - first.value) / years, breaks)
