"""What a button does that may be refused: the sentence is kept and shown where the page is drawn again."""

import logging
from collections.abc import Callable
from typing import Any

import streamlit as st

from aigc_report.errors import UserError
from dashboards.ui import language, viewer
from gan.errors import UsageError

logger = logging.getLogger(__name__)


def attempt(place: str, action: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    """What `action` returns; where it is refused or the system fails it, None, and `say(place)` has the sentence."""
    t = language.current()
    try:
        return action(*arguments, **named)
    except UserError as error:
        st.session_state[_key(place)] = error.text(t)
    except UsageError as error:
        st.session_state[_key(place)] = t.refusal(error)
    except OSError:
        logger.exception("an action failed: %s", place)
        st.session_state[_key(place)] = t("This could not be done; the details are in the log of the server.")
    return None


def steer(place: str, action: Callable[..., Any], *arguments: Any) -> Any:
    """`attempt` an action of `aigc_report.steering`, which is told where the reader sits who pressed the button."""
    return attempt(place, action, *arguments, here=viewer.here())


def say(place: str) -> None:
    """Show once why the last action at `place` was not done, where it was not."""
    if sentence := st.session_state.pop(_key(place), None):
        st.error(sentence)


def _key(place: str) -> str:
    return f"refused-{place}"
