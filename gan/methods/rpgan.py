"""RpGAN: the loss and the penalties of R3GAN in DCGAN's networks.

Relativistic pairs (Jolicoeur-Martineau 2018, arXiv:1807.00734) with R1 and R2, as in Huang, Gokaslan, Kuleshov &
Tompkin 2024 (arXiv:2501.05441): what that loss gives without its networks, which take several times as long an image
here. Departures from the papers:

* The generator keeps its batch normalisation, as in SNGAN (Miyato et al. 2018); the discriminator has none, since a
  penalty on the gradient at an image is not defined where images of a batch mix.
* The conditional variant is given the label at the input of both networks (`gan.networks`).
* gamma and learning rates are constant and chosen for seconds of training.
"""

from dataclasses import dataclass

from gan.method import Networks
from gan.methods.r3gan import R3GAN
from gan.networks import Discriminator, Generator


@dataclass(frozen=True)
class RpGAN(R3GAN):
    """R3GAN's losses between DCGAN's networks. `gamma` weighs R1 and R2."""

    def build(self) -> Networks:
        """The founding document's generator, and its discriminator without normalisation."""
        s = self.shape
        return {
            "generator": Generator(s.latent_dim, s.width, s.resolution, s.channels, s.classes),
            "discriminator": Discriminator(s.width, s.resolution, s.channels, s.classes, normalise=False),
        }
