"""The training loop: a method's losses, each with a step of its optimiser, until a budget is used up.

Nothing here knows of files, and nothing of any method but what `gan.method` declares. Randomness of a step comes from
(seed, step) alone, so a run that continues from a checkpoint draws what an undisturbed one would.
"""

import copy
import hashlib
import math
from collections.abc import Callable, Collection
from dataclasses import dataclass

import torch
from torch import nn

from gan import method
from gan.config import TrainConfig
from gan.cost import Meter
from gan.device import autocast_dtype
from gan.errors import UsageError
from gan.method import Labels, Method, Networks, Sampler, Shape, Side
from gan.pictures import to_float

REPORT_S = 0.5
"""Seconds of training between reports: lively on a screen, and next to nothing on the clock."""

EMA_RAMP = 0.05
"""The average's half-life is at most this share of the images seen so far (as in StyleGAN2-ADA): without a warm-up, a
short run would average over its own beginnings."""

Losses = dict[Side, torch.Tensor]


@dataclass
class Model:
    """A method and everything that training changes. `averaged` is what pictures are made with."""

    method: Method
    networks: Networks
    averaged: nn.Module
    optimisers: dict[Side, torch.optim.Adam]
    step: int = 0
    compiled: Networks | None = None
    """The same networks as `torch.compile` wraps them, where the losses are to call those."""

    @property
    def sampler(self) -> Sampler:
        """The averaged network as a maker of images."""
        return Sampler(self.method, self.averaged)


@dataclass(frozen=True)
class Report:
    """A stretch of training that just ended: where it stands, and mean losses over its `steps`."""

    step: int
    images: int
    train_s: float
    steps: int
    loss_g: float
    loss_d: float | None
    """None where there is no discriminator."""


@dataclass(frozen=True)
class Budget:
    """When a run ends: after `steps`, or after `seconds` of training."""

    steps: int | None
    seconds: float | None

    @classmethod
    def of(cls, cfg: TrainConfig, flops_a_step: int) -> "Budget":
        """The budget of `cfg`. Images and operations become whole steps: each step takes the same of both."""
        if cfg.budget_images is not None:
            return cls(math.ceil(cfg.budget_images / cfg.images_per_step), None)
        if cfg.budget_flops is not None:
            return cls(math.ceil(cfg.budget_flops / flops_a_step), None)
        return cls(cfg.steps, cfg.budget_s)

    def used(self, step: int, train_s: float) -> float:
        """The share of it that is used: 0..1 and, past its end, more."""
        return step / self.steps if self.steps is not None else train_s / (self.seconds or 1.0)

    def step_of(self, share: float) -> int | None:
        """The first step at which `share` (0..1) of it is used; None for a budget in seconds."""
        return None if self.steps is None else math.ceil(share * self.steps)


def build(cfg: TrainConfig, channels: int, device: torch.device, classes: int = 0) -> Model:
    """Fresh networks and optimisers; the same numbers for the same seed on every device."""
    chosen = method.of(cfg, Shape.of(cfg, channels, classes))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed_of(cfg.seed, "weights"))
        networks = chosen.build()
    for network in networks.values():
        network.to(device).to(memory_format=torch.channels_last)
    current = networks[chosen.sampler]
    averaged = current if cfg.ema_half_life_images is None else copy.deepcopy(current).eval().requires_grad_(False)
    sides: dict[Side, list[nn.Parameter]] = {}
    for name, network in networks.items():
        sides.setdefault("d" if name == chosen.adversary else "g", []).extend(network.parameters())
    rates: dict[Side, float] = {"g": cfg.lr_g, "d": cfg.lr_d}
    betas, fused = (cfg.beta1, cfg.beta2), device.type in ("cuda", "cpu")
    optimisers = {side: torch.optim.Adam(values, rates[side], betas, fused=fused) for side, values in sides.items()}
    return Model(chosen, networks, averaged, optimisers)


def train(
    model: Model,
    batches: "Batches",
    cfg: TrainConfig,
    budget: Budget,
    meter: Meter,
    report: Callable[[Report], bool],
    stop: Callable[[], bool],
    pauses: Collection[int | None] = (),
) -> None:
    """Train `model` until the budget is used, `report` returns False, or `stop` is true before a step.

    `report` is called about every `REPORT_S` seconds of training, after the steps `pauses` and at the end, outside the
    meter.
    """
    going_on = True
    while going_on and budget.used(model.step, meter.train_s) < 1 and not stop():
        first, begun_s = model.step, meter.train_s
        total: Losses = {side: torch.zeros((), device=batches.device) for side in model.optimisers}
        with meter:
            while True:
                for side, loss in update(model, batches.of(model.step), cfg).items():
                    total[side] += loss
                model.step += 1
                now_s = meter.train_s
                due = now_s - begun_s >= REPORT_S or model.step in pauses
                if due or budget.used(model.step, now_s) >= 1 or stop():
                    break
        steps = model.step - first
        mean = {side: value.item() / steps for side, value in total.items()}
        seen = model.step * cfg.images_per_step
        going_on = report(Report(model.step, seen, meter.train_s, steps, mean["g"], mean.get("d")))


def update(model: Model, batch: "Batch", cfg: TrainConfig) -> Losses:
    """One step of every network on `batch`; returns each side's loss, the mean where it had several turns.

    Gradients are asked for the parameters of the side whose turn it is and for no others, so that autograd computes
    nothing that would be thrown away. A compiled network computes all or none: there the discriminator's parameters
    are frozen once it has seen all of the step's images.
    """
    mixed = not model.method.double_backward
    dtype = autocast_dtype(batch.device, deterministic=cfg.deterministic) if mixed else None
    turns: dict[Side, list[torch.Tensor]] = {}
    objectives = model.method.losses(model.compiled or model.networks, batch)
    while True:
        with torch.autocast(batch.device.type, dtype or torch.bfloat16, enabled=dtype is not None):
            objective = next(objectives, None)
        if objective is None:
            break
        side, loss = objective
        adam = model.optimisers[side]
        adam.zero_grad(set_to_none=True)
        torch.autograd.backward(loss, inputs=adam.param_groups[0]["params"])
        adam.step()
        if model.compiled and side == "d" and batch.drawn == cfg.critic_steps:
            _require_gradients(adam, False)
        turns.setdefault(side, []).append(loss.detach())
    if model.compiled and "d" in model.optimisers:
        _require_gradients(model.optimisers["d"], True)
    if batch.drawn != cfg.critic_steps:
        taken = f"{cfg.preset} takes {batch.drawn} batch of images a step"
        raise UsageError(f"{taken}; critic_steps = {cfg.critic_steps} means nothing to it.")
    if cfg.ema_half_life_images is not None:
        seen = cfg.images_per_step
        half_life = min(cfg.ema_half_life_images, EMA_RAMP * (model.step + 1) * seen)
        average(model.averaged, model.networks[model.method.sampler], weight=1 - 0.5 ** (seen / half_life))
    return {side: torch.stack(losses).mean() for side, losses in turns.items()}


def _require_gradients(adam: torch.optim.Adam, required: bool) -> None:
    for parameter in adam.param_groups[0]["params"]:
        parameter.requires_grad_(required)


@torch.no_grad()
def average(averaged: nn.Module, current: nn.Module, weight: float) -> None:
    """averaged += weight · (current - averaged), batch-norm statistics included: they belong to the weights."""
    pairs = [
        (a, c)
        for a, c in zip(averaged.state_dict().values(), current.state_dict().values(), strict=True)
        if a.is_floating_point()  # the counter of batches takes no part
    ]
    torch._foreach_lerp_([a for a, _ in pairs], [c for _, c in pairs], weight)


class Batches:
    """What each step trains on, from (seed, step) alone: each image once an epoch, in an order of the epoch's own."""

    def __init__(self, images: torch.Tensor, labels: Labels, cfg: TrainConfig) -> None:
        """`images` is uint8 (N, C, H, W), `labels` int64 (N,) or None; both on the device that computes."""
        self.device = images.device
        self.size = cfg.batch_size
        self.critic_steps = cfg.critic_steps
        self.random = torch.Generator(images.device)
        self._images = images
        self._labels = labels
        self._per_epoch = len(images) // cfg.batch_size  # the few that do not fill a batch sit this epoch out
        self._seed = cfg.seed
        self._epoch = -1
        self._order = torch.empty(0)

    def of(self, step: int) -> "Batch":
        """What `step` may see and draw."""
        first = [self._rows(step * self.critic_steps + turn) for turn in range(self.critic_steps)]
        self.random.manual_seed(seed_of(self._seed, "latents", step))
        return Batch(self, first)

    def images(self, rows: torch.Tensor) -> tuple[torch.Tensor, Labels]:
        """The images in `rows`, float (size, C, H, W) in -1..1, and their labels."""
        images = to_float(self._images[rows]).contiguous(memory_format=torch.channels_last)
        return images, None if self._labels is None else self._labels[rows]

    def _rows(self, number: int) -> torch.Tensor:
        epoch, batch = divmod(number, self._per_epoch)
        if epoch != self._epoch:
            self.random.manual_seed(seed_of(self._seed, "epoch", epoch))
            self._order = torch.randperm(len(self._images), generator=self.random, device=self.device)
            self._epoch = epoch
        return self._order[batch * self.size : (batch + 1) * self.size]


class Batch:
    """One step's images and random numbers (`gan.method.Batch`)."""

    def __init__(self, batches: Batches, rows: list[torch.Tensor]) -> None:
        self.size, self.critic_steps, self.device = batches.size, batches.critic_steps, batches.device
        self.drawn = 0
        self._batches = batches
        self._rows = rows

    def images(self) -> tuple[torch.Tensor, Labels]:
        """The next real images and their labels."""
        self.drawn += 1
        return self._batches.images(self._rows[self.drawn - 1])

    def normal(self, *shape: int) -> torch.Tensor:
        """Standard normal numbers."""
        return torch.randn(shape, generator=self._batches.random, device=self.device)

    def uniform(self, *shape: int) -> torch.Tensor:
        """Numbers uniform in 0..1."""
        return torch.rand(shape, generator=self._batches.random, device=self.device)


def seed_of(*parts: int | str) -> int:
    """A seed for one purpose, unrelated to that of any other."""
    return int.from_bytes(hashlib.sha256(repr(parts).encode()).digest()[:8], "little") >> 1  # fits a signed 64-bit
