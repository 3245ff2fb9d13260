"""Extractors at work: uint8 images in, features and (where the extractor has classes to judge by) probabilities out."""

import hashlib
from functools import lru_cache
from importlib import resources

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load as read_safetensors
from torch import Tensor, nn

from gan.errors import UsageError
from gan.extractors import EFFICIENTNET_LITE0, EMBEDDED, INCEPTION, EmbeddedSpec, ExtractorSpec, digest, spec
from gan.metrics import Sample

_LUMA = (0.299, 0.587, 0.114)
"""Weights of red, green and blue in grey (ITU-R BT.601), those of Pillow's conversion."""


class Network(nn.Module):
    """What every extractor is: `forward` takes what `look_at` gives, and returns features and logits or None."""

    spec: ExtractorSpec

    def look_at(self, images: Tensor) -> Tensor:
        """uint8 (N, 1 or 3, H, W) => what `forward` takes: float32 in -1..1 at the extractor's size, by default."""
        return prepare(images, self.spec)


class Extractor(Network):
    """Three convolutions to 128 channels, their mean over the image as features, and a linear classifier.

    The features that leave it are shifted and scaled as a whole: over the training images their mean is 0 and their
    total variance 128. So a FID of 128 is as far as one whole spread of the real images, in any data set.
    """

    centre: Tensor
    scale: Tensor

    def __init__(self, of: EmbeddedSpec) -> None:
        super().__init__()
        self.spec = of

        def stage(inputs: int, outputs: int, stride: int) -> list[nn.Module]:
            return [
                nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False),
                nn.BatchNorm2d(outputs),
                nn.ReLU(inplace=True),
            ]

        # side: resolution => /2 => /4 => /4; the pool keeps thin strokes that a stride would step over
        self.body = nn.Sequential(
            *stage(of.channels, 32, 2), *stage(32, 64, 1), nn.MaxPool2d(2), *stage(64, of.features, 1)
        )
        self.classifier = nn.Linear(of.features, of.classes)
        self.register_buffer("centre", torch.zeros(of.features))
        self.register_buffer("scale", torch.ones(()))

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Features (N, 128) and logits (N, classes) of float images in -1..1, (N, C, R, R)."""
        pooled = self.body(images).mean(dim=(2, 3))
        return (pooled - self.centre) * self.scale, self.classifier(pooled)


def prepare(images: Tensor, of: ExtractorSpec) -> Tensor:
    """uint8 (N, C, H, W) of any size, grey or colour => float32 in -1..1 as the extractor was trained on.

    Another size is resized bilinearly (with antialiasing when it shrinks), without keeping the ratio of the sides.
    """
    x = in_channels(images, of.channels).float()
    if x.shape[1] != of.channels:
        x = torch.einsum("nchw,c->nhw", x, torch.tensor(_LUMA, device=x.device)).unsqueeze(1)
    side = (of.resolution, of.resolution)
    if x.shape[2:] != side:
        x = F.interpolate(x, size=side, mode="bilinear", antialias=True, align_corners=False)
    return x / 127.5 - 1


def in_channels(images: Tensor, channels: int) -> Tensor:
    """Checked uint8 images, grey ones repeated where `channels` is 3; colour stays colour."""
    if images.dtype != torch.uint8 or images.dim() != 4 or images.shape[1] not in (1, 3):
        raise UsageError(
            f"Images must be uint8 of shape (n, 1 or 3, height, width), got {images.dtype} {tuple(images.shape)}."
        )
    return images.expand(-1, 3, -1, -1) if images.shape[1] < channels else images


@lru_cache(maxsize=8)
def load(name: str, device: str = "cpu") -> Network:
    """The extractor `name`, ready to embed on `device`.

    Raises `UsageError` when its weights are missing, cannot be fetched, or are not the listed ones.
    """
    network: Network
    of = spec(name)
    if of is EFFICIENTNET_LITE0:
        from gan.extractors import efficientnet_lite0

        network = efficientnet_lite0.load()
    elif of is INCEPTION:
        from gan.extractors import inception

        network = inception.load()
    else:
        network = _load_embedded(EMBEDDED[name])
    return network.requires_grad_(False).eval().to(device)


def _load_embedded(of: EmbeddedSpec) -> Extractor:
    content = resources.files("gan.extractors").joinpath(f"{of.name}.safetensors").read_bytes()
    if hashlib.sha256(content).hexdigest() != digest(of.name):
        raise UsageError(
            f"The weights of the feature extractor {of.name} have been changed; install the package again."
        )
    network = Extractor(of)
    network.load_state_dict(read_safetensors(content))
    return network


@torch.inference_mode()
def embed(images: Tensor, network: Network) -> Sample:
    """Features (n, d) and, where the extractor has them, class probabilities (n, classes) of uint8 `images`
    (n, C, H, W), n >= 1."""
    device = next(network.parameters()).device
    features, logits = zip(
        *(network(network.look_at(batch.to(device))) for batch in torch.split(images, network.spec.batch)), strict=True
    )
    joined = np.asarray(torch.cat(features).cpu().numpy())
    if logits[0] is None:
        return Sample(joined)
    # the softmax in float64: rows then sum to 1 to the last digits
    probabilities = torch.cat(logits).cpu().double().softmax(dim=1)
    return Sample(joined, np.asarray(probabilities.numpy()))
