"""Document: what the founding document says, statement by statement, and what was found where it was checked."""

import streamlit as st

from aigc_report import catalog, document
from aigc_report.document import schema
from dashboards.ui import founding, language, state

t = language.current()
cat = catalog.load()
doc = document.load()


def leave() -> None:
    """Another choice takes the place of the one statement that a link named."""
    state.remember("id", "")


st.title(t("The founding document"))
st.markdown(
    t(
        "All that the document {title} by {author} says, in our own words and not in its own, "
        "each statement with an id to cite and with what was found where it was checked.",
        title="《AIGC技术的普及程度分析》",
        author="禅与计算机程序设计艺术",
    )
)

first, second, third = st.columns(3, vertical_alignment="bottom")
with first:
    words = st.text_input(
        t("Search statements"),
        key="q",
        bind="query-params",
        placeholder=t("for example: labels, 开源, Coursera"),
        icon=":material/search:",
        on_change=leave,
    )
with second:
    section = state.choice(
        st.selectbox,
        t("Section"),
        [founding.EVERYTHING, *schema.SECTIONS],
        key="section",
        format_func=lambda number: founding.section_name(t, doc, number),
        on_change=leave,
    )
with third:
    reader = state.choice(
        st.selectbox,
        t("Reader"),
        [founding.EVERYTHING, *(group.audience for group in doc.of(schema.ReaderGroup))],
        key="reader",
        format_func=lambda audience: founding.reader_name(t, doc, audience),
        on_change=leave,
    )

asked = st.query_params.get("id", "")
if asked in {statement.id for statement in doc}:
    founding.one(t, doc, cat, doc[asked])
elif founding.EVERYTHING == section == reader and not words:
    founding.overview(t, doc)
else:
    found = founding.select(doc, section, reader, words)
    if found or section == founding.FACTORS_SECTION:
        founding.chosen(t, doc, cat, found, section)
    else:
        st.info(
            t("No statement matches. Try another word, in English or Chinese, or another section or reader."),
            icon=":material/search_off:",
        )
