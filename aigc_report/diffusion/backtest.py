"""Rolling-origin back-tests: what a model would have forecast at earlier points in time, against what came.

At each origin only the rows up to it are used, for the fit, its starts and its limits. Errors are pooled over origins
and steps. MASE divides each absolute error by the mean absolute step of the rows the forecast was made from (Hyndman
and Koehler 2006, International Journal of Forecasting 22(4), 679-688): below 1 beats repeating the last value one step
ahead, in sample.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from aigc_report.diffusion import fit as fitting
from aigc_report.diffusion import intervals
from aigc_report.diffusion.curve import Array, Curve
from aigc_report.diffusion.design import BEGINNING, Design, design, period_starts, target
from aigc_report.diffusion.reference import Reference
from aigc_report.diffusion.series import Series

MOST_ORIGINS = 12
REFITS = 200
"""Bootstrap refits behind each interval of a back-test."""
LEAST_TRAINING = 4
_SCATTERS = {("levels", "per_period"): "walk", ("per_period", "cumulative"): "difference"}
ROWS_PER_STEP = 5
"""A back-test looks one step further ahead for every so many rows, up to the horizon asked for."""

Forecaster = Callable[[int, int], tuple[Array, Array, Array]]
"""``forecaster(rows, steps)``: values, low and high, each (steps,), forecast from the first `rows` rows."""


@dataclass(frozen=True)
class Step:
    """Errors so many rows ahead."""

    step: int
    n: int
    rmse: float
    mase: float | None
    coverage: float


@dataclass(frozen=True)
class Backtest:
    """`origins` forecasts of up to `horizon` rows, `n` values in all; `coverage` is the share inside the intervals."""

    origins: int
    horizon: int
    n: int
    rmse: float
    mase: float | None
    coverage: float
    steps: tuple[Step, ...]


def origins(values: Array, horizon: int) -> tuple[list[int], int]:
    """The training sizes and the horizon of a back-test over `values`; no sizes where there are too few.

    Rows before the first change hold nothing to forecast from, so no origin lies among them.
    """
    rows = len(values)
    still = int(np.argmax(values != values[0]))
    sizes = np.arange(max(LEAST_TRAINING, (rows + 1) // 2, still + 1), rows)
    if len(sizes) > MOST_ORIGINS:
        sizes = np.unique(np.linspace(sizes[0], rows - 1, MOST_ORIGINS).round().astype(int))
    return [int(size) for size in sizes], max(1, min(horizon, rows // ROWS_PER_STEP))


def run(values: Array, forecaster: Forecaster, sizes: list[int], horizon: int) -> Backtest | None:
    """The errors of `forecaster` at the origins `sizes`, up to `horizon` rows ahead; None without origins."""
    if not sizes:
        return None
    found: list[tuple[int, float, float, bool]] = []
    for size in sizes:
        steps = min(horizon, len(values) - size)
        value, low, high = forecaster(size, steps)
        scale = float(np.abs(np.diff(values[:size])).mean())
        for ahead, actual in enumerate(values[size : size + steps]):
            error = float(value[ahead] - actual)
            found.append(
                (ahead + 1, error, abs(error) / scale if scale else np.nan, low[ahead] <= actual <= high[ahead])
            )
    step, errors, scaled, inside = (np.array(column) for column in zip(*found, strict=True))
    parts = tuple(
        Step(int(s), int(m.sum()), _rms(errors[m]), _mean(scaled[m]), float(inside[m].mean()))
        for s in np.unique(step)
        for m in [step == s]
    )
    return Backtest(len(sizes), horizon, len(errors), _rms(errors), _mean(scaled), float(inside.mean()), parts)


def curve_forecaster(
    curve: Curve, series: Series, loss: str, sizes: list[int], seed: int, refits: int = REFITS
) -> Forecaster:
    """Forecasts of `curve` from each of `sizes`, all fitted at once."""
    whole, sought = design(series.t, series.measure, loss), target(series.values, series.measure, loss)
    weights = np.array([[1.0] * size + [0.0] * (len(series) - size) for size in sizes])
    theta, sse = fitting.windows(curve, whole, sought, weights, series.ceiling)
    found = dict(zip(sizes, zip(theta, sse, strict=True), strict=True))

    def forecaster(rows: int, steps: int) -> tuple[Array, Array, Array]:
        part = Design(whole.high[:rows], whole.low[:rows], whole.running)
        low, high = fitting.limits(curve, part, sought[:rows], series.ceiling)
        best, squares = found[rows]
        fit = fitting.Fit(curve, part, sought[:rows], best, float(squares), low, high)
        coming = rows_at(series, series.t[: rows + steps], rows)
        generator = np.random.default_rng([seed, rows])
        return curve_values(fit, series, loss, coming, refits, generator)

    return forecaster


def curve_values(
    fit: fitting.Fit, series: Series, loss: str, coming: Design, refits: int, generator: np.random.Generator
) -> tuple[Array, Array, Array]:
    """What `fit` says of the coming rows, with the interval at the level of `intervals`, inside natural bounds."""
    value = coming.predict(fit.curve, fit.theta[None])[0]
    scatters = _SCATTERS.get((series.measure, loss), "row")
    low, high = intervals.forecast_interval(fit, coming, scatters, refits, generator)
    return value, *bounded(series, low, high)


def reference_forecaster(model: Callable[[Array, Array, Array], Reference], series: Series) -> Forecaster:
    """Forecasts of a reference model."""

    def forecaster(rows: int, steps: int) -> tuple[Array, Array, Array]:
        found = model(series.values[:rows], series.t[:rows], series.t[rows : rows + steps])
        return found.value, *bounded(series, found.low, found.high)

    return forecaster


def rows_at(series: Series, t: Array, first: int = 0) -> Design:
    """What rows at times `t` are in the measure of the series, from row `first` on."""
    low = period_starts(t) if series.measure == "per_period" else np.full_like(t, BEGINNING)
    return Design(t[first:], low[first:])


def bounded(series: Series, low: Array, high: Array) -> tuple[Array, Array]:
    """Limits kept to what can be: levels between zero and the natural ceiling."""
    if series.measure != "levels":
        return low, high
    top = np.inf if series.ceiling is None else series.ceiling
    return np.clip(low, 0, top), np.clip(high, 0, top)


def _rms(error: Array) -> float:
    return float(np.sqrt(np.mean(error**2)))


def _mean(scaled: Array) -> float | None:
    mean = float(np.mean(scaled))
    return mean if np.isfinite(mean) else None
