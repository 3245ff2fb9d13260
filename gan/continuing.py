"""Going on with a run that ended before its budget did, in a process of its own. Imports no torch."""

import time

from filelock import Timeout

from gan import runner
from gan.errors import Busy, UsageError
from gan.store import LOCK, Store, held

_POLL_S = 0.02
_START_TIMEOUT_S = 60.0
OPEN = frozenset({"cancelled", "interrupted", "failed"})
"""How a run ended that can go on."""


def resume(store: Store, run_id: str) -> None:
    """Have a process of its own go on with a run from its last checkpoint; back once that process holds the run.

    The run waits its turn like a new one. Raises `UsageError` for a run that is complete or at work, where training is
    not installed, and where the process did not come up; the record is then as it was.
    """
    if not runner.available():
        raise UsageError(runner.INSTALL)
    before = store.read(run_id)
    if before.status not in OPEN:
        raise UsageError(
            "Run {run_id} is {status}: there is nothing to go on with.", run_id=run_id, status=before.status
        )
    try:
        with store.lock(run_id).acquire(timeout=0):
            store.withdraw_cancel(run_id)
            store.write(before.model_copy(update={"status": "queued", "finished": None}))
    except Timeout:
        raise Busy("Run {run_id} is being worked on by another process.", run_id=run_id) from None
    process = runner.spawn(store, run_id)
    give_up = time.monotonic() + _START_TIMEOUT_S
    while not held(store.path(run_id) / LOCK):
        if process.poll() is not None or time.monotonic() > give_up:
            process.kill()
            store.write(before)
            raise UsageError(
                "The process of run {run_id} did not start; see {log}.",
                run_id=run_id,
                log=store.path(run_id) / runner.WORKER_LOG,
            )
        time.sleep(_POLL_S)
