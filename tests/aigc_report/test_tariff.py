"""A tariff takes each figure from the country itself where it can, and says where it could not."""

import importlib.metadata

import pytest

from aigc_report import catalog, rents
from aigc_report.tariff import tariff
from gan.config import Tariff
from gan.errors import UsageError


def test_a_country_with_a_price_of_its_own_borrows_none() -> None:
    germany = tariff("DEU")
    assert (germany.price_per_kwh, germany.currency, germany.price_period) == (0.3835, "EUR", "2025-S1")
    assert germany.price_geo is None


def test_an_eu_member_without_a_price_gets_the_average_of_the_union() -> None:
    france = tariff("FRA")
    assert (france.price_per_kwh, france.currency, france.price_geo) == (0.2872, "EUR", "EU27")


def test_any_other_country_without_a_price_gets_the_average_of_the_world() -> None:
    japan = tariff("JPN")
    assert (japan.price_per_kwh, japan.currency, japan.price_geo) == (0.165, "USD", "WLD")
    assert japan.grid_g_per_kwh != tariff("WLD").grid_g_per_kwh


def test_the_world_is_the_default_and_no_place_is_borrowed_for_it() -> None:
    assert tariff() == tariff("WLD")
    assert tariff().price_geo is None


@pytest.mark.parametrize("country", ["DEU", "CHN", "WLD", "EU27", "JPN"])
def test_every_figure_stands_in_the_tables_under_its_source(country: str) -> None:
    found, cat = tariff(country), catalog.load()
    grid = cat.observations("grid_carbon_intensity", country, found.grid_period)
    assert grid["value"].tolist() == [found.grid_g_per_kwh]
    assert {found.grid_source, found.price_source} <= set(cat.sources.index)
    assert found.grid_period == max(cat.observations("grid_carbon_intensity", country)["period"])


def test_a_doubtful_grid_is_left_out_and_none_is_borrowed() -> None:
    zeros = catalog.load().observations("grid_carbon_intensity", "CAF")
    assert zeros["flag"].str.contains("u").all()
    assert tariff("CAF").grid_g_per_kwh is None


def test_every_country_has_a_tariff_with_a_price() -> None:
    places = catalog.load().geographies
    for country in places.index[places["kind"] == "country"]:
        assert tariff(country).price_per_kwh is not None


@pytest.mark.parametrize(("asked", "meant"), [("de", "DEU"), ("Germany", "DEU"), ("usa", "USA"), ("德国", "DEU")])
def test_an_unknown_code_is_refused_and_the_one_meant_is_named(asked: str, meant: str) -> None:
    with pytest.raises(UsageError, match=rf'"{asked}" is no country code.*did you mean {meant}'):
        tariff(asked)


@pytest.mark.parametrize("asked", ["", "_Z", "_X", "QQQQQ"])
def test_a_place_that_is_none_is_refused(asked: str) -> None:
    with pytest.raises(UsageError, match="is no country code"):
        tariff(asked)


def test_gan_finds_the_tariffs_through_the_installed_entry_point() -> None:
    (entry,) = importlib.metadata.entry_points(group="gan.tariffs", name="default")
    assert isinstance(entry.load()("DEU"), Tariff)


@pytest.mark.parametrize("driver", [*rents.DRIVER_NAMES, "NVIDIA H100 PCIe", "NVIDIA GeForce RTX 4090"])
def test_an_accelerator_known_by_its_drivers_name_has_an_hourly_rent_from_the_tables(driver: str) -> None:
    found, cat = tariff("DEU", device=driver).hardware, catalog.load()
    assert found is not None
    assert found.vendors >= rents.LEAST_VENDORS
    assert found.low <= found.per_hour <= found.high
    assert set(found.source.split(", ")) <= set(cat.sources.index)
    rows = cat.observations(rents.RENTAL, breakdown=None)
    own = rows[rows["breakdown"].str.contains(f"commitment=on-demand;device={found.device};", regex=False)]
    assert {found.low, found.high} <= set(own["value"])
    assert {found.first, found.last} <= set(own["period"])


@pytest.mark.parametrize(
    "device", ["Intel(R) Xeon(R) Platinum 8481C CPU @ 2.70GHz", "Tesla V100-SXM2-16GB", "Apple M2"]
)
def test_a_device_the_tables_do_not_price_has_no_rent(device: str) -> None:
    """A V100's name fits three entries of the table: none is picked."""
    assert tariff("DEU", device=device).hardware is None
    assert tariff("DEU").hardware is None
