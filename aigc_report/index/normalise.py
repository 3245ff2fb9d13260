"""Normalisation: indicators of every unit and sign onto one scale, where more is better.

A method takes one indicator (length n, NaN where missing), already multiplied by its direction, and the indicator's own
facts (`Facts`), and returns the scaled values. Definitions as in COINr 1.1.14 unless the method says otherwise.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from aigc_report.i18n import N_
from aigc_report.index.fault import Fault
from aigc_report.index.structure import Line, Structure

Array = npt.NDArray[np.float64]


class Facts(NamedTuple):
    """What the structure says of an indicator: direction (1 or -1), goalposts and target, these transformed like the
    values; and the codes of the units, in the order of the values."""

    code: str
    direction: float
    low: float
    high: float
    target: float = float("nan")
    units: Sequence[str] = ()


Normaliser = Callable[..., Array]


def minmax(x: Array, facts: Facts, *, lower: float = 0.0, upper: float = 100.0) -> Array:
    """lower + (upper - lower) · (x - min) / (max - min): the worst unit at `lower`, the best at `upper`."""
    return lower + (upper - lower) * _unit_range(x, facts)


def zscore(x: Array, facts: Facts, *, mean: float = 0.0, sd: float = 1.0) -> Array:
    """mean + sd · (x - average) / s, with the sample standard deviation s (n - 1)."""
    _require_spread(x, facts)
    return mean + sd * (x - np.nanmean(x)) / np.nanstd(x, ddof=1)


def rank(x: Array, facts: Facts) -> Array:
    """Place from the bottom: 1 for the lowest value; ties share the lower place."""
    places: Array = np.asarray(pd.Series(x).rank(method="min"), dtype=np.float64)
    return places


def borda(x: Array, facts: Facts) -> Array:
    """How many units lie below: rank - 1."""
    return rank(x, facts) - 1


def dist2max(x: Array, facts: Facts) -> Array:
    """1 - (max - x) / (max - min), from 0 to 1."""
    return _unit_range(x, facts)


def scaled(x: Array, facts: Facts, *, lower: float = 0.0, upper: float = 100.0) -> Array:
    """100 · (x - lower) / (upper - lower), with the same two values for every indicator."""
    if lower == upper:
        raise Fault("step normalise: scaled needs lower and upper to differ")
    return 100 * (x - lower) / (upper - lower)


def fracmax(x: Array, facts: Facts) -> Array:
    """x / max. Refused where less is better: after the change of sign the maximum is no longer the largest size."""
    if facts.direction < 0:
        raise Fault(
            N_("fracmax cannot score an indicator of direction -1; choose another method"),
            code=facts.code,
            field="Direction",
        )
    if np.nanmax(x) == 0:
        raise Fault(N_("fracmax divides by the maximum, which is 0"), code=facts.code)
    return x / np.nanmax(x)


def percentile_rank(x: Array, facts: Facts) -> Array:
    """(rank - 1) / (n - 1) over the n units with a value, from 0 to 1."""
    if np.isfinite(x).sum() < 2:
        raise Fault("percentile_rank needs two units with a value", code=facts.code)
    return borda(x, facts) / float(np.isfinite(x).sum() - 1)


def goalposts(x: Array, facts: Facts, *, lower: float = 0.0, upper: float = 1.0, clip: bool = True) -> Array:
    """The way from the indicator's `Low` to its `High`, onto lower..upper; turned round where less is better.

    `clip` holds values beyond a goalpost at it.
    """
    if not np.isfinite([facts.low, facts.high]).all():
        missing = "Low" if not np.isfinite(facts.low) else "High"
        raise Fault("goalposts need Low and High for every indicator", code=facts.code, field=missing)
    start, end = (facts.low, facts.high) if facts.direction > 0 else (-facts.high, -facts.low)
    share = (x - start) / (end - start)
    scores: Array = lower + (upper - lower) * (np.clip(share, 0, 1) if clip else share)
    return scores


def dist2ref(x: Array, facts: Facts, *, unit: str, cap: bool = False) -> Array:
    """1 - (reference - x) / (reference - min), with the value of `unit` as the reference; `cap` holds scores at 1."""
    if unit not in facts.units:
        raise Fault('step normalise: dist2ref: there is no unit "{name}"', name=unit)
    reference = float(x[list(facts.units).index(unit)])
    if np.isnan(reference):
        raise Fault("dist2ref needs a value of {unit}", code=facts.code, unit=unit)
    return _distance(x, reference, facts, cap=cap)


def dist2targ(x: Array, facts: Facts, *, cap: bool = False) -> Array:
    """1 - (target - x) / (target - min), with the indicator's `Target`; `cap` holds scores at 1."""
    if not np.isfinite(facts.target):
        raise Fault("dist2targ needs a Target for every indicator", code=facts.code, field="Target")
    return _distance(x, facts.direction * facts.target, facts, cap=cap)


NORMALISERS: dict[str, Normaliser] = {
    method.__name__: method
    for method in (
        minmax,
        zscore,
        rank,
        borda,
        dist2max,
        dist2ref,
        dist2targ,
        scaled,
        fracmax,
        percentile_rank,
        goalposts,
    )
}


def normalise(values: pd.DataFrame, structure: Structure, method: Normaliser) -> pd.DataFrame:
    """`values` (units × indicators) scaled by `method`: transformed where the structure says log, then by direction."""
    units = tuple(map(str, values.index))
    scores = {
        code: column(values[code].to_numpy(np.float64, copy=True), structure.lines[code], units, method)
        for code in map(str, values.columns)
    }
    return pd.DataFrame(scores, index=values.index)


def column(x: Array, line: Line, units: Sequence[str], method: Normaliser) -> Array:
    """One indicator (length n, NaN where missing) scaled by `method`."""
    low, high, target = line.low, line.high, line.target
    if line.transform == "log":
        x = _log(x, units, line.code)
        low, high = _log_goalpost(low, line.code, "Low"), _log_goalpost(high, line.code, "High")
        target = _log_goalpost(target, line.code, "Target")
    return method(line.direction * x, Facts(line.code, line.direction, low, high, target, units))


def _distance(x: Array, aim: float, facts: Facts, *, cap: bool) -> Array:
    lowest = float(np.nanmin(x))
    if aim == lowest:
        raise Fault("the aim is the lowest value, so no distance to it can be scaled", code=facts.code)
    share = 1 - (aim - x) / (aim - lowest)
    return np.minimum(share, 1.0) if cap else share


def _unit_range(x: Array, facts: Facts) -> Array:
    _require_spread(x, facts)
    lowest, highest = np.nanmin(x), np.nanmax(x)
    share: Array = (x - lowest) / (highest - lowest)
    return share


def _require_spread(x: Array, facts: Facts) -> None:
    if not np.nanmax(x) > np.nanmin(x):
        raise Fault(
            N_("every unit has the same value, which this method cannot scale; leave the indicator out"),
            code=facts.code,
        )


def _log(x: Array, units: Sequence[str], code: str) -> Array:
    if (x <= 0).any():
        unit = units[int(np.flatnonzero(x <= 0)[0])]
        raise Fault(
            N_("the logarithm needs values above 0, but {unit} has {value:g}"), code=code, unit=unit, value=x[x <= 0][0]
        )
    return np.log(x)


def _log_goalpost(value: float, code: str, column: str) -> float:
    if value <= 0:
        raise Fault(N_("the logarithm needs a goalpost above 0"), code=code, field=column)
    return float(np.log(value))
