"""The estimators of data claims against plain formulas written another way; all numbers here are synthetic."""

import math
import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from aigc_report.claims.queries import estimate

FINITE = st.floats(-100, 100, allow_nan=False, width=32)


def points(least: int = 4, most: int = 12):
    """x with distinct values far enough apart, and any y."""
    return st.integers(least, most).flatmap(
        lambda n: st.tuples(
            st.lists(st.integers(-50, 50), min_size=n, max_size=n, unique=True).map(
                lambda xs: np.array(sorted(xs), float)
            ),
            arrays(np.float64, n, elements=FINITE),
        )
    )


def sandwich(x, y):
    """HC3 by matrices, as its authors write it."""
    design = np.column_stack([np.ones(len(x)), x])
    bread = np.linalg.inv(design.T @ design)
    beta = bread @ design.T @ y
    hat = design @ bread @ design.T
    scaled = (y - design @ beta) / (1 - np.diag(hat))
    cover = bread @ (design.T * scaled**2) @ design @ bread
    return beta[1], math.sqrt(max(cover[1, 1], 0.0))


@given(points())
def test_a_slope_and_its_error_are_those_of_the_matrix_formula(drawn):
    x, y = drawn
    found = estimate.slope(x, y)
    value, se = sandwich(x, y)
    assert found.value == pytest.approx(value, rel=1e-6, abs=1e-8)
    assert found.se == pytest.approx(se, rel=1e-5, abs=1e-7)
    assert found.df == len(x) - 2


@given(points(), st.floats(0.1, 10), st.floats(-10, 10))
def test_a_slope_scales_with_its_figures_and_ignores_where_they_start(drawn, factor, shift):
    x, y = drawn
    plain, moved = estimate.slope(x, y), estimate.slope(x + shift, factor * y + shift)
    assert moved.value == pytest.approx(factor * plain.value, rel=1e-6, abs=1e-6)
    assert moved.se == pytest.approx(factor * plain.se, rel=1e-5, abs=1e-6)


@pytest.mark.parametrize("x", [[1.0, 2.0], [3.0, 3.0, 3.0], [0.0, 0.0, 0.0, 1.0]])
def test_a_line_that_cannot_be_judged_is_none(x):
    assert estimate.slope(np.array(x), np.arange(len(x), dtype=float)) is None


def test_readings_that_do_not_resemble_each_other_get_the_textbook_error():
    x = np.arange(12.0)
    y = 2 * x + np.array([1.0, -1.0] * 6)  # neighbours on either side of the line: no correlation to allow for
    found = estimate.serial_slope(x, y)
    value, level = np.polyfit(x, y, 1)
    s2 = sum((b - level - value * a) ** 2 for a, b in zip(x, y, strict=True)) / (12 - 2)
    assert found.value == pytest.approx(value)
    assert found.se == pytest.approx(math.sqrt(s2 / sum((a - x.mean()) ** 2 for a in x)))
    assert found.df == pytest.approx(10)


def test_readings_that_resemble_each_other_count_as_fewer():
    x = np.arange(40.0)
    y = x + 3 * np.sin(x)
    residual = y - np.polyval(np.polyfit(x, y, 1), x)
    r = sum(residual[1:] * residual[:-1]) / sum(residual**2)
    found = estimate.serial_slope(x, y)
    assert found.df + 2 == pytest.approx(40 * (1 - r) / (1 + r))
    assert found.df < 15


def test_a_series_that_hardly_moves_between_readings_carries_no_test():
    x = np.arange(60.0)
    assert estimate.serial_slope(x, np.sin(x / 20)) is None


def test_correlated_series_without_a_trend_are_mistaken_for_one_less_often_than_by_the_textbook():
    rng = np.random.default_rng(0)
    x, alarms, textbook = np.arange(54.0), 0, 0
    for _ in range(300):
        y = np.zeros(54)
        for t in range(1, 54):
            y[t] = 0.6 * y[t - 1] + rng.standard_normal()
        found = estimate.serial_slope(x, y)
        alarms += found is not None and abs(found.value) > 2 * found.se
        s2 = float(((y - np.polyval(np.polyfit(x, y, 1), x)) ** 2).sum()) / 52
        textbook += abs(np.polyfit(x, y, 1)[0]) > 2 * math.sqrt(s2 / float(((x - x.mean()) ** 2).sum()))
    assert textbook > 60
    assert alarms < textbook / 2


def test_a_difference_of_means_is_welchs():
    a, b = [1.0, 2.0, 4.0, 9.0], [3.0, 5.0, 5.5, 8.0, 20.0]
    found = estimate.mean_difference(np.array(a), np.array(b))
    va, vb = statistics.variance(a) / 4, statistics.variance(b) / 5
    assert found.value == pytest.approx(statistics.mean(b) - statistics.mean(a))
    assert found.se == pytest.approx(math.sqrt(va + vb))
    assert found.df == pytest.approx((va + vb) ** 2 / (va**2 / 3 + vb**2 / 4))
    assert estimate.mean_difference(np.array([1.0]), np.array(b)) is None


def test_a_difference_of_shares_has_an_error_even_where_all_said_no():
    found = estimate.share_difference((0, 20), (10, 40))
    assert found.value == 0.25
    assert found.se == pytest.approx(math.sqrt(1 / 22 * 21 / 22 / 22 + 11 / 42 * 31 / 42 / 42))
    assert estimate.share_difference((0, 5), (0, 5)).se > 0


@given(st.permutations(range(9)))
def test_rank_correlation_is_spearmans_formula_where_no_values_are_equal(order):
    a, b = np.arange(9.0), np.array(order, float)
    d2 = sum((x - y) ** 2 for x, y in zip(a, b, strict=True))
    assert estimate.rank_correlation(a, np.exp(b)) == pytest.approx(1 - 6 * d2 / (9 * 80))


def test_equal_values_share_their_rank_and_a_constant_has_no_order():
    assert estimate.rank_correlation(np.array([1.0, 1.0, 2.0]), np.array([5.0, 5.0, 9.0])) == pytest.approx(1)
    assert math.isnan(estimate.rank_correlation(np.ones(4), np.arange(4.0)))
