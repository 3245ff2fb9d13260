"""Homes for the pages: an empty one, and one with a run that the real trainer made."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture
def no_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AIGC_REPORT_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture(scope="session")
def trained_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which one short run on digits completed."""
    if importlib.util.find_spec("torch") is None:
        pytest.skip("training needs the gan extra")
    home = tmp_path_factory.mktemp("home")
    command = [
        sys.executable,
        "-m",
        "gan.cli",
        "train",
        "--dataset",
        "digits",
        "--steps",
        "40",
        "--country",
        "DEU",
        "--json",
    ]
    environment = os.environ | {"AIGC_REPORT_HOME": str(home), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert json.loads(done.stdout)["status"] == "completed"
    return home


@pytest.fixture
def one_run(trained_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AIGC_REPORT_HOME", str(trained_home))
    return trained_home


@pytest.fixture(autouse=True)
def a_reader_who_may_start_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages in tests have no connection that could say where their reader sits; tests of that rule set their own."""
    monkeypatch.setenv("AIGC_REPORT_RUNS", "anyone")
