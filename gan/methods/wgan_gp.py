"""WGAN-GP: Gulrajani, Ahmed, Arjovsky, Dumoulin & Courville 2017, arXiv:1704.00028.

The critic D estimates the Wasserstein distance between real and generated images; its gradient is held near length 1
on straight lines between them (algorithm 1; penalty 10, five critic steps per generator step, Adam with betas 0, 0.9):

    critic      E[D(G(z))] - E[D(x)] + penalty · E[(|∇D(x̂)| - 1)²],   x̂ = e·x + (1 - e)·G(z), e uniform in 0..1
    generator   -E[D(G(z))]

Departures from the paper:

* The networks are DCGAN's at this program's sizes; the critic has no normalisation, as in the authors' MNIST code
  (batch normalisation would tie the images of a batch together, which the penalty on single images forbids).
* The learning rate is tuned for seconds of training (the paper's: 1e-4), and pictures come from averaged weights.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import torch

from gan.method import Batch, Method, Networks, Objective
from gan.networks import Discriminator, Generator


@dataclass(frozen=True)
class WGANGP(Method):
    """A generator and a critic. `penalty` weighs the gradient's distance from length 1."""

    penalty: float

    double_backward: ClassVar[bool] = True

    def build(self) -> Networks:
        """DCGAN's networks; the critic with biases in place of batch normalisation."""
        s = self.shape
        return {
            "generator": Generator(s.latent_dim, s.width, s.resolution, s.channels),
            "discriminator": Discriminator(s.width, s.resolution, s.channels, normalise=False),
        }

    def losses(self, networks: Networks, batch: Batch) -> Iterator[Objective]:
        """The critic on every batch of the step, then the generator once."""
        generator, critic = networks["generator"], networks["discriminator"]
        for _ in range(batch.critic_steps):
            real, _ = batch.images()
            with torch.no_grad():
                fake = generator(self.noise(batch, len(real)))
            distance = critic(real).mean() - critic(fake).mean()
            between = torch.lerp(fake, real, batch.uniform(len(real), 1, 1, 1))
            yield "d", self.penalty * gradient_penalty(critic, between) - distance
        yield "g", -critic(generator(self.noise(batch, batch.size))).mean()


def gradient_penalty(critic: torch.nn.Module, images: torch.Tensor) -> torch.Tensor:
    """E[(|∇D(x)| - 1)²] over `images` (N, C, H, W), itself differentiable in the critic's weights."""
    images = images.detach().requires_grad_(True)
    (gradient,) = torch.autograd.grad(critic(images).sum(), images, create_graph=True)
    lengths: torch.Tensor = gradient.flatten(1).norm(dim=1)
    return (lengths - 1).square().mean()
