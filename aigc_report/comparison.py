"""Runs beside each other: what they may be compared in, at which cost, and in what they were set up differently.

Quality figures hold only within one feature extractor and one data set, so runs share an axis of quality only there.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Literal

from gan import summary
from gan.config import dataset_label
from gan.record import RunRecord, SampleGrid
from gan.suite.results import COSTS, FIXED_BY, QUALITY, unbeaten

MOST = 6
"""Runs that a reader can tell apart in one chart."""
Along = Literal["images", "train_s"]
"""What a run had spent at a moment of training: real images seen, or seconds of optimisation."""


@dataclass(frozen=True)
class Compared:
    """A run under the label that tells it from the others; `seen` tells a record from one that has grown."""

    label: str
    run_id: str
    finished: str | None
    seen: int
    record: RunRecord = field(compare=False, repr=False)


@dataclass(frozen=True)
class Group:
    """Runs whose figures of quality compare: measured on the same images in the same features."""

    dataset: str
    extractor: str
    runs: tuple[Compared, ...]

    @property
    def sizes(self) -> tuple[int, ...]:
        """Numbers of images a side that the figures rest on; where they are several, floors differ too."""
        found = {run.record.quality[QUALITY].n for run in self.runs if QUALITY in run.record.quality}
        return tuple(sorted(n for n in found if n is not None))


def compared(records: Sequence[RunRecord], names: Sequence[str]) -> tuple[Compared, ...]:
    """The runs with labels of their own: a name, else the method; with seed or end of the id where that is shared."""
    plain = [name or record.config.preset for name, record in zip(names, records, strict=True)]
    with_seed = [f"{label}, seed {record.config.seed}" for label, record in zip(plain, records, strict=True)]
    with_id = [f"{label} · {record.run_id[-4:]}" for label, record in zip(plain, records, strict=True)]
    found: list[Compared] = []
    for i, record in enumerate(records):
        label = next((each[i] for each in (plain, with_seed, with_id) if each.count(each[i]) == 1), record.run_id)
        found.append(Compared(label, record.run_id, record.finished, record.images_seen, record))
    return tuple(found)


def groups(runs: Sequence[Compared]) -> list[Group]:
    """The measured runs by what their quality compares with, in the order of the runs."""
    found: dict[tuple[str, str], list[Compared]] = {}
    for run in runs:
        if run.record.quality and run.record.dataset and run.record.extractor:
            found.setdefault((run.record.dataset.digest, run.record.extractor.digest), []).append(run)
    return [
        Group(dataset_label(alike[0].record.config.dataset), _extractor(alike[0]), tuple(alike))
        for alike in found.values()
    ]


def costs(runs: Sequence[Compared]) -> list[str]:
    """Costs in which these runs differ by more than chance: one that a shared budget makes equal ranks nobody."""
    budgets = {cost: {getattr(run.record.config, budget) for run in runs} for budget, cost in FIXED_BY.items()}
    fixed = {cost for cost, given in budgets.items() if len(given) == 1 and given != {None}}
    return [cost for cost in COSTS if cost not in fixed and any(getattr(r.record.cost, cost) is not None for r in runs)]


def frontier(runs: Sequence[Compared], cost: str) -> list[Compared]:
    """The runs that no other beats in FID and `cost` at once, cheapest first."""
    points = [
        (float(spent), float(fid.value), run.run_id)
        for run in runs
        if (spent := getattr(run.record.cost, cost)) is not None
        and (fid := run.record.quality.get(QUALITY)) is not None
        and fid.value is not None
    ]
    by_id = {run.run_id: run for run in runs}
    return [by_id[run_id] for run_id in unbeaten(points)]


def differences(runs: Sequence[Compared]) -> dict[str, dict[str, Any]]:
    """Setting to what each run has, for the settings in which they differ; `gan-bench compare` prints the same."""
    found: dict[str, dict[str, Any]] = summary.compare([run.record for run in runs])["differences"]
    return found


# ---- pictures at equal cost ------------------------------------------------------------------------------------------


def spent(record: RunRecord, grid: SampleGrid, along: Along) -> float | None:
    """What the run had spent when the picture was made; None where its curve does not reach so far."""
    if along == "images":
        return float(grid.images)
    points = [(0, 0.0), *((point.images, point.train_s) for point in record.curve)]
    for (before, before_s), (after, after_s) in pairwise(points):
        if before <= grid.images <= after and after > before:
            return before_s + (after_s - before_s) * (grid.images - before) / (after - before)
    return points[-1][1] if len(points) > 1 and grid.images >= points[-1][0] else None


def moments(runs: Sequence[Compared], along: Along) -> list[float]:
    """The moments at which pictures of all runs can be compared: those of the run that spent least."""
    found = [sorted(_made(run, along)) for run in runs]
    found = [times for times in found if times]
    return min(found, key=lambda times: times[-1], default=[])


def nearest(run: Compared, at: float, along: Along) -> tuple[SampleGrid, float] | None:
    """The picture whose moment lies nearest to `at`, and that moment; None where the run has none."""
    made = _made(run, along)
    return min(((grid, when) for when, grid in made.items()), key=lambda each: abs(each[1] - at), default=None)


def _made(run: Compared, along: Along) -> dict[float, SampleGrid]:
    grids = ((spent(run.record, grid, along), grid) for grid in run.record.samples if not grid.real)
    return {when: grid for when, grid in grids if when is not None}


def _extractor(run: Compared) -> str:
    return run.record.extractor.name if run.record.extractor else ""
