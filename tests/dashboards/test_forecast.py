"""The forecast on a page of its own: every series shows its chart and what to mind, in both languages."""

import pytest
from streamlit.testing.v1 import AppTest
from test_pages import show

from aigc_report.i18n import LANGUAGES
from dashboards.ui import forecast

SCRIPT = """
import streamlit as st
from aigc_report import i18n
from dashboards.ui import forecast

forecast.show(i18n.texts(st.query_params.get("lang", "en")))
"""


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_series_of_the_selector_shows(lang):
    app = AppTest.from_string(SCRIPT, default_timeout=120)
    app.query_params["lang"] = lang
    app.run()
    for name in forecast.series():
        app.selectbox[0].set_value(name).run()
        assert not app.exception
        assert not app.warning
        said = " ".join(element.value for element in [*app.markdown, *app.caption])
        assert ("Back-test" in said or "Scenario" in said) if lang == "en" else ("回测" in said or "情景" in said)


def test_a_link_opens_its_series():
    app = AppTest.from_string(SCRIPT, default_timeout=120)
    app.query_params["series"] = "music-uploads"
    app.run()
    assert app.selectbox[0].value == "music-uploads"


def view(**query: str) -> AppTest:
    app = show("diffusion", **query)
    assert not app.exception
    assert not app.warning
    return app


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("series", "model", "determined"),
    [("music-uploads", "logistic", True), ("us-firms", "drift", False), ("eu-firms-deu", "auto", False)],
)
def test_a_link_to_diffusion_shows_its_series_and_says_when_it_saturates_or_that_nobody_knows(
    no_runs, lang, series, model, determined
):
    app = view(lang=lang, series=series, model=model, a="eu-firms-fin", b="eu-firms-swe")
    assert app.selectbox(key="series").value == series
    (said,) = [note.value for note in app.markdown if note.value.startswith(("**Saturation**", "**饱和时间**"))]
    assert ("2026" in said) is determined
    assert any(country in note.value for note in app.markdown for country in ("Finland is", "芬兰领先"))


def test_a_series_of_ones_own_gets_the_same_page_and_a_faulty_one_a_sentence(no_runs):
    rows = "".join(
        f"{year},{value}\n" for year, value in zip(range(2016, 2025), (1, 2, 4, 7, 12, 19, 29, 40, 50), strict=True)
    )
    app = view(lang="zh", who="own")
    app.get("file_uploader")[0].set_value(("mine.csv", f"period,value\n{rows}".encode(), "text/csv")).run()
    assert not app.exception
    assert len(app.get("plotly_chart")) == 4  # forecast, back-tests, scenario, who is ahead
    app.get("file_uploader")[0].set_value(("mine.csv", f"period,value\n{rows}2025,x\n".encode(), "text/csv")).run()
    assert [error.value for error in app.error] == ["mine.csv，第11行，value列：“x”不是数字。"]


def test_a_model_is_not_set_against_itself_and_an_own_scenario_follows_the_next_series(no_runs):
    app = view(lang="en", series="us-firms-production", model="drift")
    (table,) = [table.value for table in app.table if "Forecasts" in table.value.columns]
    assert list(table.columns) == ["Forecasts", "Error: the drift", "Inside the interval"]
    app = view(lang="en", who="own")
    for scale in (1, 1000, 0.01):
        rows = "".join(f"{year},{scale * value}\n" for year, value in zip(range(2017, 2024), range(2, 9), strict=True))
        app.get("file_uploader")[0].set_value(("mine.csv", f"period,value\n{rows}".encode(), "text/csv")).run()
        assert not app.exception
        assert not app.error
        end = app.slider[0]
        assert 8 * scale < end.min <= end.value <= end.max
    assert not [key for key in app.query_params if key.startswith("end")]
