"""DCGAN: Radford, Metz & Chintala 2015, arXiv:1511.06434, with the losses of Goodfellow et al. 2014, arXiv:1406.2661.

Departures from the paper; those of the networks stand in `gan.networks`:

* Sizes, learning rates and batches are chosen for seconds of training (`gan.config`); the paper's are 2e-4 and 128. On
  digits the discriminator learns ten times more slowly than the generator (Heusel et al. 2017, arXiv:1706.08500).
* Pictures come from averaged weights, except in `dcgan-document`.
* The generator's step reuses the images made for the discriminator's: one forward pass less, the same algorithm.
* The conditional variant (Mirza & Osindero 2014, arXiv:1411.1784) is given the label at the input of both networks, by
  itself and not through a hidden layer; generated images get the labels of the real ones beside them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from gan.losses import LOSSES
from gan.method import Batch, Method, Networks, Objective
from gan.networks import Discriminator, Generator


@dataclass(frozen=True)
class DCGAN(Method):
    """Two convolutional networks against each other."""

    def build(self) -> Networks:
        """The founding document's generator and discriminator."""
        s = self.shape
        return {
            "generator": Generator(s.latent_dim, s.width, s.resolution, s.channels, s.classes),
            "discriminator": Discriminator(s.width, s.resolution, s.channels, s.classes),
        }

    def losses(self, networks: Networks, batch: Batch) -> Iterator[Objective]:
        """Cross-entropy. Real and fake go apart: batch normalisation over a mixture would give the game away."""
        generator, discriminator = networks["generator"], networks["discriminator"]
        loss = LOSSES[self.loss]
        real, labels = batch.images()
        fake = generator(self.noise(batch, len(real)), labels)
        yield "d", loss.discriminator(discriminator(real, labels), discriminator(fake.detach(), labels))
        yield "g", loss.generator(discriminator(fake, labels))
