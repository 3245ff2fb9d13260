"""Affordability: what a measured run would emit and cost elsewhere, and where it stands on the scale of published runs.

>>> from aigc_report import affordability
>>> found = affordability.of(store.Store().read(run_id))
>>> found.emissions["DEU"], found.rental.usd, found.absent
"""

from aigc_report.affordability.report import Affordability, of
from aigc_report.affordability.spread import Spread

__all__ = ["Affordability", "Spread", "of"]
