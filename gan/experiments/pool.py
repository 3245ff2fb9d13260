"""The pool of runs that experiments share: each configuration is trained once, whoever asks for it.

The runs are ordinary runs of the store, with records, pictures and checkpoints of their own; `pool.json` in
``$AIGC_REPORT_HOME/experiments`` says which run belongs to which configuration, by its digest. They are trained one
after another within one process, which saves the start of torch a run. A killed pool goes on where it was: finished
runs stay, the interrupted one resumes from its last checkpoint. A run that failed stays failed, and the rest go on.
"""

import hashlib
import json
import time
from collections.abc import Iterable
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from gan import worker
from gan.config import DeviceChoice, Tariff, TrainConfig
from gan.errors import UsageError
from gan.files import write_atomically
from gan.paths import home
from gan.record import RunRecord
from gan.store import Store

SETTLED = frozenset({"completed", "failed", "cancelled"})
"""What is not tried again."""

ACTIVE = frozenset({"queued", "running"})

_POLL_S = 0.25


class _File(BaseModel):
    """`pool.json`."""

    model_config = ConfigDict(extra="ignore")

    runs: dict[str, str] = {}


def folder() -> Path:
    """Where experiments keep what is theirs; not created here."""
    return home() / "experiments"


class Pool:
    """The runs of `store` that experiments have asked for, trained on `device` under `tariff`."""

    def __init__(self, store: Store, device: DeviceChoice = "auto", tariff: Tariff | None = None) -> None:
        self.store = store
        self.device: DeviceChoice = device
        self._tariff = tariff
        self._file = folder() / "pool.json"
        self._runs = _read(self._file)

    def key(self, cfg: TrainConfig) -> str:
        """Tells one configuration from another. What a run costs somewhere does not change what it is."""
        asked = self._asked(cfg).model_dump(mode="json", exclude={"tariff"})
        return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()

    def record(self, cfg: TrainConfig) -> RunRecord | None:
        """What is known of the run of `cfg`; None where it was never begun, or removed by hand."""
        run_id = self._runs.get(self.key(cfg))
        if run_id is None:
            return None
        try:
            return self.store.read(run_id)
        except UsageError:
            return None

    def open(self, configurations: Iterable[TrainConfig]) -> list[TrainConfig]:
        """Those of `configurations` that are still to be trained, each once, in order."""
        distinct = {self.key(cfg): cfg for cfg in configurations}
        return [cfg for cfg in distinct.values() if (r := self.record(cfg)) is None or r.status not in SETTLED]

    def forget(self, configurations: Iterable[TrainConfig]) -> None:
        """Train these anew when they are next asked for; the runs there are stay in the store."""
        for cfg in configurations:
            self._runs.pop(self.key(cfg), None)
        self._write()

    def train(self, cfg: TrainConfig) -> RunRecord:
        """Carry the run of `cfg` out, or on, in this process, and return its record, whatever became of it.

        Raises `KeyboardInterrupt` where the person had enough, and `UsageError` for what would stop every run, such as
        a full disk.
        """
        run_id = self._runs.get(self.key(cfg))
        if run_id is None or self.record(cfg) is None:
            run_id = self.store.create(self._asked(cfg))
            self._runs[self.key(cfg)] = run_id
            self._write()
        while self.store.status(run_id) in ACTIVE:  # somebody resumed it by hand
            time.sleep(_POLL_S)
        try:
            record, _ = worker.carry_out(self.store, run_id)
        except UsageError as error:
            if isinstance(error.__cause__, OSError):
                raise
            record = self.store.read(run_id)
        if record.status == "interrupted":
            raise KeyboardInterrupt
        return record

    def _asked(self, cfg: TrainConfig) -> TrainConfig:
        return cfg.model_copy(update={"device": self.device, "tariff": self._tariff})

    def _write(self) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(self._file, _File(runs=self._runs).model_dump_json(indent=1))


def _read(file: Path) -> dict[str, str]:
    try:
        return dict(_File.model_validate_json(file.read_bytes()).runs)
    except FileNotFoundError:
        return {}
    except (OSError, ValidationError) as error:
        raise UsageError(
            f"{file} cannot be read as the list of the experiments' runs; remove it to train them anew."
        ) from error
