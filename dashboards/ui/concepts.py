"""The document's map of the field: its concepts and their arrows, the kinds of networks, and the five steps."""

import html

import streamlit as st

from aigc_report.charts import concepts
from aigc_report.document import Document, schema
from aigc_report.i18n import Texts
from dashboards.ui import charts, statements


def show_graph(t: Texts, doc: Document) -> None:
    """The concept graph, and beside it the same in words."""
    names = {c.id: c.name[t.lang] for c in doc.of(schema.Concept)}
    left, right = st.columns([2, 3], gap="large")
    with left:
        charts.show(t, concepts.graph, doc, t)
    with right:
        rows = "".join(_concept(t, concept, names) for concept in doc.of(schema.Concept))
        st.html(f'<dl class="concepts">{rows}</dl>')
        for concept in doc.of(schema.Concept):
            if concept.check:
                st.html(statements.found(t, concept.check))


def show_algorithms(t: Texts, doc: Document) -> None:
    """The four kinds of networks, then what speaks for and against them."""
    algorithms = doc.of(schema.Algorithm)
    for row in (algorithms[:2], algorithms[2:]):
        for column, algorithm in zip(st.columns(2, border=True), row, strict=False):
            with column:
                st.html(statements.article(t, algorithm))
    left, right = st.columns(2, gap="large")
    for column, kind, title in (
        (left, "advantage", t("What speaks for them")),
        (right, "drawback", t("What speaks against them")),
    ):
        with column:
            st.subheader(title)
            statements.show(t, doc.of(schema.Remark, kind))


def show_steps(t: Texts, doc: Document) -> None:
    """The five steps, each with the command of this product that carries it out."""
    steps = sorted(doc.of(schema.Step), key=lambda step: step.number)
    for step in steps:
        number, words = st.columns([1, 14])
        with number:
            st.html(f'<div class="step-number" aria-hidden="true">{step.number}</div>')
        with words:
            st.html(statements.article(t, step))


def show_mathematics(t: Texts, doc: Document) -> None:
    """The formulas of the adversarial network, then where formula, prose and code disagree."""
    statements.show(t, doc.of(schema.Formula))
    found = doc.of(schema.Discrepancy)
    st.header(t("Where formula, prose and code disagree ({n})", n=len(found)))
    statements.show(t, found)


def _concept(t: Texts, concept: schema.Concept, names: dict[str, str]) -> str:
    leads = t.join([names[id] for id in concept.leads_to])
    onward = f' <span class="onward">→ {html.escape(leads)}</span>' if leads else ""
    return (
        f"<dt>{html.escape(concept.name[t.lang])}{onward}</dt><dd>{html.escape(concept.text[t.lang])} "
        f"{statements.anchor(t, concept.id)}</dd>"
    )
