"""Flow matching: Lipman, Chen, Ben-Hamu, Nickel & Le 2022, arXiv:2210.02747.

A network v(x, t) learns the velocity at which noise flows into images. On the straight path from noise z to an image x
(the paper's optimal-transport path, equation 20, with sigma_min = 0; also Liu, Gong & Liu 2022, arXiv:2209.03003)

    x_t = (1 - t)·z + t·x,    loss = E[(v(x_t, t) - (x - z))²],    t uniform in 0..1          (equation 23)

and an image is the end of the path dx/dt = v(x, t) from noise at t = 0, followed in few steps by the midpoint rule: two
evaluations of v a step.

Departures from the paper:

* A small U-Net (Ronneberger et al. 2015) on blocks of 2 x 2 pixels, one residual block a level, no attention and no
  dropout; the paper's is the much larger one of Dhariwal & Nichol 2021.
* A fixed, small number of midpoint steps, where the paper has an adaptive solver (142 evaluations on CIFAR-10).
* sigma_min = 0, where the paper keeps a little noise on the image; learning rate tuned for seconds of training.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import nn
from torch.nn.functional import avg_pool2d, interpolate, mse_loss, pixel_shuffle, pixel_unshuffle, silu

from gan.method import Batch, Labels, Method, Networks, Objective
from gan.networks import BASE

Velocity = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]

PATCH = 2
"""Side of the blocks of pixels that the network sees as one position."""
GROUPS = 4
"""Groups of channels that are normalised together."""


@dataclass(frozen=True)
class FlowMatching(Method):
    """One network, a velocity. `sampling_steps` midpoint steps make an image, with two evaluations each."""

    sampling_steps: int

    sampler: ClassVar[str] = "velocity"
    adversary: ClassVar[str | None] = None

    def build(self) -> Networks:
        """The U-Net."""
        return {"velocity": UNet(self.shape.resolution, self.shape.width, self.shape.channels)}

    def losses(self, networks: Networks, batch: Batch) -> Iterator[Objective]:
        """The squared error of the velocity at a time of each image's own."""
        real, _ = batch.images()
        yield "g", velocity_error(networks["velocity"], real, self.noise(batch, len(real)), batch.uniform(len(real)))

    def images(self, network: nn.Module, noise: torch.Tensor, labels: Labels) -> torch.Tensor:
        """The ends of the paths that start at `noise`, cut to -1..1."""
        return follow(network, noise, self.sampling_steps).clamp(-1, 1)

    @property
    def noise_shape(self) -> tuple[int, ...]:
        """Noise is an image."""
        return (self.shape.channels, self.shape.resolution, self.shape.resolution)

    @property
    def evaluations(self) -> int:
        """Two for each midpoint step."""
        return 2 * self.sampling_steps


def velocity_error(velocity: Velocity, images: torch.Tensor, noise: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
    """Mean squared error of `velocity` on the straight paths from `noise` to `images` (N, ...) at times `t` (N,)."""
    at = t.view(-1, *[1] * (images.dim() - 1))
    return mse_loss(velocity(torch.lerp(noise, images, at), t), images - noise)


def follow(velocity: Velocity, x: torch.Tensor, steps: int) -> torch.Tensor:
    """From `x` (N, ...) at time 0 to time 1 along `velocity`, in equal midpoint steps (error of order steps⁻²)."""
    h = 1 / steps
    for i in range(steps):
        t = torch.full((len(x),), i * h, dtype=x.dtype, device=x.device)
        halfway = x + h / 2 * velocity(x, t)
        x = x + h * velocity(halfway, t + h / 2)
    return x


class UNet(nn.Module):
    """Images (N, channels, resolution, resolution) and times (N,) to velocities of the images' shape.

    `width` channels at half the resolution, doubled with each halving down to 4 pixels and back, with a bridge from
    each level on the way down to the same level on the way up.
    """

    def __init__(self, resolution: int, width: int, channels: int) -> None:
        super().__init__()
        levels = (resolution // PATCH // BASE).bit_length()
        widths = [width * 2**i for i in range(levels)]
        pixels = channels * PATCH**2
        self.waves = width
        self.time = nn.Sequential(nn.Linear(width, 2 * width), nn.SiLU())
        self.enter = nn.Conv2d(pixels, width, 3, padding=1)
        self.down = nn.ModuleList(
            Residual(narrow, wide, 2 * width) for narrow, wide in zip([width, *widths[:-1]], widths, strict=True)
        )
        self.middle = Residual(widths[-1], widths[-1], 2 * width)
        self.up = nn.ModuleList(
            Residual(2 * wide, narrow, 2 * width)
            for narrow, wide in reversed(list(zip([width, *widths[:-1]], widths, strict=True)))
        )
        self.norm = nn.GroupNorm(GROUPS, width)
        self.leave = nn.Conv2d(width, pixels, 3, padding=1)
        nn.init.zeros_(self.leave.weight)

    def forward(self, images: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
        """The velocity at `images`, at times `t`."""
        time = self.time(waves(t, self.waves))
        x = self.enter(pixel_unshuffle(images, PATCH))  # (N, C, R, R) => (N, width, R / 2, R / 2)
        bridges: list[torch.Tensor] = []
        for block in self.down:
            x = block(avg_pool2d(x, 2) if bridges else x, time)
            bridges.append(x)
        x = self.middle(x, time)
        for block in self.up:
            x = block(torch.cat([x, bridges.pop()], dim=1), time)
            x = interpolate(x, scale_factor=2.0) if bridges else x
        return pixel_shuffle(self.leave(silu(self.norm(x))), PATCH)


class Residual(nn.Module):
    """Two 3 x 3 convolutions beside a shortcut; the time sets scale and shift between them."""

    def __init__(self, inputs: int, outputs: int, time: int) -> None:
        super().__init__()
        self.norm1 = nn.GroupNorm(GROUPS, inputs)
        self.conv1 = nn.Conv2d(inputs, outputs, 3, padding=1)
        self.time = nn.Linear(time, 2 * outputs)
        self.norm2 = nn.GroupNorm(GROUPS, outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1)
        self.shortcut = nn.Conv2d(inputs, outputs, 1) if inputs != outputs else nn.Identity()
        nn.init.zeros_(self.conv2.weight)

    def forward(self, x: torch.Tensor, time: torch.Tensor) -> torch.Tensor:
        """(N, inputs, H, W) => (N, outputs, H, W)."""
        scale, shift = self.time(time)[:, :, None, None].chunk(2, dim=1)
        h = self.norm2(self.conv1(silu(self.norm1(x)))) * (1 + scale) + shift
        mixed: torch.Tensor = self.shortcut(x) + self.conv2(silu(h))
        return mixed


def waves(t: torch.Tensor, count: int) -> torch.Tensor:
    """Times (N,) in 0..1 as sines and cosines (N, count) of wavelengths from about 6 down to a hundredth."""
    rates = torch.exp(torch.linspace(0, math.log(1000.0), count // 2, device=t.device))
    angles = t[:, None] * rates
    return torch.cat([angles.sin(), angles.cos()], dim=1)
