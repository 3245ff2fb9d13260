"""Faults that show only when tables are read together: units, ranges, breakdowns, dates, rows nothing refers to."""

import re
from collections.abc import Collection, Iterator

import pandas as pd

from aigc_report import periods
from aigc_report.check.cells import Tables, numbers
from aigc_report.check.problem import Problem

_PAIR = re.compile(r"[a-z][a-z0-9_]*=[^;=]+")


def observations(name: str, frame: pd.DataFrame, tables: Tables) -> Iterator[Problem]:
    """What is wrong with one table of observations in the light of the others."""
    if "breakdown" in frame:
        yield from _breakdowns(name, frame["breakdown"])
    if "period" in frame:
        yield from _days(name, frame["period"])
    indicators = tables.get("indicators", {}).get("indicators.csv")
    if indicators is not None and {"indicator", "unit"} <= {*indicators} & {*frame}:
        yield from _units(name, frame, indicators)
    units = tables.get("units", {}).get("units.csv")
    if units is not None and {"unit", "minimum", "maximum"} <= {*units} and {"unit", "value"} <= {*frame}:
        yield from _ranges(name, frame, units)


def orphans(tables: Tables, claims: Collection[str] = ()) -> Iterator[Problem]:
    """Sources and indicators that nothing refers to.

    A policy may name further sources in its note; `claims` are those that the claims of the package name.
    """
    observed = [*tables.get("observations", {}).values()]
    policies = [*tables.get("policy_instruments", {}).values()]
    if not observed:
        return
    cited = _distinct([*observed, *policies], "source")
    cited |= {word for note in _distinct(policies, "note") for word in re.findall(r"\w+", note)} | set(claims)
    used = {"sources": ("source", cited), "indicators": ("indicator", _distinct(observed, "indicator"))}
    for table, (column, known) in used.items():
        for name, frame in tables.get(table, {}).items():
            if column in frame:
                lonely = frame.loc[~frame[column].isin(known) & (frame[column] != ""), column]
                for line, value in lonely.items():
                    yield Problem(f"orphan-{column}", name, int(str(line)), column, {"value": value})


def sorted_breakdown(breakdown: str) -> str | None:
    """`breakdown` as it should be written, or None where it is none: keys sorted, each once, none empty."""
    pairs = breakdown.split(";") if breakdown else []
    names = [pair.partition("=")[0] for pair in pairs]
    if not all(_PAIR.fullmatch(pair) for pair in pairs) or len(set(names)) < len(names):
        return None
    return ";".join(sorted(pairs, key=lambda pair: pair.partition("=")[0]))


def _breakdowns(name: str, values: pd.Series) -> Iterator[Problem]:
    right = {value: sorted_breakdown(value) for value in values.unique()}
    wrong = {value for value, form in right.items() if form != value}
    for line, value in values[values.isin(wrong)].items():
        fields = {"value": value, "expected": right[value] or "size=250+;tech=nlg"}
        yield Problem("breakdown", name, int(str(line)), "breakdown", fields)


def _days(name: str, values: pd.Series) -> Iterator[Problem]:
    """Periods of the right form that name a day no month has."""
    impossible = {value for value in values.unique() if re.fullmatch(periods.PATTERN, value) and not _exists(value)}
    for line, value in values[values.isin(impossible)].items():
        yield Problem("period", name, int(str(line)), "period", {"value": value})


def _exists(period: str) -> bool:
    try:
        periods.last_day(period)
    except ValueError:
        return False
    return True


def _units(name: str, frame: pd.DataFrame, indicators: pd.DataFrame) -> Iterator[Problem]:
    of = indicators.drop_duplicates("indicator").set_index("indicator")["unit"]
    expected = frame["indicator"].map(of)
    wrong = frame[expected.notna() & (expected != frame["unit"]) & (frame["unit"] != "")]
    for line, indicator, unit in zip(wrong.index, wrong["indicator"], wrong["unit"], strict=True):
        fields = {"value": unit, "indicator": indicator, "expected": expected[line]}
        yield Problem("unit", name, line, "unit", fields)


def _ranges(name: str, frame: pd.DataFrame, units: pd.DataFrame) -> Iterator[Problem]:
    limits = units.drop_duplicates("unit").set_index("unit")[["minimum", "maximum"]]
    value = numbers(frame["value"])
    low, high = (numbers(frame["unit"].map(limits[end]).fillna("")) for end in ("minimum", "maximum"))
    wrong = frame[(value < low) | (value > high)]
    for line, cell, unit in zip(wrong.index, wrong["value"], wrong["unit"], strict=True):
        ends = {"low": limits.at[unit, "minimum"], "high": limits.at[unit, "maximum"] or "any"}
        yield Problem("range", name, line, "value", {"value": cell, "unit": unit, **ends})


def _distinct(frames: list[pd.DataFrame], column: str) -> set[str]:
    return {str(value) for frame in frames if column in frame for value in frame[column].unique()}
