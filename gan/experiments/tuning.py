"""Experiment 3: how hard is it to tune? How much the result moves with the learning rate, and how many settings fail.

**Design.** Two methods, DCGAN (2015) and R3GAN (2024), each with its preset's learning rates times 1/4, 1/2, 1, 2 and 4
(at `quick` 1/4, 1, 4), both sides together, the same number of images for all. **Pairing.** By seed.

**Statistic.** By seed, log2 of the worst over the best FID among the rates: 1 means that a rate within four times the
good one can double the distance. A run *fails* where it diverges, where its images hardly differ (collapse), or where
its FID is more than `FAILED` times that of the preset's own rate with the same seed. A diverged run counts with the FID
of the untrained generator: its images are worth no more. The shares of failures are counted over rates and seeds; the
rates were chosen, not drawn, so the share is one of this grid.

**What it cannot say.** A rate that is too low for this budget may be right for a longer one. One number is turned here;
real tuning turns many at once, on networks where a trial costs days. Presets were tuned at their own rate on other
images of the same data set, so the middle of the grid is favoured.
"""

import math
from collections.abc import Mapping
from statistics import fmean, stdev
from typing import TYPE_CHECKING

from gan.config import TrainConfig
from gan.experiments.design import Scale, Size, training
from gan.experiments.found import BySeed, Found, difference
from gan.record import RunRecord

if TYPE_CHECKING:
    from gan.experiments.lab import Lab

PRESETS = ("dcgan", "r3gan")
FACTORS: dict[Size, tuple[float, ...]] = {
    "quick": (0.25, 1.0, 4.0),
    "standard": (0.25, 0.5, 1.0, 2.0, 4.0),
    "full": (0.25, 0.5, 1.0, 2.0, 4.0),
}
SEEDS = 3
"""At most: rates times methods times seeds make many runs."""
FAILED = 2.0

Grid = dict[float, dict[int, float]]
"""FID by factor of the rate and seed."""


def config(scale: Scale, preset: str, factor: float, seed: int) -> TrainConfig:
    """The run of `preset` at `factor` times its learning rates."""
    own = training(scale, seed, preset=preset)
    return own if factor == 1 else own.model_copy(update={"lr_g": own.lr_g * factor, "lr_d": own.lr_d * factor})


def needs(scale: Scale) -> list[TrainConfig]:
    """Every preset at every rate, seed by seed."""
    return [
        config(scale, preset, factor, seed)
        for seed in scale.seeds[:SEEDS]
        for preset in PRESETS
        for factor in FACTORS[scale.size]
    ]


def findings(lab: "Lab") -> Found:
    """Range, failures and spread of both presets, and how they differ."""
    found = Found()
    ranges: dict[str, dict[int, float]] = {}
    for preset in PRESETS:
        grid, bad, runs, untrained = _look(lab, preset)
        ranges[preset] = log2_ranges(grid)
        _report(found, preset, grid, bad, runs, untrained)
    found.replicates(
        "log2_range_dcgan_over_r3gan",
        difference(ranges["dcgan"], ranges["r3gan"]),
        {
            "en": "log2 of worst over best FID among learning rates: DCGAN minus R3GAN",
            "zh": "各学习率下最差与最好FID之比（以2为底取对数）：DCGAN减R3GAN",
        },
    )
    return found


def _look(lab: "Lab", preset: str) -> tuple[Grid, set[tuple[float, int]], list[RunRecord], dict[int, float]]:
    """FIDs, the (factor, seed) of diverged or collapsed runs, the runs, and the FID of the untrained generator."""
    grid: Grid = {}
    bad: set[tuple[float, int]] = set()
    runs, untrained = [], {}
    for seed in lab.seeds[:SEEDS]:
        untrained[seed] = untrained_fid(lab, config(lab.scale, preset, 1.0, seed))
        for factor in FACTORS[lab.scale.size]:
            record = lab.pool.record(config(lab.scale, preset, factor, seed))
            if record is None or record.status not in ("completed", "failed"):
                lab.warnings.append(f"A run is missing: {preset} with seed {seed} at {factor:g} times its rate.")
                continue
            lab.used[record.run_id] = record
            runs.append(record)
            codes = {notice.code for notice in record.notices}
            if "diverged" in codes or "collapse" in codes:
                bad.add((factor, seed))
            fid = record.quality["fid"].value if "fid" in record.quality and "diverged" not in codes else None
            grid.setdefault(factor, {})[seed] = untrained[seed] if fid is None else fid
    return grid, bad, runs, untrained


def _report(
    found: Found,
    preset: str,
    grid: Grid,
    bad: set[tuple[float, int]],
    runs: list[RunRecord],
    untrained: BySeed,
) -> None:
    own = grid.get(1.0, {})
    name = {"dcgan": "DCGAN", "r3gan": "R3GAN"}[preset]
    found.replicates(
        f"log2_range_{preset}",
        log2_ranges(grid),
        {
            "en": f"{name}: log2 of worst over best FID among learning rates within four times the preset's own",
            "zh": f"{name}：学习率在预设值四倍范围内变化时，最差与最好FID之比（以2为底取对数）",
        },
        runs=runs,
    )
    lost = failures(grid, bad)
    trials = sum(len(by_seed) for factor, by_seed in grid.items() if factor != 1)
    found.proportion(
        f"failed_share_{preset}",
        sum(factor != 1 for factor, _ in lost),
        trials,
        {
            "en": f"{name}: share of runs at other rates that diverged, collapsed or ended above {FAILED:g} times the "
            "FID of the preset's own rate",
            "zh": f"{name}：改变学习率后发散、坍缩或FID高于预设学习率{FAILED:g}倍的运行所占比例",
        },
        of="runs",
    )
    found.replicates(
        f"log2_learnt_{preset}",
        {seed: math.log2(untrained[seed] / own[seed]) for seed in own},
        {
            "en": f"{name} at its own rate: log2 of the untrained generator's FID over the trained one's",
            "zh": f"{name}（预设学习率）：未训练与训练后生成器FID之比（以2为底取对数）",
        },
    )
    if len(own) > 1:
        relative, se = relative_spread(own)
        found.estimate(
            f"spread_{preset}",
            relative,
            se,
            len(own) - 1,
            len(own),
            {
                "en": f"{name} at its own rate: standard deviation of FID over seeds, as a share of the mean",
                "zh": f"{name}（预设学习率）：FID在不同随机种子间的标准差占均值的比例",
            },
            of="seeds",
        )
    found.curve(
        f"fid_by_rate_{preset}",
        {"en": "learning rate, times the preset's own", "zh": "学习率（相对预设值的倍数）"},
        {"en": "FID", "zh": "FID"},
        {(name, name): grid},
        log_x=True,
        log_y=True,
    )


def log2_ranges(grid: Mapping[float, BySeed]) -> dict[int, float]:
    """By seed: log2 of the largest over the smallest FID; only seeds that every factor has."""
    lines = list(grid.values())
    whole = set.intersection(*(set(line) for line in lines)) if lines else set[int]()
    return {seed: math.log2(max(line[seed] for line in lines) / min(line[seed] for line in lines)) for seed in whole}


def failures(grid: Mapping[float, BySeed], bad: set[tuple[float, int]]) -> set[tuple[float, int]]:
    """The (factor, seed) that failed: those of `bad`, and those above `FAILED` times the FID at factor 1."""
    own = grid.get(1.0, {})
    far = {
        (factor, seed)
        for factor, line in grid.items()
        for seed, fid in line.items()
        if seed in own and fid > FAILED * own[seed]
    }
    return far | bad


def relative_spread(own: BySeed) -> tuple[float, float]:
    """Standard deviation over mean of two seeds or more, and its error by the normal law: itself / √(2 (n - 1))."""
    values = list(own.values())
    relative = stdev(values) / fmean(values)
    return relative, relative / math.sqrt(2 * (len(values) - 1))


def untrained_fid(lab: "Lab", cfg: TrainConfig) -> float:
    """FID of the generator that the run of `cfg` begins with."""
    with lab.model(cfg) as (model, _):
        return lab.quality_of(model.sampler, cfg.seed)["fid"]
