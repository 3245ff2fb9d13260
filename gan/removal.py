"""Deleting runs, and taking that back. Imports no torch.

A deleted run is moved to ``.deleted`` inside the folder of runs: lists and commands no longer see it, `restore` brings
it back as it was, and only `purge` gives its space on the disk free. A run that waits or trains cannot be deleted.
"""

import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from filelock import Timeout

from gan.errors import Busy, UsageError
from gan.store import Store

FOLDER = ".deleted"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")


@dataclass(frozen=True)
class Deleted:
    """A run that was deleted and can still be brought back."""

    run_id: str
    folder: Path

    @property
    def size(self) -> int:
        """Bytes that its files take, counted now."""
        return _size(self.folder)


def delete(store: Store, run_id: str) -> None:
    """Take a run out of the store. `Busy` while a process works on it, `UsageError` where there is none."""
    folder = store.path(run_id)  # an id names a folder of the store and nothing else
    place = store.root / FOLDER / run_id
    try:
        with store.lock(run_id).acquire(timeout=0):  # so that nobody takes the run up meanwhile
            place.parent.mkdir(exist_ok=True)
            if place.exists():
                raise UsageError(
                    "A run {run_id} was deleted before; restore it or empty {folder} first.",
                    run_id=run_id,
                    folder=place.parent,
                )
            folder.rename(place)
    except Timeout:
        raise Busy(
            "Run {run_id} is {status}; cancel it before it is deleted.", run_id=run_id, status=store.status(run_id)
        ) from None


def restore(store: Store, run_id: str) -> None:
    """Bring a deleted run back as it was. `UsageError` where none of that id was deleted, or its place is taken."""
    found = _deleted(store, run_id)
    if (store.root / run_id).exists():
        raise UsageError("There is a run {run_id} already; the deleted one stays where it is.", run_id=run_id)
    found.rename(store.root / run_id)


def purge(store: Store, run_id: str) -> None:
    """Remove the files of a deleted run for good. `UsageError` where none of that id was deleted."""
    found = _deleted(store, run_id)
    if found.is_symlink():  # what it points at is no part of the store
        found.unlink()
    else:
        shutil.rmtree(found)


def deleted(store: Store) -> list[Deleted]:
    """The runs that can be brought back, newest first; ids begin with the day and time of their making."""
    try:
        with os.scandir(store.root / FOLDER) as entries:
            names = sorted((entry.name for entry in entries if _NAME.fullmatch(entry.name)), reverse=True)
    except FileNotFoundError:
        return []
    return [Deleted(name, store.root / FOLDER / name) for name in names]


def _deleted(store: Store, run_id: str) -> Path:
    """The folder of a deleted run; an id can never name a place outside the bin."""
    folder = store.root / FOLDER / run_id
    if not _NAME.fullmatch(run_id) or not (folder.is_symlink() or folder.is_dir()):
        known = ", ".join(run.run_id for run in deleted(store)[:5])
        if not known:
            raise UsageError('No run "{run_id}" was deleted. None was.', run_id=run_id)
        raise UsageError('No run "{run_id}" was deleted. There are: {known}.', run_id=run_id, known=known)
    return folder


def _size(folder: Path) -> int:
    """Bytes of all files below `folder`; those that vanish meanwhile count nothing."""
    if folder.is_symlink():
        return 0
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.lstat().st_size if path.is_file() else 0
        except OSError:
            continue
    return total
