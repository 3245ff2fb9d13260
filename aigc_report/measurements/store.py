"""The folder of a measurement: made, read, asked to stop, deleted. Its state is derived from what lies there."""

import re
import secrets
import shutil
import subprocess
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from aigc_report.errors import UserError
from aigc_report.i18n import N_
from gan import runner
from gan.files import write_atomically
from gan.measurement import GENERATED, PICTURES, PROGRESS, REAL, Measured, Progress
from gan.paths import home
from gan.store import held

REQUEST, ENDED, LOCK, CANCEL, LOG = "request.json", "ended.json", "work.lock", "cancel", "work.log"
SIDES = (GENERATED, REAL)
MOST_AT_ONCE = 5
"""Measurements under way on one machine, waiting ones included: each holds its pictures on the disk."""

_ID = re.compile(r"\d{8}-\d{6}-[0-9a-f]{16}")
_START_TIMEOUT_S = 60.0
_POLL_S = 0.02

_Model = TypeVar("_Model", bound=BaseModel)
Status = Literal["queued", "running", "completed", "cancelled", "interrupted", "failed"]
ACTIVE: tuple[Status, ...] = ("queued", "running")


@dataclass(frozen=True)
class Upload:
    """A zip as its reader brought it."""

    name: str
    content: IO[bytes]


class Request(BaseModel):
    """`request.json`. `real` names a data set or is `PICTURES`; `names` are the zips' names by side."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str
    created: str
    real: str
    names: dict[str, str]
    seed: int = 0


class Ended(BaseModel):
    """`ended.json`. A failure keeps its sentence and the values in it apart, so that each language words it."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    status: Status
    finished: str
    template: str = ""
    fields: dict[str, Any] = Field(default_factory=dict)
    measured: Measured | None = None
    left_out: dict[str, list[tuple[str, str]]] = Field(
        default_factory=dict, description="side -> (name in the zip, reason as a message)"
    )


@dataclass(frozen=True)
class Measurement:
    """One measurement as it stands."""

    request: Request
    status: Status
    progress: Progress | None
    ended: Ended | None


def start(generated: Upload, real: Upload | str, seed: int = 0) -> str:
    """Have `generated` measured against a data set or a zip, in a process that outlives this one; its id.

    Back as soon as that process holds the measurement's lock. `UserError` where too many are under way or the process
    does not come up; what is wrong with a zip shows in how the measurement ends.
    """
    _tidy()
    if len(_active()) >= MOST_AT_ONCE:
        raise UserError(
            N_("{n} measurements are under way on this machine, the most that may be; try again in some minutes."),
            n=MOST_AT_ONCE,
        )
    uploads = {GENERATED: generated} | ({REAL: real} if isinstance(real, Upload) else {})
    request = Request(
        id=f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(8)}",
        created=now(),
        real=real if isinstance(real, str) else PICTURES,
        names={side: upload.name for side, upload in uploads.items()},
        seed=seed,
    )
    folder = root() / request.id
    folder.mkdir(parents=True)
    for side, upload in uploads.items():
        upload.content.seek(0)
        with packed(folder, side).open("wb") as file:
            shutil.copyfileobj(upload.content, file)
    write_atomically(folder / REQUEST, request.model_dump_json(indent=1))
    _launch(folder)
    return request.id


def _launch(folder: Path) -> None:
    log = folder / LOG
    with log.open("wb") as sink:
        process = runner.detach(["-m", "aigc_report.measurements.work", folder.name], home(), subprocess.DEVNULL, sink)
    give_up = time.monotonic() + _START_TIMEOUT_S
    while not held(folder / LOCK) and not (folder / ENDED).exists():
        if process.poll() not in (None, 0) or time.monotonic() > give_up:
            process.kill()
            said = log.read_text(errors="replace").strip().splitlines()
            shutil.rmtree(folder, ignore_errors=True)
            raise UserError(N_("The measurement did not start: {reason}"), reason=said[-1] if said else "–")
        time.sleep(_POLL_S)


def read(id: str) -> Measurement:
    """The measurement `id` as it stands; `LookupError` where there is none."""
    folder = path(id)
    ended = _read(folder / ENDED, Ended)
    if ended is not None:
        return Measurement(_request(folder), ended.status, None, ended)
    progress = _read(folder / PROGRESS, Progress)
    waiting = progress is not None and progress.stage == "waiting"
    working = held(folder / LOCK)
    if not working and (ended := _read(folder / ENDED, Ended)) is not None:  # it ended between the two looks
        return Measurement(_request(folder), ended.status, None, ended)
    status: Status = "interrupted" if not working else "queued" if waiting else "running"
    return Measurement(_request(folder), status, progress, None)


def result(id: str) -> Measured:
    """What the measurement `id` found; `LookupError` where it found nothing (yet)."""
    ended = read(id).ended
    if ended is None or ended.measured is None or not ended.measured.quality:
        raise LookupError(f"measurement {id} has no result")
    return ended.measured


def cancel(id: str) -> None:
    """Ask the measurement to stop; its process does so within a second. Nothing happens where none is at work."""
    (path(id) / CANCEL).touch()


def delete(id: str) -> None:
    """Take away what is kept of a measurement that is no longer under way."""
    if read(id).status not in ACTIVE:
        shutil.rmtree(path(id))


def path(id: str) -> Path:
    """The folder of a measurement; `LookupError` for anything that is no id of one."""
    folder = root() / id
    if _ID.fullmatch(id) is None or not (folder / REQUEST).is_file():
        raise LookupError(f"there is no measurement {id}")
    return folder


def root() -> Path:
    """Where measurements lie."""
    return home() / "measurements"


def packed(folder: Path, side: str) -> Path:
    """The zip of a side."""
    return folder / f"{side}.zip"


def now() -> str:
    """The moment in UTC, ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def drop_pictures(folder: Path) -> None:
    """Delete what was brought: zips and pictures."""
    for side in SIDES:
        packed(folder, side).unlink(missing_ok=True)
        shutil.rmtree(folder / side, ignore_errors=True)


def _request(folder: Path) -> Request:
    return Request.model_validate_json((folder / REQUEST).read_bytes())


def _folders() -> list[Path]:
    return [folder for folder in root().iterdir() if _ID.fullmatch(folder.name)] if root().is_dir() else []


def _active() -> list[Path]:
    return [folder for folder in _folders() if held(folder / LOCK)]


def _tidy() -> None:
    """Delete the pictures of measurements whose process was killed before it could: nothing goes on from them."""
    for folder in _folders():
        abandoned = not held(folder / LOCK) and (folder / LOCK).exists()
        if abandoned:
            drop_pictures(folder)


def _read(file: Path, model: type[_Model]) -> _Model | None:
    """What `file` holds; None where it is not there (yet) or of another version."""
    try:
        return model.model_validate_json(file.read_bytes())
    except (OSError, ValidationError):
        return None
