"""The charts that show what holds for each of the founding document's five factors, and of academia against industry.

`CHARTS` is the table a page walks through; a factor's charts stand side by side in pairs, in this order.
"""

from collections.abc import Callable
from functools import partial

from aigc_report.catalog import Catalog
from aigc_report.charts import adoption, costs
from aigc_report.charts.chart import Chart
from aigc_report.charts.factors import barriers, business, demand, maturity, members, policy, research
from aigc_report.i18n import Texts

Build = Callable[[Catalog, Texts], Chart]

CHARTS: dict[str, tuple[Build, ...]] = {
    "maturity": (
        partial(maturity.quality, dataset="imagenet256"),
        partial(maturity.quality, dataset="cifar10"),
        maturity.technologies,
        partial(costs.training, indicator="training_compute_flop", domain="image"),
        partial(members.apart, factor="maturity"),
    ),
    "demand": (
        demand.firms,
        demand.places,
        adoption.firms_by_country,
        demand.us_firms,
        demand.chatgpt,
        partial(members.apart, factor="demand"),
    ),
    "barriers": (
        barriers.firms,
        barriers.sizes,
        members.industries,
        members.gap,
        adoption.reasons,
        partial(costs.training, indicator="training_cost_usd2023", domain="image"),
        partial(members.apart, factor="barriers"),
    ),
    "business": (
        business.investment,
        costs.token_prices,
        business.purposes,
        business.routes,
        costs.rents,
        partial(members.apart, factor="business"),
    ),
    "policy": (policy.instruments, policy.research, partial(members.apart, factor="policy")),
}
"""Factor to its charts. Training, hardware and published quality are drawn once, for the Technology page too."""

RESEARCH: tuple[Build, ...] = (research.models, research.firms, research.compute, research.investment)
"""Academia against industry: what research and companies make on the left, what firms use and pay on the right."""
