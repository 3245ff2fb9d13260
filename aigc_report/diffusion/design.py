"""What the rows of a series say about a curve: which stretch of it each row covers, and on what scale it is fitted."""

from dataclasses import dataclass

import numpy as np

from aigc_report.diffusion.curve import Array, Curve

BEGINNING = -np.inf


@dataclass(frozen=True, eq=False)
class Design:
    """Row i is ``m·(F(high_i) - F(low_i))``, or the running sum of that up to row i where `running`.

    A `low` of `BEGINNING` counts everything before, so that the row is ``m·F(high)``.
    """

    high: Array
    low: Array
    running: bool = False

    def __len__(self) -> int:
        return len(self.high)

    def predict(self, curve: Curve, theta: Array) -> Array:
        """The rows under each of the parameters `theta`, logarithms, (batch, 3): (batch, n)."""
        return self.evaluate(curve, theta)[0]

    def evaluate(self, curve: Curve, theta: Array) -> tuple[Array, Array]:
        """The rows, (batch, n), and their derivatives by the logarithms of the parameters, (batch, n, 3)."""
        shape, ceiling = np.exp(theta[:, 1:]), np.exp(theta[:, :1])
        with np.errstate(over="ignore", under="ignore", invalid="ignore"):
            share, slope = curve.share(shape, self.high)
            inner = np.isfinite(self.low)
            if inner.any():
                before, before_slope = curve.share(shape, self.low[inner])
                share, slope = share.copy(), slope.copy()
                share[:, inner] -= before
                slope[:, inner] -= before_slope
        rows = ceiling * share
        slopes = np.concatenate([rows[:, :, None], ceiling[:, :, None] * slope], axis=2)
        return (rows.cumsum(axis=1), slopes.cumsum(axis=1)) if self.running else (rows, slopes)


def design(t: Array, measure: str, loss: str) -> Design:
    """How rows at times `t` of a series given as `measure` are fitted under `loss`.

    Per-period values cover the unit of time that ends at t, ``m·(F(t) - F(t - 1))``; the first row also what came
    before, as adoption is counted from zero. Levels are ``m·F(t)``, and their increments reach back to the row before,
    however long ago that was.
    """
    if measure == "levels":
        low = np.full_like(t, BEGINNING)
        if loss == "per_period":
            low[1:] = t[:-1]
        return Design(t, low)
    return Design(t, period_starts(t), running=loss == "cumulative")


def period_starts(t: Array) -> Array:
    """Where the period of each row begins."""
    low = t - 1
    low[0] = BEGINNING
    return low


def target(values: Array, measure: str, loss: str) -> Array:
    """The numbers that a design of the same `measure` and `loss` predicts."""
    if measure == "levels":
        return values if loss == "cumulative" else np.diff(values, prepend=0.0)
    return np.cumsum(values) if loss == "cumulative" else values
