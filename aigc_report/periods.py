"""Periods as SDMX writes them: ``2025``, ``2025-S1``, ``2025-Q1``, ``2025-03``, ``2025-03-14``."""

import calendar
import re
from datetime import date

PATTERN = r"\d{4}(-(S[12]|Q[1-4]|(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?))?"
"""A period; whether a day exists in its month is left to `last_day`."""

_MONTHS_OF = {"S": 6, "Q": 3}


def last_day(period: str) -> date:
    """The day on which `period` ends; `ValueError` when it is no period. Periods sort by it, whatever their length."""
    if not re.fullmatch(PATTERN, period):
        raise ValueError(f'"{period}" is no period')
    year, *rest = period.split("-")
    if len(rest) == 2:
        return date.fromisoformat(period)
    part = rest[0] if rest else "12"
    month = int(part[1]) * _MONTHS_OF[part[0]] if part[0] in _MONTHS_OF else int(part)
    return date(int(year), month, calendar.monthrange(int(year), month)[1])


def decimal_year(period: str) -> float:
    """Where `period` lies on an axis of years: its middle, as a year with a fraction."""
    last = last_day(period)
    _, *rest = period.split("-")
    months = _MONTHS_OF[rest[0][0]] if rest and rest[0][0] in _MONTHS_OF else 1 if rest else 12
    first = last if len(rest) == 2 else date(last.year, last.month - months + 1, 1)
    start, end = date(last.year, 1, 1).toordinal(), date(last.year + 1, 1, 1).toordinal()
    return last.year + ((first.toordinal() + last.toordinal()) / 2 - start) / (end - start)
