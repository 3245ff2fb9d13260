"""Published quality of image generators over the years: records that compare, and the best of them so far.

Figures compare only where the same people measured in the same way: one measure, one data set, one `protocol`, one
sample size, one share of the training data. Generators that were told the class are another task than those that were
not, so they never share a line of records.
"""

from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from aigc_report.catalog import Catalog
from aigc_report.errors import UserError
from aigc_report.flags import DOUBTFUL

MEASURES = ("fid", "fd_dinov2", "clean_fid", "inception_score", "human_error_rate")
"""Measures of quality with enough records for a history, in the order offered."""
REPORTED = frozenset(
    {"official_repo", "paper", "paper_via_cleanfid", "quoted_by_ect", "pwc_listing", "wizwand_listing"}
)
"""Protocols that gather what authors say of their own models: code, samples and reference set may differ."""
LEAST_MODELS, LEAST_YEARS = 4, 2
"""Fewer models or years make no history."""
LABELS = ("yes", "no", "")
"""Told the class, not told, not stated."""
_SETTING = ("samples", "data")
_NAMED = ("conditional", "dataset", "family", "model", "protocol")


@dataclass(frozen=True)
class Comparison:
    """Records of one measure that compare. `setting` holds what else is fixed (``data=10pct``), empty for nothing."""

    indicator: str
    dataset: str
    protocol: str
    setting: str
    labels: tuple[str, ...]
    models: int
    first: str
    last: str

    @property
    def code(self) -> str:
        """How an address names it beside its data set."""
        return f"{self.protocol}~{self.setting}" if self.setting else self.protocol

    @property
    def reported(self) -> bool:
        """True where each author measured for himself."""
        return self.protocol in REPORTED


@lru_cache(maxsize=16)
def comparisons(cat: Catalog, indicator: str) -> tuple[Comparison, ...]:
    """Every comparison of `indicator` with a history, the one with most models first; measured before reported."""
    rows = _rows(cat, indicator)
    found = []
    for (dataset, protocol, setting), group in rows.groupby(["dataset", "protocol", "setting"], sort=False):
        kinds = [kind for kind in LABELS if _is_history(group[group["conditional"] == kind])]
        if kinds:
            kept = group[group["conditional"].isin(kinds) & (group["family"] != "real")]
            most = sorted(kinds, key=lambda kind: -int((kept["conditional"] == kind).sum()))
            years = kept["period"]
            found.append(
                Comparison(
                    indicator,
                    str(dataset),
                    str(protocol),
                    str(setting),
                    tuple(most),
                    int(kept["model"].nunique()),
                    str(years.min()),
                    str(years.max()),
                )
            )
    return tuple(sorted(found, key=lambda c: (c.reported, -c.models, c.dataset, c.code)))


def records(cat: Catalog, comparison: Comparison, labels: str) -> pd.DataFrame:
    """The records of `comparison` with one kind of `labels`, by year and then from worst to best.

    Columns: year (int), period, model, family, value, unit, details (what else the source states), best (bool: better
    than everything up to and with its year), source, flag, note. Doubtful values are left out. Real images, where a
    protocol measured them, are left to `floor`. Raises `UserError` where nothing compares.
    """
    rows = _rows(cat, comparison.indicator)
    rows = rows[
        (rows["dataset"] == comparison.dataset)
        & (rows["protocol"] == comparison.protocol)
        & (rows["setting"] == comparison.setting)
        & (rows["conditional"] == labels)
        & (rows["family"] != "real")
    ]
    if rows.empty:
        raise UserError(
            "No published {indicator} on {dataset} by {protocol} compares.",
            indicator=comparison.indicator,
            dataset=comparison.dataset,
            protocol=comparison.code,
        )
    lower = lower_is_better(cat, comparison.indicator)
    rows = rows.sort_values(["year", "value", "model"], ascending=[True, not lower, True], ignore_index=True)
    best, so_far = [], float("inf") if lower else float("-inf")
    for _, year in rows.groupby("year", sort=True):
        leader = year["value"].min() if lower else year["value"].max()
        beats = leader < so_far if lower else leader > so_far
        first = year.index[year["value"] == leader][0]
        best += [beats and at == first for at in year.index]
        so_far = leader if beats else so_far
    return rows.assign(best=best)


def floor(cat: Catalog, comparison: Comparison) -> float | None:
    """What held-out real images reach in the same comparison, or None where nobody measured it."""
    rows = _rows(cat, comparison.indicator)
    rows = rows[
        (rows["dataset"] == comparison.dataset)
        & (rows["protocol"] == comparison.protocol)
        & (rows["setting"] == comparison.setting)
        & (rows["family"] == "real")
    ]
    return float(rows["value"].iloc[0]) if len(rows) else None


def lower_is_better(cat: Catalog, indicator: str) -> bool:
    """True for distances, False for scores."""
    return int(str(cat.indicators.at[indicator, "direction"])) < 0


@lru_cache(maxsize=16)
def _rows(cat: Catalog, indicator: str) -> pd.DataFrame:
    """All undoubted records of `indicator` with their breakdown in columns; kept, so nobody may change it."""
    rows = cat.observations(indicator=indicator, breakdown=None)
    rows = rows[~rows["flag"].str.contains(DOUBTFUL)].reset_index(drop=True)
    parsed = [dict(pair.split("=", 1) for pair in text.split(";")) for text in rows["breakdown"]]
    columns = {name: [p.get(name, "") for p in parsed] for name in _NAMED}
    setting = [";".join(f"{key}={p[key]}" for key in _SETTING if key in p) for p in parsed]
    details = [", ".join(f"{k} {v}" for k, v in p.items() if k not in (*_NAMED, *_SETTING)) for p in parsed]
    return rows.assign(**columns, setting=setting, details=details, year=rows["period"].str[:4].astype(int))


def _is_history(rows: pd.DataFrame) -> bool:
    made = rows[rows["family"] != "real"]
    return made["model"].nunique() >= LEAST_MODELS and made["year"].nunique() >= LEAST_YEARS
