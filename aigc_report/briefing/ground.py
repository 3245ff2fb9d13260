"""What the numbers of a briefing stand on: observations, the index, forecasts, runs and evidence, read once and kept.

Nothing here belongs to one briefing: the derivations read from it when a briefing is written, and again when it is
verified.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

import pandas as pd

from aigc_report import affordability, catalog, factors, policy
from aigc_report.affordability import Affordability
from aigc_report.catalog import Catalog, Observation
from aigc_report.claims.schema import SIZES, Size
from aigc_report.diffusion.forecast import Forecast
from aigc_report.errors import UserError
from aigc_report.factors import Headline, Point, reasons
from aigc_report.index import IndexResult
from gan.config import DATASETS, PRESETS, TrainConfig, resolve
from gan.errors import UsageError
from gan.record import RunRecord
from gan.store import Store

INDEX = "eu27"
ASKED = {"budget_s", "steps", "budget_images", "budget_flops", "seed", "choice", "device", "deterministic", "compile"}
"""Settings of a run that say how long, where and with which chance, and not what is trained."""
WATCHED = {"tariff", "measure_images", "measure_along", "ema_half_life_images"}
"""Settings of a run that say what is measured and at which price."""
_RUN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
Basis = Literal["local", "reference"]


class Missing(UserError):
    """Something that a number stands on is not there."""


@dataclass(frozen=True)
class Kept:
    """A run that ended: its record, the sha256 of the record's file, and whether it was made here or ships.

    `size` is that of the experiments a shipped one belongs to; `shared` whether experiments here asked for it.
    """

    record: RunRecord = field(compare=False)
    digest: str
    basis: Basis
    size: Size | None = None
    shared: bool = False


@dataclass(frozen=True, eq=False)
class Ground:
    """The data package and the runs; another package or store can be given to check against it.

    `measured` names the run that is taken for the measured one, or none where it is empty: a briefing is verified on
    the run it was made from. By default it is looked for.
    """

    cat: Catalog = field(default_factory=catalog.load)
    store: Store = field(default_factory=Store)
    measured: str | None = None

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

    def headlines(self, factor: str) -> tuple[Headline, ...]:
        """The headline figures of a factor, as `factors.monitor` gives them."""
        return _headlines(self.cat, factor)

    def reasons(self) -> pd.DataFrame:
        """Why firms that considered AI do not use it, as `factors.reasons` ranks it. Nobody may change the frame."""
        return _reasons(self.cat)

    def affordability(self, run_id: str) -> Affordability:
        """What a run costs everywhere."""
        kept = self.run(run_id)
        return _affordability(self.cat, kept.digest, kept)

    def run(self, run_id: str) -> Kept:
        """A run of this machine or, where it has none of that id, a shipped one; `Missing` where neither exists."""
        if not _RUN_ID.fullmatch(run_id):  # a manifest from elsewhere never names a place outside
            raise Missing("{run} is no id of a run.", run=run_id)
        local = self.store.root / run_id / "record.json"
        if local.is_file():
            return _kept(local, self.store.read(run_id), shared=run_id in self._shared())
        for size, path in self._shipped(run_id):
            return _kept(path, size=size)
        raise Missing("The run {run} is neither on this machine nor among the reference runs.", run=run_id)

    def measured_run(self) -> Kept | None:
        """The run that a briefing rests on: completed, with a quality figure; None where there is none.

        First the newest that somebody trained here, then one that experiments here trained, then one that ships. Of
        the runs of experiments only those count that train a method as its preset has it, on the whole data set; the
        one that saw most images speaks for them, and of several the first.
        """
        if self.measured is not None:
            return self.run(self.measured) if self.measured else None
        shared = self._shared()
        here = [run.run_id for run in self.store.list() if run.status == "completed" and run.fid is not None]
        if own := next((run for run in here if run not in shared), None):
            return self.run(own)
        shipped = (_kept(path, size=size) for size, path in self._shipped())
        return _plainest(map(self.run, here)) or _plainest(shipped)

    def _shared(self) -> frozenset[str]:
        """The runs of this machine that experiments asked for; none where their list is missing or cannot be read."""
        try:
            listed = json.loads((self.store.root.parent / "experiments" / "pool.json").read_bytes())
            return frozenset(listed["runs"].values())
        except (OSError, ValueError, TypeError, LookupError, AttributeError):  # experiments say what is wrong with it
            return frozenset()

    def _shipped(self, run_id: str = "*") -> Iterator[tuple[Size, Path]]:
        """Records of the reference runs, those of the largest size first, by name."""
        for size in reversed(SIZES):
            for path in sorted((self.cat.folder / "reference" / "runs" / size).glob(f"{run_id}.json")):
                yield size, path


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


def _kept(path: Path, record: RunRecord | None = None, *, size: Size | None = None, shared: bool = False) -> Kept:
    """The run whose record is in the file: one of this machine where its `record` is given, else one that ships."""
    try:
        content = path.read_bytes()
        found = record or RunRecord.model_validate_json(content)
    except (OSError, ValueError, UsageError) as error:
        raise Missing("{file} is no readable record of a run: {error}.", file=path, error=_first(error)) from error
    basis: Basis = "reference" if record is None else "local"
    return Kept(found, hashlib.sha256(content).hexdigest(), basis, size, shared)


def _plainest(runs: Iterable[Kept]) -> Kept | None:
    """Of the runs of experiments the one that stands for its method: see `Ground.measured_run`."""
    able = (run for run in runs if run.record.status == "completed" and "fid" in run.record.quality)
    plain = [run for run in able if _plain(run.record.config)]
    largest = [run for run in plain if run.size == plain[0].size]
    return min(largest, key=lambda run: (-run.record.images_seen, run.record.run_id), default=None)


def _plain(config: TrainConfig) -> bool:
    """Whether a run trains a method as its preset has it, on all of a built-in data set."""
    if config.preset not in PRESETS or config.dataset not in DATASETS:
        return False
    preset = resolve(config.preset, config.dataset)
    return config.model_dump(exclude=ASKED | WATCHED) == preset.model_dump(exclude=ASKED | WATCHED)


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


@cache
def _headlines(cat: Catalog, factor: str) -> tuple[Headline, ...]:
    return tuple(factors.monitor(factor, cat))


@cache
def _reasons(cat: Catalog) -> pd.DataFrame:
    return reasons.ranked(cat)


@lru_cache(maxsize=8)
def _affordability(cat: Catalog, digest: str, kept: Kept) -> Affordability:
    """`digest` tells records apart: two readings of one run are one."""
    return affordability.of(kept.record, cat=cat)


@cache
def _forecast(cat: Catalog, series: str) -> Forecast:
    from aigc_report import diffusion

    return diffusion.forecast(diffusion.load(series, cat))
