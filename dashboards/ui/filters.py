"""Filters over a list: words to search for and what to narrow it to, each in the address."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dashboards.ui import state

ALL = "all"
"""The code of no narrowing, the first of every filter."""
_IN_A_ROW = 5
"""Boxes beyond this number stand in rows of three: narrower ones cut off what they hold."""


@dataclass(frozen=True)
class Filter:
    """One box: its name in the address, its label, its codes without `ALL`, and the words of each code and of `ALL`."""

    key: str
    label: str
    codes: Iterable[str]
    words: Callable[[Any], str]


@dataclass(frozen=True)
class Search:
    """The box for words: its label, examples of what to type, its name in the address."""

    label: str
    examples: str
    key: str = "q"


def show(search: Search, *filters: Filter, on_change: Callable[[], None] | None = None) -> tuple[str, dict[str, str]]:
    """Show the boxes; the words typed, and the code of each filter by its key, empty where nothing is narrowed."""
    wide = len(filters) > 2 or len(filters) == 1
    per_row = 1 + len(filters) if len(filters) < _IN_A_ROW else 3
    widths = [2 if wide else 1, *[1] * (per_row - 1)]
    columns = [
        column
        for _ in range(0, 1 + len(filters), per_row)
        for column in st.columns(widths, vertical_alignment="bottom")
    ]
    with columns[0]:
        typed = st.text_input(
            search.label,
            key=search.key,
            bind="query-params",
            placeholder=search.examples,
            icon=":material/search:",
            on_change=on_change,
        )
    chosen = {}
    for column, each in zip(columns[1:], filters, strict=False):
        with column:
            code = state.choice(
                st.selectbox, each.label, [ALL, *each.codes], key=each.key, format_func=each.words, on_change=on_change
            )
            chosen[each.key] = "" if code == ALL else code
    return typed.strip(), chosen
