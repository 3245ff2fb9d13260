"""The page Briefings: choices come from the address and go back to it, files can be taken away, history is kept."""

import importlib.util
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from aigc_report.briefing import audiences, produce
from dashboards.ui import briefings

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("aigc_report.briefing.render") is None, reason="no format can be made here"
)


def page(**parameters: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "dashboards" / "app.py"), default_timeout=120)
    for name, value in parameters.items():
        app.query_params[name] = value
    return app.run().switch_page("views/briefings.py").run()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_link_opens_its_briefing(lang, no_runs):
    app = page(lang=lang, audience="public", geo="DEU", parts="people")
    assert not app.exception
    assert not app.warning
    assert app.selectbox(key="audience").value == "public"
    assert app.multiselect(key="geo").value == ["DEU"]
    assert app.multiselect(key="parts").value == ["people"]
    assert app.query_params["parts"] in ("people", ["people"])


def test_another_audience_drops_the_sections_it_does_not_have(no_runs):
    app = page(lang="en", audience="public", parts="people,options")
    app.selectbox(key="audience").set_value("enterprise").run()
    assert not app.exception
    assert set(app.multiselect(key="parts").value) <= {s.id for s in audiences.load("enterprise").sections}


def test_what_is_downloaded_is_kept_and_offered_again(no_runs):
    asked = briefings.Asked("public", "en", (), ("people",))
    assert produce.history() == ()
    content = briefings._kept(asked.request(), "", "html")
    (entry,) = produce.history()
    assert entry.file.read_bytes() == content
    assert entry.file.parent == no_runs / "briefings"
    app = page(lang="en", audience="public", parts="people")
    assert "The public, English" in " ".join(element.value for element in app.markdown)
