"""Cost figures: counted operations equal a hand count, meters add up, nothing is claimed that was not read."""

import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from gan import cost, energy, tariffs
from gan.config import HourlyPrice, Tariff
from gan.record import Cost, Money

CPU = torch.device("cpu")
TARIFF = Tariff(
    country="DEU",
    grid_g_per_kwh=400.0,
    grid_period="2024",
    grid_source="a",
    price_per_kwh=0.30,
    price_period="2025-S1",
    price_source="b",
    currency="EUR",
)
HOURLY = HourlyPrice(
    device="Board 1",
    per_hour=3.6,
    low=1.8,
    high=7.2,
    currency="USD",
    vendors=4,
    first="2025-01",
    last="2025-03",
    source="c",
)


def test_counted_operations_of_a_linear_layer_equal_the_hand_count() -> None:
    layer = torch.nn.Linear(30, 20, bias=False)
    x = torch.randn(8, 30)

    def step() -> None:
        layer.zero_grad()
        layer(x).sum().backward()

    # Forward 2·8·30·20; backward the weight's gradient, the same again (the input needs none).
    assert cost.count_flops(step) == 2 * (2 * 8 * 30 * 20)


def test_counted_operations_of_a_convolution_equal_the_hand_count() -> None:
    conv = torch.nn.Conv2d(3, 16, 4, stride=2, padding=1, bias=False)
    x = torch.randn(5, 3, 32, 32)
    forward = 2 * 5 * (16 * 16 * 16) * (3 * 4 * 4)
    assert cost.count_flops(lambda: conv(x)) == forward
    assert cost.count_flops(lambda: conv(x).sum().backward()) == 2 * forward


def test_a_meter_counts_only_what_happens_inside_its_stretches() -> None:
    meter = cost.Meter(CPU)
    for _ in range(2):
        with meter:
            time.sleep(0.05)
        time.sleep(0.2)
    assert 0.1 <= meter.train_s < 0.2
    assert meter.wall_s >= 0.5


def test_a_restored_meter_continues_the_totals() -> None:
    first = cost.Meter(CPU)
    with first:
        time.sleep(0.05)
    second = cost.Meter(CPU)
    second.restore(first.state())
    with second:
        time.sleep(0.05)
    assert second.train_s >= first.train_s + 0.05
    assert second.own_cpu_s >= first.own_cpu_s
    assert second.wall_s > first.train_s


MEMORY = """
import sys
import torch
from gan import cost

cpu = torch.device("cpu")
meter = cost.Meter(cpu)
assert meter.peak_memory_bytes is None
with meter:
    pass
trained = meter.peak_memory_bytes
measured = torch.ones(50_000_000)  # an evaluation that needs 200 MB
figures, _ = meter.cost(images=0, flops=None, peak_flops_per_s=None, tariff=None)
assert figures.peak_memory_bytes == trained
assert cost.peak_memory_bytes(cpu) >= trained + measured.nbytes / 2
del measured
with meter:
    pass
if sys.platform == "linux":  # elsewhere no system lets the peak begin anew
    assert meter.peak_memory_bytes < trained + 100_000_000
"""


def test_memory_is_that_of_training_not_of_what_comes_between_and_after() -> None:
    """In a process of its own: the peak of this one is whatever test was largest before."""
    done = subprocess.run([sys.executable, "-c", MEMORY], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("foreign_s", "warned"), [(0.0, False), (0.5, True)])
def test_a_busy_neighbour_is_a_notice(monkeypatch: pytest.MonkeyPatch, foreign_s: float, warned: bool) -> None:
    """Synthetic clocks: one second of training in which each processor gives `foreign_s` to others."""
    cores = len(cost.processors())
    clock = iter([(0.0, 0.0), (0.4, 0.4 + foreign_s * cores)])
    meter = cost.Meter(CPU)
    monkeypatch.setattr(meter, "_cpu_seconds", lambda: next(clock))
    with meter:
        pass
    meter._train_s = 1.0
    figures, notices = meter.cost(images=0, flops=None, peak_flops_per_s=None, tariff=None)
    assert figures.foreign_cpu_share == pytest.approx(foreign_s)
    assert ("foreign_load" in {notice.code for notice in notices}) == warned


def test_a_neighbour_on_a_processor_the_run_may_not_use_does_not_disturb_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Synthetic clocks of two processors: the first is busy for a second, the second, the run's, is idle."""
    clocks = iter([(0.0, 0.0), (1.0, 0.0)])

    def cpu_times(percpu: bool) -> list[SimpleNamespace]:
        return [SimpleNamespace(user=busy, idle=1 - busy) for busy in next(clocks)] if percpu else []

    monkeypatch.setattr(cost, "_used_s", lambda times: times.user)
    monkeypatch.setattr(cost.psutil, "cpu_times", cpu_times)
    meter = cost.Meter(CPU)
    monkeypatch.setattr(meter, "_processors", [1])
    with meter:
        pass
    assert meter.all_cpu_s == 0


@pytest.mark.parametrize(("device", "says"), [("mps", "no meter"), ("cuda", "NVML cannot be read")])
def test_energy_that_cannot_be_read_is_absent_and_says_why(device: str, says: str) -> None:
    meter = energy.EnergyMeter(device, "GPU-00000000-no-such-board")
    assert meter.energy(own_cpu_s=1.0) is None
    assert says in (meter.missing or "")


def test_cost_states_emissions_and_money_with_their_basis() -> None:
    meter = cost.Meter(CPU)
    with meter:
        torch.randn(300, 300) @ torch.randn(300, 300)
    figures, _ = meter.cost(images=64, flops=1e6, peak_flops_per_s=1e12, tariff=TARIFF)
    assert figures.energy_kwh is not None
    assert figures.co2_g == pytest.approx(figures.energy_kwh * 400)
    assert figures.money is not None
    assert figures.money.amount == pytest.approx(figures.energy_kwh * 0.30)
    assert "DEU" in figures.money.basis
    assert "electricity only" in figures.money.basis
    assert figures.energy_kwh_low is not None
    assert figures.energy_kwh_high is not None
    assert figures.energy_kwh_low <= figures.energy_kwh <= figures.energy_kwh_high


def test_every_derived_figure_carries_the_range_of_the_energy_and_says_that_idle_power_is_in_it() -> None:
    meter = cost.Meter(CPU)
    meter._energy._rapl = None  # an estimate, whatever this machine can read
    with meter:
        time.sleep(0.02)
    figures, _ = meter.cost(images=64, flops=None, peak_flops_per_s=None, tariff=TARIFF)
    low, high = figures.energy_kwh_low, figures.energy_kwh_high
    assert low is not None
    assert high is not None
    assert low < high
    assert figures.energy_includes_idle is True
    assert (figures.co2_g_low, figures.co2_g_high) == pytest.approx((low * 400, high * 400))
    assert figures.money is not None
    assert (figures.money.amount_low, figures.money.amount_high) == pytest.approx((low * 0.30, high * 0.30))


def test_rent_is_the_training_time_at_the_hourly_price_with_the_vendors_range() -> None:
    paid = cost.rent(1_000.0, "board", HOURLY)
    assert paid is not None
    assert (paid.amount, paid.amount_low, paid.amount_high, paid.currency) == (1.0, 0.5, 2.0, "USD")
    assert paid.price == HOURLY
    for said in ("Board 1", "3.6 USD/h", "4 vendors", "2025-01 to 2025-03", "electricity included"):
        assert said in paid.basis


def test_a_device_without_a_known_price_has_no_rent_and_the_record_says_so() -> None:
    meter = cost.Meter(CPU)
    with meter:
        pass
    figures, _ = meter.cost(
        images=0, flops=None, peak_flops_per_s=None, tariff=TARIFF, device_name="A CPU of 2019", hourly=None
    )
    assert figures.rent is not None
    assert figures.rent.amount is None
    assert figures.rent.basis == "no rental price of A CPU of 2019 is known"


def test_only_an_accelerator_is_looked_up_and_at_the_door_of_the_tariff(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def find(country: str, *, device: str) -> Tariff:
        asked.append((country, device))
        return TARIFF.model_copy(update={"hardware": HOURLY})

    monkeypatch.setattr(tariffs, "find_tariff", find)
    assert tariffs.hourly_price(TARIFF, "cpu", "A CPU of 2019") is None
    assert tariffs.hourly_price(None, "cuda", "NVIDIA H100 80GB HBM3") is None
    assert asked == []
    assert tariffs.hourly_price(TARIFF, "cuda", "NVIDIA H100 80GB HBM3") == HOURLY
    assert asked == [("DEU", "NVIDIA H100 80GB HBM3")]


def test_a_record_from_before_ranges_and_rent_still_reads() -> None:
    old = {"energy_kwh": 0.1, "co2_g": 40.0, "money": {"amount": 0.03, "currency": "EUR", "basis": "electricity only"}}
    figures = Cost.model_validate(old)
    assert figures.money == Money(amount=0.03, currency="EUR", basis="electricity only")
    assert (figures.rent, figures.co2_g_low, figures.energy_includes_idle) == (None, None, None)


def test_without_a_tariff_nothing_is_said_about_emissions_or_money() -> None:
    meter = cost.Meter(CPU)
    with meter:
        pass
    figures, _ = meter.cost(images=0, flops=None, peak_flops_per_s=None, tariff=None)
    assert figures.co2_g is None
    assert figures.money is None
    assert figures.peak_flops_share is None


def test_a_missing_price_is_a_notice_not_a_guess() -> None:
    tariff = TARIFF.model_copy(update={"price_per_kwh": None, "currency": None})
    meter = cost.Meter(CPU)
    with meter:
        pass
    figures, notices = meter.cost(images=0, flops=None, peak_flops_per_s=None, tariff=tariff)
    assert figures.money is None
    assert "no_price" in {n.code for n in notices}


def test_the_estimate_lies_between_idle_and_full_load() -> None:
    hour = 3600.0
    idle = energy.processor_estimate(hour, 0.0, vcpus=2)
    full = energy.processor_estimate(hour, 2 * hour, vcpus=2)
    assert idle.kwh == pytest.approx(2 * (0.74 + 0.71 + 0.78) / 3 / 1000)
    assert full.kwh == pytest.approx(2 * (3.50 + 4.26 + 3.76) / 3 / 1000)
    assert idle.low_kwh < idle.kwh < idle.high_kwh
    assert not idle.measured


def test_rapl_adds_packages_and_survives_a_wrapped_counter(tmp_path: Path) -> None:
    """A synthetic powercap tree: two packages and a sub-zone that must not be counted twice."""
    for name, start in (("intel-rapl:0", 900), ("intel-rapl:1", 100), ("intel-rapl:0:0", 5)):
        zone = tmp_path / name
        zone.mkdir()
        (zone / "energy_uj").write_text(f"{start}\n")
        (zone / "max_energy_range_uj").write_text("999\n")
    rapl = energy.Rapl(tmp_path)
    (tmp_path / "intel-rapl:0" / "energy_uj").write_text("50\n")  # wrapped: 100 to the top, 50 beyond
    (tmp_path / "intel-rapl:1" / "energy_uj").write_text("300\n")
    (tmp_path / "intel-rapl:0:0" / "energy_uj").write_text("800\n")
    assert rapl.read_joules() == pytest.approx((150 + 200) / 1e6)


def test_a_machine_without_rapl_says_so(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="no RAPL package"):
        energy.Rapl(tmp_path)


def test_the_peak_is_probed_once_and_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIGC_REPORT_HOME", str(tmp_path))
    first = cost.peak_flops_per_s(CPU, "this cpu")
    assert first > 1e9
    assert cost.peak_flops_per_s(CPU, "this cpu") == first
    (tmp_path / "peaks.json").write_text("{half")
    assert cost.peak_flops_per_s(CPU, "this cpu") > 1e9
