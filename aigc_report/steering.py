"""What a page may do with runs, with the limits of the server enforced where it is done: a hidden button binds nobody.

`here` says whether the reader sits at the machine that serves the page. Raises `UserError` with the sentence to show.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from filelock import FileLock, Timeout

from aigc_report import limits
from aigc_report.claims import testing
from aigc_report.claims.schema import Size
from aigc_report.errors import UserError
from aigc_report.i18n import N_
from gan import continuing, names, queue, removal, runner
from gan.config import Tariff, TrainConfig
from gan.experiments.design import seconds_of
from gan.paths import home
from gan.store import Store
from gan.suite import launch
from gan.suite.ledger import Ledger
from gan.suite.plan import Plan, members

_PATIENCE_S = 30.0  # another reader's run takes about a second to come up, on a busy machine many


def permit(*, here: bool) -> None:
    """`UserError` unless this reader may start, cancel, rename and delete runs."""
    limits.read().permit(here=here)


def refusal(waiting: int = 0, *, here: bool) -> UserError | None:
    """Why this reader may start nothing while `waiting` runs wait; None where they may."""
    try:
        found = limits.read()
        found.permit(here=here)
        found.admit(waiting)
    except UserError as error:
        return error
    return None


def run(cfg: TrainConfig, *, here: bool) -> str:
    """Start a run in a process of its own and return its id."""
    with _one_at_a_time(here=here) as found:
        found.afford(cfg.budget_s if cfg.budget_s is not None else seconds_of(cfg))
        return runner.submit(cfg)


def suite(plan: Plan, tariff: Tariff | None = None, *, here: bool) -> str:
    """Begin the suite of `plan` in a process of its own, or go on with an unfinished one; its id."""
    with _one_at_a_time(here=here) as found:
        found.afford(launch.training_s(members(plan)))
        return launch.start(plan, tariff=tariff)


def go_on(ledger: Ledger, *, here: bool) -> None:
    """Go on with a suite that was stopped, in a process of its own."""
    with _one_at_a_time(here=here) as found:
        found.afford(launch.training_s(ledger.members()))
        launch.go_on(ledger)


def stop_suite(ledger: Ledger, *, here: bool) -> None:
    """Ask the process that works on a suite to stop; what is done stays."""
    permit(here=here)
    launch.stop(ledger)


def claims(ids: Sequence[str], size: Size, *, here: bool) -> None:
    """Have claims tested by a process of its own."""
    with _one_at_a_time(here=here) as found:
        names = testing.experiments_for(testing.chosen(ids), size)
        found.afford(testing.estimate_s(names, size) or 0.0)
        testing.start(ids, size)


def cancel(run_id: str, *, here: bool) -> None:
    """Ask a run that waits or trains to stop."""
    permit(here=here)
    Store().cancel(run_id)


def resume(run_id: str, *, here: bool) -> None:
    """Go on with a run that was cancelled, interrupted or failed, in a process of its own."""
    with _one_at_a_time(here=here):
        continuing.resume(Store(), run_id)


def rename(run_id: str, name: str, *, here: bool) -> str:
    """Call a run by a name of one's own, or by none; the name as it is kept."""
    permit(here=here)
    return names.rename(Store(), run_id, name)


def delete(run_id: str, *, here: bool) -> None:
    """Delete a run that neither waits nor trains; `restore` brings it back."""
    permit(here=here)
    removal.delete(Store(), run_id)


def restore(run_id: str, *, here: bool) -> None:
    """Bring a deleted run back."""
    permit(here=here)
    removal.restore(Store(), run_id)


def purge(*, here: bool) -> None:
    """Remove the files of all deleted runs for good."""
    permit(here=here)
    store = Store()
    for gone in removal.deleted(store):
        removal.purge(store, gone.run_id)


def stop_claims(*, here: bool) -> None:
    """Ask the process that tests claims to end."""
    permit(here=here)
    testing.stop()


@contextmanager
def _one_at_a_time(*, here: bool) -> Iterator[limits.Limits]:
    """Within: nobody else starts anything, so that two readers cannot both take the last place of the queue."""
    found = limits.read()
    found.permit(here=here)
    folder = home() / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / "start", timeout=_PATIENCE_S):
            found.admit(_waiting())
            yield found
    except Timeout:
        raise UserError(N_("Somebody else is starting a run this very moment. Try again.")) from None


def _waiting() -> int:
    return len(queue.of(Store().list()).waiting)
