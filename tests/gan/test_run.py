"""Real runs on real digits, in this process and in others: they end as promised, whatever happens to them."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import torch
from processes import bench_json, start_bench, wait_for
from safetensors import safe_open

from gan import checkpoint, datasets, loop, runner, worker
from gan.config import resolve
from gan.record import RunRecord, RunStatus
from gan.run import run
from gan.store import Store

pytestmark = pytest.mark.torch


@dataclass
class StopAfter:
    """Asks for an end before a step, like a Ctrl-C that comes exactly then."""

    questions: int

    def reason(self) -> RunStatus | None:
        self.questions -= 1
        return "interrupted" if self.questions < 0 else None


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


def tiny(**settings: Any) -> Any:
    return resolve(**{"steps": 24, "width": 8, "seed": 7, **settings})


def final_bytes(store: Store, run_id: str) -> bytes:
    return (store.path(run_id) / checkpoint.FINAL).read_bytes()


def test_a_tiny_run_leaves_a_complete_record_and_every_file(store: Store) -> None:
    run_id = store.create(tiny())
    record, status = worker.carry_out(store, run_id)
    assert (status, record.status, record.steps_done, record.images_seen) == (0, "completed", 24, 24 * 32)
    assert store.read(run_id) == RunRecord.model_validate(record.model_dump())
    folder = store.path(run_id)
    for name in ("config.json", "record.json", "events.jsonl", "model_card.md", "checkpoints/final.safetensors"):
        assert (folder / name).stat().st_size > 0, name
    assert not (folder / checkpoint.LAST).exists()
    assert [grid.real for grid in record.samples].count(True) == 1
    assert all((folder / grid.file).is_file() for grid in record.samples)
    assert record.samples[-1].step == 24
    fid = record.quality["fid"]
    assert fid.value is not None
    assert fid.reference_floor is not None
    assert fid.value > fid.reference_floor > 0
    cost = record.cost
    assert cost.train_s is not None
    assert cost.wall_s is not None
    assert cost.wall_s > cost.train_s > 0
    assert cost.images_per_s == pytest.approx(record.images_seen / cost.train_s)
    assert cost.flops_total is not None
    assert cost.flops_total > 0
    assert record.curve[-1].step == 24
    assert record.dataset is not None
    assert (record.dataset.size, record.dataset.held_out) == (1207, 590)
    assert record.extractor is not None
    assert json.loads((folder / "record.json").read_text())["warnings"] == record.warnings


def test_counting_operations_matches_the_layers_and_leaves_no_trace() -> None:
    cfg = tiny(batch_size=4)
    data = datasets.load("digits", 16)
    batches = loop.Batches(data.train, None, cfg)
    random = torch.get_rng_state()
    from gan.run import count_flops_of_a_step

    counted = count_flops_of_a_step(batches, cfg, data)
    assert torch.equal(torch.get_rng_state(), random)
    # Multiply-adds of one image: kernel 16 x input channels x output channels x positions (of the smaller side).
    g = [16 * 100 * 16, 16 * 16 * 8 * 16, 16 * 8 * 1 * 64]  # 1->4, 4->8, 8->16 pixels at width 8
    d = [16 * 1 * 8 * 64, 16 * 8 * 16 * 16, 16 * 16 * 1]  # 16->8, 8->4, 4->1
    generator = 3 * sum(g) - g[0]  # forward, weights' and inputs' gradients; latents need none
    discriminator = 2 * (3 * sum(d) - d[0])  # on real and on fake, whose pixels need no gradient in this step
    through = 2 * sum(d)  # forward and back to the pixels, weights frozen
    assert counted == 2 * 4 * (generator + discriminator + through)


def test_resumed_run_ends_where_an_undisturbed_one_would(store: Store) -> None:
    undisturbed = store.create(tiny(deterministic=True))
    whole = run(store, undisturbed, StopAfter(10_000))
    disturbed = store.create(tiny(deterministic=True))
    first = run(store, disturbed, StopAfter(12))
    assert first.status == "interrupted"
    assert 0 < first.steps_done < 24
    assert first.warnings
    second = run(store, disturbed, StopAfter(10_000))
    assert second.status == "completed"
    assert final_bytes(store, disturbed) == final_bytes(store, undisturbed)
    assert second.quality == whole.quality
    assert second.cost.flops_total == whole.cost.flops_total
    steps = [point.step for point in second.curve if point.fid is None]
    assert steps == sorted(set(steps))


def test_another_seed_ends_elsewhere(store: Store) -> None:
    one, other = store.create(tiny(steps=2)), store.create(tiny(steps=2, seed=8))
    for run_id in (one, other):
        run(store, run_id, StopAfter(1000))
    assert final_bytes(store, one) != final_bytes(store, other)


def test_final_weights_carry_no_clock_and_no_code(store: Store) -> None:
    run_id = store.create(tiny(steps=2))
    run(store, run_id, StopAfter(1000))
    with safe_open(store.path(run_id) / checkpoint.FINAL, framework="pt") as file:
        header = json.loads(file.metadata()["gan"])
    assert set(header) == {"preset", "network", "options", "shape"}
    assert set(header["shape"]) == {"resolution", "channels", "width", "latent_dim", "classes"}


def test_a_time_budget_counts_training_only(store: Store) -> None:
    run_id = store.create(tiny(steps=None, budget_s=1.0))
    record, _ = worker.carry_out(store, run_id)
    assert record.cost.train_s is not None
    assert record.cost.wall_s is not None
    assert record.cost.train_s >= 1.0
    assert record.cost.wall_s > record.cost.train_s
    assert len(record.curve) >= 2


def test_diverged_run_fails_and_keeps_its_last_finite_weights(store: Store) -> None:
    run_id = store.create(tiny(lr_g=1e30, lr_d=1e30))
    record, status = worker.carry_out(store, run_id)
    assert (status, record.status) == (1, "failed")
    assert "diverged" in {notice.code for notice in record.notices}
    weights = checkpoint.load_generator(store.path(run_id), record).network.state_dict()
    assert all(bool(torch.isfinite(value).all()) for value in weights.values())


def test_a_batch_larger_than_the_data_fails_in_one_sentence(store: Store) -> None:
    from gan.errors import UsageError

    run_id = store.create(tiny(batch_size=2000))
    with pytest.raises(UsageError, match="A batch of 2000"):
        worker.carry_out(store, run_id)
    assert store.status(run_id) == "failed"


def test_a_run_outlives_its_submitter_and_a_kill_and_completes_when_resumed(store: Store) -> None:
    settings = "steps=500, width=16, deterministic=True"
    code = f"from gan import config, runner; print(runner.submit(config.resolve({settings})))"
    submitter = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    run_id = submitter.stdout.strip()  # and that process is gone
    assert store.status(run_id) in ("queued", "running")
    wait_for(lambda: (store.path(run_id) / checkpoint.LAST).exists())
    owner = next(pid for pid in children_named(run_id))
    os.kill(owner, signal.SIGKILL)
    wait_for(lambda: store.status(run_id) == "interrupted")
    left = store.read(run_id)
    assert left.curve
    assert 0 < left.steps_done < 500
    record, status = worker.carry_out(store, run_id)
    assert (status, record.status, record.steps_done) == (0, "completed", 500)
    undisturbed = store.create(left.config)
    run(store, undisturbed, StopAfter(100_000))
    assert final_bytes(store, run_id) == final_bytes(store, undisturbed)


def test_runs_take_turns_on_a_device_and_can_be_cancelled_waiting_or_working(store: Store) -> None:
    working = runner.submit(resolve(budget_s=300, width=8, compile="off"))
    wait_for(lambda: store.status(working) == "running" and store.progress(working).step > 0)
    waiting = runner.submit(resolve(budget_s=300, width=8, compile="off"))
    wait_for(lambda: store.read(waiting).device is not None)
    assert store.status(waiting) == "queued"
    store.cancel(waiting)
    wait_for(lambda: store.status(waiting) == "cancelled")
    assert store.status(working) == "running"
    store.cancel(working)
    wait_for(lambda: store.status(working) == "cancelled")
    record = store.read(working)
    assert record.quality["fid"].value is not None  # digits are quick to measure
    assert "stopped_early" in {notice.code for notice in record.notices}
    assert not store.read(waiting).quality


def test_ctrl_c_leaves_a_usable_marked_record_and_exits_130(store: Store, tmp_path: Path) -> None:
    process = start_bench("train", "--budget", "5m", "--no-compile", "--json")
    run_id = wait_for(lambda: store.list() and store.list()[0].run_id)
    wait_for(lambda: store.progress(run_id).step > 0)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    record = json.loads(out)
    assert record["status"] == "interrupted"
    assert record["steps_done"] > 0
    assert "Traceback" not in err
    done = bench_json("sample", run_id, "--count", "3", "--out", tmp_path / "pictures")
    assert done["count"] == 3
    assert sorted(path.name for path in (tmp_path / "pictures").iterdir()) == ["000000.png", "000001.png", "000002.png"]


def children_named(run_id: str) -> list[int]:
    """Processes whose command line ends with the run's id."""
    import psutil

    return [p.pid for p in psutil.process_iter(["cmdline"]) if (p.info["cmdline"] or [""])[-1] == run_id]
