"""Experiment 10: does learning without labels first save labels later?

**Design.** A small convolutional encoder learns from unlabelled training images that two changed copies of one
picture belong together (`gan.experiments.contrastive`). Then it is left as it is, and a linear probe on it gets k
labelled images a class. Against it: the same network trained from scratch on the same images with the same changes to
them, and, as controls, the same probe on an encoder that learnt nothing and on the bare pixels. Accuracy is that on
held-out images.

**Pairing.** By seed: encoder, choice of labelled images (few are among more), order. **Statistic.** Differences of
accuracy at k = `FEW` by seed; and how many times the labels training from scratch needs for the accuracy that both
reach (`crossing.log2_saving`).

**What it cannot say.** Changes that keep the class were chosen by people who know the pictures: a kind of label. How it
goes with large models and text, where it matters most, a small encoder on small pictures does not show.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from gan.config import TrainConfig
from gan.experiments.crossing import log2_saving
from gan.experiments.design import Scale, Size
from gan.experiments.found import Found, Name, difference

if TYPE_CHECKING:
    from gan.experiments.lab import Lab

SIDE = 16
TRAIN, TEST = 6_000, 2_000
LABELS = (1, 2, 5, 10, 30, 100)
"""Labelled images a class."""
FEW = 5
PRETRAINING_STEPS: dict[Size, int] = {"quick": 200, "standard": 400, "full": 4_000}
STEPS: dict[Size, int] = {"quick": 500, "standard": 1_000, "full": 3_000}
"""Of training from scratch. On digits with 5 and 100 labels a class, 150 steps reach 0.79 and 0.86, 500 reach 0.89 and
0.95, 2,000 reach 0.89 and 0.98 (seed 100, which no experiment uses): fewer would make a weak rival."""
BATCH = 64
ARMS: dict[str, Name] = {
    "pre-trained": ("probe on the pre-trained encoder", "预训练编码器上的探针"),
    "from scratch": ("trained from scratch", "从头训练"),
    "untrained": ("probe on an untrained encoder", "未训练编码器上的探针"),
    "pixels": ("probe on bare pixels", "原始像素上的探针"),
}
Accuracies = dict[str, dict[int, float]]
"""By arm and number of labelled images a class."""


def needs(scale: Scale) -> list[TrainConfig]:
    """No runs: it trains its own networks."""
    return []


def findings(lab: "Lab") -> Found:
    """What few labels give with and without learning from unlabelled images first."""
    scale = lab.scale
    by_seed = {seed: accuracies(scale.dataset, scale.size, seed) for seed in scale.seeds}
    arms = {
        arm: {float(k): {seed: found[arm][k] for seed, found in by_seed.items()} for k in LABELS}
        for arm in by_seed[scale.seeds[0]]
    }
    few, all_ = float(FEW), float(LABELS[-1])
    found = Found()
    found.replicates(
        "gain_over_scratch",
        difference(arms["pre-trained"][few], arms["from scratch"][few]),
        {
            "en": f"held-out accuracy at {FEW} labels a class: pre-trained without labels minus from scratch",
            "zh": f"每类{FEW}个标注时的留出集准确率：无标注预训练与从头训练之差",
        },
    )
    found.replicates(
        "gain_over_untrained",
        difference(arms["pre-trained"][few], arms["untrained"][few]),
        {
            "en": f"the same probe at {FEW} labels a class: on the pre-trained encoder minus on an untrained one",
            "zh": f"每类{FEW}个标注时同一探针：预训练编码器与未训练编码器之差",
        },
    )
    found.replicates(
        "gain_over_pixels",
        difference(arms["pre-trained"][few], arms["pixels"][few]),
        {
            "en": f"the same probe at {FEW} labels a class: on the pre-trained encoder minus on bare pixels",
            "zh": f"每类{FEW}个标注时同一探针：预训练编码器与原始像素之差",
        },
    )
    found.replicates(
        "log2_label_saving",
        {seed: label_saving(result["from scratch"], result["pre-trained"]) for seed, result in by_seed.items()},
        {
            "en": "log2 of how many times the labels training from scratch needs for equal accuracy; 1 is twice",
            "zh": "达到相同准确率时，从头训练所需标注数的倍数（以2为底取对数；1表示两倍）",
        },
    )
    found.replicates(
        "scratch_most_labels",
        arms["from scratch"][all_],
        {
            "en": f"held-out accuracy from scratch with {LABELS[-1]} labels a class",
            "zh": f"每类{LABELS[-1]}个标注时从头训练的留出集准确率",
        },
    )
    found.curve(
        "accuracy_by_labels",
        {"en": "labelled images a class", "zh": "每类标注图像数"},
        {"en": "held-out accuracy", "zh": "留出集准确率"},
        {ARMS[arm]: line for arm, line in arms.items()},
        log_x=True,
    )
    return found


def label_saving(plain: dict[int, float], helped: dict[int, float]) -> float:
    """`crossing.log2_saving` of accuracies by number of labels."""
    return log2_saving(
        (list(plain), [-accuracy for accuracy in plain.values()]),
        (list(helped), [-accuracy for accuracy in helped.values()]),
    )


def accuracies(dataset: str, size: Size, seed: int) -> Accuracies:
    """Held-out accuracy of every arm and number of labels, for one seed."""
    import torch

    from gan import datasets
    from gan.experiments import contenders, contrastive, probing
    from gan.experiments.contenders import Convolutional, nested_rows
    from gan.loop import seed_of
    from gan.pictures import to_float

    data = datasets.load(dataset, SIDE)
    random = torch.Generator().manual_seed(seed_of(seed, "self-supervision"))
    chosen = torch.randperm(len(data.train), generator=random)[:TRAIN]
    images, labels = data.train[chosen], data.train_labels[chosen]
    test, test_labels = data.held_out[:TEST], data.held_out_labels[:TEST]
    classes = len(data.classes)

    def start() -> Convolutional:
        return contenders.fresh(lambda: Convolutional(data.channels, classes), seed_of(seed, "encoder"))

    untrained, taught = start(), start()
    contrastive.pretrain(taught, images, steps=PRETRAINING_STEPS[size], seed=seed)
    seen: dict[str, Callable[[torch.Tensor], probing.Matrix]] = {
        "pre-trained": lambda x: contenders.outputs(taught.encode, x).numpy(),
        "untrained": lambda x: contenders.outputs(untrained.encode, x).numpy(),
        "pixels": lambda x: to_float(x).flatten(1).numpy(),
    }
    found: Accuracies = {arm: {} for arm in ARMS}
    judged = {arm: see(test) for arm, see in seen.items()}
    for k in LABELS:
        rows = nested_rows(labels, k, seed_of(seed, "labelled"))
        known = labels[rows].numpy()
        for arm, see in seen.items():
            found[arm][k] = probing.accuracy((see(images[rows]), known), (judged[arm], test_labels.numpy()))
        network = contenders.fit(
            start(),
            images[rows],
            labels[rows],
            steps=STEPS[size],
            batch_size=BATCH,
            seed=seed,
            augment=contrastive.changed,
        )
        found["from scratch"][k] = contenders.accuracy(network, test, test_labels)
    return found
