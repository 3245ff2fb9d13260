"""Runs as folders: what is read is what was written, and a broken neighbour harms nobody."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from gan import events
from gan.config import resolve
from gan.errors import UsageError
from gan.record import CurvePoint, Metric, Notice, RunRecord
from gan.store import Store

Recorded = Callable[..., str]

HOLD = """
import sys, time
from gan.store import Store

with Store().lock(sys.argv[1]):
    print("held", flush=True)
    time.sleep(60)
"""
OUTSIDE = ["../secret", "..", ".", "", "/etc", "a/b", "a\\b", ".hidden", "x" * 200, "a\0b", "a\n"]


def hold_lock(run_id: str) -> "subprocess.Popen[str]":
    """Another process that holds the run's lock."""
    holder = subprocess.Popen([sys.executable, "-c", HOLD, run_id], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    return holder


def test_a_record_comes_back_as_it_was_written(store: Store, recorded: Recorded) -> None:
    run_id = recorded(
        quality={"fid": Metric(value=12.5, n=590, reference_floor=1.0)},
        curve=[CurvePoint(step=1, images=32, train_s=0.1, loss_g=None)],
        notices=[Notice(code="small_sample", values={"n": 590})],
    )
    record = store.read(run_id)
    assert record.quality["fid"].value == 12.5
    assert record.curve[0].loss_g is None
    assert record.warnings == ["Quality rests on 590 images a side; differences close to the floor mean little."]
    assert RunRecord.model_validate_json(record.model_dump_json()) == record


def test_the_list_says_what_the_records_say_newest_first(store: Store, recorded: Recorded) -> None:
    first = recorded(quality={"fid": Metric(value=12.5, reference_floor=1.0)}, created="2026-01-01T00:00:00.000Z")
    second = recorded(status="cancelled", created="2026-01-02T00:00:00.000Z")
    runs = store.list()
    assert [run.run_id for run in runs] == [second, first]
    assert [run.status for run in runs] == ["cancelled", "completed"]
    assert (runs[1].fid, runs[1].fid_floor, runs[1].budget_steps) == (12.5, 1.0, 20)


def test_runs_of_one_second_get_ids_of_their_own(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter(["aaaa", "aaaa", "bbbb", "cccc"])
    monkeypatch.setattr("gan.store.secrets.token_hex", lambda _: next(drawn))
    monkeypatch.setattr(Store, "now", staticmethod(lambda: "2026-01-01T00:00:00.000Z"))
    runs = {store.create(resolve(steps=1)) for _ in range(3)}
    assert {run_id[-4:] for run_id in runs} == {"aaaa", "bbbb", "cccc"}
    assert len(store.list()) == 3


def test_one_look_finds_runs_and_problems(store: Store, recorded: Recorded) -> None:
    run_id = recorded()
    (store.root / "empty").mkdir()
    runs, problems = store.survey()
    assert ([run.run_id for run in runs], [problem.folder for problem in problems]) == ([run_id], ["empty"])


def test_a_run_is_running_exactly_while_a_process_holds_its_lock(store: Store) -> None:
    run_id = store.create(resolve(steps=20))
    store.write(store.read(run_id).model_copy(update={"status": "running"}))
    assert store.status(run_id) == "interrupted"
    holder = hold_lock(run_id)
    assert store.status(run_id) == "running"
    assert store.list()[0].status == "running"
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    assert store.status(run_id) == "interrupted"


def test_many_readers_at_once_do_not_take_each_other_for_the_owner(store: Store) -> None:
    run_id = store.create(resolve(steps=20))
    store.lock(run_id).acquire()  # leaves the lock file behind, as a killed owner would
    store.lock(run_id).release(force=True)
    ask = "import sys; from gan.store import Store; s = Store(); print({s.status(sys.argv[1]) for _ in range(300)})"
    readers = [
        subprocess.Popen([sys.executable, "-c", ask, run_id], stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    assert [reader.communicate()[0].strip() for reader in readers] == ["{'interrupted'}"] * 2


def test_an_unfinished_run_shows_the_curve_and_pictures_of_its_events(store: Store) -> None:
    run_id = store.create(resolve(steps=20))
    path = store.path(run_id) / "events.jsonl"
    events.append(path, "sample", file="samples/real.png", step=0, images=0, real=True, columns=8)
    events.append(path, "progress", step=5, images=160, train_s=1.0, loss_g=float("nan"), loss_d=0.5, fraction=0.25)
    events.append(path, "quality", step=5, images=160, train_s=1.0, fid=99.0, n=590)
    with path.open("a") as file:
        file.write('{"type": "progress", "step": 6, "ima')  # the process is writing, or died writing
    record = store.read(run_id)
    assert [(point.step, point.loss_g, point.fid) for point in record.curve] == [(5, None, None), (5, None, 99.0)]
    assert record.samples[0].real
    assert store.progress(run_id).step == 5
    assert len(store.events(run_id)) == 3
    assert [event["type"] for event in store.events(run_id, after=1)] == ["progress", "quality"]


def test_a_long_curve_is_thinned_but_keeps_its_quality_figures_and_its_end() -> None:
    told: list[events.Event] = [
        {"type": "progress", "step": i, "images": i, "train_s": float(i)} for i in range(10_000)
    ]
    told[5001] = {"type": "quality", "step": 5001, "images": 1, "train_s": 1.0, "fid": 3.0, "n": 10}
    curve = events.curve(told)
    assert len(curve) <= events.CURVE_POINTS + 2
    assert curve[-1].step == 9_999
    assert [point.fid for point in curve if point.fid is not None] == [3.0]


def test_rewinding_forgets_later_steps_only(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    events.append(path, "state", status="running", time="t")
    for step in (1, 2, 3):
        events.append(path, "progress", step=step)
    events.rewind(path, 2)
    assert [event.get("step") for event in events.read(path)] == [None, 1, 2]


@pytest.mark.parametrize(
    "run_id", ["../secret", "..", ".", "", "/etc", "a/b", "a\\b", ".hidden", "x" * 200, "a\0b", "a\n"]
)
def test_an_id_cannot_leave_the_store(store: Store, recorded: Recorded, run_id: str) -> None:
    recorded()
    (store.root.parent / "secret").mkdir()
    (store.root.parent / "secret" / "record.json").write_text("{}")
    for read in (store.read, store.status, store.cancel, store.progress, store.events, store.path):
        with pytest.raises(UsageError, match="There is no run"):
            read(run_id)


def test_foreign_and_broken_folders_are_reported_and_skipped(store: Store, recorded: Recorded) -> None:
    good = recorded()
    for name, content in {
        "empty": None,
        "half": '{"schema_version": 1, "run_id": "half", "sta',
        "foreign": '{"hello": "world"}',
        "binary": "\x00\x01",
        "future": json.dumps({"schema_version": 99, "run_id": "future"}),
        "renamed": (store.path(good) / "record.json").read_text(),
    }.items():
        (store.root / name).mkdir()
        if content is not None:
            (store.root / name / "record.json").write_text(content)
    (store.root / "a file").write_text("not a folder")
    assert [run.run_id for run in store.list()] == [good]
    reasons = {problem.folder: problem.reason for problem in store.problems()}
    assert set(reasons) == {"empty", "half", "foreign", "binary", "future", "renamed"}
    assert "never completely written" in reasons["empty"]
    assert "version 99" in reasons["future"]
    assert good in reasons["renamed"]


def test_an_unknown_run_is_refused_by_naming_those_that_exist(store: Store, recorded: Recorded) -> None:
    with pytest.raises(UsageError, match="no runs yet"):
        store.read("20260101-000000-dcgan-digits-0000")
    run_id = recorded()
    with pytest.raises(UsageError, match=run_id):
        store.read("20260101-000000-dcgan-digits-0000")


def test_only_a_run_that_somebody_works_on_can_be_cancelled(store: Store, recorded: Recorded) -> None:
    with pytest.raises(UsageError, match="completed"):
        store.cancel(recorded())
    waiting = store.create(resolve(steps=20))
    holder = hold_lock(waiting)
    try:
        store.cancel(waiting)
        assert store.cancelled(waiting)
    finally:
        holder.kill()
        holder.wait()


def test_reading_runs_loads_neither_torch_nor_numpy() -> None:
    code = "import sys, gan.store, gan.runner, gan.record, gan.config, gan.worker, gan.cli; "
    code += "print({'torch', 'numpy', 'pandas'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"
