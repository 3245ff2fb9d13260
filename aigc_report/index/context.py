"""What makes countries alike beside their scores: how rich and how large they are, for `profiles.peers`."""

from functools import lru_cache

import pandas as pd

from aigc_report import catalog
from aigc_report.affordability.places import POPULATION, monthly_output
from aigc_report.catalog import Catalog

MONTHS = 12


@lru_cache(maxsize=4)
def income(cat: Catalog | None = None) -> "pd.Series[float]":
    """GDP per head and year by country, current US dollars, the latest known: a stand-in, as incomes are not here."""
    found = monthly_output(cat or catalog.load())
    return pd.Series({geo: MONTHS * output.usd for geo, output in found.items()}, dtype="float64")


@lru_cache(maxsize=4)
def population(cat: Catalog | None = None) -> "pd.Series[float]":
    """People by country, the latest known."""
    found = (cat or catalog.load()).latest_by_place(POPULATION)
    return pd.Series({geo: seen.value for geo, seen in found.items()}, dtype="float64")
