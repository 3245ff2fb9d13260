"""The process that carries a run out: ``python -m gan.worker RUN_ID``. Loads torch only once the run is its own.

It takes the run's lock, waits for its turn on the device, trains, and leaves a finished record, whatever happens.
"""

import os
import signal
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import FrameType
from typing import TextIO

from filelock import Timeout

from gan.errors import Busy, UsageError
from gan.files import clear_temporaries, explain
from gan.record import Notice, RunRecord, RunStatus
from gan.store import Store
from gan.threads import quiet_threads

NICENESS = 10
"""A detached run yields to the dashboard, which so keeps answering on two cores; idle time is still all its own."""


@dataclass
class Stop:
    """Asks whether the run shall end: its cancel marker, or a signal to this process."""

    store: Store
    run_id: str
    signal: int | None = None

    def reason(self) -> RunStatus | None:
        """`cancelled`, `interrupted`, or None to go on."""
        if self.signal is not None:
            return "interrupted"
        return "cancelled" if self.store.cancelled(self.run_id) else None

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Within: the first Ctrl-C (or SIGTERM) asks for a clean end, the second ends at once."""

        def note(number: int, _: FrameType | None) -> None:
            if self.signal is not None:
                raise KeyboardInterrupt
            self.signal = number

        if threading.current_thread() is not threading.main_thread():  # only the main thread hears signals
            yield
            return
        before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def prepare_process() -> None:
    """Settings that libraries read when they load. Waiting threads shall sleep, not spin on a neighbour's core."""
    quiet_threads()
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # what deterministic mode needs of cuBLAS


def carry_out(
    store: Store, run_id: str, progress: TextIO | None = None, *, again: bool = False
) -> tuple[RunRecord, int]:
    """Carry the run out, or on, in this process. Returns its record and the exit status the contract gives it.

    `progress` gets a progress bar. `again` forgets an earlier request to stop. Raises `Busy` where another process
    works on the run. A `UsageError` on the way (a data set that cannot be had, a full disk) marks the run failed and is
    raised again for the caller to print; where not even that can be written down, the run counts as interrupted.
    """
    prepare_process()
    stop = Stop(store, run_id)
    lock = store.lock(run_id)
    try:
        lock.acquire(timeout=1)
    except Timeout:
        raise Busy(f"Run {run_id} is being worked on by another process; gan-bench cancel stops it.") from None
    with lock, stop.listening():
        record = store.read(run_id)
        if record.status == "completed":
            return record, 0
        clear_temporaries(store.path(run_id))
        if again:
            store.withdraw_cancel(run_id)
        try:
            from gan.run import run  # loads torch

            record = run(store, run_id, stop, progress)
        except UsageError as error:
            _fail(store, record, str(error))
            raise
        except OSError as error:
            sentence = f"{explain(error)} Then gan-bench resume {run_id} goes on from the last checkpoint."
            with suppress(OSError):  # the disk that is full holds the record too
                _fail(store, record, sentence)
            raise UsageError(sentence) from error
        except Exception as error:
            traceback.print_exc()
            record = _fail(store, record, f"Training stopped with an error: {error}")
    return record, exit_status(record, stop.signal)


def exit_status(record: RunRecord, signal_number: int | None = None) -> int:
    """0 for a completed or cancelled run, 1 for a failed one, 128 + signal (130 on Ctrl-C) for an interrupted one."""
    if record.status == "interrupted":
        return 128 + (signal_number or signal.SIGINT)
    return 0 if record.status in ("completed", "cancelled") else 1


def _fail(store: Store, before: RunRecord, message: str) -> RunRecord:
    """Mark the run as failed. Quality measured `before` this attempt stays where nothing was trained since."""
    record = store.read(before.run_id)
    notices = [*record.notices, Notice(code="error", values={"message": message})]
    quality = before.quality if record.steps_done == before.steps_done else record.quality
    record = record.model_copy(
        update={"status": "failed", "finished": store.now(), "notices": notices, "quality": quality}
    )
    store.write(record)
    return record


def main() -> None:
    """Work on the run named on the command line, politely."""
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    try:
        _, status = carry_out(Store(), sys.argv[1])
    except UsageError as error:
        print(error, file=sys.stderr)
        status = 2
    except OSError as error:  # before the run was its own: its lock, its record
        print(explain(error), file=sys.stderr)
        status = 2
    sys.exit(status)


if __name__ == "__main__":
    main()
