"""What the founding document claims beside what was found: verdict in words, finding, sources."""

import html

import streamlit as st

from aigc_report.charts import palette
from aigc_report.document.schema import Check, Source, Statement
from aigc_report.i18n import N_, Texts
from dashboards.ui import claims_badge
from dashboards.ui.claims_badge import Tested

VERDICTS: dict[str, tuple[str, str, str]] = {
    "confirmed": ("✓", "good", N_("Confirmed")),
    "partly_confirmed": ("◐", "business", N_("Partly confirmed")),
    "contradicted": ("✗", "bad", N_("Contradicted")),
    "not_found": ("?", "context", N_("Nothing found")),
}
"""Verdict to its sign, its colour and its words; the sign says it without the colour."""


def verdict(t: Texts, check: Check) -> str:
    """The verdict of `check` as HTML."""
    sign, role, text = VERDICTS[check.verdict]
    return f'<span class="verdict"><i style="color:{palette.colour(role)}">{sign}</i> {html.escape(t(text))}</span>'


def beside(t: Texts, statement: Statement, known: Tested | None = None) -> None:
    """The claim on the left, what was found on the right; a statement neither checked nor tested says so."""
    claimed = _part("claim", t("The document claims"), statement.name[t.lang], statement.text[t.lang])
    found = _found(t, statement.check, claims_badge.about(t, statement.id, known))
    st.html(f'<div class="beside">{claimed}{found}</div>')


def _part(kind: str, head: str, title: str, text: str, rest: str = "") -> str:
    return (
        f'<div class="{kind}"><small>{html.escape(head)}</small>'
        f"<b>{html.escape(title)}</b><p>{html.escape(text)}</p>{rest}</div>"
    )


def _found(t: Texts, check: Check | None, tested: str) -> str:
    """What was found, and the claims that test it (`tested`, as HTML)."""
    head = t("What was found")
    if check is None:
        return _part("found", head, "", "" if tested else t("Not checked."), tested)
    looked = t("looked up on {date}", date=t.period(check.checked))
    cited = t("Source: {sources}", sources="; ".join(map(_cite, check.sources))) if check.sources else ""
    return (
        f'<div class="found"><small>{html.escape(head)} · {html.escape(looked)}</small>{verdict(t, check)}'
        f'<p>{html.escape(check.note[t.lang])}</p><p class="cited">{cited}</p>{tested}</div>'
    )


def _cite(source: Source) -> str:
    """Publisher and date as a link; the title is its hover text, in the language it was published in."""
    name = source.publisher + (f" ({source.date[:4]})" if source.date else "")
    return (
        f'<a href="{html.escape(source.url)}" target="_blank" rel="noopener" title="{html.escape(source.title)}">'
        f"{html.escape(name)}</a>"
    )
