"""Training from the page: start a short run, watch it, cancel another."""

import importlib.util
import re

import pytest
from playwright.sync_api import expect

pytestmark = [
    pytest.mark.torch,
    pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="training needs the gan extra"),
    pytest.mark.timeout(400),
]
RUN_MS = 240_000
"""Patience with a run; not a promise about its speed."""


def start(reader, budget: str) -> None:
    page = reader.open(f"/gan-lab?lang=en&budget={budget}")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_role("button", name="Cancel this run")).to_be_visible(timeout=RUN_MS)


def test_a_short_run_is_started_watched_and_measured(reader):
    start(reader, "10")
    page = reader.page
    expect(page.get_by_text(re.compile(r"Training: [1-9]\d*%|quality is being measured"))).to_be_visible(timeout=RUN_MS)
    expect(page.get_by_role("heading", name="Quality", exact=True)).to_be_visible(timeout=RUN_MS)
    expect(page.locator("strong", has_text="completed")).to_be_visible()
    expect(page.get_by_text("Real, held out from training")).to_be_visible()
    expect(page.get_by_role("heading", name="Cost", exact=True)).to_be_visible()
    assert "run=" in page.url


def test_a_running_run_is_cancelled(reader):
    start(reader, "900")
    page = reader.page
    expect(page.get_by_text(re.compile(r"Training: \d+%"))).to_be_visible(timeout=RUN_MS)
    page.get_by_role("button", name="Cancel this run").click()
    expect(page.get_by_role("button", name="Cancel this run")).to_have_count(0, timeout=RUN_MS)
    expect(page.locator("strong", has_text="cancelled")).to_be_visible()
