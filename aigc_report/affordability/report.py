"""One run's affordability: energy, emissions, bills, rent, and its place on the scale, with what is absent and why."""

from dataclasses import dataclass
from typing import Any

from aigc_report import catalog
from aigc_report.affordability import hardware, places, scale
from aigc_report.affordability.hardware import DEVICE, Purchase, Rental
from aigc_report.affordability.places import Bill, Emissions, MonthlyOutput
from aigc_report.affordability.scale import Rung
from aigc_report.affordability.spread import Spread, exactly
from aigc_report.catalog import Catalog
from aigc_report.i18n import N_
from gan.record import RunRecord

ABSENT: dict[str, str] = {
    "energy": N_("This run's record has no energy, so it has no emissions and no electricity bills."),
    "compute": N_(
        "This run's record has no count of operations or no training time, so there is no rent and no scale."
    ),
    "purchase": N_("No purchase price of the accelerator is in the data package."),
    "income": N_(
        "Incomes are not in the data package: shares are of GDP per head and month, which is more than a household has "
        "to spend."
    ),
    "firm": N_("No sourced budget of a small firm is in the data package, so nothing is compared with one."),
    "conversion": N_(
        "Currencies are not converted, so bills in euros have no share of GDP per head, which is in US dollars."
    ),
}
"""What is not there, by code. The last three are never there."""
_NEVER = ("income", "firm", "conversion")


@dataclass(frozen=True, eq=False)
class Affordability:
    """What `of` returns. ``output`` is GDP per head and month by country; None stands where the record says nothing."""

    run_id: str
    energy_kwh: Spread | None
    energy_method: str | None
    emissions: dict[str, Emissions]
    bills: list[Bill]
    rental: Rental | None
    purchase: Purchase | None
    output: dict[str, MonthlyOutput]
    scale: list[Rung]
    absent: tuple[str, ...]

    def rent_share(self, geo: str) -> Spread | None:
        """The rent as a share of a month's GDP per head in `geo`; None where either is unknown."""
        if self.rental is None or geo not in self.output:
            return None
        return self.rental.usd.over(self.output[geo].usd)

    def purchase_months(self, geo: str) -> Spread | None:
        """Months of GDP per head in `geo` that the accelerator costs to buy; None where either is unknown."""
        if self.purchase is None or geo not in self.output:
            return None
        return self.purchase.usd.over(self.output[geo].usd)

    def to_json(self) -> dict[str, Any]:
        """The document of ``aigc-report afford --json``; see docs/affordability.md."""
        return {
            "run_id": self.run_id,
            "energy_kwh": None if self.energy_kwh is None else self.energy_kwh.to_json(),
            "energy_method": self.energy_method,
            "emissions": [
                {"geo": geo, "co2_g": found.grams.to_json(), "period": found.period, "source": found.source}
                for geo, found in sorted(self.emissions.items())
            ],
            "electricity": [
                {
                    "geo": bill.geo,
                    "payer": bill.payer,
                    "amount": bill.amount.to_json(),
                    "currency": bill.currency,
                    "period": bill.period,
                    "source": bill.source,
                }
                for bill in self.bills
            ],
            "rental": None if self.rental is None else _rental_json(self.rental),
            "purchase": None if self.purchase is None else _purchase_json(self.purchase),
            "countries": [self._country(geo) for geo in sorted(self.output)],
            "scale": [vars(rung) for rung in self.scale],
            "absent": list(self.absent),
        }

    def _country(self, geo: str) -> dict[str, Any]:
        share, months, output = self.rent_share(geo), self.purchase_months(geo), self.output[geo]
        return {
            "geo": geo,
            "gdp_per_head_month_usd": output.usd,
            "period": output.period,
            "source": output.source,
            "rent_share": None if share is None else share.to_json(),
            "purchase_months": None if months is None else months.to_json(),
        }


def of(record: RunRecord, device: str = DEVICE, cat: Catalog | None = None) -> Affordability:
    """The affordability of one run; `device` is the accelerator that would be rented or bought instead.

    Raises `UserError` for a device without rental prices.
    """
    cat = cat or catalog.load()
    cost = record.cost
    absent: list[str] = []
    energy = None
    if cost.energy_kwh is None:
        absent.append(ABSENT["energy"])
    else:
        energy = exactly(cost.energy_kwh)
        if cost.energy_kwh_low is not None and cost.energy_kwh_high is not None:
            energy = Spread(cost.energy_kwh, cost.energy_kwh_low, cost.energy_kwh_high)
    rent = hardware.rental(cat, device, cost.flops_total, cost.train_s)
    if rent is None:
        absent.append(ABSENT["compute"])
    bought = hardware.purchase(cat, device)
    if bought is None:
        absent.append(ABSENT["purchase"])
    return Affordability(
        run_id=record.run_id,
        energy_kwh=energy,
        energy_method=cost.energy_method,
        emissions={} if energy is None else places.emissions(cat, energy),
        bills=[] if energy is None else places.bills(cat, energy),
        rental=rent,
        purchase=bought,
        output=places.monthly_output(cat),
        scale=scale.ladder(cat, cost.flops_total, cost.train_s) if cost.flops_total and cost.train_s else [],
        absent=(*absent, *(ABSENT[code] for code in _NEVER)),
    )


def _rental_json(rent: Rental) -> dict[str, Any]:
    return {
        "device": rent.device,
        "hours": rent.hours.to_json(),
        "usd_per_hour": rent.price.to_json(),
        "usd": rent.usd.to_json(),
        "vendors": rent.vendors,
        "listed": list(rent.listed),
        "sources": list(rent.sources),
    }


def _purchase_json(bought: Purchase) -> dict[str, Any]:
    return {
        "device": bought.device,
        "usd": bought.usd.to_json(),
        "listings": bought.listings,
        "listed": list(bought.listed),
    }
