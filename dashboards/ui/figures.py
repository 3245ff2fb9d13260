"""Figures in words: a value large enough to read across a room, with what it counts, when, and who says so."""

import html
from dataclasses import dataclass

import streamlit as st

from aigc_report.catalog import Catalog
from aigc_report.i18n import Texts
from dashboards.ui import sources


@dataclass(frozen=True)
class Figure:
    """One card. `values` are pairs of value and caption; `sources` are ids of the data package."""

    question: str
    label: str
    values: tuple[tuple[str, str], ...]
    note: str = ""
    sources: tuple[str, ...] = ()


def show(t: Texts, cat: Catalog, figure: Figure) -> None:
    """Show `figure` as a card."""
    values = "".join(
        f"<div>{html.escape(value)}<small>{html.escape(caption)}</small></div>" for value, caption in figure.values
    )
    parts = [
        f'<div class="question">{html.escape(figure.question)}</div>',
        f'<div class="figure-value">{values}</div>',
        f'<div class="figure-label">{html.escape(figure.label)}</div>',
    ]
    if figure.note:
        parts.append(f'<div class="figure-note">{html.escape(figure.note)}</div>')
    if figure.sources:
        cited = "; ".join(link(t, cat, source) for source in dict.fromkeys(figure.sources))
        line = t("Source: {sources}", sources=cited)
        parts.append(f'<div class="figure-source">{line}</div>')
    st.html(f'<div class="figure">{"".join(parts)}</div>')


def link(t: Texts, cat: Catalog, source: str) -> str:
    """One source as an HTML link: publisher and date."""
    row = cat.source(source)
    when, url = sources.published(t, row["published"]), row["url"]
    name = html.escape(f"{row['publisher']} ({when})" if when else row["publisher"])
    if not url.startswith(("https://", "http://")):
        return name
    title = html.escape(row["title"])
    return f'<a href="{html.escape(url)}" target="_blank" rel="noopener" title="{title}">{name}</a>'
