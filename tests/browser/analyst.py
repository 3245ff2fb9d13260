"""An analyst at work: one language, one screen, and every control found by the words that the product itself uses.

On a phone everything is tapped, and pages are chosen from the side instead of from the bar. Words are given in English
and looked up in the product's catalogue.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
from browsing import Reader
from playwright.sync_api import Browser, Locator, Page, expect

from aigc_report.i18n import texts

SCREENS: dict[str, dict[str, Any]] = {
    "wide": {"viewport": {"width": 1440, "height": 900}},
    "phone": {
        "viewport": {"width": 390, "height": 844},
        "device_scale_factor": 2,
        "is_mobile": True,
        "has_touch": True,
        # Streamlit tells a phone by its name
        "user_agent": "Mozilla/5.0 (Linux; Android 14; Pixel 7) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/140.0.0.0 Mobile Safari/537.36",
    },
}
EVERY_DAY = (("wide", "en"), ("phone", "zh"))
"""Screens and languages in every run of the tests; `--every-screen` takes all four."""
EVERY_SCREEN = tuple((screen, lang) for screen in SCREENS for lang in ("en", "zh"))


@dataclass(frozen=True)
class Bureau:
    """A served dashboard and its home, which the command line reads as well; `runs` are the ids of those made in it."""

    address: str
    home: Path
    runs: tuple[str, ...] = ()

    def report(self, *words: str) -> str:
        """What `aigc-report WORDS` prints here."""
        return said("aigc_report.cli", self.home, *words)

    def bench(self, *words: str) -> Any:
        """What `gan-bench WORDS --json` prints here."""
        return json.loads(said("gan.cli", self.home, *words, "--json"))


def said(program: str, home: Path, *words: str) -> str:
    """What a command over `home` prints; it has to end well."""
    environment = os.environ | {"AIGC_REPORT_HOME": str(home), "AIGC_REPORT_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", program, *words]
    done = subprocess.run(command, env=environment, capture_output=True, timeout=280, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr).decode()[-2000:]
    return done.stdout.decode()


class Analyst(Reader):
    """A reader with a language and a screen, who presses, types, moves sliders, uploads, downloads and sends links."""

    def __init__(self, browser: Browser, bureau: Bureau, screen: str, lang: str) -> None:
        super().__init__(browser.new_context(**SCREENS[screen]), bureau.address)
        self.browser, self.bureau, self.screen, self.t = browser, bureau, screen, texts(lang)
        self.touches = screen == "phone"

    def arrive(self, path: str = "/") -> Page:
        """Open `path` in the analyst's language."""
        return self.open(f"{path}{'&' if '?' in path else '?'}lang={self.t.lang}")

    def go(self, group: str, title: str) -> None:
        """Choose the page `title` in its `group` (empty: in none) from the bar, or on a phone from the side."""
        if self.touches:
            self.hit(self.page.get_by_test_id("stExpandSidebarButton"))
            self.press(self.page.get_by_test_id("stSidebarNavLink").filter(has_text=self.t(title)))
        elif not group:
            self.press(self.page.get_by_test_id("stTopNavLink").filter(has_text=self.t(title)))
        else:
            self.hit(self.page.get_by_test_id("stTopNavSection").filter(has_text=self.t(group)))
            self.press(self.page.get_by_test_id("stTopNavDropdownLink").filter(has_text=self.t(title)))
        expect(self.page.get_by_role("heading", level=1)).to_have_text(self.t(title))

    # ---- what stands on a page ---------------------------------------------------------------------------------------

    def button(self, name: str, within: Locator | None = None) -> Locator:
        """The button `name`."""
        return (within or self.page).get_by_role("button", name=self.t(name), exact=True)

    def box(self, label: str, among: str = "stSelectbox") -> Locator:
        """The box `label`."""
        return self.page.get_by_test_id(among).filter(has=self.page.get_by_text(self.t(label), exact=True))

    def unfold(self, name: str) -> None:
        """Open the expander `name`."""
        box = self.page.get_by_test_id("stExpander").filter(has=self.page.locator("summary", has_text=self.t(name)))
        if box.locator("details").get_attribute("open") is None:
            self.hit(box.locator("summary"))

    def chart(self, id: str) -> Locator:
        """The chart `id`."""
        return self.page.locator(f".st-key-chart-{id}")

    def drawn(self, id: str) -> Any:
        """What the picture of chart `id` is drawn from: its traces, as plotly holds them."""
        plot = self.chart(id).locator(".js-plotly-plot")
        expect(plot.locator(".main-svg").first).to_be_visible()
        return json.loads(plot.evaluate("plot => JSON.stringify(plot.data)"))

    def menu(self, chart: str, name: str) -> Locator:
        """The menu `name` of a chart, open."""
        summary = self.page.locator("summary", has_text=self.t(name))
        menu = self.chart(chart).locator("details").filter(has=summary)
        if menu.get_attribute("open") is None:
            self.hit(menu.locator("summary"))
        return menu

    # ---- what an analyst does ----------------------------------------------------------------------------------------

    def add(self, label: str, option: str) -> None:
        """Add `option`, in the reader's words, to the box of several `label`."""
        self.choose(self.t(label), option, "stMultiSelect")
        self.page.keyboard.press("Escape")

    def drop(self, label: str, option: str) -> None:
        """Take `option`, in the reader's words, out of the box of several `label`."""
        words = f"Remove {option}"  # Streamlit's own, in every language
        self.press(self.box(label, "stMultiSelect").get_by_role("button", name=words, exact=True))

    def type(self, label: str, text: str) -> None:
        """Type `text` into the field `label`, and Enter."""
        self.settle()
        asked = self.asked
        field = self.page.get_by_label(self.t(label), exact=True)
        field.fill(text)
        field.press("Enter")
        self.until(lambda: self.asked > asked, f"nothing came of typing into {label}")
        self.settle()

    def slide(self, name: str, share: float) -> float:
        """Put the slider `name`, in the reader's words, to `share` of its length by its track; its value then."""
        slider = self.page.get_by_test_id("stSlider").filter(has=self.page.get_by_text(name, exact=True))
        track = slider.locator("[style*='touch-action']").first
        track.scroll_into_view_if_needed()
        box = track.bounding_box()
        assert box is not None
        self.press(track, position={"x": box["width"] * share, "y": box["height"] / 2})
        return float(slider.locator("input[type=range]").input_value())

    def upload(self, label: str, name: str, content: str) -> None:
        """Hand a table to the uploader `label`, as the file `name`."""
        self.settle()
        asked = self.asked
        box = self.page.get_by_test_id("stFileUploader").filter(has_text=self.t(label))
        file = {"name": name, "mimeType": "text/csv", "buffer": content.encode()}
        box.locator("input[type=file]").set_input_files(files=[file])  # type: ignore[list-item]
        self.until(lambda: self.asked > asked, f"nothing came of the upload of {name}")
        self.settle()

    def download(self, control: Locator) -> tuple[str, bytes]:
        """Name and content of the file that `control` gives."""
        self.settle()
        with self.page.expect_download() as saving:
            self.hit(control)
        return saving.value.suggested_filename, saving.value.path().read_bytes()

    def data(self, chart: str) -> pd.DataFrame:
        """The data of a chart: the CSV of its menu, read back."""
        link = self.menu(chart, "Download").get_by_role("link", name=self.t("Data (CSV)"))
        return table(self.download(link)[1])

    def copied_link(self, chart: str) -> str:
        """What "Copy link" of a chart puts into the clipboard."""
        self.page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=self.address)
        self.hit(self.button("Copy link", self.menu(chart, "Share and cite")))
        expect(self.chart(chart).get_by_role("status")).to_have_text(self.t("Copied."))
        return str(self.page.evaluate("() => navigator.clipboard.readText()"))

    def colleague(self) -> "Analyst":
        """Somebody else, at the other screen."""
        other = next(screen for screen in SCREENS if screen != self.screen)
        return Analyst(self.browser, self.bureau, other, self.t.lang)

    def leave(self) -> None:
        """Close the page."""
        self.page.context.close()


def table(content: bytes) -> pd.DataFrame:
    """A CSV file, with empty cells as empty text only where the column is text."""
    return pd.read_csv(BytesIO(content))
