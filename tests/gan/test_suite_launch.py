"""A suite in a process of its own: begun, seen on its way, stopped, gone on with, by whoever looks at its folder."""

from pathlib import Path

import pytest
from filelock import FileLock
from processes import wait_for

from gan import events
from gan.errors import Busy, UsageError
from gan.record import RunRecord
from gan.store import EVENTS, Store
from gan.suite import launch, ledger, plan

PLAN = plan.Plan(name="tiny", title="Tiny", presets=("dcgan",), datasets=("digits",), seeds=(0, 1, 2), steps=100_000)
PATIENCE_S = 240
"""With processes that load PyTorch on a busy machine; not a promise about their speed."""


def test_where_a_suite_stands_is_read_from_its_own_runs(store: Store) -> None:
    known = ledger.begin(PLAN.model_copy(update={"steps": None, "budget": "20s"}), "auto", None)
    first, second, _ = known.members()
    assert launch.training_s(known.members()) == 60
    found = launch.standing(known, store, {"digits": 5})
    assert (found.done, found.total, found.left_s, found.now, found.running) == (0, 3, 75, None, False)
    known.runs = {member.key: store.create(member.config) for member in (first, second)}
    done = store.read(known.runs[first.key])
    store.write(RunRecord.model_validate(done.model_dump() | {"status": "completed"}))
    progress = {"step": 1, "images": 32, "train_s": 5.0, "fraction": 0.25, "loss_g": 1.0, "loss_d": 1.0}
    events.append(store.path(known.runs[second.key]) / EVENTS, "progress", **progress, images_per_s=6.4, eta_s=15.0)
    with store.lock(known.runs[second.key]):
        found = launch.standing(known, store, {"digits": 5})
    assert (found.done, found.now, found.left_s, found.finished) == (1, second.key, 45, False)
    assert found.under_way == 0.25
    known.runs[second.key] = "20260101-000000-gone-0000"  # deleted: it is trained again
    assert launch.standing(known, store, {}).left_s == 2 * (20 + launch.OVERHEAD_S)


@pytest.mark.torch
def test_a_suite_is_started_stopped_and_gone_on_with(home: Path) -> None:
    (home / "locks").mkdir(parents=True)
    with FileLock(home / "locks/cpu.lock"):  # its runs wait for the device, which costs a test less than training
        suite_id = launch.start(PLAN, device="cpu")
        known = found(suite_id)
        assert ledger.at_work(known)
        with pytest.raises(Busy):
            launch.start(PLAN, device="cpu")
        store = Store()
        wait_for(lambda: any(run.status == "queued" for run in store.list()), PATIENCE_S)
        launch.stop(known)
        wait_for(lambda: not ledger.at_work(known), PATIENCE_S)
        (run,) = store.list()
        assert run.status == "interrupted"
        with pytest.raises(UsageError, match="Nobody works"):
            launch.stop(known)
        launch.go_on(known)
        wait_for(lambda: not ledger.asked_to_stop(known), PATIENCE_S)
        assert ledger.at_work(known)
        launch.stop(known)
        wait_for(lambda: not ledger.at_work(known), PATIENCE_S)
    assert [run.run_id for run in store.list()] == list(found(suite_id).runs.values())
    assert len(store.list()) == 1  # the same run went on


def found(suite_id: str) -> ledger.Ledger:
    """The suite as its folder has it now."""
    known = ledger.find(suite_id)
    assert known is not None
    return known
