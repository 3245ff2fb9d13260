"""Document: what the founding document says, statement by statement, and what was found where it was checked."""

import streamlit as st

from aigc_report import catalog, document
from aigc_report.document import schema
from dashboards.ui import filters, founding, language, state
from dashboards.ui.filters import Filter, Search

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

words, chosen = filters.show(
    Search(t("Search statements"), t("for example: labels, 开源, Coursera")),
    Filter("section", t("Section"), schema.SECTIONS, lambda number: founding.section_name(t, doc, number)),
    Filter(
        "reader",
        t("Reader"),
        [group.audience for group in doc.of(schema.ReaderGroup)],
        lambda audience: founding.reader_name(t, doc, audience),
    ),
    on_change=leave,
)
section, reader = chosen["section"], chosen["reader"]

asked = st.query_params.get("id", "")
if asked in {statement.id for statement in doc}:
    founding.one(t, doc, cat, doc[asked])
elif not (words or section or reader):
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
