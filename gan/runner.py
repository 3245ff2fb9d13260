"""Starts runs in processes of their own, which outlive whoever started them. Imports no torch."""

import os
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from typing import IO

import gan
from gan.config import TrainConfig
from gan.errors import UsageError
from gan.store import Store

INSTALL = 'Training needs the measurement module: pip install "aigc-report[gan]".'
WORKER_LOG = "worker.log"
SLOT = "GAN_BENCH_SLOT"
"""Environment variable of a run that was allotted a part of the machine: it waits for nobody in another part."""
_Sink = IO[bytes] | int | None
_START_TIMEOUT_S = 60.0  # an interpreter starts in well under a second; a machine on its knees gets a minute


def available() -> bool:
    """Can this installation train? Looks for torch without loading it."""
    return all(find_spec(name) is not None for name in ("torch", "torchvision", "safetensors", "sklearn"))


def submit(cfg: TrainConfig, store: Store | None = None) -> str:
    """Start a run in a detached process and return its id, as soon as that process holds the run's lock.

    So from the first moment the run is `queued` or `running`, and never looks abandoned. Raises `UsageError` where
    training is not installed or the process did not come up.
    """
    if not available():
        raise UsageError(INSTALL)
    store = store or Store()
    run_id = store.create(cfg)
    process = spawn(store, run_id)
    log = store.path(run_id) / WORKER_LOG
    give_up = time.monotonic() + _START_TIMEOUT_S
    while store.status(run_id) == "interrupted":  # nobody holds the lock yet
        if process.poll() is not None or time.monotonic() > give_up:
            process.kill()
            said = log.read_text(errors="replace").strip().splitlines()
            if not said:
                raise UsageError("The process of run {run_id} did not start; see {log}.", run_id=run_id, log=log)
            raise UsageError(
                "The process of run {run_id} did not start ({reason}); see {log}.",
                run_id=run_id,
                reason=said[-1],
                log=log,
            )
        time.sleep(0.02)
    return run_id


def spawn(store: Store, run_id: str, **environment: str) -> "subprocess.Popen[bytes]":
    """Start the process that carries `run_id` out, or on. What it prints goes to the run's `worker.log`.

    It outlives this process and does not hear the terminal's Ctrl-C.
    """
    with (store.path(run_id) / WORKER_LOG).open("ab") as log:
        return detach(["-m", "gan.worker", run_id], store.root.parent, log, log, **environment)


def detach(arguments: list[str], home: Path, out: _Sink, err: _Sink, **environment: str) -> "subprocess.Popen[bytes]":
    """Start Python with `arguments` in a process that outlives this one and does not hear the terminal's Ctrl-C.

    It finds the same packages and works in the same `home`. `out` and `err` take what it prints: an open file,
    `subprocess.DEVNULL`, or None for where this process prints.
    """
    package = str(Path(gan.__file__).parents[1])  # found again by the child, also in a checkout that is not installed
    paths = [package, *filter(None, [os.environ.get("PYTHONPATH")])]
    return subprocess.Popen(
        [sys.executable, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=out,
        stderr=err,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(paths),
            "AIGC_REPORT_HOME": str(home),
            **environment,
        },
        start_new_session=True,
    )
