"""Who reads this page, and what they may do with runs."""

import streamlit as st

from aigc_report import steering
from aigc_report.errors import UserError
from aigc_report.i18n import Texts
from dashboards.serving import viewers


def here() -> bool:
    """Does the reader sit at the machine that serves the page? False where it cannot be told."""
    return st.context.headers.get(viewers.HEADER) == viewers.HERE


def may_steer() -> bool:
    """May this reader start, cancel, rename and delete runs?"""
    try:
        steering.permit(here=here())
    except UserError:
        return False
    return True


def may_start(waiting: int) -> bool:
    """May this reader start something while `waiting` runs wait?"""
    return steering.refusal(waiting, here=here()) is None


def refused(t: Texts, waiting: int = 0) -> bool:
    """Says in one sentence why this reader may start nothing while `waiting` runs wait, where that is so."""
    error = steering.refusal(waiting, here=here())
    if error is not None:
        st.info(error.text(t), icon=":material/lock:")
    return error is not None
