"""Training from the page to the end; what else is done with a run is a journey of its own (`test_journeys`)."""

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


def test_a_short_run_is_started_watched_and_measured(reader):
    page = reader.open("/gan-lab?lang=en&budget=10")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_role("button", name="Cancel this run")).to_be_visible(timeout=RUN_MS)
    expect(page.get_by_text(re.compile(r"Training: [1-9]\d*%|quality is being measured"))).to_be_visible(timeout=RUN_MS)
    expect(page.get_by_role("heading", name="Quality", exact=True)).to_be_visible(timeout=RUN_MS)
    expect(page.locator("strong", has_text="completed")).to_be_visible()
    expect(page.get_by_text("Real, held out from training")).to_be_visible()
    expect(page.get_by_role("heading", name="Cost", exact=True)).to_be_visible()
    assert "run=" in page.url
