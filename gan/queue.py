"""Who uses this machine and who waits for it, derived from runs and locks. Imports no torch.

Runs take turns by device, in the order in which they were created (`gan.run.wait_for_turn`).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from gan.paths import home
from gan.store import RunSummary, Store, held


@dataclass(frozen=True)
class Queue:
    """`training` are the runs at work, `waiting` those whose turn comes, in order."""

    training: tuple[RunSummary, ...]
    waiting: tuple[RunSummary, ...]

    def place(self, run_id: str) -> int | None:
        """The place of a waiting run, 1 for the next one on its device; None for a run that does not wait."""
        mine = next((run for run in self.waiting if run.run_id == run_id), None)
        if mine is None:
            return None
        return sum(_share(mine, run) for run in self.waiting[: self.waiting.index(mine) + 1])

    def ahead(self, run_id: str) -> tuple[RunSummary, ...]:
        """The runs that come before a waiting one: at work or waiting, on its device."""
        mine = next(run for run in self.waiting if run.run_id == run_id)
        before = self.waiting[: self.waiting.index(mine)]
        return tuple(run for run in (*self.training, *before) if _share(mine, run))


def of(runs: Iterable[RunSummary]) -> Queue:
    """The queue that these runs form; those that ended are no part of it."""
    active = sorted(runs, key=lambda run: (run.created, run.run_id))
    return Queue(
        tuple(run for run in active if run.status == "running"),
        tuple(run for run in active if run.status == "queued"),
    )


def wait_s(store: Store, queue: Queue, run_id: str) -> float | None:
    """Seconds of training that must pass before a waiting run can begin; None where a run ahead has no such budget.

    What starting and measuring take comes on top, so it is the earliest moment, not the likely one.
    """
    at_work = {run.run_id for run in queue.training}
    total = 0.0
    for run in queue.ahead(run_id):
        left = store.progress(run.run_id).eta_s if run.run_id in at_work else None
        left = run.budget_s if left is None else left
        if left is None:
            return None
        total += left
    return total


def busy() -> bool:
    """Does a process hold a device of this machine, for a run or for other work such as an experiment's look?"""
    return any(held(path) for path in (home() / "locks").glob("*.lock"))


def _share(one: RunSummary, other: RunSummary) -> bool:
    """Do two runs take turns on one device? A run that has just begun does not know its device yet."""
    return one.device == other.device or "auto" in (one.device, other.device)
