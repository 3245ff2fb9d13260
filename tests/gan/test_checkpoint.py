"""Weights come back as they were saved; what is no checkpoint of this run is refused in one sentence."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from gan import checkpoint, generate, loop
from gan.config import TrainConfig, resolve
from gan.cost import Meter
from gan.errors import UsageError
from gan.method import Sampler
from gan.record import DatasetInfo, RunRecord

pytestmark = pytest.mark.torch

CPU = torch.device("cpu")
TOTALS = {"wall_s": 2.0, "train_s": 1.0, "own_cpu_s": 1.0, "all_cpu_s": 1.5, "cpu_joules": 0.0, "gpu_joules": 0.0}


def trained(cfg: TrainConfig, steps: int = 3) -> loop.Model:
    model = loop.build(cfg, 1, CPU)
    images = torch.randint(0, 256, (64, 1, 16, 16), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    batches = loop.Batches(images, None, cfg)
    loop.train(model, batches, cfg, loop.Budget(steps, None), Meter(CPU), lambda _: True, lambda: False)
    return model


def small(**settings: object) -> TrainConfig:
    return resolve(**{"steps": 10, "width": 8, "batch_size": 8, **settings})


def record_of(cfg: TrainConfig) -> RunRecord:
    data = DatasetInfo(name="digits", digest="d", size=64, held_out=1, resolution=16, channels=1)
    return RunRecord(run_id="r", status="interrupted", created="t", config=cfg, dataset=data)


def test_a_checkpoint_brings_everything_back_to_the_bit(tmp_path: Path) -> None:
    cfg = small()
    model, twin = trained(cfg), loop.build(cfg, 1, CPU)
    checkpoint.save_last(tmp_path / "last.safetensors", model, TOTALS)
    assert checkpoint.load_last(tmp_path / "last.safetensors", twin) == TOTALS
    assert twin.step == 3
    pairs = [(model.networks[name], twin.networks[name]) for name in model.networks]
    for ours, theirs in [*pairs, (model.averaged, twin.averaged)]:
        expected, got = ours.state_dict(), theirs.state_dict()
        assert all(torch.equal(expected[name], got[name]) for name in expected)
    for side in ("g", "d"):
        expected, got = model.optimisers[side].state_dict()["state"], twin.optimisers[side].state_dict()["state"]
        assert expected.keys() == got.keys()
        for index, moments in expected.items():
            assert all(torch.equal(moments[name], got[index][name]) for name in moments)


def test_equal_weights_make_equal_files(tmp_path: Path) -> None:
    cfg = small()
    for name in ("a", "b"):
        model = trained(cfg)
        checkpoint.save_final(tmp_path / name, model.averaged.state_dict(), cfg, model.method)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize("half_life", [5_000, None])
def test_pictures_of_a_stopped_run_are_those_of_its_averaged_weights(tmp_path: Path, half_life: int | None) -> None:
    cfg = small(ema_half_life_images=half_life, lr_g=1e-2, lr_d=1e-2)  # raw and averaged weights part visibly
    model = trained(cfg)
    expected = generate.source(model.sampler, 1)(4)
    checkpoint.save_last(tmp_path / checkpoint.LAST, model, TOTALS)
    stopped = checkpoint.load_generator(tmp_path, record_of(cfg))
    assert torch.equal(generate.source(stopped, 1)(4), expected)
    raw = Sampler(model.method, model.networks["generator"])
    assert torch.equal(generate.source(raw, 1)(4), expected) == (half_life is None)
    checkpoint.save_final(tmp_path / checkpoint.FINAL, model.averaged.state_dict(), cfg, model.method)
    finished = checkpoint.load_generator(tmp_path, record_of(cfg))
    assert torch.equal(generate.source(finished, 1)(4), expected)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def _garbage(path: Path) -> None:
    path.write_bytes(b"PK\x03\x04 a pickle would run code, this does not")


def _foreign(path: Path) -> None:
    save_file({"weight": torch.zeros(2)}, path)


def _other_header(path: Path) -> None:
    save_file({"weight": torch.zeros(2)}, path, metadata={"gan": "{}"})


def _wider(path: Path) -> None:
    cfg = small(width=16)
    if path.name == checkpoint.LAST.name:
        checkpoint.save_last(path, trained(cfg), TOTALS)
    else:
        weights = trained(cfg).averaged.state_dict()
        checkpoint.save_final(path, weights, small(), loop.build(small(), 1, CPU).method)


@pytest.mark.parametrize("harm", [_cut, _garbage, _foreign, _other_header, _wider])
@pytest.mark.parametrize("name", [checkpoint.LAST, checkpoint.FINAL])
def test_what_is_no_checkpoint_of_this_run_is_refused(tmp_path: Path, name: Path, harm: Callable[[Path], None]) -> None:
    cfg, path = small(), tmp_path / name
    model = trained(cfg)
    if name == checkpoint.LAST:
        checkpoint.save_last(path, model, TOTALS)
        readers = [lambda: checkpoint.load_last(path, loop.build(cfg, 1, CPU))]
    else:
        checkpoint.save_final(path, model.averaged.state_dict(), cfg, model.method)
        readers = []
    readers.append(lambda: checkpoint.load_generator(tmp_path, record_of(cfg)))
    harm(path)
    for read in readers:
        with pytest.raises(UsageError, match=f"{name.name} is damaged or belongs to another network") as refusal:
            read()
        assert "\n" not in str(refusal.value)
