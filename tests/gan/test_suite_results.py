"""What a suite's runs say together, against independent formulas. All records here are made by hand."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from gan.config import resolve
from gan.record import Cost, DeviceInfo, Metric, RunRecord
from gan.suite import figure, report, results
from gan.suite.ledger import Ledger
from gan.suite.plan import Plan
from gan.suite.results import Group, Spread

MODEST = st.floats(0.1, 1e3, allow_nan=False)


def plan(**changes) -> Plan:
    asked = {
        "name": "toy",
        "title": "Toy",
        "presets": ["dcgan", "dcgan-document"],
        "datasets": ["digits"],
        "seeds": [0, 1, 2],
    }
    return Plan.model_validate({**asked, "steps": 10, **changes})


def ledger(asked: Plan) -> Ledger:
    return Ledger(suite_id="toy", created="2026-01-01T00:00:00.000Z", plan=asked, digest="0")


def record(member, fid: float, train_s: float = 10.0, status: str = "completed") -> RunRecord:
    return RunRecord(
        run_id=f"run-{member.config.preset}-{member.config.seed}",
        status=status,
        created="2026-01-01T00:00:00.000Z",
        config=member.config,
        device=DeviceInfo(type="cpu", name="made by hand", threads=1),
        quality={} if status == "failed" else {"fid": Metric(value=fid, n=10, reference_floor=1.0)},
        images_seen=100,
        cost=Cost(train_s=train_s, flops_total=1e9, energy_kwh=1e-5),
    )


@given(st.lists(MODEST, min_size=2, max_size=12))
def test_a_spread_is_the_t_interval_of_scipy(values):
    found = results.spread(values)
    assert found is not None
    assert found.sd is not None
    assert found.mean == pytest.approx(np.mean(values))
    if found.sd > 1e-9:
        low, high = stats.t.interval(0.95, len(values) - 1, np.mean(values), stats.sem(values))
        assert (found.low, found.high) == pytest.approx((low, high))


def test_an_interval_never_leaves_the_scale_of_its_figure():
    rows = ledger(plan(presets=["dcgan"])).members()
    known = {m.key: record(m, [1.0, 1.0, 90.0][m.config.seed]) for m in rows}
    (group,) = results.conclude(ledger(plan(presets=["dcgan"])), known).groups
    assert group.metrics["fid"].low == 0


def test_one_seed_has_no_interval_and_none_has_no_figure():
    assert results.spread([3.0]) == Spread(mean=3.0, n=1)
    assert results.spread([]) is None


def test_a_comparison_pairs_runs_by_seed():
    asked = plan()
    rows = ledger(asked).members()
    # what a seed adds to both methods (0, 100, 200) must not blur the difference between them, which is near 5
    fids = {("dcgan", 0): 10.0, ("dcgan", 1): 110.0, ("dcgan", 2): 210.0}
    fids |= {("dcgan-document", 0): 15.0, ("dcgan-document", 1): 115.5, ("dcgan-document", 2): 214.5}
    known = {m.key: record(m, fids[m.config.preset, m.config.seed]) for m in rows}
    (found,) = (c for c in results.conclude(ledger(asked), known).comparisons if c.metric == "fid")
    expected = stats.ttest_1samp([5.0, 5.5, 4.5], 0).confidence_interval(0.95)
    assert found.difference == pytest.approx(5.0)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))
    assert found.verdict == "worse"
    assert found.pairs == 3


@pytest.mark.parametrize(
    ("metric", "low", "high", "verdict"),
    [
        ("fid", -3.0, -1.0, "better"),
        ("fid", 1.0, 3.0, "worse"),
        ("recall", 0.1, 0.2, "better"),
        ("recall", -0.2, -0.1, "worse"),
        ("fid", -1.0, 1.0, "undecided"),
        ("fid", None, None, "undecided"),
    ],
)
def test_a_verdict_follows_from_the_interval_and_the_direction(metric, low, high, verdict):
    comparison = results.Comparison(
        dataset="d", group="g", baseline="b", metric=metric, difference=0.0, low=low, high=high, pairs=3
    )
    assert comparison.verdict == verdict


@given(st.lists(st.tuples(MODEST, MODEST), min_size=1, max_size=8, unique=True))
def test_the_frontier_holds_exactly_what_nothing_beats(points):
    groups = [
        Group(
            group=str(i), preset="p", dataset="d", runs=[], completed=1, failed=0,
            metrics={"fid": Spread(mean=fid, n=1)}, cost={"train_s": Spread(mean=cost, n=1)},
        )
        for i, (cost, fid) in enumerate(points)
    ]  # fmt: skip
    kept = set(results.frontier(groups, "d", "train_s").groups)
    for i, (cost, fid) in enumerate(points):
        beaten = any(c <= cost and f <= fid and (c, f) != (cost, fid) for c, f in points)
        assert (str(i) in kept) == (not beaten)


@given(st.floats(-2, 3), st.floats(0.1, 50))
def test_a_power_law_without_noise_is_found_again(exponent, factor):
    x = [1.0, 2.0, 4.0, 8.0]
    fit = results.power_law(x, [factor * v**exponent for v in x], at=16.0)
    assert fit["exponent"] == pytest.approx(exponent, abs=1e-9)
    assert fit["extrapolated"] == pytest.approx(factor * 16.0**exponent)


def test_the_interval_of_an_exponent_is_that_of_a_regression():
    rng = np.random.default_rng(7)
    x = np.repeat([1.0, 2.0, 4.0], 3)
    y = 3 * x**1.5 * np.exp(rng.normal(0, 0.1, x.size))
    fit = results.power_law(list(x), list(y))
    line = stats.linregress(np.log(x), np.log(y))
    half = stats.t.ppf(0.975, x.size - 2) * line.stderr
    assert fit["exponent"] == pytest.approx(line.slope)
    assert (fit["low"], fit["high"]) == pytest.approx((line.slope - half, line.slope + half))


def test_growth_is_fitted_over_the_runs_that_differ_in_one_setting_alone():
    asked = plan(
        presets=["dcgan"],
        seeds=[0],
        scaling={"factors": ["width"]},
        settings=[{"width": 8, "batch_size": 16}, {"width": 16, "batch_size": 16}, {"width": 16, "batch_size": 32}],
    )
    known = {
        m.key: record(m, 50.0, train_s=float(m.config.width * m.config.batch_size)) for m in ledger(asked).members()
    }
    growth = {g.response: g for g in results.conclude(ledger(asked), known).growth}
    assert growth["s_per_image"].exponent == pytest.approx(1.0)
    assert growth["s_per_image"].runs == 2


def test_a_failed_run_is_counted_and_the_rest_speak():
    asked = plan(seeds=[0, 1])
    rows = ledger(asked).members()
    known = {m.key: record(m, 40.0, status="failed" if m.config.seed else "completed") for m in rows}
    result = results.conclude(ledger(asked), known)
    assert [(group.completed, group.failed) for group in result.groups] == [(1, 1), (1, 1)]
    assert any("2 runs failed" in note for note in result.notes)


def test_an_unfinished_suite_can_be_reported():
    asked = plan()
    result = results.conclude(ledger(asked), {})
    assert result.settled == 0
    assert "0 of 6 runs" in report.describe(result)
    assert report.to_csv(result).count("planned") == 6
    assert figure.frontier_svg(result).startswith("<svg")


def test_the_files_say_the_same_as_the_results(tmp_path):
    asked = plan()
    known = {m.key: record(m, 20.0 + m.config.seed) for m in ledger(asked).members()}
    result = results.conclude(ledger(asked), known)
    report.write(tmp_path, result)
    assert results.Results.model_validate_json((tmp_path / "results.json").read_text()) == result
    assert (tmp_path / "results.csv").read_text().count("\n") == 7
    assert "dcgan-document on digits" in (tmp_path / "results.md").read_text()
    assert math.isclose(float(result.groups[0].metrics["fid"].mean), 21.0)
    svg = (tmp_path / "frontier.svg").read_text()
    assert svg.count("<circle") == 2


def test_settings_reach_the_runs():
    asked = plan(settings=[{"width": 8}, {"width": 16, "steps": 3}])
    configs = [m.config for m in ledger(asked).members()]
    assert {(c.width, c.steps) for c in configs} == {(8, 10), (16, 3)}
    assert resolve("dcgan", steps=10, width=8) in [c.model_copy(update={"seed": 0}) for c in configs]


def test_the_best_so_far_is_told_for_each_data_set_alone():
    asked = plan(datasets=["digits", "fashion-mnist"], seeds=[0])
    fids = {"dcgan on digits": 9.0, "dcgan-document on digits": 8.0, "dcgan on fashion-mnist": 70.0}
    known = {m.key: record(m, fids[m.group]) for m in ledger(asked).members() if m.group in fids}
    found = results.best(results.conclude(ledger(asked), known))
    assert found == [("dcgan-document on digits", 8.0), ("dcgan on fashion-mnist", 70.0)]
    assert results.best(results.conclude(ledger(asked), {})) == []


def test_a_group_whose_runs_all_failed_is_not_taken_for_the_baseline():
    asked = plan()
    known = {
        m.key: record(m, 9.0, status="failed" if "document" in m.group else "completed")
        for m in ledger(asked).members()
    }
    found = results.conclude(ledger(asked), known)
    assert [found.is_baseline(group) for group in found.groups] == [True, False]
    rows = [line for line in report.describe(found).splitlines() if line.strip().startswith("dcgan")]
    assert ["baseline" in row for row in rows] == [True, False]
