"""Periods as numbers: how far apart rows are, what one step is, and what the coming periods are called.

A column of periods is of one kind: plain counts (``1, 2, 3``; years are counts of years), half-years, quarters, months,
or days. Months are counted as months, whatever their length; days that share a day of the month, or are all the last
of it, are counted as months too. Periods of mixed kinds are counted in days by their last day.
"""

import calendar
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from aigc_report import periods
from aigc_report.diffusion.curve import Array

DAYS_PER_YEAR = 365.2425
LAST_DAY = date.max.toordinal()
_COUNT = re.compile(r"\d{1,9}")
_PARTS = {"S": 2, "Q": 4}
_STEP_NAMES = {"count": "unit of the column period", "S": "half-year", "Q": "quarter", "day": "day"}


@dataclass(frozen=True)
class Timeline:
    """Rows counted in a `kind` of period: count, S, Q, month, month-day, month-end or day; `step` is the usual gap."""

    kind: str
    index: tuple[int, ...]
    step: int
    day: int = 0

    @property
    def even(self) -> bool:
        """Whether all rows are one step apart."""
        return len(set(np.diff(self.index))) <= 1

    def times(self) -> Array:
        """Time of each row in steps, the first row at 1."""
        index = np.array(self.index, dtype=float)
        times: Array = 1 + (index - index[0]) / self.step
        return times

    def after(self, count: int) -> list[str]:
        """The names of the next `count` periods, a step apart."""
        return [self._name(self.index[-1] + self.step * ahead) for ahead in range(1, count + 1)]

    def step_name(self) -> str:
        """One step in words: ``14 days``."""
        years = self.kind == "count" and 1000 <= self.index[0] <= self.index[-1] < 3000
        unit = "year" if years else _STEP_NAMES.get(self.kind, "month")
        many = unit.replace("unit of", "units of") if " " in unit else f"{unit}s"
        return f"1 {unit}" if self.step == 1 else f"{self.step} {many}"

    def at(self, t: float) -> str | None:
        """The name of the period in which time `t` falls, times being in steps; None beyond the calendar."""
        at = math.floor(self.index[0] + (t - 1) * self.step)
        if self.kind != "count" and not self._first_index < at < self._last_index:
            return None
        return self._name(at)

    @property
    def _first_index(self) -> int:
        return 0 if self.kind == "day" else _PARTS.get(self.kind, 12)

    @property
    def _last_index(self) -> int:
        return LAST_DAY if self.kind == "day" else 9999 * _PARTS.get(self.kind, 12)

    def _name(self, at: int) -> str:
        if self.kind == "count":
            return str(at)
        if self.kind == "day":
            return iso_day(at)
        if self.kind in _PARTS:
            year, part = divmod(at, _PARTS[self.kind])
            return f"{year}-{self.kind}{part + 1}"
        year, month = divmod(at, 12)
        last = calendar.monthrange(year, month + 1)[1]
        day = {"month": 0, "month-day": self.day, "month-end": last}[self.kind]
        return f"{year}-{month + 1:02}" + (f"-{min(day, last):02}" if day else "")


def iso_day(ordinal: int) -> str:
    """A day by its ordinal, as ISO 8601 writes it."""
    return date.fromordinal(ordinal).isoformat()


def is_count(text: str) -> bool:
    """Whether `text` is a plain count; a year is one too."""
    return _COUNT.fullmatch(text) is not None


def is_calendar(text: str) -> bool:
    """Whether `text` is an SDMX period with a day that exists; a year is one."""
    try:
        periods.last_day(text)
    except ValueError:
        return False
    return True


def is_period(text: str) -> bool:
    """Whether `text` is a count or an SDMX period with a day that exists."""
    return is_count(text) or is_calendar(text)


def order(names: Sequence[str]) -> list[int]:
    """A number for each of `names`, all counts or all of the calendar, by which they sort."""
    if all(map(is_count, names)):
        return [int(name) for name in names]
    return [periods.last_day(name).toordinal() for name in names]


def timeline(names: Sequence[str], step: int | None = None) -> Timeline:
    """The timeline of rows called `names`, at least two, each a period (`is_period`), in their order.

    `step` is in units of its kind; by default the most common gap, of equally common ones the smallest. Rows that do
    not advance give steps of zero or less: check the order with `Timeline.index` before using one.
    """
    kind, index, day = _counted(names)
    gaps = Counter(int(gap) for gap in np.diff(index))
    usual = min(gaps, key=lambda gap: (-gaps[gap], gap))
    return Timeline(kind, tuple(index), step or usual, day)


def in_years(names: Sequence[str], origin: str) -> Array:
    """Years from the end of the period `origin` to the end of each of `names`, (n,)."""
    start = periods.last_day(origin)
    days = [(periods.last_day(name) - start).days for name in names]
    return np.array(days, dtype=float) / DAYS_PER_YEAR


def _counted(names: Sequence[str]) -> tuple[str, list[int], int]:
    """Kind, counts and, for months with a day, that day."""
    if all(_COUNT.fullmatch(name) for name in names):
        return "count", [int(name) for name in names], 0
    for kind, parts in _PARTS.items():
        if all(name[4:6] == f"-{kind}" for name in names):
            return kind, [int(name[:4]) * parts + int(name[6]) - 1 for name in names], 0
    if all(re.fullmatch(r"\d{4}-\d\d", name) for name in names):
        return "month", [int(name[:4]) * 12 + int(name[5:]) - 1 for name in names], 0
    days = [periods.last_day(name) for name in names]
    months = [day.year * 12 + day.month - 1 for day in days]
    if len(set(months)) == len(months) and len({len(name) for name in names}) == 1:
        if len({day.day for day in days}) == 1:
            return "month-day", months, days[0].day
        if all(day.day == calendar.monthrange(day.year, day.month)[1] for day in days):
            return "month-end", months, 0
    return "day", [day.toordinal() for day in days], 0
