"""Carry experiments out: train what the pool lacks, look at it, write the evidence.

    experiments/pool.json              which run belongs to which configuration (`gan.experiments.pool`)
    experiments/<size>/<name>.json     evidence (`gan.experiments.evidence`)
    experiments/<size>/progress.json   where the work stands, for whoever looks on; replaced as a whole
    experiments/<size>/work.lock       held by the process that works on this size

Evidence that was made by the same program at the same size stays as it is, and so do finished runs: the same command
given again goes on where it was interrupted.
"""

import ast
import hashlib
import os
import time
import traceback
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TextIO

from filelock import FileLock, Timeout
from pydantic import BaseModel, ConfigDict, ValidationError

from gan import runner
from gan.durations import in_words
from gan.errors import Busy, UsageError
from gan.experiments import pool as pools
from gan.experiments.design import SCALES, Experiment, Scale, Size, distinct, seconds_of
from gan.experiments.evidence import Evidence
from gan.experiments.pool import Pool
from gan.files import write_atomically

PROGRESS = "progress.json"
_PACKAGE = "gan.experiments"
_FRAME = frozenset(f"{_PACKAGE}.{name}" for name in ("design", "evidence", "pool"))
LOCK = "work.lock"
_POLL_S = 0.25


class Progress(BaseModel):
    """`progress.json`: `done` of `total` pieces of work (runs and experiments)."""

    model_config = ConfigDict(extra="ignore")

    done: int
    total: int
    experiment: str
    what: str
    """What is being done, or how it ended."""
    eta_s: float | None = None
    pid: int
    finished: bool = False
    failed: list[str] = []
    """Experiments that ended in an error."""


@dataclass(frozen=True)
class Outcome:
    """What became of the experiments that were asked for."""

    size: Size
    evidence: list[Evidence]
    failed: dict[str, str] = field(default_factory=dict)
    """Experiments that ended in an error, and which."""


def folder(size: Size) -> Path:
    """Where evidence of this size lies; not created here."""
    return pools.folder() / size


def read(name: str, size: Size) -> Evidence | None:
    """The evidence of an experiment on this machine; None where there is none, or none that can be read."""
    try:
        return Evidence.model_validate_json((folder(size) / f"{name}.json").read_bytes())
    except (OSError, ValidationError):
        return None  # not carried out here, half-copied, or of another version: it is carried out again


def progress(size: Size) -> Progress | None:
    """Where work on this size stands, or stood when it ended; None where there never was any."""
    try:
        return Progress.model_validate_json((folder(size) / PROGRESS).read_bytes())
    except (OSError, ValidationError):
        return None  # never begun, or a file of another version


def code_digest(experiment: Experiment) -> str:
    """sha256 over the program of the experiment: `modules`, in the order of their names."""
    total = hashlib.sha256()
    for name in sorted(modules(experiment)):
        total.update(_file(name).read_bytes())
    return total.hexdigest()


def modules(experiment: Experiment) -> set[str]:
    """The modules of this package that decide what the experiment finds: its own, and all that those import.

    What lists, trains and stores is not among them: budgets stand in the evidence's settings, configurations in the
    keys of the runs.
    """
    found, open_ = set[str](), {experiment.module, f"{_PACKAGE}.lab"}
    while open_:
        name = open_.pop()
        found.add(name)
        open_ |= _imported(name) - found - _FRAME
    return found


@cache
def _imported(name: str) -> frozenset[str]:
    """Modules of this package that module `name` names in an import, wherever it stands in the file."""
    tree = ast.parse(_file(name).read_bytes())
    froms = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module]
    whole = {f"{_PACKAGE}.{each.name}" for node in froms if node.module == _PACKAGE for each in node.names}
    return frozenset(whole | {str(node.module) for node in froms if str(node.module).startswith(f"{_PACKAGE}.")})


def _file(name: str) -> Path:
    # found as a file, not imported: the digest is asked for by readers that have no torch
    package, _, module = name.rpartition(".")
    return Path(str(import_module(package).__file__)).parent / f"{module}.py"


def carry_out(
    experiments: Sequence[Experiment],
    size: Size,
    pool: Pool,
    *,
    fresh: bool = False,
    out: TextIO | None = None,
) -> Outcome:
    """Carry these experiments out at `size`, one after another, and return their evidence.

    An experiment that ends in an error is told of on `out` and the others go on. `fresh` trains everything anew. Raises
    `Busy` where another process works on this size, and `KeyboardInterrupt` where the person had enough.
    """
    if not runner.available():
        raise UsageError(runner.INSTALL)
    folder(size).mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder(size) / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise Busy(f"The experiments of size {size} are being worked on by another process.") from None
    with lock:
        return _carry_out(experiments, size, pool, fresh, out)


def _carry_out(experiments: Sequence[Experiment], size: Size, pool: Pool, fresh: bool, out: TextIO | None) -> Outcome:
    needs = {e.name: distinct(e.needs(size)) for e in experiments}
    if fresh:
        pool.forget(cfg for configurations in needs.values() for cfg in configurations)
    known = {} if fresh else {e.name: found for e in experiments if (found := _kept(e, size)) is not None}
    asked = [e for e in experiments if e.name not in known]
    work = _Work(size, out)
    runs = pool.open(cfg for e in asked for cfg in needs[e.name])
    work.plan({pool.key(cfg): seconds_of(cfg) for cfg in runs} | {e.name: e.own_seconds(size) for e in asked})
    outcome = Outcome(size, [])
    try:
        for experiment in experiments:
            if experiment.name in known:
                work.say(experiment.name, "evidence is there already")
                outcome.evidence.append(known[experiment.name])
                continue
            for cfg in pool.open(needs[experiment.name]):
                work.say(experiment.name, f"training {cfg.preset} on {cfg.dataset}, seed {cfg.seed}")
                record = pool.train(cfg)
                if record.status != "completed":
                    work.say(experiment.name, f"run {record.run_id} is {record.status}: {'; '.join(record.warnings)}")
                work.done(pool.key(cfg))
            try:
                outcome.evidence.append(_look(experiment, size, pool, work))
            except OSError:
                raise  # a full disk stops the others too
            except Exception as error:
                traceback.print_exc(file=out)
                outcome.failed[experiment.name] = f"{type(error).__name__}: {error}"
            work.done(experiment.name)
    except BaseException as error:
        work.end(outcome, "interrupted" if isinstance(error, KeyboardInterrupt) else "stopped")
        raise
    work.end(outcome, "done")
    return outcome


def _kept(experiment: Experiment, size: Size) -> Evidence | None:
    known = read(experiment.name, size)
    if known is None or known.code_digest != code_digest(experiment) or known.settings != _settings(SCALES[size]):
        return None  # another program or other budgets: to be looked at anew
    return known


def _settings(scale: Scale) -> dict[str, float | int | str | bool | None]:
    """The scale as evidence keeps it."""
    return {name: value for name, value in asdict(scale).items() if isinstance(value, str | int | float)}


def _look(experiment: Experiment, size: Size, pool: Pool, work: "_Work") -> Evidence:
    """The findings of one experiment as evidence, written down. The device is this process's own meanwhile."""
    from gan.experiments.lab import Lab, device_lock, prepared  # loads torch

    scale = SCALES[size]
    lab = prepared(Lab(experiment, scale, pool, say=lambda what: work.say(experiment.name, what)))
    turn = device_lock(lab.device.type)
    work.say(experiment.name, "looking at its runs")
    while True:
        try:
            turn.acquire(timeout=_POLL_S)
            break
        except Timeout:
            work.say(experiment.name, "waiting: a run is using this machine")
    begun = time.perf_counter()
    with turn:
        found = experiment.findings(lab)
    took_s = time.perf_counter() - begun + sum(record.cost.wall_s or 0.0 for record in lab.used.values())
    evidence = Evidence(
        test=experiment.name,
        size=size,
        made=datetime.now(UTC).replace(microsecond=0),
        machine=machine(lab.device.type),
        took_s=round(took_s, 1),
        seeds=list(scale.seeds),
        settings=_settings(scale),
        findings=found.findings,
        series=found.series,
        warnings=[*dict.fromkeys(lab.warnings), *found.warnings],
        code_digest=code_digest(experiment),
    )
    write_atomically(folder(size) / f"{experiment.name}.json", evidence.model_dump_json(indent=1))
    return evidence


def machine(device: str) -> str:
    """The machine in words: what computed, its cores, its memory."""
    import psutil

    from gan.device import choose, info

    what = info(choose("cpu" if device == "cpu" else "auto"), deterministic=False)
    memory = f"{round((what.memory_bytes or psutil.virtual_memory().total) / 2**30)} GiB"
    cores = f", {what.cores} cores" if what.cores else ""
    return f"{what.name}{cores}, {memory}"


class _Work:
    """What is left to do, in seconds as estimated beforehand; told on `out` and in `progress.json`."""

    def __init__(self, size: Size, out: TextIO | None) -> None:
        self._size, self._out = size, out
        self._begun = time.monotonic()
        self._left: dict[str, float] = {}
        self._total = 0
        self._planned_s = 0.0
        self._experiment, self._said = "", ""
        self._told = ("", "", 0)

    def plan(self, pieces: dict[str, float]) -> None:
        """The pieces of work and the seconds each should take."""
        self._left = dict(pieces)
        self._total, self._planned_s = len(pieces), sum(pieces.values())

    def done(self, piece: str) -> None:
        """One of them is done."""
        self._left.pop(piece, None)
        self._write(self._said)

    def say(self, experiment: str, what: str) -> None:
        """What is being done now."""
        now = (experiment, what, len(self._left))
        if now == self._told:
            return
        self._told, self._experiment, self._said = now, experiment, what
        if self._out is not None:
            eta_s = self._eta_s()
            left = "" if eta_s is None else f", about {in_words(eta_s)} left"
            done = self._total - len(self._left)
            print(f"[{done}/{self._total}{left}] {experiment}: {what}", file=self._out, flush=True)
        self._write(what)

    def end(self, outcome: Outcome, how: str) -> None:
        """The work is over, for now."""
        self._write(how, finished=True, failed=list(outcome.failed))

    def _eta_s(self) -> float | None:
        left_s = sum(self._left.values())
        done_s = self._planned_s - left_s
        if done_s <= 0:
            return left_s  # nothing to correct the estimate by yet
        return left_s * (time.monotonic() - self._begun) / done_s

    def _write(self, what: str, *, finished: bool = False, failed: Sequence[str] = ()) -> None:
        eta_s = self._eta_s()
        state = Progress(
            done=self._total - len(self._left),
            total=self._total,
            experiment=self._experiment,
            what=what,
            eta_s=None if eta_s is None else round(eta_s, 1),
            pid=os.getpid(),
            finished=finished,
            failed=list(failed),
        )
        write_atomically(folder(self._size) / PROGRESS, state.model_dump_json(indent=1))
