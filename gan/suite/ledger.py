"""Where a suite stands on disk: which run belongs to which member of its plan, and what they say together.

A suite is a folder under ``$AIGC_REPORT_HOME/suites``:

    suite.json      plan, device, tariff, and the run of every member that was begun; replaced as a whole
    results.json    what the runs say together (`gan.suite.results`), rewritten after every run
    results.csv     a line a run
    results.md      the table in words
    frontier.svg    quality against a cost
    suite.lock      held by the process that works on the suite
    stop            present once somebody asked that process to stop
    log             what a suite that was started from a page said on its way

The runs themselves are ordinary runs of the store: they show in lists, and their records are where figures come from.
"""

import re
from pathlib import Path

from filelock import FileLock
from pydantic import BaseModel, ConfigDict, ValidationError

from gan.config import DeviceChoice, Tariff
from gan.errors import UsageError
from gan.files import write_atomically
from gan.paths import home
from gan.store import Store, held
from gan.suite.plan import Member, Plan, members

FILE = "suite.json"
RESULTS = "results.json"
LOCK = "suite.lock"
STOP = "stop"
LOG = "log"


class Ledger(BaseModel):
    """`suite.json`. `runs` maps a member's key to the id of its run."""

    model_config = ConfigDict(extra="ignore")

    suite_id: str
    created: str
    plan: Plan
    device: DeviceChoice = "auto"
    tariff: Tariff | None = None
    digest: str
    runs: dict[str, str] = {}
    finished: str | None = None

    def members(self) -> list[Member]:
        """Every run that the plan asks for."""
        return members(self.plan, self.device, self.tariff)


def root() -> Path:
    """The folder of all suites; not created here."""
    return home() / "suites"


def folder(ledger: Ledger) -> Path:
    """The folder of one suite."""
    return root() / ledger.suite_id


def lock(ledger: Ledger) -> FileLock:
    """Whoever works on the suite holds it; the system frees it when that process ends."""
    return FileLock(folder(ledger) / LOCK)


def at_work(ledger: Ledger) -> bool:
    """Does a process work on the suite?"""
    return held(folder(ledger) / LOCK)


def ask_to_stop(ledger: Ledger) -> None:
    """Ask the process that works on the suite to stop; it ends the run at work as Ctrl-C would."""
    (folder(ledger) / STOP).touch()


def asked_to_stop(ledger: Ledger) -> bool:
    """Has somebody asked it to?"""
    return (folder(ledger) / STOP).exists()


def withdraw_stop(ledger: Ledger) -> None:
    """Forget an earlier request, for a suite that goes on."""
    (folder(ledger) / STOP).unlink(missing_ok=True)


def write(ledger: Ledger) -> None:
    """Replace `suite.json` as a whole."""
    folder(ledger).mkdir(parents=True, exist_ok=True)
    write_atomically(folder(ledger) / FILE, ledger.model_dump_json(indent=1))


def read_all() -> list[Ledger]:
    """Every readable suite, newest first; a folder that is none is passed over."""
    found = []
    for path in root().glob(f"*/{FILE}"):
        try:
            ledger = Ledger.model_validate_json(path.read_bytes())
        except (OSError, ValidationError):
            continue  # half-written, foreign, or of another version: the runs in it are in the store all the same
        if ledger.suite_id == path.parent.name:
            found.append(ledger)
    return sorted(found, key=lambda ledger: (ledger.created, ledger.suite_id), reverse=True)


def find(suite_id: str) -> Ledger | None:
    """The suite of this id, or None."""
    return next((known for known in read_all() if known.suite_id == suite_id), None)


def begin(plan: Plan, device: DeviceChoice, tariff: Tariff | None, *, fresh: bool = False) -> Ledger:
    """The newest unfinished suite of this very plan, or a new one; always a new one where `fresh`."""
    digest = plan.digest(device, tariff)
    for known in read_all():
        if not fresh and known.digest == digest and known.finished is None:
            return known
    now = Store.now()
    stamp = re.sub(r"[^0-9]", "", now)[:17]
    ledger = Ledger(
        suite_id=f"{stamp[:8]}-{stamp[8:14]}-{plan.name}-{digest[:4]}",
        created=now,
        plan=plan,
        device=device,
        tariff=tariff,
        digest=digest,
    )
    if folder(ledger).exists():
        raise UsageError(
            "The suite {suite_id} was begun this very second; wait a second and try again.", suite_id=ledger.suite_id
        )
    write(ledger)
    return ledger
