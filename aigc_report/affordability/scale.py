"""From this machine to a frontier model: published training runs as multiples of the one that was measured.

Compute is the common unit. The time a published run would take here is compute over this run's speed; nothing says that
it would fit into memory or stay as fast, so it shows distance and is no plan. What published runs cost is the source's
own estimate, never extrapolated from ours.
"""

from dataclasses import dataclass

from aigc_report.catalog import Catalog
from aigc_report.charts.words import parse
from aigc_report.flags import DOUBTFUL

COMPUTE, COST, POWER = "training_compute_flop", "training_cost_usd2023", "training_power_draw_w"
LADDER: tuple[str, ...] = (
    "GoogLeNet / InceptionV1",
    "DALL-E mini",
    "DDPM-IP (CelebA)",
    "BigGAN-deep 512x512",
    "DALL-E",
    "Stable Diffusion (LDM-KL-8-G)",
    "GPT-3 175B (davinci)",
    "GPT-4",
    "Llama 3.1-405B",
    "Grok-3",
)
"""Published models from small to the largest known here, those that make pictures first; all are in the tables."""
_YEAR_S = 365.25 * 86_400


@dataclass(frozen=True)
class Rung:
    """One published run. ``times`` is its compute over this run's, ``years_here`` at this run's speed.

    ``confidence`` is Epoch AI's own word for its estimate of compute; cost in US dollars of 2023, None where unknown.
    """

    model: str
    period: str
    flop: float
    confidence: str
    times: float
    years_here: float | None
    cost_usd2023: float | None
    power_w: float | None
    source: str


def ladder(cat: Catalog, flops: float, train_s: float | None) -> list[Rung]:
    """The models of `LADDER` by compute, each against a run of `flops` operations in `train_s` seconds."""
    compute = _by_model(cat, COMPUTE)
    cost, power = _by_model(cat, COST), _by_model(cat, POWER)
    rungs = []
    for model in LADDER:
        if model not in compute:
            continue
        value, period, confidence, source = compute[model]
        rungs.append(
            Rung(
                model=model,
                period=period,
                flop=value,
                confidence=confidence,
                times=value / flops,
                years_here=value / flops * train_s / _YEAR_S if train_s else None,
                cost_usd2023=cost[model][0] if model in cost else None,
                power_w=power[model][0] if model in power else None,
                source=source,
            )
        )
    return sorted(rungs, key=lambda rung: rung.flop)


def _by_model(cat: Catalog, indicator: str) -> dict[str, tuple[float, str, str, str]]:
    """Model to value, period, confidence and source; doubtful rows left out."""
    found = {}
    for row in cat.observations(indicator, breakdown=None).itertuples(index=False):
        about = parse(str(row.breakdown))
        if "model" in about and DOUBTFUL not in str(row.flag):
            confidence = about.get("confidence", "")
            found[about["model"]] = (float(str(row.value)), str(row.period), confidence, str(row.source))
    return found
