"""A store of one's own for every test, and processes that run the real program on it."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gan.config import TrainConfig, resolve
from gan.record import RunRecord
from gan.store import Store

ROOT = Path(__file__).parents[2]


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


def bench(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    """Run `gan-bench` to its end."""
    command = [sys.executable, "-m", "gan.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, env=dict(os.environ), check=False)


def bench_json(*arguments: str | Path) -> Any:
    """Run `gan-bench … --json`, which must succeed, and return its one document."""
    done = bench(*arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def start_bench(*arguments: str) -> "subprocess.Popen[str]":
    """Start `gan-bench` and return at once."""
    command = [sys.executable, "-m", "gan.cli", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ))


def wait_for(condition: Callable[[], Any], seconds: float = 60) -> Any:
    """The first true value of `condition`; fails the test where there is none in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if value := condition():
            return value
        time.sleep(0.05)
    raise AssertionError(f"nothing within {seconds} s: {condition}")
