"""Experiment 1: how long until images are nearly as good as real ones, and how does that grow?

**Design.** *Time to quality:* longer runs of the standard recipe, with quick figures of quality on the way. The goal is
an FID of `MULTIPLE` times what as many real training images get (the floor). Where a run does not get there, the power
law of its own later points, FID = c · s^-b, says when it would. A run whose FID does not fall there counts with a year.
*Growth:* short stretches of training, timed, at three image sides, three widths and three sizes of the data set, one at
a time, each `REPEATS` times in shuffled order. A power law goes through all of them (`gan.suite.results.power_law`, as
for suites). Operations are counted beside time: they do not depend on the machine.

**Pairing.** None. **Statistic.** log10 of seconds and of images by seed; exponents with the standard error of the
regression.

**What it cannot say.** A law continued beyond what was measured is a guess: learning curves flatten, so the time is
more likely too short than too long; `log10_beyond` says how far it was continued. Seconds are this machine's, and those
of a busy machine are others'; `foreign_load` says how busy it was. Large models on many GPUs follow other laws.
"""

import math
import random
from collections.abc import Sequence
from typing import TYPE_CHECKING

from gan.config import RESOLUTIONS, TrainConfig
from gan.experiments import load
from gan.experiments.crossing import first_reached
from gan.experiments.design import DEFAULT, Scale, training
from gan.experiments.found import Found
from gan.record import RunRecord
from gan.suite.results import power_law, student

if TYPE_CHECKING:
    import torch

    from gan.datasets.images import Dataset
    from gan.experiments.lab import Lab

SEEDS = 3
LONGER = 2
"""Times the images of the size's other runs."""
MULTIPLE = 10.0
LATER = 4
"""Last points of a curve that its law is fitted to."""
NEVER_S = 365.25 * 86_400
NEVER_IMAGES = 1e12
REPEATS = 3
TIMED_IMAGES = 320
"""Images of a timed stretch at most: a few seconds at the largest setting."""


def config(scale: Scale, seed: int) -> TrainConfig:
    """The longer run."""
    longer = training(scale, seed, budget_images=LONGER * scale.images)
    return longer.model_copy(update={"measure_along": True})


def needs(scale: Scale) -> list[TrainConfig]:
    """The longer run, a few seeds."""
    return [config(scale, seed) for seed in scale.seeds[:SEEDS]]


def findings(lab: "Lab") -> Found:
    """Time to quality, and growth."""
    found = Found()
    records = {seed: record for seed in lab.seeds[:SEEDS] if (record := lab.run(config(lab.scale, seed))) is not None}
    _time_to_quality(found, lab, records)
    lab.say("timing short stretches of training")
    shares = _growth(found, lab)
    load.tell(found, [*(record.cost.foreign_cpu_share for record in records.values()), *shares])
    return found


# ---- time to quality -------------------------------------------------------------------------------------------------


def _time_to_quality(found: Found, lab: "Lab", records: dict[int, RunRecord]) -> None:
    goal = MULTIPLE * quick_floor(lab)
    log_s, log_images, beyond, ended = {}, {}, {}, {}
    reached = 0
    for seed, record in records.items():
        points = [(p.train_s, p.images, p.fid) for p in record.curve if p.fid is not None]
        if len(points) < LATER:
            found.warnings.append(f"Run {record.run_id} has too few figures on the way to say when it gets where.")
            continue
        seconds, images, fids = ([float(point[i]) for point in points] for i in range(3))
        s, there = when(seconds, fids, goal, NEVER_S)
        n, _ = when(images, fids, goal, NEVER_IMAGES)
        reached += there
        log_s[seed], log_images[seed] = math.log10(s), math.log10(n)
        beyond[seed] = max(0.0, math.log10(s / seconds[-1]))
        ended[seed] = MULTIPLE * fids[-1] / goal
    runs = list(records.values())
    floors = f"{MULTIPLE:g}"
    found.replicates(
        "log10_s_to_quality",
        log_s,
        {
            "en": f"log10 of the seconds of training until FID is {floors} times the floor, continued by a power law "
            "where it is not reached",
            "zh": f"FID降至真实对真实基准{floors}倍所需训练秒数的常用对数（未达到者按幂律外推）",
        },
        unit="log10 s",
        runs=runs,
    )
    found.replicates(
        "log10_images_to_quality",
        log_images,
        {
            "en": f"log10 of the images seen until FID is {floors} times the floor, continued likewise",
            "zh": f"FID降至基准{floors}倍所需训练图像数的常用对数（同样外推）",
        },
        unit="log10 images",
        runs=runs,
    )
    found.replicates(
        "log10_beyond",
        beyond,
        {
            "en": "log10 of how many times the measured time the law was continued over; 0: not at all",
            "zh": "外推时间为实测时间的倍数（常用对数；0表示未外推）",
        },
        runs=runs,
    )
    found.replicates(
        "floors_at_end",
        ended,
        {"en": "FID at the last look, in multiples of the floor", "zh": "最后一次测量的FID为基准的倍数"},
        runs=runs,
    )
    found.proportion(
        "reached_share",
        reached,
        len(log_s),
        {"en": f"share of runs that reached {floors} times the floor", "zh": f"达到基准{floors}倍的运行比例"},
        of="runs",
    )
    lines: dict[float, dict[int, float]] = {}
    for seed, record in records.items():
        for point in record.curve:
            if point.fid is not None:
                lines.setdefault(float(point.images), {})[seed] = point.fid
    found.curve(
        "fid_by_images",
        {"en": "images seen", "zh": "所见图像数"},
        {"en": "FID", "zh": "FID"},
        {(DEFAULT, DEFAULT): lines},
        log_x=True,
        log_y=True,
    )


def when(spent: Sequence[float], fids: Sequence[float], goal: float, never: float) -> tuple[float, bool]:
    """What is spent when FID falls to `goal`, and whether it was seen to: else by the law of the last `LATER` points,
    at most `never`, which also stands for a curve that does not fall there."""
    if (seen := first_reached(spent, fids, goal)) is not None:
        return seen, True
    later, values = list(spent)[-LATER:], list(fids)[-LATER:]
    slope = power_law(later, values)["exponent"]
    if slope is None or slope >= 0:
        return never, False
    mean_x = sum(map(math.log, later)) / len(later)
    mean_y = sum(map(math.log, values)) / len(values)
    exponent = mean_x + (math.log(goal) - mean_y) / slope
    return min(math.exp(min(exponent, math.log(never))), never), False


def quick_floor(lab: "Lab") -> float:
    """The quick figure that as many real training images get."""
    import torch

    from gan.evaluate import quick_fid, quick_images
    from gan.loop import seed_of

    order = torch.randperm(len(lab.data.train), generator=torch.Generator().manual_seed(seed_of("quick floor")))
    n = quick_images(lab.data)
    return quick_fid(lambda k: lab.data.train[order[:k]], lab.data, n=n, device=lab.device, seed=0)


# ---- growth ----------------------------------------------------------------------------------------------------------

FACTORS = {
    "side": ("image side", "图像边长"),
    "width": ("network width", "网络宽度"),
    "images": ("number of training images", "训练图像数"),
}


def _growth(found: Found, lab: "Lab") -> list[float | None]:
    """Report the exponents; returns the foreign load of every stretch."""
    own = training(lab.scale, 0)
    settings: list[tuple[str, float, TrainConfig, int]] = []
    for side in RESOLUTIONS:
        settings.append(("side", float(side), own.model_copy(update={"resolution": side}), TIMED_IMAGES))
    for times in (0.5, 1, 2):
        width = round(own.width * times)
        settings.append(("width", float(width), own.model_copy(update={"width": width}), TIMED_IMAGES))
    for images in (TIMED_IMAGES // 2, TIMED_IMAGES, 2 * TIMED_IMAGES):
        settings.append(("images", float(images), own, images))
    work = [setting for setting in settings for _ in range(REPEATS)]
    random.Random(0).shuffle(work)
    points: dict[str, list[tuple[float, float]]] = {factor: [] for factor in FACTORS}
    shares = []
    for factor, x, cfg, images in work:
        seconds, share = timed(cfg, images, lab.data, lab.device)
        points[factor].append((x, seconds if factor == "images" else seconds / images))
        shares.append(share)
    for factor, (en, zh) in FACTORS.items():
        xs, ys = [x for x, _ in points[factor]], [y for _, y in points[factor]]
        exponent, se, df = slope_of(xs, ys)
        what = ("time of an epoch", "每轮训练时间") if factor == "images" else ("time an image", "单图训练时间")
        found.estimate(
            f"time_exponent_{factor}",
            exponent,
            se,
            df,
            len(xs),
            {"en": f"power of the {en} with which the {what[0]} grows", "zh": f"{what[1]}随{zh}增长的幂次"},
            of="timed stretches",
        )
        by_x: dict[float, dict[int, float]] = {}
        for i, (x, y) in enumerate(points[factor]):
            by_x.setdefault(x, {})[i] = y
        found.curve(
            f"time_by_{factor}",
            {"en": en, "zh": zh},
            {"en": f"{what[0]}, s", "zh": f"{what[1]}（秒）"},
            {(own.preset, own.preset): by_x},
            log_x=True,
            log_y=True,
        )
    for factor in ("side", "width"):
        counted = [(x, flops_an_image(cfg, lab.data)) for name, x, cfg, _ in settings if name == factor]
        slope = power_law([x for x, _ in counted], [y for _, y in counted])["exponent"]
        en, zh = FACTORS[factor]
        about = {"en": f"power of the {en} with which operations an image grow", "zh": f"单图运算量随{zh}增长的幂次"}
        found.exact(f"flops_exponent_{factor}", float(slope or 0.0), about, n=len(counted), of="settings")
    return shares


def timed(cfg: TrainConfig, images: int, data: "Dataset", device: "torch.device") -> tuple[float, float | None]:
    """Seconds that training on `images` images takes after two steps to warm up, and the load of others meanwhile."""
    from gan import loop
    from gan.cost import Meter

    model = loop.build(cfg, data.channels, device)
    batches = loop.Batches(few(data, cfg.resolution, images).to(device), None, cfg)
    meter = Meter(device)
    for step in range(2):
        loop.update(model, batches.of(step), cfg)
    with meter:
        for step in range(math.ceil(images / cfg.images_per_step)):
            loop.update(model, batches.of(2 + step), cfg)
    return meter.train_s, meter.foreign_cpu_share


def few(data: "Dataset", side: int, count: int) -> "torch.Tensor":
    """`count` training images at another `side`, as the data set would hold them there."""
    import torch

    from gan.datasets.images import resize

    return resize(data.train[:count].float(), side).round_().to(torch.uint8)


def flops_an_image(cfg: TrainConfig, data: "Dataset") -> float:
    """Operations of training on one image, counted."""
    from gan import loop
    from gan.run import count_flops_of_a_step

    batches = loop.Batches(few(data, cfg.resolution, cfg.batch_size), None, cfg)
    return count_flops_of_a_step(batches, cfg, data) / cfg.images_per_step


def slope_of(x: Sequence[float], y: Sequence[float]) -> tuple[float, float, float]:
    """Exponent of the power law of at least three points, its standard error and degrees of freedom."""
    fit = power_law(x, y)
    exponent, high = fit["exponent"], fit["high"]
    assert exponent is not None
    assert high is not None
    df = len(x) - 2
    return exponent, (high - exponent) / student(df), float(df)
