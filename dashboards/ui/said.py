"""What the founding document says, in our words: a sentence, where it stands, and what became of it when checked."""

import html
from collections.abc import Iterable, Mapping, Sequence

import streamlit as st

from aigc_report.document.schema import Statement
from aigc_report.i18n import Texts
from dashboards.ui import checks, claims_badge
from dashboards.ui.claims_badge import Tested


def groups(t: Texts, grouped: Mapping[str, Sequence[Statement]]) -> None:
    """A fold per heading (a message of the catalogue of texts) with its number of statements."""
    known = claims_badge.looked_up()
    for heading, statements in grouped.items():  # all shut: together they are as long as the figures beside them
        with st.expander(t("{heading} ({n})", heading=t(heading), n=len(statements))):
            sentences(t, statements, known)


def sentences(t: Texts, statements: Iterable[Statement], known: Tested | None = None) -> None:
    """Each statement with its name, its section and, where it was checked, the verdict and why."""
    known = claims_badge.looked_up() if known is None else known
    st.html(f'<ul class="said">{"".join(_item(t, statement, known) for statement in statements)}</ul>')


def _item(t: Texts, statement: Statement, known: Tested) -> str:
    name, text = html.escape(statement.name[t.lang]), html.escape(statement.text[t.lang])
    section = html.escape(t("section {number}", number=statement.section))
    checked = ""
    if statement.check is not None:
        checked = (
            f'<details class="notes"><summary>{checks.verdict(t, statement.check)}</summary>'
            f"<p>{html.escape(statement.check.note[t.lang])}</p></details>"
        )
    tested = claims_badge.about(t, statement.id, known)
    return f'<li><b>{name}</b> <span class="detail">{section}</span><br>{text}{tested}{checked}</li>'
