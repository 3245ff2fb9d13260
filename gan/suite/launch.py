"""Suites in processes of their own, which outlive whoever started them, and how far they are. Imports no torch."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gan import runner
from gan.config import DeviceChoice, Tariff
from gan.errors import Busy, UsageError
from gan.experiments.design import MEASURING_S, seconds_of
from gan.paths import home
from gan.record import RunStatus
from gan.store import Store
from gan.suite import ledger as ledgers
from gan.suite.carry_out import ACTIVE, SETTLED
from gan.suite.ledger import Ledger
from gan.suite.plan import Member, Plan

_POLL_S = 0.05
_START_TIMEOUT_S = 60.0
OVERHEAD_S = 15.0
"""What a run in a process of its own spends outside training where no run of its kind is known: start, figures."""


@dataclass(frozen=True)
class Standing:
    """Where a suite stands: is a process at work on it, how many of its runs are settled, about how long is left."""

    ledger: Ledger
    running: bool
    done: int
    total: int
    now: str | None
    """The key of the member at work, where one is."""
    under_way: float
    """How much of its training is done, 0..1."""
    left_s: float

    @property
    def finished(self) -> bool:
        """Is every run settled?"""
        return self.done == self.total


def start(plan: Plan, device: DeviceChoice = "auto", tariff: Tariff | None = None) -> str:
    """Begin or continue the suite of `plan` in a detached process; its id, once that process works on it."""
    if not runner.available():
        raise UsageError(runner.INSTALL)
    ledger = ledgers.begin(plan, device, tariff)
    go_on(ledger)
    return ledger.suite_id


def go_on(ledger: Ledger) -> None:
    """Continue a suite where it was, in a detached process; back once that process works on it.

    Raises `Busy` where a process does already, `UsageError` where none came up.
    """
    if not runner.available():
        raise UsageError(runner.INSTALL)
    if ledgers.at_work(ledger):
        raise Busy("Suite {suite_id} is being worked on already.", suite_id=ledger.suite_id)
    log = ledgers.folder(ledger) / ledgers.LOG
    with log.open("ab") as out:
        begun = out.tell()
        process = runner.detach(["-m", "gan.cli", "suite", ledger.suite_id], home(), out, out)
    give_up = time.monotonic() + _START_TIMEOUT_S
    while not ledgers.at_work(ledger):
        ended = process.poll()
        if ended == 0:
            return  # there was nothing left to do, or next to nothing
        if ended is not None or time.monotonic() > give_up:
            process.kill()
            said = log.read_bytes()[begun:].decode(errors="replace").strip().splitlines()
            if not said:
                raise UsageError("The suite did not start; see {log}.", log=log)
            raise UsageError("The suite did not start: {reason}", reason=said[-1])
        time.sleep(_POLL_S)


def stop(ledger: Ledger) -> None:
    """Ask the process that works on a suite to stop. `UsageError` where none does."""
    if not ledgers.at_work(ledger):
        raise UsageError("Nobody works on suite {suite_id}.", suite_id=ledger.suite_id)
    ledgers.ask_to_stop(ledger)


def standing(ledger: Ledger, store: Store, overhead_s: Mapping[str, float]) -> Standing:
    """Where the suite stands, from its own runs alone; `overhead_s` as in `estimate_s`."""
    members = ledger.members()
    status = {member.key: _status(store, ledger.runs.get(member.key)) for member in members}
    open_ = [member for member in members if status[member.key] not in SETTLED]
    begun = [ledger.runs[member.key] for member in open_ if status[member.key] is not None]
    progress = {run_id: store.progress(run_id) for run_id in begun}
    at_work = next((member.key for member in members if status[member.key] in ACTIVE), None)
    under_way = progress[ledger.runs[at_work]].fraction if at_work else 0.0
    return Standing(
        ledger=ledger,
        running=ledgers.at_work(ledger),
        done=len(members) - len(open_),
        total=len(members),
        now=at_work,
        under_way=min(1.0, under_way),
        left_s=max(0.0, estimate_s(open_, overhead_s) - sum(each.train_s for each in progress.values())),
    )


def _status(store: Store, run_id: str | None) -> RunStatus | None:
    """What a run is doing; None where it was not begun, or is gone: then it is trained anew."""
    try:
        return store.status(run_id) if run_id else None
    except UsageError:
        return None


def training_s(members: Sequence[Member]) -> float:
    """Seconds of training of these runs; where their budget is no time, what it takes on two cores, by estimate."""
    return sum(_training_s(member) for member in members)


def estimate_s(members: Sequence[Member], overhead_s: Mapping[str, float]) -> float:
    """About how long these runs take one after another.

    `overhead_s` says what a run on a data set spends outside training here, by the data set's name, where it is known.
    """
    return sum(_training_s(member) + overhead_s.get(member.config.dataset, OVERHEAD_S) for member in members)


def _training_s(member: Member) -> float:
    cfg = member.config
    return seconds_of(cfg) - MEASURING_S.get(cfg.dataset, 5.0) if cfg.budget_s is None else cfg.budget_s
