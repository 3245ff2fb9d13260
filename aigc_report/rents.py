"""What an hour of an accelerator costs to rent, by the on-demand prices that vendors list."""

from dataclasses import dataclass

import numpy as np

from aigc_report.breakdowns import parse
from aigc_report.catalog import Catalog
from aigc_report.flags import DOUBTFUL
from gan.config import HourlyPrice

RENTAL = "gpu_rental_usd_per_chip_hour"
LEAST_VENDORS = 3
"""Fewer give no range worth the name."""

DRIVER_NAMES: dict[str, str] = {
    "NVIDIA H100 80GB HBM3": "NVIDIA H100 SXM5 80GB",
    "NVIDIA A100-SXM4-80GB": "NVIDIA A100 SXM4 80 GB",
    "NVIDIA A100-SXM4-40GB": "NVIDIA A100 SXM4 40 GB",
    "NVIDIA A100-PCIE-40GB": "NVIDIA A100 PCIe",
    "NVIDIA A100 80GB PCIe": "NVIDIA A100 PCIe",
    "NVIDIA A40": "NVIDIA A40 PCIe",
    "Tesla T4": "NVIDIA Tesla T4",
    "Tesla K80": "NVIDIA Tesla K80",
    "Tesla P4": "NVIDIA Tesla P4",
}
"""Accelerators whose driver's name is not the price table's. One that fits several entries of the table is not here:
which of them a V100 is, its name does not say."""


@dataclass(frozen=True)
class Offer:
    """The price of one accelerator for an hour at one vendor: date, US dollars, source id."""

    period: str
    value: float
    source: str


def hourly_price(cat: Catalog, driver_name: str) -> HourlyPrice | None:
    """What an hour of the accelerator that its driver calls `driver_name` costs; None below three vendors' prices."""
    device = DRIVER_NAMES.get(driver_name, driver_name)
    offers = list(latest_offers(cat).get(device, {}).values())
    if len(offers) < LEAST_VENDORS:
        return None
    values = np.array([offer.value for offer in offers])
    return HourlyPrice(
        device=device,
        per_hour=float(np.median(values)),
        low=float(values.min()),
        high=float(values.max()),
        currency="USD",
        vendors=len(offers),
        first=min(offer.period for offer in offers),
        last=max(offer.period for offer in offers),
        source=", ".join(sorted({offer.source for offer in offers})),
    )


def latest_offers(cat: Catalog) -> dict[str, dict[str, Offer]]:
    """Device to vendor to its latest on-demand price."""
    found: dict[str, dict[str, Offer]] = {}
    rows = cat.observations(RENTAL, breakdown=None).sort_values("period", kind="stable")
    for row in rows.itertuples(index=False):
        about = parse(str(row.breakdown))
        if about.get("commitment") == "on-demand" and DOUBTFUL not in str(row.flag):
            found.setdefault(about["device"], {})[about["vendor"]] = Offer(
                str(row.period), float(str(row.value)), str(row.source)
            )
    return found
