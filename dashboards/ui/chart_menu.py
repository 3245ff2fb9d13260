"""What a reader can do with a chart: take its data or its picture, send a link to it, cite it.

It is plain HTML: the data stand under addresses of their own (`twins`), `serving/page.js` copies and saves. So it costs
a page nothing until somebody opens it, and a keyboard works it.
"""

import html
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import lru_cache

import streamlit as st

from aigc_report import catalog, citation
from aigc_report.charts.chart import Chart
from aigc_report.i18n import N_, Texts
from dashboards.ui import downloads, sources

HERE = "\ue000"
"""Stands where the browser writes the address of the chart."""
DATA: dict[str, str] = {"csv": N_("Data (CSV)"), "xlsx": N_("Data (XLSX)"), "json": N_("Data (JSON)")}
PICTURES: dict[str, str] = {"png": N_("Picture (PNG)"), "svg": N_("Picture (SVG)")}
COPIES: dict[str, str] = {
    "link": N_("Copy link"),
    "text": N_("Copy citation"),
    "bibtex": N_("Copy BibTeX"),
}


def show(t: Texts, chart: Chart, address: str | None) -> None:
    """The menu of `chart`; without an `address` its data come through a button."""
    if address is None:
        downloads.button(t, chart.frame, chart.id, catalog.load())
    write = _kept if address is not None else _menu  # a chart without an address is described anew for every view
    st.html(write(t, chart, address, datetime.now(UTC).date()))


def _menu(t: Texts, chart: Chart, address: str | None, day: date) -> str:
    """The menu as HTML; the same for every reader on the same day."""
    words = {
        "chart": chart.id,
        "title": chart.title,
        "subtitle": chart.subtitle,
        "source": sources.plain(t, catalog.load(), chart),
        "copied": t("Copied."),
        "saved": t("The picture is being saved."),
        "refused": t("The browser did not allow copying; select the text and copy it."),
        "closed": t("Open the chart first; then its picture can be saved."),
    }
    attributes = " ".join(f'data-{name}="{html.escape(text)}"' for name, text in words.items())
    data = "".join(
        f'<a href="{html.escape((address or "").format(format=suffix))}" download>{t(name)}</a>'
        for suffix, name in (DATA.items() if address else ())
    )
    cited = citation.of(catalog.load(), chart.id, chart.title, chart.sources, day)
    taken = _fold(t("Download"), data + _buttons(t, "save", PICTURES))
    shared = _fold(
        t("Share and cite"),
        f'{_buttons(t, "copy", COPIES)}<p data-cite="text">{_with_address(cited.text(t, HERE))}</p>'
        f'<pre data-cite="bibtex" tabindex="0">{_with_address(cited.bibtex(HERE))}</pre>',
    )
    return f'<div class="chart-menu" {attributes}>{taken}{shared}<span role="status"></span></div>'


_kept = lru_cache(maxsize=512)(_menu)


def _fold(name: str, content: str) -> str:
    return f"<details><summary>{name}</summary><div>{content}</div></details>"


def _buttons(t: Texts, does: str, named: Mapping[str, str]) -> str:
    return "".join(f'<button type="button" data-{does}="{what}">{t(name)}</button>' for what, name in named.items())


def _with_address(text: str) -> str:
    return html.escape(text).replace(HERE, '<span class="here"></span>')
