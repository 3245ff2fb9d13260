"""Screening: how much of the table there is, by unit and by indicator, before anything is filled in."""

from typing import Literal

import pandas as pd

from aigc_report.index.fault import Fault


def availability(values: pd.DataFrame, axis: Literal["units", "indicators"]) -> "pd.Series[float]":
    """Share of cells that hold a value, 0..1, for each of the ``units`` or ``indicators`` of `values`."""
    present = values.notna()
    return present.mean(axis="columns") if axis == "units" else present.mean(axis="index")


def require_data(values: pd.DataFrame) -> None:
    """Raise `Fault` where an indicator has no value for any unit."""
    share = availability(values, "indicators")
    if (share == 0).any():
        raise Fault("no unit has a value; leave the indicator out", code=str(share.index[share == 0][0]))


def coverage(observed: pd.DataFrame, used: pd.DataFrame) -> pd.DataFrame:
    """Where each cell of the table (units × indicators) comes from: ``observed``, ``imputed`` or ``missing``."""
    origin = pd.DataFrame("missing", index=observed.index, columns=observed.columns, dtype=object)
    return origin.mask(used.notna(), "imputed").mask(observed.notna(), "observed")
