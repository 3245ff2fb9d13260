"""A run in words: status, quality, cost and what each figure rests on."""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Self

from aigc_report import catalog
from aigc_report.charts import scales
from aigc_report.i18n import STATUS, Texts
from gan import names
from gan.record import FINISHED, Money, RunRecord
from gan.store import RunSummary, Store

ACTIVE = ("queued", "running")


def store() -> Store:
    """The runs of this machine."""
    return Store()


def read(run: RunSummary) -> RunRecord | None:
    """The record of a finished run; None while it has none."""
    return _finished(str(store().path(run.run_id)), run.run_id, run.finished) if run.status in FINISHED else None


def latest_completed() -> RunRecord | None:
    """The newest run that completed, or None."""
    for run in store().list():
        if run.status == "completed" and (record := read(run)) is not None:
            return record
    return None


@lru_cache(maxsize=512)
def _finished(path: str, run_id: str, finished: str | None) -> RunRecord | None:
    """A record that ended does not change: `path` and `finished` only tell one from another in the cache."""
    return store().read(run_id)


@dataclass(frozen=True)
class Ended:
    """A record that ended, as charts are kept by it: one folder and one moment of ending are one record."""

    folder: str
    finished: str | None
    record: RunRecord = field(compare=False)

    @classmethod
    def read(cls, run_id: str) -> Self:
        """The run `run_id` as it ended."""
        record = store().read(run_id)
        return cls(str(store().path(run_id)), record.finished, record)


def label(run: RunSummary) -> str:
    """What a list calls a run: its name where somebody gave it one, else its method and images; never markup."""
    return names.name(store(), run.run_id) or f"{run.preset} · {run.dataset}"


def entry(t: Texts, run: RunSummary) -> str:
    """A run in a box to choose from: its name where it has one, its id, its status."""
    called = names.name(store(), run.run_id)
    return " · ".join([*([called] if called else []), run.run_id, status(t, run.status)])


def plain(text: str) -> str:
    """`text` as Markdown that shows every letter of it: names of runs and folders are their owners' words."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)


def status(t: Texts, code: str) -> str:
    """The status of a run in words."""
    return t(STATUS[code])


def energy(t: Texts, kwh: float | None) -> str:
    """Energy with a unit that keeps it readable: a small run uses watt-hours."""
    if kwh is None:
        return t.number(None)
    return t.value(kwh, "kWh") if kwh >= 1 else t.value(kwh * 1000, "Wh")


def energy_basis(t: Texts, record: RunRecord) -> str:
    """How the energy was found, with its range where it is an estimate."""
    cost = record.cost
    method = t.energy_method(cost.energy_method) if cost.energy_method else t("not known")
    if cost.energy_kwh_low is not None and cost.energy_kwh_high is not None:
        low, high = (t.number(v * 1000) for v in (cost.energy_kwh_low, cost.energy_kwh_high))
        method = t("{method}, between {low} and {high} Wh", method=method, low=low, high=high)
    return t("{method}; idle power is in it", method=method) if cost.energy_includes_idle else method


def co2(t: Texts, record: RunRecord) -> str:
    """Grams of CO2-equivalent."""
    return t.value(record.cost.co2_g, "gCO2e")


def money(t: Texts, record: RunRecord) -> str:
    """What the electricity cost, with its currency; fractions of a cent are not rounded away."""
    return _amount(t, record.cost.money)


def rent(t: Texts, record: RunRecord) -> str:
    """What the device would have cost to rent for the training time, with its currency."""
    return _amount(t, record.cost.rent)


def rent_basis(t: Texts, record: RunRecord) -> str:
    """Which prices the rent rests on, or that none is known."""
    paid = record.cost.rent
    if paid is None or paid.price is None:
        return t("No rental price of this device is known.")
    price = paid.price
    basis = t(
        "Training time at {price} {currency}/h for one {device}, the median of {n} vendors ({first} to {last}); "
        "electricity, idle power included, is in it: do not add the two.",
        price=t.number(price.per_hour),
        currency=price.currency,
        device=price.device,
        n=price.vendors,
        first=t.period(price.first),
        last=t.period(price.last),
    )
    return _with_range(t, basis, paid.amount_low, paid.amount_high)


def _amount(t: Texts, paid: Money | None) -> str:
    if paid is None or paid.amount is None:
        return t.number(None)
    return f"{_sum(t, paid.amount)} {paid.currency or ''}".strip()


def _sum(t: Texts, amount: float) -> str:
    """An amount of money; what a minute on a small machine costs has too many zeros to be counted."""
    return scales.scientific(t, amount) if 0 < amount < 1e-4 else t.number(amount)


def _with_range(t: Texts, basis: str, low: float | None, high: float | None) -> str:
    """`basis` and the range of its figure, where there is one."""
    if low is None or high is None:
        return basis
    return t("{basis} Between {low} and {high}.", basis=basis, low=_sum(t, low), high=_sum(t, high))


def money_basis(t: Texts, record: RunRecord) -> str:
    """Which price the money rests on, and what is not in it."""
    tariff = record.config.tariff
    if tariff is None or tariff.price_per_kwh is None:
        return t("No electricity price is known.")
    basis = t(
        "Electricity only, no hardware and no work: {price} {currency}/kWh ({place}, {period}).",
        price=t.number(tariff.price_per_kwh),
        currency=tariff.currency,
        place=catalog.load().name(tariff.price_geo or tariff.country, t.lang),
        period=t.period(tariff.price_period or ""),
    )
    paid = record.cost.money
    return basis if paid is None else _with_range(t, basis, paid.amount_low, paid.amount_high)


def co2_basis(t: Texts, record: RunRecord) -> str:
    """Which grid the emissions rest on."""
    tariff = record.config.tariff
    if tariff is None or tariff.grid_g_per_kwh is None:
        return t("No carbon intensity of the grid is known.")
    basis = t(
        "Energy times the grid's carbon intensity: {place}, {g} g/kWh ({period}).",
        place=catalog.load().name(tariff.country, t.lang),
        g=t.number(tariff.grid_g_per_kwh),
        period=t.period(tariff.grid_period or ""),
    )
    return _with_range(t, basis, record.cost.co2_g_low, record.cost.co2_g_high)


def overheads(listed: list[RunSummary]) -> dict[str, float]:
    """`overhead_s` by data set, for those of which a run is known."""
    found = {run.dataset: overhead_s(run.dataset, listed) for run in listed if run.status == "completed"}
    return {dataset: seconds for dataset, seconds in found.items() if seconds is not None}


def overhead_s(dataset: str, listed: list[RunSummary]) -> float | None:
    """Seconds that the last completed run on `dataset` spent outside training; None where there is none.

    Only runs with a budget in seconds count, as a page starts them: runs of experiments count images, share a process
    and measure less.
    """
    for run in listed:
        alike = run.status == "completed" and run.dataset == dataset and run.budget_s is not None
        record = read(run) if alike else None
        if record is not None and record.cost.wall_s is not None and record.cost.train_s is not None:
            return record.cost.wall_s - record.cost.train_s
    return None
