"""The founding document's five factors: headline figures, what the document says of each, and who makes the models."""

from aigc_report.factors.headlines import BREAKS, Comparison, Headline, Point, monitor, series
from aigc_report.factors.makers import KINDS, kind, largest, models, yearly
from aigc_report.factors.statements import statements

__all__ = [
    "BREAKS",
    "KINDS",
    "Comparison",
    "Headline",
    "Point",
    "kind",
    "largest",
    "models",
    "monitor",
    "series",
    "statements",
    "yearly",
]
