"""Work through a suite on this machine: one run after the other, each in a process of its own.

A process a run keeps peak memory and processor time honest and lets one failure cost one run. A failed run is recorded
and the rest go on. An interrupted suite continues where it was: finished runs stay, the interrupted one resumes from
its last checkpoint.
"""

import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TextIO

from filelock import Timeout

from gan import runner
from gan.durations import in_words
from gan.errors import Busy, UsageError
from gan.record import FINISHED, RunRecord
from gan.store import Store
from gan.suite import ledger as ledgers
from gan.suite import report, results
from gan.suite.ledger import Ledger
from gan.suite.plan import Member

SETTLED = frozenset({"completed", "failed", "cancelled"})
"""What a suite does not try again."""

ACTIVE = frozenset({"queued", "running"})

_POLL_S = 0.25

Executor = Callable[[Ledger, list[Member], Store, "Progress"], Iterator[None]]
"""Works on the members that are not settled; yields whenever a run has ended."""


@dataclass
class Progress:
    """What the person in front of the terminal sees: runs done, time left, best so far. Silent where `out` is None."""

    total: int
    out: TextIO | None
    begun: float = 0.0
    done_before: int = 0

    def line(self, done: int, now: str) -> None:
        """Say where the suite stands."""
        if self.out is None:
            return
        fresh = done - self.done_before
        left = ""
        if fresh > 0:
            left = f", about {in_words((time.monotonic() - self.begun) / fresh * (self.total - done))} left"
        print(f"[{done}/{self.total}{left}] {now}", file=self.out, flush=True)


def carry_out(ledger: Ledger, executor: Executor, store: Store, out: TextIO | None = None) -> results.Results:
    """Work on `ledger` until every member is settled, and return what its runs say together.

    Results are rewritten after every run, so that they can be looked at on the way. Raises `Busy` where another process
    works on the suite, and `KeyboardInterrupt` where the person had enough: what was done stays.
    """
    lock = ledgers.lock(ledger)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise Busy(f"Suite {ledger.suite_id} is being worked on by another process.") from None
    with lock:
        ledgers.withdraw_stop(ledger)
        everyone = ledger.members()
        open_ = [member for member in everyone if _status(ledger, member, store) not in SETTLED]
        progress = Progress(len(everyone), out, time.monotonic(), len(everyone) - len(open_))
        if open_ and not runner.available():
            raise UsageError(runner.INSTALL)
        for _ in executor(ledger, open_, store, progress):
            latest = _conclude(ledger, store)
            progress.line(sum(_status(ledger, member, store) in SETTLED for member in everyone), _best(latest))
        if all(_status(ledger, member, store) in SETTLED for member in everyone) and ledger.finished is None:
            ledger.finished = store.now()
            ledgers.write(ledger)
        return _conclude(ledger, store)


def one_after_the_other(ledger: Ledger, open_: list[Member], store: Store, progress: Progress) -> Iterator[None]:
    """The executor for one machine."""
    for member in open_:
        run_id = ledger.runs.get(member.key)
        if run_id is None or _record(store, run_id) is None:
            run_id = store.create(member.config)
            ledger.runs[member.key] = run_id
            ledgers.write(ledger)
        done = sum(_status(ledger, other, store) in SETTLED for other in ledger.members())
        progress.line(done, f"training {member.key}: {run_id}")
        if store.status(run_id) in ACTIVE:  # it outlived an earlier, killed attempt at this suite
            while store.status(run_id) in ACTIVE:
                _pause(ledger)
        else:
            _see_through(runner.spawn(store, run_id), ledger)
        yield


def _see_through(process: "subprocess.Popen[bytes]", ledger: Ledger) -> None:
    """Wait for the run's process. Ctrl-C is passed on once, so that the run ends cleanly and keeps a checkpoint."""
    try:
        while process.poll() is None:
            _pause(ledger)
    except KeyboardInterrupt:
        process.send_signal(signal.SIGINT)
        process.wait()
        raise


def _pause(ledger: Ledger) -> None:
    """Let time pass; a request to stop is heard as Ctrl-C is."""
    if ledgers.asked_to_stop(ledger):
        raise KeyboardInterrupt
    time.sleep(_POLL_S)


def records(ledger: Ledger, store: Store) -> dict[str, RunRecord]:
    """The records of the members that were begun, by key; one that cannot be read is left out."""
    found = {key: _record(store, run_id) for key, run_id in ledger.runs.items()}
    return {key: record for key, record in found.items() if record is not None}


def _conclude(ledger: Ledger, store: Store) -> results.Results:
    result = results.conclude(ledger, records(ledger, store))
    report.write(ledgers.folder(ledger), result)
    return result


def _record(store: Store, run_id: str) -> RunRecord | None:
    try:
        return store.read(run_id)
    except UsageError:
        return None  # removed by hand: it is trained again


def _status(ledger: Ledger, member: Member, store: Store) -> str:
    run_id = ledger.runs.get(member.key)
    record = _record(store, run_id) if run_id else None
    if record is None:
        return "planned"
    return record.status if record.status in FINISHED else "interrupted"


def _best(result: results.Results) -> str:
    """The best group so far, by data set."""
    best = results.best(result)
    if not best:
        return "no run measured yet"
    return "lowest FID so far: " + "; ".join(f"{value:.3g} ({name})" for name, value in best)
