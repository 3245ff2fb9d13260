"""Experiment 4: how far generated images are from real ones.

**Design.** Conditional RpGAN on all images. Three measures, none of which asks a person: FID as a multiple of what real
training images themselves reach (the floor); precision as a share of theirs; and a classifier trained on generated
images and tested on real ones, against one trained on as many real images (the classification accuracy score of Ravuri
& Vinyals 2019, arXiv:1905.10887).
**Pairing.** Within a run: the floor rests on the same held-out images; both classifiers share weights to start from and
number of steps.
**Statistic.** Ratios by seed; mean with Student's t.
**Guard.** The classifier trained on real images must be good: else its accuracy measures nothing.
**What it cannot say.** What people see in larger pictures, or what larger models reach.
"""

from typing import TYPE_CHECKING

from gan.config import TrainConfig
from gan.experiments.design import Scale
from gan.experiments.found import Found, Text, quality, ratio
from gan.experiments.labels import arms

if TYPE_CHECKING:
    from gan.experiments.lab import Lab

OVER_FLOOR: dict[str, tuple[str, Text]] = {
    "fid_over_floor": (
        "fid",
        {"en": "FID over that of real images at the same number", "zh": "FID与同等数量真实图像的FID之比"},
    ),
    "precision_over_floor": (
        "precision",
        {"en": "Precision over that of real images", "zh": "精确率与真实图像的精确率之比"},
    ),
    "recall_over_floor": ("recall", {"en": "Recall over that of real images", "zh": "召回率与真实图像的召回率之比"}),
    "coverage_over_floor": (
        "coverage",
        {"en": "Coverage over that of real images", "zh": "覆盖率与真实图像的覆盖率之比"},
    ),
}

MOST = 10_000
"""Images that a classifier may draw from, generated or real."""


def needs(scale: Scale) -> list[TrainConfig]:
    """Conditional training on all images."""
    return [arms(scale)["all"](seed) for seed in scale.seeds]


def findings(lab: "Lab") -> Found:
    """Distance to the floor, and what a classifier learns."""
    found = Found()
    runs = lab.by_seed(arms(lab.scale)["all"])
    for name, (figure, about) in OVER_FLOOR.items():
        floor = {s: r.quality[figure].reference_floor for s, r in runs.items() if figure in r.quality}
        known = {seed: value for seed, value in floor.items() if value is not None}
        found.replicates(name, ratio(quality(runs, figure), known), about, runs=runs.values())
    real: dict[int, float] = {}
    generated: dict[int, float] = {}
    n = min(len(lab.data.train), MOST)
    for seed, record in runs.items():
        lab.say(f"classifiers on real and on generated images, seed {seed}")
        images, labels = lab.training_part(record.config.model_copy(update={"train_images": n}))
        real[seed] = lab.accuracy(lab.classifier(images, labels, seed))
        made, asked = lab.images(lab.sampler(record), n, seed)
        assert asked is not None
        generated[seed] = lab.accuracy(lab.classifier(made, asked, seed))
    found.replicates(
        "cas_ratio",
        ratio(generated, real),
        {
            "en": "Accuracy on real images when trained on generated ones, over that when trained on real ones",
            "zh": "用生成图像训练的分类器在真实图像上的准确率，与用真实图像训练者之比",
        },
        runs=runs.values(),
    )
    found.replicates(
        "cas_real",
        real,
        {"en": "Accuracy of the classifier trained on real images", "zh": "用真实图像训练的分类器的准确率"},
        runs=runs.values(),
    )
    found.bars(
        "classifier_accuracy",
        {"en": "The classifier was trained on", "zh": "分类器的训练图像"},
        {"en": "Accuracy on held-out real images", "zh": "在留出真实图像上的准确率"},
        {("real images", "真实图像"): real, ("generated images", "生成图像"): generated},
    )
    return found
