"""Experiment 11: do convolutions catch local structure, do layers help, do recurrent networks remember for long?

**Design.** *Pictures:* three classifiers of one data set at 16 x 16: convolutional, plain with as many parameters
(within two hundredths), linear. All are trained alike (`gan.experiments.contenders`) and judged on held-out images; the
first two again on images whose pixels are shuffled, all by one permutation. What a plain network can learn then stays
the same and what is local is gone, so an advantage that is due to locality has to vanish.
*Sequences:* delayed recall (`gan.experiments.recall`) by a plain recurrent network (tanh) and an LSTM with as many
parameters, each started as is advised for it: the plain one orthogonal, the LSTM with gates that forget at the pace of
the delay (Tallec & Ollivier 2018, arXiv:1804.11188). A fresh pair for every delay, trained at that delay.

**Pairing.** By seed: the same images, permutation, sequences. **Statistic.** Differences of held-out accuracy by seed.

**What it cannot say.** Small networks, small pictures, an invented task, one learning rate for all, a fixed number of
steps: a plain recurrent network that fails here may learn the task with more steps, and attention, which has replaced
both in practice, is not in it.
"""

from typing import TYPE_CHECKING

from gan.config import TrainConfig
from gan.experiments.design import Scale, Size
from gan.experiments.found import BySeed, Found, Name, difference, paired

if TYPE_CHECKING:
    import torch

    from gan.experiments.lab import Lab

SIDE = 16
TRAIN, TEST = 2_000, 2_000
"""Images at most: at this size networks differ, and a training takes seconds."""
BATCH = 64
STEPS: dict[Size, int] = {"quick": 400, "standard": 800, "full": 4_000}

DELAYS: dict[Size, tuple[int, ...]] = {"quick": (3, 15, 48), "standard": (3, 15, 60), "full": (3, 15, 60, 240)}
RECALL_STEPS: dict[Size, int] = {"quick": 300, "standard": 600, "full": 3_000}
ARMS: dict[str, Name] = {
    "convolutional": ("convolutional", "卷积网络"),
    "convolutional, shuffled": ("convolutional, pixels shuffled", "卷积网络，像素打乱"),
    "plain": ("plain", "普通网络"),
    "plain, shuffled": ("plain, pixels shuffled", "普通网络，像素打乱"),
    "linear": ("linear", "线性分类器"),
}
CELLS: dict[str, Name] = {"plain": ("a plain recurrent network", "普通循环网络"), "gated": ("an LSTM", "LSTM")}


def needs(scale: Scale) -> list[TrainConfig]:
    """No runs: it trains its own networks."""
    return []


def findings(lab: "Lab") -> Found:
    """Both parts."""
    found = Found()
    _pictures(found, lab.scale)
    _sequences(found, lab.scale)
    return found


def _pictures(found: Found, scale: Scale) -> None:
    arms: dict[str, dict[int, float]] = {}
    for seed in scale.seeds:
        for arm, accuracy in picture_accuracies(scale.dataset, STEPS[scale.size], seed).items():
            arms.setdefault(arm, {})[seed] = accuracy
    gain = difference(arms["convolutional"], arms["plain"])
    shuffled = difference(arms["convolutional, shuffled"], arms["plain, shuffled"])
    found.replicates(
        "convolution_gain",
        gain,
        {
            "en": "held-out accuracy of the convolutional network minus that of a plain one with as many parameters",
            "zh": "参数量相同时，卷积网络与普通网络的留出集准确率之差",
        },
    )
    found.replicates(
        "convolution_gain_shuffled",
        shuffled,
        {"en": "the same on images with shuffled pixels", "zh": "同上，但图像像素已按同一排列打乱"},
    )
    found.replicates(
        "convolution_gain_due_to_place",
        difference(gain, shuffled),
        {
            "en": "how much of the advantage goes when the pixels are shuffled",
            "zh": "像素打乱后优势减少的幅度",
        },
    )
    found.replicates(
        "depth_gain",
        difference(arms["plain"], arms["linear"]),
        {
            "en": "held-out accuracy of the plain network of three hidden layers minus that of a linear one",
            "zh": "三层隐藏层的普通网络与线性分类器的留出集准确率之差",
        },
    )
    found.replicates(
        "linear_accuracy",
        arms["linear"],
        {"en": "held-out accuracy of the linear classifier", "zh": "线性分类器的留出集准确率"},
    )
    found.bars(
        "accuracy_by_architecture",
        {"en": "network", "zh": "网络"},
        {"en": "held-out accuracy", "zh": "留出集准确率"},
        {ARMS[arm]: values for arm, values in arms.items()},
    )


def picture_accuracies(dataset: str, steps: int, seed: int) -> dict[str, float]:
    """Held-out accuracy of every arm, for one seed."""
    import torch

    from gan import datasets
    from gan.experiments import contenders
    from gan.experiments.contenders import Convolutional, Linear, Plain
    from gan.loop import seed_of
    from gan.networks import parameters

    data = datasets.load(dataset, SIDE)
    random = torch.Generator().manual_seed(seed_of(seed, "architectures"))
    chosen = torch.randperm(len(data.train), generator=random)[:TRAIN]
    train, labels = data.train[chosen], data.train_labels[chosen]
    test, test_labels = data.held_out[:TEST], data.held_out_labels[:TEST]
    order = torch.randperm(SIDE * SIDE, generator=random)
    classes, pixels = len(data.classes), data.channels * SIDE * SIDE
    makers = {
        "convolutional": lambda: Convolutional(data.channels, classes),
        "plain": lambda: Plain.of_size(pixels, classes, parameters(Convolutional(data.channels, classes))),
        "linear": lambda: Linear(pixels, classes),
    }
    found = {}
    for name, make in makers.items():
        for suffix, permute in (("", None), (", shuffled", order)):
            if name == "linear" and permute is not None:
                continue  # a linear classifier does not know where pixels are
            seen, judged = (train, test) if permute is None else (shuffle(train, permute), shuffle(test, permute))
            network = contenders.fresh(make, seed_of(seed, name))
            contenders.fit(network, seen, labels, steps=steps, batch_size=BATCH, seed=seed_of(seed, "batches"))
            found[name + suffix] = contenders.accuracy(network, judged, test_labels)
    return found


def shuffle(images: "torch.Tensor", order: "torch.Tensor") -> "torch.Tensor":
    """`images` (N, C, H, W) with their pixels in `order` (H · W,), channels together."""
    return images.flatten(2)[:, :, order].reshape(images.shape)


def _sequences(found: Found, scale: Scale) -> None:
    from gan.experiments import recall

    delays = DELAYS[scale.size]
    right: dict[str, dict[float, dict[int, float]]] = {cell: {} for cell in CELLS}
    for seed in scale.seeds:
        for delay in delays:
            for cell in right:
                accuracy = recall.accuracy(cell, delay, RECALL_STEPS[scale.size], seed)
                right[cell].setdefault(float(delay), {})[seed] = accuracy
    shortest, longest = float(delays[0]), float(delays[-1])
    short = paired(right["plain"][shortest], right["gated"][shortest], min)
    found.replicates(
        "recall_short",
        short,
        {
            "en": f"share recalled after {shortest:g} symbols by whichever of the two networks recalls less",
            "zh": f"间隔{shortest:g}个符号时，两种网络中较差者的正确率",
        },
    )
    for cell, (en, zh) in CELLS.items():
        about = {
            "en": f"share recalled after {longest:g} symbols by {en}; chance: {1 / recall.SYMBOLS:g}",
            "zh": f"间隔{longest:g}个符号时{zh}的正确率（随机猜测为{1 / recall.SYMBOLS:g}）",
        }
        found.replicates(f"recall_long_{cell}", right[cell][longest], about)
    lead: BySeed = difference(right["gated"][longest], right["plain"][longest])
    found.replicates(
        "recall_gain_gated",
        lead,
        {
            "en": f"share recalled after {longest:g} symbols: LSTM minus plain recurrent network of as many parameters",
            "zh": f"间隔{longest:g}个符号时，LSTM与参数量相同的普通循环网络的正确率之差",
        },
    )
    found.curve(
        "recall_by_delay",
        {"en": "symbols in between", "zh": "间隔的符号数"},
        {"en": "share recalled", "zh": "正确率"},
        {CELLS[cell]: line for cell, line in right.items()},
        log_x=True,
    )
