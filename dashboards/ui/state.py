"""What a reader chose, kept in the address, so that a copied link shows the same view.

Streamlit's own ``bind="query-params"`` writes the label a control shows; ours depend on the language, and a link must
survive a switch of language. So a choice between codes is kept here, while free text and numbers, which no language
changes, use Streamlit's binding.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st
from streamlit.elements.lib.mutable_tab_container import TabContainer

NONE = "-"
"""Stands in the address for no choice where something is chosen otherwise."""


def choice(
    widget: Callable[..., Any],
    label: str,
    options: Sequence[str],
    *,
    key: str,
    default: str | None = None,
    explicit: bool = False,
    **settings: Any,
) -> str:
    """The code that `widget` (a Streamlit select control) holds, seeded from the address and written back to it.

    A code in the address that is not among `options` is ignored; the default (the first option unless given) is not
    written, except where `explicit`: for a default that changes with time, such as the newest run.
    """
    default = options[0] if default is None else default
    if st.session_state.get(key) not in options:
        asked = st.query_params.get(key)
        st.session_state[key] = asked if asked in options else default
    chosen = str(widget(label, options, key=key, **settings) or default)
    _write(key, "" if chosen == default and not explicit else chosen)
    return chosen


def tabs(labels: Mapping[str, str], *, key: str) -> dict[str, TabContainer]:
    """Tabs by their codes, of which the open one stands in the address as `key`; `labels` names them.

    What stands in a tab can wait until its `open` is true. Streamlit keeps the label of the open tab, which another
    language does not have; then the address decides again.
    """
    codes = {label: code for code, label in labels.items()}
    first = next(iter(labels))
    if st.session_state.get(key) not in codes:
        asked = st.query_params.get(key, first)
        st.session_state[key] = labels.get(asked, labels[first])
    made = st.tabs(list(labels.values()), key=key, on_change="rerun")
    chosen = codes[st.session_state[key]]
    _write(key, "" if chosen == first else chosen)
    return dict(zip(labels, made, strict=True))


def choices(
    widget: Callable[..., Any],
    label: str,
    options: Sequence[str],
    *,
    key: str,
    default: Sequence[str] = (),
    most: int | None = None,
    **settings: Any,
) -> tuple[str, ...]:
    """The codes that `widget` (a Streamlit control for several) holds, in the address as a list with commas.

    Codes in the address that are not among `options` are ignored, and those beyond `most`; the default is not written,
    and no choice only where that is not the default.
    """
    held = st.session_state.get(key)
    if held is None or not set(held) <= set(options):
        asked = st.query_params[key].split(",") if key in st.query_params else default
        st.session_state[key] = [code for code in dict.fromkeys(asked) if code in options][:most]
    settings |= {} if most is None else {"max_selections": most}
    chosen = tuple(map(str, widget(label, options, key=key, **settings)))
    _write(key, "" if chosen == tuple(default) else ",".join(chosen) or NONE)
    return chosen


def reset(key: str) -> None:
    """Let the control `key` begin at its default again, for a callback that leads the reader elsewhere."""
    st.session_state.pop(key, None)
    _write(key, "")


def remember(key: str, value: str) -> None:
    """Write `value` to the address under `key`; an empty value removes it."""
    _write(key, value)


def _write(key: str, value: str) -> None:
    if value == "":
        if key in st.query_params:
            del st.query_params[key]
    elif st.query_params.get(key) != value:
        st.query_params[key] = value
