"""Runs kept in order: names beside ids that never change, deletion that can be taken back and stays in its folder."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock
from processes import bench, bench_json
from test_store import OUTSIDE, hold_lock

from gan import continuing, names, queue, removal, runner
from gan.config import resolve
from gan.errors import Busy, UsageError
from gan.store import Store

Recorded = Callable[..., str]


def test_a_name_is_a_label_beside_the_record_and_goes_with_the_run(store: Store, recorded: Recorded) -> None:
    run_id = recorded()
    before = (store.path(run_id) / "record.json").read_bytes()
    assert names.name(store, run_id) == ""
    assert names.rename(store, run_id, "  wide,\n  seed 3 · 宽网络 ") == "wide, seed 3 · 宽网络"
    assert names.name(store, run_id) == "wide, seed 3 · 宽网络"
    assert (store.path(run_id) / "record.json").read_bytes() == before
    assert names.rename(store, run_id, " ") == names.name(store, run_id) == ""
    assert not (store.path(run_id) / names.FILE).exists()


@pytest.mark.parametrize("name", ["x" * 61, "<b>", "a\x00b", "a\u202eb", "a\u200bb"])
def test_a_name_that_no_label_can_show_is_refused_and_read_without_what_it_may_not_hold(
    store: Store, recorded: Recorded, name: str
) -> None:
    run_id = recorded()
    names.rename(store, run_id, "before")
    with pytest.raises(UsageError, match="A name"):
        names.rename(store, run_id, name)
    assert names.name(store, run_id) == "before"
    (store.path(run_id) / names.FILE).write_text(name, encoding="utf-8")  # by hand
    assert names.name(store, run_id) in ("x" * 60, "b", "ab")
    (store.path(run_id) / names.FILE).write_bytes(b"\xff\xfe" * 5_000)
    assert len(names.name(store, run_id)) <= names.LONGEST


def test_a_deleted_run_is_gone_from_the_list_and_comes_back_as_it_was(store: Store, recorded: Recorded) -> None:
    kept, run_id = recorded(), recorded()
    (store.path(run_id) / "samples").mkdir()
    (store.path(run_id) / "samples/0.png").write_bytes(b"x" * 1_000)
    record = store.read(run_id)
    removal.delete(store, run_id)
    assert [run.run_id for run in store.list()] == [kept]
    assert not store.problems()
    with pytest.raises(UsageError):
        store.read(run_id)
    (gone,) = removal.deleted(store)
    assert gone.run_id == run_id
    assert gone.size > 1_000
    removal.restore(store, run_id)
    assert store.read(run_id) == record
    assert removal.deleted(store) == []


def test_a_run_at_work_cannot_be_deleted_whatever_its_record_says(store: Store, recorded: Recorded) -> None:
    run_id = recorded()
    holder = hold_lock(run_id)
    try:
        with pytest.raises(Busy, match="cancel it before"):
            removal.delete(store, run_id)
    finally:
        holder.kill()
        holder.wait()
    assert store.path(run_id).is_dir()
    removal.delete(store, run_id)


@pytest.mark.parametrize("run_id", OUTSIDE)
def test_nothing_outside_the_store_can_be_deleted_restored_purged_or_named(store: Store, run_id: str) -> None:
    outside = store.root.parent / "secret"
    outside.mkdir(parents=True)
    (outside / "record.json").write_text("{}")
    for act in (removal.delete, removal.restore, removal.purge, lambda s, r: names.rename(s, r, "mine")):
        with pytest.raises(UsageError):
            act(store, run_id)
    assert [path.name for path in outside.iterdir()] == ["record.json"]


def test_a_run_that_is_a_link_loses_the_link_and_not_what_it_points_at(store: Store, tmp_path: Path) -> None:
    run_id = store.create(resolve(steps=1))
    elsewhere = store.path(run_id).rename(tmp_path / "elsewhere")
    (store.root / run_id).symlink_to(elsewhere)
    removal.delete(store, run_id)
    removal.purge(store, run_id)
    assert (elsewhere / "record.json").is_file()
    assert removal.deleted(store) == []


def test_the_commands_rename_delete_and_restore(store: Store, recorded: Recorded) -> None:
    run_id = recorded()
    assert bench_json("rename", run_id, "mine") == {"run_id": run_id, "name": "mine"}
    listed = bench("list")
    assert "mine" in listed.stdout
    (shown,) = bench_json("list")["runs"]
    assert (shown["run_id"], shown["name"]) == (run_id, "mine")
    assert "restore" in bench("delete", run_id).stdout
    (gone,) = bench_json("restore")["deleted"]
    assert gone["run_id"] == run_id
    assert gone["bytes"] > 0
    assert bench_json("restore", run_id)["restored"]
    assert names.name(store, run_id) == "mine"
    assert json.loads(bench("delete", run_id, "--for-good", "--json").stdout)["restorable"] is False
    assert not removal.deleted(store)
    refused = bench("delete", run_id)
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)


def test_the_queue_gives_every_waiting_run_its_place_and_its_earliest_beginning(store: Store) -> None:
    made = [store.create(resolve(budget_s=budget)) for budget in (60, 30, 20)]
    done = store.create(resolve(steps=1))
    store.write(store.read(done).model_copy(update={"status": "completed"}))
    store.write(store.read(made[0]).model_copy(update={"status": "running"}))
    locks: list[FileLock] = [store.lock(run_id) for run_id in made]
    for lock in locks:
        lock.acquire()
    order = sorted(made[1:], key=lambda run_id: (store.read(run_id).created, run_id))
    found = queue.of(store.list())
    assert [run.run_id for run in found.training] == made[:1]
    assert [run.run_id for run in found.waiting] == order
    assert [found.place(run_id) for run_id in (*order, made[0], done)] == [1, 2, None, None]
    first = store.read(order[0]).config.budget_s
    assert queue.wait_s(store, found, order[0]) == 60
    assert queue.wait_s(store, found, order[1]) == 60 + (first or 0)
    locks[0].release()  # killed: no longer at work
    assert queue.of(store.list()).training == ()
    assert queue.wait_s(store, queue.of(store.list()), order[0]) == 0
    for lock in locks[1:]:
        lock.release()


def test_a_run_ahead_without_a_budget_in_seconds_leaves_the_beginning_unknown(store: Store) -> None:
    made = [store.create(resolve(steps=10)) for _ in range(2)]
    locks = [store.lock(run_id) for run_id in made]
    for lock in locks:
        lock.acquire()
    found = queue.of(store.list())
    assert queue.wait_s(store, found, found.waiting[1].run_id) is None
    for lock in locks:
        lock.release()


def test_a_cancelled_run_goes_on_and_is_queued_from_the_first_moment(
    store: Store, recorded: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = recorded(status="cancelled")
    (store.path(run_id) / "cancel").touch()
    started = []
    monkeypatch.setattr(runner, "available", lambda: True)
    monkeypatch.setattr(runner, "spawn", lambda store, run_id: started.append(hold_lock(run_id)) or started[-1])
    try:
        continuing.resume(store, run_id)
        assert store.status(run_id) == "queued"
        assert not store.cancelled(run_id)
        with pytest.raises(UsageError, match="nothing to go on with"):
            continuing.resume(store, run_id)
    finally:
        started[0].kill()
        started[0].wait()


def test_a_run_whose_process_does_not_come_up_stays_as_it_was(
    store: Store, recorded: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = recorded(status="failed")
    before = store.read(run_id)
    monkeypatch.setattr(runner, "available", lambda: True)
    monkeypatch.setattr(runner, "spawn", lambda store, run_id: subprocess.Popen(["false"]))
    with pytest.raises(UsageError, match="did not start"):
        continuing.resume(store, run_id)
    assert store.read(run_id) == before
    with pytest.raises(UsageError, match="completed"):
        continuing.resume(store, recorded())
