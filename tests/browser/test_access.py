"""Nobody is left out: axe-core on every page, in both themes and languages, wide and on a phone; and by keyboard."""

import pytest
from axe import faults
from browsing import Reader
from playwright.sync_api import expect
from test_reading import PAGES

WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
DARK = "() => getComputedStyle(document.querySelector('[data-testid=stApp]')).colorScheme.includes('dark')"


@pytest.fixture(scope="module")
def looker(browser, server):
    """Somebody who looks at all pages in one window, in which nothing breaks the security policy of the pages."""
    refused: list[str] = []
    with browser.new_context(viewport=WIDE, color_scheme="light") as context:
        somebody = Reader(context, server)
        somebody.page.on("console", lambda said: refused.append(said.text) if "Security Policy" in said.text else None)
        yield somebody
    assert not refused


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_a_page_has_nothing_that_axe_calls_serious(looker, path):
    """In English, light and wide; then in Chinese, dark and on a phone: one load, for loading is what takes time."""
    looker.page.set_viewport_size(WIDE)
    looker.page.emulate_media(color_scheme="light")
    page = looker.open(f"{path}?lang=en")
    assert not faults(page)
    looker.press(page.get_by_role("button", name="中文"))
    page.set_viewport_size(PHONE)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(DARK)
    assert not faults(page)


def test_the_menu_and_the_tabs_of_a_chart_work_by_keyboard(reader):
    page = reader.open("/?lang=en")
    chart = page.locator(".st-key-chart-people")
    chart.get_by_role("tab", name="Chart").focus()
    page.keyboard.press("ArrowRight")
    expect(chart.get_by_role("tab", name="Table")).to_be_focused()
    page.keyboard.press("Enter")
    expect(chart.get_by_role("tab", name="Table")).to_have_attribute("aria-selected", "true")
    expect(chart.get_by_role("cell").first).to_be_visible()
    reader.settle()
    chart.locator("summary", has_text="Share and cite").focus()
    page.keyboard.press("Enter")
    expect(chart.locator("[data-cite=bibtex]")).to_contain_text("#chart-people")
    page.keyboard.press("Tab")
    expect(chart.get_by_role("button", name="Copy link")).to_be_focused()
    assert not faults(page)


FOCUS = """() => {
    const at = document.activeElement;
    if (!at || at === document.body) return null;
    if (at.closest('[data-testid=stDataFrame]')) return { name: 'cell of a table', seen: true };
    const box = at.getBoundingClientRect();
    const style = getComputedStyle(at);
    return {
        name: (at.getAttribute('aria-label') || at.innerText || at.value || '').trim(),
        seen: box.width > 0 && box.height > 0 && style.visibility !== 'hidden',
    };
}"""


def test_every_control_is_reached_by_tab_and_has_a_name(reader):
    page = reader.open("/data-sources?lang=en")
    reached = []
    for _ in range(45):
        page.keyboard.press("Tab")
        if where := page.evaluate(FOCUS):  # none between the end of the page and its beginning
            reached.append(where)
    assert len(reached) >= 20
    assert not [where for where in reached if not where["name"] and where["seen"]]
    names = " | ".join(where["name"] for where in reached)
    for control in ("Adoption", "中文", "Search indicators", "Factor", "Data (CSV)"):
        assert control in names
