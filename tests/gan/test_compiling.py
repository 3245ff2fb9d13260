"""Networks are compiled where it pays, and a compiler that fails changes nothing of a run but its notices."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
import torch
from safetensors.torch import load_file
from torch._dynamo.backends.debugging import aot_eager

from gan import checkpoint, compiling, datasets, loop, worker
from gan.config import PRESETS, TrainConfig, resolve
from gan.cost import Meter
from gan.errors import UsageError
from gan.record import RunRecord
from gan.store import Store

pytestmark = pytest.mark.torch

CPU = torch.device("cpu")


@pytest.fixture(autouse=True)
def _one_thread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    torch.set_num_threads(1)
    monkeypatch.setenv("TORCHINDUCTOR_CACHE_DIR", str(tmp_path / "inductor"))


def tiny(preset: str = "vae", **settings: Any) -> TrainConfig:
    return resolve(preset, **{"steps": 6, "width": 8, "batch_size": 8, "seed": 7, **settings})


def carried_out(store: Store, cfg: TrainConfig) -> tuple[RunRecord, Path]:
    record, _ = worker.carry_out(store, store.create(cfg))
    assert record.status == "completed"
    return record, store.path(record.run_id) / checkpoint.FINAL


def codes(record: RunRecord) -> set[str]:
    return {notice.code for notice in record.notices}


COMPILER_S = 0.1
COMPILABLE = ("dcgan", "dcgan-document", "sngan", "vae", "flow-matching")


@pytest.mark.parametrize("preset", COMPILABLE)
def test_a_compiled_run_learns_the_same_and_leaves_the_same_files(
    store: Store, monkeypatch: pytest.MonkeyPatch, preset: str
) -> None:
    """All of torch.compile but its last part, which makes machine code: that takes minutes (`gpu_check.py` has it)."""
    real = torch.compile

    def slow(graph: torch.fx.GraphModule, inputs: list[torch.Tensor]) -> Callable[..., Any]:
        time.sleep(COMPILER_S)
        return cast(Callable[..., Any], aot_eager(graph, inputs))

    monkeypatch.setattr(torch, "compile", lambda network, **more: real(network, backend=slow, **more))
    resolution = {"resolution": 16}
    plain, plain_file = carried_out(store, tiny(preset, compile="off", **resolution))
    compiled, compiled_file = carried_out(store, tiny(preset, compile="on", **resolution))
    assert (plain.compiled, compiled.compiled) == (False, True)
    assert "not_compiled" not in codes(compiled)
    assert compiled.cost.flops_total == plain.cost.flops_total
    assert compiled.cost.train_s is not None
    assert compiled.cost.train_s > COMPILER_S  # the compiler's time counts
    expected, got = load_file(plain_file), load_file(compiled_file)
    assert expected.keys() == got.keys()
    for name, value in expected.items():
        torch.testing.assert_close(got[name], value, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("preset", ["dcgan", "vae"])
def test_a_compiler_that_fails_within_a_step_leaves_no_trace_but_a_notice(
    store: Store, monkeypatch: pytest.MonkeyPatch, preset: str
) -> None:
    plain, plain_file = carried_out(store, tiny(preset, compile="off"))
    calls = 0

    def breaking(network: torch.nn.Module, **_: Any) -> Any:
        def call(*arguments: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == 6:  # in the second step, or in the middle of one
                raise RuntimeError("the compiler said no\nand much more")
            return network(*arguments)

        return call

    monkeypatch.setattr(torch, "compile", breaking)
    record, file = carried_out(store, tiny(preset, compile="on"))
    assert calls == 6
    assert record.compiled is False
    told = [notice.text() for notice in record.notices if notice.code == "not_compiled"]
    assert told == ["The networks were not compiled (the compiler said no); training went on without."]
    assert file.read_bytes() == plain_file.read_bytes()
    assert record.quality == plain.quality


@pytest.mark.parametrize("preset", sorted(set(PRESETS) - set(COMPILABLE)))
def test_methods_with_gradients_of_gradients_say_why_they_are_not_compiled(store: Store, preset: str) -> None:
    record, _ = carried_out(store, tiny(preset, compile="on", steps=2))
    assert record.compiled is False
    assert any("gradients of gradients" in warning for warning in record.warnings)


def decided(cfg: TrainConfig, monkeypatch: pytest.MonkeyPatch, step_s: float = 0.01, trained_s: float = 0.0) -> bool:
    """Is the compiler called? With steps of `step_s` seconds, and `trained_s` seconds of training behind it."""
    asked = []
    monkeypatch.setattr(compiling, "seconds_a_step", lambda *_: step_s)
    monkeypatch.setattr(compiling, "compile_networks", lambda *_: asked.append(True))
    model = loop.build(cfg, 1, CPU)
    data = datasets.load("digits", cfg.resolution)
    meter = Meter(CPU)
    meter.restore(meter.state() | {"train_s": trained_s})
    compiled, notices = compiling.settle(
        model, loop.Batches(data.train, None, cfg), cfg, loop.Budget.of(cfg, 1_000), meter
    )
    assert compiled == bool(asked)
    assert not notices
    return compiled


def test_auto_compiles_where_the_budget_repays_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def auto(**settings: Any) -> bool:
        times = {name: settings.pop(name) for name in ("step_s", "trained_s") if name in settings}
        return decided(tiny("dcgan", **{"steps": None, **settings}), monkeypatch, **times)

    assert not auto(budget_s=60)
    assert auto(budget_s=180)
    assert not auto(budget_s=300, trained_s=200.0)  # what is left of a resumed run
    assert not auto(budget_s=300, deterministic=True)
    assert not auto(budget_s=300, compile="off")
    assert not auto(steps=1_000, step_s=0.1)
    assert auto(steps=2_000, step_s=0.1)
    assert auto(budget_images=16_000, step_s=0.1)
    assert auto(budget_flops=2e6, step_s=0.1)
    assert auto(compile="on", steps=2)


def test_auto_leaves_methods_and_machines_alone_that_cannot(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not decided(tiny("r3gan", steps=None, budget_s=300), monkeypatch)
    monkeypatch.setattr(compiling.shutil, "which", lambda _: None)
    assert not decided(tiny("dcgan", steps=None, budget_s=300), monkeypatch)


def test_compiled_steps_that_take_no_less_time_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    cfg = tiny("dcgan")
    model = loop.build(cfg, 1, CPU)
    batches = loop.Batches(datasets.load("digits", cfg.resolution).train, None, cfg)
    monkeypatch.setattr(torch, "compile", lambda network, **_: network)
    reason = compiling.compile_networks(model, batches, cfg, plain_s=1e-9)
    assert reason is not None
    assert "times as long" in reason
    assert model.compiled is None
    assert compiling.compile_networks(model, batches, cfg, plain_s=1e9) is None
    assert model.compiled is not None


def test_what_cannot_be_had_together_is_refused() -> None:
    with pytest.raises(UsageError, match="choose --compile or --deterministic"):
        tiny(compile="on", deterministic=True)
    with pytest.raises(UsageError, match="about half a minute of the budget"):
        tiny(compile="on", steps=None, budget_s=30)


def test_presets_declare_what_a_compiler_cannot_do() -> None:
    from gan import method

    shapes = {name: method.of(resolve(name, steps=1), method.Shape(16, 1, 8, 8)) for name in PRESETS}
    assert {name for name, made in shapes.items() if made.double_backward} == {"wgan-gp", "r3gan", "rpgan"}
