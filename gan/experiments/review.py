"""Experiment 17: what an automatic check flags among generated images, and how often it is wrong about real ones.

**Design.** Two checks, calibrated on real images alone. *Distance*: an image is flagged whose nearest training image,
in the extractor's features, is farther away than those of 95 % of unseen real images. *Doubt*: one whose likeliest
class is less likely than those of 95 % of them. One half of the held-out images sets both limits, the other says how
often real images are flagged. Generated images come from the pool's runs of the standard recipe.

**Pairing.** None needed: one generator a seed. **Statistic.** Share flagged by seed; share of the unseen half that is
flagged, a proportion; among generated images that either check flags, the share that only one does: where two checks
that were calibrated alike disagree, somebody has to decide.

**What it cannot say.** No person took part. What is harmful, false or biased is not what these checks look for; they
find what looks unlike the data. Whether a person would decide better than the checks is not measured.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gan.config import TrainConfig
from gan.experiments.design import Scale, training
from gan.experiments.found import Found, difference
from gan.metrics import Sample
from gan.metrics.inputs import Features, centre
from gan.metrics.neighbours import Cloud, nearest

if TYPE_CHECKING:
    from gan.experiments.lab import Lab

ALLOWED = 0.05
"""Share of real images that a check is set to flag."""
REFERENCE = 10_000
"""Training images at most that a check looks at: more cost time and move every distance alike."""
_SPLIT_SEED = 20_261_125

Flags = NDArray[np.bool_]
Vector = NDArray[np.float64]


def needs(scale: Scale) -> list[TrainConfig]:
    """The standard recipe, a run a seed."""
    return [training(scale, seed) for seed in scale.seeds]


def findings(lab: "Lab") -> Found:
    """How much each check flags, and how far they agree."""
    found = Found()
    records = lab.by_seed(lambda seed: training(lab.scale, seed))
    train = lab.features(lab.data.train[:REFERENCE]).features
    real = lab.features(lab.data.held_out)
    order = np.random.RandomState(_SPLIT_SEED).permutation(len(real.features))
    setting, judged = order[: len(order) // 2], order[len(order) // 2 :]
    suspicions = _suspicions(real, train)
    limits = {check: limit(values[setting]) for check, values in suspicions.items()}
    wrongly = {check: values[judged] > limits[check] for check, values in suspicions.items()}
    shares: dict[str, dict[int, float]] = {check: {} for check in limits}
    either, disputed = {}, {}
    for seed, record in records.items():
        images, _ = lab.images(lab.sampler(record), lab.measure_images, seed)
        flags = {check: values > limits[check] for check, values in _suspicions(lab.features(images), train).items()}
        for check, flagged in flags.items():
            shares[check][seed] = float(flagged.mean())
        either[seed] = float(np.logical_or(flags["distance"], flags["doubt"]).mean())
        disputed[seed] = dispute(flags["distance"], flags["doubt"])
    names = {
        "distance": ("distance to training images", "与训练图像的距离"),
        "doubt": ("doubt about the class", "类别置信度"),
    }
    for check, (en, zh) in names.items():
        found.replicates(
            f"flagged_{check}",
            shares[check],
            {"en": f"share of generated images flagged by {en}", "zh": f"按{zh}检查被标记的生成图像比例"},
            runs=records.values(),
        )
        found.proportion(
            f"flagged_real_{check}",
            int(wrongly[check].sum()),
            len(judged),
            {
                "en": f"share of unseen real images flagged by {en}; the check is set to {ALLOWED:g}",
                "zh": f"按{zh}检查被误标的真实图像比例（设定值为{ALLOWED:g}）",
            },
            of="images",
        )
    found.replicates(
        "flagged_excess",
        difference(shares["distance"], {seed: float(wrongly["distance"].mean()) for seed in records}),
        {
            "en": "share flagged by distance: generated images minus unseen real ones",
            "zh": "按距离检查被标记的比例：生成图像与未见过的真实图像之差",
        },
        runs=records.values(),
    )
    found.replicates(
        "flagged_either",
        either,
        {"en": "share of generated images that at least one check flags", "zh": "至少被一种检查标记的生成图像比例"},
        runs=records.values(),
    )
    found.replicates(
        "disputed_share",
        disputed,
        {
            "en": "among generated images that a check flags, the share that only one of the two does",
            "zh": "被标记的生成图像中，仅被两种检查之一标记的比例",
        },
        runs=records.values(),
    )
    found.bars(
        "flagged_by_check",
        {"en": "check", "zh": "检查方式"},
        {"en": "share flagged", "zh": "被标记比例"},
        {
            ("distance, generated images", "距离，生成图像"): shares["distance"],
            ("distance, real images", "距离，真实图像"): {0: float(wrongly["distance"].mean())},
            ("doubt, generated images", "置信度，生成图像"): shares["doubt"],
            ("doubt, real images", "置信度，真实图像"): {0: float(wrongly["doubt"].mean())},
        },
    )
    return found


def _suspicions(sample: Sample, train: Features) -> dict[str, Vector]:
    """How suspicious each image is to each check; higher is more."""
    if sample.probabilities is None:
        raise ValueError("the extractor of this data set knows its classes")
    return {"distance": distances(sample.features, train), "doubt": 1 - sample.probabilities.max(axis=1)}


def distances(images: Features, train: Features) -> Vector:
    """Distance of each row of `images` (m, d) to the nearest row of `train` (n, d), shape (m,)."""
    mean = centre(train)
    _, found = nearest(Cloud.of(images, mean, 1), Cloud.of(train, mean, 1))
    return np.asarray(found)


def limit(suspicions: Vector, allowed: float = ALLOWED) -> float:
    """The value that at most `allowed` of these exceed."""
    ascending = np.sort(suspicions)
    return float(ascending[len(ascending) - int(allowed * len(ascending)) - 1])


def dispute(one: Flags, other: Flags) -> float:
    """Among what either flags, the share that only one does; NaN where neither flags anything."""
    either = np.logical_or(one, other).sum()
    return float(np.logical_xor(one, other).sum() / either) if either else float("nan")
