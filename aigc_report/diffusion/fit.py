"""Fit a curve by nonlinear least squares from many starts at once.

From a single start, optimisers stop short on these curves: valleys are long and curved, and the ceiling trades off
against the speed. Given the shape, the best ceiling is known in closed form, so every start begins at its own best
ceiling and only shapes are searched on a grid.
"""

from dataclasses import dataclass

import numpy as np

from aigc_report.diffusion import levenberg
from aigc_report.diffusion.curve import Array, Curve, Index
from aigc_report.diffusion.design import Design

CEILING_RANGE = (1e-3, 1e6)
"""Ceilings looked at, as multiples of the largest cumulative value; a fit at the upper end has found none."""
_LEAST_CEILING_SHARE = 1e-3
_ROUNDING = 1e-15
"""exp(log(100)) is a little more than 100."""


@dataclass(frozen=True, eq=False)
class Fit:
    """A fitted curve: `theta` holds the logarithms of its parameters, `sse` is on the scale of `target`."""

    curve: Curve
    design: Design
    target: Array
    theta: Array
    sse: float
    low: Array
    high: Array

    @property
    def parameters(self) -> dict[str, float]:
        """Name to value, the ceiling first."""
        return dict(zip(self.curve.parameters, map(float, np.exp(self.theta)), strict=True))

    @property
    def ceiling(self) -> float:
        """The level that adoption approaches."""
        return float(np.exp(self.theta[0]))

    @property
    def shape(self) -> Array:
        """The two parameters besides the ceiling."""
        shape: Array = np.exp(self.theta[1:])
        return shape

    @property
    def freedom(self) -> int:
        """Rows less parameters."""
        return len(self.target) - len(self.theta)

    @property
    def at_bound(self) -> bool:
        """Whether the ceiling ran into the highest one looked at."""
        return bool(self.theta[0] >= self.high[0] - 1e-6)


def fit(curve: Curve, design: Design, target: Array, ceiling: float | None = None) -> Fit:
    """The best fit of `curve` to `target` (n,); `ceiling` is the highest there can be, where nature sets one."""
    low, high = limits(curve, design, target, ceiling)
    theta, sse = windows(curve, design, target, np.ones((1, len(target))), ceiling)
    return Fit(curve, design, target, theta[0], float(sse[0]), low, high)


def windows(
    curve: Curve, design: Design, target: Array, weights: Array, ceiling: float | None = None
) -> tuple[Array, Array]:
    """The best fit to each window: parameters (windows, 3) and sums of squares (windows,).

    `weights` (windows, n) are 1 for rows that a window sees and 0 for those it does not. A window's starts and limits
    come from its own rows alone.
    """
    beginnings, low, high, owner = [], [], [], []
    for position, weight in enumerate(weights):
        seen = weight > 0
        shapes = curve.starts(_span(design.high[seen]))
        least, most = limits(curve, _rows(design, seen), target[seen], ceiling)
        beginnings.append(_with_best_ceiling(curve, design, target, weight, shapes, least, most))
        low.append(np.broadcast_to(least, (len(shapes), 3)))
        high.append(np.broadcast_to(most, (len(shapes), 3)))
        owner.append(np.full(len(shapes), position))
    of = np.concatenate(owner)
    theta, sse = search(
        curve,
        design,
        np.broadcast_to(target, weights.shape)[of],
        np.concatenate(beginnings),
        np.concatenate(low),
        np.concatenate(high),
        weights[of],
    )
    first = [np.flatnonzero(of == position) for position in range(len(weights))]
    best = [rows[int(np.argmin(sse[rows]))] for rows in first]
    return theta[best], sse[best]


def search(
    curve: Curve,
    design: Design,
    target: Array,
    start: Array,
    low: Array,
    high: Array,
    weights: Array | None = None,
    precision: float = levenberg.PRECISION,
) -> tuple[Array, Array]:
    """Batched searches: `target` and `weights` are (batch, n), `start` is (batch, 3); see `levenberg.solve`."""

    def problem(theta: Array, which: Index) -> tuple[Array, Array]:
        rows, slopes = design.evaluate(curve, theta)
        residual = rows - target[which]
        if weights is None:
            return residual, slopes
        weight = weights[which]
        return residual * weight, slopes * weight[:, :, None]

    return levenberg.solve(problem, start, low, high, precision)


def limits(curve: Curve, design: Design, target: Array, ceiling: float | None) -> tuple[Array, Array]:
    """Logarithms of the lowest and highest parameters looked at."""
    lowest, highest = curve.bounds(_span(design.high))
    size = scale(design, target)
    most = size * CEILING_RANGE[1] if ceiling is None else ceiling * (1 - _ROUNDING)
    least = min(size * CEILING_RANGE[0], most)
    return np.log(np.concatenate([[least], lowest])), np.log(np.concatenate([[most], highest]))


def scale(design: Design, target: Array) -> float:
    """The largest cumulative value in the rows, which sets the size of ceilings worth trying."""
    whole = design.running or not np.isfinite(design.low[1:]).any()
    return float(np.abs(target if whole else np.cumsum(target)).max())


def _with_best_ceiling(
    curve: Curve, design: Design, target: Array, weight: Array, shapes: Array, low: Array, high: Array
) -> Array:
    """Each shape with the ceiling that fits best under it, as logarithms."""
    unit = np.concatenate([np.zeros((len(shapes), 1)), np.log(shapes)], axis=1)
    rows = design.predict(curve, unit) * weight
    size = np.einsum("bn,bn->b", rows, rows)
    ceiling = np.einsum("bn,n->b", rows, target * weight) / np.where(size > 0, size, 1.0)
    unit[:, 0] = np.log(np.maximum(ceiling, np.exp(low[0]) * (1 + _LEAST_CEILING_SHARE)))
    start: Array = np.clip(unit, low, high)
    return start


def _span(t: Array) -> float:
    """The length of time that rows cover, from where time counts."""
    return float(t[-1])


def _rows(design: Design, seen: Array) -> Design:
    return Design(design.high[seen], design.low[seen], design.running)
