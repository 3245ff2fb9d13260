"""A briefing's web page in a real browser: axe-core finds nothing, nothing is fetched, a phone has room for it."""

import pytest
from axe import faults
from playwright.sync_api import Browser

from aigc_report.briefing.render import RENDERERS
from aigc_report.briefing.sample import sample
from aigc_report.i18n import LANGUAGES


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("width", [1280, 390])
def test_a_briefing_reads_well_by_any_means(browser: Browser, lang: str, width: int, tmp_path) -> None:
    file = tmp_path / "briefing.html"
    file.write_bytes(RENDERERS["html"](sample(lang)))  # type: ignore[arg-type]
    with browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=True) as context:
        page = context.new_page()
        fetched: list[str] = []
        page.on("request", lambda request: fetched.append(request.url))
        page.goto(file.as_uri())
        assert fetched == [file.as_uri()]
        assert faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
