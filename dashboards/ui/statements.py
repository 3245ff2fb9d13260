"""Statements of the founding document on a page: the words, the id to copy, what was found, and what bears on it."""

import html
from collections.abc import Iterable
from urllib.parse import urlencode

import streamlit as st

from aigc_report.document import schema
from aigc_report.document.schema import AnyStatement, Check, Statement
from aigc_report.i18n import N_, Texts
from dashboards.ui import checks, claims_badge
from dashboards.ui.claims_badge import Tested

BASES: dict[str, str] = {
    "source": N_("a source that was read"),
    "package metadata": N_("what the package says of itself"),
    "experiment": N_("a case of our own that was run"),
    "derivation": N_("a short derivation"),
    "general knowledge, not re-read": N_("general knowledge, not looked up again"),
}
"""What a check rests on, in words."""
EFFECTS: dict[str, str] = {
    "stops": N_("stops the programme"),
    "wrong": N_("does something else"),
    "brittle": N_("brittle"),
}
"""What a defect of the listing does, in words."""

SIDE_BY_SIDE = 100
"""Letters of LaTeX up to which two formulas have room beside each other."""


def show(t: Texts, statements: Iterable[AnyStatement]) -> None:
    """The statements one below the other; formulas are typeset between the words about them."""
    waiting: list[str] = []
    known = claims_badge.looked_up()
    for statement in statements:
        if isinstance(statement, schema.Formula | schema.Discrepancy):
            _flush(waiting)
            _typeset(t, statement, known)
        else:
            waiting.append(article(t, statement, known))
    _flush(waiting)


def article(t: Texts, statement: AnyStatement, known: Tested | None = None) -> str:
    """One statement as HTML: name, id, words, what its kind adds, and its check."""
    run = isinstance(statement, schema.Defect)  # what was observed stands among what its kind adds
    tested = claims_badge.about(t, statement.id, known)
    check = "" if statement.check is None and (run or tested) else found(t, statement.check)
    return (
        f'<article class="statement">{_head(t, statement)}{_extra(t, statement)}{check}'
        f"{tested}{_related(t, statement)}</article>"
    )


def link(t: Texts, id: str) -> str:
    """The address of one statement, relative to any page."""
    return "document?" + urlencode({"lang": t.lang, "id": id})


def found(t: Texts, check: Check | None) -> str:
    """A check as HTML: verdict in words, what it rests on, when, the note, the sources; says so where there is none."""
    if check is None:
        unchecked = html.escape(t("Not checked."))
        return f'<p class="unchecked">{unchecked}</p>'
    about = t("{basis}, {date}", basis=t(BASES[check.basis]), date=t.period(check.checked))
    sources = "".join(f"<li>{_source(t, source)}</li>" for source in check.sources)
    return (
        f'<div class="check">{checks.verdict(t, check)} '
        f'<span class="basis">{html.escape(about)}</span><p>{html.escape(check.note[t.lang])}</p>'
        + (f"<ul>{sources}</ul>" if sources else "")
        + "</div>"
    )


def _flush(waiting: list[str]) -> None:
    if waiting:
        st.html("".join(waiting))
        waiting.clear()


def _typeset(t: Texts, statement: schema.Formula | schema.Discrepancy, known: Tested) -> None:
    with st.container(key=f"formula-{statement.id.replace('.', '-')}", gap="xsmall"):
        st.html(f'<div class="statement">{_head(t, statement)}</div>')
        if isinstance(statement, schema.Discrepancy):
            wide = max(len(statement.as_written), len(statement.latex)) > SIDE_BY_SIDE
            left, right = (st.container(), st.container()) if wide else st.columns(2)
            with left:
                st.caption(t("as the document has it"))
                st.latex(statement.as_written)
            with right:
                st.caption(t("as it has to read"))
                st.latex(statement.latex)
        else:
            st.latex(statement.latex)
        tested = claims_badge.about(t, statement.id, known)
        st.html(f'<div class="statement-rest">{found(t, statement.check)}{tested}{_related(t, statement)}</div>')


def _head(t: Texts, statement: Statement) -> str:
    place = t("section {numbers}", numbers=t.join([statement.section, *statement.also]))
    return (
        f"<h4>{html.escape(statement.name[t.lang])}</h4>"
        f'<p class="place">{anchor(t, statement.id)} · {html.escape(place)}</p>'
        f"<p>{html.escape(statement.text[t.lang])}</p>"
    )


def anchor(t: Texts, id: str) -> str:
    """The id of a statement as a link to it."""
    return f'<a href="{html.escape(link(t, id))}"><code>{html.escape(id)}</code></a>'


def _extra(t: Texts, statement: AnyStatement) -> str:
    """What a kind carries beyond the words all share, as a list of pairs."""
    pairs: list[tuple[str, str]] = []
    if isinstance(statement, schema.Defect):
        pairs = [
            (t("Effect"), html.escape(t(EFFECTS[statement.effect]))),
            (t("Where"), html.escape(statement.where[t.lang])),
            (t("Observed"), f"<code>{html.escape(statement.observed)}</code>"),
            (t("Remedy"), html.escape(statement.fix[t.lang])),
        ]
    elif isinstance(statement, schema.Algorithm):
        pairs = [
            (t("How it works"), html.escape(statement.how[t.lang])),
            (t("Used for"), html.escape(statement.used_for[t.lang])),
        ]
    elif isinstance(statement, schema.Step):
        pairs = [(t("Command here"), f"<code>{html.escape(statement.command)}</code>")]
    elif isinstance(statement, schema.Tool):
        state = t("maintained") if statement.maintained else t("no longer maintained")
        pairs = [
            (t("Address"), _outward(statement.url)),
            (t("Licence"), html.escape(statement.licence)),
            (t("State"), html.escape(f"{state}, {statement.latest}" if statement.latest else state)),
        ]
        if statement.successor:
            pairs.append((t("Successor"), html.escape(statement.successor)))
    elif isinstance(statement, schema.Resource):
        pairs = [(t("Address"), _outward(statement.url))]
    elif isinstance(statement, schema.Paper):
        exists = t("exists under this title") if statement.exists else t("no paper has this title")
        pairs = [(t("Listed as"), html.escape(f"{statement.listed_as} ({exists})"))]
        pairs += [(t("What is meant"), _reference(work)) for work in statement.references]
    rows = "".join(f"<dt>{html.escape(term)}</dt><dd>{said}</dd>" for term, said in pairs)
    return f"<dl>{rows}</dl>" if rows else ""


def _related(t: Texts, statement: Statement) -> str:
    if not statement.related:
        return ""
    see, linked = html.escape(t("See also")), " ".join(anchor(t, id) for id in statement.related)
    return f'<p class="place">{see} {linked}</p>'


def _reference(work: schema.Reference) -> str:
    authors = ", ".join(work.authors[:3]) + (" et al." if len(work.authors) > 3 else "")
    return f"{html.escape(authors)} ({work.year}): {_outward(work.url, work.title)}. {html.escape(work.venue)}"


def _source(t: Texts, source: schema.Source) -> str:
    when = f" ({html.escape(t.period(source.date))})" if source.date else ""
    return f"{html.escape(source.publisher)}: {_outward(source.url, source.title)}{when}"


def _outward(url: str, words: str = "") -> str:
    """A link that leaves the report."""
    return f'<a href="{html.escape(url)}" target="_blank" rel="noopener">{html.escape(words or url)}</a>'
