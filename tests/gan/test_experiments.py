"""Experiments as a user meets them: runs are shared and kept, failures cost little, an interrupted command goes on."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from io import StringIO

import pytest
from filelock import FileLock
from processes import wait_for

from gan.errors import Busy
from gan.experiments import carry_out, design
from gan.experiments.design import Experiment
from gan.experiments.pool import Pool
from gan.store import Store

pytestmark = pytest.mark.torch

TINY = replace(
    design.SCALES["quick"], seeds=(0,), images=640, images_of_others=320, measure_images=120, classifier_steps=5
)
TOY = Experiment("toy", 99, {"en": "Toy", "zh": "玩具"}, "toy_experiment:findings")


@pytest.fixture
def tiny(home, monkeypatch):
    monkeypatch.setitem(design.SCALES, "quick", TINY)
    monkeypatch.setattr(carry_out, "code_digest", lambda experiment: "of the test")
    return TINY


def runs() -> set[str]:
    return {run.run_id for run in Store().list()}


def test_an_experiment_leaves_evidence_and_trains_nothing_twice(tiny):
    accuracy, compression = design.EXPERIMENTS["accuracy"], design.EXPERIMENTS["compression"]
    said = StringIO()
    outcome = carry_out.carry_out([accuracy], "quick", Pool(Store()), out=said)
    (evidence,) = outcome.evidence
    assert {"fid_over_floor", "cas_ratio", "cas_real"} <= {f.name for f in evidence.findings}
    assert all(set(f.about) == {"en", "zh"} for f in evidence.findings)
    assert evidence.finding("fid_over_floor").runs == sorted(runs())
    assert carry_out.read("accuracy", "quick") == evidence
    state = carry_out.progress("quick")
    assert (state.done, state.total, state.finished, state.pid) == (2, 2, True, os.getpid())
    assert "[0/2" in said.getvalue()

    first = runs()
    both = carry_out.carry_out([accuracy, compression], "quick", Pool(Store()))
    assert both.evidence[0] == evidence, "what is there stays"
    assert len(runs() - first) == 1, "compression shares the full generator and trains the narrow one"
    assert both.evidence[1].finding("size_ratio_int8").value < 0.5


def test_a_failed_run_is_told_of_and_the_rest_go_on(tiny):
    outcome = carry_out.carry_out([TOY], "quick", Pool(Store()))
    (evidence,) = outcome.evidence
    assert [f.name for f in evidence.findings] == ["good"]
    assert any("is failed" in warning for warning in evidence.warnings)
    statuses = sorted(run.status for run in Store().list())
    assert statuses == ["completed", "failed"]
    carry_out.carry_out([TOY], "quick", Pool(Store()))
    assert len(runs()) == 2, "a failed run is not tried again by itself"

    broken = replace(TOY, name="broken", code="toy_experiment:broken")
    outcome = carry_out.carry_out([broken, TOY], "quick", Pool(Store()), out=StringIO())
    assert outcome.failed == {"broken": "RuntimeError: a fault of the experiment's own"}
    assert [e.test for e in outcome.evidence] == ["toy"]
    assert carry_out.progress("quick").failed == ["broken"]


def test_two_processes_never_work_on_one_size(tiny):
    folder = carry_out.folder("quick")
    folder.mkdir(parents=True)
    with FileLock(folder / carry_out.LOCK), pytest.raises(Busy):
        carry_out.carry_out([TOY], "quick", Pool(Store()))


PROGRAM = """
import sys
from dataclasses import replace
from gan import cli
from gan.experiments import design
design.SCALES["quick"] = replace(
    design.SCALES["quick"], seeds=(0,), images={images}, measure_images=120, classifier_steps=5
)
cli.main(["experiment", "bias", "--json"])
"""


def test_a_killed_command_goes_on_where_it_was(home):
    program = [sys.executable, "-c", PROGRAM.format(images=640)]
    process = subprocess.Popen(program, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ))
    wait_for(lambda: [run for run in Store().list() if run.status == "completed"], 120)
    process.kill()
    process.wait(30)
    (done,) = [run.run_id for run in Store().list() if run.status == "completed"]
    record = (Store().path(done) / "record.json").read_bytes()

    again = subprocess.run(program, capture_output=True, text=True, timeout=120, check=False, env=dict(os.environ))
    assert again.returncode == 0, again.stderr
    document = json.loads(again.stdout)
    (evidence,) = document["evidence"]
    assert (document["size"], document["failed"], evidence["test"]) == ("quick", {}, "bias")
    assert (Store().path(done) / "record.json").read_bytes() == record, "a finished run stays as it is"
    assert [run.status for run in Store().list()] == ["completed", "completed"]
    assert {f["name"] for f in evidence["findings"]} >= {"share_rare", "judge_accuracy"}


def test_evidence_knows_the_whole_program_it_came_from(home, monkeypatch):
    """Helpers of an experiment count as its program, and so do its budgets; listing and storing do not."""
    named = {name.rpartition(".")[2] for name in carry_out.modules(design.EXPERIMENTS["self_supervision"])}
    assert {"self_supervision", "contrastive", "contenders", "classify", "lab", "found"} <= named
    assert not named & {"design", "pool", "carry_out"}
    listing = design.EXPERIMENTS["listing"]
    made = carry_out.carry_out([listing], "quick", Pool(Store())).evidence
    assert carry_out.carry_out([listing], "quick", Pool(Store())).evidence == made
    monkeypatch.setitem(design.SCALES, "quick", replace(design.SCALES["quick"], measure_images=120))
    (again,) = carry_out.carry_out([listing], "quick", Pool(Store())).evidence
    assert again.settings["measure_images"] == 120
