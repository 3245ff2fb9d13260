"""The charts of the five factors: words in both languages, the same figures, one protocol, one question."""

import json
import math
import re

import pytest

from aigc_report import catalog, factors
from aigc_report.charts import costs, plotly, scales, words
from aigc_report.charts.chart import Axis, Bars, Chart, Columns, Lines
from aigc_report.charts.factors import CHARTS, RESEARCH, demand, maturity, research, years
from aigc_report.i18n import LANGUAGES, texts

CAT = catalog.load()
EN = texts("en")
BUILDS = [*(build for builds in CHARTS.values() for build in builds), *RESEARCH]
DRAWN = {build(CAT, EN).id: build for build in BUILDS}


@pytest.fixture(params=DRAWN, scope="module")
def build(request):
    return DRAWN[request.param]


def test_every_factor_has_charts_and_no_two_share_an_id():
    assert list(CHARTS) == [factor.id for factor in CAT.factors]
    assert len(DRAWN) == len(BUILDS)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_chart_has_its_words_and_draws(build, lang):
    chart = build(CAT, texts(lang))
    for text in (chart.title, chart.subtitle, chart.alt, *chart.notes):
        assert text
        assert "{" not in text
        assert not re.search(r"\bnan\b", text)
    assert json.loads(plotly.render(chart).to_json())["data"]


def test_every_chart_says_the_same_figures_in_both_languages(build):
    english, chinese = (build(CAT, texts(lang)) for lang in LANGUAGES)
    numeric = english.frame.select_dtypes("number")
    assert numeric.equals(chinese.frame[numeric.columns])


def test_every_figure_names_a_source_and_none_is_doubtful(build):
    chart = build(CAT, EN)
    assert set(chart.frame["source"]) <= set(CAT.sources.index)
    if "flag" in chart.frame:
        assert not chart.frame["flag"].str.contains("u").any()


def test_bars_and_columns_start_at_zero(build):
    chart = build(CAT, EN)
    if any(isinstance(mark, Bars) for mark in chart.marks):
        assert chart.x.low == 0
    if any(isinstance(mark, Columns) for mark in chart.marks):
        assert chart.y.low == 0


@pytest.mark.parametrize("dataset", maturity.QUALITY)
def test_quality_stays_within_one_data_set_and_one_protocol(dataset):
    frame = maturity.quality(CAT, EN, dataset).frame
    pairs = [words.parse(breakdown) for breakdown in frame["breakdown"]]
    assert len({(pair["dataset"], pair["protocol"], pair["conditional"]) for pair in pairs}) == 1


@pytest.mark.parametrize("dataset", maturity.QUALITY)
def test_the_best_so_far_never_rises_and_is_a_published_figure(dataset):
    chart = maturity.quality(CAT, EN, dataset)
    line, published = chart.data(0), chart.frame
    assert line["value"].is_monotonic_decreasing
    for year, value in zip(line["year"], line["value"], strict=True):
        assert value == published.loc[published["year"] <= year, "value"].min()


def test_what_two_pages_chart_is_one_chart():
    """Published quality, training and rents stand on Five factors and on Technology: the same figures, drawn once."""
    here = {build(CAT, EN).id: build(CAT, EN) for build in BUILDS}
    for there in (
        costs.training(CAT, EN, "training_compute_flop", "image"),
        costs.training(CAT, EN, "training_cost_usd2023", "image"),
        costs.token_prices(CAT, EN),
        costs.rents(CAT, EN),
    ):
        assert here[there.id].title == there.title
        assert here[there.id].frame.equals(there.frame)


def test_the_two_questions_of_the_us_survey_are_two_lines():
    chart = demand.us_firms(CAT, EN)
    assert chart.frame.groupby("question")["indicator"].nunique().tolist() == [1, 1]
    assert len(plotly.render(chart).data) == 2


def test_industries_of_the_firms_are_sections_of_which_none_holds_another():
    chart = demand.firms(CAT, EN)
    sections = {words.parse(b).get("nace", "") for b in chart.frame["breakdown"]} - {""}
    assert all(len(section) == 1 for section in sections)
    assert set(chart.order) == set(chart.frame["label"])


def test_a_row_that_was_not_asked_before_has_one_dot():
    frame = maturity.technologies(CAT, EN).frame
    asked = frame[frame["breakdown"] == "tech=image_video_audio_generation"]
    assert list(asked["period"]) == ["2025"]


def test_academia_and_industry_stand_on_the_same_years():
    axes = {(chart.x.low, chart.x.high) for chart in (build(CAT, EN) for build in RESEARCH)}
    assert len(axes) == 1


def test_a_year_without_a_survey_stays_empty():
    assert 2022 not in set(research.firms(CAT, EN).frame["year"])


def test_stacked_columns_add_up_to_the_models_of_a_year():
    chart = research.models(CAT, EN)
    heights: dict[int, int] = {}
    for trace in plotly.render(chart).data:
        for year, n in zip(trace.x, trace.y, strict=True):
            heights[year] = heights.get(year, 0) + n
    assert heights == factors.yearly(factors.models(CAT)).groupby("year")["models"].sum().to_dict()
    assert plotly.render(chart).layout.barmode == "stack"


def test_a_logarithmic_axis_takes_values_of_the_data():
    axis = Axis(low=10, high=1000, log=True, ticks=((100.0, "a hundred"),))
    frame = factors.models(CAT)
    chart = Chart("c", "t", "s", frame, (Lines("year", "value", "maker"),), "alt", y=axis)
    figure = plotly.render(chart)
    assert list(figure.layout.yaxis.range) == [1, 3]
    assert list(figure.layout.yaxis.tickvals) == [100.0]
    last = frame.groupby("maker", sort=False)["value"].last()
    assert sorted(a.y for a in figure.layout.annotations) == pytest.approx(sorted(math.log10(v) for v in last))


@pytest.mark.parametrize(
    ("period", "year"), [("2025", 2025.0), ("2024-12-31", 2024.999), ("2025-01-01", 2025.0), ("2025-06", 2025.493)]
)
def test_a_period_becomes_a_decimal_year(period, year):
    assert years.decimal(period) == pytest.approx(year, abs=0.002)


def test_powers_of_ten_read_as_such():
    assert scales.scientific(EN, 3.14e23) == "3.1 × 10²³"
    assert [label for _, label in scales.powers(14, 20, step=3).ticks] == ["10¹⁴", "10¹⁷", "10²⁰"]
