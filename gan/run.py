"""One run from its configuration to its record: waits for the device, trains, measures, writes everything down."""

import copy
import csv
import io
import math
import os
import platform
import re
import time
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Protocol, TextIO

import torch
from filelock import FileLock, Timeout

from gan import checkpoint, compiling, datasets, events, generate, grid, loop, part, pictures, runner
from gan.config import TrainConfig
from gan.cost import Meter, count_flops, peak_flops_per_s
from gan.device import autocast_dtype, choose, info, prepare
from gan.errors import UsageError
from gan.evaluate import evaluate, quick_fid, quick_images
from gan.files import write_atomically
from gan.model_card import model_card
from gan.networks import parameters
from gan.paths import home
from gan.progress import Bar
from gan.record import Notice, RunRecord, RunStatus
from gan.store import CARD, EVENTS, Store, held
from gan.tariffs import hourly_price

MOMENTS = (1 / 64, 1 / 32, 1 / 16, 1 / 8, 1 / 4, 1 / 2, 3 / 4)
"""Shares of the budget at which a picture is saved and a quick quality figure taken: training is fastest at first."""

COSTLY_EVALUATIONS = 4
COSTLY_FROM = 1 / 4
"""A sampler that asks its network so often for an image has quick figures from this share of the budget on only: its
thousand images a figure take longer than the stretch of training before it."""

CHECKPOINT_S = (2.0, 10.0)
"""Seconds of training to the first checkpoint, and between later ones: what a killed run loses at most."""

CHEAP_IMAGES = 1_000
"""A stopped run is still measured where the held-out images are at most this many: who stops a run will not wait."""

UNREADABLE = "unreadable.csv"
"""In the run's folder: the files of a folder of images that could not be read as such."""

_POLL_S = 0.2


class Stop(Protocol):
    """Whether, and why, the run shall end before its budget."""

    def reason(self) -> RunStatus | None:
        """`cancelled`, `interrupted`, or None to go on."""


def run(store: Store, run_id: str, stop: Stop, bar_to: TextIO | None = None) -> RunRecord:
    """Carry the run out, or on from its last checkpoint, and return its finished record. The caller holds its lock."""
    record = store.read(run_id)
    cfg = record.config
    device = choose(cfg.device)
    prepare(device, deterministic=cfg.deterministic)
    record = record.model_copy(
        update={
            "status": "queued",
            "finished": None,
            "notices": [],
            "quality": {},
            "device": None,
            "compiled": None,
            "software": software(),
        }
    )
    record.device = info(device, deterministic=cfg.deterministic)
    store.write(record)
    turn = device_lock(device.type)
    if reason := wait_for_turn(store, record, turn, stop, bar_to):
        return _finish(store, record, reason)
    with turn:
        record.status, record.started = "running", record.started or store.now()
        store.write(record)
        return _train_and_measure(store, record, device, stop, bar_to)


def wait_for_turn(
    store: Store, record: RunRecord, turn: FileLock, stop: Stop, say: TextIO | None = None
) -> RunStatus | None:
    """Wait until `turn`, the device's lock, is held, or there is a reason to stop, which is returned.

    Runs come in the order in which they were created. The other runs are read only while the device is free:
    reading many would cost the run at work its speed.
    """
    assert record.device is not None
    told = say is None
    while True:
        if reason := stop.reason():
            return reason
        if not held(Path(turn.lock_file)) and not _ahead(store, record, record.device.type):
            try:
                turn.acquire(timeout=0)
                return None
            except Timeout:
                pass  # somebody was quicker
        if not told:
            print(f"Another run is using this machine's {record.device.type}; this one waits its turn.", file=say)
            told = True
        time.sleep(_POLL_S)


def _ahead(store: Store, record: RunRecord, device: str) -> bool:
    """Does a run that was created before this one wait for the same `device`?"""
    own = (record.created, record.run_id)
    return any(
        other.status == "queued" and other.device == device and (other.created, other.run_id) < own
        for other in store.list()
    )


def _train_and_measure(
    store: Store, record: RunRecord, device: torch.device, stop: Stop, bar_to: TextIO | None
) -> RunRecord:
    cfg, folder = record.config, store.path(record.run_id)
    data = datasets.load(cfg.dataset, cfg.resolution)
    rows = part.rows(cfg, data)
    if cfg.batch_size > len(rows):
        raise UsageError(f"A batch of {cfg.batch_size} is more than the {len(rows)} images of {data.name}.")
    if (folder / checkpoint.LAST).exists() and record.dataset and record.dataset.digest != data.digest:
        raise UsageError(
            f"The images of {data.name} have changed since run {record.run_id} began, so it cannot go on; "
            "start a new run, or put the images back as they were."
        )
    record.dataset = data.info().model_copy(update={"size": len(part.distinct(rows))})
    if data.unreadable:
        write_atomically(folder / UNREADABLE, unreadable_table(data.unreadable))
    model = loop.build(cfg, data.channels, device, len(data.classes))
    record.parameters = {name: parameters(network) for name, network in model.networks.items()}
    meter = Meter(device)
    if (folder / checkpoint.LAST).exists():
        meter.restore(checkpoint.load_last(folder / checkpoint.LAST, model))
        events.rewind(folder / EVENTS, model.step)
    else:
        events.rewind(folder / EVENTS, -1)
    events.append(folder / EVENTS, "state", status="running", time=store.now())
    store.write(record)

    labels = part.labels(cfg, data, rows)
    batches = loop.Batches(data.train[rows].to(device), None if labels is None else labels.to(device), cfg)
    flops_a_step = count_flops_of_a_step(batches, cfg, data)
    record.flops_per_image = {
        "training": flops_a_step / cfg.images_per_step,
        "generating": count_flops_of_an_image(model),
    }
    record.evaluations_per_image = model.method.evaluations
    budget = loop.Budget.of(cfg, flops_a_step)
    journal = Journal(folder, cfg, data, model, meter, device, budget, bar_to)
    try:
        record.compiled, record.notices = compiling.settle(model, batches, cfg, budget, meter, bar_to)
        store.write(record)
        pauses = journal.steps_of_moments
        loop.train(model, batches, cfg, budget, meter, journal.report, lambda: stop.reason() is not None, pauses)
    finally:
        journal.bar.close()

    reason = stop.reason()
    status: RunStatus = "failed" if journal.diverged else "completed"
    if reason and not journal.diverged and budget.used(model.step, meter.train_s) < 1:
        status = reason
    return _measure(store, record, journal, status, flops_a_step)


def _measure(store: Store, record: RunRecord, journal: "Journal", status: RunStatus, flops_a_step: int) -> RunRecord:
    cfg, folder, data, model = record.config, journal.folder, journal.data, journal.model
    record.steps_done, record.images_seen = model.step, model.step * cfg.images_per_step
    if journal.diverged:
        model.averaged.load_state_dict(journal.last_finite)
        record.notices.append(Notice(code="diverged", values={"step": model.step}))
    elif status != "completed":
        record.notices.append(Notice(code="stopped_early", values={"step": model.step}))
        checkpoint.save_last(folder / checkpoint.LAST, model, journal.meter.state())
    checkpoint.save_final(folder / checkpoint.FINAL, model.averaged.state_dict(), cfg, model.method)
    journal.save_grid()
    if status == "completed" or (model.step > 0 and len(data.held_out) <= CHEAP_IMAGES):
        seen = part.distinct(part.rows(cfg, data))
        result = evaluate(
            generate.source(model.sampler, cfg.seed),
            data,
            device=journal.device,
            seed=cfg.seed,
            n=_measured(cfg, data),
            trained_on=seen if len(seen) < len(data.train) else None,
        )
        record.quality, record.extractor, record.class_shares = result.quality, result.extractor, result.class_shares
        record.notices += result.notices
    assert record.device is not None
    precision = autocast_dtype(journal.device, deterministic=cfg.deterministic)
    record.cost, notices = journal.meter.cost(
        images=record.images_seen,
        flops=float(flops_a_step) * model.step,
        peak_flops_per_s=peak_flops_per_s(journal.device, record.device.name, precision or torch.float32),
        tariff=cfg.tariff,
        device_name=record.device.name,
        hourly=hourly_price(cfg.tariff, record.device.type, record.device.name),
    )
    record.notices += notices
    if data.unreadable:
        values = {"count": len(data.unreadable), "example": data.unreadable[0][0]}
        record.notices.append(Notice(code="unreadable_files", values=values))
    for notice in record.notices:
        events.append(folder / EVENTS, "notice", code=notice.code, values=notice.values)
    told = events.read(folder / EVENTS)
    record.curve, record.samples = events.curve(told), events.samples(told)
    record.status, record.finished = status, store.now()
    write_atomically(folder / CARD, model_card(record))
    record = _finish(store, record, status)  # the last to be written: who is killed before it trains the end again
    if status in ("completed", "failed"):
        (folder / checkpoint.LAST).unlink(missing_ok=True)  # nothing to continue, and several times the final weights
    return record


def _finish(store: Store, record: RunRecord, status: RunStatus) -> RunRecord:
    record.status, record.finished = status, store.now()
    events.append(store.path(record.run_id) / EVENTS, "state", status=status, time=record.finished)
    store.write(record)
    return record


class Journal:
    """Writes down what happens while a run trains: events, pictures, quick figures, checkpoints, the bar on screen."""

    def __init__(
        self,
        folder: Path,
        cfg: TrainConfig,
        data: datasets.Dataset,
        model: loop.Model,
        meter: Meter,
        device: torch.device,
        budget: loop.Budget,
        bar_to: TextIO | None,
    ) -> None:
        self.folder, self.cfg, self.data, self.model, self.meter, self.device = folder, cfg, data, model, meter, device
        self.budget = budget
        self.diverged = False
        self.last_finite = copy.deepcopy(model.averaged.state_dict())
        self.bar = Bar(cfg, bar_to)
        self._next_checkpoint_s = meter.train_s + CHECKPOINT_S[0]
        done = self._fraction()
        self._moments = [moment for moment in MOMENTS if moment > done] if cfg.measure_along else []
        self._quick_from = COSTLY_FROM if model.method.evaluations >= COSTLY_EVALUATIONS else 0.0
        self.steps_of_moments = frozenset(budget.step_of(moment) for moment in self._moments)
        """Where a run of so many steps has its pictures, whatever the clock says: the same ones each time."""
        (folder / "samples").mkdir(exist_ok=True)
        if model.step == 0:
            self.save_real_grid()
            self.save_grid()

    def report(self, now: loop.Report) -> bool:
        """Note a stretch of training; False where going on makes no sense."""
        state = self.model.averaged.state_dict()
        finite = math.isfinite(now.loss_g) and (now.loss_d is None or math.isfinite(now.loss_d))
        if not finite or not all_finite(state):
            self.diverged = True
            return False
        self.last_finite = copy.deepcopy(state)
        fraction = self._fraction()
        speed = now.images / now.train_s
        eta_s = now.train_s * (1 - fraction) / fraction
        progress = events.Progress(now.step, now.images, now.train_s, fraction, speed, now.loss_g, now.loss_d, eta_s)
        events.append(self.folder / EVENTS, "progress", **vars(progress))
        self.bar.show(progress)
        passed = [moment for moment in self._moments if moment <= fraction]
        self._moments = self._moments[len(passed) :]
        if passed and fraction < 1:
            self.save_grid()
            if passed[-1] >= self._quick_from:
                self._quick_figure(now)
        if now.train_s >= self._next_checkpoint_s and fraction < 1:
            events.flush(self.folder / EVENTS)  # a checkpoint shall not outlast what is told of the steps before it
            checkpoint.save_last(self.folder / checkpoint.LAST, self.model, self.meter.state())
            self._next_checkpoint_s = now.train_s + CHECKPOINT_S[1]
        return True

    def save_grid(self) -> None:
        """A picture of what the generator makes of the same noise each time."""
        count = grid.COLUMNS * grid.ROWS
        images = generate.source(self.model.sampler, self.cfg.seed)(count)
        self._save(f"{self.model.step:08d}.png", images, real=False)

    def save_real_grid(self) -> None:
        """A picture of real training images, to compare with."""
        count = grid.COLUMNS * grid.ROWS
        random = torch.Generator().manual_seed(loop.seed_of(self.cfg.seed, "real grid"))
        self._save(
            "real.png", self.data.train[torch.randperm(len(self.data.train), generator=random)[:count]], real=True
        )

    def _save(self, name: str, images: torch.Tensor, *, real: bool) -> None:
        pictures.write_grid(self.folder / "samples" / name, images)
        where = {"step": self.model.step, "images": self.model.step * self.cfg.images_per_step}
        columns = grid.COLUMNS
        events.append(self.folder / EVENTS, "sample", file=f"samples/{name}", real=real, columns=columns, **where)

    def _quick_figure(self, now: loop.Report) -> None:
        n = quick_images(self.data)
        images = generate.source(self.model.sampler, self.cfg.seed)
        fid = quick_fid(images, self.data, n=n, device=self.device, seed=self.cfg.seed)
        where = {"step": now.step, "images": now.images, "train_s": now.train_s}
        events.append(self.folder / EVENTS, "quality", fid=fid, n=n, **where)

    def _fraction(self) -> float:
        return min(1.0, self.budget.used(self.model.step, self.meter.train_s))


def all_finite(weights: dict[str, torch.Tensor]) -> bool:
    """Is every number finite? Asked once: on a GPU each question waits for the board."""
    return bool(torch.stack([torch.isfinite(value).all() for value in weights.values()]).all())


def count_flops_of_a_step(batches: loop.Batches, cfg: TrainConfig, data: datasets.Dataset) -> int:
    """Floating-point operations of one training step, counted on a twin so that nothing is trained by counting."""
    twin = loop.build(cfg, data.channels, batches.device, len(data.classes))
    return count_flops(lambda: loop.update(twin, batches.of(0), cfg))


@torch.no_grad()
def count_flops_of_an_image(model: loop.Model) -> int:
    """Floating-point operations of making one image."""
    device = next(model.averaged.parameters()).device
    noise = torch.zeros(1, *model.method.noise_shape, device=device)
    labels = torch.zeros(1, dtype=torch.long, device=device) if model.method.shape.classes else None
    was_training = model.averaged.training
    model.averaged.eval()
    counted = count_flops(lambda: model.sampler(noise, labels))
    model.averaged.train(was_training)
    return counted


def _measured(cfg: TrainConfig, data: datasets.Dataset) -> int | None:
    """Images a side that quality rests on; None for as many as can be."""
    if cfg.measure_images is None:
        return None
    return min(cfg.measure_images, len(data.held_out), len(data.train))


def unreadable_table(files: Sequence[tuple[str, str]]) -> str:
    """The files that are no images, and why, as CSV."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(("file", "reason"))
    rows.writerows(files)
    return text.getvalue()


def software() -> dict[str, str]:
    """Versions behind the figures."""
    versions = {"python": platform.python_version(), "torch": torch.__version__}
    try:
        versions["aigc-report"] = version("aigc-report")
    except PackageNotFoundError:
        versions["aigc-report"] = "not installed (run from source)"
    return versions


def device_slot(device: str) -> str:
    """What runs wait for each other on: a kind of device, or the part of the machine that `SLOT` names."""
    slot = re.sub(r"[^A-Za-z0-9._-]", "-", os.environ.get(runner.SLOT, ""))
    return f"{device}-{slot}" if slot else device


def device_lock(device: str) -> FileLock:
    """Whoever computes on this kind of device, or the part of the machine that `SLOT` names, holds it."""
    folder = home() / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    return FileLock(folder / f"{device_slot(device)}.lock")
