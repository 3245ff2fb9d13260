"""R3GAN: Huang, Gokaslan, Kuleshov & Tompkin 2024, "The GAN is dead; long live the GAN!", arXiv:2501.05441.

A loss that compares each real image with a generated one, and a penalty on the discriminator's gradient at both:

    discriminator   E[softplus(D(G(z)) - D(x))] + gamma/2 · (E[|∇D(x)|²] + E[|∇D(G(z))|²])        R1 and R2
    generator       E[softplus(D(x) - D(G(z)))]

in networks without any normalisation: residual blocks of 1 x 1, 3 x 3 and 1 x 1 convolutions, leaky ReLU, bilinear
resampling, the last convolution of a block starting at zero (fix-up initialisation), a learned 4 x 4 basis at one end
and one 4 x 4 product a channel at the other; Adam with beta1 = 0.

Departures from the paper:

* Its configuration D, not E: no groups and no wider middle in the blocks, one block a resolution (E groups the 3 x 3
  convolutions, which processors without a GPU run slowly and torch's operation counter counts too high).
* `width` channels at half the resolution, half of them at the full one, so that sizes compare with DCGAN's here.
* gamma, learning rates and beta2 are constant, where the paper changes them along the training; tuned for seconds.
* Plain bilinear resampling, and leaky ReLU with slope 0.2 and no gain.
* The conditional variant puts the label's embedding behind the noise, and multiplies it with the discriminator's
  features (Miyato & Koyama 2018), as the authors' code does.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

import torch
from torch import nn
from torch.nn.functional import avg_pool2d, interpolate, leaky_relu, softplus

from gan.method import Batch, Method, Networks, Objective
from gan.networks import BASE, LEAK, doublings_of

_EMBEDDING = 32
"""Numbers that stand for a class behind the noise."""


@dataclass(frozen=True)
class R3GAN(Method):
    """Two residual networks. `gamma` weighs R1 and R2."""

    gamma: float

    double_backward: ClassVar[bool] = True

    def build(self) -> Networks:
        """The generator and its mirror image."""
        s = self.shape
        widths = widths_of(s.resolution, s.width)
        return {
            "generator": Generator(s.latent_dim, widths, s.channels, s.classes),
            "discriminator": Discriminator(widths, s.channels, s.classes),
        }

    def losses(self, networks: Networks, batch: Batch) -> Iterator[Objective]:
        """Relativistic pairs, with R1 and R2 from the passes that the loss makes anyway."""
        generator, discriminator = networks["generator"], networks["discriminator"]
        real, labels = batch.images()
        fake = generator(self.noise(batch, len(real)), labels)
        real_in, fake_in = real.requires_grad_(True), fake.detach().requires_grad_(True)
        on_real, on_fake = discriminator(real_in, labels), discriminator(fake_in, labels)
        penalty = squared_gradient(on_real, real_in) + squared_gradient(on_fake, fake_in)
        yield "d", relativistic(on_real, on_fake) + self.gamma / 2 * penalty
        with torch.no_grad():
            on_real = discriminator(real.detach(), labels)
        yield "g", relativistic(discriminator(fake, labels), on_real)


def relativistic(better: torch.Tensor, worse: torch.Tensor) -> torch.Tensor:
    """What falls as the outputs (N,) `better` exceed `worse`, pair by pair."""
    return softplus(worse - better).mean()


def squared_gradient(outputs: torch.Tensor, images: torch.Tensor) -> torch.Tensor:
    """E[|∇D(x)|²] from `outputs` (N,) = D(images), itself differentiable in D's weights."""
    (gradient,) = torch.autograd.grad(outputs.sum(), images, create_graph=True)
    squares: torch.Tensor = gradient.flatten(1).square().sum(dim=1)
    return squares.mean()


def widths_of(resolution: int, width: int) -> list[int]:
    """Channels from 4 pixels up to `resolution`: doubled with each halving."""
    return [width * 2**i // 2 for i in range(doublings_of(resolution), -1, -1)]


class Block(nn.Module):
    """x + f(x), where f is three convolutions and starts as zero."""

    def __init__(self, channels: int, blocks: int) -> None:
        super().__init__()
        self.enter = nn.Conv2d(channels, channels, 1)
        self.mix = nn.Conv2d(channels, channels, 3, padding=1)
        self.leave = nn.Conv2d(channels, channels, 1, bias=False)
        for convolution in (self.enter, self.mix):
            # fix-up with three layers in a branch (Zhang et al. 2019, section 4): blocks ** (-1 / (2 · 3 - 2))
            scaled(convolution, blocks ** (-1 / 4))
        nn.init.zeros_(self.leave.weight)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The same shape as `x`."""
        h: torch.Tensor = self.enter(leaky_relu(x, LEAK))
        h = self.mix(leaky_relu(h, LEAK))
        h = self.leave(leaky_relu(h, LEAK))
        return x + h


class Generator(nn.Module):
    """Noise (N, latent_dim) to images (N, channels, resolution, resolution) in -1..1."""

    def __init__(self, latent_dim: int, widths: list[int], channels: int, classes: int) -> None:
        super().__init__()
        self.label = nn.Embedding(classes, _EMBEDDING) if classes else None
        self.basis = nn.Parameter(torch.randn(widths[0], BASE, BASE))
        self.weigh = scaled(nn.Linear(latent_dim + (_EMBEDDING if classes else 0), widths[0]))
        self.blocks = nn.ModuleList(Block(width, len(widths)) for width in widths)
        self.narrow = nn.ModuleList(scaled(nn.Conv2d(*pair, 1, bias=False)) for pair in _pairs(widths))
        self.paint = scaled(nn.Conv2d(widths[-1], channels, 1))

    def forward(self, z: torch.Tensor, labels: torch.Tensor | None = None) -> torch.Tensor:
        """Images for noise `z`."""
        if self.label is not None:
            z = torch.cat([z, self.label(labels)], dim=1)
        x = self.blocks[0](self.weigh(z)[:, :, None, None] * self.basis)  # (N, Z) => (N, C, 4, 4)
        for narrow, block in zip(self.narrow, self.blocks[1:], strict=True):
            x = block(interpolate(narrow(x), scale_factor=2.0, mode="bilinear", align_corners=False))
        return torch.tanh(self.paint(x))


class Discriminator(nn.Module):
    """Images (N, channels, resolution, resolution) in -1..1 to one number each, (N,)."""

    def __init__(self, widths: list[int], channels: int, classes: int) -> None:
        super().__init__()
        self.label = nn.Embedding(classes, widths[0]) if classes else None
        self.look = scaled(nn.Conv2d(channels, widths[-1], 1))
        self.blocks = nn.ModuleList(Block(width, len(widths)) for width in reversed(widths))
        self.widen = nn.ModuleList(scaled(nn.Conv2d(b, a, 1, bias=False)) for a, b in reversed(_pairs(widths)))
        self.basis = nn.Parameter(torch.randn(widths[0], BASE, BASE) / BASE)
        self.judge = scaled(nn.Linear(widths[0], 1))

    def forward(self, images: torch.Tensor, labels: torch.Tensor | None = None) -> torch.Tensor:
        """How real `images` look, in comparison."""
        x: torch.Tensor = self.look(images)
        for block, widen in zip(self.blocks[:-1], self.widen, strict=True):
            x = widen(avg_pool2d(block(x), 2))
        features = (self.blocks[-1](x) * self.basis).sum(dim=(2, 3))  # (N, C, 4, 4) => (N, C)
        judged: torch.Tensor = self.judge(features).flatten()
        return judged if self.label is None else judged + (features * self.label(labels)).mean(dim=1)


def scaled(layer: nn.Linear | nn.Conv2d, gain: float = 1.0) -> nn.Linear | nn.Conv2d:
    """`layer` with normal weights that keep the variance of its input, times `gain`², and biases of zero."""
    fan_in = layer.weight[0].numel()
    nn.init.normal_(layer.weight, 0.0, gain / fan_in**0.5)
    if layer.bias is not None:
        nn.init.zeros_(layer.bias)
    return layer


def _pairs(widths: list[int]) -> list[tuple[int, int]]:
    return list(pairwise(widths))
