"""What electricity emits and costs somewhere, and an hour of an accelerator, from whoever knows the tables. Imports no
torch."""

from importlib.metadata import entry_points

from gan.config import HourlyPrice, Tariff
from gan.errors import UsageError

TARIFFS = "gan.tariffs"
"""The group of entry points in which whoever knows electricity and grid figures offers them; the name is `default`."""


def find_tariff(country: str | None, *, device: str | None = None) -> Tariff | None:
    """The tariff of `country` (None: the provider's default) from the entry point; None where nobody offers tariffs.

    `device` is the name a driver gives an accelerator: the tariff then holds what an hour of it costs, if known.
    """
    found = entry_points(group=TARIFFS, name="default")
    if not found:
        if country is not None:
            raise UsageError("--country needs electricity figures, and no installed package offers them.")
        return None
    provider = next(iter(found)).load()
    place = () if country is None else (country.upper(),)
    tariff: Tariff = provider(*place) if device is None else provider(*place, device=device)
    return tariff


def hourly_price(tariff: Tariff | None, device_type: str, device: str) -> HourlyPrice | None:
    """What an hour of `device` costs to rent; None where that is not known, as for any processor."""
    if tariff is None or device_type == "cpu":
        return None
    if tariff.hardware is not None:
        return tariff.hardware
    found = find_tariff(tariff.country, device=device)
    return None if found is None else found.hardware
