"""What a kilowatt-hour emits and costs in a country: the figures `gan` needs to turn energy into CO2 and money.

Emissions are the latest life-cycle intensity of the country's electricity. The price is what **households** pay, taxes
included: a run on one's own machine is billed at home or in a small office, and household prices are known for more
places than prices for small firms. Currencies are never converted.
"""

import difflib

from aigc_report import catalog, rents
from aigc_report.catalog import Catalog, Observation
from gan.config import Tariff
from gan.errors import UsageError

GRID = "grid_carbon_intensity"
PRICES: dict[str, str] = {
    "electricity_price_household_eur_kwh": "EUR",
    "electricity_price_household_usd_kwh": "USD",
}
"""Indicator of a household price to its currency, in the order of preference."""
WORLD = "WLD"
EU = "EU27"


def tariff(country: str = WORLD, *, device: str | None = None) -> Tariff:
    """The tariff of `country`, an ISO 3166-1 alpha-3 code, `EU27` or `WLD`; with the hourly rent of the accelerator
    that its driver calls `device`, where prices of it are known.

    A member of the EU without a price of its own gets the EU average, any other country the world average; `price_geo`
    then says so. Emissions are never borrowed: a country without a figure of its own gets None. Doubtful values are
    left out. Raises `UsageError` for a code the data package does not know.
    """
    known = catalog.load()
    _require(known, country)
    grid = known.latest(GRID, country)
    geo, price, currency = _price(known, country)
    return Tariff(
        country=country,
        grid_g_per_kwh=grid.value if grid else None,
        grid_period=grid.period if grid else None,
        grid_source=grid.source if grid else None,
        price_per_kwh=price.value if price else None,
        price_period=price.period if price else None,
        price_source=price.source if price else None,
        price_geo=None if geo == country else geo,
        currency=currency,
        hardware=None if device is None else rents.hourly_price(known, device),
    )


def _price(known: Catalog, country: str) -> tuple[str | None, Observation | None, str | None]:
    """The place, row and currency of the first price found: own, of the EU for its members, of the world."""
    places = [country, *([EU] if known.geographies.at[country, "eu27"] else []), WORLD]
    for geo in places:
        for indicator, currency in PRICES.items():
            if (found := known.latest(indicator, geo)) is not None:
                return geo, found, currency
    return None, None, None


def _require(known: Catalog, country: str) -> None:
    """Raise `UsageError` unless `country` is a place; the sentence names the code that was probably meant."""
    places = known.geographies[known.geographies["kind"] != "special"]
    if country in places.index:
        return
    names = {code.lower(): code for code in map(str, places.index)}
    for column in ("alpha2", "name_en", "name_zh"):
        names |= {str(name).lower(): str(code) for code, name in places[column].items() if name}
    close = difflib.get_close_matches(country.lower(), names, n=1, cutoff=0.6)
    meant = f"; did you mean {names[close[0]]} ({known.name(names[close[0]], 'en')})?" if close else "."
    raise UsageError(
        f'"{country}" is no country code. Give an ISO 3166-1 alpha-3 code such as DEU, or WLD for the world{meant}'
    )
