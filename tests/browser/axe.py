"""axe-core on a page of the dashboard: what it finds serious, as lines that name rule, place and reason."""

import json
from functools import cache
from importlib import resources

from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
GRAVE = ("serious", "critical")
STREAMLITS_OWN: dict[str, str] = {}
"""Rule to the places (CSS) that Streamlit draws and no setting of ours reaches, each with the reason beside it."""


_REACHED = """() => [...document.querySelectorAll('[data-testid=stTable], [data-testid=stTable] > *')].every(
    box => box.scrollWidth <= box.clientWidth || getComputedStyle(box).overflowX !== 'auto' || box.tabIndex >= 0
) && [...document.querySelectorAll('[data-testid=stSidebarNavItems] li')].every(item => item.role === 'none')"""


@cache
def _source() -> str:
    return (resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def faults(page: Page) -> list[str]:
    """Serious and critical violations of WCAG 2.2 A and AA on `page` as it stands, a line per place."""
    page.wait_for_function(_REACHED)  # our script mends Streamlit a moment after it has drawn
    page.evaluate(_source())
    options = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
    found = page.evaluate(f"() => axe.run(document, {json.dumps(options)})")
    return [
        f"{rule['id']}: {' '.join(map(str, node['target']))} ({node['failureSummary'].splitlines()[-1].strip()})"
        for rule in found["violations"]
        if rule["impact"] in GRAVE
        for node in rule["nodes"]
        if not any(own in str(node["target"]) for own in STREAMLITS_OWN.get(rule["id"], "").split("|") if own)
    ]
