"""Queries over published figures: what a data claim of the ledger is tested with.

A query is a function ``(catalog, **arguments) -> Evidence``. It reads figures of one survey and one question, never a
doubtful one nor a projection, and says with every finding what its error rests on. Where the figures cannot carry a
test it leaves no finding and says why under `warnings`. ``docs/claims-data.md`` tells the methods.
"""

from collections.abc import Callable

from aigc_report.claims.queries.costs import cost_trends, model_weight, price_performance
from aigc_report.claims.queries.industries import growth_on_need, industry_spread
from aigc_report.claims.queries.instruments import instruments
from aigc_report.claims.queries.models import makers, modalities
from aigc_report.claims.queries.panels import panel_change, panel_difference, panel_level, panel_ranking
from aigc_report.claims.queries.records import paired_records, record_trend
from aigc_report.claims.queries.surveys import survey
from aigc_report.claims.queries.trends import trend
from gan.experiments.evidence import Evidence

__all__ = ["QUERIES"]

QUERIES: dict[str, Callable[..., Evidence]] = {
    "cost_trends": cost_trends,
    "growth_on_need": growth_on_need,
    "industry_spread": industry_spread,
    "instruments": instruments,
    "makers": makers,
    "modalities": modalities,
    "model_weight": model_weight,
    "paired_records": paired_records,
    "panel_change": panel_change,
    "panel_difference": panel_difference,
    "panel_level": panel_level,
    "panel_ranking": panel_ranking,
    "price_performance": price_performance,
    "record_trend": record_trend,
    "survey": survey,
    "trend": trend,
}
"""Name of a query, as a claim gives it, to the function that answers it."""
