"""Suites as a user meets them: real processes train tiny runs, stop in the middle and go on."""

import json
import signal

import pytest
from processes import bench, bench_json, start_bench, wait_for

from gan.errors import UsageError
from gan.store import Store
from gan.suite import ledger, plan

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


SHORT = TINY.format(steps=4).split("[[")[0].replace("[0, 1]", "[0]") + "[[settings]]\nwidth = 8\n"
LONG = 1_000_000


@pytest.fixture
def tiny(tmp_path):
    path = tmp_path / "tiny.toml"
    path.write_text(TINY.format(steps=4), encoding="utf-8")
    return path


def test_a_suite_trains_every_member_and_says_what_they_show_together(home, tiny):
    done = bench("suite", tiny, "--json")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)  # one document and nothing else
    assert "[4/4" in done.stderr
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
    path.write_text(SHORT + f"[[settings]]\nwidth = 16\nsteps = {LONG}\n", encoding="utf-8")
    process = start_bench("suite", str(path))
    wait_for(lambda: [run for run in Store().list() if run.budget_steps == LONG and run.steps > 0], 120)
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 130
    assert [run.status for run in Store().list()] == ["interrupted", "completed"]
    (known,) = ledger.read_all()
    assert known.finished is None
    assert len(known.runs) == 2
    again = start_bench("suite", str(path))
    wait_for(lambda: Store().list()[0].status == "running", 60)
    again.send_signal(signal.SIGINT)
    assert again.wait(60) == 130
    assert len(Store().list()) == 2
    assert [one.suite_id for one in ledger.read_all()] == [known.suite_id]


def test_a_failed_run_costs_one_run(home, tiny):
    tiny.write_text(SHORT + "[[settings]]\nlr_g = 1e30\nlr_d = 1e30\nsteps = 50\n", encoding="utf-8")
    result = bench_json("suite", tiny)
    assert result["settled"] == 2
    assert [(group["completed"], group["failed"]) for group in result["groups"]] == [(1, 0), (0, 1)]


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
            'title = "t"\npresets = ["dcgan"]\ndatasets = ["digits"]\nseeds = [0]\nsteps = 1\n'
            'baseline = { preset = "x" }',
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
