"""Suites as a user meets them: real processes train tiny runs, stop in the middle and go on."""

import json
import os
import signal

import pytest

from gan.errors import UsageError
from gan.store import Store
from gan.suite import ledger, plan

from .conftest import bench, bench_json, start_bench, wait_for

pytestmark = pytest.mark.torch

TINY = """
title = "Tiny"
presets = ["dcgan"]
datasets = ["digits"]
seeds = [0, 1]
steps = {steps}
[[settings]]
width = 8
[[settings]]
width = 16
"""


@pytest.fixture
def tiny(tmp_path):
    path = tmp_path / "tiny.toml"
    path.write_text(TINY.format(steps=4), encoding="utf-8")
    return path


def test_a_suite_trains_every_member_and_says_what_they_show_together(home, tiny):
    result = bench_json("suite", tiny)
    assert result["planned"] == result["settled"] == 4
    assert {group["completed"] for group in result["groups"]} == {2}
    assert {run["status"] for run in result["runs"]} == {"completed"}
    assert len(Store().list()) == 4
    (known,) = ledger.read_all()
    assert known.finished
    files = {path.name for path in ledger.folder(known).iterdir()}
    assert {"suite.json", "results.json", "results.csv", "results.md", "frontier.svg"} <= files
    (comparison,) = [c for c in result["comparisons"] if c["metric"] == "fid"]
    assert comparison["pairs"] == 2


def test_an_interrupted_suite_goes_on_where_it_was(home, tmp_path):
    path = tmp_path / "long.toml"
    path.write_text(TINY.format(steps=4) + "[[settings]]\nwidth = 32\nsteps = 100000\n", encoding="utf-8")
    process = start_bench("suite", str(path))
    wait_for(lambda: [run for run in Store().list() if run.status == "completed"], 90)
    wait_for(lambda: [run for run in Store().list() if run.status == "running" and run.steps > 0], 90)
    process.send_signal(signal.SIGINT)
    os.kill(_worker(), signal.SIGINT)  # a terminal's Ctrl-C reaches the whole group
    assert process.wait(60) == 130
    before = {run.run_id: run.status for run in Store().list()}
    assert sorted(before.values()) == ["completed", "completed", "interrupted"]
    (known,) = ledger.read_all()
    assert known.finished is None
    assert len(known.runs) == 3
    shorter = plan.load(str(path))
    assert ledger.begin(shorter, "auto", known.tariff).suite_id == known.suite_id


def _worker() -> int:
    import psutil

    (found,) = [
        p.pid for p in psutil.process_iter(["cmdline"]) if "gan.worker" in (p.info["cmdline"] or []) and _ours(p)
    ]
    return found


def _ours(process) -> bool:
    return process.environ().get("AIGC_REPORT_HOME", "") == os.environ["AIGC_REPORT_HOME"]


def test_a_failed_run_costs_one_run(home, tiny):
    tiny.write_text(TINY.format(steps=4) + "[[settings]]\nlr_g = 1e30\nlr_d = 1e30\nsteps = 50\n", encoding="utf-8")
    result = bench_json("suite", tiny)
    assert result["settled"] == 6
    assert sum(group["failed"] for group in result["groups"]) == 2
    assert sum(group["completed"] for group in result["groups"]) == 4


def test_the_named_suites_can_be_read_and_are_listed(home):
    said = bench("suite")
    assert said.returncode == 0
    for name in ("quick", "ladder", "scaling", "seeds"):
        assert plan.members(plan.load(name))
        assert name in said.stdout


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("presets = [", "is not a TOML file"),
        ('title = "t"\npresets = ["dcgan"]\ndatasets = ["digits"]\nseeds = [0]', "exactly one of budget"),
        ('title = "t"\npresets = ["dcgn"]\ndatasets = ["digits"]\nseeds = [0]\nsteps = 1', 'no preset "dcgn"'),
        ('title = "t"\npresets = ["dcgan"]\ndatasets = ["digits"]\nseeds = [0, 0]\nsteps = 1', "a seed stands twice"),
        (
            'title = "t"\npresets = ["dcgan"]\ndatasets = ["digits"]\nseeds = [0]\nbudget = "soon"',
            "not a training time",
        ),
        (
            'title = "t"\npresets = ["dcgan"]\ndatasets = ["digits"]\nseeds = [0]\nsteps = 1\nbaseline = {preset = "x"}',
            'baseline "x on digits" is none of its groups',
        ),
        ('title = "t"\npresets = ["dcgan"]\ndatasets = ["digits"]\nseeds = [0]\nsteps = 1\ncolour = 1', "colour"),
    ],
)
def test_a_faulty_suite_is_one_sentence(home, tmp_path, text, said):
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    done = bench("suite", path)
    assert done.returncode == 2
    assert said in done.stderr
    assert str(path) in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_suite_that_is_not_there_names_those_that_are(home):
    done = bench("suite", "quikc")
    assert done.returncode == 2
    assert "quick" in done.stderr
    with pytest.raises(UsageError, match="cannot be read"):
        plan.load("nowhere.toml")


def test_json_is_one_document_and_progress_goes_to_stderr(home, tiny):
    done = bench("suite", tiny, "--json")
    json.loads(done.stdout)
    assert "[4/4" in done.stderr
