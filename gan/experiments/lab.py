"""What an experiment is given to work with: its size, the data, the runs of the pool, and what can be done with them.

Judging is by the data set's extractor, which was trained on training images alone, against held-out images that no
run and no classifier here has seen.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property

import torch

from gan import checkpoint, datasets, evaluate, generate, loop, part, run
from gan.config import NATIVE_RESOLUTION, TrainConfig
from gan.device import choose, prepare
from gan.experiments import classify
from gan.experiments.design import Experiment, Scale
from gan.experiments.pool import Pool
from gan.method import Labels, Sampler
from gan.metrics import Sample
from gan.record import RunRecord

_SAMPLES_SEED = 20_261_125
"""Decides the noise of images that experiments make: others than a run's own figures rest on."""


@dataclass
class Lab:
    """One experiment's bench. `say` tells the person in front of the terminal what is being done."""

    experiment: Experiment
    scale: Scale
    pool: Pool
    say: Callable[[str], None] = lambda _: None
    warnings: list[str] = field(default_factory=list)
    used: dict[str, RunRecord] = field(default_factory=dict)
    """Every run that was looked at, by its id."""

    @property
    def seeds(self) -> tuple[int, ...]:
        """The repetitions."""
        return self.scale.seeds

    # ---- data --------------------------------------------------------------------------------------------------------

    @cached_property
    def data(self) -> datasets.Dataset:
        """The data set at its native resolution: `train`, `held_out` and their labels, uint8 and int64, on the CPU."""
        return datasets.load(self.scale.dataset, NATIVE_RESOLUTION[self.scale.dataset])

    def training_part(self, cfg: TrainConfig) -> tuple[torch.Tensor, torch.Tensor]:
        """Images and true labels that the run of `cfg` is trained on, each image once."""
        rows = part.distinct(part.rows(cfg, self.data))
        return self.data.train[rows], self.data.train_labels[rows]

    @cached_property
    def device(self) -> torch.device:
        """Where runs and classifiers compute."""
        return choose(self.pool.device)

    # ---- runs --------------------------------------------------------------------------------------------------------

    def run(self, cfg: TrainConfig) -> RunRecord | None:
        """The record of the completed run of `cfg`; None, and a warning, where it did not complete."""
        record = self.pool.record(cfg)
        if record is None or record.status != "completed":
            how = "was not trained" if record is None else f"{record.run_id} is {record.status}"
            self.warnings.append(f"A run is missing: {cfg.preset} with seed {cfg.seed} {how}.")
            return None
        self.used[record.run_id] = record
        return record

    def by_seed(self, of: Callable[[int], TrainConfig]) -> dict[int, RunRecord]:
        """The completed runs of the configurations `of`(seed), by seed."""
        found = {seed: self.run(of(seed)) for seed in self.seeds}
        return {seed: record for seed, record in found.items() if record is not None}

    def sampler(self, record: RunRecord) -> Sampler:
        """What makes the run's images, on the CPU: its averaged generator, ready to be changed."""
        return checkpoint.load_generator(self.pool.store.path(record.run_id), record)

    def images(self, sampler: Sampler, n: int, seed: int = 0) -> tuple[torch.Tensor, Labels]:
        """`n` images of `sampler`, uint8 (n, C, H, W), and the classes that were asked for, where it is told any."""
        return generate.source(sampler, _SAMPLES_SEED + seed)(n), generate.labels(sampler, n, _SAMPLES_SEED + seed)

    # ---- judging -----------------------------------------------------------------------------------------------------

    def features(self, images: torch.Tensor) -> Sample:
        """`images`, uint8 (n, C, H, W), as the extractor sees them, with class probabilities where it knows classes."""
        return evaluate.judged(images, self.data, self.device)

    def held_out(self, n: int | None = None) -> Sample:
        """Features of `n` held-out images, always the same ones; by default as many as the size measures with."""
        return evaluate.real_sample(self.data, n or self.measure_images, self.device, "held_out")

    @property
    def measure_images(self) -> int:
        """Images a side that figures rest on."""
        return min(self.scale.measure_images, len(self.data.held_out), len(self.data.train))

    def quality_of(self, sampler: Sampler, seed: int = 0) -> dict[str, float]:
        """FID, KID, precision, recall, density and coverage of `sampler`'s images, the noise of `seed`."""
        images = generate.source(sampler, seed)(self.measure_images)
        return evaluate.values(images, self.data, device=self.device)

    # ---- learning here -----------------------------------------------------------------------------------------------

    def classifier(
        self, images: torch.Tensor, labels: torch.Tensor, seed: int, *, augment: bool = False, steps: int | None = None
    ) -> classify.Classifier:
        """A small classifier trained on these images for the size's number of steps, whatever their number."""
        steps = steps or self.scale.classifier_steps
        return classify.train(
            images, labels, len(self.data.classes), seed=seed, steps=steps, augment=augment, device=self.device
        )

    def accuracy(self, classifier: classify.Classifier) -> float:
        """Share of all held-out images whose class it names."""
        judged = classify.predict(classifier, self.data.held_out).argmax(dim=1)
        return float((judged == self.data.held_out_labels).double().mean())

    @contextmanager
    def model(self, cfg: TrainConfig) -> Iterator[tuple[loop.Model, loop.Batches]]:
        """Fresh networks and batches of `cfg`, for an experiment that takes its steps itself (`gan.loop.update`)."""
        prepare(self.device, deterministic=cfg.deterministic)
        rows = part.rows(cfg, self.data)
        labels = part.labels(cfg, self.data, rows)
        batches = loop.Batches(
            self.data.train[rows].to(self.device), None if labels is None else labels.to(self.device), cfg
        )
        yield loop.build(cfg, self.data.channels, self.device, len(self.data.classes)), batches


def prepared(lab: Lab) -> Lab:
    """`lab` with torch set up as for a run, so that what is computed in it is what a run would compute."""
    prepare(lab.device, deterministic=False)
    return lab


device_lock = run.device_lock
"""Whoever computes on a device holds it: runs, and experiments while they look at runs."""
