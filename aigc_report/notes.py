"""The notes of ``docs/`` as a page shows them: which there are, in what order, and each as HTML.

The notes are in English and written for GitHub too, so links between them are turned into links of the page, and links
to other files of the repository into plain words. HTML in a note is shown as text, never as HTML.
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from aigc_report.errors import UserError
from aigc_report.i18n import N_

GROUPS: dict[str, tuple[str, ...]] = {
    N_("Figures and indices"): ("data", "factors", "index", "index-eu27", "index-world", "diffusion", "affordability"),
    N_("Training and measuring"): (
        "gan",
        "gan-tuning",
        "suites",
        "ladder",
        "datasets",
        "extractors",
        "metrics",
        "experiments",
    ),
    N_("Claims and briefings"): ("document", "claims", "claims-data", "briefings", "briefing-formats"),
    N_("Use and structure"): ("dashboard", "notebook-analysis", "notebook", "contracts", "architecture"),
}
"""Heading to the notes below it."""
TITLES: dict[str, str] = {
    "data": N_("The data"),
    "factors": N_("The five factors"),
    "index": N_("Composite indices"),
    "index-eu27": N_("The index of the EU-27"),
    "index-world": N_("The index of the world"),
    "diffusion": N_("Forecasts of diffusion"),
    "affordability": N_("Affordability of a run"),
    "gan": N_("How runs are trained"),
    "gan-tuning": N_("How settings were chosen"),
    "suites": N_("Suites of runs"),
    "ladder": N_("A decade of methods in a minute"),
    "datasets": N_("Data sets of images"),
    "extractors": N_("Feature extractors"),
    "metrics": N_("Metrics of quality"),
    "experiments": N_("Experiments"),
    "document": N_("The founding document as data"),
    "claims": N_("The claims ledger"),
    "claims-data": N_("Claims on data, facts and norms"),
    "briefings": N_("How briefings are written"),
    "briefing-formats": N_("Formats of a briefing"),
    "dashboard": N_("How the dashboard is built"),
    "notebook-analysis": N_("The analysis in a notebook"),
    "notebook": N_("Training in a notebook"),
    "contracts": N_("What scripts may rely on"),
    "architecture": N_("How the parts fit"),
}
"""Note to its title."""
Linked = Callable[[str, str], str]
"""``linked(note, anchor)``: the address at which the page shows a note."""


def names() -> list[str]:
    """Every note, in the order of the groups."""
    return [name for group in GROUPS.values() for name in group]


def folder() -> Path:
    """Where the notes lie: inside an installed wheel, else in the repository; `UserError` where there are none."""
    here = Path(__file__).parent
    for found in (here / "_docs", here.parent / "docs"):
        if (found / "index.md").is_file():
            return found
    raise UserError(N_("The notes are missing from {folder}; install aigc-report again."), folder=str(here))


def html(name: str, linked: Linked) -> str:
    """The note `name` as HTML, its title a heading of the second level. `UserError` for a note there is not."""
    if name not in TITLES:
        raise UserError(N_('There is no note "{name}"; there are {known}.'), name=name, known=", ".join(names()))
    markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    tokens = markdown.parse(_text(name))
    _number(tokens)
    for token in tokens:
        for child in token.children or []:
            _redirect(child, name, linked)
    shown = str(markdown.renderer.render(tokens, markdown.options, {}))
    # What scrolls sideways must be reached by keyboard. Text of a note cannot hold these tags: it is escaped.
    for tag in ("pre", "table"):
        shown = shown.replace(f"<{tag}>", f'<div class="wide" tabindex="0"><{tag}>').replace(
            f"</{tag}>", f"</{tag}></div>"
        )
    return shown


def slug(heading: str) -> str:
    """The anchor of a heading, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@lru_cache(maxsize=64)
def _text(name: str) -> str:
    return (folder() / f"{name}.md").read_text(encoding="utf-8")


def _number(tokens: Sequence[Token]) -> None:
    """Headings one level down, as the page has a title of its own, each with its anchor."""
    for opening, inside, closing in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if opening.type == "heading_open":
            level = min(6, int(opening.tag[1]) + 1)
            opening.tag = closing.tag = f"h{level}"
            opening.attrSet("id", slug(_plain(inside)))


def _plain(inline: Token) -> str:
    return "".join(child.content for child in inline.children or [] if child.type in ("text", "code_inline"))


def _redirect(token: Token, name: str, linked: Linked) -> None:
    """Links to notes lead to the page; those to other files of the repository lead nowhere and lose their address."""
    if token.type != "link_open":
        return
    target, _, anchor = str(token.attrGet("href") or "").partition("#")
    attributes: dict[str, Any] = {"target": "_self"}
    if target.startswith(("https://", "http://")):
        attributes = {"href": token.attrGet("href"), "target": "_blank", "rel": "noopener"}
    elif not target:
        attributes["href"] = linked(name, anchor)
    elif (other := target.removesuffix(".md")) in TITLES and target.endswith(".md"):
        attributes["href"] = linked(other, anchor)
    else:
        attributes = {}
    token.attrs = attributes
