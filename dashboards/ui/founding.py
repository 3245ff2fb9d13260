"""The founding document on a page: which statements are asked for, how far they were checked, what bears on them."""

import html
from collections import Counter
from collections.abc import Sequence
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from aigc_report.catalog import Catalog, Factor
from aigc_report.document import Document, schema
from aigc_report.document.schema import AnyStatement
from aigc_report.i18n import Texts
from dashboards.ui import checks, factor_tiles, statements
from dashboards.ui.filters import ALL

FACTORS_SECTION = "1.2"


def section_name(t: Texts, doc: Document, number: str) -> str:
    """A section with its number, its title and how many statements it holds."""
    if number == ALL:
        return t("all sections")
    covered = next(c for c in doc.coverage() if c.section == number)
    return f"{number} {covered.title[t.lang]} ({covered.statements + covered.repeated})"


def reader_name(t: Texts, doc: Document, audience: str) -> str:
    """A group of readers in words."""
    if audience == ALL:
        return t("all readers")
    return next(r.name[t.lang] for r in doc.of(schema.ReaderGroup) if r.audience == audience)


def select(doc: Document, section: str, audience: str, text: str) -> list[AnyStatement]:
    """The statements of a section that concern a group of readers and hold the words asked for; empty asks for all."""
    found = doc.search(text) if text else doc.statements
    if section:
        wanted = {s.id for s in doc.section(section)}
        found = tuple(s for s in found if s.id in wanted)
    return [s for s in found if not audience or audience in s.readers]


def overview(t: Texts, doc: Document) -> None:
    """How much was checked with what result, and the sections as a table to choose from."""
    verdicts, defects = doc.verdicts(), doc.of(schema.Defect)
    cards = [
        *((t(words), f"{sign} {verdicts[v]}") for v, (sign, _, words) in checks.VERDICTS.items()),
        (t("Defects of the listing, each run"), str(len(defects))),
        (t("Not checked"), str(len(doc) - verdicts.total() - len(defects))),
    ]
    st.html(
        '<div class="tally">'
        + "".join(f"<div><b>{html.escape(n)}</b><span>{html.escape(words)}</span></div>" for words, n in cards)
        + "</div>"
    )
    st.caption(
        t(
            "Of {n} statements. A verdict is that of a reader who looked it up or ran it on the day given; "
            '"nothing found" does not mean "false".',
            n=len(doc),
        )
    )
    st.header(t("Section by section"))
    rows = [
        {
            t(
                "Section"
            ): f"[{c.section} {c.title[t.lang]}](document?{urlencode({'lang': t.lang, 'section': c.section})})",
            t("Statements"): str(c.statements),
            t("Repeated from elsewhere"): str(c.repeated),
            t("Checked"): str(c.checked),
        }
        for c in doc.coverage()
    ]
    st.table(pd.DataFrame(rows).set_index(t("Section")))


def chosen(t: Texts, doc: Document, cat: Catalog, found: Sequence[AnyStatement], section: str) -> None:
    """The statements, and beside them the figures of the factors they bear on."""
    extra = cat.factors if section == FACTORS_SECTION else ()
    named: Counter[str] = Counter(factor for s in found for factor in s.factors)
    bearing = [f for f in cat.factors if named[f.id] and not extra]
    left, right = st.columns([5, 3], gap="large") if bearing else (st.container(), st.container())
    with left:
        if len(found) + len(extra) > 1:
            st.caption(_summary(t, found, len(extra)))
        if extra:
            st.html("".join(_factor(t, factor) for factor in extra))
        statements.show(t, found)
    if bearing:
        with right:
            st.subheader(t("Figures on the factors named here"))
            for factor in bearing:
                factor_tiles.tile(t, cat, factor, height="content")
    if extra:
        st.subheader(t("Figures on the factors named here"))
        factor_tiles.show(t, cat)


def one(t: Texts, doc: Document, cat: Catalog, statement: AnyStatement) -> None:
    """One statement and those it bears on, with the way back to its section."""
    back = urlencode({"lang": t.lang, "section": statement.section})
    covered = next(c for c in doc.coverage() if c.section == statement.section)
    whole = t("all of section {number}: {title}", number=statement.section, title=covered.title[t.lang])
    st.markdown(f"[{whole}](document?{back})")
    chosen(t, doc, cat, [statement], statement.section if statement.section != FACTORS_SECTION else "")
    if statement.related:
        st.header(t("What it bears on"))
        statements.show(t, [doc[id] for id in statement.related])


def _summary(t: Texts, found: Sequence[AnyStatement], extra: int) -> str:
    """How many statements stand below, and how many of them were checked."""
    checked = sum(bool(s.check) or isinstance(s, schema.Defect) for s in found)
    said = t("{n} statements, {checked} of them checked.", n=len(found) + extra, checked=checked)
    effects: Counter[str] = Counter(s.effect for s in found if isinstance(s, schema.Defect))
    if effects:
        counted = {words: effects[code] for code, words in statements.EFFECTS.items() if effects[code]}
        parts = [t("{effect}: {n}", effect=t(words), n=n) for words, n in counted.items()]
        said += " " + t("{n} defects of the listing ({effects}).", n=effects.total(), effects=t.join(parts))
    return said


def _factor(t: Texts, factor: Factor) -> str:
    """A factor as the document states it; the question is ours."""
    place = html.escape(t("section {numbers}", numbers=factor.section))
    return (
        f'<article class="statement"><h4>{html.escape(factor.name[t.lang])}</h4>'
        f'<p class="place"><code>factor.{factor.id}</code> · {place}</p>'
        f"<p>{html.escape(factor.statement[t.lang])}</p></article>"
    )
