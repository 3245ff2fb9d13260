"""Affordability by hand: every figure is a record's number times a row of the data package, with the range carried."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from aigc_report import affordability, catalog, rents
from aigc_report.affordability import hardware, places, scale
from aigc_report.affordability.spread import Spread
from aigc_report.errors import UserError
from gan.config import TrainConfig
from gan.record import Cost, RunRecord

ROOT = Path(__file__).parents[2]
FLOPS, TRAIN_S = 3.6e15, 1800.0


def record(**cost: object) -> RunRecord:
    """A record with round numbers; synthetic."""
    known = {
        "energy_kwh": 2.0,
        "energy_kwh_low": 1.5,
        "energy_kwh_high": 3.0,
        "energy_method": "measured",
        "flops_total": FLOPS,
        "train_s": TRAIN_S,
    }
    return RunRecord(
        run_id="run-1",
        status="completed",
        created="2026-11-25T00:00:00+00:00",
        config=TrainConfig(steps=1),
        cost=Cost.model_validate(known | cost),
    )


@pytest.fixture(scope="module")
def cat():
    return catalog.load()


def test_emissions_are_energy_times_the_latest_grid_of_each_country(cat):
    found = affordability.of(record())
    for geo in ("DEU", "FRA", "CHN", "ZAF"):
        grid = cat.latest("grid_carbon_intensity", geo)
        assert found.emissions[geo].grams == Spread(2 * grid.value, 1.5 * grid.value, 3 * grid.value)
        assert found.emissions[geo].period == grid.period
    assert len(found.emissions) > 150


def test_a_bill_exists_only_where_a_price_does_and_keeps_its_currency(cat):
    bills = {(bill.geo, bill.payer, bill.currency): bill for bill in affordability.of(record()).bills}
    price = cat.latest("electricity_price_household_eur_kwh", "DEU").value
    assert bills["DEU", "household", "EUR"].amount == Spread(2 * price, 1.5 * price, 3 * price)
    assert ("FRA", "household", "EUR") not in bills
    assert ("EU27", "business", "EUR") in bills
    assert ("WLD", "household", "USD") in bills


def test_rent_lies_between_the_accelerators_peak_and_the_time_it_took_here(cat):
    rent = affordability.of(record()).rental
    peak = hardware.devices(cat)[hardware.DEVICE]
    assert rent.hours == Spread(None, FLOPS / peak / 3600, 0.5)
    assert rent.usd.low == pytest.approx(rent.hours.low * rent.price.low)
    assert rent.usd.high == pytest.approx(0.5 * rent.price.high)
    assert rent.price.low <= rent.price.value <= rent.price.high
    rows = cat.observations("gpu_rental_usd_per_chip_hour", breakdown=None)
    own = rows[rows["breakdown"].str.contains(f"commitment=on-demand;device={hardware.DEVICE};", regex=False)]
    assert set(own["value"]) >= {rent.price.low, rent.price.high}
    assert rent.vendors <= len(own)


def test_of_each_vendor_only_the_latest_price_counts(cat):
    prices = rents.latest_offers(cat)["NVIDIA H100 SXM5 80GB"]
    assert prices["Lambda Labs"] == rents.Offer("2025-02-28", 3.29, "epoch_prices")


def test_output_per_head_is_the_published_figure_or_gdp_over_people_of_one_year(cat):
    monthly = places.monthly_output(cat)
    assert monthly["DEU"].usd == pytest.approx(cat.latest("wb_gdp_per_capita_usd", "DEU").value / 12)
    total = cat.latest("wb_gdp_usd", "NGA")
    people = cat.observations("wb_population", "NGA", total.period)["value"].iloc[0]
    assert monthly["NGA"].usd == pytest.approx(total.value / people / 12)
    assert len(monthly) > 150


def test_shares_weigh_more_where_output_per_head_is_less():
    found = affordability.of(record())
    order = sorted(found.output, key=lambda geo: found.output[geo].usd)
    shares = [found.rent_share(geo).high for geo in order]
    assert shares == sorted(shares, reverse=True)
    assert found.rent_share("XXX") is None
    months = found.purchase_months("DEU")
    assert months.low == pytest.approx(found.purchase.usd.low / found.output["DEU"].usd)


def test_estimated_and_doubtful_prices_are_no_purchase_prices(cat):
    bought = hardware.purchase(cat, hardware.DEVICE)
    assert 20_000 < bought.usd.low <= bought.usd.value <= bought.usd.high < 60_000
    assert hardware.purchase(cat, "abacus") is None


def test_the_scale_counts_in_multiples_of_the_run_and_grows(cat):
    rungs = affordability.of(record()).scale
    assert [rung.model for rung in rungs] == sorted(
        scale.LADDER, key=lambda m: next(r.flop for r in rungs if r.model == m)
    )
    for rung in rungs:
        assert rung.times == pytest.approx(rung.flop / FLOPS)
        assert rung.years_here == pytest.approx(rung.times * TRAIN_S / 31_557_600)
        assert rung.confidence in ("Confident", "Likely", "Speculative")


def test_what_a_record_does_not_say_is_absent_with_a_reason():
    silent = affordability.of(record(energy_kwh=None, flops_total=None))
    assert (silent.energy_kwh, silent.emissions, silent.bills, silent.rental, silent.scale) == (None, {}, [], None, [])
    said = " ".join(silent.absent)
    for word in ("no energy", "no count of operations", "Incomes are not", "small firm"):
        assert word in said
    json.dumps(silent.to_json(), allow_nan=False)


def test_energy_without_a_range_is_exact():
    found = affordability.of(record(energy_kwh_low=None, energy_kwh_high=None))
    assert found.energy_kwh == Spread(2.0, 2.0, 2.0)


def test_an_unknown_accelerator_names_those_with_prices():
    with pytest.raises(UserError, match="NVIDIA H100 PCIe"):
        affordability.of(record(), "abacus")


def command(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "aigc_report.cli", "afford", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        env=os.environ | {"AIGC_REPORT_HOME": str(home)},
        check=False,
    )


@pytest.fixture
def home(tmp_path):
    folder = tmp_path / "runs" / "run-1"
    folder.mkdir(parents=True)
    (folder / "record.json").write_text(record().model_dump_json(), encoding="utf-8")
    return tmp_path


def test_the_command_prints_one_document(home):
    done = command(home, "run-1", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    document = json.loads(done.stdout)
    assert document == json.loads(json.dumps(affordability.of(record()).to_json()))


def test_the_command_prints_lines_and_what_is_absent(home):
    done = command(home, "run-1")
    assert done.returncode == 0
    for word in ("Emissions", "Electricity", "Rented NVIDIA H100", "GPT-4"):
        assert word in done.stdout
    assert all(line.startswith("Note: ") for line in done.stderr.splitlines())


def test_a_run_that_does_not_exist_is_refused(home):
    done = command(home, "run-2")
    assert done.returncode == 2
    assert "run-1" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_the_numbers_of_countries_in_the_document_are_right(cat):
    found = affordability.of(record())
    countries = set(cat.geographies.index[cat.geographies["kind"] == "country"])
    said = (ROOT / "docs/affordability.md").read_text(encoding="utf-8")
    assert f"| {len(countries & set(found.emissions))} countries |" in said
    assert f"| {len(countries & set(found.output))} countries |" in said
    payers = {payer: {bill.geo for bill in found.bills if bill.payer == payer} for payer in ("household", "business")}
    assert (len(payers["household"] & countries), len(payers["business"] & countries)) == (7, 2)
