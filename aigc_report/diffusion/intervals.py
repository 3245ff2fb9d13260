"""How far the parameters and the forecasts can be trusted: profile-likelihood limits and bootstrap refits.

Limits come from the profile: a parameter is held at a value, the others are fitted again, and the value is within the
limits while the sum of squares stays below SSE·(1 + F(1, n-3)/(n-3)) (Bates and Watts 1988, Nonlinear regression
analysis and its applications, section 6.1). Symmetric limits from curvature at the best fit are badly wrong here: on a
series that has not passed its inflection the data rule out small ceilings but no large one, and then the upper limit
does not exist.
"""

import math
from dataclasses import dataclass

import numpy as np

from aigc_report.diffusion.curve import Array, Index
from aigc_report.diffusion.design import Design
from aigc_report.diffusion.fit import Fit, search

LEVEL = 0.95
"""Of all intervals."""
REFITS = 500
"""Bootstrap refits behind the interval of a forecast."""
_EXACT = 1e-18
"""A sum of squares below this share of the data's own is rounding: the curve passes through every row."""
_REFIT_PRECISION = 1e-6
"""Of the parameters of a refit: far finer than the scatter between refits."""
_BISECTIONS = 26
_FIRST_STEP, _GROWTH, _STEPS = 0.02, 1.5, 60


@dataclass(frozen=True)
class Interval:
    """An estimate with its limits; None is a limit that does not exist."""

    value: float
    low: float | None
    high: float | None


def t_quantile(freedom: int, level: float = LEVEL) -> float:
    """The two-sided critical value of Student's t with a whole number of degrees of freedom, at least 1.

    The distribution has a closed form then (Abramowitz and Stegun 26.7.3 and 26.7.4), solved by bisection.
    """
    low, high = 0.0, 1.0
    while _t_within(high, freedom) < level:
        high *= 2
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if _t_within(middle, freedom) < level else (low, middle)
    return (low + high) / 2


def _t_within(t: float, freedom: int) -> float:
    """P(|T| < t)."""
    angle = math.atan(t / math.sqrt(freedom))
    sine, cosine = math.sin(angle), math.cos(angle)
    odd = freedom % 2
    term = cosine if odd else 1.0
    total = term if freedom > 1 else 0.0
    for k in range(2 if not odd else 3, freedom, 2):
        term *= cosine**2 * (k - 1) / k
        total += term
    return (angle + sine * total) * 2 / math.pi if odd else sine * total


def profile(fit: Fit) -> dict[str, Interval]:
    """Each parameter with its profile limits at `LEVEL`.

    A limit is None where it does not exist: the data rule out no value on that side, up to the bound that nature or
    the search sets.
    """
    names = fit.curve.parameters
    values = np.exp(fit.theta)
    if fit.freedom < 1:
        return {name: Interval(float(value), None, None) for name, value in zip(names, values, strict=True)}
    if fit.sse <= _EXACT * float(fit.target @ fit.target):
        return {name: Interval(float(v), float(v), float(v)) for name, v in zip(names, values, strict=True)}
    critical = t_quantile(fit.freedom) ** 2
    threshold = fit.sse * (1 + critical / fit.freedom)
    which = np.repeat(np.arange(3), 2)
    side = np.tile([-1.0, 1.0], 3)
    inside, outside = _bracket(fit, which, side, threshold)
    limit = _bisect(fit, which, inside, outside, threshold)
    ends = [None if np.isnan(end) else float(np.exp(end)) for end in limit]
    return {name: Interval(float(values[i]), ends[2 * i], ends[2 * i + 1]) for i, name in enumerate(names)}


def _bracket(fit: Fit, which: Index, side: Array, threshold: float) -> tuple[Array, Array]:
    """For each parameter and side: the furthest value still inside and the first outside (NaN where there is none)."""
    bound = np.where(side < 0, fit.low[which], fit.high[which])
    at = np.tile(fit.theta, (6, 1))
    inside = fit.theta[which].copy()
    outside = np.full(6, np.nan)
    step = np.full(6, _FIRST_STEP)
    rows = np.arange(6)
    open_ = np.abs(bound - inside) > 0
    for _ in range(_STEPS):
        going = np.flatnonzero(open_)
        if not len(going):
            break
        reached = inside[going] + side[going] * step[going]
        value = np.where(side[going] < 0, np.maximum(reached, bound[going]), np.minimum(reached, bound[going]))
        theta, sse = _held(fit, which[going], value, at[going])
        out = sse > threshold
        outside[going[out]] = value[out]
        within = going[~out]
        inside[within], at[within] = value[~out], theta[~out]
        step[within] *= _GROWTH
        ended = np.zeros(6, dtype=bool)
        ended[within] = np.abs(value[~out] - bound[within]) <= 0
        open_ &= np.isnan(outside) & ~ended
    return inside[rows], outside


def _bisect(fit: Fit, which: Index, inside: Array, outside: Array, threshold: float) -> Array:
    """Where each profile crosses the threshold; NaN where it does not."""
    crossing = np.flatnonzero(~np.isnan(outside))
    limit = np.full(len(which), np.nan)
    if not len(crossing):
        return limit
    near, far, held = inside[crossing], outside[crossing], which[crossing]
    at = np.tile(fit.theta, (len(crossing), 1))
    for _ in range(_BISECTIONS):
        middle = (near + far) / 2
        theta, sse = _held(fit, held, middle, at)
        out = sse > threshold
        near, far = np.where(out, near, middle), np.where(out, middle, far)
        at = np.where(out[:, None], at, theta)
    limit[crossing] = (near + far) / 2
    return limit


def _held(fit: Fit, which: Index, value: Array, start: Array) -> tuple[Array, Array]:
    """Fits with the parameter `which` held at `value`, from `start` and from the best fit: the better of the two."""
    count = len(which)
    rows = np.arange(count)
    low, high = np.tile(fit.low, (count, 1)), np.tile(fit.high, (count, 1))
    low[rows, which] = high[rows, which] = value
    starts = np.concatenate([start, np.tile(fit.theta, (count, 1))])
    target = np.broadcast_to(fit.target, (2 * count, len(fit.target)))
    theta, sse = search(fit.curve, fit.design, target, starts, np.tile(low, (2, 1)), np.tile(high, (2, 1)))
    second = sse[count:] < sse[:count]
    return np.where(second[:, None], theta[count:], theta[:count]), np.where(second, sse[count:], sse[:count])


def refits(fit: Fit, count: int, generator: np.random.Generator) -> tuple[Array, Array]:
    """Parameters fitted to `count` series drawn from the fit, (count, 3), and the noise each was drawn with, (count,).

    Rows scatter normally about the fitted ones. The size of the scatter is itself known only from the residuals, so
    each series has its own, drawn as SSE over a chi-squared variable: with few rows intervals widen as they should.
    """
    freedom = max(fit.freedom, 1)
    noise = np.sqrt(fit.sse / generator.chisquare(freedom, count))
    rows = fit.design.predict(fit.curve, fit.theta[None])[0]
    drawn = rows + noise[:, None] * generator.standard_normal((count, len(rows)))
    start = np.tile(fit.theta, (count, 1))
    theta, _ = search(fit.curve, fit.design, drawn, start, fit.low, fit.high, precision=_REFIT_PRECISION)
    return theta, noise


def forecast_interval(
    fit: Fit, future: Design, scatters: str, count: int, generator: np.random.Generator
) -> tuple[Array, Array]:
    """Limits, each (horizon,), within which the rows of `future` will fall at `LEVEL` if the curve is right.

    `scatters` says how coming rows lie about the curve: ``"row"`` as the fitted rows do, ``"walk"`` as levels do whose
    increments were fitted, ``"difference"`` as differences of fitted sums do.
    """
    theta, noise = refits(fit, count, generator)
    rows = future.predict(fit.curve, theta)
    scatter = generator.standard_normal((count, len(future)))
    if scatters == "walk":
        scatter = scatter.cumsum(axis=1)
    elif scatters == "difference":
        scatter = np.diff(scatter, axis=1, prepend=generator.standard_normal((count, 1)))
    drawn = rows + noise[:, None] * scatter
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(drawn, [tail, 1 - tail], axis=0)
    return low, high
