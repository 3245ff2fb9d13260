"""Published training runs whose cost somebody estimated, and what that is in each country's output per head.

The cost is Epoch AI's estimate of the final training run, hardware written off and energy together, in US dollars of
2023. Their energy is not known: the data package holds the power of some and the duration of others, and of the few
with both the two sources need not mean the same run. So a published run has no emissions and no electricity bill here.
"""

from dataclasses import dataclass

from aigc_report.affordability.places import MonthlyOutput, monthly_output
from aigc_report.affordability.scale import COMPUTE, COST
from aigc_report.catalog import Catalog
from aigc_report.charts.words import parse
from aigc_report.flags import DOUBTFUL


@dataclass(frozen=True)
class Published:
    """One published run; `flop` and `confidence` (Epoch AI's word for its estimate) where they are known."""

    model: str
    organization: str
    period: str
    usd2023: float
    confidence: str
    flop: float | None
    source: str


@dataclass(frozen=True)
class Burden:
    """Months of one country's GDP per head that a sum in US dollars is."""

    months: float
    output: MonthlyOutput


def runs(cat: Catalog) -> dict[str, Published]:
    """Model to its published run, the dearest first; doubtful estimates are left out."""
    compute = {
        parse(str(row.breakdown)).get("model", ""): float(str(row.value))
        for row in cat.observations(COMPUTE, breakdown=None).itertuples(index=False)
        if DOUBTFUL not in str(row.flag)
    }
    found: dict[str, Published] = {}
    rows = cat.observations(COST, breakdown=None).sort_values("value", ascending=False, kind="stable")
    for row in rows.itertuples(index=False):
        about = parse(str(row.breakdown))
        model = about.get("model", "")
        if not model or model in found or DOUBTFUL in str(row.flag):
            continue
        found[model] = Published(
            model,
            about.get("organization", ""),
            str(row.period),
            float(str(row.value)),
            about.get("confidence", ""),
            compute.get(model),
            str(row.source),
        )
    return found


def burdens(cat: Catalog, usd: float) -> dict[str, Burden]:
    """Country to the months of its GDP per head that `usd` is; regions and aggregates are left out."""
    return {
        geo: Burden(usd / output.usd, output)
        for geo, output in monthly_output(cat).items()
        if cat.geographies.at[geo, "kind"] == "country"
    }
