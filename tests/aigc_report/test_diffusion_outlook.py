"""Saturation with its interval or none, scenarios with a chosen end, series of a reader's own, and the groups."""

import numpy as np
import pytest

from aigc_report import diffusion, uploads
from aigc_report.charts import outlook
from aigc_report.diffusion import own
from aigc_report.errors import UserError
from aigc_report.i18n import texts

A, B = 40.0, 0.6


def logistic(rows: int, ceiling: float = 80.0, noise: float = 0.0) -> uploads.Table:
    """A made-up series that follows a logistic curve to `ceiling`; for tests of the method only."""
    t = np.arange(1, rows + 1)
    values = ceiling / (1 + A * np.exp(-B * t)) + noise * np.random.default_rng(0).standard_normal(rows)
    text = "period,value\n" + "".join(
        f"{year},{value!r}\n" for year, value in zip(2000 + t, map(float, values), strict=True)
    )
    return uploads.table(text.encode(), "made-up.csv")


def test_saturation_of_a_curve_that_has_turned_holds_the_true_time():
    series = own.series(logistic(14, noise=0.4), levels=True, time_from_period=True)
    found = diffusion.saturation(diffusion.forecast(series, "logistic"))
    assert found is not None
    true = 2000 + np.log(A * 0.9 / 0.1) / B  # the row of 2001 is at t = 1
    assert int(found.low) <= true <= int(found.high) + 1


def test_saturation_is_not_determined_before_the_turn_and_for_models_without_a_ceiling():
    early = diffusion.load("us-firms")
    assert diffusion.saturation(diffusion.forecast(early, "logistic")) is None
    assert diffusion.saturation(diffusion.forecast(early, "drift")) is None


@pytest.mark.parametrize("speed", [0.5, 1.0, 2.0])
def test_a_course_leaves_the_last_row_where_it_is_and_never_passes_its_end(speed):
    series = own.series(logistic(10), levels=True)
    found = diffusion.course(series, 80.0, speed, horizon=40)
    rate = speed * B
    last = float(series.values[-1])
    expected = 80 / (1 + (80 / last - 1) * np.exp(-rate * np.arange(1, 41)))
    np.testing.assert_allclose(found.values, expected, rtol=1e-5)
    assert max(found.values) < 80


@pytest.mark.parametrize("ceiling", [75.0, 80.0, 90.0])
@pytest.mark.parametrize("speed", [0.25, 1.0, 4.0])
def test_a_course_passes_its_mark_in_a_row_that_did_or_in_a_coming_one(ceiling, speed):
    series = own.series(logistic(10, noise=0.4), levels=True, time_from_period=True)
    found = diffusion.course(series, ceiling, speed, horizon=40)
    over = [period for period, level in zip(series.periods, series.values, strict=True) if level >= 0.9 * ceiling]
    assert found.passed == bool(over)
    assert found.saturated == over[0] if over else found.saturated >= found.periods[0]
    said = outlook.course(series, found, texts("en")).subtitle
    assert ("reached already" in said) == bool(over)


def test_a_course_whose_curve_lies_above_the_last_row_passes_its_mark_in_the_first_coming_one():
    text = "period,value\n" + "".join(f"{2000 + t},{min(80 / (1 + A * np.exp(-B * t)), 71.5)}\n" for t in range(1, 11))
    series = own.series(uploads.table(text.encode(), "made-up.csv"), levels=True, time_from_period=True)
    found = diffusion.course(series, 79.5, horizon=5)
    assert not found.passed
    assert found.saturated == found.periods[0] == "2011"


def test_a_course_that_ends_below_what_was_reached_is_refused():
    with pytest.raises(UserError, match="must end above"):
        diffusion.course(own.series(logistic(10), levels=True), 20.0)


def test_faults_of_a_brought_series_name_its_file_in_both_languages():
    with pytest.raises(UserError) as caught:
        own.series(uploads.table(b"period,value\n1,2\n2,x\n", "mine.csv"), levels=True)
    assert str(caught.value) == 'mine.csv, row 3, column value: "x" is not a number.'
    assert "第3行" in caught.value.text(texts("zh"))


def test_every_series_stands_in_one_group():
    groups = diffusion.groups()
    assert sorted(name for names in groups.values() for name in names) == sorted(diffusion.names())
    assert "other" not in groups
    assert len(groups["members"]) == 27


def test_a_series_of_more_rows_than_a_page_can_wait_for_is_refused():
    rows = "".join(f"{t},{t}\n" for t in range(1, own.MOST_ROWS + 2))
    with pytest.raises(UserError, match="at most 400 are forecast here"):
        own.series(uploads.table(f"period,value\n{rows}".encode(), "days.csv"), levels=True)
