"""Curves, least squares and limits: known parameters, published estimates, and scipy as an independent oracle."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from aigc_report.diffusion import CURVES, Interval, intervals, milestones
from aigc_report.diffusion.design import Design, design, target
from aigc_report.diffusion.fit import fit
from aigc_report.diffusion.levenberg import solve

SHAPES = {"bass": (0.01, 0.4), "gompertz": (30.0, 0.3), "logistic": (50.0, 0.4)}
CURVE_NAMES = list(CURVES)
LOSSES = ("per_period", "cumulative")
MEASURES = ("per_period", "levels")

EXAMPLES = os.environ.get("AIGC_REPORT_EXAMPLES", "")
"""A folder of classic adoption tables (`adoption_series/*.csv` with columns period, value), not ours to ship."""

# Estimates by nonlinear least squares of Srinivasan and Mason (1986), Nonlinear least squares estimation of new product
# diffusion models, Marketing Science 5(2), 169-178, for US adoptions a year in thousands.
PUBLISHED = {
    "room_ac": (18_713, 0.00944, 0.3748),
    "color_tv": (39_659, 0.01847, 0.6159),
    "clothes_dryer": (16_497, 0.01360, 0.3267),
}


def fitted(curve, values, measure="per_period", loss="per_period", ceiling=None, t=None):
    values = np.asarray(values, dtype=float)
    t = np.arange(1.0, len(values) + 1) if t is None else t
    return fit(CURVES[curve], design(t, measure, loss), target(values, measure, loss), ceiling)


def exact(curve, ceiling, shape, t, measure):
    rows = design(t, measure, "cumulative" if measure == "levels" else "per_period")
    return rows.predict(CURVES[curve], np.log([[ceiling, *shape]]))[0]


def noisy(seed=0, rows=13, size=0.05):
    """A Bass series with noise; synthetic."""
    clean = exact("bass", 1000, (0.01, 0.4), np.arange(1.0, rows + 1), "per_period")
    return clean * (1 + size * np.random.default_rng(seed).standard_normal(rows))


@pytest.mark.parametrize("curve", CURVE_NAMES)
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("rows", [8, 20])
def test_parameters_of_a_noise_free_curve_come_back_to_six_digits(curve, loss, measure, rows):
    shape = SHAPES[curve]
    t = np.arange(1.0, rows + 1)
    found = fitted(curve, exact(curve, 1000.0, shape, t, measure), measure, loss).parameters
    assert list(found.values()) == pytest.approx([1000.0, *shape], rel=1e-6)


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("loss", LOSSES)
def test_uneven_times_are_honoured_exactly(measure, loss):
    t = np.array([1.0, 2.0, 4.0, 5.0, 5.5, 7.0, 10.0, 11.0, 15.0])
    found = fitted("bass", exact("bass", 500.0, (0.02, 0.5), t, measure), measure, loss, t=t).parameters
    assert list(found.values()) == pytest.approx([500.0, 0.02, 0.5], rel=1e-6)


@pytest.mark.skipif(not EXAMPLES, reason="AIGC_REPORT_EXAMPLES names no folder of classic adoption tables")
@pytest.mark.parametrize("name", PUBLISHED)
def test_published_estimates_of_bass_model_are_reproduced(name):
    values = pd.read_csv(Path(EXAMPLES) / "adoption_series" / f"{name}.csv")["value"]
    m, p, q = fitted("bass", values).parameters.values()
    assert (round(m), round(p, 5), round(q, 4)) == PUBLISHED[name]


@pytest.mark.parametrize("curve", CURVE_NAMES)
@pytest.mark.parametrize("running", [False, True])
def test_derivatives_agree_with_differences(curve, running):
    t = np.array([1.0, 2.0, 3.5, 7.0, 11.0])
    rows = Design(t, np.append(-np.inf, t[:-1]), running)
    theta = np.log([[120.0, *SHAPES[curve]], [7.0, 0.2, 0.05]])
    _, slopes = rows.evaluate(CURVES[curve], theta)
    step = 1e-6
    for k in range(3):
        move = np.eye(3)[k] * step
        ahead, back = rows.predict(CURVES[curve], theta + move), rows.predict(CURVES[curve], theta - move)
        np.testing.assert_allclose(slopes[:, :, k], (ahead - back) / (2 * step), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("curve", CURVE_NAMES)
def test_least_squares_are_at_least_as_good_as_scipys_from_the_same_place(curve):
    values = noisy(size=0.1)
    found = fitted(curve, values)

    def residuals(theta):
        return found.design.predict(CURVES[curve], theta[None])[0] - values

    scipys = optimize.least_squares(residuals, found.theta, method="lm", xtol=1e-14, ftol=1e-14, gtol=1e-14)
    assert found.sse <= 2 * scipys.cost * (1 + 1e-9)
    np.testing.assert_allclose(found.theta, scipys.x, rtol=1e-4, atol=1e-4)


def test_batched_searches_end_where_scipys_bounded_solver_does():
    generator = np.random.default_rng(1)
    t = np.linspace(0, 3, 12)
    truth = np.stack([generator.uniform(1, 5, 20), generator.uniform(0.2, 2, 20)], axis=1)
    data = truth[:, :1] * np.exp(-truth[:, 1:] * t) + 0.05 * generator.standard_normal((20, len(t)))
    low, high = np.array([0.0, 0.0]), np.array([4.0, 1.5])  # bounds that bind for some

    def problem(x, which):
        decay = np.exp(-x[:, 1:] * t)
        rows = x[:, :1] * decay
        return rows - data[which], np.stack([decay, -t * rows], axis=2)

    found, sse = solve(problem, np.ones((20, 2)), low, high)
    for i in range(20):
        scipys = optimize.least_squares(
            lambda x, i=i: x[0] * np.exp(-x[1] * t) - data[i], [1.0, 1.0], bounds=(low, high), xtol=1e-12, ftol=1e-12
        )
        assert sse[i] == pytest.approx(2 * scipys.cost, rel=1e-6)
        np.testing.assert_allclose(found[i], scipys.x, atol=1e-4)


@settings(max_examples=25, deadline=None)
@given(factor=st.floats(1e-4, 1e6), curve=st.sampled_from(CURVE_NAMES), seed=st.integers(0, 20))
def test_values_in_another_unit_scale_the_ceiling_and_nothing_else(factor, curve, seed):
    values = noisy(seed)
    once, scaled = fitted(curve, values), fitted(curve, values * factor)
    assert scaled.ceiling == pytest.approx(once.ceiling * factor, rel=1e-5)
    np.testing.assert_allclose(scaled.theta[1:], once.theta[1:], rtol=1e-4, atol=1e-4)


@settings(max_examples=20, deadline=None)
@given(shift=st.floats(0.0, 5.0), curve=st.sampled_from(["gompertz", "logistic"]), seed=st.integers(0, 20))
def test_a_shift_of_time_moves_the_midpoint_of_an_s_curve_and_nothing_else(shift, curve, seed):
    generator = np.random.default_rng(seed)
    t = np.arange(1.0, 15)
    values = exact(curve, 80.0, SHAPES[curve], t, "levels") * (1 + 0.02 * generator.standard_normal(len(t)))
    once = fitted(curve, values, "levels", "cumulative", t=t)
    moved = fitted(curve, values, "levels", "cumulative", t=t + shift)
    assert moved.sse == pytest.approx(once.sse, rel=1e-6)
    assert moved.parameters["b"] == pytest.approx(once.parameters["b"], rel=1e-4)
    peak = CURVES[curve].peak
    assert peak(moved.shape) - peak(once.shape) == pytest.approx(shift, abs=1e-3)


@settings(max_examples=20, deadline=None)
@given(unit=st.floats(0.05, 20.0), seed=st.integers(0, 20))
def test_another_unit_of_time_scales_the_speeds_of_bass_model(unit, seed):
    levels = np.cumsum(noisy(seed))
    t = np.arange(1.0, len(levels) + 1)
    once = fitted("bass", levels, "levels", "cumulative", t=t).parameters
    other = fitted("bass", levels, "levels", "cumulative", t=t * unit).parameters
    assert other["m"] == pytest.approx(once["m"], rel=1e-4)
    assert other["p"] * unit == pytest.approx(once["p"], rel=1e-3)
    assert other["q"] * unit == pytest.approx(once["q"], rel=1e-3)


@pytest.mark.parametrize("curve", CURVE_NAMES)
def test_milestones_are_where_the_curve_says(curve):
    found = fitted(curve, exact(curve, 100.0, SHAPES[curve], np.arange(1.0, 25), "per_period"))
    t = np.linspace(0.01, 40, 400_001)
    share = CURVES[curve].share(found.shape[None], t)[0][0]
    speed = np.gradient(share, t)
    at = milestones(found)
    assert at["peak"] == pytest.approx(t[np.argmax(speed)], abs=1e-2)
    assert at["takeoff"] == pytest.approx(t[np.argmax(np.gradient(speed, t))], abs=2e-2)
    assert np.interp(at["saturation"], t, share) == pytest.approx(0.9, abs=1e-4)


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 5, 10, 11, 50, 51])
@pytest.mark.parametrize("level", [0.5, 0.8, 0.95, 0.999])
def test_critical_values_are_students(freedom, level):
    assert intervals.t_quantile(freedom, level) == pytest.approx(stats.t.ppf((1 + level) / 2, freedom), rel=1e-9)


def test_profile_limits_are_where_the_profile_crosses_the_threshold():
    found = fitted("bass", noisy())
    limits = intervals.profile(found)
    threshold = found.sse * (1 + stats.f.ppf(0.95, 1, found.freedom) / found.freedom)

    def profiled(ceiling):
        def residuals(shape):
            theta = np.array([[np.log(ceiling), *shape]])
            return found.design.predict(found.curve, theta)[0] - found.target

        return 2 * optimize.least_squares(residuals, found.theta[1:], xtol=1e-12, ftol=1e-12).cost

    for end in (limits["m"].low, limits["m"].high):
        assert profiled(end) == pytest.approx(threshold, rel=1e-4)
    assert all(found.low < found.value < found.high for found in limits.values())


def test_a_truncated_series_leaves_the_ceiling_open_above():
    limits = intervals.profile(fitted("bass", noisy(seed=3, rows=6, size=0.1)))
    assert limits["m"].high is None
    assert limits["m"].low is not None


def test_a_noise_free_curve_leaves_nothing_open():
    values = exact("bass", 1000.0, (0.01, 0.4), np.arange(1.0, 21), "per_period")
    for limit in intervals.profile(fitted("bass", values)).values():
        assert limit == Interval(limit.value, limit.value, limit.value)


def test_profile_limits_hold_the_truth_about_as_often_as_they_say():
    truth, held = {"m": 1000.0, "p": 0.01, "q": 0.4}, dict.fromkeys("mpq", 0)
    t = np.arange(1.0, 19)
    clean = exact("bass", 1000.0, (0.01, 0.4), t, "per_period")
    runs = 60
    for seed in range(runs):
        values = clean + 4.0 * np.random.default_rng(seed).standard_normal(len(t))
        for name, limit in intervals.profile(fitted("bass", values)).items():
            low = -np.inf if limit.low is None else limit.low
            high = np.inf if limit.high is None else limit.high
            held[name] += low <= truth[name] <= high
    assert all(0.85 <= count / runs <= 1.0 for count in held.values()), held


def test_refits_scatter_about_the_fit_and_repeat_with_their_seed():
    found = fitted("bass", noisy())
    first, _ = intervals.refits(found, 500, np.random.default_rng(7))
    again, _ = intervals.refits(found, 500, np.random.default_rng(7))
    np.testing.assert_array_equal(first, again)
    np.testing.assert_allclose(np.median(first, axis=0), found.theta, atol=0.05)


def test_a_natural_ceiling_is_never_passed():
    t = np.arange(1.0, 9)
    growing = 5 * np.exp(0.3 * t)
    found = fitted("logistic", growing, "levels", "cumulative", ceiling=100.0)
    assert found.ceiling <= 100.0
    assert fitted("logistic", growing, "levels", "cumulative").at_bound
