"""A store of one's own for every test, and processes that run the real program on it."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from processes import Forker

from gan.config import TrainConfig, resolve
from gan.record import RunRecord
from gan.store import Store

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def denormals_stay() -> Iterator[None]:
    """Training flushes tiny numbers to zero for the whole process; the next test shall have them again."""
    yield
    if "torch" in sys.modules:
        sys.modules["torch"].set_flush_denormal(False)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """`$AIGC_REPORT_HOME`, empty, for this process and the ones it starts. One thread: tests share few cores."""
    monkeypatch.setenv("AIGC_REPORT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    return tmp_path / "home"


@pytest.fixture
def store(home: Path) -> Store:
    return Store()


@pytest.fixture
def recorded(store: Store) -> Callable[..., str]:
    """Puts a finished run into the store, made by hand: for tests of reading, where nothing needs to train."""

    def put(status: str = "completed", cfg: TrainConfig | None = None, **fields: Any) -> str:
        run_id = store.create(cfg or resolve(steps=20))
        record = store.read(run_id).model_copy(update={"status": status, **fields})
        store.write(RunRecord.model_validate(record.model_dump()))
        return run_id

    return put


@pytest.fixture
def forker(home: Path, tmp_path: Path) -> Iterator[Forker]:
    if not hasattr(os, "fork"):
        pytest.skip("no fork on this system")
    one = Forker(tmp_path / "forker.log")
    yield one
    one.close()
