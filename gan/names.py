"""What people call their runs: a label beside the id, which never changes. Imports no torch.

A name stands in a file of its own in the run's folder, `name`, one line of UTF-8, so that renaming a run touches
nothing that the run has measured, and any number of processes read it.
"""

import unicodedata

from gan.errors import UsageError
from gan.files import write_atomically
from gan.store import Store

FILE = "name"
LONGEST = 60
"""Letters of a name: what a select box on a phone can still show."""
_MARKUP = "<>"
"""Charts would read these as tags."""
_READ_BYTES = 1_000  # of a file that somebody wrote by hand


def rename(store: Store, run_id: str, name: str) -> str:
    """Call a run `name` and return the name as it is kept: without spaces at its ends, single ones inside.

    An empty name takes the label away. `UsageError` for one that is too long or holds what no label may.
    """
    folder = store.path(run_id)
    kept = " ".join(name.split())
    if len(kept) > LONGEST:
        raise UsageError("A name has at most {most} letters; this one has {n}.", most=LONGEST, n=len(kept))
    if wrong := [letter for letter in kept if _refused(letter)]:
        raise UsageError("A name cannot hold {letter!r}.", letter=wrong[0])
    if kept:
        write_atomically(folder / FILE, kept + "\n")
    else:
        (folder / FILE).unlink(missing_ok=True)
    return kept


def name(store: Store, run_id: str) -> str:
    """What a run is called; empty where it has no name of its own, or none that can be read."""
    try:
        with (store.root / run_id / FILE).open("rb") as file:
            text = file.read(_READ_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""  # most runs have none
    return " ".join("".join(letter for letter in text if letter.isspace() or not _refused(letter)).split())[:LONGEST]


def _refused(letter: str) -> bool:
    """Control characters and marks that turn the reading direction, and what charts take for tags."""
    return letter in _MARKUP or unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
