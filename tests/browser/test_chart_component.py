"""What a reader does with a chart: reads it as a table, takes its data and its picture, sends a link, cites it."""

import io
import re
import urllib.request

import pandas as pd
from playwright.sync_api import expect
from test_reading import asks


def test_a_chart_opens_as_a_table_and_its_data_and_link_say_the_same(reader, browser, server):
    page = reader.open("/?lang=en")
    chart = page.locator(".st-key-chart-people")
    reader.press(chart.get_by_role("tab", name="Table"))
    expect(chart.get_by_role("cell", name="private life").first).to_be_visible()
    page.wait_for_url(asks(**{"view-people": "table"}))
    chart.locator("summary", has_text="Download").click()
    address = chart.get_by_role("link", name="Data (CSV)").get_attribute("href")
    with urllib.request.urlopen(server + address, timeout=30) as answer:
        assert "private life" in set(pd.read_csv(io.BytesIO(answer.read()))["purpose"])
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
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


PLAYED_MS = 40_000
"""Four years at a step and a run each, on a machine that does other things."""


def test_a_map_plays_through_its_years_and_each_stands_in_the_address(reader):
    page = reader.open("/?lang=en")
    ranking = page.locator(".st-key-chart-use-ranking [data-testid=stCaptionContainer]").first
    expect(ranking).to_contain_text("2025")
    button = page.locator("[data-plays=period-use-map]")
    first = asks(**{"period-use-map": "2021"})
    with page.expect_event("framenavigated", lambda frame: first(frame.url), timeout=PLAYED_MS):
        button.click()
    expect(button).to_have_text("Play", timeout=PLAYED_MS)
    page.wait_for_url(lambda url: "period-use-map" not in url)
    expect(ranking).to_contain_text("2025")


def test_pictures_are_saved_without_a_network_and_hold_their_words(reader):
    page = reader.open("/?lang=zh")
    chart = page.locator(".st-key-chart-people")
    chart.locator("summary", has_text="下载").click()
    expect(chart.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    saved = {}
    for kind in ("png", "svg"):
        with page.expect_download() as saving:
            chart.get_by_role("button", name=kind.upper()).click()
        assert saving.value.suggested_filename == f"people.{kind}"
        saved[kind] = saving.value.path().read_bytes()
    assert saved["png"].startswith(b"\x89PNG")
    words = saved["svg"].decode()
    for said in ("按年龄和用途", "16–24岁", "Eurostat", "CC BY 4.0"):  # title, legend, source, licence
        assert said in words
