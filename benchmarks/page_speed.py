"""How fast every page stands, changes and gives way in headless Chromium, against a plain page with three charts.

python benchmarks/page_speed.py [--repeats N] [--pages overview,countries,…] [--changes N] [--minutes 6]

A page stands when a run of its script has ended, its charts are drawn and nothing has changed for a moment; the time is
that of the last change. Cold: a browser with an empty cache. Warm: the same browser again. Change: from the press of a
control to the last change it makes. Switch: from a click in the bar to the last change of the next page. Each round
looks at every page once, the plain ones included, so that all share what else the machine does; rounds end when
`--minutes` are over, and what has been measured by then is printed. Medians; the machine should do nothing else.
"""

import argparse
import contextlib
import math
import shutil
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from pages import PAGES, PLAIN, Control
from playwright.sync_api import Browser, BrowserContext, Error, Locator, Page, sync_playwright
from serving import dashboard, plain

FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")
WATCH = Path(__file__).with_name("watch.js")
QUIET_MS = 400
PATIENCE_MS = 30_000
"""A page that does not stand by then is given up for this round, and named."""
REFERENCES = ("plain page", "plain page, cached")
KINDS = ("cold", "warm", "change", "switch")
GOALS: dict[str, tuple[float, bool]] = {
    "cold": (0.3, True),
    "warm": (0.3, True),
    "change": (0.3, False),
    "switch": (0.5, False),
}
"""Seconds a page may take, and whether beyond what the plain page takes."""

Times = dict[str, dict[str, list[float]]]
"""Page to kind to seconds."""


class Measured:
    """What was measured, and what went wrong, told as it comes."""

    def __init__(self, minutes: float) -> None:
        self.times: Times = defaultdict(lambda: defaultdict(list))
        self.sent: dict[str, tuple[int, int]] = {}
        self.failed: dict[str, str] = {}
        self.begun = time.monotonic()
        self.until = self.begun + 60 * minutes

    @property
    def over(self) -> bool:
        return time.monotonic() > self.until

    @contextlib.contextmanager
    def attempt(self, page: str) -> Iterator[None]:
        """Costs a page its turn where it does not stand or its control is not there."""
        try:
            yield
        except Error as error:
            self.failed[page] = error.message.splitlines()[0]
        last = ", ".join(f"{kind} {seconds[-1]:.2f}" for kind, seconds in self.times[page].items() if seconds)
        print(
            f"{time.monotonic() - self.begun:6.0f} s  {page}: {self.failed.get(page) or last}",
            file=sys.stderr,
            flush=True,
        )


def stands(page: Page) -> dict[str, float]:
    """What `watch.js` has seen once the page stands."""
    page.wait_for_function("(quiet) => window.stands(quiet)", arg=QUIET_MS, timeout=PATIENCE_MS)
    return dict(page.evaluate("() => window.seen"))


def opened(page: Page, address: str) -> float:
    """Seconds until the page at `address` stands."""
    page.goto(address)
    return stands(page)["changed"] / 1000


def pressed(page: Page, control: Control, n: int) -> tuple[float, int, int]:
    """Choose another option of `control`, the n-th time: seconds to the last change, messages and bytes sent for it."""
    place = page.locator(f".st-key-{control.key}").first
    if control.kind == "choices":
        another(place.locator("[role=radio][aria-checked=false]"), n).click()
    else:
        place.get_by_role("combobox").click()
        another(page.locator("[role=option][aria-selected=false]"), n).click()
    seen = stands(page)
    return (seen["changed"] - seen["pressed"]) / 1000, int(seen["messages"]), int(seen["bytes"])


def another(options: Locator, n: int) -> Locator:
    """One of `options`, the n-th time another one."""
    options.first.wait_for(timeout=PATIENCE_MS)
    return options.nth(n % options.count())


def visit(browser: Browser, address: str, control: Control, name: str, measured: Measured, changes: int) -> None:
    """Look at a page with an empty cache, once more, and change it."""
    times = measured.times[name]
    with measured.attempt(name), _context(browser) as context:
        first = context.new_page()
        times["cold"].append(opened(first, address))
        first.close()
        page = context.new_page()
        times["warm"].append(opened(page, address))
        for _ in range(changes):
            seconds, messages, size = pressed(page, control, len(times["change"]))
            times["change"].append(seconds)
            measured.sent[name] = messages, size


def switch(browser: Browser, address: str, names: list[str], measured: Measured) -> None:
    """Go through the pages by the bar, from a page that is none of the first."""
    with _context(browser) as context:
        page = context.new_page()
        opened(page, f"{address}{PAGES['methods'].path}?lang=en")
        for name in names:
            if measured.over:
                return
            with measured.attempt(name):
                about = PAGES[name]
                if about.group:
                    page.get_by_test_id("stTopNavSection").filter(has_text=about.group).click()
                kind = "stTopNavDropdownLink" if about.group else "stTopNavLink"
                page.get_by_test_id(kind).filter(has_text=about.title).click()
                seen = stands(page)
                measured.times[name]["switch"].append((seen["changed"] - seen["pressed"]) / 1000)


@contextlib.contextmanager
def _context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser with an empty cache that watches its pages."""
    with browser.new_context(viewport={"width": 1440, "height": 900}) as context:
        context.add_init_script(path=WATCH)
        context.set_default_timeout(PATIENCE_MS)
        yield context


def rounds(browser: Browser, names: list[str], repeats: int, changes: int, measured: Measured) -> None:
    """Every page once a round, the plain ones first, until time is over."""
    with plain(cached=False) as raw, plain(cached=True) as kept, dashboard() as ours:
        subjects = {REFERENCES[0]: (raw.address, PLAIN), REFERENCES[1]: (kept.address, PLAIN)}
        subjects |= {name: (ours.address, PAGES[name]) for name in names}
        for _ in range(repeats):
            for name, (address, page) in subjects.items():
                if measured.over:
                    return
                visit(browser, f"{address}{page.path}?lang=en", page.control, name, measured, changes)
            switch(browser, ours.address, names, measured)


def report(measured: Measured) -> None:
    """A line per page: medians, in seconds, with what the plain page takes less; then how many reach the goals."""
    plainly = {kind: _median(measured.times[REFERENCES[0]][kind]) for kind in KINDS}
    print(f"{'':<20}" + "".join(f"{kind:>16}" for kind in KINDS) + f"{'n':>8}{'a change sends':>20}")
    for name, times in measured.times.items():
        cells = "".join(f"{_cell(times[kind], plainly[kind], name in REFERENCES):>16}" for kind in KINDS)
        messages, size = measured.sent.get(name, (0, 0))
        print(f"{name:<20}{cells}{len(times['cold']):>8}{messages:>12} / {size / 1000:.0f} kB")
    for name, why in measured.failed.items():
        print(f"{name}: {why}")
    for kind, (goal, beyond) in GOALS.items():
        most = goal + plainly[kind] if beyond else goal
        ours = {n: _median(times[kind]) for n, times in measured.times.items() if n not in REFERENCES and times[kind]}
        slow = [f"{name} {seconds:.2f}" for name, seconds in ours.items() if seconds > most]
        said = f"{kind} within {most:.2f} s: {len(ours) - len(slow)} of {len(ours)} pages"
        print(said + (f"; not {', '.join(slow)}" if slow else ""))


def _median(seconds: list[float]) -> float:
    return statistics.median(seconds) if seconds else math.nan


def _cell(seconds: list[float], plainly: float, reference: bool) -> str:
    if not seconds:
        return "-"
    middle = _median(seconds)
    return f"{middle:.2f}" if reference or math.isnan(plainly) else f"{middle:.2f} ({middle - plainly:+.2f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=2, help="rounds over all pages (%(default)s)")
    parser.add_argument("--changes", type=int, default=3, help="changes of each page in a round (%(default)s)")
    parser.add_argument("--pages", default=",".join(PAGES), help="which pages, by the name in their address")
    parser.add_argument("--minutes", type=float, default=5.5, help="no visit begins after these (%(default)s)")
    asked = parser.parse_args()
    names = asked.pages.split(",")
    if unknown := sorted(set(names) - set(PAGES)):
        parser.error(f"no page {', '.join(unknown)}; there are {', '.join(PAGES)}")
    browser_path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    measured = Measured(asked.minutes)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=browser_path, headless=True, args=list(FLAGS))
        rounds(browser, names, asked.repeats, asked.changes, measured)
        browser.close()
    report(measured)


if __name__ == "__main__":
    main()
