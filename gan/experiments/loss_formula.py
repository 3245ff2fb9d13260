"""Experiment 13: are the founding document's formula and its code the same loss for the generator?

Its section 4 has the generator minimise log(1 - D(G(z))) ("saturating"); its listing maximises log D(G(z))
("non-saturating", `gan.losses`). They agree where D is undecided and part where it is sure.

**Design.** DCGAN with the listing's rates (Adam, 2e-4 for both networks). Early in training both losses' gradients are
taken at the same weights, the same noise and the same discriminator, step by step, while the code's loss trains. And
whole runs with either loss, under one budget.
**Pairing.** Gradients: every step has both. Runs: by seed.
**Statistic.** The median over steps of the ratio of the two gradients' lengths, by seed; the ratio of FID by seed;
means with Student's t. At D = 1 % the ratio on the logit is a calculation.
**What it cannot say.** Which loss wins with other networks, rates or longer training.
"""

import statistics
from typing import TYPE_CHECKING

from gan.config import TrainConfig
from gan.experiments.design import Scale, Size, training
from gan.experiments.found import Found, quality, ratio

if TYPE_CHECKING:
    import torch

    from gan.experiments.lab import Lab

RATE = 2e-4
"""The listing's learning rate."""

STEPS: dict[Size, int] = {"quick": 80, "standard": 80, "full": 400}
"""Steps that count as early."""

SKIPPED = 10
"""First steps, in which neither network has learnt anything."""

SURE = 0.01
"""D's probability at which the calculation is made: as in the document's check."""


def of_loss(scale: Scale, loss: str, seed: int) -> TrainConfig:
    """A run with one of the losses; twice the images of other runs, as these rates are slow."""
    return training(
        scale, seed, preset="dcgan", loss=loss, lr_g=RATE, lr_d=RATE, budget_images=2 * scale.images_of_others
    )


def needs(scale: Scale) -> list[TrainConfig]:
    """Both losses at every seed."""
    return [of_loss(scale, loss, seed) for seed in scale.seeds for loss in ("non_saturating", "saturating")]


def findings(lab: "Lab") -> Found:
    """Gradients and quality of both."""
    found = Found()
    code = lab.by_seed(lambda seed: of_loss(lab.scale, "non_saturating", seed))
    formula = lab.by_seed(lambda seed: of_loss(lab.scale, "saturating", seed))
    both = (*code.values(), *formula.values())
    found.exact(
        "gradient_ratio_sure",
        logit_gradient("non_saturating", SURE) / logit_gradient("saturating", SURE),
        {
            "en": "Gradient on the logit by the code's loss over that by the formula's, where D gives 1 %",
            "zh": "D给出1%时，代码损失与公式损失对logit的梯度之比",
        },
    )
    ratios: dict[int, list[float]] = {}
    believed: dict[int, list[float]] = {}
    for seed in lab.seeds:
        lab.say(f"gradients early in training, seed {seed}")
        ratios[seed], believed[seed] = early(lab, of_loss(lab.scale, "non_saturating", seed), STEPS[lab.scale.size])
    found.replicates(
        "gradient_ratio_early",
        {seed: statistics.median(values[SKIPPED:]) for seed, values in ratios.items()},
        {
            "en": "Length of the generator's gradient by the code's loss over that by the formula's, median early step",
            "zh": "训练初期，生成器在代码损失与公式损失下的梯度长度之比（各步中位数）",
        },
    )
    found.replicates(
        "believed_early",
        {seed: statistics.median(values[SKIPPED:]) for seed, values in believed.items()},
        {
            "en": "D's probability for generated images, median of early steps",
            "zh": "训练初期D对生成图像给出的概率（各步中位数）",
        },
    )
    found.replicates(
        "fid_ratio_saturating",
        ratio(quality(formula), quality(code)),
        {"en": "FID with the formula's loss over FID with the code's", "zh": "公式损失的FID与代码损失的FID之比"},
        runs=both,
    )
    found.curve(
        "gradient_ratio_by_step",
        {"en": "Step", "zh": "训练步"},
        {"en": "Gradient by the code's loss over that by the formula's", "zh": "代码损失与公式损失的梯度之比"},
        {
            ("ratio", "比值"): {
                float(step): {s: v[step] for s, v in ratios.items()} for step in range(0, len(ratios[lab.seeds[0]]), 5)
            }
        },
        log_y=True,
    )
    found.bars(
        "fid_by_loss",
        {"en": "Loss of the generator", "zh": "生成器的损失"},
        {"en": "FID (lower is better)", "zh": "FID（越低越好）"},
        {("the code's", "代码的损失"): quality(code), ("the formula's", "公式的损失"): quality(formula)},
    )
    return found


def logit_gradient(loss: str, probability: float) -> float:
    """The generator's gradient with respect to D's logit where D gives `probability`."""
    import torch

    from gan.losses import LOSSES

    logit = torch.logit(torch.tensor([probability], dtype=torch.float64)).requires_grad_()
    (gradient,) = torch.autograd.grad(LOSSES[loss].generator(logit), logit)
    return float(gradient)


def early(lab: "Lab", cfg: TrainConfig, steps: int) -> tuple[list[float], list[float]]:
    """By step: the ratio of the two gradients' lengths at the weights of that step, and D's mean probability."""
    import torch

    from gan.loop import seed_of, update
    from gan.losses import LOSSES

    ratios, believed = [], []
    random = torch.Generator().manual_seed(seed_of(cfg.seed, "early gradients"))
    with lab.model(cfg) as (model, batches):
        generator, discriminator = model.networks["generator"], model.networks["discriminator"]
        parameters = list(generator.parameters())
        for step in range(steps):
            noise = torch.randn(cfg.batch_size, *model.method.noise_shape, generator=random).to(batches.device)
            logits = discriminator(generator(noise))
            lengths = {
                name: length(torch.autograd.grad(LOSSES[name].generator(logits), parameters, retain_graph=True))
                for name in ("non_saturating", "saturating")
            }
            ratios.append(lengths["non_saturating"] / max(lengths["saturating"], 1e-30))
            believed.append(float(logits.sigmoid().mean()))
            update(model, batches.of(step), cfg)
            model.step += 1
    return ratios, believed


def length(gradients: "tuple[torch.Tensor, ...]") -> float:
    """Euclidean length over all of them."""
    return float(sum(gradient.square().sum() for gradient in gradients) ** 0.5)
