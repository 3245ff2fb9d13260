"""Normalisation: indicators of every unit and sign onto one scale, where more is better.

A method takes one indicator (length n, NaN where missing), already multiplied by its direction, and the indicator's own
facts (`Facts`), and returns the scaled values. Definitions as in COINr 1.1.14 unless the method says otherwise.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from aigc_report.index.fault import Fault
from aigc_report.index.structure import Structure

Array = npt.NDArray[np.float64]


class Facts(NamedTuple):
    """What the structure says of an indicator: direction (1 or -1) and goalposts, these transformed like the values."""

    code: str
    direction: float
    low: float
    high: float


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
            "fracmax cannot score an indicator of direction -1; choose another method",
            code=facts.code,
            field="Direction",
        )
    if np.nanmax(x) == 0:
        raise Fault("fracmax divides by the maximum, which is 0", code=facts.code)
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


NORMALISERS: dict[str, Normaliser] = {
    method.__name__: method
    for method in (minmax, zscore, rank, borda, dist2max, scaled, fracmax, percentile_rank, goalposts)
}


def normalise(values: pd.DataFrame, structure: Structure, method: Normaliser) -> pd.DataFrame:
    """`values` (units × indicators) scaled by `method`: transformed where the structure says log, then by direction."""
    scores = {}
    for code in map(str, values.columns):
        line = structure.lines[code]
        x: Array = values[code].to_numpy(np.float64, copy=True)
        low, high = line.low, line.high
        if line.transform == "log":
            x, low, high = (
                _log(x, values.index, code),
                _log_goalpost(low, code, "Low"),
                _log_goalpost(high, code, "High"),
            )
        scores[code] = method(line.direction * x, Facts(code, line.direction, low, high))
    return pd.DataFrame(scores, index=values.index)


def _unit_range(x: Array, facts: Facts) -> Array:
    _require_spread(x, facts)
    lowest, highest = np.nanmin(x), np.nanmax(x)
    share: Array = (x - lowest) / (highest - lowest)
    return share


def _require_spread(x: Array, facts: Facts) -> None:
    if not np.nanmax(x) > np.nanmin(x):
        raise Fault(
            "every unit has the same value, which this method cannot scale; leave the indicator out", code=facts.code
        )


def _log(x: Array, units: pd.Index, code: str) -> Array:
    if (x <= 0).any():
        unit = str(units[x <= 0][0])
        raise Fault(
            "the logarithm needs values above 0, but {unit} has {value:g}", code=code, unit=unit, value=x[x <= 0][0]
        )
    return np.log(x)


def _log_goalpost(value: float, code: str, column: str) -> float:
    if value <= 0:
        raise Fault("the logarithm needs a goalpost above 0", code=code, field=column)
    return float(np.log(value))
