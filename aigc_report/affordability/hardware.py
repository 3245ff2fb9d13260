"""What the same work costs on a rented accelerator, and what buying one costs.

How fast a run would go on hardware it never saw is unknown, but two bounds are not guesses: no faster than the
accelerator's peak allows, and, on an accelerator that is no slower than this machine, no longer than it took here.
"""

from dataclasses import dataclass

import numpy as np

from aigc_report.affordability.spread import Spread
from aigc_report.catalog import Catalog
from aigc_report.charts.words import parse
from aigc_report.errors import UserError
from aigc_report.flags import DOUBTFUL
from aigc_report.rents import LEAST_VENDORS, latest_offers

PURCHASE, PEAK = "gpu_purchase_price_usd", "accelerator_fp32_tflops"
DEVICE = "NVIDIA H100 SXM5 80GB"
"""The accelerator with the most listings in the data package."""
_HOUR_S = 3600


@dataclass(frozen=True)
class Rental:
    """The run on a rented `device`, one chip, on demand. `price` is in US dollars an hour over `vendors`."""

    device: str
    hours: Spread
    price: Spread
    usd: Spread
    vendors: int
    listed: tuple[str, str]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Purchase:
    """What one `device` costs to buy, over the listings of chips and systems (per chip) from `listed` on."""

    device: str
    usd: Spread
    listings: int
    listed: tuple[str, str]


def rental(cat: Catalog, device: str, flops: float | None, train_s: float | None) -> Rental | None:
    """What `flops` operations that took `train_s` seconds here cost on `device`; None where the run did not say.

    Of each vendor the latest on-demand price counts. Raises `UserError` for a device without enough prices or without
    a known peak, naming those that have both.
    """
    known = devices(cat)
    if device not in known:
        raise UserError('No rental prices for "{device}"; there are {known}.', device=device, known=", ".join(known))
    if not flops or not train_s:
        return None
    offers = latest_offers(cat)[device].values()
    values = np.array([offer.value for offer in offers])
    price = Spread(float(np.median(values)), float(values.min()), float(values.max()))
    hours = Spread(None, flops / known[device] / _HOUR_S, train_s / _HOUR_S)
    dates = sorted(offer.period for offer in offers)
    sources = tuple(dict.fromkeys(offer.source for offer in offers))
    return Rental(device, hours, price, hours.times(price), len(values), (dates[0], dates[-1]), sources)


def devices(cat: Catalog) -> dict[str, float]:
    """Accelerators with prices of several vendors, and their peak single-precision operations a second."""
    offers = latest_offers(cat)
    peaks = {
        parse(str(row.breakdown))["device"]: float(str(row.value)) * 1e12
        for row in cat.observations(PEAK, breakdown=None).itertuples(index=False)
        if DOUBTFUL not in str(row.flag)
    }
    return {
        device: peaks[device] for device in sorted(offers) if device in peaks and len(offers[device]) >= LEAST_VENDORS
    }


def purchase(cat: Catalog, device: str) -> Purchase | None:
    """The range of listed prices of one `device`, chips and systems per chip; None without any."""
    rows = [
        (str(row.period), float(str(row.value)))
        for row in cat.observations(PURCHASE, breakdown=None).itertuples(index=False)
        if parse(str(row.breakdown)).get("device") == device and not set("eu") & set(str(row.flag))
    ]
    if not rows:
        return None
    values, dates = np.array([value for _, value in rows]), sorted(period for period, _ in rows)
    usd = Spread(float(np.median(values)), float(values.min()), float(values.max()))
    return Purchase(device, usd, len(values), (dates[0], dates[-1]))
