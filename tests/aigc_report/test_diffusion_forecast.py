"""Series, back-tests and forecasts: times, refusals, errors worked out by hand, and what the shipped series say."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from aigc_report import catalog, diffusion
from aigc_report.charts import diffusion as pictures
from aigc_report.charts import plotly
from aigc_report.diffusion import backtest, reference, timeline
from aigc_report.diffusion.design import design
from aigc_report.errors import UserError
from aigc_report.i18n import texts

ROOT = Path(__file__).parents[2]


def table(folder: Path, rows: list[tuple[object, object]], name: str = "a.csv") -> Path:
    path = folder / name
    path.write_text("period,value\n" + "".join(f"{period},{value}\n" for period, value in rows))
    return path


def bass(t: np.ndarray, measure: str = "per_period") -> np.ndarray:
    """An exact Bass curve 1000/0.01/0.4; synthetic."""
    loss = "cumulative" if measure == "levels" else "per_period"
    return design(t, measure, loss).predict(diffusion.CURVES["bass"], np.log([[1000, 0.01, 0.4]]))[0]


# ---- periods


@pytest.mark.parametrize(
    ("names", "times", "after"),
    [
        (["1", "2", "5"], [1, 2, 5], ["6", "7"]),
        (["2019", "2020", "2022"], [1, 2, 4], ["2023", "2024"]),
        (["2024-S1", "2024-S2", "2025-S2"], [1, 2, 4], ["2026-S1", "2026-S2"]),
        (["2024-Q3", "2024-Q4", "2025-Q1"], [1, 2, 3], ["2025-Q2", "2025-Q3"]),
        (["2024-11", "2024-12", "2025-02"], [1, 2, 4], ["2025-03", "2025-04"]),
        (["2023-05", "2024-05", "2025-05"], [1, 2, 3], ["2026-05", "2027-05"]),
        (["2025-01-05", "2025-01-19", "2025-02-02"], [1, 2, 3], ["2025-02-16", "2025-03-02"]),
        (["2025-01-31", "2025-02-28", "2025-03-31"], [1, 2, 3], ["2025-04-30", "2025-05-31"]),
        (["2025-01-15", "2025-02-15", "2025-03-15"], [1, 2, 3], ["2025-04-15", "2025-05-15"]),
        (["2024", "2025-06"], [1, 2], ["2025-12-28", "2026-06-27"]),
    ],
)
def test_every_kind_of_period_is_counted_and_continued(names, times, after):
    line = timeline.timeline(names)
    assert list(line.times()) == times
    assert line.after(2) == after


def test_years_between_two_days_count_every_day():
    assert timeline.in_years(["2024-12-31", "2025"], "2023") == pytest.approx([366 / 365.2425, 731 / 365.2425])


# ---- what a table may not be


@pytest.mark.parametrize(
    ("content", "options", "expected"),
    [
        ("", {}, "a.csv is empty"),
        ("period,value\n", {}, "a.csv has a header and no rows"),
        ("year,value\n1,2\n", {}, "a.csv, row 1: there must be one column period"),
        ("period,value\n1,2\n2,many\n", {}, 'a.csv, row 3, column value: "many" is not a number'),
        ("period,value\n1,2\n2,nan\n", {}, 'row 3, column value: "nan" is not a number'),
        ("period,value\n1,2\n2,\n", {}, "a.csv, row 3, column value: the cell is empty"),
        ("period,value\n1,2\n2,3,4\n", {}, "a.csv, row 3: there are 3 cells under 2 columns"),
        ("period,value\n2020,2\nsoon,3\n", {}, 'a.csv, row 3, column period: "soon" is no period'),
        ("period,value\n2025-02-30,2\n", {}, 'row 2, column period: "2025-02-30" is no period'),
        ("period,value\n2021,2\n2020,3\n", {}, "a.csv, row 3, column period: 2020 comes after 2021"),
        ("period,value\n2021,2\n2021,3\n", {}, "a.csv, row 3, column period: 2021 stands twice"),
        ("period,value\n2024-12,2\n2024-Q4,3\n", {}, "row 3, column period: 2024-Q4 stands twice"),
        ("period,value\n1,2\n2024-03,3\n", {}, 'row 2, column period: "1" is a count among dates'),
        ("period,value\n1,5\n2,5\n3,5\n4,5\n5,5\n", {}, "a.csv, rows 2 to 6, column value: every value is 5"),
        ("period,value\n1,5\n2,-5\n", {"levels": True}, "a.csv, row 3, column value: a level cannot be negative"),
        ("period,value\n1,5\n2,-9\n3,1\n4,1\n5,1\n", {}, "a.csv, column value: the values sum to -1"),
        ("period,value\n1,5\n2,1e200\n", {}, "a.csv, row 3, column value: 1e+200 is beyond"),
        ("period,value\n1,1\n2,2\n3,4\n4,7\n", {}, "a.csv has 4 rows; a forecast needs at least 5"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_with_file_row_and_column(tmp_path, content, options, expected):
    path = tmp_path / "a.csv"
    path.write_text(content)
    with pytest.raises(UserError) as refused:
        diffusion.read(path, **options)
    assert expected in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_file_that_is_missing_or_no_text_is_refused(tmp_path):
    with pytest.raises(UserError, match="does not exist"):
        diffusion.read(tmp_path / "none.csv")
    (tmp_path / "a.csv").write_bytes(b"period,value\n1,2\n2,\xff\n")
    with pytest.raises(UserError, match="row 3: this is no UTF-8"):
        diffusion.read(tmp_path / "a.csv")


def test_a_table_with_a_byte_order_mark_quotes_and_further_columns_is_read(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('\ufeff"note","period","value"\r\n' + "".join(f'"x",{y},{y - 2000}\r\n' for y in range(2001, 2007)))
    assert list(diffusion.read(path).values) == [1, 2, 3, 4, 5, 6]


# ---- forecasts


def test_an_exact_curve_is_found_again_and_continued(tmp_path):
    t = np.arange(1.0, 16)
    path = table(tmp_path, list(zip(range(2001, 2016), bass(t), strict=True)))
    found = diffusion.forecast(diffusion.read(path), horizon=3)
    assert found.model == "bass"
    assert [found.parameters[name].value for name in "mpq"] == pytest.approx([1000, 0.01, 0.4], rel=1e-6)
    assert found.periods == ("2016", "2017", "2018")
    assert found.value == pytest.approx(bass(np.arange(1.0, 19))[15:], rel=1e-6)
    assert found.fitted == pytest.approx(bass(t), rel=1e-6)
    assert found.beats_naive


@pytest.mark.parametrize("loss", diffusion.LOSSES)
def test_levels_give_levels_and_the_same_curve(tmp_path, loss):
    t = np.arange(1.0, 16)
    path = table(tmp_path, list(zip(range(2001, 2016), bass(t, "levels"), strict=True)))
    found = diffusion.forecast(diffusion.read(path, levels=True), "bass", loss=loss, horizon=2)
    assert [found.parameters[name].value for name in "mpq"] == pytest.approx([1000, 0.01, 0.4], rel=1e-6)
    assert found.value == pytest.approx(bass(np.arange(1.0, 18), "levels")[15:], rel=1e-6)


def test_time_from_period_honours_the_gap_that_counting_rows_does_not(tmp_path):
    years = [2001, 2002, 2003, 2004, 2006, 2007, 2008, 2011, 2012, 2013]
    t = np.array(years, dtype=float) - 2000
    path = table(tmp_path, list(zip(years, bass(t, "levels"), strict=True)))
    by_period = diffusion.forecast(diffusion.read(path, levels=True, time_from_period=True), "bass")
    by_row = diffusion.forecast(diffusion.read(path, levels=True), "bass")
    assert by_period.parameters["q"].value == pytest.approx(0.4, rel=1e-6)
    assert by_row.parameters["q"].value != pytest.approx(0.4, rel=0.05)
    assert any("not evenly spaced" in warning for warning in by_row.warnings)
    assert any("1 year" in warning for warning in by_period.warnings)


def test_falling_values_are_fitted_with_a_warning(tmp_path):
    path = table(tmp_path, [(1, 5), (2, 9), (3, 14), (4, -1), (5, 12), (6, 8), (7, 4)])
    found = diffusion.forecast(diffusion.read(path), "bass")
    assert "1 increments are negative" in " ".join(found.warnings)
    assert found.parameters["m"].value > 0


def test_a_truncated_series_says_that_its_ceiling_is_open(tmp_path):
    generator = np.random.default_rng(3)
    values = bass(np.arange(1.0, 7)) * (1 + 0.1 * generator.standard_normal(6))
    found = diffusion.forecast(diffusion.read(table(tmp_path, list(enumerate(values, 1)))), "bass")
    assert found.parameters["m"].high is None
    assert found.to_json()["parameters"]["m"]["high"] is None
    assert any("do not bound the ceiling" in warning for warning in found.warnings)
    assert found.milestones == {}


def test_auto_says_so_when_the_naive_model_wins(tmp_path):
    walk = np.cumsum(np.random.default_rng(5).standard_normal(40)) + 50
    found = diffusion.forecast(diffusion.read(table(tmp_path, list(enumerate(walk, 1))), levels=True))
    errors = {each.model: each.backtest.rmse for each in found.candidates}
    assert found.model == min(errors, key=errors.get)
    assert found.model in reference.NAIVE
    assert any("No curve beat the naive model" in warning for warning in found.warnings)


def test_a_model_asked_for_is_used_even_where_it_loses_and_that_is_said(tmp_path):
    walk = np.cumsum(np.random.default_rng(5).standard_normal(40)) + 50
    found = diffusion.forecast(diffusion.read(table(tmp_path, list(enumerate(walk, 1))), levels=True), "gompertz")
    assert (found.model, found.beats_naive) == ("gompertz", False)
    assert any("did not beat" in warning for warning in found.warnings)


@pytest.mark.parametrize("model", diffusion.MODELS)
def test_every_model_forecasts_with_an_interval_around_its_value(tmp_path, model):
    generator = np.random.default_rng(0)
    values = bass(np.arange(1.0, 16)) * (1 + 0.05 * generator.standard_normal(15))
    found = diffusion.forecast(diffusion.read(table(tmp_path, list(enumerate(values, 1)))), model, horizon=4)
    assert found.model == model
    for low, value, high in zip(found.low, found.value, found.high, strict=True):
        assert low < value < high
    assert np.all(np.diff(np.array(found.high) - np.array(found.low)) > 0) or model in diffusion.CURVES


def test_the_same_seed_gives_the_same_forecast_and_another_the_same_curve():
    series = diffusion.load("music-uploads")
    first, again, other = (diffusion.forecast(series, "logistic", seed=seed) for seed in (1, 1, 2))
    assert first.to_json() == again.to_json()
    assert first.value == other.value
    assert first.low != other.low


def test_an_unknown_model_series_or_loss_names_the_ones_there_are():
    series = diffusion.load("us-firms")
    with pytest.raises(UserError, match="auto, bass, gompertz, logistic, naive, drift, damped"):
        diffusion.forecast(series, "arima")
    with pytest.raises(UserError, match="per_period, cumulative"):
        diffusion.forecast(series, loss="log")
    with pytest.raises(UserError, match="us-firms-production, us-firms, chatgpt-users"):
        diffusion.load("mars")


# ---- back-tests


def test_a_back_test_worked_out_by_hand():
    values, t = np.array([1.0, 2.0, 4.0, 7.0, 11.0, 16.0]), np.arange(1.0, 7)

    def forecaster(rows, steps):
        found = reference.naive(values[:rows], t[:rows], t[rows : rows + steps])
        return found.value, found.low, found.high

    tested = backtest.run(values, forecaster, [4, 5], 2)
    # from 4 rows: 7 for 11 and 16, errors -4 and -9; from 5 rows: 11 for 16, error -5
    assert (tested.origins, tested.n) == (2, 3)
    assert tested.rmse == pytest.approx(np.sqrt((16 + 81 + 25) / 3))
    # mean steps so far: (1 + 2 + 3) / 3 = 2 and (1 + 2 + 3 + 4) / 4 = 2.5
    assert tested.mase == pytest.approx((4 / 2 + 9 / 2 + 5 / 2.5) / 3)
    assert [(step.step, step.n) for step in tested.steps] == [(1, 2), (2, 1)]
    assert tested.steps[1].rmse == pytest.approx(9)
    # 4 rows: s = sqrt(14/3), t(3) = 3.182, one step 6.9, two 9.7: both inside; 5 rows: s = sqrt(7.5), t(4) = 2.776: 7.6
    assert tested.coverage == 1.0


def test_a_back_test_sees_nothing_of_the_future():
    series = diffusion.load("us-firms-production")
    cut = 40
    changed = replace(series, values=np.append(series.values[:cut], series.values[cut:] * 3))
    for curve in ("gompertz", "logistic"):
        early = [
            backtest.curve_forecaster(diffusion.CURVES[curve], each, "cumulative", [30, cut], 0)(cut, 4)
            for each in (series, changed)
        ]
        np.testing.assert_allclose(early[0], early[1], rtol=1e-9)


@pytest.mark.parametrize(("rows", "count", "horizon"), [(4, 0, 1), (5, 1, 1), (6, 2, 1), (13, 6, 2), (54, 12, 10)])
def test_origins_begin_at_half_of_the_rows_and_are_bounded(rows, count, horizon):
    sizes, reach = backtest.origins(np.arange(rows), 10)
    assert (len(sizes), reach) == (count, horizon)
    assert all(4 <= size < rows for size in sizes)


def test_no_origin_lies_before_anything_was_adopted():
    assert backtest.origins(np.array([0.0] * 8 + [1.0, 3.0, 5.0, 4.0]), 4)[0] == [9, 10, 11]


@pytest.mark.parametrize(
    "values",
    [
        [0, 0, 0, 0, 0, 1],
        [0, 0, 1e9, 0, 0, 0, 0],
        [100, 50, 25, 12, 6, 3, 1],
        [5, -2, 7, -3, 8, 1],
        [2.0**i for i in range(12)],
        [5, 9, 3, 1, *[0] * 20],
        list(range(1, 12)),
    ],
)
@pytest.mark.parametrize("levels", [False, True])
def test_odd_series_are_forecast_or_refused_and_never_break(tmp_path, values, levels):
    path = table(tmp_path, list(enumerate(values, 1)))
    if levels and min(values) < 0:
        with pytest.raises(UserError, match=r"a\.csv, row 3"):
            diffusion.read(path, levels=levels)
        return
    series = diffusion.read(path, levels=levels)
    for model in (diffusion.AUTO, *diffusion.MODELS):
        json.dumps(diffusion.forecast(series, model, refits=30).to_json(), allow_nan=False)


def test_the_damped_trend_follows_its_recursion():
    values, t = np.array([3.0, 5.0, 6.5, 7.4, 8.1, 8.3, 8.9]), np.arange(1.0, 8)
    found = reference.damped(values, t, np.arange(8.0, 11))
    alpha, beta, phi = found.parameters.values()
    level, trend = values[0], values[1] - values[0]
    for row in range(1, len(values)):
        expected = level + phi * trend
        assert found.fitted[row] == pytest.approx(expected)
        new = alpha * values[row] + (1 - alpha) * expected
        trend = beta * (new - level) + (1 - beta) * phi * trend
        level = new
    fading = np.cumsum(phi ** np.arange(1, 4))
    np.testing.assert_allclose(found.value, level + fading * trend)


# ---- what ships


@pytest.mark.parametrize("name", diffusion.names())
def test_every_shipped_series_is_one_indicator_of_one_survey_with_its_words(name):
    series = diffusion.load(name)
    assert series.title["en"]
    assert series.title["zh"]
    assert series.caveat["en"]
    assert series.caveat["zh"]
    assert len(series) == len(series.sources) == len(series.flags)
    assert np.all(np.diff(series.t) > 0)
    assert not any("u" in flag or "f" in flag for flag in series.flags)
    if series.unit == "percent":
        assert series.ceiling == 100


def test_every_member_of_the_eu_has_its_series():
    cat = catalog.load()
    members = {str(geo).lower() for geo in cat.geographies.index[cat.geographies["eu27"]]}
    assert {name.removeprefix("eu-firms-") for name in diffusion.names() if name.startswith("eu-firms-")} == members


def test_a_short_series_is_a_scenario_and_says_so():
    found = diffusion.forecast(diffusion.load("china-users"))
    document = found.to_json()
    assert found.warnings[0].startswith("Scenario, no forecast")
    assert document["backtest"] is None
    assert all(row["low"] is None and row["high"] is None for row in document["forecast"])
    assert [scenario["ceiling"] for scenario in document["scenarios"]] == pytest.approx([57.1, 71.4, 100.0])
    for scenario in document["scenarios"]:
        assert max(scenario["values"]) < scenario["ceiling"]


def test_a_break_in_a_series_is_said_with_the_forecast():
    warnings = diffusion.forecast(diffusion.load("eu-firms")).warnings
    assert "2025: definition differs." in warnings


def test_time_of_a_launched_series_counts_from_its_launch():
    series = diffusion.load("chatgpt-users")
    assert series.t[0] == pytest.approx(1.0, abs=0.01)  # November 2022 to November 2023
    assert series.ceiling == pytest.approx(8_100, rel=0.03)


def test_lead_is_read_between_rows_and_in_years():
    slow, fast = diffusion.load("eu-firms-fra"), diffusion.load("eu-firms-deu")
    found = diffusion.lead(slow, fast)
    assert (found.ahead, found.behind) == ("eu-firms-deu", "eu-firms-fra")
    assert 0 < found.least <= found.years <= found.most < 4
    assert diffusion.lead(fast, slow) == found
    assert diffusion.lead(fast, fast).years == 0


def test_series_without_a_common_level_have_no_lead():
    assert diffusion.lead(diffusion.load("us-firms-production"), diffusion.load("us-adults")) is None


# ---- charts


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", ["us-firms", "music-uploads", "china-users", "chatgpt-users"])
def test_the_chart_shows_the_back_test_beside_the_naive_model(name, lang):
    found, t = diffusion.forecast(diffusion.load(name), refits=50), texts(lang)
    chart = pictures.forecast(found, t)
    figure = plotly.render(chart)
    assert len(figure.data) >= 3
    assert chart.notes[-1] == pictures.verdict(found, t)
    if found.naive is not None:
        rmse, unit = found.naive.backtest.rmse, found.series.unit
        assert (t.number(rmse, 2) if unit == "percent" else t.amount(rmse, unit)[0]) in chart.notes[-1]
    assert {"period", "observed", "value", "source", "flag"} <= set(chart.frame.columns)


# ---- the command line


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "aigc_report.cli", "forecast", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        check=False,
    )


def test_the_command_prints_one_document_with_the_fields_of_the_contract(tmp_path):
    path = table(tmp_path, list(enumerate(bass(np.arange(1.0, 16)), 1)))
    done = command("--csv", str(path), "--model", "bass", "--horizon", "2", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    document = json.loads(done.stdout)
    assert set(document) >= {
        *("series", "model", "loss", "sse", "candidates", "parameters", "fitted", "forecast", "backtest", "warnings")
    }
    assert (document["series"], document["model"], document["loss"]) == ("a.csv", "bass", "per_period")
    assert set(document["parameters"]) == {"m", "p", "q"}
    assert set(document["parameters"]["m"]) == {"value", "low", "high"}
    assert set(document["forecast"][0]) == {"period", "value", "low", "high"}
    assert set(document["backtest"]) >= {"origins", "horizon", "mase", "rmse", "coverage", "naive"}
    assert set(document["backtest"]["naive"]) == {"name", "rmse"}
    assert {each["model"] for each in document["candidates"]} == {"bass", "naive", "drift"}


def test_the_command_prints_a_readable_forecast():
    done = command("--series", "music-uploads")
    assert done.returncode == 0
    assert done.stdout.startswith("music-uploads: ")
    assert "2027-01" in done.stdout
    assert all(line.startswith("Note: ") for line in done.stderr.splitlines())


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((), "Give either --series"),
        (("--series", "us-firms", "--csv", "a.csv"), "Give either --series"),
        (("--series", "us-firms", "--cumulative"), "a shipped series knows"),
        (("--series", "mars"), 'There is no series "mars"'),
        (("--csv", "no-such.csv"), "no-such.csv does not exist"),
        (("--series", "us-firms", "--model", "magic"), 'There is no model "magic"'),
        (("--series", "us-firms", "--horizon", "0"), "'--horizon'"),
    ],
)
def test_a_mistake_is_one_sentence_and_exit_status_2(arguments, expected):
    done = command(*arguments)
    assert done.returncode == 2
    assert expected in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_the_documents_table_of_back_tests_is_what_a_run_gives():
    lines = (ROOT / "docs/diffusion.md").read_text(encoding="utf-8").splitlines()
    rows = {
        line.split("`")[1]: [cell.strip() for cell in line.strip("|").split("|")] for line in lines if line[:3] == "| `"
    }
    for name in diffusion.names():
        if name.startswith("eu-firms-"):
            continue
        found = diffusion.forecast(diffusion.load(name), refits=50)
        cells = rows[name]
        assert cells[2] == str(len(found.series))
        if found.scenarios:
            assert cells[-1] == "scenario"
            continue
        errors = {each.model: each.backtest.rmse for each in found.candidates}
        best = min((model for model in errors if model in diffusion.CURVES), key=errors.get)
        naive = found.naive.model
        assert cells[3] == f"{found.backtest.origins} origins ({found.backtest.n})"
        assert cells[4:] == [
            f"{best} {errors[best]:.3g}",
            f"{naive} {errors[naive]:.3g}",
            f"{errors[best] / errors[naive]:.2f}",
            f"`{found.model}`",
        ]
