"""The founding document's five factors: headline figures, what the document says of each, and who makes the models.

`members` compares the EU's members on one question each, `composite` puts a factor's indicators together where there
are two or more, `reasons` ranks what holds firms back, `interest` is the gap between considering AI and using it.
"""

from aigc_report.factors import interest, members, reasons
from aigc_report.factors.composite import Composite, composite
from aigc_report.factors.headlines import BREAKS, Comparison, Headline, Point, monitor, series
from aigc_report.factors.makers import KINDS, kind, largest, models, yearly
from aigc_report.factors.members import Across, across
from aigc_report.factors.statements import statements

__all__ = [
    "BREAKS",
    "KINDS",
    "Across",
    "Comparison",
    "Composite",
    "Headline",
    "Point",
    "across",
    "composite",
    "interest",
    "kind",
    "largest",
    "members",
    "models",
    "monitor",
    "reasons",
    "series",
    "statements",
    "yearly",
]
