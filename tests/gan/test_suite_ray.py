"""A suite on a real local Ray cluster with two workers' worth of processors."""

import importlib.util
import os
import subprocess
import sys

import pytest
from processes import bench

from gan.store import Store

pytestmark = [pytest.mark.torch, pytest.mark.timeout(300)]

SUITE = """
title = "Tiny"
presets = ["dcgan"]
datasets = ["digits"]
seeds = [0, 1]
steps = 4
"""


@pytest.mark.skipif(importlib.util.find_spec("ray") is None, reason="Ray is an optional extra")
def test_a_suite_runs_on_a_local_ray_cluster(home, tmp_path):
    path = tmp_path / "tiny.toml"
    path.write_text(SUITE, encoding="utf-8")
    command = [sys.executable, "-m", "gan.cli", "suite", str(path), "--on", "ray", "--cpus", "1"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, env=dict(os.environ), check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert {run.status for run in Store().list()} == {"completed"}
    assert len(Store().list()) == 2


@pytest.mark.skipif(importlib.util.find_spec("ray") is not None, reason="Ray is installed")
def test_without_ray_one_sentence_says_how_to_add_it(home):
    done = bench("suite", "quick", "--on", "ray")
    assert done.returncode == 2
    assert 'pip install "aigc-report[ray]"' in done.stderr
