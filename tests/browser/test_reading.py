"""A reader in front of the dashboard: both languages, links that keep the view, a phone, and no network."""

import re
from collections.abc import Callable
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import expect

PAGES = {
    "overview": "/",
    "countries": "/countries",
    "factors": "/factors",
    "sectors": "/sectors",
    "policy": "/policy",
    "diffusion": "/diffusion",
    "technology": "/technology",
    "gan-lab": "/gan-lab",
    "affordability": "/affordability",
    "claims": "/claims",
    "document": "/document",
    "data-sources": "/data-sources",
    "methods": "/methods",
    "briefings": "/briefings",
}

# What stays in Latin letters on a Chinese page: names, codes, units and formats.
LATIN = re.compile(r"[A-Za-z][A-Za-z'’-]+(?:\s+[A-Za-z][A-Za-z'’-]+){2,}")


def asks(**wanted: str) -> Callable[[str], bool]:
    """Does an address ask for what is `wanted`?"""
    return lambda url: wanted.items() <= dict(parse_qsl(urlsplit(url).query)).items()


def test_the_overview_answers_in_english_and_switches_to_chinese(reader):
    page = reader.open("/?lang=en")
    expect(page.get_by_role("heading", level=1)).to_have_text("How far has generative AI come?")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    reader.press(page.get_by_role("button", name="中文"))
    expect(page.get_by_role("heading", level=1)).to_have_text("生成式人工智能普及到什么程度？")
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    page.wait_for_url(asks(lang="zh"))


def test_the_language_goes_along_to_the_next_page(reader):
    page = reader.open("/?lang=zh")
    page.get_by_test_id("stTopNavSection").filter(has_text="普及").click()
    page.get_by_test_id("stTopNavDropdownLink").filter(has_text="国家").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("国家")
    page.wait_for_url(asks(lang="zh"))


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("width", [1440, 1024])
def test_the_bar_leads_to_all_pages_and_the_switch_of_language_lies_on_none_of_it(reader, lang, width):
    reader.page.set_viewport_size({"width": width, "height": 800})
    page = reader.open(f"/countries?lang={lang}")
    groups, single = page.get_by_test_id("stTopNavSection"), page.get_by_test_id("stTopNavLink")
    expect(groups).to_have_count(3)
    boxes = [part.bounding_box() for part in (*groups.all(), *single.all())]
    switch = page.get_by_role("button", name="中文" if lang == "en" else "English").bounding_box()
    assert max(box["x"] + box["width"] for box in boxes if box) <= switch["x"]
    found = single.count()
    for group in groups.all():
        group.click()
        links = page.get_by_test_id("stTopNavDropdownLink")
        links.first.wait_for()
        found += links.count()
        page.keyboard.press("Escape")
        expect(links).to_have_count(0)
    assert found == len(PAGES)


def test_the_name_of_the_overview_leads_to_the_root_and_keeps_the_language(reader):
    page = reader.open("/overview?lang=zh")
    expect(page.get_by_role("heading", level=1)).to_have_text("生成式人工智能普及到什么程度？")
    assert urlsplit(page.url).path == "/"
    assert asks(lang="zh")(page.url)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_page_can_be_reached_on_a_phone(phone, lang):
    page = phone.open(f"/countries?lang={lang}")
    page.get_by_test_id("stExpandSidebarButton").click()
    links = page.get_by_test_id("stSidebarNavLink")
    expect(links).to_have_count(len(PAGES))
    links.last.scroll_into_view_if_needed()
    links.last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Methods" if lang == "en" else "方法")


def test_the_preview_of_a_briefing_is_shown(reader):
    page = reader.open("/briefings?lang=en&audience=public")
    preview = page.frame_locator("iframe[src^='data:text/html']")
    expect(preview.locator("h1")).to_be_visible()


def test_a_copied_link_shows_the_same_view(reader, browser):
    page = reader.open("/countries?lang=en")
    reader.press(page.get_by_role("radio", name="Adoption"))
    reader.choose("Country", "France")
    expect(page.get_by_role("heading", name="France against the EU mean")).to_be_visible()
    page.wait_for_url(asks(geo="FRA", by="ADOPTION"))
    link = page.url
    with browser.new_context() as elsewhere:
        other = elsewhere.new_page()
        other.goto(link)
        expect(other.get_by_role("heading", name="France against the EU mean")).to_be_visible()
        expect(other.get_by_role("radio", name="Adoption")).to_be_checked()


def test_a_link_keeps_its_view_in_the_other_language(reader):
    page = reader.open("/countries?lang=zh&geo=DEU&by=ADOPTION")
    expect(page.get_by_role("heading", name="德国与欧盟均值的比较")).to_be_visible()


def test_a_tile_of_the_overview_opens_its_factor(reader):
    page = reader.open("/?lang=zh")
    page.get_by_role("link", name="详细了解这一因素").nth(2).click()
    expect(page.get_by_role("heading", level=2, name="应用门槛")).to_be_visible()
    page.wait_for_url(asks(factor="barriers", lang="zh"))


@pytest.mark.parametrize("path", ["/nowhere", "/countries?geo=ATLANTIS&by=wealth&lang=tlh"])
def test_a_wrong_link_still_shows_a_page(reader, path):
    page = reader.open(path)
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_the_concept_graph_draws_its_boxes_without_touching_on_a_phone(phone):
    page = phone.open("/technology?part=concepts&lang=en")
    boxes = page.locator(".st-key-chart-concepts .annotation rect.bg")
    expect(boxes.nth(5)).to_be_attached()
    places = [box for box in boxes.evaluate_all("all => all.map(e => e.getBoundingClientRect())") if box["width"] > 60]
    assert len(places) == 6
    for at, one in enumerate(places):
        assert one["left"] >= 0
        assert one["right"] <= 390
        for other in places[at + 1 :]:
            apart = one["right"] <= other["left"] or other["right"] <= one["left"]
            assert apart or one["bottom"] <= other["top"] or other["bottom"] <= one["top"]


def test_a_statement_links_to_its_own_address(reader):
    page = reader.open("/document?lang=en&section=7.3")
    page.get_by_role("link", name="paper.attention", exact=True).first.click()
    page.wait_for_url(re.compile("id=paper.attention"))
    reader.settle()
    expect(page.get_by_role("heading", name="Transformer")).to_be_visible()
    expect(page.get_by_role("heading", name="AlexNet")).to_have_count(0)


def test_formulas_are_typeset_without_a_network(reader):
    page = reader.open("/technology?part=mathematics&lang=zh")
    expect(page.locator(".katex-display").nth(18)).to_be_attached()
    expect(page.locator(".katex-error")).to_have_count(0)


def test_charts_and_maps_draw_without_a_network(reader):
    page = reader.open("/?lang=en")
    expect(page.locator(".choroplethlayer path")).to_have_count(27)
    expect(page.get_by_text("could not be shown")).to_have_count(0)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_a_phone_never_scrolls_sideways(phone, path, lang):
    page = phone.open(f"{path}?lang={lang}")
    page.wait_for_function(
        "() => [document.documentElement, ...document.querySelectorAll('[data-testid=stMain]')]"
        ".every(e => e.scrollWidth <= e.clientWidth)"
    )


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_no_english_sentence_is_left_on_a_chinese_page(reader, path):
    page = reader.open(f"{path}?lang=zh")
    texts = page.evaluate(
        """() => {
            const app = document.querySelector('[data-testid=stApp]');
            const walker = document.createTreeWalker(app, NodeFilter.SHOW_TEXT);
            const found = [];
            while (walker.nextNode()) {
                const box = walker.currentNode.parentElement;
                // Titles and remarks that the data hold in another language say so; the list of instruments cannot.
                const skip = 'a, code, pre, script, style, [data-testid=stDataFrame], [data-testid=stIconMaterial], '
                    + '[lang]:not(html), .st-key-instrument';
                if (!box.closest(skip) && box.checkVisibility()) found.push(walker.currentNode.textContent.trim());
            }
            return found.filter(Boolean);
        }"""
    )
    names = ("Natural Earth", "CC BY", "Eurostat reuse policy", "Xeon", "CPU")
    assert not [text for text in texts if LATIN.search(text) and not any(name in text for name in names)]


def test_tables_of_three_columns_stand_whole_on_a_phone_and_wide_ones_keep_the_heads_of_their_rows(phone):
    page = phone.open("/countries?lang=en")
    tables = page.get_by_test_id("stTable")
    strengths = tables.filter(has=page.get_by_text("Value", exact=True)).filter(has_not_text="Year")
    expect(strengths).to_have_count(2)
    overflow = "all => all.map(e => e.firstElementChild.scrollWidth - e.firstElementChild.clientWidth)"
    assert max(strengths.evaluate_all(overflow)) <= 1
    wide = tables.filter(has_text="EU as a whole")
    kept = wide.evaluate(
        """e => {
            const box = e.firstElementChild, head = e.querySelector('tbody th');
            box.scrollLeft = box.scrollWidth;
            return [box.scrollLeft, head.getBoundingClientRect().left - box.getBoundingClientRect().left];
        }"""
    )
    assert kept[0] > 100
    assert abs(kept[1]) <= 2


def test_a_chart_on_paper_is_as_wide_as_the_paper_and_no_wider(reader):
    page = reader.open("/countries?lang=en")
    expect(page.locator(".st-key-chart-profile .main-svg").first).to_be_visible()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 1040, "height": 720})
    drawn = page.locator(".svg-container > .main-svg:first-child")
    ends = drawn.evaluate_all("all => all.map(e => [e.getBoundingClientRect().right, e.getAttribute('viewBox')])")
    assert ends
    assert all(right <= 1040 and shape for right, shape in ends)
