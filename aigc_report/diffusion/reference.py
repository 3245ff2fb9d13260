"""The models a diffusion curve has to beat: no change, the same change again, a trend that fades.

Each takes the values of a series, (n,), at times, (n,), and coming times, (h,), and returns a `Reference`. Naive and
drift honour uneven times; their steps scatter in proportion to the time between. Formulas: Hyndman and Athanasopoulos
(2021), Forecasting: principles and practice, 3rd edition, sections 5.2, 5.5 and 8.2; the damped trend is Gardner and
McKenzie (1985), Management Science 31(10), 1237-1246.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from aigc_report.diffusion.curve import Array, grid
from aigc_report.diffusion.intervals import t_quantile

UNEVEN = 1e-6


@dataclass(frozen=True, eq=False)
class Reference:
    """A reference model's parameters, its one-step-ahead values in the past (NaN before the first) and its forecast."""

    parameters: dict[str, float]
    fitted: Array
    value: Array
    low: Array
    high: Array


def naive(values: Array, t: Array, ahead: Array) -> Reference:
    """The last value stays."""
    gap = np.diff(t)
    variance = float(np.mean(np.diff(values) ** 2 / gap))
    spread = t_quantile(len(values) - 1) * np.sqrt(variance * (ahead - t[-1]))
    value = np.full(len(ahead), values[-1])
    return Reference({}, np.append(np.nan, values[:-1]), value, value - spread, value + spread)


def drift(values: Array, t: Array, ahead: Array) -> Reference:
    """The mean change per unit of time goes on."""
    gap, length = np.diff(t), t[-1] - t[0]
    slope = float((values[-1] - values[0]) / length)
    freedom = len(values) - 2
    variance = float(np.sum((np.diff(values) - slope * gap) ** 2 / gap)) / freedom
    away = ahead - t[-1]
    spread = t_quantile(freedom) * np.sqrt(variance * away * (1 + away / length))
    value = values[-1] + slope * away
    fitted = np.append(np.nan, values[:-1] + slope * gap)
    return Reference({"slope": slope}, fitted, value, value - spread, value + spread)


def damped(values: Array, t: Array, ahead: Array) -> Reference:
    """A smoothed trend that fades: level and trend adapt with alpha and beta, the trend shrinks by phi each row.

    The three are chosen on a grid by the one-step-ahead squared error; the first two rows start level and trend.
    Times are rows: call it for even series only (`is_even`).
    """
    tried = grid(np.linspace(0.05, 1.0, 20), np.linspace(0.05, 1.0, 20), np.linspace(0.8, 0.98, 7))
    alpha, beta, phi = tried.T
    level, trend = np.full(len(tried), values[0]), np.full(len(tried), values[1] - values[0])
    expected = np.full((len(values), len(tried)), np.nan)
    for row in range(1, len(values)):
        expected[row] = level + phi * trend
        new = expected[row] + alpha * (values[row] - expected[row])
        trend = beta * (new - level) + (1 - beta) * phi * trend
        level = new
    error = values[1:, None] - expected[1:]
    best = int(np.argmin(np.sum(error[1:] ** 2, axis=0)))  # row 2 is known from the start it gives
    alpha, beta, phi = tried[best]
    steps = np.arange(1, len(ahead) + 1)
    fading = phi * (1 - phi**steps) / (1 - phi)
    value = level[best] + fading * trend[best]
    freedom = max(len(values) - 4, 1)
    variance = float(np.sum(error[1:, best] ** 2)) / freedom
    carried = alpha * (1 + beta * fading)  # what a shock j rows ago still does: alpha + alpha·beta·(phi + … + phi^j)
    spread = t_quantile(freedom) * np.sqrt(variance * (1 + np.append(0.0, np.cumsum(carried**2)[:-1])))
    parameters = {"alpha": float(alpha), "beta": float(beta), "phi": float(phi)}
    return Reference(parameters, expected[:, best], value, value - spread, value + spread)


REFERENCES: dict[str, Callable[[Array, Array, Array], Reference]] = {"naive": naive, "drift": drift, "damped": damped}
"""Name to model. `NAIVE` are those a forecast has to beat."""
NAIVE = ("naive", "drift")


def is_even(t: Array) -> bool:
    """Whether rows are equally far apart in time."""
    gap = np.diff(t)
    return bool(np.ptp(gap) <= UNEVEN * gap.mean())
