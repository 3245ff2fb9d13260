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

from aigc_report.index.fault import Fault

Array = npt.NDArray[np.float64]
LOG_SHIFT = 0.01
"""Share of the range added before the logarithm, so that the smallest value stays finite (COIN Tool)."""
FALLBACKS = ("log", "boxcox", "none")
POWER_STEP = 0.01
"""How finely the power of a Box-Cox transform is searched."""
FEWEST_POINTS = 4
"""Kurtosis needs four values (its denominator holds n - 3)."""


@dataclass(frozen=True)
class Treatment:
    """What was done to one indicator: ``none``, ``winsorised``, ``log`` or ``boxcox`` (with its ``power``); the points
    moved; whether it passes now."""

    action: str
    points: int
    passes: bool
    power: float | None = None


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


def boxcox(
    values: Array, *, skew: float = 2.0, kurtosis: float = 3.5, power: float = float("nan")
) -> tuple[Array, Treatment]:
    """The indicator by Box and Cox's (1964) transform, (y^power - 1) / power or ln y, where it has outliers.

    y is x, shifted as for the logarithm where x is not positive. `power` is the most likely one under a normal
    distribution, searched from -3 to 3, unless it is given.
    """
    present = values[~np.isnan(values)]
    if present.size < FEWEST_POINTS or np.ptp(present) == 0 or passes(values, skew, kurtosis):
        return values, Treatment("none", 0, True)
    y = values if present.min() > 0 else values - present.min() + LOG_SHIFT * np.ptp(present)
    chosen = _likeliest(y[~np.isnan(y)]) if np.isnan(power) else power
    treated = np.log(y) if abs(chosen) < POWER_STEP / 2 else (y**chosen - 1) / chosen
    return treated, Treatment("boxcox", present.size, passes(treated, skew, kurtosis), chosen)


def winsorise(
    values: Array, *, max_points: int = 5, skew: float = 2.0, kurtosis: float = 3.5, fallback: str = "log"
) -> tuple[Array, Treatment]:
    """The indicator (length n, NaN where missing) with outliers pulled in, or its logarithm where that is not enough.

    `fallback` says what is tried where it is not enough: ``log``, ``boxcox`` or ``none``. Each round gives the extreme
    value on the side of the skew the level of the next; points tied there move together and each counts. Indicators
    with fewer than four values, or without spread, are returned as they are.
    """
    if fallback not in FALLBACKS:
        raise Fault(
            'step treat: fallback is "{fallback}", but it must be one of {known}',
            fallback=fallback,
            known=", ".join(FALLBACKS),
        )
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
    if (enough := passes(treated, skew, kurtosis)) or fallback == "none":
        moved = int((treated != values).sum() - np.isnan(values).sum())
        return treated, Treatment("winsorised", moved, enough)
    if fallback == "boxcox":
        return boxcox(values, skew=skew, kurtosis=kurtosis)
    lowest, span = np.nanmin(values), np.nanmax(values) - np.nanmin(values)
    logged = np.log(values - lowest + LOG_SHIFT * span)
    return logged, Treatment("log", present.size, passes(logged, skew, kurtosis))


def _likeliest(y: Array) -> float:
    """The power with the largest profile likelihood (Box & Cox 1964, eq. 8), for positive values."""
    powers = np.arange(-3, 3 + POWER_STEP / 2, POWER_STEP)
    logs = np.log(y / np.exp(np.log(y).mean()))  # scaled by the geometric mean, so that no power overflows
    by_power = np.where(
        np.abs(powers)[:, None] < POWER_STEP / 2,
        logs,
        np.expm1(powers[:, None] * logs) / np.where(powers == 0, 1, powers)[:, None],
    )
    return float(np.round(powers[np.argmin(by_power.var(axis=1))], 2))


TREATERS: dict[str, Treater] = {"winsorise": winsorise, "boxcox": boxcox}


def treat(values: pd.DataFrame, method: Treater) -> tuple[pd.DataFrame, dict[str, Treatment]]:
    """`values` (units × indicators) treated indicator by indicator, and what was done to each that needed it."""
    outcome = {str(code): method(values[code].to_numpy(np.float64, copy=True)) for code in values.columns}
    frame = pd.DataFrame({code: column for code, (column, _) in outcome.items()}, index=values.index)
    return frame, {code: done for code, (_, done) in outcome.items() if done.action != "none"}
