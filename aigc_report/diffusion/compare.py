"""Who is ahead, and by how long: the time between two series reaching the same level.

Only levels that both have reached are compared, read off between neighbouring rows; nothing is extrapolated. Two series
compare only where they answer one question of one survey: compare countries or sizes within a series, not surveys.
"""

from dataclasses import dataclass

import numpy as np

from aigc_report.diffusion import timeline
from aigc_report.diffusion.curve import Array
from aigc_report.diffusion.series import Series

LEVELS = 25
"""Levels at which the time between two series is read."""


@dataclass(frozen=True)
class Lead:
    """By how many years `ahead` leads `behind`: median and range over the levels both have reached."""

    ahead: str
    behind: str
    years: float
    least: float
    most: float
    level_from: float
    level_to: float


def lead(first: Series, second: Series) -> Lead | None:
    """Which of two series leads and by how many years; None where no level was reached by both.

    A level counts as reached when it was first passed, so a later dip changes nothing. Raises ``ValueError`` for series
    whose rows are plain counts: those have no common calendar.
    """
    levels = [np.maximum.accumulate(series.levels) for series in (first, second)]
    low, high = max(level[0] for level in levels), min(level[-1] for level in levels)
    if low > high:
        return None
    sought = np.linspace(low, high, LEVELS)
    start = first.periods[0]
    passed = [
        _passed(level, timeline.in_years(series.periods, start), sought)
        for level, series in zip(levels, (first, second), strict=True)
    ]
    years = passed[1] - passed[0]
    ahead, behind = (first, second) if np.median(years) >= 0 else (second, first)
    years = years if ahead is first else -years
    return Lead(
        ahead.name,
        behind.name,
        float(np.median(years)),
        float(years.min()),
        float(years.max()),
        float(low),
        float(high),
    )


def _passed(level: Array, year: Array, sought: Array) -> Array:
    """When each of the levels `sought` was first reached; `level` does not fall."""
    after = np.clip(np.searchsorted(level, sought, side="left"), 1, len(level) - 1)
    rise = level[after] - level[after - 1]
    part = np.where(rise > 0, (sought - level[after - 1]) / np.where(rise > 0, rise, 1.0), 0.0)
    found: Array = year[after - 1] + part * (year[after] - year[after - 1])
    return found
