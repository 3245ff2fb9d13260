"""Many small least-squares problems at once: a batched Levenberg-Marquardt with bounds, in numpy alone.

A back-test with bootstrap intervals solves thousands of problems of three unknowns. In a loop nearly all of the time
goes into Python and into a solver's own book-keeping; here each iteration is a handful of array operations over all
problems that have not converged yet.

Nocedal and Wright (2006), Numerical optimization, section 10.3; damping by the diagonal as in Marquardt (1963). A
parameter at a bound that its gradient pushes against is held there, so ``low == high`` fixes a parameter.
"""

from collections.abc import Callable

import numpy as np

from aigc_report.diffusion.curve import Array, Index

Problem = Callable[[Array, Index], tuple[Array, Array]]
"""``problem(x, which)``: residuals (b, n) and their derivatives (b, n, k) at `x` (b, k) for the problems `which`."""

ITERATIONS = 200
PRECISION = 1e-11
"""A problem is solved when no parameter moves by more than this, or this times its own size..."""
GAIN = 1e-4
"""... or when an accepted step lowers the sum of squares by less than this times the precision, as a share of it."""
_FIRST_DAMPING, _LEAST_DAMPING, _MOST_DAMPING = 1e-3, 1e-14, 1e12


def solve(problem: Problem, start: Array, low: Array, high: Array, precision: float = PRECISION) -> tuple[Array, Array]:
    """The parameters, (batch, k), and sums of squares, (batch,), where each search that `start` (batch, k) begins ends.

    `low` and `high` bound the parameters, (k,) or (batch, k). A search that runs out of iterations ends where it is.
    """
    x = np.clip(start, low, high)
    low, high = np.broadcast_to(low, x.shape), np.broadcast_to(high, x.shape)
    open_ = np.arange(len(x))
    residual, slope = problem(x, open_)
    sse = _squares(residual)
    best = sse.copy()
    damping = np.full(len(x), _FIRST_DAMPING)
    at = x.copy()
    for _ in range(ITERATIONS):
        if not len(open_):
            break
        here = at[open_]
        step = _step(here, residual, slope, damping[open_], low[open_], high[open_])
        tried = np.clip(here + step, low[open_], high[open_])
        moved = np.abs(tried - here).max(axis=1)
        new_residual, new_slope = problem(tried, open_)
        new_sse = _squares(new_residual)
        better = new_sse < best[open_]  # False for a step to a value that is not finite
        gain = np.where(better, best[open_] - new_sse, np.inf)
        done = (moved <= precision * (1 + np.abs(here).max(axis=1))) | (gain <= GAIN * precision * best[open_])
        taken = open_[better]
        at[taken], best[taken] = tried[better], new_sse[better]
        damping[open_] = np.where(better, damping[open_] / 5, damping[open_] * 4).clip(_LEAST_DAMPING, _MOST_DAMPING)
        done |= ~better & (damping[open_] >= _MOST_DAMPING)
        residual = np.where(better[:, None], new_residual, residual)[~done]
        slope = np.where(better[:, None, None], new_slope, slope)[~done]
        open_ = open_[~done]
    return at, best


def _step(x: Array, residual: Array, slope: Array, damping: Array, low: Array, high: Array) -> Array:
    """The damped Gauss-Newton step of each problem, with parameters held that press against a bound."""
    gradient = np.einsum("bni,bn->bi", slope, residual)
    held = ((x <= low) & (gradient >= 0)) | ((x >= high) & (gradient <= 0))
    free = ~held
    normal = np.matmul(slope.transpose(0, 2, 1), slope) * (free[:, :, None] & free[:, None, :])
    own = np.einsum("bii->bi", normal)
    floor = 1e-14 * own.max(axis=1, keepdims=True) + 1e-300
    diagonal = np.arange(x.shape[1])
    normal[:, diagonal, diagonal] = np.where(free, own + damping[:, None] * np.maximum(own, floor) + floor, 1.0)
    step: Array = np.linalg.solve(normal, np.where(free, -gradient, 0.0)[:, :, None])[:, :, 0]
    return np.nan_to_num(step, nan=0.0, posinf=0.0, neginf=0.0)


def _squares(residual: Array) -> Array:
    total: Array = np.einsum("bn,bn->b", residual, residual)
    return np.where(np.isfinite(total), total, np.inf)
