"""Files that are either there as a whole or not at all."""

import errno
import os
import tempfile
from pathlib import Path

_NO_ROOM = {errno.ENOSPC, errno.EFBIG} | ({errno.EDQUOT} if hasattr(errno, "EDQUOT") else set())
"""A full disk, a file of more than the process may write, a used-up quota."""
_TEMPORARY = ".part"


def write_atomically(path: Path, content: str | bytes) -> None:
    """Write `content` (text as UTF-8) to a temporary name beside `path`, flush it to disk, rename it.

    An `OSError` names `path`, and what was at `path` before stays.
    """
    data = content.encode() if isinstance(content, str) else content
    try:
        _write_and_rename(path, data)
    except OSError as error:
        raise naming(error, path) from error


def _write_and_rename(path: Path, data: bytes) -> None:
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}-", suffix=_TEMPORARY, dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)  # mkstemp's files are private; a run is as readable as any other file of its user
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def append_line(path: Path, line: str) -> None:
    """Add `line` and its end to `path`, at once visible to readers: as a whole, or (`OSError`, naming `path`) not."""
    try:
        with path.open("ab", buffering=0) as file:
            before, data = file.tell(), f"{line}\n".encode()
            try:
                while data:  # a disk that fills up takes a part first, and refuses the rest
                    data = data[file.write(data) :]
            except OSError:
                file.truncate(before)
                raise
    except OSError as error:
        raise naming(error, path) from error


def clear_temporaries(folder: Path) -> None:
    """Remove what writes of processes that were killed left in `folder` and below. Only for who alone writes there."""
    for path in folder.rglob(f".*{_TEMPORARY}"):
        path.unlink(missing_ok=True)


def naming(error: OSError, path: Path) -> OSError:
    """`error` with the file it is about: the system names none where writing, not opening, went wrong."""
    return OSError(error.errno, error.strerror, str(path))


def explain(error: OSError) -> str:
    """What went wrong where, and what to do about it, as sentences."""
    place = f"{error.filename}: " if error.filename else ""
    if error.errno in _NO_ROOM:
        advice = "Make room on that disk."
    elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST):
        advice = "Is AIGC_REPORT_HOME a folder you may write to?"
    else:
        advice = "Is the disk in order?"
    return f"{place}{error.strerror or error}. {advice}"
