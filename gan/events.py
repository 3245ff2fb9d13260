"""What happens during a run, a JSON line each in events.jsonl. Imports no torch.

    state     status, time                                     a process took the run up, or ended
    progress  step, images, train_s, loss_g, loss_d, images_per_s, fraction, eta_s      about every half second
    sample    file, step, images, real, columns                a picture was saved
    quality   step, images, train_s, fid, n                    a quick quality figure
    notice    code, values                                     a warning

Curve and samples of a record are made from these lines, so a killed run has them too.
"""

import json
import math
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gan.files import append_line, write_atomically
from gan.record import CurvePoint, SampleGrid

Event = dict[str, Any]

CURVE_POINTS = 300
"""Most points of losses a record's curve holds; a long run's are thinned evenly, points of quality never."""

_TAIL_BYTES = 16_384  # the end of the file in which the latest progress line is looked for


@dataclass(frozen=True)
class Progress:
    """Where training stands. `fraction` of the budget is 0..1; losses are means since the previous report."""

    step: int = 0
    images: int = 0
    train_s: float = 0.0
    fraction: float = 0.0
    images_per_s: float | None = None
    loss_g: float | None = None
    loss_d: float | None = None
    eta_s: float | None = None


def append(path: Path, kind: str, **values: Any) -> None:
    """Add one line, whole and at once visible to readers. Numbers that are not finite become null."""
    line = json.dumps({"type": kind, **{name: _finite(value) for name, value in values.items()}}, allow_nan=False)
    append_line(path, line)


def flush(path: Path) -> None:
    """Wait until what was appended is on the disk itself."""
    with path.open("ab") as file:
        os.fsync(file.fileno())


def read(path: Path, after: int = 0) -> list[Event]:
    """The lines behind the first `after`, without empty, half-written and foreign ones; none where no file is."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").split("\n")[after:]
    except FileNotFoundError:
        return []
    return [event for event in map(_parse, lines) if event]


def latest_progress(path: Path) -> Progress:
    """The last progress line, found from the end of the file; all zero before the first."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL_BYTES))
            tail = file.read().decode("utf-8", "replace").split("\n")
    except FileNotFoundError:
        return Progress()
    for line in reversed(tail):
        event = _parse(line)
        if event and event["type"] == "progress":
            return Progress(**{name: event[name] for name in Progress.__dataclass_fields__ if name in event})
    return Progress()


def rewind(path: Path, step: int) -> None:
    """Forget what is told of steps behind `step`: they are about to be trained again, from a checkpoint."""
    kept = [event for event in read(path) if event.get("step", 0) <= step]
    write_atomically(path, "".join(json.dumps(event) + "\n" for event in kept))


def curve(events: list[Event]) -> list[CurvePoint]:
    """Losses and quality over training, thinned to about `CURVE_POINTS`."""
    points = [CurvePoint(**event) for event in events if event["type"] in ("progress", "quality")]
    if len(points) <= CURVE_POINTS:
        return points
    stride = len(points) / CURVE_POINTS
    kept = {int(i * stride) for i in range(CURVE_POINTS)} | {len(points) - 1}
    return [point for i, point in enumerate(points) if i in kept or point.fid is not None]


def samples(events: list[Event]) -> list[SampleGrid]:
    """The pictures saved so far."""
    return [SampleGrid(**event) for event in events if event["type"] == "sample"]


def _parse(line: str) -> Event | None:
    try:
        event = json.loads(line)
    except json.JSONDecodeError:
        return None
    return event if isinstance(event, dict) and isinstance(event.get("type"), str) else None


def _finite(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value
