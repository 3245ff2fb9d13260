"""What a generative method is to the rest: networks, what each of them minimises, and how images come out.

A method is one file in `gan/methods` with a subclass of `Method`, and one row in `gan.config.PRESETS`. The training
loop, checkpoints, evaluation, cost and the command line know no more than what is declared here.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import ClassVar, Literal, Protocol

import torch
from torch import nn

from gan.config import PRESETS, Option, TrainConfig
from gan.errors import UsageError
from gan.record import DatasetInfo

Networks = dict[str, nn.Module]
Labels = torch.Tensor | None
"""Class of each image, int64 (N,); None where the method is not told."""
Side = Literal["g", "d"]
"""Whose loss it is: that of the side that makes the images, or of the discriminator."""
Objective = tuple[Side, torch.Tensor]


@dataclass(frozen=True)
class Shape:
    """What fixes the sizes of a method's networks."""

    resolution: int
    channels: int
    width: int
    latent_dim: int
    classes: int = 0
    """Classes the networks are told of, "unknown" among them where labels are missing; 0: they are told nothing."""
    asked: Sequence[int] = ()
    """The classes that pictures are made of, where those are not all: trained on, and known."""

    @classmethod
    def of(cls, cfg: TrainConfig, channels: int, classes: int) -> "Shape":
        """The shape of `cfg`'s networks on images of `channels` channels and `classes` classes."""
        sizes = (cfg.resolution, channels, cfg.width, cfg.latent_dim)
        if not cfg.conditional:
            return cls(*sizes)
        unknown = cfg.label_share is not None
        known = sorted(cfg.class_images) if cfg.class_images is not None else list(range(classes))
        return cls(*sizes, classes + unknown, known if len(known) < classes + unknown else ())

    @classmethod
    def of_run(cls, cfg: TrainConfig, data: DatasetInfo) -> "Shape":
        """The shape of a recorded run's networks."""
        return cls.of(cfg, data.channels, len(data.classes))


class Batch(Protocol):
    """What one step may see and draw. Numbers come from (seed, step) alone."""

    size: int
    """Images of one draw."""
    critic_steps: int
    """How often `images` is to be called: once for every update of the discriminator."""

    def images(self) -> tuple[torch.Tensor, Labels]:
        """The next real images, float (N, C, H, W) in -1..1, and their labels."""

    def normal(self, *shape: int) -> torch.Tensor:
        """Standard normal numbers."""

    def uniform(self, *shape: int) -> torch.Tensor:
        """Numbers uniform in 0..1."""


@dataclass(frozen=True)
class Method(ABC):
    """A generative method. Fields of a subclass are its options, and their values come from the configuration."""

    shape: Shape
    loss: str

    sampler: ClassVar[str] = "generator"
    """The network that makes images; its average is what pictures are made with."""
    adversary: ClassVar[str | None] = "discriminator"
    """The network with a learning rate of its own (`lr_d`); None where there is no game of two."""
    double_backward: ClassVar[bool] = False
    """True where gradients of gradients are taken: bfloat16 is too coarse for them, and torch.compile cannot."""

    @abstractmethod
    def build(self) -> Networks:
        """The networks by name, freshly initialised from torch's random state."""

    @abstractmethod
    def losses(self, networks: Networks, batch: Batch) -> Iterator[Objective]:
        """One step as a sequence of losses. After each, the loop takes that side's optimiser one step.

        So what stands behind a `yield` meets the updated network. Only parameters of the side named get gradients:
        nothing need be frozen, and nothing is computed for the other side.
        """

    def images(self, network: nn.Module, noise: torch.Tensor, labels: Labels) -> torch.Tensor:
        """Images (N, C, H, W) in -1..1 that `network`, the sampler, makes of standard normal `noise`."""
        made: torch.Tensor = network(noise, labels)
        return made

    @property
    def noise_shape(self) -> tuple[int, ...]:
        """The shape of the noise of one image."""
        return (self.shape.latent_dim,)

    @property
    def evaluations(self) -> int:
        """How often the sampler is evaluated for one image."""
        return 1

    def noise(self, batch: Batch, n: int) -> torch.Tensor:
        """Noise for `n` images, drawn from the step's stream."""
        return batch.normal(n, *self.noise_shape)


@dataclass(frozen=True)
class Sampler:
    """A network that makes images, and the method that knows how."""

    method: Method
    network: nn.Module

    def __call__(self, noise: torch.Tensor, labels: Labels) -> torch.Tensor:
        """Images (N, C, H, W) in -1..1."""
        return self.method.images(self.network, noise, labels)


def create(preset: str, shape: Shape, loss: str, options: dict[str, Option]) -> Method:
    """The method of `preset`; its code is loaded here. `UsageError` for a preset this installation does not know."""
    if preset not in PRESETS:
        raise UsageError(f'There is no preset "{preset}" in this installation. There are: {", ".join(PRESETS)}.')
    module, _, name = PRESETS[preset].method.partition(":")
    method: Method = getattr(import_module(module), name)(shape, loss, **options)
    return method


def of(cfg: TrainConfig, shape: Shape) -> Method:
    """The method that `cfg` asks for."""
    return create(cfg.preset, shape, cfg.loss, cfg.options)
