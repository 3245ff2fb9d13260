"""Counted operations equal counts by hand, for each network: forwards, backwards, and through penalties' gradients.

The hand counts are multiply-adds of one image: kernel area x input channels x output channels x positions (of the
smaller side where a convolution is strided), layer by layer, for digits at 16 x 16, one channel, width 8.
"""

import pytest
import torch

from gan import datasets, inspection, loop
from gan.config import PRESETS, TrainConfig, resolve
from gan.run import count_flops_of_a_step, count_flops_of_an_image

pytestmark = pytest.mark.torch

G = [16 * 100 * 16, 16 * 16 * 8 * 16, 16 * 8 * 1 * 64]  # DCGAN's generator: 1 -> 4, 4 -> 8, 8 -> 16 pixels
D = [16 * 1 * 8 * 64, 16 * 8 * 16 * 16, 16 * 16 * 1]  # and discriminator: 16 -> 8, 8 -> 4, 4 -> 1


def config(preset: str, **settings: object) -> TrainConfig:
    return resolve(preset, "digits", **{"steps": 1, "width": 8, "batch_size": 4, **settings})


def counted(cfg: TrainConfig) -> tuple[float, float]:
    """Multiply-adds per real image in training, and per generated image."""
    data = datasets.load("digits", cfg.resolution)
    batches = loop.Batches(data.train, data.train_labels if cfg.conditional else None, cfg)
    model = loop.build(cfg, 1, torch.device("cpu"), 10)
    step = count_flops_of_a_step(batches, cfg, data)
    return step / 2 / cfg.images_per_step, count_flops_of_an_image(model) / 2


def game(g: list[int], d: list[int]) -> int:
    """A generator's and a discriminator's step without penalty."""
    generator = 3 * sum(g) - g[0]  # forwards, weights, inputs; noise needs no gradient
    discriminator = 2 * (3 * sum(d) - d[0])  # on real and on generated images, whose pixels need none in this step
    through = 2 * sum(d)  # forwards, and back to the pixels
    return generator + discriminator + through


def test_dcgan() -> None:
    assert counted(config("dcgan")) == (game(G, D), sum(G))
    g = [16 * 110 * 16, *G[1:]]
    d = [16 * 11 * 8 * 64, *D[1:]]
    assert counted(config("dcgan", conditional=True)) == (game(g, d), sum(g))


def test_sngan() -> None:
    """Power iterations are products of a matrix and a vector, which torch's formulas leave out."""
    assert counted(config("sngan")) == (game(G, D), sum(G))


def test_wgan_gp() -> None:
    critic = sum(G)  # images to judge
    critic += 2 * (3 * sum(D) - D[0])  # the distance, from real and from generated images
    critic += 2 * sum(D)  # between them: forwards, and back to the pixels
    # back through that gradient: weights, and the gradients that came in from above, where that is more than a mean
    critic += 2 * sum(D) - D[-1]
    # leaky ReLU's second derivative is zero, and autograd sends the zeros back through the pass below the last layer
    critic += 2 * sum(D[:-1]) - D[0]
    generator = 3 * sum(G) - G[0] + 2 * sum(D)
    training, generating = counted(config("wgan-gp"))
    assert training == pytest.approx((5 * critic + generator) / 5)
    assert generating == sum(G)


def test_r3gan() -> None:
    widths = {4: 16, 8: 8, 16: 4}
    block = {side: (1 + 9 + 1) * c * c * side * side for side, c in widths.items()}
    steps = 16 * 8 * 16 + 8 * 4 * 64  # 1 x 1 between resolutions, at the smaller one
    weigh, paint, look, judge = 100 * 16, 4 * 1 * 256, 1 * 4 * 256, 16
    g = weigh + sum(block.values()) + steps + paint
    d = look + sum(block.values()) + steps + judge
    side = 3 * d - look  # forwards, weights, inputs
    side += d  # the gradient at the pixels
    side += 2 * d - judge  # and back through it
    through = d + 2 * d  # the real images again, the generated ones forwards and back to the pixels
    assert counted(config("r3gan")) == (2 * side + through + 3 * g - weigh, g)


def test_rpgan() -> None:
    side = 3 * sum(D) - D[0]  # forwards, weights, inputs
    side += sum(D)  # the gradient at the pixels
    side += 2 * sum(D) - D[-1]  # and back through it
    through = sum(D) + 2 * sum(D)  # the real images again, the generated ones forwards and back to the pixels
    assert counted(config("rpgan")) == (2 * side + through + 3 * sum(G) - G[0], sum(G))


def test_vae() -> None:
    encoder = [D[0], D[1], 16 * 16 * 64]
    decoder = [16 * 32 * 16, *G[1:]]
    assert counted(config("vae")) == (3 * sum(encoder) - encoder[0] + 3 * sum(decoder), sum(decoder))


def test_flow_matching() -> None:
    def residual(inputs: int, outputs: int, positions: int) -> int:
        shortcut = inputs * outputs * positions if inputs != outputs else 0
        return 9 * (inputs + outputs) * outputs * positions + shortcut + 16 * 2 * outputs  # the last: the time's

    enter, leave, time = 9 * 4 * 8 * 64, 9 * 8 * 4 * 64, 8 * 16
    down = residual(8, 8, 64) + residual(8, 16, 16)
    up = residual(32, 8, 16) + residual(16, 8, 64)
    forward = enter + time + down + residual(16, 16, 16) + up + leave
    assert counted(config("flow-matching")) == (3 * forward - enter - time, 10 * forward)


@pytest.mark.parametrize("preset", list(PRESETS))
def test_layers_add_up_to_their_network(preset: str) -> None:
    cfg = resolve(preset, "digits", steps=1, conditional=PRESETS[preset].conditional)
    found = inspection.inspect(cfg, datasets.load("digits", cfg.resolution))
    model = loop.build(cfg, 1, torch.device("cpu"), 10)
    for network in found.networks:
        assert network.parameters == sum(p.numel() for p in model.networks[network.name].parameters())
        assert network.parameters == sum(layer.parameters for layer in network.layers)
    sampler = next(network for network in found.networks if network.name == model.method.sampler)
    assert sampler.flops * found.evaluations_per_image == found.flops_per_image["generating"]
    assert found.flops_per_image["training"] >= 2 * sampler.flops
