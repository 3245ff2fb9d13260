"""The runs on this machine, read and steered through their folders. Imports no torch.

A run is a folder under ``$AIGC_REPORT_HOME/runs``:

    config.json     what was asked (TrainConfig)
    record.json     what is known so far (RunRecord), replaced as a whole
    events.jsonl    what happened, a line each, appended while it trains
    samples/        pictures from fixed noise
    checkpoints/    last.safetensors to continue from, final.safetensors: the averaged generator
    model_card.md   the finished run in words
    worker.log      what the process printed
    run.lock        held by the operating system for as long as a process works on the run
    cancel          present once somebody asked the run to stop

The record of an unfinished run says `queued` or `running`. Whether that is still true is asked of the lock: a dead
process holds none, so its run is `interrupted` at once, without heartbeats or guesses.
"""

import os
import re
import secrets
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from filelock import FileLock, Timeout
from pydantic import BaseModel, ValidationError

from gan import events
from gan.config import TrainConfig, dataset_label
from gan.errors import UsageError
from gan.events import Event, Progress
from gan.files import write_atomically
from gan.paths import home
from gan.record import FINISHED, SCHEMA_VERSION, RunRecord, RunStatus

EVENTS = "events.jsonl"
CARD = "model_card.md"
LAST, FINAL = Path("checkpoints/last.safetensors"), Path("checkpoints/final.safetensors")
CANCEL = "cancel"
LOCK = "run.lock"
_RUN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
_NAMED = 5
"""Runs that a sentence names where the one sought is not there."""


@dataclass(frozen=True)
class RunSummary:
    """One line of the list of runs. What is not known is None; for an unfinished run, figures are those so far."""

    run_id: str
    status: RunStatus
    preset: str
    dataset: str
    device: str
    created: str
    started: str | None
    finished: str | None
    budget_s: float | None
    budget_steps: int | None
    steps: int
    images: int
    train_s: float | None
    fid: float | None
    fid_floor: float | None
    energy_kwh: float | None
    warnings: int


@dataclass(frozen=True)
class Problem:
    """A folder among the runs that is not a readable run, and why."""

    folder: str
    reason: str


Events = list[Event]
Runs = list[RunSummary]
Problems = list[Problem]  # named here: inside Store, `list` is the method


class Store:
    """The runs under `root` (default: ``$AIGC_REPORT_HOME/runs``). Holds no state but the folder's name."""

    def __init__(self, root: Path | None = None) -> None:
        self.root = root if root is not None else home() / "runs"

    # ---- finding runs ------------------------------------------------------------------------------------------------

    def path(self, run_id: str) -> Path:
        """The folder of `run_id`. `UsageError` where there is none; an id can never name a place outside the store."""
        folder = self.root / run_id if _RUN_ID.fullmatch(run_id) else None
        if folder is None or not (folder / "record.json").is_file():
            known = [run.run_id for run in self.list()]
            sought = {"run_id": run_id, "folder": self.root}
            if not known:
                raise UsageError('There is no run "{run_id}" in {folder}. There are no runs yet.', **sought)
            named = ", ".join(known[:_NAMED])
            if len(known) <= _NAMED:
                raise UsageError('There is no run "{run_id}" in {folder}. There are: {known}.', **sought, known=named)
            raise UsageError(
                'There is no run "{run_id}" in {folder}. There are: {known} and {n} more.',
                **sought,
                known=named,
                n=len(known) - _NAMED,
            )
        return folder

    def list(self) -> list[RunSummary]:
        """Every readable run, newest first."""
        return self.survey()[0]

    def problems(self) -> Problems:
        """Folders that `list` leaves out, and why: half-written, foreign, or of another version."""
        return self.survey()[1]

    def survey(self) -> tuple[Runs, Problems]:
        """`list` and `problems` for one look at the folders."""
        found = list(self._scan())
        runs = [run for run in found if isinstance(run, RunSummary)]
        runs.sort(key=lambda run: (run.created, run.run_id), reverse=True)
        return runs, [problem for problem in found if isinstance(problem, Problem)]

    def _scan(self) -> Iterator[RunSummary | Problem]:
        if not self.root.is_dir():
            return
        with os.scandir(self.root) as entries:
            for entry in entries:
                if entry.name.startswith(".") or not entry.is_dir():
                    continue
                try:
                    yield self._summary(entry.name)
                except UsageError as problem:
                    yield Problem(entry.name, str(problem))
                except OSError as error:  # another user's unfinished run: whether somebody works on it cannot be asked
                    yield Problem(entry.name, f"{error.filename or entry.name} cannot be read: {error.strerror}.")

    def _summary(self, name: str) -> RunSummary:
        head = _read_json(self.root / name / "record.json", _Head)
        if head.run_id != name:
            raise UsageError(
                "record.json says it is run {run_id}: the folder was renamed or copied.", run_id=head.run_id
            )
        fid = head.quality.get("fid") or _Value()
        steps, images, train_s = head.steps_done, head.images_seen, head.cost.train_s
        status = self._derive(self.root / name, head.status)
        if head.status not in FINISHED:
            now = events.latest_progress(self.root / name / EVENTS)
            steps, images, train_s = now.step, now.images, now.train_s or None
        return RunSummary(
            run_id=name,
            status=status,
            preset=head.config.preset,
            dataset=dataset_label(head.config.dataset),
            device=head.device.type if head.device else head.config.device,
            created=head.created,
            started=head.started,
            finished=head.finished,
            budget_s=head.config.budget_s,
            budget_steps=head.config.steps,
            steps=steps,
            images=images,
            train_s=train_s,
            fid=fid.value,
            fid_floor=fid.reference_floor,
            energy_kwh=head.cost.energy_kwh,
            warnings=len(head.notices),
        )

    # ---- one run -----------------------------------------------------------------------------------------------------

    def status(self, run_id: str) -> RunStatus:
        """What the run is doing now, or how it ended."""
        folder = self.path(run_id)
        return self._derive(folder, _read_json(folder / "record.json", _Head).status)

    def read(self, run_id: str) -> RunRecord:
        """The record; of an unfinished run with the true status, and the curve and samples its events tell of."""
        folder = self.path(run_id)
        record = _read_json(folder / "record.json", RunRecord)
        if record.status in FINISHED:
            return record
        told = events.read(folder / EVENTS)
        now = events.latest_progress(folder / EVENTS)
        return record.model_copy(
            update={
                "status": self._derive(folder, record.status),
                "steps_done": now.step,
                "images_seen": now.images,
                "curve": events.curve(told),
                "samples": events.samples(told),
            }
        )

    def progress(self, run_id: str) -> Progress:
        """The latest report of training; all zero before the first."""
        return events.latest_progress(self.path(run_id) / EVENTS)

    def events(self, run_id: str, after: int = 0) -> Events:
        """The lines of events.jsonl behind the first `after`; a line still being written is left for the next call."""
        return events.read(self.path(run_id) / EVENTS, after)

    def cancel(self, run_id: str) -> None:
        """Ask the run to stop; its process does so at its next step. A run nobody works on is a `UsageError`."""
        folder = self.path(run_id)
        status = self._derive(folder, _read_json(folder / "record.json", _Head).status)
        if status not in ("queued", "running"):
            raise UsageError("Run {run_id} is {status}: there is nothing to cancel.", run_id=run_id, status=status)
        (folder / CANCEL).touch()

    # ---- for the process that carries a run out ----------------------------------------------------------------------

    def create(self, cfg: TrainConfig) -> str:
        """A new run, not begun: its folder appears as a whole. Returns its id, which sorts by time."""
        now = self.now()
        stamp = re.sub(r"[^0-9]", "", now)[:14]
        slug = re.sub(r"[^a-z0-9]+", "-", Path(cfg.dataset).name.lower()).strip("-")[:40] or "folder"
        name = f"{stamp[:8]}-{stamp[8:]}-{cfg.preset}-{slug}"
        # four digits are easy to read and to tell apart; many runs in one second can draw the same ones
        drawn = (f"{name}-{secrets.token_hex(2)}" for _ in range(1_000))
        run_id = next(run_id for run_id in drawn if not (self.root / run_id).exists())
        self.root.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=".new-", dir=self.root))
        try:
            write_atomically(draft / "config.json", cfg.model_dump_json(indent=2))
            record = RunRecord(run_id=run_id, status="queued", created=now, config=cfg)
            write_atomically(draft / "record.json", record.model_dump_json(indent=1))
            draft.chmod(0o755)  # mkdtemp's are private; a run is as readable as any other file of its user
            draft.rename(self.root / run_id)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
        return run_id

    @staticmethod
    def now() -> str:
        """The moment as records write it: ISO 8601 in UTC, to the millisecond."""
        return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def write(self, record: RunRecord) -> None:
        """Replace record.json as a whole: a reader sees the old or the new one, never a part."""
        write_atomically(self.path(record.run_id) / "record.json", record.model_dump_json(indent=1))

    def lock(self, run_id: str) -> FileLock:
        """The run's lock. Whoever works on the run holds it; the system frees it when that process ends."""
        return FileLock(self.path(run_id) / LOCK)

    def cancelled(self, run_id: str) -> bool:
        """Has somebody asked the run to stop?"""
        return (self.root / run_id / CANCEL).exists()

    def withdraw_cancel(self, run_id: str) -> None:
        """Forget an earlier request to stop, for a run that is taken up again."""
        (self.root / run_id / CANCEL).unlink(missing_ok=True)

    def _derive(self, folder: Path, recorded: RunStatus) -> RunStatus:
        return recorded if recorded in FINISHED or held(folder / LOCK) else "interrupted"


# ---- the part of a record that a list needs: pydantic skips the rest, which is faster than building a RunRecord ------


class _Value(BaseModel):
    value: float | None = None
    reference_floor: float | None = None


class _HeadConfig(BaseModel):
    preset: str
    dataset: str
    device: str
    budget_s: float | None
    steps: int | None


class _HeadDevice(BaseModel):
    type: str


class _HeadCost(BaseModel):
    train_s: float | None = None
    energy_kwh: float | None = None


class _Head(BaseModel):
    schema_version: int
    run_id: str
    status: RunStatus
    created: str
    started: str | None = None
    finished: str | None = None
    config: _HeadConfig
    device: _HeadDevice | None = None
    steps_done: int = 0
    images_seen: int = 0
    quality: dict[str, _Value] = {}
    cost: _HeadCost = _HeadCost()
    notices: list[dict[str, Any]] = []


class _Version(BaseModel):
    schema_version: int


_Model = TypeVar("_Model", _Head, RunRecord)


def _read_json(path: Path, model: type[_Model]) -> _Model:
    """Parse `path`; every way to fail is one sentence in a `UsageError`."""
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        raise UsageError(
            "{file} is missing: not a run, or one that was never completely written.", file=path.name
        ) from None
    except OSError as error:
        raise UsageError("{file} cannot be read: {reason}.", file=path.name, reason=error.strerror) from error
    try:
        found = model.model_validate_json(text)
    except ValidationError as error:
        raise _unread(path, text, error) from error
    if found.schema_version != SCHEMA_VERSION:  # its fields may fit and mean something else
        raise _of_another_version(path, found.schema_version)
    return found


def _unread(path: Path, text: bytes, error: ValidationError) -> UsageError:
    """Why what stands in `path` is no record: of another version, or with a field that is wrong."""
    try:
        version = _Version.model_validate_json(text).schema_version
    except ValidationError:
        version = SCHEMA_VERSION
    if version != SCHEMA_VERSION:
        return _of_another_version(path, version)
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    reason = f"{where}: {first['msg']}" if where else first["msg"]
    return UsageError("{file} is not a run record: {reason}.", file=path.name, reason=reason)


def _of_another_version(path: Path, version: int) -> UsageError:
    return UsageError(
        "{file} has schema version {version}, this program reads version {known}.",
        file=path.name,
        version=version,
        known=SCHEMA_VERSION,
    )


def held(path: Path) -> bool:
    """Does a process hold the lock? The file need not exist.

    Askers share a lock among themselves, which only an owner's excludes: so they never take one another for an owner,
    however many ask, and a lock of another user's can be asked where it can be read.
    """
    if sys.platform == "win32":
        return _held_exclusively(path)
    import fcntl

    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)  # what `FileLock` takes is fcntl.flock's LOCK_EX
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _held_exclusively(path: Path) -> bool:
    """The same where the system has no shared locks: asking takes the lock for an instant, so an asker looks again
    before it believes."""
    if not path.exists():
        return False
    for pause_s in (0.001, 0.002, 0.005, 0.01, 0.0):
        try:
            with FileLock(path, timeout=0):
                return False
        except Timeout:
            time.sleep(pause_s)
    return True
