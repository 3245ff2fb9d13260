"""What electricity emits and costs somewhere, from whoever knows the tables. Imports no torch."""

from importlib.metadata import entry_points

from gan.config import Tariff
from gan.errors import UsageError

TARIFFS = "gan.tariffs"
"""The group of entry points in which whoever knows electricity and grid figures offers them; the name is `default`."""


def find_tariff(country: str | None) -> Tariff | None:
    """The tariff of `country` (None: the provider's default) from the entry point; None where nobody offers tariffs."""
    found = entry_points(group=TARIFFS, name="default")
    if not found:
        if country is not None:
            raise UsageError("--country needs electricity figures, and no installed package offers them.")
        return None
    provider = next(iter(found)).load()
    tariff: Tariff = provider() if country is None else provider(country.upper())
    return tariff
