"""Copies of data sets: where they are looked for, which is found, and what to do where there is none. Imports no torch.

Only places and file names are looked at here; whether a file is the published one is checked where it is read.
"""

import gzip
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from gan.errors import UsageError
from gan.paths import home, offline

State = Literal["built_in", "on_disk", "download", "absent"]
"""Part of a dependency; found on this machine; not here, but a download is allowed; not here and none is allowed."""

IDX_FILES = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")

CIFAR_FOLDER = "cifar-10-batches-py"
CIFAR_ARCHIVE = "cifar-10-python.tar.gz"
CIFAR_FILES = (*(f"data_batch_{number}" for number in range(1, 6)), "test_batch")

DEBIAN_FASHION = Path("/usr/share/datasets/fashion-mnist")  # where Debian's package dataset-fashion-mnist puts it
KERAS = Path("~/.keras/datasets")


@dataclass(frozen=True)
class Published:
    """A data set that is not part of this installation: its name in prose, and how to bring it here by hand."""

    title: str
    folders: tuple[str, ...]
    """Below each data set folder, the special ones first: a file name alone does not tell MNIST from Fashion-MNIST."""
    advice: str


PUBLISHED: dict[str, Published] = {
    "fashion-mnist": Published(
        "Fashion-MNIST",
        ("FashionMNIST/raw", "fashion-mnist", ""),
        'install Debian\'s package "dataset-fashion-mnist" or put its four idx files into {folder}/FashionMNIST/raw',
    ),
    "mnist": Published(
        "MNIST", ("MNIST/raw", "mnist", ""), "put its four idx files, plain or gzipped, into {folder}/MNIST/raw"
    ),
    "cifar10": Published(
        "CIFAR-10", ("cifar10", "cifar-10", "CIFAR10", ""), f"put {CIFAR_ARCHIVE}, packed or unpacked, into {{folder}}"
    ),
}


def folders() -> list[Path]:
    """Where copies of data sets are looked for, in this order; nothing needs to exist."""
    chosen = os.environ.get("AIGC_REPORT_DATASETS")
    return ([Path(chosen).expanduser()] if chosen else []) + [home() / "datasets", KERAS.expanduser()]


def state(name: str) -> State:
    """Can the data set `name` be had on this machine? Whether a network answers is not tried."""
    if name not in PUBLISHED:
        return "built_in"
    if find(name) is not None:
        return "on_disk"
    return "absent" if offline() else "download"


def advice(name: str) -> str:
    """How to bring the published data set `name` to this machine by hand: a clause without a full stop."""
    return PUBLISHED[name].advice.format(folder=folders()[0])


def refuse_download(name: str) -> None:
    """Raises `UsageError` where AIGC_REPORT_OFFLINE forbids to download `name`."""
    if offline():
        title = PUBLISHED[name].title
        raise UsageError(f"{title} is not on this machine and AIGC_REPORT_OFFLINE forbids a download; {advice(name)}.")


def find(name: str) -> Path | None:
    """The folder (or, for CIFAR-10, the archive) with a copy of the published data set `name`; None without one."""
    places = [folder / below for folder in folders() for below in PUBLISHED[name].folders]
    if name == "fashion-mnist":
        places.append(DEBIAN_FASHION)
    look = _cifar if name == "cifar10" else _idx
    return next((found for place in places if (found := look(place, name)) is not None), None)


def idx_file(folder: Path, stem: str) -> Path | None:
    """The file called `stem` in `folder`, plain or gzipped, with a hyphen or (as some mirrors have it) a dot."""
    names = (stem, f"{stem}.gz", stem.replace("-idx", ".idx"), f"{stem.replace('-idx', '.idx')}.gz")
    return next((folder / name for name in names if (folder / name).is_file()), None)


def read_idx_file(path: Path) -> bytes:
    """The content of an idx file, unpacked; `UsageError` where it is damaged."""
    try:
        return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    except (OSError, EOFError) as error:
        raise UsageError(f"{path} cannot be read ({error}); delete it or replace it by an intact copy.") from error


IDX_DIGESTS: dict[str, tuple[str, ...]] = {
    "fashion-mnist": (
        "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
        "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
        "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
        "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
    ),
    "mnist": (
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    ),
}
"""sha256 of each of `IDX_FILES` unpacked: packers differ in how they compress, the images do not."""


def _idx(place: Path, name: str) -> Path | None:
    if any(idx_file(place, stem) is None for stem in IDX_FILES):
        return None
    return None if _another(place, name) else place


def _another(place: Path, name: str) -> bool:
    """Are these files, whose names several data sets share, known to be another one's? The smallest file tells."""
    path = idx_file(place, IDX_FILES[-1])
    assert path is not None
    try:
        found = hashlib.sha256(read_idx_file(path)).hexdigest()
    except UsageError:
        return False  # damaged: to be reported where it is read, not passed over
    return any(found == digests[-1] for other, digests in IDX_DIGESTS.items() if other != name)


def _cifar(place: Path, name: str) -> Path | None:
    for folder in (place / CIFAR_FOLDER, place):
        if all((folder / file).is_file() for file in CIFAR_FILES):
            return folder
    return place / CIFAR_ARCHIVE if (place / CIFAR_ARCHIVE).is_file() else None
