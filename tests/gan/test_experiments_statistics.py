"""The statistics of experiments on small cases with known answers."""

import json
import math
import subprocess
import sys

import numpy as np
import pytest
from scipy import stats

from gan.config import TrainConfig, resolve
from gan.errors import UsageError
from gan.experiments import convergence, design, found
from gan.experiments.evidence import Evidence
from gan.experiments.found import Found
from gan.record import Metric, RunRecord

ABOUT = {"en": "what", "zh": "何"}


def record(run_id: str, **quality: float) -> RunRecord:
    figures = {name: Metric(value=value) for name, value in quality.items()}
    return RunRecord(run_id=run_id, status="completed", created="", config=resolve(steps=1), quality=figures)


# ---- what all of them use --------------------------------------------------------------------------------------------


def test_arms_are_paired_by_the_seeds_that_both_have():
    assert found.ratio({0: 6.0, 1: 8.0, 2: 1.0}, {0: 3.0, 1: 2.0, 5: 1.0}) == {0: 2.0, 1: 4.0}
    assert found.difference({0: 6.0}, {0: 3.0, 1: 2.0}) == {0: 3.0}
    assert math.isnan(found.ratio({0: 1.0}, {0: 0.0})[0])


def test_the_interval_is_students():
    values = [3.0, 5.0, 4.0, 8.0]
    mean, low, high = found.interval(values)
    expected = stats.t.interval(0.95, 3, np.mean(values), stats.sem(values))
    assert (mean, low, high) == pytest.approx((5.0, *expected))
    assert found.interval([2.0]) == (2.0, None, None)


def test_a_quantity_nothing_is_known_about_is_warned_of_and_left_out():
    what = Found()
    what.replicates("gone", {}, ABOUT)
    what.replicates("half", {0: 1.0, 1: math.nan, 2: 3.0}, ABOUT, runs=[record("b"), record("a"), record("a")])
    (half,) = what.findings
    assert (half.value, half.n, half.runs) == (2.0, 2, ["a", "b"])
    assert len(what.warnings) == 2


def test_quality_is_taken_from_the_runs_that_have_it():
    runs = {0: record("a", fid=3.0), 1: record("b")}
    assert found.quality(runs) == {0: 3.0}


def test_charts_name_their_arms_in_both_languages():
    what = Found()
    what.curve("c", ABOUT, ABOUT, {("one", "一"): {1.0: {0: 2.0, 1: 4.0}}})
    what.bars("b", ABOUT, ABOUT, {("one", "一"): {0: 2.0}, ("none", "无"): {}})
    (point,) = what.series[0].points
    assert (point["x"], point["y"], point["group"], point["group_zh"]) == (1.0, 3.0, "one", "一")
    assert [p["label_zh"] for p in what.series[1].points] == ["一"]


# ---- the table -------------------------------------------------------------------------------------------------------


def test_the_table_is_read_without_torch():
    program = """
import json, sys
from gan.experiments import design
found = {s: {e.name: len(design.distinct(e.needs(s))) for e in design.offered(s)} for s in design.SIZES}
assert all(design.estimate_s([e], s) > 0 for s in design.SIZES for e in design.offered(s))
print(json.dumps([found, sorted({"torch", "torchvision", "sklearn"} & sys.modules.keys())]))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    found, loaded = json.loads(done.stdout)
    assert loaded == []
    assert found["quick"]["labels"] == 6 * len(design.SCALES["quick"].seeds)


def test_shared_runs_count_once_in_the_estimate():
    labels, accuracy = design.EXPERIMENTS["labels"], design.EXPERIMENTS["accuracy"]
    together = design.estimate_s([labels, accuracy], "quick")
    assert together == pytest.approx(design.estimate_s([labels], "quick") + accuracy.own_seconds("quick"))


@pytest.mark.parametrize("name", design.EXPERIMENTS)
def test_every_experiment_says_what_it_is(name):
    experiment = design.EXPERIMENTS[name]
    module = sys.modules.get(experiment.module) or __import__(experiment.module, fromlist=["needs"])
    assert all(word in module.__doc__ for word in ("**Design.**", "**Statistic.**", "**What it cannot say.**"))
    assert set(experiment.title) == {"en", "zh"}
    for cfg in experiment.needs(experiment.sizes[0]):
        assert cfg.budget_s is None, "a verdict would depend on how busy the machine was"


def test_an_unknown_experiment_is_refused_with_those_there_are():
    with pytest.raises(UsageError, match=r"no experiment \"lables\".*labels"):
        design.chosen(["lables"], "quick")


def test_evidence_survives_the_way_through_json():
    what = Found()
    what.replicates("a", {0: 1.0, 1: 2.0}, ABOUT)
    what.proportion("b", 3, 4, ABOUT, of="images")
    what.exact("c", 2.5, ABOUT)
    what.estimate("d", 1.0, 0.1, 3, 5, ABOUT)
    evidence = Evidence(test="t", size="quick", made="2026-11-25T00:00:00Z", machine="m", findings=what.findings)
    assert Evidence.model_validate_json(evidence.model_dump_json()) == evidence


# ---- settings that experiments brought -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"label_share": 0.5}, "conditional"),
        ({"class_images": {0: 3}, "train_images": 5}, "not both"),
        ({"class_images": {}}, "class_images takes"),
        ({"class_images": {-1: 3}}, "class_images takes"),
    ],
)
def test_settings_that_make_no_sense_are_refused(settings, said):
    with pytest.raises(UsageError, match=said):
        resolve(steps=1, **settings)


def test_a_configuration_of_before_is_what_it_was():
    before = resolve(steps=1).model_dump(
        exclude={"class_images", "balanced", "label_share", "choice", "measure_images", "measure_along"}
    )
    assert TrainConfig.model_validate(before) == resolve(steps=1)
    assert TrainConfig.model_validate_json(resolve(steps=1, class_images={3: 4}).model_dump_json()).class_images == {
        3: 4
    }


# ---- convergence -----------------------------------------------------------------------------------------------------


def test_the_flow_keeps_its_distance_and_falls_at_the_rate_known():
    assert convergence.flow_error() < 1e-3


def test_taking_turns_circles_the_solution_unless_the_discriminator_is_penalised():
    plain, penalised = convergence.by_turns(0.0), convergence.by_turns(1.0)
    assert 1.41 <= min(plain[1_000:]) <= max(plain[1_000:]) <= 1.46  # as the document's check found
    assert max(penalised[1_000:]) < 1e-6


def test_late_over_early_is_the_ratio_of_means():
    assert convergence.late_over_early([99.0] * 2 + [2.0] * 2 + [50.0] * 8 + [6.0] * 4) == 3.0
    assert convergence.binned({0: [1.0, 3.0, 5.0, 7.0, 9.0]}, 2) == {1.0: {0: 2.0}, 3.0: {0: 6.0}}
