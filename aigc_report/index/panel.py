"""Panels: a unit's own values of other periods stand in for one that is missing in the period of the index.

A method takes one unit's values of one indicator (NaN where missing), the positions of their periods in time, in order,
and the place of the period wanted, and returns the value for it, NaN where there is none to take.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd

Array = npt.NDArray[np.float64]
Filler = Callable[..., float]


def last(values: Array, times: Array, at: int, *, max_gap: float = float("inf")) -> float:
    """The last value before the period, if not more than `max_gap` older (in the unit of the time column)."""
    known = np.flatnonzero(~np.isnan(values[:at]))
    if known.size == 0 or times[at] - times[known[-1]] > max_gap:
        return float("nan")
    return float(values[known[-1]])


def linear(values: Array, times: Array, at: int, *, max_gap: float = float("inf")) -> float:
    """On the straight line between the nearest values before and after; after the last value, that value.

    A value further than `max_gap` from the period is not used. Nothing is extrapolated before the first value.
    """
    known = np.flatnonzero(~np.isnan(values) & (np.abs(times - times[at]) <= max_gap))
    before, after = known[known < at], known[known > at]
    if before.size == 0:
        return float("nan")
    if after.size == 0:
        return float(values[before[-1]])
    start, end = before[-1], after[0]
    share = (times[at] - times[start]) / (times[end] - times[start])
    return float(values[start] + share * (values[end] - values[start]))


PANELS: dict[str, Filler] = {"last": last, "linear": linear}


def fill(panel: pd.DataFrame, period: float, method: Filler) -> pd.DataFrame:
    """The values of `period` (units × indicators), gaps filled by `method` from `panel`, indexed by unit and time.

    Units without a row for the period are left out. Observed values are untouched.
    """
    times = np.sort(panel.index.get_level_values("time").unique().to_numpy(np.float64))
    at = int(np.searchsorted(times, period))
    now = pd.DataFrame(panel.xs(period, level="time"))
    filled = now.copy()
    for code in panel.columns:
        wide = panel[code].unstack("time").reindex(index=now.index, columns=times)
        for unit in now.index[now[code].isna()]:
            filled.at[unit, code] = method(wide.loc[unit].to_numpy(np.float64), times, at)
    return filled
