"""The process that carries a measurement out: ``python -m aigc_report.measurements.work ID``.

It unpacks what was brought, has `gan.measure` look at it in a process of its own, which it ends when somebody asks to
cancel, deletes the pictures, and writes how it ended.
"""

import os
import subprocess
import sys
import time
import traceback
from pathlib import Path

from filelock import FileLock

from aigc_report.errors import UserError
from aigc_report.i18n import N_
from aigc_report.measurements import store
from aigc_report.measurements.store import CANCEL, ENDED, LOCK, LOG, Ended, Request
from gan import runner
from gan.files import write_atomically
from gan.measurement import ASKED, MEASURED, REMARKS, Asked, Measured, tell
from gan.paths import home
from gan.threads import quiet_threads

MOST_FILES = 10_000
"""Files in a zip: the most pictures a side that any extractor is asked to look at."""

DAMAGED = N_("damaged, or of a kind that is not read")
"""Why a picture was left out whose head looked like one."""

_POLL_S = 0.2
_NICENESS = 10


class _Cancelled(Exception):
    pass


def carry_out(id: str) -> Ended:
    """Carry the measurement `id` out in this process, which holds its lock meanwhile; how it ended, as written."""
    folder = store.path(id)
    with FileLock(folder / LOCK):
        request = store.read(id).request
        left_out: dict[str, list[tuple[str, str]]] = {}
        try:
            ended = _measured(folder, request, left_out)
        except _Cancelled:
            ended = Ended(status="cancelled", finished=store.now())
        except UserError as error:
            ended = Ended(status="failed", finished=store.now(), template=error.template, fields=error.fields)
        except Exception:
            traceback.print_exc()  # into work.log
            sentence = N_("The measurement stopped with an error; the details are in {file} on the server.")
            ended = Ended(status="failed", finished=store.now(), template=sentence, fields={"file": str(folder / LOG)})
        ended = ended.model_copy(update={"left_out": left_out})
        store.drop_pictures(folder)
        write_atomically(folder / ENDED, ended.model_dump_json(indent=1))
    return ended


def _measured(folder: Path, request: Request, left_out: dict[str, list[tuple[str, str]]]) -> Ended:
    """Unpack and measure; what is left out on the way is added to `left_out`."""
    from aigc_report import uploads  # pandas: loaded once the lock is held

    limits = uploads.ImageLimits(images=MOST_FILES)
    names: dict[str, tuple[str, ...]] = {}
    for side, name in request.names.items():
        tell(folder, "unpacking")
        with store.packed(folder, side).open("rb") as content:
            found = uploads.images(content, name, folder / side, limits)
        names[side], left_out[side] = found.names, list(found.left_out)
        store.packed(folder, side).unlink()
        if (folder / CANCEL).exists():
            raise _Cancelled
    asked = Asked(real=request.real, seed=request.seed)
    tell(folder, "starting")
    write_atomically(folder / ASKED, asked.model_dump_json())
    measured = _look(folder)
    for side, files in measured.unreadable.items():
        left_out[side] += [(names[side][int(Path(file).stem)], DAMAGED) for file, _ in files]
    if measured.refused is not None:
        raise UserError(REMARKS[measured.refused.code], **measured.refused.values)
    return Ended(status="completed", finished=store.now(), measured=measured)


def _look(folder: Path) -> Measured:
    """Have the pictures measured by a process that knows torch."""
    process = runner.detach(["-m", "gan.measure", str(folder)], home(), subprocess.DEVNULL, None)
    try:
        while process.poll() is None:
            if (folder / CANCEL).exists():
                raise _Cancelled
            time.sleep(_POLL_S)
    finally:
        if process.poll() is None:
            process.kill()  # it writes nothing that could be left half done
            process.wait()
    if process.returncode != 0:
        raise RuntimeError(f"gan.measure ended with status {process.returncode}")
    return Measured.model_validate_json((folder / MEASURED).read_bytes())


def main() -> None:
    """Carry out the measurement named on the command line, politely, without spinning threads."""
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    quiet_threads()  # in the environment, which the process that measures inherits
    carry_out(sys.argv[1])


if __name__ == "__main__":
    main()
