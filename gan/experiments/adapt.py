"""Experiment 6: does a trained model learn a new class sooner than one that starts from nothing?

**Design.** A GAN is trained on all classes but one. Then both its networks go on with `NEW_IMAGES` images of the class
left out, and beside them fresh networks of the same shape learn the same images. FID of each against held-out images of
that class, at times that double. The class is another one for every seed.

**Pairing.** By seed: class, images, order, noise. **Statistic.** By seed: log2 of how many times the images that fresh
networks have to see for the quality that both reach (`crossing.log2_saving`; a lower bound where the trained ones have
it at the first look); log2 of the FIDs' ratio at the end; and, as the guard, how much the trained one gained.

**What it cannot say.** Images seen are counted, not distinct images: both have the same few. The new class resembles
the old ones (clothes beside clothes); how a model adapts to something foreign is another question. What it forgets of
the old classes meanwhile is not looked at.
"""

import math
from typing import TYPE_CHECKING

from gan.config import TrainConfig
from gan.experiments.crossing import log2_saving
from gan.experiments.design import Scale, training
from gan.experiments.found import Found, Name
from gan.metrics.frechet import fid
from gan.metrics.inputs import Features

if TYPE_CHECKING:
    from gan.experiments.lab import Lab
    from gan.loop import Batches, Model

SEEDS = 3
NEW_IMAGES = 200
GENERATED = 500
SHARES = (1 / 32, 1 / 16, 1 / 8, 1 / 4, 1 / 2, 1)
"""Of the budget: where the two are looked at."""

ARMS: dict[str, Name] = {"trained before": ("trained before", "预先训练"), "from scratch": ("from scratch", "从头训练")}
Curve = dict[int, float]
"""FID by images seen."""


def needs(scale: Scale) -> list[TrainConfig]:
    """No runs: those of the pool keep no discriminator, so it trains its own."""
    return []


def findings(lab: "Lab") -> Found:
    """Both curves of every seed, and how they compare."""
    curves: dict[str, dict[int, Curve]] = {arm: {} for arm in ARMS}
    saving, gain, adapted = {}, {}, {}
    for seed in lab.seeds[:SEEDS]:
        before, trained, fresh = learn(lab, seed)
        curves["trained before"][seed], curves["from scratch"][seed] = trained, fresh
        saving[seed] = log2_saving((list(fresh), list(fresh.values())), (list(trained), list(trained.values())))
        last = max(trained)
        gain[seed] = math.log2(fresh[last] / trained[last])
        adapted[seed] = math.log2(before / trained[last])
    found = Found()
    found.replicates(
        "log2_image_saving",
        saving,
        {
            "en": "log2 of how many times the images fresh networks need for equal quality on a new class; 1 is twice",
            "zh": "在新类别上达到相同质量时，从头训练所需图像数的倍数（以2为底取对数；1表示两倍）",
        },
    )
    found.replicates(
        "log2_fid_gain",
        gain,
        {
            "en": "log2 of the FID from scratch over that of the network trained before, at the end",
            "zh": "训练结束时，从头训练与预先训练的FID之比（以2为底取对数）",
        },
    )
    found.replicates(
        "log2_adapted",
        adapted,
        {
            "en": "log2 of the FID on the new class before adapting over that after",
            "zh": "适应前后在新类别上的FID之比（以2为底取对数）",
        },
    )
    found.curve(
        "fid_by_images",
        {"en": "images of the new class seen", "zh": "所见新类别图像数"},
        {"en": "FID against held-out images of the class", "zh": "与该类别留出图像的FID"},
        {
            ARMS[arm]: {
                float(x): {seed: curve[x] for seed, curve in by_seed.items()} for x in next(iter(by_seed.values()))
            }
            for arm, by_seed in curves.items()
        },
        log_x=True,
        log_y=True,
    )
    return found


def learn(lab: "Lab", seed: int) -> tuple[float, Curve, Curve]:
    """FID on the new class before adapting, and both curves, for one seed."""
    data = lab.data
    new = (3 * seed + 1) % len(data.classes)
    counts = data.train_labels.bincount().tolist()
    old = {label: min(counts) for label in range(len(counts)) if label != new}
    half = lab.scale.images // 2
    broad = training(lab.scale, seed, class_images=old, budget_images=half)
    images = min(NEW_IMAGES, counts[new])
    narrow = training(lab.scale, seed, class_images={new: images}, budget_images=half)
    real = lab.features(data.held_out[data.held_out_labels == new]).features
    lab.say(f"training on all classes but {data.classes[new]}, seed {seed}")
    with lab.model(broad) as (elder, batches):
        steps_to(elder, batches, broad, steps_of(broad))
    lab.say(f"adapting to {data.classes[new]}, seed {seed}")
    with lab.model(narrow) as (model, batches):
        inherit(model, elder)
        before = distance(lab, model, real, seed)
        trained = curve(lab, model, batches, narrow, real)
    with lab.model(narrow) as (model, batches):
        fresh = curve(lab, model, batches, narrow, real)
    return before, trained, fresh


def curve(lab: "Lab", model: "Model", batches: "Batches", cfg: TrainConfig, real: Features) -> Curve:
    """FID of `model` against `real` at `SHARES` of the budget, by images seen, while it trains."""
    found = {}
    for share in SHARES:
        steps_to(model, batches, cfg, max(1, round(share * steps_of(cfg))))
        found[model.step * cfg.images_per_step] = distance(lab, model, real, cfg.seed)
    return found


def distance(lab: "Lab", model: "Model", real: Features, seed: int) -> float:
    """FID of `model`'s images against features `real`."""
    from gan import generate

    made = generate.source(model.sampler, seed)(GENERATED)
    return fid(real, lab.features(made).features)


def steps_of(cfg: TrainConfig) -> int:
    """Steps of a budget in images."""
    return math.ceil((cfg.budget_images or 0) / cfg.images_per_step)


def steps_to(model: "Model", batches: "Batches", cfg: TrainConfig, step: int) -> None:
    """Train `model` up to `step`."""
    from gan import loop

    while model.step < step:
        loop.update(model, batches.of(model.step), cfg)
        model.step += 1


def inherit(model: "Model", elder: "Model") -> None:
    """Give `model`, fresh and of the same shape, everything that `elder` has learnt; its optimisers stay fresh."""
    for name, network in model.networks.items():
        network.load_state_dict(elder.networks[name].state_dict())
    model.averaged.load_state_dict(elder.averaged.state_dict())
