"""Experiment 5: does one recipe, untouched, learn several data sets, show their variety, and copy nothing?

**Design.** The same settings in every number, at 32 x 32, on every data set: none of what presets set for one data set
alone. **Pairing.** None between data sets; by seed within each. **Statistic.** By data set and seed: log2 of the
untrained generator's FID over the trained one's; recall as a share of what real images reach among themselves (the
floor); memorisation (share of images closer to a training image than unseen real ones are) minus its floor. Rules are
about the worst data set of each seed.

**What it cannot say.** Two data sets of small grey pictures are hardly "many tasks". Their FIDs are distances in two
different networks and are not compared, only each with its own beginning. Copies are seen as far as the features
see. The recipe was chosen by people who knew such pictures.
"""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from gan.config import DATASETS, TrainConfig
from gan.experiments.design import Scale, Size, training
from gan.experiments.found import BySeed, Found
from gan.record import RunRecord

if TYPE_CHECKING:
    from gan.experiments.lab import Lab

RECIPE: dict[str, Any] = {"resolution": 32, "width": 16, "options": {"gamma": 1.0}}
"""What presets set for one data set alone, fixed for all."""
ON: dict[Size, tuple[str, ...]] = {
    "standard": ("digits", "fashion-mnist"),
    "full": DATASETS,
}


def config(scale: Scale, dataset: str, seed: int) -> TrainConfig:
    """The recipe on `dataset`."""
    return training(replace(scale, dataset=dataset), seed, **RECIPE)


def needs(scale: Scale) -> list[TrainConfig]:
    """The recipe on every data set, a run a seed."""
    return [config(scale, dataset, seed) for seed in scale.seeds for dataset in ON[scale.size]]


def findings(lab: "Lab") -> Found:
    """Each data set's figures, and the worst of them."""
    found = Found()
    figures: dict[str, dict[str, dict[int, float]]] = {"log2_learnt": {}, "recall_share": {}, "memorisation_excess": {}}
    for dataset in ON[lab.scale.size]:
        for lines in figures.values():
            lines[dataset] = {}
        for seed in lab.seeds:
            record = lab.run(config(lab.scale, dataset, seed))
            if record is None:
                continue
            for name, value in look(record, untrained_fid(lab, record.config)).items():
                figures[name][dataset][seed] = value
    texts = {
        "log2_learnt": (
            "log2 of the untrained generator's FID over the trained one's",
            "未训练与训练后生成器FID之比（以2为底取对数）",
        ),
        "recall_share": (
            "recall as a share of the recall of real images",
            "召回率占真实图像召回率的比例",
        ),
        "memorisation_excess": (
            "share of images that count as copies, minus that of unseen real images",
            "被判为复制的图像比例，减去未见过的真实图像的该比例",
        ),
    }
    for name, (en, zh) in texts.items():
        for dataset, values in figures[name].items():
            label = dataset.replace("-", "_")
            found.replicates(f"{name}_{label}", values, {"en": f"{dataset}: {en}", "zh": f"{dataset}：{zh}"})
        worst = most(figures[name]) if name == "memorisation_excess" else least(figures[name])
        text = {"en": f"{en}, on the data set where it is worst", "zh": f"{zh}（取表现最差的数据集）"}
        found.replicates(f"{name}_worst", worst, text, runs=lab.used.values())
        found.bars(
            name,
            {"en": "data set", "zh": "数据集"},
            {"en": en, "zh": zh},
            {(d, d): line for d, line in figures[name].items()},
        )
    return found


def look(record: RunRecord, untrained: float) -> dict[str, float]:
    """The three figures of a run, as far as its record has what they need."""
    quality = record.quality
    found = {}
    if (fid := quality["fid"].value) is not None:
        found["log2_learnt"] = math.log2(untrained / fid)
    recall = quality["recall"]
    if recall.value is not None and recall.reference_floor:
        found["recall_share"] = recall.value / recall.reference_floor
    copied = quality.get("memorisation")
    if copied is not None and copied.value is not None and copied.reference_floor is not None:
        found["memorisation_excess"] = copied.value - copied.reference_floor
    return found


def least(lines: Mapping[str, BySeed]) -> dict[int, float]:
    """The smallest of each seed over all data sets; only seeds that every data set has."""
    return {seed: min(line[seed] for line in lines.values() if line) for seed in shared(lines)}


def most(lines: Mapping[str, BySeed]) -> dict[int, float]:
    """The largest of each seed over all data sets; only seeds that every data set has."""
    return {seed: max(line[seed] for line in lines.values() if line) for seed in shared(lines)}


def shared(lines: Mapping[str, BySeed]) -> set[int]:
    """Seeds that every line has; a data set without any value of the figure is warned of elsewhere."""
    known = [set(line) for line in lines.values() if line]
    return set.intersection(*known) if known else set()


def untrained_fid(lab: "Lab", cfg: TrainConfig) -> float:
    """FID of the generator that the run of `cfg` begins with, on that run's data set."""
    from gan import datasets, evaluate, generate, loop
    from gan.device import prepare

    prepare(lab.device, deterministic=cfg.deterministic)
    data = datasets.load(cfg.dataset, cfg.resolution)
    model = loop.build(cfg, data.channels, lab.device, len(data.classes))
    n = min(cfg.measure_images or len(data.held_out), len(data.held_out), len(data.train))
    return evaluate.values(generate.source(model.sampler, cfg.seed)(n), data, device=lab.device)["fid"]
