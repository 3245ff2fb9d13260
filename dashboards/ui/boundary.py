"""A failure costs the part it happens in, never the page: the reader gets a sentence, the log gets the rest."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from aigc_report.i18n import Texts

logger = logging.getLogger(__name__)


@contextmanager
def boundary(t: Texts, part: str) -> Iterator[None]:
    """Show one sentence where `part` of a page fails, and log it. Streamlit's reruns and stops pass through."""
    try:
        yield
    except Exception:
        logger.exception("part of a page failed: %s", part)
        st.warning(
            t(
                "This part could not be shown; the details are in the log of the server. "
                "The rest of the page is not affected."
            )
        )
