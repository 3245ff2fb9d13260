"""Treatment of outliers: bring an indicator's skewness and kurtosis within bounds before it is scaled.

The procedure of the Global Innovation Index and of COINr 1.1.14's `Treat`: an indicator is left alone when
|skewness| < skew or kurtosis < kurtosis limit. Otherwise its most extreme points are winsorised one by one, up to
`max_points`; where that is not enough, a logarithm is taken of the *untreated* values, shifted to stay positive.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

Array = npt.NDArray[np.float64]
LOG_SHIFT = 0.01
"""Share of the range added before the logarithm, so that the smallest value stays finite (COIN Tool)."""
FEWEST_POINTS = 4
"""Kurtosis needs four values (its denominator holds n - 3)."""


@dataclass(frozen=True)
class Treatment:
    """What was done to one indicator: ``none``, ``winsorised`` or ``log``; the points moved; whether it passes now."""

    action: str
    points: int
    passes: bool


Treater = Callable[..., tuple[Array, Treatment]]


def skewness(values: Array) -> float:
    """Sample skewness G1 of values without gaps (Joanes & Gill 1998, type 2, as spreadsheets and COINr compute it)."""
    n, centred = values.size, values - values.mean()
    spread = float((centred**2).sum())
    if n < 3 or spread == 0:
        return float("nan")
    g1 = np.sqrt(n) * float((centred**3).sum()) / spread**1.5
    return float(g1 * np.sqrt(n * (n - 1)) / (n - 2))


def kurtosis(values: Array) -> float:
    """Sample excess kurtosis G2 of values without gaps (Joanes & Gill 1998, type 2)."""
    n, centred = values.size, values - values.mean()
    spread = float((centred**2).sum())
    if n < FEWEST_POINTS or spread == 0:
        return float("nan")
    g2 = n * float((centred**4).sum()) / spread**2 - 3
    return float(((n + 1) * g2 + 6) * (n - 1) / ((n - 2) * (n - 3)))


def passes(values: Array, skew: float, kurt: float) -> bool:
    """Whether the values (gaps ignored) need no treatment: |skewness| < skew or kurtosis < kurt."""
    present = values[~np.isnan(values)]
    return bool(abs(skewness(present)) < skew or kurtosis(present) < kurt)


def winsorise(
    values: Array, *, max_points: int = 5, skew: float = 2.0, kurtosis: float = 3.5
) -> tuple[Array, Treatment]:
    """The indicator (length n, NaN where missing) with outliers pulled in, or its logarithm where that is not enough.

    Each round gives the extreme value on the side of the skew the level of the next; points tied there move together
    and each counts. Indicators with fewer than four values, or without spread, are returned as they are.
    """
    present = values[~np.isnan(values)]
    if present.size < FEWEST_POINTS or np.ptp(present) == 0 or passes(values, skew, kurtosis):
        return values, Treatment("none", 0, True)
    treated, high, low = values.copy(), 0, 0
    while high + low < max_points and not passes(treated, skew, kurtosis):
        upper = skewness(treated[~np.isnan(treated)]) >= 0
        extreme = np.nanmax(treated) if upper else np.nanmin(treated)
        at = treated == extreme
        rest = treated[~at]
        if np.isnan(rest).all():
            break
        treated[at] = np.nanmax(rest) if upper else np.nanmin(rest)
        high, low = (int(at.sum()), low) if upper else (high, int(at.sum()))
    if passes(treated, skew, kurtosis):
        return treated, Treatment("winsorised", int((treated != values).sum() - np.isnan(values).sum()), True)
    lowest, span = np.nanmin(values), np.nanmax(values) - np.nanmin(values)
    logged = np.log(values - lowest + LOG_SHIFT * span)
    return logged, Treatment("log", present.size, passes(logged, skew, kurtosis))


TREATERS: dict[str, Treater] = {"winsorise": winsorise}


def treat(values: pd.DataFrame, method: Treater) -> tuple[pd.DataFrame, dict[str, Treatment]]:
    """`values` (units × indicators) treated indicator by indicator, and what was done to each that needed it."""
    outcome = {str(code): method(values[code].to_numpy(np.float64, copy=True)) for code in values.columns}
    frame = pd.DataFrame({code: column for code, (column, _) in outcome.items()}, index=values.index)
    return frame, {code: done for code, (_, done) in outcome.items() if done.action != "none"}
