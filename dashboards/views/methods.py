"""Methods: the notes on how everything here is counted, built and measured, as they stand in the repository."""

from urllib.parse import urlencode

import streamlit as st

from aigc_report import notes
from dashboards.ui import language, state
from dashboards.ui.boundary import boundary

t = language.current()
group_of = {name: group for group, names in notes.GROUPS.items() for name in names}


def linked(name: str, anchor: str) -> str:
    """The address of a note on this page."""
    query = urlencode({"note": name, "lang": t.lang})
    return f"/methods?{query}" + (f"#{anchor}" if anchor else "")


st.title(t("Methods"))
st.markdown(t("How everything here is counted, built and measured, and what was tried and left out."))
if t.lang != "en":
    st.info(t("The notes are in English."), icon=":material/translate:")
note = state.choice(
    st.selectbox,
    t("Note to read"),
    notes.names(),
    key="note",
    default="index",
    format_func=lambda name: f"{t(group_of[name])} · {t(notes.TITLES[name])}",
)
with boundary(t, f"note {note}"):
    st.html(f'<article class="note" lang="en">{notes.html(note, linked)}</article>')
