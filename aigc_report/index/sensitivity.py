"""Sensitivity: which uncertain choice moves the ranking. First-order and total Sobol' indices with intervals.

The first-order index is the share of the variance that would go if that choice alone were settled, the total index the
share that would stay if all others were. Estimated from two samples A and B and, for every source, A with that source
from B and B with it from A, by the symmetric form of Saltelli's and Jansen's estimators (Azzini, Mara & Rosati 2021,
doi:10.1016/j.envsoft.2021.105167, eqs. 22 and 23); a choice that does little has little error.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Array = npt.NDArray[np.float64]
RESAMPLES = 400
"""Bootstrap resamples of an interval."""
GROUPS = 256
"""The sample is resampled in so many groups at most, so that memory does not grow with it."""
LEVEL = 0.95


@dataclass(frozen=True)
class Sensitivity:
    """Sobol' indices. ``ranking`` explains the mean over units of the shift in rank, a row per source;
    ``units`` each unit's own rank, a row per unit and source. Columns: first_order and total, each with _low and _high
    (95 %, bootstrap); NaN where nothing moves. ``base_samples`` is n, ``evaluations`` the indices that were built."""

    ranking: pd.DataFrame
    units: pd.DataFrame
    alternatives: dict[str, list[str]]
    base_samples: int
    evaluations: int

    def to_json(self) -> list[dict[str, Any]]:
        """The entries of ``sensitivity`` in the document: a dict per source, missing numbers None."""
        return [
            {
                "source": source,
                **_plain(row),
                "alternatives": self.alternatives[str(source)],
                "units": {
                    str(unit): _plain(own[["first_order", "total"]])
                    for unit, own in self.units.xs(source, level="source").iterrows()
                },
            }
            for source, row in self.ranking.iterrows()
        ]


def terms(a: Array, b: Array, ab: Array, ba: Array) -> Array:
    """What the indices are the ratios of, per base sample: (..., 3) for first order, total and the variance.

    `a`, `b`, `ab`, `ba` hold the outcome for both samples and with the source swapped into each; shapes alike.
    """
    first = 2 * (ba - b) * (a - ab)
    total = (b - ba) ** 2 + (a - ab) ** 2
    variance = (a - b) ** 2 + (ba - ab) ** 2
    return np.stack([first, total, variance], axis=-1)


def indices(groups: Array, rng: np.random.Generator) -> Array:
    """First-order and total index with intervals from sums of `terms` over groups of samples, (G groups, ..., 3).

    Returns (..., 6): first_order, its low and high, total, its low and high; NaN where the variance is 0.
    """
    flat = groups.reshape(len(groups), -1)
    counts = rng.multinomial(len(groups), np.full(len(groups), 1 / len(groups)), size=RESAMPLES)
    resampled = (counts.astype(np.float64) @ flat).reshape(RESAMPLES, *groups.shape[1:])
    with np.errstate(divide="ignore", invalid="ignore"):
        point = groups.sum(axis=0)
        moves = point[..., 2:] > 0
        value = np.where(moves, point[..., :2] / point[..., 2:], np.nan)
        spread = np.where(resampled[..., 2:] > 0, resampled[..., :2] / resampled[..., 2:], np.nan)
        spread = np.where(np.isnan(spread), value, spread)
    low, high = np.quantile(spread, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    return np.stack([value[..., 0], low[..., 0], high[..., 0], value[..., 1], low[..., 1], high[..., 1]], axis=-1)


def summarise(
    groups: Array,
    sources: Sequence[str],
    units: Sequence[str],
    alternatives: dict[str, list[str]],
    n: int,
    rng: np.random.Generator,
) -> Sensitivity:
    """The result from group sums of `terms`, (G, sources, 1 + units, 3): the shift of the ranking, then each unit."""
    columns = [f"{index}{end}" for index in ("first_order", "total") for end in ("", "_low", "_high")]
    found = indices(groups, rng)
    ranking = pd.DataFrame(found[:, 0], index=pd.Index(sources, name="source"), columns=columns)
    keys = pd.MultiIndex.from_product([units, sources], names=["unit", "source"])
    own = pd.DataFrame(found[:, 1:].swapaxes(0, 1).reshape(-1, len(columns)), index=keys, columns=columns)
    return Sensitivity(ranking, own, alternatives, n, n * (2 * len(sources) + 2))


def _plain(row: "pd.Series[float]") -> dict[str, float | None]:
    return {str(key): float(value) if np.isfinite(value) else None for key, value in row.items()}
