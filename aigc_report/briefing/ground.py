"""What the numbers of a briefing stand on: observations, the index, forecasts, runs and evidence, read once and kept.

Nothing here belongs to one briefing: the derivations read from it when a briefing is written, and again when it is
verified.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

import pandas as pd

from aigc_report import affordability, catalog, factors, policy
from aigc_report.affordability import Affordability
from aigc_report.catalog import Catalog, Observation
from aigc_report.diffusion.forecast import Forecast
from aigc_report.errors import UserError
from aigc_report.factors import Point
from aigc_report.index import IndexResult
from gan.errors import UsageError
from gan.record import RunRecord
from gan.store import Store

INDEX = "eu27"
SIZES = ("full", "standard", "quick")
"""Sizes of the reference runs, the one that rests on most first."""
_RUN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
Basis = Literal["local", "reference"]


class Missing(UserError):
    """Something that a number stands on is not there."""


@dataclass(frozen=True)
class Kept:
    """A run that ended: its record, the sha256 of the record's file, and whether it was made here or ships."""

    record: RunRecord = field(compare=False)
    digest: str
    basis: Basis


@dataclass(frozen=True, eq=False)
class Ground:
    """The data package and the runs. Made by `ground`; another package or store can be given to check against it."""

    cat: Catalog = field(default_factory=catalog.load)
    store: Store = field(default_factory=Store)

    def value(self, row: str) -> float:
        """The value of the observation ``indicator|geo|period|breakdown|source``; `Missing` where there is none."""
        found = _values(self.cat).get(row)
        if found is None:
            raise Missing("The data package has no observation {row}.", row=row)
        return found

    def index(self) -> IndexResult:
        """The shipped index with the intervals of its ranks."""
        return _index(self.cat)

    def forecast(self, series: str) -> Forecast:
        """The forecast of a shipped series with the settings that ship."""
        return _forecast(self.cat, series)

    def instruments(self) -> pd.DataFrame:
        """The collected policy instruments, as `policy.instruments` gives them. Nobody may change the frame."""
        return _instruments(self.cat)

    def models(self) -> pd.DataFrame:
        """Notable models by complete year and maker, as `factors.yearly` gives them. Nobody may change the frame."""
        return _models(self.cat)

    def affordability(self, run_id: str) -> Affordability:
        """What a run costs everywhere."""
        kept = self.run(run_id)
        return _affordability(self.cat, kept.digest, kept)

    def run(self, run_id: str) -> Kept:
        """A run of this machine or, where it has none of that id, a shipped one; `Missing` where neither exists."""
        if not _RUN_ID.fullmatch(run_id):  # a manifest from elsewhere never names a place outside
            raise Missing("{run} is no id of a run.", run=run_id)
        local = self.store.root / run_id / "record.json"
        for path, basis in ((local, "local"), *((path, "reference") for path in self._shipped(run_id))):
            if path.is_file():
                return _kept(path, self.store.read(run_id) if basis == "local" else None)
        raise Missing("The run {run} is neither on this machine nor among the reference runs.", run=run_id)

    def newest_run(self) -> Kept | None:
        """The newest completed run of this machine that has a quality figure; else the reference run of largest size.

        None where there is neither.
        """
        for summary in self.store.list():
            if summary.status == "completed" and summary.fid is not None:
                return self.run(summary.run_id)
        shipped = [_kept(path) for path in self._shipped()]
        able = [kept for kept in shipped if kept.record.status == "completed" and "fid" in kept.record.quality]
        return able[0] if able else None

    def _shipped(self, run_id: str = "*") -> Iterator[Path]:
        """Records of the reference runs, those of the largest size first, by name."""
        for size in SIZES:
            yield from sorted((self.cat.folder / "reference" / "runs" / size).glob(f"{run_id}.json"))


def key(row: Observation) -> str:
    """How a number names the observation it is."""
    return "|".join((row.indicator, row.geo, row.period, row.breakdown, row.source))


def key_of(indicator: str, geo: str, breakdown: str, point: Point) -> str:
    """The same for a point of a series."""
    return "|".join((indicator, geo, point.period, breakdown, point.source))


def source_of(row: str) -> str:
    """The source that an observation's key names."""
    return row.rsplit("|", 1)[-1]


def period_of(row: str) -> str:
    """The period that an observation's key names."""
    return row.split("|", 3)[2]


def _kept(path: Path, record: RunRecord | None = None) -> Kept:
    try:
        content = path.read_bytes()
        found = record or RunRecord.model_validate_json(content)
    except (OSError, ValueError, UsageError) as error:
        raise Missing("{file} is no readable record of a run: {error}.", file=path, error=_first(error)) from error
    return Kept(found, hashlib.sha256(content).hexdigest(), "reference" if record is None else "local")


def _first(error: Exception) -> str:
    return str(error).splitlines()[0].removesuffix(".")


@cache
def _values(cat: Catalog) -> dict[str, float]:
    rows = cat.all_observations
    parts = (rows[column] for column in ("indicator", "geo", "period", "breakdown", "source"))
    return dict(zip(map("|".join, zip(*parts, strict=True)), map(float, rows["value"]), strict=True))


@cache
def _index(cat: Catalog) -> IndexResult:
    from aigc_report.index import build, robustness

    nominal = build(INDEX)
    parts = nominal.structure.index[nominal.structure["parent"] == nominal.total]
    return robustness.analyse(INDEX, codes=list(map(str, parts)), with_sensitivity=False)


@cache
def _instruments(cat: Catalog) -> pd.DataFrame:
    return policy.instruments(cat)


@cache
def _models(cat: Catalog) -> pd.DataFrame:
    return factors.yearly(factors.models(cat))


@lru_cache(maxsize=8)
def _affordability(cat: Catalog, digest: str, kept: Kept) -> Affordability:
    """`digest` tells records apart: two readings of one run are one."""
    return affordability.of(kept.record, cat=cat)


@cache
def _forecast(cat: Catalog, series: str) -> Forecast:
    from aigc_report import diffusion

    return diffusion.forecast(diffusion.load(series, cat))
