"""Compare settings of `dcgan` at equal work, on a validation part carved from the training split.

    python benchmarks/tune_dcgan.py digits --seconds 40 --seed 0

Work is a number of steps, not a time, so that a busy machine favours nobody: `--seconds` is turned into steps by the
processor time a step of each setting takes, measured first. Prints the FID on the validation images at one, two and
three thirds of the work, from the raw weights and from averages of three half-lives. The held-out split is not touched.
"""

import argparse
import copy
import dataclasses
import sys
import time

import torch

from gan import config, datasets, generate, train
from gan.evaluate import quick_fid
from gan.networks import Generator

SETTINGS: dict[str, dict[str, dict[str, float | int | None]]] = {
    "digits": {
        "lr 1e-3": {},
        "lr 5e-4": {"lr_g": 5e-4, "lr_d": 5e-4},
        "lr 2e-4": {"lr_g": 2e-4, "lr_d": 2e-4},
        "lr 1e-3, batch 64": {"batch_size": 64},
        "lr_g 1e-3, lr_d 2.5e-4": {"lr_d": 2.5e-4},
        "lr_g 1e-3, lr_d 1e-4": {"lr_d": 1e-4},
        "lr_g 2e-3, lr_d 1e-4": {"lr_g": 2e-3, "lr_d": 1e-4},
        "lr_g 5e-4, lr_d 5e-5": {"lr_g": 5e-4, "lr_d": 5e-5},
        "lr_g 1e-3, lr_d 3e-5": {"lr_d": 3e-5},
        "lr_g 5e-4, lr_d 2e-5": {"lr_g": 5e-4, "lr_d": 2e-5},
        "lr_g 1e-3, lr_d 1e-4, batch 64": {"lr_d": 1e-4, "batch_size": 64},
    },
    "fashion-mnist": {
        "lr 1e-3": {},
        "lr 2e-3": {"lr_g": 2e-3, "lr_d": 2e-3},
        "lr 5e-4": {"lr_g": 5e-4, "lr_d": 5e-4},
        "lr_g 1e-3, lr_d 2.5e-4": {"lr_d": 2.5e-4},
    },
}
HALF_LIVES = (5_000, 20_000, 50_000)


def carve(data: datasets.Dataset) -> datasets.Dataset:
    """The training split alone, a quarter of it (at most 5,000) as validation in the place of the held-out images."""
    chosen = datasets.stratified(data.train_labels, min(len(data.train) // 4, 5_000), seed=1)
    return dataclasses.replace(
        data,
        train=data.train[~chosen],
        train_labels=data.train_labels[~chosen],
        held_out=data.train[chosen],
        held_out_labels=data.train_labels[chosen],
        digest=data.digest + "-validation",
    )


def fid(generator: Generator, data: datasets.Dataset) -> float:
    images = generate.source(copy.deepcopy(generator), seed=1)
    return quick_fid(images, data, n=len(data.held_out), device="cpu", seed=0)


def run(data: datasets.Dataset, settings: dict[str, float | int | None], seconds: float, seed: int) -> str:
    cfg = config.resolve("dcgan", data.name, seed=seed, steps=1, **settings)
    model = train.build(cfg, data.channels, torch.device("cpu"))
    batches = train.Batches(data.train, cfg.batch_size, seed)
    averages = {half_life: copy.deepcopy(model.generator) for half_life in HALF_LIVES}

    def advance(steps: int) -> None:
        for _ in range(steps):
            real, z = batches.real(model.step), batches.latents(model.step, cfg.latent_dim)
            train.update(model, real, z, cfg)
            model.step += 1
            for half_life, averaged in averages.items():
                ramped = min(half_life, train.EMA_RAMP * model.step * cfg.batch_size)
                train.average(averaged, model.generator, 1 - 0.5 ** (cfg.batch_size / ramped))

    advance(5)
    begun = time.process_time()
    advance(20)
    third = round(seconds / 3 / ((time.process_time() - begun) / 20))
    lines = []
    for _ in range(3):
        advance(third)
        raw = fid(model.generator, data)
        averaged = " ".join(f"{fid(average, data):7.1f}" for average in averages.values())
        lines.append(
            f"    {model.step:6} steps {model.step * cfg.batch_size:8} images  raw {raw:7.1f}  averaged {averaged}"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dataset", choices=list(SETTINGS))
    parser.add_argument("--seconds", type=float, default=40.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", nargs="*")
    chosen = parser.parse_args()
    torch.set_flush_denormal(True)
    torch.set_num_threads(1)
    resolution = config.resolve("dcgan", chosen.dataset).resolution
    data = carve(datasets.load(chosen.dataset, resolution))
    print(f"{chosen.dataset}: {len(data.train)} training, {len(data.held_out)} validation, averages {HALF_LIVES}")
    for name, settings in SETTINGS[chosen.dataset].items():
        if not chosen.only or name in chosen.only:
            print(f"  {name}\n{run(data, settings, chosen.seconds, chosen.seed)}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
