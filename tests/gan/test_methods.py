"""Every method keeps what is promised of all: it learns, makes images, resumes to the bit, is counted."""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

import pytest
import torch
from torch import nn

from gan import checkpoint, config, datasets, generate, loop, method, worker
from gan.config import PRESETS, Preset, TrainConfig, resolve
from gan.cost import Meter
from gan.errors import UsageError
from gan.method import Batch, Method, Networks, Objective
from gan.networks import parameters
from gan.store import Store

pytestmark = pytest.mark.torch

CPU = torch.device("cpu")
VARIANTS = [
    (name, conditional)
    for name, preset in PRESETS.items()
    for conditional in ((False, True) if preset.conditional else (False,))
    if name != "dcgan-document"  # dcgan with other settings
]
METER = {"wall_s": 2.0, "train_s": 1.0, "own_cpu_s": 1.0, "all_cpu_s": 1.0, "cpu_joules": 0.0, "gpu_joules": 0.0}


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


def small(preset: str, **settings: Any) -> TrainConfig:
    return resolve(preset, "digits", **{"steps": 6, "width": 8, "batch_size": 8, **settings})


def batches_of(cfg: TrainConfig) -> loop.Batches:
    data = datasets.load("digits", cfg.resolution)
    return loop.Batches(data.train, data.train_labels if cfg.conditional else None, cfg)


def advance(model: loop.Model, cfg: TrainConfig, steps: int) -> None:
    loop.train(
        model, batches_of(cfg), cfg, loop.Budget(steps, None), Meter(CPU), report=lambda _: True, stop=lambda: False
    )


@pytest.mark.parametrize(("preset", "conditional"), VARIANTS)
def test_each_side_learns_its_own_objective_while_the_other_rests(preset: str, conditional: bool) -> None:
    cfg = small(preset, conditional=conditional)
    for side in loop.build(cfg, 1, CPU, 10).optimisers:
        model, batches = loop.build(cfg, 1, CPU, 10), batches_of(cfg)
        for other, adam in model.optimisers.items():
            adam.param_groups[0]["lr"] = 1e-3 if other == side else 0.0
        losses = [float(loop.update(model, batches.of(0), cfg)[side]) for _ in range(30)]
        assert losses[-1] < losses[0] - 1e-3, (side, losses[0], losses[-1])


@pytest.mark.parametrize(("preset", "conditional"), VARIANTS)
@pytest.mark.parametrize(("resolution", "channels"), [(16, 1), (32, 3), (64, 1)])
def test_images_are_finite_in_range_and_of_the_asked_shape(
    preset: str, conditional: bool, resolution: int, channels: int
) -> None:
    cfg = small(preset, conditional=conditional, resolution=resolution, width=4, batch_size=2)
    images = torch.randint(0, 256, (8, channels, resolution, resolution), dtype=torch.uint8)
    batches = loop.Batches(images, torch.arange(8) if conditional else None, cfg)
    model = loop.build(cfg, channels, CPU, 10)
    loop.update(model, batches.of(0), cfg)
    labels = torch.tensor([0, 9, 3]) if conditional else None
    with torch.no_grad():
        made = model.sampler(torch.randn(3, *model.method.noise_shape), labels)
    assert made.shape == (3, channels, resolution, resolution)
    assert torch.isfinite(made).all()
    assert made.abs().max() <= 1
    assert generate.source(model.sampler, 0)(2).dtype == torch.uint8


@pytest.mark.parametrize(("preset", "conditional"), VARIANTS)
def test_a_resumed_method_ends_where_an_undisturbed_one_would(preset: str, conditional: bool, tmp_path: Path) -> None:
    cfg = small(preset, conditional=conditional, deterministic=True)
    undisturbed, disturbed, resumed = (loop.build(cfg, 1, CPU, 10) for _ in range(3))
    advance(undisturbed, cfg, 6)
    advance(disturbed, cfg, 3)
    checkpoint.save_last(tmp_path / "last.safetensors", disturbed, METER)
    checkpoint.load_last(tmp_path / "last.safetensors", resumed)
    assert resumed.step == 3
    advance(resumed, cfg, 6)
    for name in ("undisturbed", "resumed"):
        checkpoint.save_last(tmp_path / name, locals()[name], METER)
    assert (tmp_path / "undisturbed").read_bytes() == (tmp_path / "resumed").read_bytes()
    assert torch.equal(generate.source(undisturbed.sampler, 1)(3), generate.source(resumed.sampler, 1)(3))


@pytest.mark.parametrize("preset", ["wgan-gp", "sngan", "r3gan", "rpgan", "vae", "flow-matching"])
def test_a_run_of_any_method_is_measured_and_can_be_sampled(preset: str, store: Store, tmp_path: Path) -> None:
    cfg = small(preset, conditional=PRESETS[preset].conditional)
    run_id = store.create(cfg)
    record, status = worker.carry_out(store, run_id)
    assert (status, record.steps_done, record.images_seen) == (0, 6, 6 * 8 * cfg.critic_steps)
    model = loop.build(cfg, 1, CPU, 10)
    assert record.parameters == {name: parameters(network) for name, network in model.networks.items()}
    assert record.flops_per_image["training"] * record.images_seen == pytest.approx(record.cost.flops_total)
    assert record.flops_per_image["generating"] > 0
    assert record.evaluations_per_image == (10 if preset == "flow-matching" else 1)
    assert record.quality["fid"].value is not None
    assert record.config.loss in PRESETS[preset].losses
    assert record.config.conditional == PRESETS[preset].conditional
    assert all(
        (point.loss_d is None) == (model.method.adversary is None) for point in record.curve if point.fid is None
    )
    sampler = checkpoint.load_generator(store.path(run_id), record)
    generate.export(sampler, 3, 0, tmp_path / "pictures")
    assert len(list((tmp_path / "pictures").glob("*.png"))) == 3


# ---- adding a method: one file and one line (CONTRIBUTING.md shows it) ---------------------------------------------


class Palette(nn.Module):
    """One learned picture, brighter or darker with the noise."""

    def __init__(self, shape: method.Shape) -> None:
        super().__init__()
        self.picture = nn.Parameter(torch.zeros(shape.channels, shape.resolution, shape.resolution))

    def forward(self, z: torch.Tensor, labels: method.Labels = None) -> torch.Tensor:
        return torch.tanh(self.picture + 0.1 * z[:, :1, None, None])


@dataclass(frozen=True)
class Toy(Method):
    """Learns the mean image. `strength` weighs the error."""

    strength: float

    adversary: ClassVar[str | None] = None

    def build(self) -> Networks:
        return {"generator": Palette(self.shape)}

    def losses(self, networks: Networks, batch: Batch) -> Iterator[Objective]:
        real, _ = batch.images()
        made = networks["generator"](self.noise(batch, len(real)))
        yield "g", self.strength * (made - real).square().mean()


def test_a_method_of_ones_own_is_one_file_and_one_line(monkeypatch: pytest.MonkeyPatch, store: Store) -> None:
    row = Preset("toy", "Toy", "no paper", f"{__name__}:Toy", losses=("squares",), options={"strength": 2.0})
    monkeypatch.setitem(config.PRESETS, "toy", row)
    cfg = resolve("toy", steps=30, lr_g=0.05)
    record, _ = worker.carry_out(store, store.create(cfg))
    assert (record.status, record.parameters) == ("completed", {"generator": 256})
    assert record.quality["fid"].value is not None
    made = generate.source(checkpoint.load_generator(store.path(record.run_id), record), 0)(200).float().mean(0)
    mean = datasets.load("digits", 16).train.float().mean(0)
    untrained = torch.full_like(mean, 127.5)
    assert (made - mean).abs().mean() < 0.5 * (untrained - mean).abs().mean()


def test_the_example_in_contributing_trains(monkeypatch: pytest.MonkeyPatch, store: Store) -> None:
    text = (Path(__file__).parents[2] / "CONTRIBUTING.md").read_text("utf-8")
    file, line = re.findall(r"```python\n(.*?)```", text.partition("## Add a method")[2], re.DOTALL)[:2]
    module = ModuleType("gan.methods.lsgan")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    exec(compile(file, "CONTRIBUTING.md", "exec"), module.__dict__)
    row = eval(line.strip().removesuffix(","), {"Preset": Preset})
    monkeypatch.setitem(config.PRESETS, row.name, row)
    record, _ = worker.carry_out(store, store.create(resolve(row.name, steps=3, width=8)))
    assert record.status == "completed"
    assert set(record.parameters) == {"generator", "discriminator"}


# ---- settings --------------------------------------------------------------------------------------------------------


def test_a_loss_or_variant_that_a_method_lacks_is_refused_by_name() -> None:
    with pytest.raises(UsageError, match="loss must be wasserstein for wgan-gp, not saturating"):
        resolve("wgan-gp", steps=1, loss="saturating")
    with pytest.raises(UsageError, match="vae has no conditional variant; these have: dcgan"):
        resolve("vae", steps=1, conditional=True)
    with pytest.raises(UsageError, match='r3gan has no option "penalty"; its options: gamma'):
        resolve("r3gan", steps=1, options={"penalty": 1})
    assert resolve("dcgan", steps=1, loss="saturating").loss == "saturating"


@pytest.mark.parametrize("preset", [name for name in PRESETS if name != "wgan-gp"])
def test_more_batches_a_step_than_a_method_takes_is_refused(preset: str) -> None:
    cfg = small(preset, critic_steps=2)
    with pytest.raises(UsageError, match="critic_steps = 2"):
        loop.update(loop.build(cfg, 1, CPU), batches_of(cfg).of(0), cfg)


def test_budgets_of_images_and_operations_become_whole_steps() -> None:
    cfg = small("wgan-gp", steps=None, budget_images=81)
    assert loop.Budget.of(cfg, flops_a_step=10) == loop.Budget(3, None)  # 5 batches of 8 a step
    cfg = small("dcgan", steps=None, budget_flops=101.0)
    assert loop.Budget.of(cfg, flops_a_step=10) == loop.Budget(11, None)
    with pytest.raises(UsageError, match="one budget"):
        resolve("dcgan", steps=1, budget_images=5)


def test_images_of_a_step_come_from_the_seed_and_the_step_alone() -> None:
    cfg = small("wgan-gp", batch_size=16)
    here, there = batches_of(cfg), batches_of(cfg)
    for step in range(20):
        batch = here.of(step)
        seen = [batch.images()[0] for _ in range(5)]
        noise = batch.normal(3)
    batch = there.of(19)
    assert all(torch.equal(a, batch.images()[0]) for a in seen)
    assert torch.equal(noise, batch.normal(3))


def test_labels_stay_with_their_images() -> None:
    cfg = small("dcgan", conditional=True)
    data = datasets.load("digits", cfg.resolution)
    known = {image.numpy().tobytes(): int(label) for image, label in zip(data.train, data.train_labels, strict=True)}
    images, labels = batches_of(cfg).of(200).images()
    assert labels is not None
    pixels = images.add(1).mul(127.5).round().to(torch.uint8).contiguous()
    assert [known[image.numpy().tobytes()] for image in pixels] == labels.tolist()
