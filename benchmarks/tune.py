"""Compare settings of the methods at equal work, on a validation part carved from the training split.

    python benchmarks/tune.py digits r3gan --images 10000 --seed 0 1 2
    python benchmarks/tune.py fashion-mnist wgan-gp --images 20000 --set lr_g=1e-3 lr_d=1e-3 --set lr_g=5e-4 lr_d=5e-4

Work is counted in images seen, not in time, so that a busy machine favours nobody. Prints the FID on validation images
of the averages of each half-life, and the processor time. The held-out split is not touched. What was found is in
docs/gan-tuning.md.
"""

import argparse
import copy
import dataclasses
import json
import sys
import time
from typing import Any

import torch

from gan import config, datasets, generate, loop
from gan.evaluate import quick_fid
from gan.method import Sampler

SETTINGS: dict[str, list[dict[str, Any]]] = {
    "dcgan": [{}, {"lr_d": 1e-4}, {"conditional": True}],
    "wgan-gp": [{"lr_g": r, "lr_d": r} for r in (3e-4, 1e-3, 2e-3)],
    "sngan": [{"lr_g": 1e-3, "lr_d": 1e-3}, {"lr_g": 2e-4, "lr_d": 2e-4}, {"lr_g": 5e-4, "lr_d": 2e-3}],
    "r3gan": [{"lr_g": r, "lr_d": r, "options": {"gamma": g}} for r, g in ((1e-3, 1.0), (2e-3, 1.0), (1e-3, 0.1))],
    "vae": [{"options": {"pixel_sd": sd}} for sd in (0.5, 0.3, 0.15)],
    "flow-matching": [{"lr_g": r} for r in (1e-3, 2e-3, 4e-3)],
}
"""What is compared where no `--set` is given."""

HALF_LIVES = (5_000, 20_000)
VALIDATION = 1_000  # most images behind a figure


def carve(data: datasets.Dataset) -> datasets.Dataset:
    """The training split alone, a quarter of it (at most `VALIDATION`) in the place of the held-out images."""
    chosen = datasets.stratified(data.train_labels, min(len(data.train) // 4, VALIDATION), seed=1)
    return dataclasses.replace(
        data,
        train=data.train[~chosen],
        train_labels=data.train_labels[~chosen],
        held_out=data.train[chosen],
        held_out_labels=data.train_labels[chosen],
        digest=data.digest + "-validation",
    )


def run(preset: str, data: datasets.Dataset, settings: dict[str, Any], images: int, seed: int) -> str:
    cfg = config.resolve(preset, data.name, seed=seed, budget_images=images, **settings)
    begun = time.process_time()
    model = loop.build(cfg, data.channels, torch.device("cpu"), len(data.classes))
    batches = loop.Batches(data.train, data.train_labels if cfg.conditional else None, cfg)
    current = model.networks[model.method.sampler]
    averages = {half_life: copy.deepcopy(current) for half_life in HALF_LIVES}

    while model.step * cfg.images_per_step < images:
        loop.update(model, batches.of(model.step), cfg)
        model.step += 1
        for half_life, averaged in averages.items():
            ramped = min(half_life, loop.EMA_RAMP * model.step * cfg.images_per_step)
            loop.average(averaged, current, 1 - 0.5 ** (cfg.images_per_step / ramped))
    train_s = time.process_time() - begun
    fids = []
    for averaged in averages.values():
        source = generate.source(Sampler(model.method, averaged), seed=1)
        fids.append(quick_fid(source, data, n=len(data.held_out), device="cpu", seed=0))
    figures = " ".join(f"{fid:7.1f}" for fid in fids)
    return f"seed {seed}: {model.step:6} steps {train_s:6.1f} s  FID {figures}"


def setting(text: str) -> tuple[str, Any]:
    name, _, value = text.partition("=")
    return name, json.loads(value)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dataset", choices=config.DATASETS)
    parser.add_argument("preset", nargs="+", choices=list(config.PRESETS))
    parser.add_argument("--images", type=int, default=20_000, help="seen by each setting and seed")
    parser.add_argument("--seed", type=int, nargs="+", default=[0])
    parser.add_argument("--set", nargs="+", action="append", type=setting, help="name=value …; options={…} as JSON")
    chosen = parser.parse_args()
    torch.set_flush_denormal(True)
    torch.set_num_threads(1)
    for preset in chosen.preset:
        data = carve(datasets.load(chosen.dataset, config.resolve(preset, chosen.dataset).resolution))
        print(f"{preset} on {chosen.dataset}: {len(data.train)} training, {len(data.held_out)} validation images")
        print(f"  {chosen.images} images seen, FID of averages with half-lives {HALF_LIVES}")
        for settings in [dict(pairs) for pairs in chosen.set] if chosen.set else SETTINGS[preset]:
            for seed in chosen.seed:
                print(f"  {settings}  {run(preset, data, settings, chosen.images, seed)}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
