"""Screening: how much of the table there is, by unit and by indicator, and what falls below the limits of a spec."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from aigc_report.i18n import N_
from aigc_report.index.fault import Fault


@dataclass(frozen=True)
class Limits:
    """Least shares, 0..1: of indicators a unit has, of its values other than 0, of units an indicator has."""

    min_available: float = 0.0
    min_nonzero: float = 0.0
    min_units: float = 0.0


@dataclass(frozen=True)
class Screened:
    """What fell below the limits: unit or indicator to the reason, in words."""

    units: Mapping[str, str] = field(default_factory=dict)
    indicators: Mapping[str, str] = field(default_factory=dict)


def availability(values: pd.DataFrame, axis: Literal["units", "indicators"]) -> "pd.Series[float]":
    """Share of cells that hold a value, 0..1, for each of the ``units`` or ``indicators`` of `values`."""
    present = values.notna()
    return present.mean(axis="columns") if axis == "units" else present.mean(axis="index")


def require_data(values: pd.DataFrame) -> None:
    """Raise `Fault` where an indicator has no value for any unit."""
    share = availability(values, "indicators")
    if (share == 0).any():
        raise Fault(N_("no unit has a value; leave the indicator out"), code=str(share.index[share == 0][0]))


def coverage(observed: pd.DataFrame, used: pd.DataFrame) -> pd.DataFrame:
    """Where each cell of the table (units × indicators) comes from: ``observed``, ``imputed`` or ``missing``."""
    origin = pd.DataFrame("missing", index=observed.index, columns=observed.columns, dtype=object)
    return origin.mask(used.notna(), "imputed").mask(observed.notna(), "observed")


def indicators(values: pd.DataFrame) -> pd.DataFrame:
    """Each indicator of `values` (units × indicators): what one looks at before using it.

    Columns: available and zeros (shares of units), distinct (number of different values), same (share of the most
    common value among those present), lowest, median, highest.
    """
    present = values.notna().sum()
    most_common = values.apply(lambda column: column.value_counts().max() if column.notna().any() else 0)
    return pd.DataFrame(
        {
            "available": values.notna().mean(),
            "zeros": (values == 0).mean(),
            "distinct": values.nunique(),
            "same": most_common / present.where(present > 0),
            "lowest": values.min(),
            "median": values.median(),
            "highest": values.max(),
        }
    ).rename_axis("indicator")


def units(values: pd.DataFrame) -> pd.DataFrame:
    """Each unit of `values`: share of indicators available, and share of the values present that are not 0."""
    present = values.notna().sum(axis=1)
    nonzero = ((values != 0) & values.notna()).sum(axis=1) / present.where(present > 0)
    return pd.DataFrame({"available": availability(values, "units"), "nonzero": nonzero.fillna(0.0)})


def screen(values: pd.DataFrame, limits: Limits) -> Screened:
    """Which indicators, then which units over the indicators left, fall below `limits`. `Fault` when none is left."""
    share = availability(values, "indicators")
    weak = {
        str(code): f"{share[code]:.0%} of units have a value, {limits.min_units:.0%} are needed"
        for code in share.index[share < limits.min_units]
    }
    about = units(values.drop(columns=list(weak)))
    sparse = {
        str(unit): f"{available:.0%} of indicators are there, {limits.min_available:.0%} are needed"
        for unit, available in about["available"].items()
        if available < limits.min_available
    }
    empty = {
        str(unit): f"{nonzero:.0%} of its values are not 0, {limits.min_nonzero:.0%} are needed"
        for unit, nonzero in about["nonzero"].items()
        if nonzero < limits.min_nonzero and str(unit) not in sparse
    }
    if len(weak) == values.shape[1]:
        raise Fault("step screen: no indicator passes; lower min_units")
    if len(sparse) + len(empty) >= len(values) - 1:
        raise Fault("step screen: fewer than two units pass; lower min_available or min_nonzero")
    return Screened(sparse | empty, weak)
