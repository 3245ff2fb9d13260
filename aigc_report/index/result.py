"""What an index says: scores and ranks of every level, where each figure comes from, and what to beware of."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from aigc_report.index.places import places
from aigc_report.index.screen import Screened, availability
from aigc_report.index.sensitivity import Sensitivity
from aigc_report.index.spec import IndexSpec
from aigc_report.index.treat import Treatment
from aigc_report.index.uncertainty import Uncertainty


@dataclass(frozen=True)
class IndexResult:
    """A built index.

    ``scores`` and ``ranks`` have a row per unit and a column per code, the total first and the indicators (normalised)
    last; a unit without a score has no rank (``<NA>``). Rank 1 is the highest score; equal scores share a rank.
    ``structure`` is indexed by code, in the same order. ``coverage`` says of each cell of the table whether it was
    observed, imputed or is missing. ``stages`` holds the values after each step that was applied, ``methods`` the mean
    (or other method) of each aggregate. ``screened`` holds the units and indicators that were left out, and why.
    """

    spec: IndexSpec
    names: pd.DataFrame
    raw: pd.DataFrame
    stages: dict[str, pd.DataFrame]
    scores: pd.DataFrame
    structure: pd.DataFrame
    coverage: pd.DataFrame
    treatments: dict[str, Treatment] = field(default_factory=dict)
    methods: dict[str, str] = field(default_factory=dict)
    sources: pd.DataFrame = field(default_factory=pd.DataFrame)
    flags: pd.DataFrame = field(default_factory=pd.DataFrame)
    benchmark: "pd.Series[float] | None" = None
    digest: str | None = None
    warnings: tuple[str, ...] = ()
    screened: Screened = field(default_factory=Screened)
    uncertainty: Uncertainty | None = None
    sensitivity: Sensitivity | None = None

    @property
    def name(self) -> str:
        """The index's name, in English."""
        return self.spec.name

    @property
    def total(self) -> str:
        """The code of the total."""
        return str(self.scores.columns[0])

    @property
    def not_scored(self) -> tuple[dict[str, str], ...]:
        """The factors the index leaves out, each with its reason: ``{factor, reason_en, reason_zh}``."""
        return self.spec.not_scored

    @cached_property
    def ranks(self) -> pd.DataFrame:
        """Places by score, unrounded: 1 is the highest, ties share the lower number. Kept, so nobody may change it."""
        found = places(self.scores.to_numpy(np.float64).T).T
        ranks = pd.DataFrame(found, self.scores.index, self.scores.columns).astype("Int64")
        return ranks.mask(ranks == 0)

    def ordered(self) -> pd.Index:
        """The units by their rank in the total; ties in the table's order, units without a total last."""
        return self.scores[self.total].sort_values(ascending=False, kind="stable", na_position="last").index

    def profile(self, unit: str) -> pd.DataFrame:
        """One unit, indicator by indicator.

        Columns: value (as published), mean (of the units with a value, unweighted), benchmark (the group's published
        figure, NaN without one), normalised, rank, coverage, source, flag. `KeyError` for a unit that is not ranked.
        """
        indicators = list(self.raw.columns)
        return pd.DataFrame(
            {
                "value": self.raw.loc[unit],
                "mean": self.raw.mean(),
                "benchmark": self.benchmark if self.benchmark is not None else np.nan,
                "normalised": self.scores.loc[unit, indicators],
                "rank": self.ranks.loc[unit, indicators],
                "coverage": self.coverage.loc[unit],
                "source": self.sources.loc[unit] if unit in self.sources.index else "",
                "flag": self.flags.loc[unit] if unit in self.flags.index else "",
            },
            index=pd.Index(indicators, name="indicator"),
        )

    def to_json(self) -> dict[str, Any]:
        """The document `aigc-report index --json` prints, units by rank; missing numbers are None."""
        ranks, available = self.ranks, availability(self.raw, "units")
        document: dict[str, Any] = {
            "name": self.name,
            "units": [
                {
                    "unit": unit,
                    "name": self.names.at[unit, "name_en"],
                    "name_zh": self.names.at[unit, "name_zh"],
                    "scores": _values(self.scores.loc[unit]),
                    "ranks": {c: None if pd.isna(r) else int(r) for c, r in ranks.loc[unit].items()},
                    "rank_interval": None,
                    "observed": float(available[unit]),
                    "imputed": list(self.coverage.columns[self.coverage.loc[unit] == "imputed"]),
                    "missing": list(self.coverage.columns[self.coverage.loc[unit] == "missing"]),
                }
                for unit in self.ordered()
            ],
            "sensitivity": None,
            "not_scored": [
                {"factor": f["factor"], "reason": f["reason_en"], "reason_zh": f["reason_zh"]} for f in self.not_scored
            ],
            "warnings": list(self.warnings),
        }
        if self.screened.units or self.screened.indicators:
            document |= {"screened": {"units": dict(self.screened.units), "indicators": dict(self.screened.indicators)}}
        if self.uncertainty is not None:
            document |= {"uncertainty": self.uncertainty.to_json()}
            about = self.uncertainty.units_json()
            for unit in document["units"]:
                unit |= about[unit["unit"]]
        if self.sensitivity is not None:
            document |= {"sensitivity": self.sensitivity.to_json()}
        return document if self.digest is None else document | {"data": {"digest": self.digest}}

    def to_frame(self) -> pd.DataFrame:
        """One row per unit, by rank: name, the scores of every code, and the ranks in columns that end in ``_rank``.

        With `uncertainty`, also the interval of the rank in the total: rank_low, rank_median, rank_high.
        """
        table = self.names[["name_en"]].rename(columns={"name_en": "name"})
        if self.uncertainty is not None:
            table = table.join(self.uncertainty.intervals().add_prefix("rank_"))
        return table.join(self.scores).join(self.ranks.add_suffix("_rank")).loc[self.ordered()].rename_axis("unit")


def stage_json(stage: str, values: pd.DataFrame) -> dict[str, Any]:
    """The document `aigc-report index --stage STAGE` prints: the values after that step, units in the table's order."""
    return {"stage": stage, "units": [{"unit": unit, "values": _values(values.loc[unit])} for unit in values.index]}


def _values(row: "pd.Series[float]") -> dict[str, float | None]:
    return {str(code): float(value) if np.isfinite(value) else None for code, value in row.items()}
