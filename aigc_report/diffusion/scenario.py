"""What if it ended there, or went faster: a logistic course whose ceiling and speed are chosen, not fitted.

The course is fitted to the rows with its ceiling held; a speed other than 1 turns it about its last row. It is no
forecast and has no interval.
"""

from dataclasses import dataclass, replace

import numpy as np

from aigc_report.diffusion import backtest as backtests
from aigc_report.diffusion import fit as fitting
from aigc_report.diffusion.design import design, target
from aigc_report.diffusion.fit import Fit
from aigc_report.diffusion.logistic import LOGISTIC
from aigc_report.diffusion.series import Series
from aigc_report.errors import UserError
from aigc_report.i18n import N_

SATURATED = 0.9
LEAST_ROOM = 1.001
"""A ceiling must lie this far above the level reached, or the course has nowhere to go."""


@dataclass(frozen=True)
class Course:
    """A chosen course: the coming periods with their values, and the period in which 90 % of its ceiling is passed.

    ``passed`` says that the rows themselves have passed it; ``saturated`` is then the first row that did.
    """

    ceiling: float
    speed: float
    periods: tuple[str, ...]
    values: tuple[float, ...]
    saturated: str | None
    passed: bool


def held(series: Series, ceiling: float) -> Fit:
    """The logistic curve through `series` with its ceiling held at `ceiling`, fitted to levels."""
    rows = design(series.t, series.measure, "cumulative")
    sought = target(series.values, series.measure, "cumulative")
    low, high = fitting.limits(LOGISTIC, rows, sought, series.ceiling)
    low[0] = high[0] = np.log(ceiling)
    shapes = LOGISTIC.starts(float(series.t[-1]))
    start = np.concatenate([np.full((len(shapes), 1), np.log(ceiling)), np.log(shapes)], axis=1)
    theta, sse = fitting.search(LOGISTIC, rows, np.broadcast_to(sought, (len(start), len(series))), start, low, high)
    best = int(np.argmin(sse))
    return Fit(LOGISTIC, rows, sought, theta[best], float(sse[best]), low, high)


def course(series: Series, ceiling: float, speed: float = 1.0, horizon: int | None = None) -> Course:
    """The course of `series` if it ended at `ceiling` and grew `speed` times as fast as the rows say.

    Raises `UserError` for a ceiling that the series has reached.
    """
    reached = float(series.levels.max())
    if ceiling < LEAST_ROOM * reached:
        raise UserError(N_("The series has reached {level}; a scenario must end above that."), level=f"{reached:.4g}")
    fit = held(series, ceiling)
    _, log_a, log_b = fit.theta
    b = np.exp(log_b)
    # The speed changes b and keeps the level at the last row: a·e^(-b·t) stays what it is there.
    theta = np.array([np.log(ceiling), log_a + (speed - 1) * b * series.t[-1], np.log(speed * b)])
    turned = replace(fit, theta=theta)
    names, ahead = series.ahead(horizon or series.horizon)
    coming = backtests.rows_at(series, np.append(series.t, ahead), len(series))
    values = coming.predict(LOGISTIC, theta[None])[0]
    over = np.flatnonzero(series.levels >= SATURATED * ceiling)
    at = LOGISTIC.reach(turned.shape, SATURATED)
    when = series.period_at(at) if at > series.t[-1] else series.periods[-1]
    if when == series.periods[-1]:  # of which the row is known, and it lies below: the first coming one has it
        when = names[0]
    return Course(
        ceiling,
        speed,
        tuple(names),
        tuple(map(float, values)),
        series.periods[over[0]] if over.size else when,
        bool(over.size),
    )
