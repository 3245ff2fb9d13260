"""Claims put to the test on this machine: experiments in a process of their own, published figures asked anew.

    $AIGC_REPORT_HOME/claims/test.json   what is or was last being tested, replaced as a whole
    $AIGC_REPORT_HOME/claims/test.log    what a test that a page started says on its way
    $AIGC_REPORT_HOME/claims/test.lock   held by the process that tests; the system frees it when that process ends

Interrupted, the same request goes on: runs that were trained are kept by `gan`, and evidence by experiment.
"""

import datetime
import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from pydantic import BaseModel, ConfigDict, ValidationError

from aigc_report.claims import declared, evidence, history, ledger, standing
from aigc_report.claims.schema import Claim, Size
from aigc_report.claims.standing import Standing
from aigc_report.errors import UserError
from gan import runner
from gan.errors import UsageError
from gan.files import write_atomically
from gan.paths import home

_POLL_S = 0.2
_START_TIMEOUT_S = 60.0
INTERRUPTED = 130
BUSY = "Another process is testing claims on this machine; wait for it or stop it."
EXPERIMENT = ("-m", "gan.cli", "experiment")
"""What Python is started with to run experiments; their names and the size follow."""


class Request(BaseModel):
    """`test.json`: what is tested, by whom, and how it ended. `status` is the exit status, None before the end."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    started: datetime.datetime
    size: Size
    claims: list[str]
    experiments: list[str]
    process: int
    finished: datetime.datetime | None = None
    status: int | None = None


@dataclass(frozen=True)
class Progress:
    """A request with how far it is: `fraction` in 0..1, the experiment at work, the last line that was printed."""

    request: Request
    running: bool
    fraction: float | None = None
    experiment: str = ""
    eta_s: float | None = None
    said: str = ""


@dataclass(frozen=True)
class Tested:
    """What a test left: where the tested claims stand, and the exit status of the experiments (0: all went well)."""

    standings: tuple[Standing, ...]
    status: int = 0


def experiments_for(claims: Sequence[Claim], size: Size) -> list[str]:
    """The experiments that `claims` need and that run at `size`, each once, in the order of the experiments' table."""
    known = declared.experiments()
    wanted = {claim.test.name for claim in claims if claim.kind == "experiment"}
    return [name for name in known if name in wanted and size in known[name].sizes]


def left_out(claims: Sequence[Claim], size: Size) -> list[Claim]:
    """Those among `claims` whose experiment does not run at `size`."""
    running = experiments_for(claims, size)
    return [claim for claim in claims if claim.kind == "experiment" and claim.test.name not in running]


def chosen(ids: Sequence[str]) -> list[Claim]:
    """The claims with these ids, or all; `UserError` for an id that no claim has."""
    known = ledger.load()
    return [known[id] for id in dict.fromkeys(ids)] or list(known)


def run(ids: Sequence[str], size: Size, say: Callable[[str], None]) -> Tested:
    """Test the claims `ids`, or all, at `size`, and return where they stand.

    Progress of the experiments goes to this process's stderr, remarks through `say`. Raises `UserError` where another
    process tests or training is not installed, `KeyboardInterrupt` on Ctrl-C or a request to end: what is done stays.
    """
    claims = chosen(ids)
    names = experiments_for(claims, size)
    for claim in left_out(claims, size):
        say(f"{claim.id}: its experiment does not run at size {size}.")
    if names and not runner.available():
        if ids:
            raise UsageError(runner.INSTALL)
        say(f"{len(names)} experiments are left out. {runner.INSTALL}")
        names = []
    lock = _lock()
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise UserError(BUSY) from None
    with lock:
        request = Request(started=_now(), size=size, claims=list(ids), experiments=names, process=os.getpid())
        _write(request)
        status = INTERRUPTED
        try:
            status = _experiments(names, size) if names else 0
        finally:
            _write(request.model_copy(update={"finished": _now(), "status": status}))
        asked = {claim.id for claim in claims}
        found = tuple(s for s in standing.stand(size) if s.claim.id in asked)
        history.record([s.verdict for s in found if s.verdict.size is None or s.verdict.basis == "local"], _now())
        return Tested(found, status)


def start(ids: Sequence[str], size: Size) -> None:
    """Have the claims `ids`, or all, tested at `size` by a process that outlives this one; back once it is at work.

    Raises `UserError` where a test is under way, or where it did not come up, with the reason it gave.
    """
    if _busy():
        raise UserError(BUSY)
    before = _read()
    with log().open("wb") as sink:
        command = ["-m", "aigc_report.cli", "claims", "test", *ids, "--size", size]
        process = runner.detach(command, home(), subprocess.DEVNULL, sink)
    give_up = time.monotonic() + _START_TIMEOUT_S
    while _read() == before:
        if process.poll() not in (None, 0) or time.monotonic() > give_up:
            process.kill()
            said = log().read_text(errors="replace").strip().splitlines()
            raise UserError("The test did not start: {reason}", reason=said[-1] if said else str(log()))
        time.sleep(_POLL_S)


def stop() -> None:
    """Ask the process that tests to end; it keeps what is done. Nothing happens where none is at work."""
    request = _read()
    if request is not None and _busy():
        os.kill(request.process, signal.SIGTERM)


def progress() -> Progress | None:
    """How far the test is that is or was last at work on this machine; None where there never was one."""
    request = _read()
    if request is None:
        return None
    running = request.finished is None and _busy()
    lines = [line for line in log().read_text(errors="replace").splitlines() if line.strip()] if log().is_file() else []
    found = _where(request)
    return Progress(
        request,
        running,
        fraction=found.done / found.total if found and found.total else None,
        experiment=found.experiment if found else "",
        eta_s=found.eta_s if found else None,
        said=lines[-1] if lines else "",
    )


def estimate_s(names: Sequence[str], size: Size) -> float | None:
    """Seconds that the experiments `names` take together on two quiet cores, from nothing; None where there is none."""
    if not names:
        return None
    known = declared.experiments()
    return declared.estimate_s([known[name] for name in names], size)


def log() -> Path:
    """What a test that was started from a page says."""
    return _folder() / "test.log"


class _Where(BaseModel):
    """What the experiments write of themselves to ``experiments/<size>/progress.json``."""

    model_config = ConfigDict(extra="ignore")

    done: int
    total: int
    experiment: str = ""
    eta_s: float | None = None


def _where(request: Request) -> _Where | None:
    """How far the experiments of a request are; None before they begin."""
    path = evidence.folder("local") / request.size / evidence.PROGRESS
    try:
        began = datetime.datetime.fromtimestamp(path.stat().st_mtime, datetime.UTC)
        return _Where.model_validate_json(path.read_bytes()) if began >= request.started else None
    except (OSError, ValidationError):
        return None  # not begun, or of another version: the test runs all the same


def _experiments(names: Sequence[str], size: Size) -> int:
    """Run experiments to their end and return the exit status; Ctrl-C and SIGTERM are handed on once, then raised."""
    command = [*EXPERIMENT, *names, "--size", size]
    before = signal.signal(signal.SIGTERM, _interrupt)
    process = runner.detach(command, home(), subprocess.DEVNULL, None)
    try:
        while process.poll() is None:
            time.sleep(_POLL_S)
    except KeyboardInterrupt:
        process.send_signal(signal.SIGINT)
        process.wait()
        raise
    finally:
        signal.signal(signal.SIGTERM, before)
    if process.returncode == INTERRUPTED:
        raise KeyboardInterrupt
    return process.returncode


def _interrupt(*_: Any) -> None:
    raise KeyboardInterrupt


def _folder() -> Path:
    return home() / "claims"


def _lock() -> FileLock:
    _folder().mkdir(parents=True, exist_ok=True)
    return FileLock(_folder() / "test.lock")


def _busy() -> bool:
    """Does a process hold the lock?"""
    lock = _lock()
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    lock.release()
    return False


def _read() -> Request | None:
    try:
        return Request.model_validate_json((_folder() / "test.json").read_bytes())
    except (OSError, ValidationError):
        return None


def _write(request: Request) -> None:
    write_atomically(_folder() / "test.json", request.model_dump_json(indent=1))


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
