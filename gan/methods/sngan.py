"""SNGAN: Miyato, Kataoka, Koyama & Yoshida 2018, arXiv:1802.05957.

Every weight of the discriminator is divided by its largest singular value, found by one power iteration a forward pass
(algorithm 1), which bounds how steep the discriminator can be. Both sides minimise the hinge loss (equations 16, 17):

    discriminator   E[max(0, 1 - D(x))] + E[max(0, 1 + D(G(z)))]
    generator       -E[D(G(z))]

Departures from the paper:

* The networks are DCGAN's at this program's sizes, spectral normalisation in place of the discriminator's batch
  normalisation; the paper's CNN has 3 x 3 convolutions between the strided ones.
* One discriminator step per generator step, at learning rates tuned for seconds of training (the paper tries 1 and 5).
* The generator's step reuses the images made for the discriminator's; pictures come from averaged weights.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from torch.nn.functional import normalize, relu

from gan.convolve import convolution
from gan.method import Batch, Method, Networks, Objective
from gan.networks import Discriminator, Generator


@dataclass(frozen=True)
class SNGAN(Method):
    """A generator, and a discriminator whose layers cannot stretch anything."""

    def build(self) -> Networks:
        """DCGAN's networks; the discriminator spectrally normalised."""
        s = self.shape
        return {
            "generator": Generator(s.latent_dim, s.width, s.resolution, s.channels),
            "discriminator": Discriminator(
                s.width, s.resolution, s.channels, normalise=False, convolution=SpectralConv2d
            ),
        }

    def losses(self, networks: Networks, batch: Batch) -> Iterator[Objective]:
        """Hinge loss of both."""
        generator, discriminator = networks["generator"], networks["discriminator"]
        real, _ = batch.images()
        fake = generator(self.noise(batch, len(real)))
        yield "d", hinge(discriminator(real), discriminator(fake.detach()))
        yield "g", -discriminator(fake).mean()


def hinge(real: torch.Tensor, fake: torch.Tensor) -> torch.Tensor:
    """The discriminator's hinge loss of its outputs (N,)."""
    return relu(1 - real).mean() + relu(1 + fake).mean()


class SpectralConv2d(nn.Conv2d):
    """A convolution by its weight over the weight's largest singular value, the weight read as (outputs, all else).

    In training every pass improves the estimate of that value by one power iteration from where the last one ended.
    """

    u: torch.Tensor

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.register_buffer("u", normalize(torch.randn(self.out_channels), dim=0))

    def forward(self, input: torch.Tensor) -> torch.Tensor:
        """The convolution of `input`."""
        return convolution(self, input, self.weight / self.sigma())

    def sigma(self) -> torch.Tensor:
        """The estimate of the largest singular value, differentiable in the weight."""
        matrix = self.weight.flatten(1)  # (outputs, inputs · kernel)
        with torch.no_grad():
            v = normalize(matrix.T @ self.u, dim=0)
            u = normalize(matrix @ v, dim=0)
            if self.training:
                self.u = u  # not in place: a compiled backward pass may hold the one before
        value: torch.Tensor = u @ (matrix @ v)
        return value
