"""Figures that an audience's template can ask for by name; each is a chart that a page of the dashboard shows too."""

from collections.abc import Callable
from functools import partial

from aigc_report.briefing.desk import Desk
from aigc_report.briefing.model import Figure
from aigc_report.catalog import Catalog
from aigc_report.charts import adoption, costs
from aigc_report.charts.chart import Chart
from aigc_report.charts.factors import barriers, business, demand, maturity, policy, research
from aigc_report.charts.factors import members as spread
from aigc_report.i18n import Texts

FIGURES: dict[str, Callable[[Catalog, Texts], Chart]] = {
    "firms_by_size": adoption.firms_over_time,
    "firms_by_industry": demand.firms,
    "firms_us": demand.us_firms,
    "technologies": maturity.technologies,
    "people_by_age": adoption.people,
    "people_by_country": demand.places,
    "chatgpt": demand.chatgpt,
    "barriers": barriers.firms,
    "barriers_by_size": barriers.sizes,
    "reasons_people": adoption.reasons,
    "purposes": business.purposes,
    "routes": business.routes,
    "investment": business.investment,
    "token_prices": costs.token_prices,
    "rents": costs.rents,
    "compute": partial(costs.training, indicator="training_compute_flop", domain="image"),
    "quality_imagenet": partial(maturity.quality, dataset="imagenet256"),
    "quality_cifar10": partial(maturity.quality, dataset="cifar10"),
    "makers": research.models,
    "instruments": policy.instruments,
    "research_money": policy.research,
    "spread_demand": partial(spread.apart, factor="demand"),
    "spread_maturity": partial(spread.apart, factor="maturity"),
}


def figure(desk: Desk, name: str) -> Figure:
    """The figure called `name`; `KeyError` for one that does not exist."""
    return placed(FIGURES[name](desk.cat, desk.t))


def placed(chart: Chart, *references: str) -> Figure:
    """A chart as a figure: its title, notes and alternative text say what it shows, so the caption is left empty."""
    return Figure(f"figure.{chart.id}", chart, (), tuple(dict.fromkeys([*chart.sources, *references])))
