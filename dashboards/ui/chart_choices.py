"""The controls of a chart: what its description lets a reader choose, each in the address (``?scale-rents=linear``).

A period is a slider, and a button beside it plays: `serving/page.js` moves the slider as its right arrow key does, so
that a reader sees, hears and links the same whether a year was played or chosen.
"""

import html
from typing import Any

import streamlit as st

from aigc_report.charts.chart import Chart, Choice
from aigc_report.i18n import Texts
from dashboards.ui import state


def show(t: Texts, chart: Chart) -> dict[str, Any]:
    """Show the controls of `chart` in one row; what was chosen, by parameter, where it is not the default."""
    if not chart.choices:
        return {}
    with st.container(key=f"choices-{chart.id}", horizontal=True, vertical_alignment="bottom", gap="small"):
        chosen = {choice.name: _SHOWN[choice.kind](t, choice, f"{choice.name}-{chart.id}") for choice in chart.choices}
    held = {choice.name: choice.held if choice.kind == "several" else choice.held[0] for choice in chart.choices}
    return {name: value for name, value in chosen.items() if value != held[name]}


def _one(t: Texts, choice: Choice, key: str) -> str:
    """One of a few, side by side."""
    names = dict(choice.options)
    return state.choice(
        st.segmented_control,
        choice.label,
        list(names),
        key=key,
        default=choice.held[0],
        required=True,
        format_func=names.__getitem__,
        label_visibility="collapsed",
    )


def _time(t: Texts, choice: Choice, key: str) -> str:
    """One of a row of periods, with a button that plays them."""
    names = dict(choice.options)
    play, stop = t("Play"), t("Stop")
    st.html(
        f'<button type="button" class="play" data-plays="{html.escape(key)}" data-stop="{stop}">{play}</button>',
        width="content",
    )
    return state.choice(
        st.select_slider,
        choice.label,
        list(names),
        key=key,
        default=choice.held[0],
        format_func=names.__getitem__,
        width=420,
    )


def _several(t: Texts, choice: Choice, key: str) -> tuple[str, ...]:
    """Several of many, found by typing."""
    names = dict(choice.options)
    return state.choices(
        st.multiselect,
        choice.label,
        list(names),
        key=key,
        default=choice.held,
        most=choice.most,
        format_func=names.__getitem__,
        placeholder=t("Type to find a country; up to {n}", n=choice.most),
    )


_SHOWN = {"one": _one, "time": _time, "several": _several}
