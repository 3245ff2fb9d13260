"""Experiment 9: what is left of a generator's quality when it is rounded, pruned or made narrower.

**Design.** Conditional RpGAN on all images. Its trained generator with weights rounded to 8 bits (symmetric, a scale a
filter), or with the smallest weights of all layers together set to zero; and generators of half the width, trained anew
under the same budget of images. Size counts the bytes of weights: 4 each, 1 where rounded (and 4 a scale), 4 for each
that pruning left and a bit for each place. Time is that of 64 images at once, in turns with the full generator, the
median of the turns.
**Pairing.** Variants of one generator make images of the same noise; widths are paired by seed.
**Statistic.** Ratios to the full generator by seed; mean with Student's t. Sizes are counted.
**Guard.** Pruning nine tenths must do visible damage: else the measure sees none.
**What it cannot say.** How fast 8-bit arithmetic is: rounded weights are computed with in float32, as this machine's
library has no 8-bit convolutions for these networks, so only their size and their quality are measured. No variant is
trained on after it was changed, which would mend some of the damage.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from gan.config import TrainConfig
from gan.experiments.design import Scale, training
from gan.experiments.found import BySeed, Found, ratio
from gan.experiments.labels import arms

if TYPE_CHECKING:
    import torch
    from torch import nn

    from gan.experiments.lab import Lab
    from gan.method import Sampler

LEVELS = 127
"""Whole numbers on either side of zero that 8 bits hold."""

BATCH = 64
TURNS = 15
"""Of each network, when time is taken."""

PRUNED = (25, 50, 90)
"""Per cent of the weights that are set to zero."""


def half(scale: Scale, seed: int) -> TrainConfig:
    """Conditional training on all images at half the width."""
    full = arms(scale)["all"](seed)
    return training(scale, seed, conditional=True, width=full.width // 2)


def needs(scale: Scale) -> list[TrainConfig]:
    """Both widths at every seed."""
    return [cfg for seed in scale.seeds for cfg in (arms(scale)["all"](seed), half(scale, seed))]


def findings(lab: "Lab") -> Found:
    """Quality, size and time of every variant, over those of the full generator."""
    found = Found()
    runs = lab.by_seed(arms(lab.scale)["all"])
    narrow = lab.by_seed(lambda seed: half(lab.scale, seed))
    fid: dict[str, dict[int, float]] = {}
    size: dict[str, float] = {}
    time_ratio: dict[int, float] = {}
    for seed, record in runs.items():
        lab.say(f"rounding and pruning, seed {seed}")
        full = lab.sampler(record)
        for name, (sampler, bytes_) in variants(full).items():
            fid.setdefault(name, {})[seed] = lab.quality_of(sampler, seed)["fid"]
            size[name] = bytes_
        if seed in narrow:
            half_ = lab.sampler(narrow[seed])
            fid.setdefault("half", {})[seed] = lab.quality_of(half_, seed)["fid"]
            size["half"] = 4.0 * sum(p.numel() for p in half_.network.parameters())
            time_ratio[seed] = seconds_ratio(half_, full)
    report(found, fid, size)
    found.replicates(
        "time_ratio_half",
        time_ratio,
        {
            "en": "Time of half the width over that of the full one, 64 images",
            "zh": "半宽生成器与完整生成器生成64张图像所用时间之比",
        },
        runs=(*runs.values(), *narrow.values()),
    )
    return found


TITLES: dict[str, dict[str, str]] = {
    "int8": {"en": "weights rounded to 8 bits", "zh": "权重量化为8位"},
    "prune25": {"en": "a quarter of the weights set to zero", "zh": "剪去四分之一权重"},
    "prune50": {"en": "half of the weights set to zero", "zh": "剪去一半权重"},
    "prune90": {"en": "nine tenths of the weights set to zero", "zh": "剪去九成权重"},
    "half": {"en": "half the width, trained anew", "zh": "宽度减半并重新训练"},
}


def report(found: Found, fid: dict[str, dict[int, float]], size: dict[str, float]) -> None:
    """Findings and series from FID by variant and seed, and bytes by variant; "full" is what they are compared with."""
    full: BySeed = fid.get("full", {})
    for name, title in TITLES.items():
        about = {
            "en": f"FID with {title['en']} over that of the full generator",
            "zh": f"{title['zh']}后FID与完整生成器之比",
        }
        found.replicates(f"fid_ratio_{name}", ratio(fid.get(name, {}), full), about)
        if name in size and "full" in size:
            about = {
                "en": f"Bytes with {title['en']} over those of the full generator",
                "zh": f"{title['zh']}后字节数与完整生成器之比",
            }
            found.exact(f"size_ratio_{name}", size[name] / size["full"], about, of="generators")
    titles = {"full": ("full generator", "完整生成器")} | {n: (t["en"], t["zh"]) for n, t in TITLES.items()}
    found.bars(
        "fid_by_variant",
        {"en": "Generator", "zh": "生成器"},
        {"en": "FID (lower is better)", "zh": "FID（越低越好）"},
        {titles[name]: values for name, values in fid.items()},
    )


def variants(full: "Sampler") -> "dict[str, tuple[Sampler, float]]":
    """The full generator and its changed copies, each with its bytes of weights."""
    import copy
    from dataclasses import replace

    def changed(change: "Callable[[nn.Module], float]") -> "tuple[Sampler, float]":
        network = copy.deepcopy(full.network)
        bytes_ = change(network)
        return replace(full, network=network), bytes_

    found = {"full": (full, 4.0 * sum(p.numel() for p in full.network.parameters())), "int8": changed(round_weights)}
    for percent in PRUNED:
        found[f"prune{percent}"] = changed(lambda network, share=percent / 100: prune(network, share))  # type: ignore[misc]
    return found


def weights(network: "nn.Module") -> "Iterator[torch.nn.Parameter]":
    """What is rounded and pruned: parameters of two dimensions or more. Biases are few and stay."""
    return (parameter for parameter in network.parameters() if parameter.ndim > 1)


def round_weights(network: "nn.Module") -> float:
    """Round every filter's weights to 255 levels between its largest magnitude and minus that, in place; the bytes."""
    import torch

    with torch.no_grad():
        bytes_ = 4.0 * sum(p.numel() for p in network.parameters() if p.ndim <= 1)
        for parameter in weights(network):
            flat = parameter.flatten(1)
            scale = flat.abs().amax(dim=1, keepdim=True).clamp_min(1e-12) / LEVELS
            parameter.copy_(((flat / scale).round() * scale).view_as(parameter))
            bytes_ += parameter.numel() + 4.0 * len(flat)
    return bytes_


def prune(network: "nn.Module", share: float) -> float:
    """Set the `share` of weights that is smallest in magnitude, over all layers, to zero, in place; the bytes left."""
    import torch

    with torch.no_grad():
        magnitudes = torch.cat([parameter.abs().flatten() for parameter in weights(network)])
        count = int(share * len(magnitudes))
        limit = magnitudes.kthvalue(count).values if count else magnitudes.new_tensor(-1.0)
        bytes_ = 4.0 * sum(p.numel() for p in network.parameters() if p.ndim <= 1)
        for parameter in weights(network):
            kept = parameter.abs() > limit
            parameter.mul_(kept)
            bytes_ += 4.0 * int(kept.sum()) + parameter.numel() / 8
    return bytes_


def seconds_ratio(one: "Sampler", other: "Sampler") -> float:
    """Median time of `one` over that of `other`, in turns, so that a busy moment meets both."""
    taken: tuple[list[float], list[float]] = ([], [])
    for turn in range(TURNS + 3):
        for sampler, times in zip((one, other), taken, strict=True):
            seconds = seconds_of(sampler)
            if turn >= 3:  # the first ones load caches
                times.append(seconds)
    return statistics.median(taken[0]) / statistics.median(taken[1])


def seconds_of(sampler: "Sampler") -> float:
    """Time of one batch."""
    import torch

    noise = torch.zeros(BATCH, *sampler.method.noise_shape)
    labels = torch.zeros(BATCH, dtype=torch.long) if sampler.method.shape.classes else None
    with torch.no_grad():
        begun = time.perf_counter()
        sampler(noise, labels)
        return time.perf_counter() - begun
