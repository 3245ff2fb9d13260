"""Imputation: a stand-in for a missing value, from the other units.

A method takes one indicator (length n, NaN where missing) and the groups of the units (``None`` where a unit belongs to
none) and returns it filled. What cannot be filled stays missing. Definitions as in COINr 1.1.14.
"""

from collections.abc import Callable

import pandas as pd

from aigc_report.index.fault import Fault

Imputer = Callable[..., "pd.Series[float]"]


def mean(values: "pd.Series[float]", groups: pd.DataFrame) -> "pd.Series[float]":
    """Filled with the mean of the units that have a value."""
    return values.fillna(values.mean())


def median(values: "pd.Series[float]", groups: pd.DataFrame) -> "pd.Series[float]":
    """Filled with the median of the units that have a value."""
    return values.fillna(values.median())


def group_mean(values: "pd.Series[float]", groups: pd.DataFrame, *, group: str) -> "pd.Series[float]":
    """Filled with the mean of the unit's own group; stays missing where no unit of the group has a value."""
    return values.fillna(values.groupby(_group(groups, group)).transform("mean"))


def group_median(values: "pd.Series[float]", groups: pd.DataFrame, *, group: str) -> "pd.Series[float]":
    """Filled with the median of the unit's own group; stays missing where no unit of the group has a value."""
    return values.fillna(values.groupby(_group(groups, group)).transform("median"))


IMPUTERS: dict[str, Imputer] = {"mean": mean, "median": median, "group_mean": group_mean, "group_median": group_median}


def impute(values: pd.DataFrame, groups: pd.DataFrame, method: Imputer) -> pd.DataFrame:
    """`values` (units × indicators) with each indicator filled by `method`; observed values are untouched."""
    return pd.DataFrame({code: method(values[code], groups) for code in values.columns}, index=values.index)


def _group(groups: pd.DataFrame, name: str) -> "pd.Series[str]":
    if name not in groups.columns:
        known = ", ".join(groups.columns) or "none"
        raise Fault('step impute: there is no group "{group}"; columns of Type Group: {known}', group=name, known=known)
    return groups[name]
