"""VAE: Kingma & Welling 2013, "Auto-Encoding Variational Bayes", arXiv:1312.6114.

An encoder gives each image x a normal distribution q(z|x) = N(mean, sd²) of latents, a decoder an image for a latent.
Both minimise the negative evidence lower bound (equation 10, one draw of z per image):

    -log p(x|z) + KL(q(z|x) || N(0, 1)),   KL = ½ Σ (mean² + sd² - 1 - log sd²)          (appendix B)

Departures from the paper:

* Pixels are normal around the decoder's image with one fixed standard deviation, `pixel_sd`, in units of -1..1: the
  paper's Gaussian decoder also learns it per pixel, its Bernoulli decoder fits black-and-white pixels only. The
  constant of log p(x|z) is left out, and the bound is given per pixel so that learning rates hold across sizes.
* Both networks are DCGAN's convolutions, where the paper has one hidden layer of 500 units.
* Adam with averaged weights, where the paper has Adagrad.
* A picture is the decoder's mean, without pixel noise, as is usual.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import torch

from gan.method import Batch, Method, Networks, Objective
from gan.networks import Discriminator, Generator


@dataclass(frozen=True)
class VAE(Method):
    """An encoder and a decoder. `pixel_sd` is the standard deviation of a pixel around the decoder's image."""

    pixel_sd: float

    sampler: ClassVar[str] = "decoder"
    adversary: ClassVar[str | None] = None

    def build(self) -> Networks:
        """DCGAN's discriminator with two outputs for each latent, and its generator."""
        s = self.shape
        return {
            "encoder": Discriminator(s.width, s.resolution, s.channels, outputs=2 * s.latent_dim),
            "decoder": Generator(s.latent_dim, s.width, s.resolution, s.channels),
        }

    def losses(self, networks: Networks, batch: Batch) -> Iterator[Objective]:
        """The negative bound, per pixel."""
        real, _ = batch.images()
        mean, log_variance = networks["encoder"](real).chunk(2, dim=1)
        z = mean + (0.5 * log_variance).exp() * batch.normal(*mean.shape)
        error = (networks["decoder"](z) - real).square().flatten(1).sum(dim=1) / (2 * self.pixel_sd**2)
        yield "g", (error + divergence(mean, log_variance)).mean() / math.prod(real.shape[1:])


def divergence(mean: torch.Tensor, log_variance: torch.Tensor) -> torch.Tensor:
    """KL(N(mean, e^log_variance) || N(0, 1)) of each row (N, latents), in nats: (N,)."""
    return 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).sum(dim=1)
