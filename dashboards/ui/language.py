"""The reader's language: from the address, else from ``AIGC_REPORT_LANG``, else English; one switch for all pages."""

import html
import os

import streamlit as st

from aigc_report.i18n import LANGUAGES, Texts, texts
from dashboards.ui import state

KEY = "language"
PARAMETER = "lang"


def current() -> Texts:
    """The texts of the language in which this page is shown."""
    return texts(_language())


def switch() -> None:
    """Show the button to the other language, and keep the address in step; the language of the document follows it."""
    lang = _language()
    (other,) = (code for code in LANGUAGES if code != lang)
    st.button(
        LANGUAGES[other],
        key="switch-language",
        on_click=_choose,
        args=(other,),
        type="tertiary",
        icon=":material/translate:",
    )
    state.remember(PARAMETER, lang)


def english(text: str) -> str:
    """`text`, which the data hold in English only, as HTML that says so: screen readers change the voice."""
    return f'<span lang="en">{html.escape(text)}</span>' if text else ""


def _language() -> str:
    for candidate in (st.session_state.get(KEY), st.query_params.get(PARAMETER), os.environ.get("AIGC_REPORT_LANG")):
        if candidate in LANGUAGES:
            st.session_state[KEY] = candidate
            return str(candidate)
    return next(iter(LANGUAGES))


def _choose(lang: str) -> None:
    st.session_state[KEY] = lang
