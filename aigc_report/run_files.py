"""What can be taken away of a run that ended: record, model card, weights, figures, pictures, and all of it at once.

A file that lies in the run's folder is named here, not read. What is made for the reader (tables, single pictures) is
small. The archive of everything is written while it is sent, so weights never pass through memory as a whole. Unpacked
among the runs of another machine, it is a run there.
"""

import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pandas as pd
from PIL import Image

from aigc_report import tables
from gan import grid
from gan.errors import UsageError
from gan.record import Money, RunRecord, SampleGrid
from gan.store import CARD, EVENTS, FINAL, Store

PIECE_BYTES = 1 << 18
RECORD, WEIGHTS, FIGURES, CURVE, SAMPLES, EVERYTHING = (
    "record.json",
    "weights.safetensors",
    "figures.csv",
    "curve.csv",
    "samples.zip",
    "everything.zip",
)
KINDS: dict[str, str] = {
    CARD: "text/markdown; charset=utf-8",
    WEIGHTS: "application/octet-stream",
    FIGURES: "text/csv; charset=utf-8",
    CURVE: "text/csv; charset=utf-8",
    SAMPLES: "application/zip",
    RECORD: "application/json; charset=utf-8",
    EVERYTHING: "application/zip",
}
"""The files of a run in the order in which a page lists them, and their media types."""

Content = Path | bytes


@dataclass(frozen=True)
class File:
    """One file to take away. `size` in bytes; of an archive that is written while it is sent, that of what is in it."""

    run_id: str
    name: str
    size: int
    content: Content | Callable[[], Iterator[bytes]]

    @property
    def kind(self) -> str:
        """The media type."""
        return KINDS[self.name]

    @property
    def saved_as(self) -> str:
        """The name under which a reader keeps the file: it says which run it is of."""
        return f"{self.run_id}.safetensors" if self.name == WEIGHTS else f"{self.run_id}-{self.name}"


def of(store: Store, run_id: str) -> dict[str, File]:
    """The files that there are of a run, by name, in the order of `KINDS`. `UsageError` where there is no such run."""
    record = store.read(run_id)
    folder = store.path(run_id)
    text = record.model_dump_json(indent=1).encode()
    found: dict[str, Content] = {RECORD: text, FIGURES: tables.csv(figures(record))}
    found |= {name: folder / path for name, path in ((CARD, CARD), (WEIGHTS, FINAL)) if (folder / path).is_file()}
    if record.curve:
        found[CURVE] = tables.csv(pd.DataFrame([point.model_dump() for point in record.curve]))
    if grids := _grids(folder, record):
        found[SAMPLES] = _samples(grids, record.config.resolution)
    files = {name: File(run_id, name, _size(content), content) for name, content in found.items()}
    inside = _inside(folder, record, found)
    whole = sum(_size(content) for _, content in inside)
    files[EVERYTHING] = File(run_id, EVERYTHING, whole, lambda: zipped(inside))
    return {name: files[name] for name in KINDS if name in files}


def find(store: Store, run_id: str, name: str) -> File:
    """One file of a run; `UsageError` says what there is instead."""
    if name not in KINDS:
        raise UsageError(f"A run has no {name}; it has {', '.join(KINDS)}.")
    files = of(store, run_id)
    if name not in files:
        raise UsageError(f"Run {run_id} has no {name}; it has {', '.join(files)}.")
    return files[name]


def figures(record: RunRecord) -> pd.DataFrame:
    """Quality and cost as rows: figure, value, interval, floor, images a side, and what the figure rests on."""
    features = f"features of {record.extractor.name}, sha256 {record.extractor.digest}" if record.extractor else ""
    quality = [
        {
            "kind": "quality",
            "figure": name,
            "value": metric.value,
            "low": metric.ci_low,
            "high": metric.ci_high,
            "floor": metric.reference_floor,
            "images_a_side": metric.n,
            "basis": features,
            "settings": json.dumps(metric.settings, sort_keys=True),
        }
        for name, metric in record.quality.items()
    ]
    cost = record.cost
    measured = cost.model_dump(exclude={"energy_kwh_low", "energy_kwh_high", "energy_method", "energy_includes_idle"})
    rows: list[dict[str, object]] = [
        {"kind": "cost", "figure": name, "value": value}
        for name, value in measured.items()
        if isinstance(value, int | float) and not name.startswith("co2_g_")
    ]
    for row in rows:
        if row["figure"] == "energy_kwh":
            row |= {"low": cost.energy_kwh_low, "high": cost.energy_kwh_high, "basis": cost.energy_method}
        if row["figure"] == "co2_g":
            row |= {"low": cost.co2_g_low, "high": cost.co2_g_high}
    rows += [_paid(name, paid) for name, paid in (("money", cost.money), ("rent", cost.rent)) if paid is not None]
    columns = ["kind", "figure", "value", "low", "high", "floor", "images_a_side", "basis", "settings"]
    return pd.DataFrame([*quality, *rows], columns=columns).astype({"images_a_side": "Int64"})


def zipped(entries: Iterable[tuple[str, Content]]) -> Iterator[bytes]:
    """A zip of `entries` (name inside, content) as it is written, piece by piece; pictures and weights are stored."""
    out = _Pipe()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in entries:
            inside = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))  # equal runs make equal archives
            inside.file_size = _size(content)  # decides whether the entry needs the large format
            inside.external_attr = 0o644 << 16
            packed = name.endswith((".png", ".safetensors"))
            inside.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            with archive.open(inside, "w") as entry:
                for piece in _pieces(content):
                    entry.write(piece)
                    yield out.taken()
    yield out.taken()


class _Pipe(io.RawIOBase):
    """Where an archive is written that cannot go back: it holds what nobody has taken yet."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, piece: bytes) -> int:  # type: ignore[override]
        self._waiting += piece
        return len(piece)

    def taken(self) -> bytes:
        """What was written since the last call."""
        taken = bytes(self._waiting)
        self._waiting.clear()
        return taken


def _inside(folder: Path, record: RunRecord, found: dict[str, Content]) -> list[tuple[str, Content]]:
    """The archive's entries: the run as its folder has it, without logs and locks, and the tables made of it."""
    entries: list[tuple[str, Content]] = [(RECORD, found[RECORD])]
    entries += [(name, folder / name) for name in ("config.json", CARD, EVENTS) if (folder / name).is_file()]
    entries += [(name, found[name]) for name in (FIGURES, CURVE) if name in found]
    entries += [(sample.file, path) for sample, path in _grids(folder, record)]
    if WEIGHTS in found:
        entries.append((FINAL.as_posix(), found[WEIGHTS]))
    return [(f"{record.run_id}/{name}", content) for name, content in entries]


def _grids(folder: Path, record: RunRecord) -> list[tuple[SampleGrid, Path]]:
    """The pictures that a record names and the folder has, each once: a resumed run tells of some of them twice.

    A name that leads out of the folder is none.
    """
    here = folder.resolve()
    named = {(here / sample.file).resolve(): sample for sample in record.samples}
    return [(sample, path) for path, sample in named.items() if path.is_relative_to(here) and path.is_file()]


def _samples(grids: list[tuple[SampleGrid, Path]], side: int) -> bytes:
    """A zip of all grids, and of the single images of the last generated and of the real one."""
    return _packed(tuple((s.file, s.real, s.columns, path, path.stat().st_mtime_ns) for s, path in grids), side)


@lru_cache(maxsize=16)
def _packed(grids: tuple[tuple[str, bool, int, Path, int], ...], side: int) -> bytes:
    entries: list[tuple[str, Content]] = [(f"grids/{Path(name).name}", path) for name, _, _, path, _ in grids]
    for real, title in ((False, "generated"), (True, "real")):
        last = next(((columns, path) for _, r, columns, path, _ in reversed(grids) if r == real), None)
        for i, image in enumerate(_singles(*last, side) if last else []):
            entries.append((f"{title}/{i:06d}.png", _png(image)))
    return b"".join(zipped(entries))


def _singles(columns: int, path: Path, side: int) -> list[Image.Image]:
    """The images of a grid; none of a picture that is damaged or laid out otherwise: the zip holds it as it is."""
    try:
        with Image.open(path) as picture:
            return grid.cut(picture, side, columns)
    except (OSError, ValueError):
        return []


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _paid(name: str, paid: Money) -> dict[str, object]:
    return {
        "kind": "cost",
        "figure": f"{name}_{paid.currency.lower()}" if paid.currency else name,
        "value": paid.amount,
        "low": paid.amount_low,
        "high": paid.amount_high,
        "basis": paid.basis,
    }


def _size(content: Content) -> int:
    return content.stat().st_size if isinstance(content, Path) else len(content)


def _pieces(content: Content) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    with content.open("rb") as file:
        while piece := file.read(PIECE_BYTES):
            yield piece
