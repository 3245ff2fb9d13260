"""The founding document's generator and discriminator (its section 5.2), for any side that is 4 doubled.

Both are DCGAN's (Radford, Metz & Chintala 2015): strided convolutions instead of pooling, batch normalisation
everywhere but at the image, ReLU upwards and leaky ReLU downwards. At 32 x 32, one channel and width 64 they are the
document's, layer by layer. What differs, and why:

* The discriminator ends in a logit, not in a sigmoid: the loss takes logits, which cannot saturate to log 0.
* Its output has shape (N,), where the document compares (N, 1, 1, 1) with labels of shape (N, 1), which is an error.
* Weights start from the paper's normal distribution (0.02), which the document leaves out.
* Channels follow the data: the document normalises one-channel images with three-channel statistics.
"""

import torch
from torch import nn

from gan.config import TrainConfig

BASE = 4
"""Side of the smallest feature map, pixels."""
INIT_STD = 0.02  # Radford et al. 2015, section 4
LEAK = 0.2  # ditto


class Generator(nn.Module):
    """Noise (N, latent_dim) to images (N, channels, resolution, resolution) in -1..1."""

    def __init__(self, latent_dim: int, width: int, resolution: int, channels: int) -> None:
        super().__init__()
        doublings = doublings_of(resolution)
        top = width * 2 ** (doublings - 1)
        layers: list[nn.Module] = [nn.ConvTranspose2d(latent_dim, top, BASE, 1, 0, bias=False), *_normalised(top)]
        for i in range(doublings - 1):
            wide, narrow = top // 2**i, top // 2 ** (i + 1)
            layers += [nn.ConvTranspose2d(wide, narrow, 4, 2, 1, bias=False), *_normalised(narrow)]
        layers += [nn.ConvTranspose2d(width, channels, 4, 2, 1, bias=False), nn.Tanh()]
        self.main = nn.Sequential(*layers)
        self.latent_dim = latent_dim
        self.apply(initialise)

    def forward(self, z: torch.Tensor) -> torch.Tensor:
        """Images for noise `z`."""
        images: torch.Tensor = self.main(z[:, :, None, None])  # (N, Z) => (N, Z, 1, 1) => (N, C, H, W)
        return images


class Discriminator(nn.Module):
    """Images (N, channels, resolution, resolution) in -1..1 to one logit each, (N,): above 0 means "real"."""

    def __init__(self, width: int, resolution: int, channels: int) -> None:
        super().__init__()
        doublings = doublings_of(resolution)
        layers: list[nn.Module] = [nn.Conv2d(channels, width, 4, 2, 1, bias=False), nn.LeakyReLU(LEAK, inplace=True)]
        for i in range(doublings - 1):
            narrow, wide = width * 2**i, width * 2 ** (i + 1)
            layers += [
                nn.Conv2d(narrow, wide, 4, 2, 1, bias=False),
                nn.BatchNorm2d(wide),
                nn.LeakyReLU(LEAK, inplace=True),
            ]
        layers.append(nn.Conv2d(width * 2 ** (doublings - 1), 1, BASE, 1, 0, bias=False))
        self.main = nn.Sequential(*layers)
        self.apply(initialise)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Logits for `images`."""
        logits: torch.Tensor = self.main(images)
        return logits.flatten()  # (N, 1, 1, 1) => (N,)


def build(config: TrainConfig, channels: int) -> tuple[Generator, Discriminator]:
    """The two networks of `config` for images of `channels` channels, freshly initialised."""
    return (
        Generator(config.latent_dim, config.width, config.resolution, channels),
        Discriminator(config.width, config.resolution, channels),
    )


def doublings_of(resolution: int) -> int:
    """How often 4 is doubled to reach `resolution`; `ValueError` where it never is."""
    doublings = (resolution // BASE).bit_length() - 1
    if doublings < 1 or BASE * 2**doublings != resolution:
        raise ValueError(f"resolution must be 4 times a power of two and at least 8, not {resolution}")
    return doublings


def initialise(module: nn.Module) -> None:
    """Normal weights: mean 0 for convolutions, 1 for the scale of batch normalisation, standard deviation 0.02."""
    if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
        nn.init.normal_(module.weight, 0.0, INIT_STD)
    elif isinstance(module, nn.BatchNorm2d):
        nn.init.normal_(module.weight, 1.0, INIT_STD)
        nn.init.zeros_(module.bias)


def parameters(network: nn.Module) -> int:
    """Number of trainable values."""
    return sum(p.numel() for p in network.parameters())


def _normalised(channels: int) -> list[nn.Module]:
    return [nn.BatchNorm2d(channels), nn.ReLU(inplace=True)]
