"""Each step of an index does what its definition says, checked against second libraries and slow plain formulas."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from aigc_report.errors import UserError
from aigc_report.index import aggregate, denominate, impute, normalise, panel, places, screen, treat, weights
from aigc_report.index.fault import Fault
from aigc_report.index.methods import Choice, bind
from aigc_report.index.normalise import Facts
from aigc_report.index.structure import Structure, check

UP = Facts("X", 1.0, math.nan, math.nan)
VALUES = st.lists(st.floats(-1e6, 1e6).map(lambda v: round(v, 3)), min_size=4, max_size=30, unique=True).map(np.array)


def structure(*lines: str, header: str = "Level,iCode,Direction,Weight,Parent,Type") -> Structure:
    cells = pd.DataFrame([line.split(",") for line in lines], columns=header.split(","), dtype=object)
    return check(cells.set_axis(range(2, len(lines) + 2)), "structure.csv")


TWO = structure("1,A,1,1,T,Indicator", "1,B,-1,3,T,Indicator", "2,T,1,1,,Aggregate")


def test_denominated_indicator_is_a_share_of_its_denominator() -> None:
    values = pd.DataFrame({"A": [10.0, 9.0], "B": [1.0, 2.0]}, index=["x", "y"])
    people = pd.DataFrame({"P": [5.0, np.nan]}, index=["x", "y"])
    divided = denominate.denominate(values, people, {"A": "P"})
    assert divided.at["x", "A"] == 2
    assert math.isnan(divided.at["y", "A"])
    assert list(divided["B"]) == [1, 2]


def test_zero_denominator_is_refused_with_its_unit() -> None:
    values = pd.DataFrame({"A": [10.0]}, index=["x"])
    with pytest.raises(Fault) as refusal:
        denominate.denominate(values, pd.DataFrame({"P": [0.0]}, index=["x"]), {"A": "P"})
    assert (refusal.value.code, refusal.value.unit) == ("P", "x")


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (Choice("mean"), [1, 3, 8, 4, 4]),
        (Choice("median"), [1, 3, 8, 3, 3]),
        (Choice("group_mean", {"group": "g"}), [1, 3, 8, 2, None]),
        (Choice("group_median", {"group": "g"}), [1, 3, 8, 2, None]),
    ],
    ids=lambda value: value.method if isinstance(value, Choice) else "",
)
def test_missing_values_are_filled_from_the_units_named(choice: Choice, expected: list[float | None]) -> None:
    values = pd.DataFrame({"A": [1.0, 3.0, 8.0, np.nan, np.nan]})
    groups = pd.DataFrame({"g": ["a", "a", "b", "a", None]}, dtype=object)
    filled = impute.impute(values, groups, bind(impute.IMPUTERS, choice, "impute"))
    assert [None if math.isnan(v) else v for v in filled["A"]] == expected


def test_coverage_tells_observed_from_imputed_from_missing() -> None:
    observed = pd.DataFrame({"A": [1.0, np.nan, np.nan]})
    used = pd.DataFrame({"A": [1.0, 2.0, np.nan]})
    assert list(screen.coverage(observed, used)["A"]) == ["observed", "imputed", "missing"]


@given(VALUES)
def test_skewness_and_kurtosis_agree_with_scipy(values: np.ndarray) -> None:
    assume(np.ptp(values) > 1e-3)
    assert treat.skewness(values) == pytest.approx(stats.skew(values, bias=False), rel=1e-6, abs=1e-6)
    assert treat.kurtosis(values) == pytest.approx(stats.kurtosis(values, bias=False), rel=1e-6, abs=1e-6)


def test_indicator_within_bounds_is_left_alone() -> None:
    values = np.array([1.0, 2, 3, 4, 5, np.nan])
    treated, done = treat.winsorise(values)
    np.testing.assert_array_equal(treated, values)
    assert done.action == "none"


def test_outliers_are_pulled_to_the_next_value_until_the_indicator_passes() -> None:
    values = np.array([*range(1, 11), 30.0, 100.0, np.nan])
    treated, done = treat.winsorise(values)
    assert done == treat.Treatment("winsorised", 1, True)
    assert treated[11] == 30
    np.testing.assert_array_equal(treated[:11], values[:11])


def test_low_outliers_are_pulled_up() -> None:
    treated, done = treat.winsorise(-np.array([*range(1, 11), 30.0, 100.0]))
    assert done.points == 1
    assert treated.min() == -30


def test_where_winsorising_is_not_enough_the_log_of_the_untreated_values_is_taken() -> None:
    values = np.array([0.0] * 30 + [1.0, 5, 20, 80, 300, 1000, 4000, 9000])
    treated, done = treat.winsorise(values, max_points=1)
    assert done.action == "log"
    np.testing.assert_allclose(treated, np.log(values - values.min() + 0.01 * np.ptp(values)))


def test_indicator_without_spread_or_with_three_values_is_not_treated() -> None:
    for values in ([5.0] * 8, [1.0, 2.0, 900.0]):
        assert treat.winsorise(np.array(values))[1].action == "none"


@given(VALUES, st.floats(0.1, 100), st.floats(-1000, 1000))
def test_minmax_and_zscore_ignore_scale_and_shift(values: np.ndarray, scale: float, shift: float) -> None:
    assume(np.ptp(values) > 1)
    for method in (normalise.minmax, normalise.zscore, normalise.dist2max):
        np.testing.assert_allclose(method(scale * values + shift, UP), method(values, UP), atol=1e-6)


@given(VALUES)
def test_every_normaliser_keeps_the_order_of_units(values: np.ndarray) -> None:
    values = np.abs(values) + 1
    assume(len(np.unique(values)) == len(values))
    order = np.argsort(values)
    low, high = float(values.min()) - 1, float(values.max()) + 1
    facts = Facts("X", 1.0, low, high, high, tuple(map(str, range(len(values)))))
    for name, method in normalise.NORMALISERS.items():
        options = {"unit": str(order[-1])} if name == "dist2ref" else {}
        assert (np.diff(method(values, facts, **options)[order]) >= 0).all(), name


def test_normalisers_have_the_values_of_their_formulas() -> None:
    x = np.array([2.0, 4.0, np.nan, 4.0, 10.0])
    expected = {
        "minmax": [0, 25, None, 25, 100],
        "zscore": [(v - 5) / math.sqrt(12) for v in (2, 4)] + [None, -1 / math.sqrt(12), 5 / math.sqrt(12)],
        "rank": [1, 2, None, 2, 4],
        "borda": [0, 1, None, 1, 3],
        "dist2max": [0, 0.25, None, 0.25, 1],
        "scaled": [2, 4, None, 4, 10],
        "fracmax": [0.2, 0.4, None, 0.4, 1],
        "percentile_rank": [0, 1 / 3, None, 1 / 3, 1],
        "goalposts": [0, 0.2, None, 0.2, 0.8],
        "dist2ref": [0, 1, None, 1, 4],
        "dist2targ": [0, 1 / 3, None, 1 / 3, 4 / 3],
    }
    assert set(expected) == set(normalise.NORMALISERS)
    facts = Facts("X", 1.0, 2.0, 12.0, 8.0, ("a", "b", "c", "d", "e"))
    for name, wanted in expected.items():
        result = normalise.NORMALISERS[name](x, facts, **({"unit": "b"} if name == "dist2ref" else {}))
        np.testing.assert_allclose(result, [np.nan if w is None else w for w in wanted], err_msg=name)


def test_goalposts_clip_and_turn_round_where_less_is_better() -> None:
    x = np.array([0.0, 20.0, 50.0])
    np.testing.assert_allclose(normalise.goalposts(x, Facts("X", 1.0, 10, 30)), [0, 0.5, 1])
    np.testing.assert_allclose(normalise.goalposts(-x, Facts("X", -1.0, 10, 30)), [1, 0.5, 0])
    np.testing.assert_allclose(normalise.goalposts(x, Facts("X", 1.0, 10, 30), upper=10.0, clip=False), [-5, 5, 20])


def test_distances_are_capped_where_asked_and_measure_less_is_better_downwards() -> None:
    x = np.array([2.0, 4.0, 10.0])
    np.testing.assert_allclose(normalise.dist2targ(x, Facts("X", 1.0, 0, 0, 8.0), cap=True), [0, 1 / 3, 1])
    np.testing.assert_allclose(normalise.dist2targ(-x, Facts("X", -1.0, 0, 0, 4.0)), [4 / 3, 1, 0])
    for facts, options, complaint in (
        (Facts("X", 1.0, 0, 0), {}, "needs a Target"),
        (Facts("X", 1.0, 0, 0, 2.0), {}, "the aim is the lowest value"),
    ):
        with pytest.raises(Fault, match=complaint):
            normalise.dist2targ(x, facts, **options)
    with pytest.raises(Fault, match="there is no unit"):
        normalise.dist2ref(x, Facts("X", 1.0, 0, 0, 0, ("a", "b", "c")), unit="d")


def test_boxcox_takes_the_power_that_scipy_finds_most_likely() -> None:
    values = np.random.default_rng(3).lognormal(0, 1.2, size=80) ** 1.5
    treated, done = treat.boxcox(values)
    assert done.action == "boxcox"
    assert done.power == pytest.approx(stats.boxcox_normmax(values, method="mle"), abs=0.006)
    np.testing.assert_allclose(treated, stats.boxcox(values, done.power))
    assert treat.winsorise(values, max_points=0, fallback="boxcox")[1] == done
    assert treat.winsorise(values, max_points=0, fallback="none")[1] == treat.Treatment("winsorised", 0, False)


def test_a_panel_fills_from_the_units_own_other_periods() -> None:
    keys = pd.MultiIndex.from_product([["x", "y"], [2020.0, 2021.0, 2023.0]], names=["unit", "time"])
    values = pd.DataFrame({"A": [1.0, np.nan, 4.0, np.nan, np.nan, 9.0]}, index=keys)
    assert panel.fill(values, 2021.0, panel.linear).at["x", "A"] == 2
    assert panel.fill(values, 2021.0, panel.last).at["x", "A"] == 1
    assert math.isnan(panel.fill(values, 2021.0, panel.linear).at["y", "A"])  # nothing before: no extrapolation
    assert math.isnan(panel.last(np.array([1.0, np.nan]), np.array([2015.0, 2023.0]), 1, max_gap=3))
    assert panel.linear(np.array([1.0, np.nan]), np.array([2022.0, 2023.0]), 1) == 1


def test_screening_says_what_falls_below_the_limits_and_why() -> None:
    values = pd.DataFrame(
        {"A": [1.0, 0, 3, 5], "B": [1.0, 0, np.nan, 4], "C": [2.0, 1, np.nan, 4]}, index=["x", "y", "z", "v"]
    )
    found = screen.screen(values, screen.Limits(min_available=0.5, min_nonzero=0.5))
    assert found.units == {
        "z": "33% of indicators are there, 50% are needed",
        "y": "33% of its values are not 0, 50% are needed",
    }
    with pytest.raises(Fault, match="fewer than two"):
        screen.screen(values.iloc[:3], screen.Limits(min_available=1, min_nonzero=1))
    assert set(screen.screen(values, screen.Limits(min_units=0.9)).indicators) == {"B", "C"}
    about = screen.indicators(values)
    assert (about.at["A", "zeros"], about.at["B", "available"], about.at["A", "distinct"]) == (1 / 4, 3 / 4, 4)


def test_less_is_better_reverses_the_scores() -> None:
    values = pd.DataFrame({"A": [1.0, 2, 4], "B": [1.0, 2, 4]})
    scores = normalise.normalise(values, TWO, normalise.minmax)
    np.testing.assert_allclose(scores["A"], 100 - scores["B"])


def test_fraction_of_the_maximum_is_refused_where_less_is_better() -> None:
    with pytest.raises(Fault, match="direction -1"):
        normalise.normalise(pd.DataFrame({"A": [1.0, 2], "B": [1.0, 2]}), TWO, normalise.fracmax)


@pytest.mark.parametrize("name", ["minmax", "zscore", "dist2max"])
def test_constant_indicator_is_refused_by_methods_that_need_spread(name: str) -> None:
    with pytest.raises(Fault) as refusal:
        normalise.NORMALISERS[name](np.array([3.0, 3.0]), UP)
    assert refusal.value.code == "X"


def test_pca_weights_are_the_first_loadings_of_each_group() -> None:
    rng = np.random.default_rng(0)
    common = rng.normal(size=60)
    values = pd.DataFrame({"A": common + rng.normal(size=60), "B": common + 2 * rng.normal(size=60)})
    covariance = np.corrcoef(values.to_numpy().T)
    leading = np.linalg.eigh(covariance)[1][:, -1]
    found = weights.pca(values, TWO)[["A", "B"]].to_numpy()
    np.testing.assert_allclose(found, leading * np.sign(leading.sum()))
    gaps = values.mask(pd.DataFrame({"A": values.index == 3, "B": False}))
    np.testing.assert_allclose(weights.pca(gaps, TWO), weights.pca(values.drop(index=3), TWO))


def test_aggregates_have_the_values_of_their_formulas_and_rescale_over_what_is_present() -> None:
    x, w = np.array([[2.0, 8.0], [4.0, np.nan], [np.nan, np.nan]]), np.array([1.0, 3.0])
    expected = {
        "arithmetic": [26 / 4, 4, np.nan],
        "geometric": [(2 * 8**3) ** 0.25, 4, np.nan],
        "harmonic": [4 / (1 / 2 + 3 / 8), 4, np.nan],
        "copeland": [0, 1, np.nan],
    }
    assert set(expected) == set(aggregate.AGGREGATORS)
    for name, wanted in expected.items():
        np.testing.assert_allclose(aggregate.AGGREGATORS[name](x, w), wanted, err_msg=name)


@given(st.integers(2, 6), st.integers(1, 4), st.integers(0, 10_000))
def test_copeland_agrees_with_counting_duels_one_by_one(units: int, children: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    x = rng.integers(0, 3, size=(units, children)).astype(float)
    w = rng.uniform(0.1, 1, size=children)
    plain = [
        sum(
            sum(w[k] * (1.0 if x[i, k] > x[j, k] else 0.5 if x[i, k] == x[j, k] else 0.0) for k in range(children))
            for j in range(units)
            if j != i
        )
        / w.sum()
        for i in range(units)
    ]
    np.testing.assert_allclose(aggregate.copeland(x, w), plain)


def test_many_replications_aggregate_at_once_as_one_by_one() -> None:
    rng = np.random.default_rng(1)
    x, w = rng.uniform(1, 9, size=(5, 7, 3)), rng.uniform(0.1, 1, size=(5, 3))
    for name, method in aggregate.AGGREGATORS.items():
        np.testing.assert_allclose(method(x, w), [method(x[r], w[r]) for r in range(5)], err_msg=name)


def test_places_are_pandas_ranks_and_a_sum_in_another_order_breaks_no_tie() -> None:
    scores = np.random.default_rng(5).integers(0, 9, size=(40, 12)).astype(float)
    scores[0, :3] = np.nan
    expected = pd.DataFrame(scores).rank(axis=1, method="min", ascending=False).fillna(0)
    np.testing.assert_array_equal(places.places(scores), expected)
    assert list(places.places(np.array([0.1 + 0.2 + 0.3, 0.3 + 0.2 + 0.1, 0.0]))) == [1, 1, 3]


def test_means_keep_their_order_and_stay_between_the_extremes() -> None:
    x, w = np.random.default_rng(2).uniform(1, 100, size=(50, 4)), np.array([1.0, 2, 3, 4])
    a, g, h = (aggregate.AGGREGATORS[m](x, w) for m in ("arithmetic", "geometric", "harmonic"))
    assert ((x.min(axis=1) <= h) & (h <= g) & (g <= a) & (a <= x.max(axis=1))).all()


def test_an_aggregates_own_method_wins_over_the_specs() -> None:
    own = structure(
        "1,A,1,1,T,Indicator,",
        "1,B,1,1,T,Indicator,",
        "2,T,1,1,,Aggregate,geometric",
        header="Level,iCode,Direction,Weight,Parent,Type,Aggregation",
    )
    scores = aggregate.aggregate(
        pd.DataFrame({"A": [2.0], "B": [8.0]}, index=["x"]), own, weights.original(pd.DataFrame(), own), "arithmetic"
    )
    assert scores.at["x", "T"] == pytest.approx(4)


def test_options_are_checked_against_the_methods_signature() -> None:
    table = normalise.NORMALISERS
    assert bind(table, Choice("minmax", {"lower": 1}), "normalise")(np.array([0.0, 1.0]), UP)[0] == 1
    for choice, complaint in (
        (Choice("minmx"), "choose one of: minmax"),
        (Choice("minmax", {"low": 1}), "it takes lower, upper"),
        (Choice("minmax", {"lower": "1"}), "wants a number"),
        (Choice("rank", {"lower": 1}), "it takes none"),
        (Choice("goalposts", {"clip": 1}), "wants true or false"),
    ):
        with pytest.raises(UserError, match=complaint):
            bind(table, choice, "normalise")
    with pytest.raises(UserError, match="needs the option group"):
        bind(impute.IMPUTERS, Choice("group_mean"), "impute")
