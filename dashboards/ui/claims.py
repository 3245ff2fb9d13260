"""The ledger on a page: how many claims with which verdict, the filters in words, and the list."""

import html
from collections import Counter
from collections.abc import Sequence

import streamlit as st

from aigc_report import catalog, document
from aigc_report.claims import ledger, report, words
from aigc_report.claims.standing import Standing
from aigc_report.document import schema
from aigc_report.i18n import Texts
from dashboards.ui import claims_badge, downloads
from dashboards.ui.filters import ALL

NO_FACTOR = "none"


def problems(t: Texts) -> None:
    """Files of the reader's own that could not be taken in."""
    for problem in ledger.load().problems:
        st.warning(t("A file of claims of your own is left out: {problem}", problem=problem), icon=":material/warning:")


def tally(t: Texts, standings: Sequence[Standing]) -> None:
    """How many claims have which verdict."""
    counts = Counter(s.verdict.code for s in standings)
    cards = "".join(
        f"<div><b>{words.SIGNS[code]} {counts[code]}</b><span>{html.escape(t(said))}</span></div>"
        for code, said in words.VERDICTS.items()
        if counts[code]
    )
    st.html(f'<div class="tally">{cards}</div>')


def factor_name(t: Texts, code: str) -> str:
    """A factor, or all of them, in words."""
    if code == ALL:
        return t("all factors")
    return next(factor.name[t.lang] for factor in catalog.load().factors if factor.id == code)


def reader_name(t: Texts, code: str) -> str:
    """A group of readers, or all of them, in words."""
    if code == ALL:
        return t("all readers")
    return next(r.name[t.lang] for r in document.load().of(schema.ReaderGroup) if r.audience == code)


def listing(t: Texts, standings: Sequence[Standing]) -> None:
    """The claims one below the other, each with its badge, its statement and what the verdict rests on."""
    st.html("".join(_item(t, standing) for standing in standings))
    downloads.button(t, report.table(standings), "claims")


def _item(t: Texts, standing: Standing) -> str:
    claim, verdict = standing.claim, standing.verdict
    notices = "".join(f'<p class="mind">{html.escape(t(words.NOTICES[n]))}</p>' for n in verdict.notices)
    refused = f'<p class="mind">{html.escape(standing.refused.text(t))}</p>' if standing.refused else ""
    numbers = "".join(f"<li>{html.escape(line)}</li>" for line in words.findings(t, verdict))
    address = html.escape(claims_badge.link(t, claim.id))
    return (
        f'<article class="ledger"><div>{claims_badge.badge(t, verdict.code)}</div><div>'
        f'<h4><a href="{address}">{html.escape(claim.statement[t.lang])}</a></h4>'
        f"<p>{html.escape(words.sentence(t, verdict))}</p><ul>{numbers}</ul>{notices}{refused}"
        f'<p class="place">{html.escape(place(t, standing))}</p></div></article>'
    )


def place(t: Texts, standing: Standing) -> str:
    """Where a claim belongs: how it is settled, factor, section, and whether the reader added it."""
    claim = standing.claim
    parts = [t(words.KINDS[claim.kind])]
    if claim.factor:
        parts.append(factor_name(t, claim.factor))
    if claim.section:
        parts.append(t("section {number}", number=claim.section))
    if standing.own:
        parts.append(t("your own"))
    return " · ".join([claim.id, *parts])
