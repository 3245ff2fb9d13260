"""Experiment 15: does a generator pass the imbalance of its data on, does it make it worse, and what repairs it?

**Design.** Two classes of the data set that look alike, ten images of one for each of the other; RpGAN that is told
nothing. The share of the rarer class among its images is judged by the extractor's classifier between the two classes,
and corrected for that judge's error rates on held-out images (Rogan & Gladen 1978). Two repairs: *reweighting*, the
same training with the rarer images repeated until both classes are seen equally often; and a *filter* (the founding
document's measure), which keeps equally many of both classes by the judgement of a classifier trained on the same
unbalanced images. What the filter reached is judged by the other judge, never by itself.
**Pairing.** Every seed has a pair of classes of its own, so repetitions hold that chance too.
**Statistic.** Shares by seed; mean with Student's t. Amplification is the share in the output over that in the data.
**Guard.** The judge must tell the two classes on held-out images.
**What it cannot say.** Anything about harm, or about kinds of bias that no class label shows.
"""

from typing import TYPE_CHECKING

from gan.config import TrainConfig
from gan.experiments.design import Scale, Size, training
from gan.experiments.found import Found, quality, ratio
from gan.experiments.labels import MEMORISATION
from gan.record import RunRecord

if TYPE_CHECKING:
    import torch

    from gan.experiments.lab import Lab

PAIRS: dict[str, tuple[tuple[int, int], ...]] = {
    "digits": ((3, 8), (1, 7), (9, 4), (5, 6)),
    "fashion-mnist": ((0, 6), (2, 4), (7, 9), (3, 1)),
}
"""The frequent class and the rare one, by data set; seeds take them in turn."""

FREQUENT: dict[Size, int] = {"quick": 110, "standard": 3_000, "full": 5_000}
"""Images of the frequent class."""

TIMES = 10
"""As many of the frequent class for one of the rare."""

IN_DATA = 1 / (TIMES + 1)
"""Share of the rare class in the training images."""

JUDGED = 2_000
"""Generated images that are judged."""


def unbalanced(scale: Scale, seed: int, *, balanced: bool = False) -> TrainConfig:
    """The run on one pair of classes; `balanced` repeats the rare images."""
    frequent, rare = pair(scale, seed)
    many = FREQUENT[scale.size]
    return training(scale, seed, class_images={frequent: many, rare: many // TIMES}, balanced=balanced)


def pair(scale: Scale, seed: int) -> tuple[int, int]:
    """The frequent and the rare class of a seed."""
    pairs = PAIRS[scale.dataset]
    return pairs[seed % len(pairs)]


def needs(scale: Scale) -> list[TrainConfig]:
    """Both trainings at every seed."""
    return [unbalanced(scale, seed, balanced=b) for seed in scale.seeds for b in (False, True)]


def findings(lab: "Lab") -> Found:
    """Shares of the rare class."""
    found = Found()
    runs = lab.by_seed(lambda seed: unbalanced(lab.scale, seed))
    repeated = lab.by_seed(lambda seed: unbalanced(lab.scale, seed, balanced=True))
    share: dict[int, float] = {}
    filtered: dict[int, float] = {}
    own: dict[int, float] = {}
    balanced: dict[int, float] = {}
    rates: dict[int, tuple[float, float]] = {}
    for seed, record in runs.items():
        lab.say(f"judging, seed {seed}")
        classes = pair(lab.scale, seed)
        rates[seed] = judge_rates(lab, classes)
        images, _ = lab.images(lab.sampler(record), JUDGED, seed)
        judged = is_rare(lab, images, classes)
        share[seed] = corrected(float(judged.double().mean()), *rates[seed])
        kept, own[seed] = kept_by_filter(lab, record, images, classes, seed)
        if kept.any():
            filtered[seed] = corrected(float(judged[kept].double().mean()), *rates[seed])
        else:
            lab.warnings.append(f"The filter of seed {seed} found no image of the rare class to keep.")
        if seed in repeated:
            again, _ = lab.images(lab.sampler(repeated[seed]), JUDGED, seed)
            balanced[seed] = corrected(float(is_rare(lab, again, classes).double().mean()), *rates[seed])
    report(found, share, filtered, own, balanced, rates, runs, repeated)
    return found


def report(
    found: Found,
    share: dict[int, float],
    filtered: dict[int, float],
    own: dict[int, float],
    balanced: dict[int, float],
    rates: dict[int, tuple[float, float]],
    runs: dict[int, RunRecord],
    repeated: dict[int, RunRecord],
) -> None:
    """Findings and a series."""
    data = dict.fromkeys(share, IN_DATA)
    found.replicates(
        "share_rare",
        share,
        {
            "en": f"Share of the rare class in the output ({IN_DATA:.3f} in the data)",
            "zh": f"生成结果中少数类的占比（数据中为{IN_DATA:.3f}）",
        },
        runs=runs.values(),
    )
    found.replicates(
        "amplification",
        ratio(share, data),
        {
            "en": "Share of the rare class in the output over that in the data",
            "zh": "少数类在生成结果中与在数据中占比之比",
        },
        runs=runs.values(),
    )
    found.replicates(
        "share_filtered",
        filtered,
        {
            "en": "Share of the rare class after a filter to equal shares, by another judge",
            "zh": "按等比例过滤后，由另一评判者测得的少数类占比",
        },
        runs=runs.values(),
    )
    found.replicates(
        "share_filtered_own",
        own,
        {"en": "The same by the filter's own judgement", "zh": "同上，由过滤器自身评判"},
        runs=runs.values(),
    )
    found.replicates(
        "share_reweighted",
        balanced,
        {
            "en": "Share of the rare class where its images were repeated in training",
            "zh": "训练中重复少数类图像后，其在生成结果中的占比",
        },
        runs=repeated.values(),
    )
    found.replicates("copies_reweighted", quality(repeated, "memorisation"), MEMORISATION, runs=repeated.values())
    found.replicates("copies_plain", quality(runs, "memorisation"), MEMORISATION, runs=runs.values())
    found.replicates(
        "judge_accuracy",
        {seed: (hit + 1 - false) / 2 for seed, (hit, false) in rates.items()},
        {
            "en": "Balanced accuracy of the judge on held-out images of the two classes",
            "zh": "评判者在两类留出图像上的平衡准确率",
        },
    )
    found.bars(
        "share_by_repair",
        {"en": "Generator", "zh": "生成器"},
        {"en": "Share of the rare class", "zh": "少数类占比"},
        {
            ("training images", "训练图像"): data,
            ("output", "生成结果"): share,
            ("output, filtered", "过滤后的生成结果"): filtered,
            ("output, reweighted training", "重加权训练的生成结果"): balanced,
        },
    )


def judge_rates(lab: "Lab", classes: tuple[int, int]) -> tuple[float, float]:
    """Of held-out images: the share of the rare class judged rare, and the share of the frequent class judged rare."""
    frequent, rare = classes
    of = [is_rare(lab, lab.data.held_out[lab.data.held_out_labels == label], classes) for label in (rare, frequent)]
    return float(of[0].double().mean()), float(of[1].double().mean())


def is_rare(lab: "Lab", images: "torch.Tensor", classes: tuple[int, int]) -> "torch.Tensor":
    """Bool (n,): does the extractor's classifier find the rare class likelier than the frequent one?"""
    import torch

    frequent, rare = classes
    probabilities = lab.features(images).probabilities
    assert probabilities is not None
    return torch.from_numpy(probabilities[:, rare] > probabilities[:, frequent])


def corrected(judged: float, hit: float, false: float) -> float:
    """The true share behind a judged one, from the judge's rates on images whose class is known; 0..1."""
    if hit <= false:
        return float("nan")  # a judge that tells nothing
    return min(1.0, max(0.0, (judged - false) / (hit - false)))


def kept_by_filter(
    lab: "Lab", record: RunRecord, images: "torch.Tensor", classes: tuple[int, int], seed: int
) -> "tuple[torch.Tensor, float]":
    """Rows that a filter keeps, equally many of both classes by its judgement, and the share of rare ones by itself.

    The filter is a classifier trained on the run's own images, all that whoever trained the generator has.
    """
    import torch

    from gan.experiments import classify

    frequent, rare = classes
    own_images, labels = lab.training_part(record.config)
    filter_ = lab.classifier(own_images, labels, seed)
    probabilities = classify.predict(filter_, images)
    judged = probabilities[:, rare] > probabilities[:, frequent]
    rows = torch.nonzero(judged).flatten()
    others = torch.nonzero(~judged).flatten()[: len(rows)]
    rows = rows[: len(others)] if len(others) < len(rows) else rows
    kept = torch.zeros(len(images), dtype=torch.bool)
    kept[rows], kept[others] = True, True
    return kept, float(judged[kept].double().mean()) if kept.any() else float("nan")
