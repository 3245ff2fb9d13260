"""When a series will have gone most of its way, with an interval, or the plain answer that the data do not say.

The time is that at which the fitted curve passes `SATURATION` of its ceiling; its interval holds the middle 95 % of the
same time over bootstrap refits, as the intervals of a forecast do. Where no curve was chosen, or the data do not bound
the ceiling, there is no such time: 90 % of an unknown ceiling is nothing.
"""

from dataclasses import dataclass

import numpy as np

from aigc_report.diffusion import fit as fitting
from aigc_report.diffusion import intervals
from aigc_report.diffusion.design import design, target
from aigc_report.diffusion.forecast import CURVES, SATURATION, Forecast


@dataclass(frozen=True)
class Saturation:
    """The period in which the curve passes its share of the ceiling, and the ends of its interval.

    A period is None beyond what the calendar counts.
    """

    share: float
    period: str | None
    low: str | None
    high: str | None
    passed: bool


def saturation(found: Forecast, seed: int = 0, refits: int = intervals.REFITS) -> Saturation | None:
    """When `found` will be saturated; None where that is not determined."""
    if found.model not in CURVES or not found.milestones:
        return None
    series, curve = found.series, CURVES[found.model]
    rows = design(series.t, series.measure, found.loss)
    fit = fitting.fit(curve, rows, target(series.values, series.measure, found.loss), series.ceiling)
    theta, _ = intervals.refits(fit, refits, np.random.default_rng(seed))
    times = np.array([curve.reach(np.exp(row[1:]), SATURATION) for row in theta])
    if not np.isfinite(times).all():
        return None
    tail = (1 - intervals.LEVEL) / 2
    low, high = np.quantile(times, [tail, 1 - tail])
    at = found.milestones["saturation"]
    return Saturation(
        SATURATION,
        series.period_at(at),
        series.period_at(float(low)),
        series.period_at(float(high)),
        bool(at <= series.t[-1]),
    )
