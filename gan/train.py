"""The training loop: adversarial updates of a generator and a discriminator, until a budget is used up.

Nothing here knows of files. Randomness of a step comes from (seed, step) alone, so a run that continues from a
checkpoint draws what an undisturbed one would.
"""

import copy
import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import nn

from gan.config import TrainConfig
from gan.cost import Meter
from gan.device import autocast_dtype
from gan.losses import LOSSES
from gan.networks import Discriminator, Generator
from gan.networks import build as build_networks
from gan.pictures import to_float

REPORT_S = 0.5
"""Seconds of training between reports: lively on a screen, and next to nothing on the clock."""

EMA_RAMP = 0.05
"""The average's half-life is at most this share of the images seen so far (as in StyleGAN2-ADA): without a warm-up, a
short run would average over its own beginnings."""


@dataclass
class Model:
    """Everything that training changes. `averaged` is what pictures are made with."""

    generator: Generator
    discriminator: Discriminator
    averaged: Generator
    adam_g: torch.optim.Adam
    adam_d: torch.optim.Adam
    step: int = 0


@dataclass(frozen=True)
class Report:
    """A stretch of training that just ended: where it stands, and mean losses over its `steps`."""

    step: int
    images: int
    train_s: float
    steps: int
    loss_g: float
    loss_d: float


def build(cfg: TrainConfig, channels: int, device: torch.device) -> Model:
    """Fresh networks and optimisers; the same numbers for the same seed on every device."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed_of(cfg.seed, "weights"))
        generator, discriminator = build_networks(cfg, channels)
    for network in (generator, discriminator):
        network.to(device).to(memory_format=torch.channels_last)
    averaged = generator if cfg.ema_half_life_images is None else copy.deepcopy(generator).eval().requires_grad_(False)
    fused = device.type in ("cuda", "cpu")
    betas = (cfg.beta1, cfg.beta2)
    adam_g = torch.optim.Adam(generator.parameters(), cfg.lr_g, betas, fused=fused)
    adam_d = torch.optim.Adam(discriminator.parameters(), cfg.lr_d, betas, fused=fused)
    return Model(generator, discriminator, averaged, adam_g, adam_d)


def train(
    model: Model,
    images: torch.Tensor,  # uint8 (N, C, H, W), on the device
    cfg: TrainConfig,
    meter: Meter,
    report: Callable[[Report], bool],
    stop: Callable[[], bool],
) -> None:
    """Train `model` until the budget is used, `report` returns False, or `stop` is true before a step.

    `report` is called about every `REPORT_S` seconds of training and at the end, outside the meter.
    """
    batches = Batches(images, cfg.batch_size, cfg.seed)
    going_on = True
    while going_on and not used_up(cfg, model.step, meter.train_s) and not stop():
        first, begun_s = model.step, meter.train_s
        loss_g = torch.zeros((), device=images.device)
        loss_d = torch.zeros((), device=images.device)
        with meter:
            while True:
                real, z = batches.real(model.step), batches.latents(model.step, cfg.latent_dim)
                step_g, step_d = update(model, real, z, cfg)
                loss_g += step_g
                loss_d += step_d
                model.step += 1
                if used_up(cfg, model.step, meter.train_s) or meter.train_s - begun_s >= REPORT_S or stop():
                    break
        steps = model.step - first
        seen = model.step * cfg.batch_size
        going_on = report(Report(model.step, seen, meter.train_s, steps, loss_g.item() / steps, loss_d.item() / steps))


def used_up(cfg: TrainConfig, step: int, train_s: float) -> bool:
    """Is the budget, in steps or in seconds of training, used?"""
    return step >= cfg.steps if cfg.steps is not None else train_s >= (cfg.budget_s or 0.0)


def update(model: Model, real: torch.Tensor, z: torch.Tensor, cfg: TrainConfig) -> tuple[torch.Tensor, torch.Tensor]:
    """One step of both networks on `real` images and latents `z`; returns the losses of generator and discriminator.

    The images made for the discriminator's step serve the generator's too: they are made once.
    """
    loss = LOSSES[cfg.loss]
    dtype = autocast_dtype(z.device, deterministic=cfg.deterministic)
    mixed = torch.autocast(z.device.type, dtype or torch.bfloat16, enabled=dtype is not None)
    with mixed:
        fake = model.generator(z)

    # Discriminator: real and fake apart, as batch normalisation over a mixture would give the game away.
    model.discriminator.requires_grad_(True)
    with mixed:
        loss_d = loss.discriminator(model.discriminator(real), model.discriminator(fake.detach()))
    model.adam_d.zero_grad(set_to_none=True)
    torch.autograd.backward(loss_d)
    model.adam_d.step()

    # Generator, against the updated discriminator, which is frozen: it needs no gradients for its weights here.
    model.discriminator.requires_grad_(False)
    with mixed:
        loss_g = loss.generator(model.discriminator(fake))
    model.adam_g.zero_grad(set_to_none=True)
    torch.autograd.backward(loss_g)
    model.adam_g.step()

    if cfg.ema_half_life_images is not None:
        half_life = min(cfg.ema_half_life_images, EMA_RAMP * (model.step + 1) * len(real))
        average(model.averaged, model.generator, weight=1 - 0.5 ** (len(real) / half_life))
    return loss_g.detach(), loss_d.detach()


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
    """What a step trains on, from (seed, step) alone: each image once an epoch, in an order of the epoch's own."""

    def __init__(self, images: torch.Tensor, size: int, seed: int) -> None:
        self._images = images
        self._size = size
        self._per_epoch = len(images) // size  # the few that do not fill a batch sit this epoch out
        self._seed = seed
        self._epoch = -1
        self._order = torch.empty(0)
        self._random = torch.Generator(images.device)

    def real(self, step: int) -> torch.Tensor:
        """Real images of `step`: float (size, C, H, W) in -1..1."""
        epoch, batch = divmod(step, self._per_epoch)
        if epoch != self._epoch:
            self._random.manual_seed(seed_of(self._seed, "epoch", epoch))
            self._order = torch.randperm(len(self._images), generator=self._random, device=self._images.device)
            self._epoch = epoch
        rows = self._order[batch * self._size : (batch + 1) * self._size]
        return to_float(self._images[rows]).contiguous(memory_format=torch.channels_last)

    def latents(self, step: int, latent_dim: int) -> torch.Tensor:
        """Standard normal latents of `step`: float (size, latent_dim)."""
        self._random.manual_seed(seed_of(self._seed, "latents", step))
        return torch.randn(self._size, latent_dim, generator=self._random, device=self._images.device)


def seed_of(*parts: int | str) -> int:
    """A seed for one purpose, unrelated to that of any other."""
    return int.from_bytes(hashlib.sha256(repr(parts).encode()).digest()[:8], "little") >> 1  # fits a signed 64-bit
