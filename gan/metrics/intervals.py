"""95 % intervals of quality figures: what they rest on, and the one method that fits every figure.

FID, KID and the Inception Score are smooth in the data: their modules give a standard error in closed form.
Nearest-neighbour figures and class shares are not, and the bootstrap fails for them (a row drawn twice is its own
neighbour). They take the delete-d jackknife (Shao & Wu 1989, Annals of Statistics 17): the figure on random subsets
of one fifth of both sets, drawn without replacement; its variance over the draws, times (m/n) / (1 - m/n), estimates
the variance at full size.

An interval covers the sampling of both sets at these sizes, around what the figure would be on average *at these
sizes*. It does not cover a figure's bias at small n, the choice of extractor, or the difference between two
trainings.
"""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

Index = NDArray[np.intp]

LEVEL = 0.95
NORMAL_QUANTILE = 1.959964
"""97.5 % quantile of the standard normal distribution."""

DRAWS = 25
STUDENT_QUANTILE = 2.063899
"""97.5 % quantile of Student's t with DRAWS - 1 = 24 degrees of freedom."""

_SHARE = 5


def around(
    value: float, error: float, *, quantile: float = NORMAL_QUANTILE, low: float = -np.inf, high: float = np.inf
) -> tuple[float | None, float | None]:
    """`value` ± `quantile` x `error`, cut to the figure's range `low`..`high`; (None, None) for an error that does
    not exist.

    Always contains `value` when the range does.
    """
    if not np.isfinite(error):
        return None, None
    return max(low, value - quantile * error), min(high, value + quantile * error)


def subset_errors(
    figures: Callable[[Index, Index], Mapping[str, float]], n_real: int, n_fake: int, *, least: int, seed: int
) -> dict[str, float]:
    """Standard errors of `figures(rows of real, rows of fake)` by the delete-d jackknife, by the names it returns.

    Costs about as much as computing the figures once more. Empty where a fifth of a set is below `least` rows: there
    no valid interval is known.
    """
    m_real, m_fake = n_real // _SHARE, n_fake // _SHARE
    if min(m_real, m_fake) < least:
        return {}
    rng = np.random.default_rng(seed)
    drawn = [figures(rng.permutation(n_real)[:m_real], rng.permutation(n_fake)[:m_fake]) for _ in range(DRAWS)]
    scale = np.sqrt((1 / _SHARE) / (1 - 1 / _SHARE))
    return {name: float(np.std([d[name] for d in drawn], ddof=1) * scale) for name in drawn[0]}
