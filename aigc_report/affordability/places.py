"""What the same kilowatt-hours emit and cost in each country, and what a month of its output per head is."""

from dataclasses import dataclass

from aigc_report.affordability.spread import Spread, exactly
from aigc_report.catalog import Catalog, Observation
from aigc_report.tariff import GRID

ELECTRICITY: dict[str, tuple[str, str]] = {
    "electricity_price_household_eur_kwh": ("household", "EUR"),
    "electricity_price_household_usd_kwh": ("household", "USD"),
    "electricity_price_nonhousehold_eur_kwh": ("business", "EUR"),
    "electricity_price_business_usd_kwh": ("business", "USD"),
}
"""Indicator of a price to who pays it and its currency. Prices are never borrowed from elsewhere, nor converted."""
OUTPUT_PER_HEAD = "wb_gdp_per_capita_usd"
OUTPUT, POPULATION = "wb_gdp_usd", "wb_population"
_MONTHS = 12


@dataclass(frozen=True)
class Emissions:
    """Grams of CO2-equivalent in one country, from the life-cycle intensity of its electricity."""

    grams: Spread
    period: str
    source: str


@dataclass(frozen=True)
class Bill:
    """What the electricity costs in one country, for a household or a business."""

    geo: str
    payer: str
    amount: Spread
    currency: str
    period: str
    source: str


@dataclass(frozen=True)
class MonthlyOutput:
    """GDP per head and month in US dollars: a stand-in for income, which the data package does not have."""

    usd: float
    period: str
    source: str


def emissions(cat: Catalog, kwh: Spread) -> dict[str, Emissions]:
    """Country to what `kwh` emit there; countries whose latest figure is missing or doubtful are left out."""
    return {
        geo: Emissions(kwh.times(exactly(grid.value)), grid.period, grid.source)
        for geo, grid in cat.latest_by_place(GRID).items()
    }


def bills(cat: Catalog, kwh: Spread) -> list[Bill]:
    """The bill for `kwh` wherever a price exists, households first."""
    return [
        Bill(geo, payer, kwh.times(exactly(price.value)), currency, price.period, price.source)
        for indicator, (payer, currency) in ELECTRICITY.items()
        for geo, price in cat.latest_by_place(indicator).items()
    ]


def monthly_output(cat: Catalog) -> dict[str, MonthlyOutput]:
    """Country to its GDP per head and month: the published figure, else GDP over population of one year."""
    people = cat.observations(POPULATION).set_index(["geo", "period"])["value"].to_dict()
    derived = {
        geo: _monthly(total, float(people[geo, total.period]))
        for geo, total in cat.latest_by_place(OUTPUT).items()
        if (geo, total.period) in people
    }
    return derived | {geo: _monthly(found, 1.0) for geo, found in cat.latest_by_place(OUTPUT_PER_HEAD).items()}


def _monthly(output: Observation, people: float) -> MonthlyOutput:
    return MonthlyOutput(output.value / people / _MONTHS, output.period, output.source)
