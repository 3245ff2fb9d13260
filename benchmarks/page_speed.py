"""How fast pages stand and change in headless Chromium, against a plain Streamlit page with three charts, in one run.

python benchmarks/page_speed.py [--repeats N] [--pages overview,countries,…]

A page stands when its script has ended and nothing in it has changed for a moment; the time is that of the last change.
First load: a browser with an empty cache. Again: the same browser. Change: one control, to the last change on the page.
Switch: a click on another page. Figures are medians; the machine should do nothing else.
"""

import argparse
import shutil
import statistics
from collections.abc import Callable

from playwright.sync_api import Browser, Locator, Page, sync_playwright
from serving import dashboard, plain

FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")
QUIET_MS = 400
WATCH = """() => {
    window.lastChange = performance.now();
    new MutationObserver(() => { window.lastChange = performance.now(); })
        .observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
}"""
STANDS = f"""(least) => {{
    const app = document.querySelector('[data-test-script-state]');
    const charts = document.querySelectorAll('.js-plotly-plot .main-svg').length;
    return app && app.dataset.testScriptState === 'notRunning' && charts >= least
        && performance.now() - window.lastChange > {QUIET_MS};
}}"""

CHANGES: dict[str, tuple[str, Callable[[Page, int], Locator]]] = {
    "overview": ("/?lang=en", lambda page, n: page.locator(".st-key-map button").nth(1 + n % 3)),
    "countries": ("/countries?lang=en", lambda page, n: page.locator(".st-key-by button").nth(1 + n % 2)),
}
"""Page to its address and the control that is pressed the n-th time."""


def stands(page: Page, charts: int) -> float:
    """Milliseconds from the start of the page's clock to its last change, once it stands."""
    page.wait_for_function(STANDS, arg=charts, timeout=120_000)
    return float(page.evaluate("() => window.lastChange"))


def load(browser: Browser, address: str, charts: int) -> tuple[float, float]:
    """Milliseconds of a first load, and of the same page again."""
    with browser.new_context(viewport={"width": 1440, "height": 900}) as context:
        times = []
        for _ in range(2):
            page = context.new_page()
            page.add_init_script(f"({WATCH})()")
            page.goto(address)
            times.append(stands(page, charts))
            page.close()
        return times[0], times[1]


def change(page: Page, press: Callable[[], None]) -> float:
    """Milliseconds from a press to the last change it makes."""
    page.evaluate(
        "() => addEventListener('pointerdown', () => { window.pressed = performance.now(); }, "
        "{ capture: true, once: true })"
    )
    press()
    page.wait_for_function("() => window.lastChange > window.pressed", timeout=30_000)
    stands(page, 1)
    return float(page.evaluate("() => window.lastChange - window.pressed"))


def choose(page: Page, n: int) -> None:
    """Choose another option of the plain page's only control."""
    page.get_by_role("combobox").click()
    page.get_by_role("option").nth(1 + n % 4).click()


def measure(
    browser: Browser, address: str, charts: int, press: Callable[[Page, int], None], repeats: int
) -> list[float]:
    """Medians in ms: first load, load again, change."""
    loads = [load(browser, address, charts) for _ in range(max(2, repeats // 3))]
    with browser.new_context(viewport={"width": 1440, "height": 900}) as context:
        page = context.new_page()
        page.add_init_script(f"({WATCH})()")
        page.goto(address)
        stands(page, charts)
        changes = [change(page, lambda n=n: press(page, n)) for n in range(repeats)]
    return [statistics.median(times) for times in (*zip(*loads, strict=True), changes)]


def switch(browser: Browser, address: str, repeats: int) -> float:
    """Median ms from a click in the bar to the last change of the next page."""
    with browser.new_context(viewport={"width": 1440, "height": 900}) as context:
        page = context.new_page()
        page.add_init_script(f"({WATCH})()")
        page.goto(address + "/?lang=en")
        stands(page, 3)
        groups = page.get_by_test_id("stTopNavSection")
        times = []
        for n in range(repeats):
            groups.nth(n % groups.count()).click()
            links = page.get_by_test_id("stTopNavDropdownLink")
            links.first.wait_for()
            times.append(change(page, links.nth(n // groups.count() % links.count()).click))
        return statistics.median(times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=9)
    parser.add_argument("--pages", default=",".join(CHANGES))
    asked = parser.parse_args()
    browser_path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=browser_path, headless=True, args=list(FLAGS))
        rows: dict[str, list[float]] = {}
        for name, cached in (("plain page", False), ("plain page, cached", True)):
            with plain(cached) as served:
                rows[name] = measure(browser, served.address, 3, choose, asked.repeats)
        with dashboard() as served:
            for name in asked.pages.split(","):
                path, control = CHANGES[name]
                press = lambda page, n, control=control: control(page, n).click()  # noqa: E731
                rows[name] = measure(browser, served.address + path, 3, press, asked.repeats)
            switched = switch(browser, served.address, asked.repeats)
        browser.close()
    reference = rows["plain page"]
    print(f"{'':<20}  {'first load':>16}  {'again':>16}  {'change':>16}")
    for name, times in rows.items():
        cells = [f"{ms / 1000:6.2f} s ({ms / other:4.2f}x)" for ms, other in zip(times, reference, strict=True)]
        print(f"{name:<20}  " + "  ".join(f"{cell:>16}" for cell in cells))
    print(f"{'switch of page':<20}  {switched / 1000:6.2f} s")


if __name__ == "__main__":
    main()
