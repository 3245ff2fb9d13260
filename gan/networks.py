"""The founding document's generator and discriminator (its section 5.2), for any side that is 4 doubled.

Both are DCGAN's (Radford, Metz & Chintala 2015): strided convolutions instead of pooling, batch normalisation
everywhere but at the image, ReLU upwards and leaky ReLU downwards. At 32 x 32, one channel and width 64 they are the
document's, layer by layer. What differs, and why:

* The discriminator ends in a logit, not in a sigmoid: the loss takes logits, which cannot saturate to log 0.
* Its output has shape (N,), where the document compares (N, 1, 1, 1) with labels of shape (N, 1), which is an error.
* Weights start from the paper's normal distribution (0.02), which the document leaves out.
* Channels follow the data: the document normalises one-channel images with three-channel statistics.

Told of classes, the generator takes the label as a one-hot vector behind the noise and the discriminator as one-hot
maps behind the pixels (Mirza & Osindero 2014, arXiv:1411.1784).
"""

from collections.abc import Callable

import torch
from torch import nn
from torch.nn.functional import one_hot

from gan.convolve import Convolution, TransposedConvolution

BASE = 4
"""Side of the smallest feature map, pixels."""
INIT_STD = 0.02  # Radford et al. 2015, section 4
LEAK = 0.2  # ditto


class Generator(nn.Module):
    """Noise (N, latent_dim) to images (N, channels, resolution, resolution) in -1..1."""

    def __init__(self, latent_dim: int, width: int, resolution: int, channels: int, classes: int = 0) -> None:
        super().__init__()
        doublings = doublings_of(resolution)
        top = width * 2 ** (doublings - 1)
        inputs = latent_dim + classes
        layers: list[nn.Module] = [TransposedConvolution(inputs, top, BASE, 1, 0, bias=False), *_normalised(top)]
        for i in range(doublings - 1):
            wide, narrow = top // 2**i, top // 2 ** (i + 1)
            layers += [TransposedConvolution(wide, narrow, 4, 2, 1, bias=False), *_normalised(narrow)]
        layers += [TransposedConvolution(width, channels, 4, 2, 1, bias=False), nn.Tanh()]
        self.main = nn.Sequential(*layers)
        self.classes = classes
        self.apply(initialise)

    def forward(self, z: torch.Tensor, labels: torch.Tensor | None = None) -> torch.Tensor:
        """Images for noise `z`, of the classes `labels` (N,) where the network is told of classes."""
        if self.classes:
            assert labels is not None
            z = torch.cat([z, one_hot(labels, self.classes).to(z.dtype)], dim=1)  # (N, Z) => (N, Z + classes)
        images: torch.Tensor = self.main(z[:, :, None, None])  # (N, Z) => (N, Z, 1, 1) => (N, C, H, W)
        return images


class Discriminator(nn.Module):
    """Images (N, channels, resolution, resolution) in -1..1 to `outputs` numbers each; one output has shape (N,).

    Of a single output, a logit, above 0 means "real". Without batch normalisation (`normalise`) the layers get biases;
    `convolution` is what makes them.
    """

    def __init__(
        self,
        width: int,
        resolution: int,
        channels: int,
        classes: int = 0,
        *,
        outputs: int = 1,
        normalise: bool = True,
        convolution: Callable[..., nn.Conv2d] = Convolution,
    ) -> None:
        super().__init__()
        doublings = doublings_of(resolution)
        bias = not normalise
        layers: list[nn.Module] = [
            convolution(channels + classes, width, 4, 2, 1, bias=bias),
            nn.LeakyReLU(LEAK, inplace=True),
        ]
        for i in range(doublings - 1):
            narrow, wide = width * 2**i, width * 2 ** (i + 1)
            layers.append(convolution(narrow, wide, 4, 2, 1, bias=bias))
            if normalise:
                layers.append(nn.BatchNorm2d(wide))
            layers.append(nn.LeakyReLU(LEAK, inplace=True))
        layers.append(convolution(width * 2 ** (doublings - 1), outputs, BASE, 1, 0, bias=bias))
        self.main = nn.Sequential(*layers)
        self.classes = classes
        self.apply(initialise)

    def forward(self, images: torch.Tensor, labels: torch.Tensor | None = None) -> torch.Tensor:
        """(N, outputs) numbers for `images`, of the classes `labels` (N,) where the network is told of classes."""
        if self.classes:
            assert labels is not None
            maps = one_hot(labels, self.classes).to(images.dtype)[:, :, None, None].expand(-1, -1, *images.shape[2:])
            images = torch.cat([images, maps], dim=1)  # (N, C, H, W) => (N, C + classes, H, W)
        outputs: torch.Tensor = self.main(images)
        return outputs.flatten() if outputs.shape[1] == 1 else outputs.flatten(1)  # (N, outputs, 1, 1) => (N, outputs)


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
        if module.bias is not None:
            nn.init.zeros_(module.bias)
    elif isinstance(module, nn.BatchNorm2d):
        nn.init.normal_(module.weight, 1.0, INIT_STD)
        nn.init.zeros_(module.bias)


def parameters(network: nn.Module) -> int:
    """Number of trainable values."""
    return sum(p.numel() for p in network.parameters())


def _normalised(channels: int) -> list[nn.Module]:
    return [nn.BatchNorm2d(channels), nn.ReLU(inplace=True)]
