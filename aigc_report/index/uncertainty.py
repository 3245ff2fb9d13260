"""Uncertainty: the places a unit takes over many replications of the index, each with its own choices."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

CERTAIN = 0.9
"""Share of replications in which one unit must stand above another for their order to be called a finding."""
Ranks = npt.NDArray[np.signedinteger[Any]]


@dataclass(frozen=True)
class Uncertainty:
    """Ranks of every replication by code: (replications, units), 0 where a unit has no score.

    ``total`` is the code that is meant where none is named. ``nominal`` holds the ranks of the spec itself (units ×
    codes), ``sources`` what varied and between which alternatives.
    """

    ranks: Mapping[str, Ranks]
    nominal: pd.DataFrame
    total: str
    sources: dict[str, list[str]]
    seed: int
    percentiles: tuple[float, float, float]

    @property
    def units(self) -> pd.Index:
        """The units, in the order of the columns of ``ranks``."""
        return self.nominal.index

    @property
    def replications(self) -> int:
        """How many there were."""
        return len(self.ranks[self.total])

    def intervals(self, code: str = "") -> pd.DataFrame:
        """Percentiles of each unit's rank (the 5th, 50th and 95th unless the spec says otherwise): low, median, high.

        Interpolated linearly between ranks. NaN for a unit that never had a score.
        """
        shares = np.array(self.percentiles) / 100
        found = np.nanquantile(self._present(code), shares, axis=0)
        return pd.DataFrame(found.T, index=self.units, columns=["low", "median", "high"])

    def mean(self, code: str = "") -> "pd.Series[float]":
        """Each unit's mean rank."""
        return pd.Series(np.nanmean(self._present(code), axis=0), index=self.units, dtype="float64")

    def shift(self, code: str = "") -> "pd.Series[float]":
        """Per replication, the mean over units of how many places they moved from the nominal ranking."""
        nominal = self.nominal[code or self.total].to_numpy(np.float64, na_value=np.nan)
        moved = np.nanmean(np.abs(self._present(code) - nominal), axis=1)
        return pd.Series(np.asarray(moved, dtype=np.float64), dtype="float64")

    def top(self, k: int, code: str = "") -> "pd.Series[float]":
        """Share of replications in which each unit is among the first `k`."""
        ranks = self.ranks[code or self.total]
        return pd.Series(((ranks > 0) & (ranks <= k)).mean(axis=0), index=self.units)

    def above(self, code: str = "") -> pd.DataFrame:
        """Share of replications in which the unit of the row stands above that of the column; ties count as neither."""
        ranks = self.ranks[code or self.total]
        worst = np.where(ranks == 0, np.iinfo(ranks.dtype).max, ranks)
        share = np.stack([(worst[:, [unit]] < worst).mean(axis=0) for unit in range(worst.shape[1])])
        return pd.DataFrame(share, index=self.units, columns=self.units)

    def undecided(self, certain: float = CERTAIN, code: str = "") -> list[tuple[str, str]]:
        """Neighbours in the nominal ranking whose order holds in less than the share `certain` of replications."""
        nominal = self.nominal[code or self.total].dropna().astype(int).sort_values(kind="stable")
        above = self.above(code).to_numpy(np.float64)
        at = {unit: position for position, unit in enumerate(self.units)}
        return [
            (str(first), str(second))
            for first, second in pairwise(nominal.index)
            if above[at[first], at[second]] < certain
        ]

    def to_json(self) -> dict[str, Any]:
        """What the intervals rest on."""
        return {
            "replications": self.replications,
            "seed": self.seed,
            "percentiles": list(self.percentiles),
            "sources": [{"source": key, "alternatives": labels} for key, labels in self.sources.items()],
        }

    def units_json(self) -> dict[str, dict[str, Any]]:
        """Per unit: rank_interval, mean_rank, and the share of replications in the first 1, 3, 5 and 10."""
        intervals, means = self.intervals(), self.mean()
        tops = {k: self.top(k) for k in (1, 3, 5, 10) if k < len(self.units)}
        return {
            str(unit): {
                "rank_interval": None
                if intervals.loc[unit].isna().any()
                else {k: float(v) for k, v in intervals.loc[unit].items()},
                "mean_rank": None if np.isnan(means[unit]) else float(means[unit]),
                "top": {str(k): float(share[unit]) for k, share in tops.items()},
            }
            for unit in self.units
        }

    def _present(self, code: str) -> npt.NDArray[np.float64]:
        ranks = self.ranks[code or self.total].astype(np.float64)
        ranks[ranks == 0] = np.nan
        return ranks
