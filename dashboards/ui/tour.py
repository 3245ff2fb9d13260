"""The guided tour of the Overview: a reader's questions, each with how its answer stands and the way to it.

The answers are gathered when a reader says who they are, so that the page itself waits for none of them.
"""

import html

import streamlit as st

from aigc_report import document, tour
from aigc_report.briefing.model import Reference
from aigc_report.document.schema import AnyStatement, Reader
from aigc_report.i18n import Texts
from aigc_report.tour import Place, Stop
from dashboards.ui import claims, claims_badge, state
from dashboards.ui.boundary import boundary
from dashboards.ui.claims_badge import Tested
from dashboards.ui.filters import ALL

KEY = "tour"
"""Of the reader in the address; the filters of other pages are called reader, and keep theirs."""


def invite(t: Texts) -> None:
    """A line that leads each reader to the tour with their own questions."""
    links = t.join([_way(t, reader, name) for reader, name in tour.NAMES.items()])
    st.html(_line(t("Start from your questions: {readers}", readers=links)))


def _way(t: Texts, reader: Reader, name: str) -> str:
    return f'<a href="?lang={t.lang}&amp;{KEY}={reader}#tour" target="_self">{html.escape(t(name))}</a>'


def _line(words: str) -> str:
    """A line of links, `words` in HTML."""
    return f'<p class="tour-way">{words}</p>'


def show(t: Texts) -> None:
    """The tour; a fragment, so that another reader draws nothing else again."""
    st.html('<span class="anchor" id="tour"></span>')
    st.header(t("A guided tour"))
    st.fragment(_tour)(t)


def _tour(t: Texts) -> None:
    readers = {str(reader): reader for reader in tour.NAMES}
    chosen = state.choice(
        st.segmented_control,
        t("You read as"),
        [ALL, *readers],
        key=KEY,
        required=True,
        format_func=lambda code: claims.reader_name(t, code),
    )
    with boundary(t, f"tour {chosen}"):
        if chosen == ALL:
            st.html(f'<ol class="tour">{"".join(_offer(t, reader) for reader in tour.NAMES)}</ol>')
        else:
            _answers(t, readers[chosen])


def _answers(t: Texts, reader: Reader) -> None:
    with st.spinner(t("Gathering the answers…")):  # once, as long as data, evidence and runs stay as they are
        stops = tour.stops(reader, t.lang)
    st.html(f'<ol class="tour">{"".join(_stop(t, stop) for stop in stops)}</ol>')
    if questions := tour.asked(reader):
        st.markdown("#### " + t("What the founding document answers, put to the test"))
        known = claims_badge.looked_up()
        st.html("".join(_question(t, question, known) for question in questions))


def _offer(t: Texts, reader: Reader) -> str:
    """What the document promises a group of readers, and what they ask."""
    asked = ("" if t.lang == "zh" else " ").join(question.title[t.lang] for question in tour.questions(reader))
    return (
        f"<li><h4>{html.escape(t(tour.NAMES[reader]))}</h4><p>{html.escape(tour.group(reader).text[t.lang])}</p>"
        f'<p class="tour-way">{html.escape(asked)}</p></li>'
    )


def _stop(t: Texts, stop: Stop) -> str:
    """A question, its state with what that rests on, and where to look further."""
    parts = [f"<h4>{html.escape(stop.question)}</h4>"]
    if stop.headline:
        parts.append(f'<p class="tour-state">{html.escape(stop.headline)}</p>')
    basis = html.escape(stop.basis)
    if stop.references:
        cited = "; ".join(_cited(reference) for reference in stop.references)
        source = t("Source: {sources}", sources=cited)
        basis += f" <small>{source}</small>"
    if basis:
        parts.append(f"<p>{basis}</p>")
    links = t.join([_link(t, place) for place in stop.places])
    parts.append(_line(t("Look further: {pages}", pages=links)))
    return f"<li>{''.join(parts)}</li>"


def _question(t: Texts, question: AnyStatement, known: Tested) -> str:
    """A question of the document, its answer, and the verdicts on what it rests on."""
    tested = "".join(_tested(t, id, known) for id in (question.id, *question.related))
    if not tested:
        untested = html.escape(t("No claim of the ledger tests this answer."))
        tested = f'<p class="tested">{untested}</p>'
    return (
        f'<article class="beside"><div><strong>{html.escape(question.name[t.lang])}</strong>'
        f"<p>{html.escape(question.text[t.lang])}</p></div><div>{tested}</div></article>"
    )


def _tested(t: Texts, statement: str, known: Tested) -> str:
    """A statement of the document with the verdicts on it; empty where no claim tests it."""
    verdicts = claims_badge.about(t, statement, known)
    return f"<small>{html.escape(document.load()[statement].name[t.lang])}</small>{verdicts}" if verdicts else ""


def _cited(reference: Reference) -> str:
    said = html.escape(reference.text)
    if not reference.url.startswith(("https://", "http://")):
        return said
    return f'<a href="{html.escape(reference.url)}" target="_blank" rel="noopener">{said}</a>'


def _link(t: Texts, place: Place) -> str:
    factor = dict(place.query).get("factor")
    name = claims.factor_name(t, factor) if factor else t(tour.TITLES[place.page])
    return f'<a href="{html.escape(place.address(t.lang))}">{html.escape(name)}</a>'
