"""Experiment 12: does taking turns converge, as the founding document's section 4 has it?

**Design.** Two parts. *Dirac-GAN* (Mescheder, Geiger & Nowozin 2018, arXiv:1801.04406, section 2): data are the number
0, the generator is the number g, the discriminator gives the logit d·x. With the document's objective, of which
log(1 - D(g)) = -log(1 + exp(g d)) is the part that moves, the gradient flow is

    g' = s(g d) d        d' = -s(g d) g - gamma d        s(t) = 1 / (1 + exp(-t))

with gamma the weight of the gradient penalty (R1). Taken by turns with small steps, as training does, and as a flow by
Runge-Kutta, which is checked against what is known in closed form: without the penalty g² + d² never changes; with it,
near the solution, the distance falls as exp(-gamma t / 2) where gamma < 1. *Real networks*: RpGAN told nothing, with
its penalty and with gamma = 0; the length of the whole gradient of both networks at every step.
**Pairing.** By seed: the same weights, images and noise with and without the penalty.
**Statistic.** Dirac-GAN: calculations, exact. Networks: mean length of the gradient in the last quarter of the steps
over that in the second eighth, by seed; at a solution it would be near zero. Mean with Student's t.
**Guard.** With the penalty the Dirac-GAN must converge, and the flow must agree with its closed form: else the
integration is wrong.
**What it cannot say.** That training never settles later on; a gradient of minibatches stays above zero at any
solution, which is why only its growth or fall is looked at. Useful images need no convergence.
"""

import math
from typing import TYPE_CHECKING

from gan.config import TrainConfig
from gan.experiments.design import Scale, Size, training
from gan.experiments.found import Found, Name

if TYPE_CHECKING:
    from gan.experiments.lab import Lab

START = (1.0, 1.0)
"""The numbers g and d to begin with, as in the document's check."""

STEP, TURNS = 0.1, 2_000
"""Size and number of the steps taken by turns."""

GAMMA = 0.5
"""Weight of the penalty; below 1 the flow swings as it falls, as its eigenvalues are complex."""

STEPS: dict[Size, int] = {"quick": 160, "standard": 160, "full": 8_192}
"""Steps of the networks."""

ARMS: dict[str, tuple[dict[str, float], Name]] = {
    "plain": ({"gamma": 0.0}, ("without penalty", "无梯度惩罚")),
    "penalised": ({}, ("with penalty", "有梯度惩罚")),
}
"""Options of the networks' training, and what the arm is called."""

Point = tuple[float, float]


def needs(scale: Scale) -> list[TrainConfig]:
    """None: what is looked at are steps, which no record keeps."""
    return []


def findings(lab: "Lab") -> Found:
    """The toy, its closed form, and real networks."""
    found = Found()
    report_dirac(found)
    lengths: dict[str, dict[int, list[float]]] = {arm: {} for arm in ARMS}
    for seed in lab.seeds:
        for arm, (options, (en, _)) in ARMS.items():
            lab.say(f"steps of networks {en}, seed {seed}")
            cfg = training(lab.scale, seed, budget_images=None, steps=STEPS[lab.scale.size], options=options)
            lengths[arm][seed] = gradients(lab, cfg)
    for arm, (_, (en, zh)) in ARMS.items():
        about = {
            "en": f"Length of the gradient late in training over that early, {en}",
            "zh": f"训练后期与前期梯度长度之比（{zh}）",
        }
        found.replicates(f"gradient_ratio_{arm}", {s: late_over_early(line) for s, line in lengths[arm].items()}, about)
    found.curve(
        "gradient_by_step",
        {"en": "Step", "zh": "训练步"},
        {"en": "Length of the gradient of both networks (mean of 8 steps)", "zh": "两个网络的梯度长度（8步平均）"},
        {ARMS[arm][1]: binned(by_seed, 8) for arm, by_seed in lengths.items()},
        log_y=True,
    )
    return found


# ---- Dirac-GAN -------------------------------------------------------------------------------------------------------


def slope(t: float) -> float:
    """s(t) = 1 / (1 + exp(-t)), without overflow."""
    return 1 / (1 + math.exp(-t)) if t > 0 else math.exp(t) / (1 + math.exp(t))


def field(point: Point, gamma: float) -> Point:
    """The gradient flow's direction at (g, d)."""
    g, d = point
    s = slope(g * d)
    return s * d, -s * g - gamma * d


def by_turns(gamma: float, step: float = STEP, turns: int = TURNS, start: Point = START) -> list[float]:
    """Distances from the solution (0, 0) after each turn: the generator moves, then the discriminator against it."""
    g, d = start
    distances = []
    for _ in range(turns):
        g += step * field((g, d), gamma)[0]
        d += step * field((g, d), gamma)[1]
        distances.append(math.hypot(g, d))
    return distances


def flow(gamma: float, step: float, steps: int, start: Point) -> list[Point]:
    """The flow by the classical Runge-Kutta method of order four."""
    path, (g, d) = [start], start
    for _ in range(steps):
        a = field((g, d), gamma)
        b = field((g + step / 2 * a[0], d + step / 2 * a[1]), gamma)
        c = field((g + step / 2 * b[0], d + step / 2 * b[1]), gamma)
        e = field((g + step * c[0], d + step * c[1]), gamma)
        g += step / 6 * (a[0] + 2 * b[0] + 2 * c[0] + e[0])
        d += step / 6 * (a[1] + 2 * b[1] + 2 * c[1] + e[1])
        path.append((g, d))
    return path


def flow_error() -> float:
    """Largest relative disagreement of the flow with its closed forms: the constant radius, and the rate of fall."""
    radius = math.hypot(*START)
    constant = max(abs(math.hypot(*point) / radius - 1) for point in flow(0.0, 0.05, 2_000, START))
    small = (1e-4, 1e-4)
    # the linear part is [[0, 1/2], [-1/2, -gamma]]: eigenvalues -gamma/2 ± i w; whole periods take the swing out
    period = 2 * math.pi / math.sqrt(0.25 - GAMMA**2 / 4)
    steps = 4_000
    path = flow(GAMMA, 2 * period / steps, steps, small)
    rate = -math.log(math.hypot(*path[-1]) / math.hypot(*path[0])) / (2 * period)
    return max(constant, abs(rate / (GAMMA / 2) - 1))


def report_dirac(found: Found) -> None:
    """Distances after all turns over that to begin with, and whether the arithmetic can be trusted."""
    radius = math.hypot(*START)
    for arm, gamma in (("plain", 0.0), ("penalised", GAMMA)):
        en, zh = ARMS[arm][1]
        last = by_turns(gamma)[-TURNS // 4 :]
        about = {
            "en": f"Dirac-GAN {en}: least distance to the solution in the last quarter of {TURNS} turns over the first",
            "zh": f"Dirac-GAN（{zh}）：{TURNS}轮中最后四分之一轮到解的最小距离与初始距离之比",
        }
        found.exact(f"dirac_distance_{arm}", min(last) / radius, about)
    found.exact(
        "dirac_flow_error",
        flow_error(),
        {
            "en": "Largest relative error of the integrated flow against its closed form",
            "zh": "数值积分与闭式解的最大相对误差",
        },
    )
    shown = range(0, TURNS, TURNS // 100)
    found.curve(
        "dirac_distance_by_turn",
        {"en": "Turn", "zh": "轮次"},
        {"en": "Distance from the solution", "zh": "到解的距离"},
        {
            ARMS[arm][1]: {float(turn): {0: by_turn[turn]} for turn in shown}
            for arm, by_turn in (("plain", by_turns(0.0)), ("penalised", by_turns(GAMMA)))
        },
    )


# ---- real networks ---------------------------------------------------------------------------------------------------


def gradients(lab: "Lab", cfg: TrainConfig) -> list[float]:
    """Length of the whole gradient, both networks together, at every step of training."""
    from gan.loop import update

    lengths = []
    with lab.model(cfg) as (model, batches):
        for step in range(STEPS[lab.scale.size]):
            update(model, batches.of(step), cfg)
            model.step += 1
            grads = [p.grad for network in model.networks.values() for p in network.parameters() if p.grad is not None]
            lengths.append(float(sum(grad.square().sum() for grad in grads) ** 0.5))
    return lengths


def late_over_early(lengths: list[float]) -> float:
    """Mean of the last quarter over that of the second eighth: the first is the start, which says nothing."""
    n = len(lengths)
    early, late = lengths[n // 8 : n // 4], lengths[-n // 4 :]
    return (sum(late) / len(late)) / (sum(early) / len(early))


def binned(by_seed: dict[int, list[float]], size: int) -> dict[float, dict[int, float]]:
    """Means of `size` steps, by the step in their middle and by seed."""
    n = min(map(len, by_seed.values()), default=0)
    return {
        first + size / 2: {seed: sum(line[first : first + size]) / size for seed, line in by_seed.items()}
        for first in range(0, n - size + 1, size)
    }
