"""Experiments carried out at toy size, to see that each leaves the findings that the rules of its claims ask for."""

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.torch

from gan.experiments import (  # noqa: E402
    adapt,
    architectures,
    carry_out,
    design,
    generalise,
    interpret,
    self_supervision,
    training_time,
    tuning,
)
from gan.experiments.pool import Pool  # noqa: E402
from gan.store import Store  # noqa: E402

CLAIMS = Path(__file__).parents[2] / "data/document/claims.yaml"
HERE = (
    "time",
    "resources",
    "tuning",
    "generalise",
    "adapt",
    "self_supervision",
    "architectures",
    "interpret",
    "review",
)


def asked_of(experiment):
    """The findings that rules ask of an experiment."""
    claims = yaml.safe_load(CLAIMS.read_text(encoding="utf-8"))
    return {
        condition["finding"]
        for claim in claims
        if claim["test"].get("experiment") == experiment
        for condition in claim["rule"]["conditions"]
    }


@pytest.fixture
def toy(home, monkeypatch):
    """Size `standard`, as small as it goes, on digits."""
    scale = replace(
        design.SCALES["standard"], dataset="digits", seeds=(0,), images=320, images_of_others=320, measure_images=120
    )
    monkeypatch.setitem(design.SCALES, "standard", scale)
    monkeypatch.setattr(training_time, "TIMED_IMAGES", 64)
    monkeypatch.setattr(training_time, "REPEATS", 1)
    monkeypatch.setitem(tuning.FACTORS, "standard", (1.0, 4.0))
    monkeypatch.setitem(generalise.ON, "standard", ("digits",))
    monkeypatch.setattr(adapt, "SHARES", (0.5, 1))
    monkeypatch.setattr(adapt, "GENERATED", 60)
    monkeypatch.setattr(self_supervision, "LABELS", (1, 5))
    monkeypatch.setattr(self_supervision, "TRAIN", 200)
    monkeypatch.setitem(self_supervision.PRETRAINING_STEPS, "standard", 2)
    monkeypatch.setitem(self_supervision.STEPS, "standard", 5)
    monkeypatch.setitem(architectures.STEPS, "standard", 5)
    monkeypatch.setitem(architectures.DELAYS, "standard", (2, 4))
    monkeypatch.setitem(architectures.RECALL_STEPS, "standard", 5)
    monkeypatch.setattr(interpret, "KNOWN", 200)
    monkeypatch.setattr(interpret, "ASKED", 100)
    monkeypatch.setattr(interpret, "STEERED", 20)
    return scale


def test_every_experiment_leaves_what_its_claims_ask_for(toy):
    experiments = [design.EXPERIMENTS[name] for name in HERE]
    outcome = carry_out.carry_out(experiments, "standard", Pool(Store()))
    assert outcome.failed == {}
    for evidence in outcome.evidence:
        left = {finding.name for finding in evidence.findings}
        assert asked_of(evidence.test), f"no claim rests on {evidence.test}"
        assert asked_of(evidence.test) <= left, evidence.test
        assert evidence.series
        for finding in evidence.findings:
            assert set(finding.about) == {"en", "zh"}, finding.name
            assert all(finding.about.values()), finding.name
    by_name = {evidence.test: evidence for evidence in outcome.evidence}
    assert by_name["time"].finding("foreign_load") is not None
    assert by_name["resources"].finding("foreign_load") is not None
    assert by_name["resources"].finding("flops_over_classical").value > 0
    trained = {run for evidence in outcome.evidence for finding in evidence.findings for run in finding.runs}
    assert trained <= {run.run_id for run in Store().list()}
