"""Experiment 16: how much of the classes can be read off the inside of a network that was never told of them?

**Design.** GANs trained without labels. *Discriminator*: what goes into its last layer, for real images; a linear probe
fitted on training images has to name the class of held-out ones. Against it: the same probe on the same network
untrained, and on the bare pixels. *Generator*: the noise behind an image; a linear probe fitted on some images has to
name, from the noise alone, the class that the extractor's classifier sees in others. Then the probe is put to use:
noise is moved along the direction of a class, at unchanged length, and the images that turn into it are counted.

**Pairing.** By seed. **Statistic.** Readability, (right - chance) / (1 - chance), where chance is always naming the
commonest class; differences of accuracy; all by seed.

**What it cannot say.** That a class can be read is not that anybody understands how the network decides, nor that it
uses what was read. What is not linear is not seen. Small networks on small pictures may be easier to read than large
ones, or harder.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gan.config import TrainConfig
from gan.experiments import probing
from gan.experiments.design import Scale, training
from gan.experiments.found import Found, Name, difference

if TYPE_CHECKING:
    from torch import Tensor, nn

    from gan.experiments.lab import Lab
    from gan.method import Sampler

SEEDS = 3
KNOWN, ASKED = 2_000, 2_000
"""Images that a probe is fitted to, and asked about, at most."""
STEERED = 200
"""Images that are moved towards each class."""
STRENGTH = 0.5
"""How much of the moved noise, in length, is the direction of the class."""


def needs(scale: Scale) -> list[TrainConfig]:
    """No runs: those of the pool keep no discriminator, so it trains its own."""
    return []


def findings(lab: "Lab") -> Found:
    """What probes read, by seed."""
    arms: dict[str, dict[int, float]] = {}
    for seed in lab.seeds[:SEEDS]:
        cfg = training(lab.scale, seed)
        lab.say(f"training {cfg.preset}, seed {seed}")
        for name, value in _read(lab, cfg).items():
            arms.setdefault(name, {})[seed] = value
    found = Found()
    texts = {
        "discriminator_readability": (
            "how much of the class can be read off the trained discriminator (0: chance, 1: all)",
            "从训练后的判别器特征中可读出的类别信息（0为随机，1为完全）",
        ),
        "latent_readability": (
            "how much of the class of a generated image can be read off its noise (0: chance, 1: all)",
            "从生成图像的噪声中可读出的类别信息（0为随机，1为完全）",
        ),
        "steered_share": (
            "share of images that are of a class after their noise was moved towards it",
            "将噪声朝某类别方向移动后，图像确属该类别的比例",
        ),
        "steering_gain": (
            "the same minus the share that was of that class before",
            "同上，减去移动前属于该类别的比例",
        ),
    }
    for name, (en, zh) in texts.items():
        found.replicates(name, arms[name], {"en": en, "zh": zh})
    found.replicates(
        "discriminator_gain_over_untrained",
        difference(arms["discriminator"], arms["untrained discriminator"]),
        {
            "en": "accuracy of the probe: on the trained discriminator minus on the untrained one",
            "zh": "探针准确率：训练后与未训练判别器之差",
        },
    )
    found.replicates(
        "discriminator_gain_over_pixels",
        difference(arms["discriminator"], arms["pixels"]),
        {
            "en": "accuracy of the probe: on the trained discriminator minus on the bare pixels",
            "zh": "探针准确率：训练后判别器与原始像素之差",
        },
    )
    shown: dict[str, Name] = {
        "discriminator": ("trained discriminator", "训练后的判别器"),
        "untrained discriminator": ("untrained discriminator", "未训练的判别器"),
        "pixels": ("pixels", "像素"),
        "noise": ("noise of generated images", "生成图像的噪声"),
        "chance": ("nothing (chance)", "无（随机）"),
    }
    found.bars(
        "probe_accuracy",
        {"en": "what the probe sees", "zh": "探针所见"},
        {"en": "share of classes named right", "zh": "类别判断正确率"},
        {label: arms[name] for name, label in shown.items()},
    )
    return found


def _read(lab: "Lab", cfg: TrainConfig) -> dict[str, float]:
    import torch

    from gan import loop
    from gan.loop import seed_of
    from gan.pictures import to_float

    data = lab.data
    random = torch.Generator().manual_seed(seed_of(cfg.seed, "probes"))
    known = torch.randperm(len(data.train), generator=random)[:KNOWN]
    asked = torch.randperm(len(data.held_out), generator=random)[:ASKED]
    images, labels = data.train[known], data.train_labels[known].numpy()
    test, test_labels = data.held_out[asked], data.held_out_labels[asked].numpy()

    def probe(see: "nn.Module | None") -> float:
        seen = [to_float(x).flatten(1).numpy() if see is None else inside(see, x) for x in (images, test)]
        return probing.accuracy((seen[0], labels), (seen[1], test_labels))

    with lab.model(cfg) as (model, batches):
        critic = model.networks["discriminator"]
        found = {"pixels": probe(None), "untrained discriminator": probe(critic)}
        for step in range(loop.Budget.of(cfg, 1).steps or 0):
            loop.update(model, batches.of(step), cfg)
            model.step += 1
        found["discriminator"] = probe(critic)
    chance = probing.majority(labels, test_labels)
    found |= {"chance": chance, "discriminator_readability": probing.readability(found["discriminator"], chance)}
    return found | _steer(lab, model.sampler, cfg.seed)


def inside(network: "nn.Module", images: "Tensor", batch: int = 250) -> NDArray[np.float32]:
    """What goes into the last layer of `network` for uint8 `images`, (N, d), one row an image."""
    import torch
    from torch import nn

    from gan.pictures import to_float

    *_, last = (m for m in network.modules() if isinstance(m, nn.Linear | nn.Conv2d))
    device = next(network.parameters()).device
    caught: list[Tensor] = []
    hook = last.register_forward_pre_hook(lambda _, given: caught.append(given[0].detach().flatten(1).cpu()))
    was_training = network.training
    network.eval()
    try:
        with torch.no_grad():
            for part in torch.split(images, batch):
                network(to_float(part.to(device)))
    finally:
        hook.remove()
        network.train(was_training)
    return np.asarray(torch.cat(caught).numpy())


def _steer(lab: "Lab", sampler: "Sampler", seed: int) -> dict[str, float]:
    """What can be read off the noise, and what moving it along what was read does."""
    import torch

    from gan.loop import seed_of

    random = torch.Generator().manual_seed(seed_of(seed, "noise to read"))
    noise = torch.randn(KNOWN + ASKED, *sampler.method.noise_shape, generator=random)
    judged = _classes(lab, sampler, noise)
    known, asked = noise[:KNOWN].numpy(), noise[KNOWN:].numpy()
    if len(np.unique(judged[:KNOWN])) == 1:  # collapsed: there is no class to tell apart
        return {"noise": 1.0, "latent_readability": 0.0, "steered_share": 0.0, "steering_gain": 0.0}
    probe = probing.fitted(known, judged[:KNOWN])
    right = float((probe.predict(asked) == judged[KNOWN:]).mean())
    chance = probing.majority(judged[:KNOWN], judged[KNOWN:])
    start = noise[:STEERED]
    shares, before = [], []
    for label, direction in zip(probe.classes_, probing.directions(probe), strict=True):
        moved = _classes(lab, sampler, towards(start, torch.from_numpy(direction).float()))
        shares.append(float((moved == label).mean()))
        before.append(float((judged[:STEERED] == label).mean()))
    return {
        "noise": right,
        "latent_readability": probing.readability(right, chance),
        "steered_share": float(np.mean(shares)),
        "steering_gain": float(np.mean(shares) - np.mean(before)),
    }


def towards(noise: "Tensor", direction: "Tensor", strength: float = STRENGTH) -> "Tensor":
    """`noise` (N, Z) with `strength` of its length along the unit `direction` (Z,) and the rest as it was across it."""
    length = noise.norm(dim=1, keepdim=True)
    across = noise - (noise @ direction)[:, None] * direction
    across = across / across.norm(dim=1, keepdim=True)
    moved: Tensor = length * (strength * direction + (1 - strength**2) ** 0.5 * across)
    return moved


def _classes(lab: "Lab", sampler: "Sampler", noise: "Tensor") -> NDArray[np.intp]:
    """The class that the extractor's classifier sees in the image of each row of `noise`."""
    import torch

    from gan.pictures import to_uint8

    device = next(sampler.network.parameters()).device
    with torch.no_grad():
        images = [to_uint8(sampler(part.to(device), None)) for part in torch.split(noise, 500)]
    probabilities = lab.features(torch.cat(images)).probabilities
    assert probabilities is not None  # both built-in data sets of the experiments have an extractor of their own
    return np.asarray(probabilities.argmax(axis=1))
