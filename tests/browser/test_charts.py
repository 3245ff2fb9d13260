"""What a reader does with a chart: reads it as a table, takes its data and its picture, sends a link, cites it."""

import io
import re
import urllib.request

import pandas as pd
import pytest
from playwright.sync_api import expect
from test_reading import asks


def test_a_chart_opens_as_a_table_and_the_link_says_so(reader, browser):
    page = reader.open("/?lang=en")
    chart = page.locator(".st-key-chart-people")
    reader.press(chart.get_by_role("tab", name="Table"))
    expect(chart.get_by_role("cell", name="private life").first).to_be_visible()
    page.wait_for_url(asks(**{"view-people": "table"}))
    chart.locator("summary", has_text="Share and cite").click()
    cited = chart.locator("[data-cite=text]")
    expect(cited).to_contain_text("#chart-people")
    link = re.search(r"http\S+", cited.inner_text()).group()
    with browser.new_context(viewport={"width": 1440, "height": 900}) as elsewhere:
        other = elsewhere.new_page()
        other.goto(link)
        there = other.locator(".st-key-chart-people")
        expect(there.get_by_role("cell", name="private life").first).to_be_visible()
        expect(there.get_by_role("tab", name="Table")).to_be_in_viewport()


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_a_picture_is_saved_without_a_network_and_holds_its_words(reader, kind):
    page = reader.open("/?lang=zh")
    chart = page.locator(".st-key-chart-people")
    chart.locator("summary", has_text="下载").click()
    expect(chart.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    with page.expect_download() as saving:
        chart.get_by_role("button", name=kind.upper()).click()
    content = saving.value.path().read_bytes()
    assert saving.value.suggested_filename == f"people.{kind}"
    if kind == "png":
        assert content.startswith(b"\x89PNG")
    else:
        text = content.decode()
        assert "按年龄和用途" in text or "使用生成式" in text
        assert "Eurostat" in text


def test_the_data_of_a_chart_stand_under_an_address_of_their_own(reader, server):
    page = reader.open("/countries?lang=en&geo=FRA&by=ADOPTION")
    chart = page.locator(".st-key-chart-ranking, [class*=st-key-chart-ranking]").first
    chart.locator("summary", has_text="Download").click()
    address = chart.get_by_role("link", name="Data (CSV)").get_attribute("href")
    with urllib.request.urlopen(server + address, timeout=30) as answer:
        table = pd.read_csv(io.BytesIO(answer.read()))
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert len(table) == 27


def test_the_page_obeys_its_own_security_policy(reader):
    refused: list[str] = []
    reader.page.on("console", lambda message: refused.append(message.text) if "Content Security" in message.text else 0)
    page = reader.open("/?lang=zh")
    expect(page.locator(".choroplethlayer path")).to_have_count(27)
    reader.open("/technology?part=mathematics&lang=zh")
    assert not refused
