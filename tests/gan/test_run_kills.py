"""Real training processes are killed at random moments, again and again: nothing is lost, and the end is the same.

Processes are forked from one that has the libraries loaded (`Forker`), so that little of the test is start-up;
`test_run.py` kills one that was started the usual way.
"""

import os
import random
import signal
import time
from typing import Any

import pytest
from processes import Forker, bench_json

from gan import checkpoint
from gan.config import resolve
from gan.record import RunRecord
from gan.store import Store

pytestmark = pytest.mark.torch

KILLS = 8
CFG: dict[str, Any] = {"width": 8, "seed": 3, "deterministic": True}


AIM = """
import os, signal
from pathlib import Path
replace = Path.replace

def replaced(self, target):
    if Path(target).name != {name!r}:
        return replace(self, target)
    if not {before}:
        replace(self, target)
    os.kill(os.getpid(), signal.SIGKILL)

Path.replace = replaced
"""
"""Before, or after, it gives a file that name, a process kills itself."""


def assert_readable(store: Store, run_id: str, status: str) -> RunRecord:
    """What any reader relies on at any moment; there is no waiting for it."""
    runs, problems = store.survey()
    assert problems == []
    assert {run.run_id: run.status for run in runs}[run_id] == status
    record = store.read(run_id)
    assert record.status == status
    folder = store.path(run_id)
    assert RunRecord.model_validate_json((folder / "record.json").read_text())
    assert all((folder / sample.file).read_bytes().startswith(b"\x89PNG") for sample in record.samples)
    steps = [point.step for point in record.curve if point.fid is None]
    assert steps == sorted(set(steps))
    return record


def assert_same_end(store: Store, got: RunRecord, expected: RunRecord) -> None:
    """Bit by bit: weights, figures, pictures. Only clocks may differ."""
    files = [store.path(record.run_id) / checkpoint.FINAL for record in (got, expected)]
    assert files[0].read_bytes() == files[1].read_bytes()
    assert (got.quality, got.class_shares, got.steps_done) == (
        expected.quality,
        expected.class_shares,
        expected.steps_done,
    )
    assert got.cost.flops_total == expected.cost.flops_total
    assert pictures(store, got) == pictures(store, expected)
    assert quick_figures(got) == quick_figures(expected)
    assert not list(store.path(got.run_id).rglob(".*.part")), "what killed writes left is cleared"


def pictures(store: Store, record: RunRecord) -> list[tuple[int, bytes]]:
    return [(sample.step, (store.path(record.run_id) / sample.file).read_bytes()) for sample in record.samples]


def quick_figures(record: RunRecord) -> list[tuple[int, float, int | None]]:
    return [(point.step, point.fid, point.n) for point in record.curve if point.fid is not None]


def test_runs_killed_at_random_moments_end_bit_identical_to_an_undisturbed_one(store: Store, forker: Forker) -> None:
    seed = random.SystemRandom().randrange(10_000)
    draw = random.Random(seed)
    cfg = resolve(steps=240, **CFG)
    expected, lasted_s = forker.finish(store, store.create(cfg))
    assert (expected.status, expected.steps_done) == ("completed", 240)
    assert len(quick_figures(expected)) == 7
    run_id, kills = store.create(cfg), []
    while len(kills) < KILLS:
        pid, delay_s = forker.start(run_id), draw.uniform(0, lasted_s / 3)
        time.sleep(delay_s)
        os.kill(pid, signal.SIGKILL)  # its number stays its own until `wait`
        if forker.wait() == 0 or store.status(run_id) == "completed":  # the run had come to its end before
            assert_same_end(store, store.read(run_id), expected)
            run_id = store.create(cfg)
            continue
        kills.append((round(delay_s, 2), assert_readable(store, run_id, "interrupted").steps_done))
        print(f"seed {seed}, kills (seconds after the start, steps told of): {kills}")  # shown where the test fails
    assert bench_json("show", run_id)["status"] == "interrupted"
    assert run_id in {run["run_id"] for run in bench_json("list")["runs"]}
    forker.finish(store, run_id)
    assert_same_end(store, assert_readable(store, run_id, "completed"), expected)


@pytest.mark.parametrize("before", [True, False])
def test_a_kill_beside_each_kind_of_write_is_survived(store: Store, forker: Forker, before: bool) -> None:
    """Kills that aim: just before a file is there, and just after."""
    cfg = resolve(steps=60, **CFG)
    expected, _ = forker.finish(store, store.create(cfg))
    run_id = store.create(cfg)
    for name in (
        "record.json",
        "events.jsonl",
        "real.png",
        "00000015.png",
        "last.safetensors",
        "final.safetensors",
        "model_card.md",
    ):
        forker.start(run_id, AIM.format(name=name, before=before))
        assert forker.wait() == -signal.SIGKILL, name
        assert_readable(store, run_id, "interrupted")
    forker.finish(store, run_id)
    assert_same_end(store, store.read(run_id), expected)
