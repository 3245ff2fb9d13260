"""The networks are the founding document's where it can be followed, and work at every side offered."""

import pytest
import torch

from gan import method, networks
from gan.config import RESOLUTIONS, TrainConfig, resolve


def build(cfg: TrainConfig, channels: int) -> method.Networks:
    return method.of(cfg, method.Shape.of(cfg, channels, classes=10)).build()


@pytest.mark.parametrize("resolution", RESOLUTIONS)
@pytest.mark.parametrize("channels", [1, 3])
def test_images_have_the_asked_side_and_every_image_gets_one_logit(resolution: int, channels: int) -> None:
    config = resolve("dcgan", resolution=resolution, width=8, steps=1)
    generator, discriminator = build(config, channels).values()
    images = generator(torch.randn(3, config.latent_dim))
    assert images.shape == (3, channels, resolution, resolution)
    assert images.abs().max() <= 1
    assert discriminator(images).shape == (3,)


def test_the_document_preset_has_the_documents_layers() -> None:
    generator, discriminator = build(resolve("dcgan-document", "fashion-mnist", steps=1), channels=1).values()
    shapes = [tuple(m.weight.shape) for m in generator.main if isinstance(m, torch.nn.ConvTranspose2d)]
    assert shapes == [(100, 256, 4, 4), (256, 128, 4, 4), (128, 64, 4, 4), (64, 1, 4, 4)]
    shapes = [tuple(m.weight.shape) for m in discriminator.main if isinstance(m, torch.nn.Conv2d)]
    assert shapes == [(64, 1, 4, 4), (128, 64, 4, 4), (256, 128, 4, 4), (1, 256, 4, 4)]


def test_a_side_that_doubling_never_reaches_is_refused() -> None:
    for side in (4, 28, 30, 48):
        with pytest.raises(ValueError, match=str(side)):
            networks.doublings_of(side)
