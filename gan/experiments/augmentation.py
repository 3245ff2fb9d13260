"""Experiment 8: does a classifier with few real images gain from generated ones, and more than from moved copies?

**Design.** At two numbers of real images a class, a conditional RpGAN is trained on those very images, and classifiers
of one kind are trained for the same number of steps on: the real images; as many draws of real and of generated ones;
real images shifted, turned and zoomed by chance (what practitioners do first); that and generated ones. All are tested
on all held-out images.
**Pairing.** By seed: the same real images, the same starting weights of the classifier.
**Statistic.** Differences in accuracy within a seed; their mean with Student's t.
**Guard.** More real images must help: else there is nothing to gain.
**Leak.** A generator trained on *all* images brings information that the few do not hold. It is drawn beside the
others, as a warning, and no finding rests on it.
**What it cannot say.** Anything about generators pre-trained on other people's images, which are such a leak.
"""

from typing import TYPE_CHECKING

import numpy as np

from gan.config import TrainConfig
from gan.experiments.design import Scale
from gan.experiments.found import Found, Text, difference
from gan.experiments.labels import PER_CLASS, arms
from gan.record import RunRecord

if TYPE_CHECKING:
    import torch

    from gan.experiments.lab import Lab

GENERATED = 1_000
"""Generated images that a classifier may draw from."""

GAINS: dict[str, tuple[str, str, Text]] = {
    "gain_generated": (
        "generated",
        "real",
        {"en": "Accuracy gained by generated images", "zh": "加入生成图像带来的准确率提升"},
    ),
    "gain_classic": (
        "classic",
        "real",
        {"en": "Accuracy gained by moved copies", "zh": "常规数据增强带来的准确率提升"},
    ),
    "added_to_classic": (
        "both",
        "classic",
        {
            "en": "Accuracy that generated images add to moved copies",
            "zh": "在常规增强之上，生成图像再带来的准确率提升",
        },
    ),
}
"""Finding (with _few or _more behind it), the arm with, the arm without, what it is."""


def needs(scale: Scale) -> list[TrainConfig]:
    """The generators of few images, and one of all for the leak."""
    known = arms(scale)
    return [known[arm](seed) for seed in scale.seeds for arm in ("some", "tenth", "all")]


def findings(lab: "Lab") -> Found:
    """Differences in accuracy."""
    found = Found()
    accuracy: dict[str, dict[str, dict[int, float]]] = {}
    counts = dict(zip(("few", "more"), PER_CLASS[lab.scale.size][1:], strict=True))
    runs: list[RunRecord] = []
    for part, arm in (("few", "some"), ("more", "tenth")):
        accuracy[part] = {}
        for seed, record in lab.by_seed(arms(lab.scale)[arm]).items():
            lab.say(f"classifiers on {counts[part]} images a class, seed {seed}")
            runs.append(record)
            leak = lab.run(arms(lab.scale)["all"](seed)) if part == "few" else None
            for name, value in classifiers(lab, record, leak).items():
                accuracy[part].setdefault(name, {})[seed] = value
    for part, by_arm in accuracy.items():
        for name, (with_, without, about) in GAINS.items():
            text = {
                "en": f"{about['en']}, {counts[part]} real a class",
                "zh": f"{about['zh']}（每类{counts[part]}张真实图像）",
            }
            values = difference(by_arm.get(with_, {}), by_arm.get(without, {}))
            found.replicates(f"{name}_{part}", values, text, runs=runs)
    found.replicates(
        "gain_real",
        difference(accuracy["more"].get("real", {}), accuracy["few"].get("real", {})),
        {
            "en": f"Accuracy gained by {counts['more']} instead of {counts['few']} real images a class",
            "zh": f"每类真实图像由{counts['few']}张增至{counts['more']}张带来的准确率提升",
        },
        runs=runs,
    )
    draw(found, accuracy, counts)
    return found


def classifiers(lab: "Lab", record: RunRecord, leak: RunRecord | None) -> dict[str, float]:
    """Held-out accuracy of a classifier for every arm, all from the real images that `record`'s run was trained on."""
    seed = record.config.seed
    images, labels = lab.training_part(record.config)
    enriched = mixed(lab, images, labels, record)
    found = {
        "real": lab.accuracy(lab.classifier(images, labels, seed)),
        "classic": lab.accuracy(lab.classifier(images, labels, seed, augment=True)),
        "generated": lab.accuracy(lab.classifier(*enriched, seed)),
        "both": lab.accuracy(lab.classifier(*enriched, seed, augment=True)),
    }
    if leak is not None:
        found["leak"] = lab.accuracy(lab.classifier(*mixed(lab, images, labels, leak), seed))
    return found


def mixed(
    lab: "Lab", images: "torch.Tensor", labels: "torch.Tensor", record: RunRecord
) -> "tuple[torch.Tensor, torch.Tensor]":
    """Real images and generated ones, each kind drawn equally often: real ones are repeated to as many."""
    import torch

    made, asked = lab.images(lab.sampler(record), GENERATED, record.config.seed)
    assert asked is not None
    rows = torch.from_numpy(np.resize(np.arange(len(images)), max(GENERATED, len(images))))
    return torch.cat([images[rows], made]), torch.cat([labels[rows], asked])


def draw(found: Found, accuracy: dict[str, dict[str, dict[int, float]]], counts: dict[str, int]) -> None:
    """Accuracy of every arm."""
    names = {
        "real": ("real only", "仅真实图像"),
        "generated": ("and generated", "加生成图像"),
        "classic": ("moved copies", "常规增强"),
        "both": ("moved copies and generated", "常规增强加生成图像"),
        "leak": ("generated by one that saw all (a leak)", "由见过全部图像者生成（信息泄漏）"),
    }
    for part, by_arm in accuracy.items():
        found.bars(
            f"accuracy_{part}",
            {"en": f"Trained on {counts[part]} real images a class", "zh": f"每类{counts[part]}张真实图像训练"},
            {"en": "Accuracy on held-out images", "zh": "在留出图像上的准确率"},
            {names[arm]: values for arm, values in by_arm.items()},
        )
