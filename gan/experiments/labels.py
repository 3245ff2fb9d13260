"""Experiment 7: how quality depends on the number of training images and on the share of them that is labelled.

**Design.** RpGAN, the same budget of images seen for every run. Told the classes: with few images of each class up to
all of them. Told nothing: with all (at size full with a tenth, too). All images, the class told for a tenth of each
class's (at size full for three tenths, too), the others of class "unknown"; pictures are then made of the ten known
classes.
**Pairing.** By seed: the same starting weights and noise. Which images and labels make a part is drawn anew for every
seed, so the spread over seeds holds that chance too.
**Statistic.** Ratios of FID within a seed; their mean with Student's t. FID alone would pass a generator that repeats
its few training images, so recall and memorisation (the share of images nearer to a training image than 95 % of unseen
real ones) stand beside it.
**Guard.** With the fewest images variety must suffer: else this budget cannot show what data are worth. Images must be
of the class asked for: else the networks ignore labels and nothing is learnt about them.
**What it cannot say.** What more training would make of the same images; what large models need; what labels cost.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from gan.config import TrainConfig
from gan.experiments.design import Scale, Size, training
from gan.experiments.found import Found, Text, quality, ratio
from gan.record import RunRecord

if TYPE_CHECKING:
    from gan.experiments.lab import Lab

Arm = Callable[[int], TrainConfig]
"""From a seed to the run of an arm."""

CLASSES = 10
"""Of every data set that experiments use."""

BATCH = 32
"""Of the default method. With fewer images than that, batches are half as large, and steps twice as many."""

PER_CLASS: dict[Size, tuple[int, int, int]] = {"quick": (2, 4, 12), "standard": (4, 60, 590), "full": (4, 60, 590)}
"""Images of each class: few, some, and a tenth of the data set."""


def arms(scale: Scale) -> dict[str, Arm]:
    """The arms by name; whoever needs one of these runs takes it from here."""
    few, some, tenth = PER_CLASS[scale.size]

    def arm(per_class: int | None, conditional: bool = True, label_share: float | None = None) -> Arm:
        images = None if per_class is None else dict.fromkeys(range(CLASSES), per_class)
        smaller: dict[str, Any] = (
            {} if per_class is None or per_class * CLASSES >= BATCH else {"batch_size": BATCH // 2}
        )
        return lambda seed: training(
            scale, seed, class_images=images, conditional=conditional, label_share=label_share, **smaller
        )

    known = {
        "few": arm(few),
        "some": arm(some),
        "tenth": arm(tenth),
        "all": arm(None),
        "untold": arm(None, conditional=False),
        "labels_tenth": arm(None, label_share=0.1),
    }
    if scale.size == "full":
        known |= {"untold_tenth": arm(tenth, conditional=False), "labels_third": arm(None, label_share=0.3)}
    return known


RATIOS: tuple[tuple[str, str, str, str, Text], ...] = (
    ("fid_ratio_few", "fid", "few", "all", {
        "en": "FID with the fewest images over FID with all, classes told",
        "zh": "图像最少时的FID与使用全部图像时之比（给出类别）"}),
    ("fid_ratio_tenth", "fid", "tenth", "all", {
        "en": "FID with a tenth of the images over FID with all, classes told",
        "zh": "使用十分之一图像时的FID与使用全部图像时之比（给出类别）"}),
    ("fid_ratio_tenth_untold", "fid", "untold_tenth", "untold", {
        "en": "FID with a tenth of the images over FID with all, no class told",
        "zh": "使用十分之一图像时的FID与使用全部图像时之比（不给类别）"}),
    ("recall_ratio_tenth", "recall", "tenth", "all", {
        "en": "Recall with a tenth of the images over recall with all, classes told",
        "zh": "使用十分之一图像时的召回率与使用全部图像时之比（给出类别）"}),
    ("fid_ratio_unlabelled", "fid", "untold", "all", {
        "en": "FID with no label told over FID with every label told, all images",
        "zh": "全部图像下，不给任何标签时的FID与给出全部标签时之比"}),
    ("fid_ratio_labels_tenth", "fid", "labels_tenth", "all", {
        "en": "FID with a tenth of the labels told over FID with all, all images",
        "zh": "全部图像下，给出十分之一标签时的FID与给出全部标签时之比"}),
    ("fid_ratio_labels_third", "fid", "labels_third", "all", {
        "en": "FID with three tenths of the labels told over FID with all, all images",
        "zh": "全部图像下，给出十分之三标签时的FID与给出全部标签时之比"}),
)  # fmt: skip
"""Finding, figure, the arm above the line, the arm below it, what it is."""

MEMORISATION: Text = {
    "en": "Share of generated images nearer to a training image than 95 % of unseen real ones are",
    "zh": "比95%的未见真实图像更接近某张训练图像的生成图像所占比例",
}


def needs(scale: Scale) -> list[TrainConfig]:
    """Every arm at every seed."""
    return [arm(seed) for seed in scale.seeds for arm in arms(scale).values()]


def findings(lab: "Lab") -> Found:
    """Ratios of FID, and what FID would hide."""
    found = Found()
    runs = {name: lab.by_seed(arm) for name, arm in arms(lab.scale).items()}
    for name, figure, above, below, about in RATIOS:
        if above not in runs:
            continue  # an arm of the full size alone
        both = (*runs[above].values(), *runs[below].values())
        found.replicates(name, ratio(quality(runs[above], figure), quality(runs[below], figure)), about, runs=both)
    few = {"en": "Recall with the fewest images, classes told", "zh": "图像最少时的召回率（给出类别）"}
    found.replicates("recall_few", quality(runs["few"], "recall"), few, runs=runs["few"].values())
    found.replicates("copies_few", quality(runs["few"], "memorisation"), MEMORISATION, runs=runs["few"].values())
    lab.say("are images of the class that was asked for?")
    found.replicates(
        "class_obeyed",
        {seed: obeyed(lab, record) for seed, record in runs["all"].items()},
        {"en": "Share of images judged to be of the class that was asked for", "zh": "被判为所要求类别的图像比例"},
        runs=runs["all"].values(),
    )
    draw(found, lab, runs)
    return found


def obeyed(lab: "Lab", record: RunRecord) -> float:
    """Share of a run's images that the extractor's classifier judges to be of the class that was asked for."""
    images, asked = lab.images(lab.sampler(record), lab.measure_images, record.config.seed)
    judged = lab.features(images).probabilities
    assert asked is not None
    assert judged is not None
    return float((judged.argmax(axis=1) == asked.numpy()).mean())


def draw(found: Found, lab: "Lab", runs: dict[str, dict[int, RunRecord]]) -> None:
    """Quality by number of images, and by share of labels."""
    few, some, tenth = PER_CLASS[lab.scale.size]
    everything = len(lab.data.train) / CLASSES
    told = {"few": few, "some": some, "tenth": tenth, "all": everything}
    untold = {"untold_tenth": tenth, "untold": everything}
    figures: dict[str, Text] = {
        "fid": {"en": "FID (lower is better)", "zh": "FID（越低越好）"},
        "recall": {"en": "Recall", "zh": "召回率"},
        "memorisation": MEMORISATION,
    }
    for figure, y_name in figures.items():
        found.curve(
            f"{figure}_by_images",
            {"en": "Training images of each class", "zh": "每类训练图像数"},
            y_name,
            {
                ("classes told", "给出类别"): {x: quality(runs[arm], figure) for arm, x in told.items()},
                ("no class told", "不给类别"): {
                    x: quality(runs[arm], figure) for arm, x in untold.items() if arm in runs
                },
            },
            log_x=True,
            log_y=figure == "fid",
        )
    shares = {"untold": 0.0, "labels_tenth": 0.1, "labels_third": 0.3, "all": 1.0}
    found.curve(
        "fid_by_labels",
        {"en": "Share of images whose class is told", "zh": "给出类别的图像比例"},
        figures["fid"],
        {("all images", "全部图像"): {x: quality(runs[arm]) for arm, x in shares.items() if arm in runs}},
    )
