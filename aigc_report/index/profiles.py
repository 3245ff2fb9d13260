"""Profiles: what a unit's rank is made of, what it is good at, whom to compare it with, and what a change would do."""

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from aigc_report.errors import UserError
from aigc_report.index import aggregate
from aigc_report.index.build import Inputs, located, prepare, read, score
from aigc_report.index.result import IndexResult
from aigc_report.index.spec import IndexSpec

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class WhatIf:
    """An index before and after a change of one unit's values; ranks and scores of every code, before and after."""

    unit: str
    before: IndexResult
    after: IndexResult

    def changes(self) -> pd.DataFrame:
        """Per code, the unit's score and rank before and after."""
        return pd.DataFrame(
            {
                "score_before": self.before.scores.loc[self.unit],
                "score_after": self.after.scores.loc[self.unit],
                "rank_before": self.before.ranks.loc[self.unit],
                "rank_after": self.after.ranks.loc[self.unit],
            }
        ).rename_axis("code")


def strengths(result: IndexResult, unit: str, count: int = 5) -> pd.DataFrame:
    """The `count` indicators on which `unit` ranks best, best first; columns as in `IndexResult.profile`, and share.

    `share` is the place among the units with a value, 0 (first) to 1 (last), so that indicators with gaps compare.
    `UserError` for a unit that is not there.
    """
    return _by_place(result, unit).head(count)


def weaknesses(result: IndexResult, unit: str, count: int = 5) -> pd.DataFrame:
    """The `count` indicators on which `unit` ranks worst, worst first; columns as in `strengths`."""
    return _by_place(result, unit).iloc[::-1].head(count)


def peers(result: IndexResult, unit: str, by: "pd.Series[float] | str" = "", count: int = 5) -> pd.DataFrame:
    """The `count` units most like `unit`: nearest in `by`, the total's score unless a code or a series is given.

    A series (income per head, population) is compared by ratio where all its values are above 0, else by difference.
    Columns: by, distance, score, rank. Units without a value are left out.
    """
    _require_unit(result, unit)
    values = by if isinstance(by, pd.Series) else result.scores[by or result.total]
    values = values.reindex(result.scores.index).dropna().astype("float64")
    if unit not in values.index:
        raise UserError("{unit} has no value to find peers by.", unit=unit)
    scale = values.map(math.log) if isinstance(by, pd.Series) and (values > 0).all() else values
    distance = (scale - scale[unit]).abs().drop(unit).sort_values(kind="stable").head(count)
    return pd.DataFrame(
        {
            "by": values[distance.index],
            "distance": distance,
            "score": result.scores.loc[distance.index, result.total],
            "rank": result.ranks.loc[distance.index, result.total],
        }
    )


def what_if(
    spec: str | IndexSpec | Inputs, unit: str, changes: dict[str, float], before: IndexResult | None = None
) -> WhatIf:
    """The index if `unit` had the values `changes` (indicator to raw value), with all steps taken again.

    The other units keep their values, but not their scores where the scale moves. `before` is the index without the
    changes, where it is known already. `UserError` for an unknown unit or
    indicator and for values that a step cannot take.
    """
    inputs = read(spec)
    for name, known, what in (
        (unit, inputs.data.values.index, "unit"),
        *((c, inputs.data.values.columns, "indicator") for c in changes),
    ):
        if name not in known:
            raise UserError(
                'There is no {what} "{name}"; known are {known}.',
                what=what,
                name=name,
                known=", ".join(map(str, known)),
            )
    values = inputs.data.values.copy()
    for code, value in changes.items():
        values.at[unit, code] = value
    changed = replace(inputs, data=replace(inputs.data, values=values))
    return WhatIf(unit, _built(inputs) if before is None else before, _built(changed))


def needed(spec: str | IndexSpec, unit: str, indicator: str, rank: int, *, steps: int = 40) -> float | None:
    """The value of `indicator` nearest to the present one at which `unit` reaches place `rank` in the total.

    Found by bisection between the present value and the best of all units; None where even that is not enough.
    """
    inputs = read(spec)
    before = _built(inputs)
    _require_unit(before, unit)
    if indicator not in inputs.data.values:
        raise UserError('There is no indicator "{name}".', name=indicator)
    own = inputs.data.values[indicator].astype("float64")
    best = float(own.max() if inputs.structure.lines[indicator].direction > 0 else own.min())

    def place(result: IndexResult) -> float:
        return float(result.ranks[before.total].astype("float64")[unit])

    def reached(value: float) -> bool:
        values = inputs.data.values.copy()
        values.at[unit, indicator] = value
        return place(_built(replace(inputs, data=replace(inputs.data, values=values)))) <= rank

    present = float(own[unit])
    if place(before) <= rank:
        return present
    if np.isnan(present) or not reached(best):
        return None
    short, enough = present, best
    for _ in range(steps):
        middle = (short + enough) / 2
        short, enough = (short, middle) if reached(middle) else (middle, enough)
    return enough


def contributions(result: IndexResult, unit: str) -> "pd.Series[float]":
    """What each indicator adds to the total of `unit` beyond that of a unit with the mean score on every indicator.

    The parts sum to the difference exactly, for arithmetic, geometric and harmonic means at any node: the difference
    of a mean is a weighted sum of the differences of its children (for the geometric one with logarithmic means as
    weights, the LMDI of Ang 2004). `UserError` for a node of another method, and for a unit with gaps.
    """
    _require_unit(result, unit)
    indicators = list(map(str, result.raw.columns))
    scores = result.scores[indicators].loc[[unit]].to_numpy(np.float64)[0]
    own = dict(zip(indicators, map(float, scores), strict=True))
    if np.isnan(list(own.values())).any():
        raise UserError("{unit} has gaps, so its score cannot be shared out among the indicators.", unit=unit)
    reference = _numbers(result.scores[indicators].mean())
    weights, parents = _numbers(result.structure["weight"]), result.structure["parent"].astype(str)
    nodes = [str(code) for code in reversed(result.structure.index) if code not in indicators]
    slopes: dict[str, float] = {}
    for parent in nodes:
        method = result.methods.get(parent, "")
        if method not in SLOPES:
            raise UserError("{code} is no mean, so its score cannot be shared out.", code=parent)
        children = [str(code) for code in parents.index[parents == parent]]
        w, x, r = (np.array([part[child] for child in children]) for part in (weights, own, reference))
        mean = aggregate.AGGREGATORS[method]
        own[parent], reference[parent] = (float(mean(v[None, :], w)[0]) for v in (x, r))
        slopes |= dict(zip(children, SLOPES[method](x, r, w / w.sum(), own[parent], reference[parent]), strict=True))
    counted = {result.total: 1.0}
    for code in map(str, result.structure.index[1:]):
        counted[code] = counted[parents[code]] * float(slopes[code])
    return pd.Series({code: counted[code] * (own[code] - reference[code]) for code in indicators}, dtype="float64")


def _arithmetic(x: Array, r: Array, w: Array, own: float, reference: float) -> Array:
    return w


def _geometric(x: Array, r: Array, w: Array, own: float, reference: float) -> Array:
    ends = np.append(x, own), np.append(r, reference)
    means = np.where(ends[0] == ends[1], ends[0], 0.0)
    differ = ends[0] != ends[1]
    means[differ] = (ends[0] - ends[1])[differ] / np.log(ends[0][differ] / ends[1][differ])
    return np.asarray(w * means[-1] / means[:-1], dtype=np.float64)


def _harmonic(x: Array, r: Array, w: Array, own: float, reference: float) -> Array:
    return np.asarray(w * own * reference / (x * r), dtype=np.float64)


SLOPES = {"arithmetic": _arithmetic, "geometric": _geometric, "harmonic": _harmonic}
"""By how much a mean moves from `reference` to `own` per step of each child from r to x, exactly."""


def _numbers(values: "pd.Series[float]") -> dict[str, float]:
    return {str(code): float(value) for code, value in values.items()}


def _by_place(result: IndexResult, unit: str) -> pd.DataFrame:
    _require_unit(result, unit)
    profile = result.profile(unit)
    counted = result.scores[list(profile.index)].notna().sum()
    share = (profile["rank"].astype("Float64") - 1) / (counted - 1).where(counted > 1)
    return profile.assign(share=share).dropna(subset=["share"]).sort_values(["share", "rank"], kind="stable")


def _built(inputs: Inputs) -> IndexResult:
    with located(inputs):
        return score(inputs, prepare(inputs))


def _require_unit(result: IndexResult, unit: str) -> None:
    if unit not in result.scores.index:
        known = ", ".join(map(str, result.scores.index))
        raise UserError('There is no unit "{unit}"; known are {known}.', unit=unit, known=known)
