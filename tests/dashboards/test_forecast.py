"""The forecast on a page of its own: every series shows its chart and what to mind, in both languages."""

import pytest
from streamlit.testing.v1 import AppTest

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
