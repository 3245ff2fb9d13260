"""Intervals and indices are right: many replications at once are the plain loop; the truth is known where it can be."""

import dataclasses
import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from aigc_report import index
from aigc_report.errors import UserError
from aigc_report.index import choices, places, robustness, sensitivity, simulate
from aigc_report.index.simulate import Draws, Plan

UNITS = 17
STRUCTURE = """Level,iCode,Direction,Weight,Denominator,Parent,Type,Aggregation
1,A,1,1,Pop,P,Indicator,
1,B,1,3,,P,Indicator,
1,C,-1,1,,P,Indicator,
1,D,1,1,,Q,Indicator,
1,E,1,2,,Q,Indicator,
2,P,1,2,,T,Aggregate,
2,Q,1,1,,T,Aggregate,{own}
3,T,1,1,,,Aggregate,
,Region,,,,,Group,
,Pop,,,,,Denominator,
"""
SPEC = """name = "Synthetic table of a test"
[data]
units = "units.csv"
structure = "structure.csv"
[steps]
denominate = true
{impute}
treat = {{ method = "winsorise", max_points = 2, skew = 1.0, kurtosis = 1.0 }}
normalise = {{ method = "minmax", lower = 1, upper = 100 }}
weights = "original"
aggregate = {{ method = "arithmetic"{least} }}
[uncertainty]
{uncertainty}
"""
ALL = """
impute = [{ method = "group_median", group = "Region" }, "mean"]
treat.max_points = [1, 2, 3]
treat.skew = [0.8, 1.0]
normalise = [{ method = "minmax", lower = 1, upper = 100 }, { method = "zscore", mean = 20 }, "rank"]
aggregate = ["arithmetic", "geometric", "harmonic", "copeland"]
weights = { methods = ["original", "equal"], noise = 0.25, levels = [1, 2] }
leave_out = true
"""


def write(
    folder: Path, uncertainty: str = ALL, *, gaps: bool = True, impute: bool = True, own: str = "", least: str = ""
) -> str:
    rng = np.random.default_rng(7)
    table = pd.DataFrame(np.exp(rng.normal(size=(UNITS, 5)) * [1.5, 0.5, 0.3, 1, 0.2]).round(4), columns=list("ABCDE"))
    if gaps:
        table = table.mask(rng.random(table.shape) < 0.1)
    table.insert(0, "uCode", [f"u{i}" for i in range(UNITS)])
    table["Region"], table["Pop"] = ["north", "south"] * (UNITS // 2) + ["south"], range(1, UNITS + 1)
    table.to_csv(folder / "units.csv", index=False)
    (folder / "structure.csv").write_text(STRUCTURE.format(own=own), encoding="utf-8")
    how = 'impute = { method = "group_mean", group = "Region" }' if impute else ""
    spec = SPEC.format(uncertainty=uncertainty, impute=how, least=least)
    (folder / "mine.toml").write_text(spec, encoding="utf-8")
    return str(folder / "mine.toml")


def one_by_one(plan: Plan, draws: Draws) -> pd.DataFrame:
    """The scores of the total, replication by replication, by the plain steps; the oracle of the fast path."""
    total = {}
    steps = tuple(source for source in plan.sources if source.step in choices.METHODS)
    at = {source.key: position for position, source in enumerate(plan.sources)}
    for r in range(len(draws)):
        spec = choices.apply(plan.spec, steps, tuple(int(draws.levels[r, at[source.key]]) for source in steps))
        method = plan.choices.weights.methods[draws.levels[r, at["weights"]]]
        spec = dataclasses.replace(spec, steps=dataclasses.replace(spec.steps, weights=method))
        nominal = spec.build().structure["weight"]
        noise = {1: 0.25, 2: 0.25, 3: 0.0}
        own = {
            code: float(nominal[code] * (1 + noise[int(plan.structure.lines[code].level)] * draws.noise[r, k]))
            for k, code in enumerate(plan.tree.codes)
        }
        if (out := plan.sources[at["leave_out"]].alternatives[draws.levels[r, at["leave_out"]]]) is not None:
            own[out] = 0.0
        total[r] = dataclasses.replace(spec, steps=dataclasses.replace(spec.steps, own_weights=own)).build().scores["T"]
    return pd.DataFrame(total).T


@pytest.mark.parametrize(
    ("own", "impute", "least"),
    [("", True, ""), ("geometric", True, ""), ("", False, ""), ("copeland", False, ", min_available = 0.6")],
)
def test_all_replications_at_once_are_the_plain_loop(tmp_path: Path, own: str, impute: bool, least: str) -> None:
    uncertainty = ALL if impute else ALL.replace("impute =", "# impute =")
    if own == "copeland":  # its lowest score is 0, which geometric and harmonic means above it refuse
        uncertainty = uncertainty.replace('"geometric", "harmonic", ', "")
    plan = Plan(write(tmp_path, uncertainty, impute=impute, own=own, least=least))
    draws = plan.draw(16, np.random.default_rng(0))
    expected = one_by_one(plan, draws).to_numpy()
    np.testing.assert_allclose(plan.scores(draws)["T"], expected, rtol=0, atol=1e-11)
    np.testing.assert_array_equal(plan.ranks(draws, ["T"])["T"], places.places(expected))


def test_memory_limits_do_not_change_the_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = write(tmp_path)
    whole = robustness.analyse(spec, 300, 5)
    monkeypatch.setattr(simulate, "CHUNK_BYTES", 1)
    small = robustness.analyse(spec, 300, 5)
    pd.testing.assert_frame_equal(whole.uncertainty.intervals(), small.uncertainty.intervals())
    pd.testing.assert_frame_equal(whole.sensitivity.ranking, small.sensitivity.ranking)


def test_the_same_seed_gives_the_same_document_and_another_seed_another(tmp_path: Path) -> None:
    spec = write(tmp_path)
    first, again, other = (json.dumps(index.build(spec, uncertainty=200, seed=s).to_json()) for s in (1, 1, 2))
    assert first == again
    assert first != other


def test_a_run_can_be_cancelled_from_its_progress(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []

    def stop(done: int, wanted: int) -> None:
        seen.append((done, wanted))
        if len(seen) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        index.build(write(tmp_path), uncertainty=2000, progress=stop)
    assert len(seen) == 3
    assert 0 < seen[0][0] < seen[2][0] < seen[0][1]


DISCRETE = """
treat.max_points = [0, 1, 2, 3]
normalise = [{ method = "minmax", lower = 1, upper = 100 }, { method = "zscore", mean = 20 }, "rank"]
aggregate = ["arithmetic", "geometric", "harmonic"]
weights = ["original", "equal"]
leave_out = ["A", "B", "D"]
"""


def truth(y: np.ndarray) -> np.ndarray:
    """Sobol' indices of outcomes on a full factorial, an axis per source: (sources, 2), first order and total."""
    found = []
    for axis in range(y.ndim):
        others = tuple(a for a in range(y.ndim) if a != axis)
        found.append([y.mean(axis=others).var() / y.var(), y.var(axis=axis).mean() / y.var()])
    return np.array(found)


@pytest.mark.parametrize("seed", range(4))
def test_indices_are_within_two_hundredths_of_the_full_factorial(tmp_path: Path, seed: int) -> None:
    spec = write(tmp_path, DISCRETE)
    plan = Plan(spec)
    sizes = [len(source.alternatives) for source in plan.sources]
    grid = np.array(list(itertools.product(*map(range, sizes))))
    ranks = plan.ranks(Draws(grid, np.zeros((len(grid), 0))), ["T"])["T"].astype(float)
    nominal = plan.nominal.ranks["T"].to_numpy(float)
    result = robustness.analyse(spec, 4096, seed)
    found = result.sensitivity.ranking[["first_order", "total"]].to_numpy()
    np.testing.assert_allclose(found, truth(np.abs(ranks - nominal).mean(axis=1).reshape(sizes)), atol=0.02)
    for position, unit in enumerate(plan.units):
        own = ranks[:, position].reshape(sizes)
        estimate = result.sensitivity.units.loc[unit][["first_order", "total"]].to_numpy()
        if own.var() > 0:
            np.testing.assert_allclose(estimate, truth(own), atol=0.04, err_msg=unit)
        else:
            assert np.isnan(estimate).all()


def estimate(function: Any, d: int, n: int, rng: np.random.Generator) -> np.ndarray:
    """First-order and total indices of `function` of d uniform variables, by the package's own estimators."""
    a, b = rng.random((n, d)), rng.random((n, d))
    rows = []
    for i in range(d):
        ab, ba = a.copy(), b.copy()
        ab[:, i], ba[:, i] = b[:, i], a[:, i]
        rows.append(sensitivity.terms(function(a), function(b), function(ab), function(ba)))
    return sensitivity.indices(np.stack(rows, axis=1), rng)


def ishigami(x: np.ndarray) -> np.ndarray:
    z = np.pi * (2 * x - 1)
    return np.sin(z[:, 0]) + 7 * np.sin(z[:, 1]) ** 2 + 0.1 * z[:, 2] ** 4 * np.sin(z[:, 0])


def test_estimators_find_the_indices_of_ishigamis_function() -> None:
    first = 0.5 * (1 + 0.1 * np.pi**4 / 5) ** 2
    third = 0.1**2 * np.pi**8 * (1 / 18 - 1 / 50)
    variance = first + 49 / 8 + third
    expected = np.array([[first, first + third], [49 / 8, 49 / 8], [0, third]]) / variance
    found = estimate(ishigami, 3, 4096, np.random.default_rng(0))
    np.testing.assert_allclose(found[:, [0, 3]], expected, atol=0.02)
    inside = (found[:, [1, 4]] - 0.005 <= expected) & (expected <= found[:, [2, 5]] + 0.005)
    assert inside.sum() >= 5  # intervals of 95 percent


def test_estimators_find_the_indices_of_sobols_g_function() -> None:
    a = np.array([0.0, 1, 4.5, 9, 99, 99])

    def g(x: np.ndarray) -> np.ndarray:
        return np.prod((np.abs(4 * x - 2) + a) / (1 + a), axis=1)

    own = 1 / (3 * (1 + a) ** 2)
    variance = np.prod(1 + own) - 1
    total = [own[i] * np.prod(np.delete(1 + own, i)) / variance for i in range(6)]
    found = estimate(g, 6, 4096, np.random.default_rng(1))
    np.testing.assert_allclose(found[:, 0], own / variance, atol=0.02)
    np.testing.assert_allclose(found[:, 3], total, atol=0.02)


def test_estimators_agree_with_salib() -> None:
    pytest.importorskip("SALib", reason="the dev extra brings SALib")
    from SALib.analyze import sobol
    from SALib.sample import sobol as sampler

    problem = {"num_vars": 3, "names": ["x", "y", "z"], "bounds": [[0, 1]] * 3}
    sample = sampler.sample(problem, 4096, calc_second_order=False, seed=1)
    other = sobol.analyze(problem, ishigami(sample), calc_second_order=False, seed=1)
    found = estimate(ishigami, 3, 16384, np.random.default_rng(2))
    np.testing.assert_allclose(found[:, 0], other["S1"], atol=0.02)
    np.testing.assert_allclose(found[:, 3], other["ST"], atol=0.02)


def test_noise_moves_each_weight_of_its_levels_by_up_to_its_share_and_is_drawn_afresh(tmp_path: Path) -> None:
    plan = Plan(write(tmp_path, "weights = { noise = [0.25, 0.1], levels = [1, 2] }"))
    draws = plan.draw(2000, np.random.default_rng(3))
    w = plan._weights(plan._prepare(()), draws, np.arange(2000), None)
    ratio = w / plan.nominal.structure["weight"].reindex(list(plan.tree.codes)).to_numpy()
    for code, column in zip(plan.tree.codes, ratio.T, strict=True):
        factor = {1: 0.25, 2: 0.1}.get(int(plan.structure.lines[code].level), 0.0)
        assert column.min() == pytest.approx(1 - factor, abs=2e-3)
        assert column.max() == pytest.approx(1 + factor, abs=2e-3)
        assert column.mean() == pytest.approx(1, abs=1e-3)
        assert len(np.unique(column)) == (2000 if factor else 1)
    assert abs(np.corrcoef(ratio[:, -5:].T)[np.triu_indices(5, 1)]).max() < 0.08


def test_each_expert_set_replaces_the_weights_it_lists_and_is_drawn_alike(tmp_path: Path) -> None:
    (tmp_path / "experts.csv").write_text("set,iCode,Weight\nann,A,5\nann,P,1\nbob,B,0\n", encoding="utf-8")
    plan = Plan(write(tmp_path, 'weights = { sets = "experts.csv" }'))
    draws = plan.draw(100, np.random.default_rng(0))
    assert sorted(np.bincount(draws.levels[:, 0])) == [50, 50]
    w = plan._weights(plan._prepare(()), draws, np.arange(100), None)
    at = {code: k for k, code in enumerate(plan.tree.codes)}
    rows = {tuple(row[[at["A"], at["B"], at["P"], at["Q"]]]) for row in w}
    assert rows == {(5, 3, 1, 1), (1, 0, 2, 1)}
    assert plan.sources[0].labels() == ["ann", "bob"]


def test_intervals_tops_and_pairs_follow_from_the_ranks(tmp_path: Path) -> None:
    found = robustness.analyse(write(tmp_path), 500, 1, codes=["P"], with_sensitivity=False).uncertainty
    assert found is not None
    ranks = pd.DataFrame(found.ranks["T"], columns=found.units)
    pd.testing.assert_series_equal(found.intervals()["high"], ranks.quantile(0.95), check_names=False)
    pd.testing.assert_series_equal(found.intervals()["median"], ranks.median(), check_names=False)
    assert found.top(3).sum() >= 3
    assert found.above().at["u0", "u1"] == pytest.approx((ranks["u0"] < ranks["u1"]).mean())
    pair = found.above() + found.above().T
    assert (pair.to_numpy() <= 1 + 1e-12).all()
    assert (found.intervals("P") != found.intervals()).to_numpy().any()


def test_own_percentiles_are_taken_and_the_document_says_so(tmp_path: Path) -> None:
    wide = index.build(write(tmp_path, ALL + "percentiles = [0, 50, 100]"), uncertainty=200, seed=1).to_json()
    assert wide["uncertainty"]["percentiles"] == [0, 50, 100]
    usual = index.build(write(tmp_path), uncertainty=200, seed=1).to_json()
    for unit, other in zip(wide["units"], usual["units"], strict=True):
        low, high = unit["rank_interval"]["low"], unit["rank_interval"]["high"]
        assert low <= other["rank_interval"]["low"] <= other["rank_interval"]["high"] <= high


def test_a_choice_that_cannot_move_a_rank_has_no_index(tmp_path: Path) -> None:
    spec = write(tmp_path, 'normalise = [{ method = "minmax", lower = 1 }, { method = "minmax", lower = 1 }]')
    document = index.build(spec, uncertainty=64).to_json()
    assert [(row["source"], row["first_order"], row["total"]) for row in document["sensitivity"]] == [
        ("normalise", None, None)
    ]


def test_one_replication_is_enough_for_a_document(tmp_path: Path) -> None:
    document = index.build(write(tmp_path), uncertainty=1).to_json()
    json.dumps(document, allow_nan=False)
    assert all(unit["rank_interval"]["low"] == unit["rank_interval"]["high"] for unit in document["units"])


REFUSED = {
    "nothing uncertain": ("", "nothing is uncertain"),
    "unknown key": ("aggregat = []", 'there is no key "aggregat"'),
    "no list": ('aggregate = "geometric"', "aggregate must be a list of alternatives"),
    "empty list": ("aggregate = []", "aggregate must be a list of alternatives"),
    "unknown method": ('normalise = ["minmix"]', 'there is no method "minmix"'),
    "unknown option": ("treat.points = [1]", 'winsorise has no option "points"'),
    "option of the wrong kind": ('treat.max_points = ["two"]', "wants a whole number"),
    "a step that cannot be left out": ('aggregate = ["none"]', 'there is no method "none"'),
    "noise without bounds": ("weights = { noise = 2 }", "share from 0 to 1"),
    "noise at a level there is not": ("weights = { noise = 0.1, levels = [4] }", "levels of the structure (1, 2, 3)"),
    "levels alone": ("weights = { levels = [1] }", "say how much"),
    "experts that are not there": ('weights = { sets = "none.csv" }', "none.csv does not exist"),
    "unknown indicator": ('leave_out = ["Z"]', 'there is no indicator "Z"'),
    "replications": ("leave_out = true\nreplications = 0", "replications is 0"),
    "percentiles": ("leave_out = true\npercentiles = [95, 50, 5]", "three numbers from 0 to 100, in order"),
    "choices that cannot meet": (
        'normalise = ["zscore"]\naggregate = ["geometric"]',
        "with normalise = zscore; aggregate = geometric of [uncertainty], P takes a geometric mean",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_table_of_choices_that_makes_no_sense_is_one_sentence(tmp_path: Path, case: str) -> None:
    uncertainty, expected = REFUSED[case]
    with pytest.raises(UserError) as refusal:
        index.build(write(tmp_path, uncertainty), uncertainty=10)
    message = str(refusal.value)
    assert expected in message
    assert "\n" not in message
    assert message.endswith(".")


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("ann,Z,1\n", 'row 2, column iCode: the structure has no code "Z"'),
        ("ann,A,1\nann,A,2\n", 'row 3, column iCode: the set "ann" has "A" twice'),
        ("ann,A,\n", "row 2, column Weight"),
        (",A,1\n", "row 2, column set"),
    ],
)
def test_an_experts_table_names_the_row_that_is_wrong(tmp_path: Path, rows: str, expected: str) -> None:
    (tmp_path / "experts.csv").write_text(f"set,iCode,Weight\n{rows}", encoding="utf-8")
    with pytest.raises(UserError, match=r"experts\.csv") as refusal:
        index.build(write(tmp_path, 'weights = { sets = "experts.csv" }'), uncertainty=10)
    assert expected in str(refusal.value)
