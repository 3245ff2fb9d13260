"""A verdict as a badge: sign, colour and words; and which claims test a statement of the founding document."""

import html
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import urlencode

from aigc_report.charts import palette
from aigc_report.claims import standing, words
from aigc_report.claims.standing import Standing
from aigc_report.claims.verdict import Code
from aigc_report.i18n import Texts

ROLES: dict[Code, str] = {
    "supported": "good",
    "partly_supported": "business",
    "contradicted": "bad",
    "inconclusive": "point",
    "untested": "context",
    "not_testable": "context",
}
"""Verdict to the colour of its sign; the sign says it without the colour."""


Tested = Mapping[str, tuple[Standing, ...]]
"""Statement of the founding document to the claims that test it."""


def badge(t: Texts, code: Code) -> str:
    """The verdict as HTML; its meaning is the hover text."""
    sign = f'<i style="color:{palette.colour(ROLES[code])}" aria-hidden="true">{words.SIGNS[code]}</i>'
    meaning = html.escape(t(words.MEANINGS[code]))
    return f'<span class="verdict" title="{meaning}">{sign} {html.escape(t(words.VERDICTS[code]))}</span>'


def link(t: Texts, id: str) -> str:
    """The address of one claim, relative to any page."""
    return "claims?" + urlencode({"lang": t.lang, "id": id})


def looked_up() -> Tested:
    """Statement to the claims that test it, as they stand now: a look at every file of evidence, so once for a list."""
    return _by_statement(standing.stand())


def about(t: Texts, statement: str, known: Tested | None = None) -> str:
    """The claims that test a statement, each as a linked badge; empty where none does. `known`: see `looked_up`."""
    tested = (looked_up() if known is None else known).get(statement)
    if not tested:
        return ""
    items = " ".join(_linked(t, s) for s in tested)
    head = html.escape(t("Put to the test:"))
    return f'<p class="tested">{head} {items}</p>'


def named(found: Standing) -> tuple[str, ...]:
    """The statements that a claim tests."""
    return (*found.claim.about, *(fact.about for fact in found.claim.test.facts or ()))


@lru_cache(maxsize=4)
def _by_statement(standings: tuple[Standing, ...]) -> Tested:
    """Statement to the claims that test it."""
    found: dict[str, tuple[Standing, ...]] = {}
    for one in standings:
        for statement in dict.fromkeys(named(one)):
            found[statement] = (*found.get(statement, ()), one)
    return found


def _linked(t: Texts, found: Standing) -> str:
    address, said = html.escape(link(t, found.claim.id)), html.escape(found.claim.statement[t.lang])
    return f'<a href="{address}" title="{said}">{badge(t, found.verdict.code)}</a>'
