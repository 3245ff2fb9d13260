"""The commands of `gan-bench` as functions, for notebooks and scripts: `from gan import train, metrics`.

Each has the name of its command and returns what the command prints. Mistakes raise `gan.errors.UsageError`, whose text
is the sentence that the command prints. Nothing here loads torch before something is computed.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gan import runner, summary, worker
from gan.config import CompileChoice, DeviceChoice, TrainConfig, resolve
from gan.durations import parse_seconds
from gan.errors import UsageError
from gan.record import RunRecord
from gan.store import RunSummary, Store
from gan.tariffs import find_tariff

if TYPE_CHECKING:
    from gan.inspection import Inspection
    from gan.metrics import Figure, Sample

Source = Any
"""Images: a folder, an .npz file, a matrix of features (n, d), or uint8 images (n, channels, height, width)."""


def train(
    preset: str = "dcgan",
    dataset: str = "digits",
    *,
    budget: str | float | None = None,
    steps: int | None = None,
    images: int | None = None,
    flops: float | None = None,
    seed: int = 0,
    device: DeviceChoice = "auto",
    deterministic: bool = False,
    compile: CompileChoice = "auto",
    conditional: bool = False,
    loss: str | None = None,
    country: str | None = None,
    progress: bool = True,
    **settings: Any,
) -> RunRecord:
    """Train `preset` on `dataset` within a budget, measure it, and return the record of the run.

    The budget is one of `budget` (seconds, or text like "2m"), `steps`, `images` seen and `flops`; 60 seconds if none
    is given. `settings` are any others of `gan.config.TrainConfig`, such as `lr_g=1e-3` or `options={"gamma": 0.5}`.
    The run is in the store like one of the command line. An interrupt (Ctrl-C, a notebook's stop button) ends it
    cleanly, and its record says so. A training that fails raises nothing: the record's status is `failed`, with why.
    """
    cfg = configure(
        preset,
        dataset,
        budget=budget,
        steps=steps,
        images=images,
        flops=flops,
        seed=seed,
        device=device,
        deterministic=deterministic,
        compile=compile,
        conditional=conditional,
        loss=loss,
        country=country,
        **settings,
    )
    need_torch()
    worker.prepare_process()
    store = Store()
    record, _ = worker.carry_out(store, store.create(cfg), sys.stderr if progress else None)
    return record


def configure(
    preset: str,
    dataset: str,
    *,
    budget: str | float | None = None,
    steps: int | None = None,
    images: int | None = None,
    flops: float | None = None,
    loss: str | None = None,
    country: str | None = None,
    **settings: Any,
) -> TrainConfig:
    """The configuration that `train` and `gan-bench train` are asked for; `UsageError` for several budgets."""
    budgets = {"--budget": budget, "--steps": steps, "--images": images, "--flops": flops}
    asked = [option for option, value in budgets.items() if value is not None]
    if len(asked) > 1:
        raise UsageError(f"Give {' or '.join(asked)}, not {'both' if len(asked) == 2 else 'all'}.")
    if budget is not None:
        settings["budget_s"] = parse_seconds(budget) if isinstance(budget, str) else budget
    if loss is not None:
        settings["loss"] = loss
    given = {"steps": steps, "budget_images": images, "budget_flops": flops}
    return resolve(preset, dataset, tariff=find_tariff(country), **given, **settings)


def resume(run: str, *, progress: bool = True) -> RunRecord:
    """Go on with a run from its last checkpoint; the record of a completed run is returned as it is."""
    store = Store()
    if store.status(run) == "completed":
        return store.read(run)
    need_torch()
    record, _ = worker.carry_out(store, run, sys.stderr if progress else None, again=True)
    return record


def list_runs() -> list[RunSummary]:
    """The runs on this machine, newest first (`gan.list`)."""
    return Store().list()


def show(run: str) -> RunRecord:
    """What is known of a run."""
    return Store().read(run)


def compare(*runs: str) -> dict[str, Any]:
    """Two runs or more side by side: quality, cost, and the settings in which they differ."""
    store = Store()
    return summary.compare([store.read(run) for run in runs])


def cancel(run: str) -> None:
    """Ask a queued or running run to stop; it keeps what it has learnt so far."""
    Store().cancel(run)


def sample(run: str, count: int, out: Path | str | None = None, *, seed: int = 0) -> Any:
    """`count` images of a run's averaged weights: an array, uint8 (count, channels, height, width).

    Given a folder `out`, they are also written there, a PNG each.
    """
    store = Store()
    record = store.read(run)
    need_torch()
    worker.prepare_process()
    from gan import checkpoint, generate

    sampler = checkpoint.load_generator(store.path(run), record)
    if out is not None:
        generate.export(sampler, count, seed, Path(out))
    return generate.source(sampler, seed)(count).numpy()


def metrics(
    real: Source,
    fake: Source,
    names: list[str] | None = None,
    *,
    train: Source | None = None,
    extractor: str | None = None,
    intervals: bool = False,
    seed: int = 0,
    **settings: Any,
) -> "dict[str, Figure]":
    """Figures of quality of `fake` against `real`, by name: folders, .npz files, features or images as they are.

    `names` are those wanted, all by default. With the images the generator was trained on (`train`), memorisation is
    among them; `real` is then images it was not trained on. Images are judged by `extractor`, by default that of
    digits. `settings` are those of `gan.metrics.Settings`, such as `k=3` or `kid_subsets=100`.
    """
    from gan.metrics import Settings, compute

    try:
        chosen = Settings(**settings)
    except TypeError as error:
        known = ", ".join(Settings.__dataclass_fields__)
        raise UsageError(f"A setting is not known; there are: {known}.") from error
    from gan.metrics.memorisation import calibrate

    real_sample, fake_sample, train_sample = _samples(real, fake, train, extractor)
    return compute(
        real_sample,
        fake_sample,
        names,
        settings=chosen,
        with_intervals=intervals,
        seed=seed,
        calibration=None if train_sample is None else calibrate(real_sample.features, train_sample.features),
    )


def inspect(
    preset: str = "dcgan", dataset: str = "digits", *, conditional: bool = False, **settings: Any
) -> "Inspection":
    """The networks of `preset` on `dataset`, layer by layer: shapes, parameters, operations. Print it to read it."""
    cfg = resolve(preset, dataset, steps=1, conditional=conditional, **settings)
    need_torch()
    worker.prepare_process()
    from gan import datasets, inspection

    return inspection.inspect(cfg, datasets.load(cfg.dataset, cfg.resolution))


def need_torch() -> None:
    """`UsageError` where nothing can be trained."""
    if not runner.available():
        raise UsageError(runner.INSTALL)


def _samples(
    real: Source, fake: Source, train: Source | None, extractor: str | None
) -> "tuple[Sample, Sample, Sample | None]":
    paths = [isinstance(given, str | Path) for given in (real, fake, train) if given is not None]
    if all(paths):
        from gan.metrics_cli import read_sets

        sets = read_sets(Path(real), Path(fake), extractor, None if train is None else Path(train))
        return sets.real, sets.fake, sets.train
    if any(paths):
        raise UsageError("Give all sets of images as paths, or all as arrays.")
    return (
        _sample(real, "real", extractor),
        _sample(fake, "fake", extractor),
        None if train is None else _sample(train, "train", extractor),
    )


def _sample(given: Source, side: str, extractor: str | None) -> "Sample":
    import numpy as np

    from gan.extractors import EXTRACTORS
    from gan.metrics import Sample

    array = np.asarray(given)
    if array.ndim != 4:
        return Sample.checked(array, None, side)
    need_torch()
    worker.prepare_process()
    import torch

    from gan.extractors.network import embed, load

    return embed(torch.from_numpy(np.ascontiguousarray(array)), load(extractor or next(iter(EXTRACTORS))))
