"""The five factors as tiles: each with its question and latest figures, in the colour it has everywhere.

The list of figures (`monitor`) stands on the page of a factor too.
"""

import html
from functools import lru_cache
from typing import Literal

import streamlit as st

from aigc_report import catalog, factors
from aigc_report.catalog import Catalog, Factor
from aigc_report.charts import sparkline, words
from aigc_report.factors import Headline
from aigc_report.i18n import N_, Texts
from dashboards.ui import figures
from dashboards.ui.boundary import boundary

ROWS = (3, 2)
"""Tiles in each row on a wide screen."""


def show(t: Texts, cat: Catalog) -> None:
    """One tile per factor."""
    tiles = iter(cat.factors)
    for count in ROWS:
        for column, factor in zip(st.columns(count), tiles, strict=False):
            with column, boundary(t, factor.id):
                tile(t, cat, factor)


def tile(t: Texts, cat: Catalog, factor: Factor, height: Literal["stretch", "content"] = "stretch") -> None:
    """One factor: its question, its latest figures, and the way to its page."""
    with st.container(border=True, key=f"factor-{factor.id}", height=height):
        st.markdown(f"#### {factor.name[t.lang]}")
        st.caption(factor.question[t.lang])
        monitor(t, cat, factor)
        st.page_link(
            "views/factors.py",
            label=t("More on this factor"),
            icon=":material/arrow_forward:",
            query_params={"factor": factor.id, "lang": t.lang},
        )


FURTHER: dict[str, tuple[str, str]] = {
    "maturity": ("quality", N_("All comparisons of quality: Technology")),
    "barriers": ("costs", N_("Cost and compute: Technology")),
    "business": ("costs", N_("Cost and compute: Technology")),
}
"""Factor to the part of the Technology page that goes on where its charts end, and the words of the link."""


def further(t: Texts, factor: Factor) -> None:
    """The way to the part of the Technology page that belongs to `factor`, a key of `FURTHER`."""
    part, label = FURTHER[factor.id]
    st.page_link(
        "views/technology.py",
        label=t(label),
        icon=":material/arrow_forward:",
        query_params={"part": part, "lang": t.lang},
    )


def monitor(t: Texts, cat: Catalog, factor: Factor) -> None:
    """The latest figures of a factor, each with period, change, comparison and source, and who is counted in it."""
    st.html(_monitor(t, cat, factor.id))


@lru_cache(maxsize=64)
def _monitor(t: Texts, cat: Catalog, factor: str) -> str:
    """The monitor as HTML; neither figures nor words change while this process lives."""
    headlines = factors.monitor(factor, cat)
    rows = "".join(_row(t, cat, headline) for headline in headlines)
    notes = "".join(f"<li>{_notes(t, headline)}</li>" for headline in headlines)
    about = html.escape(t("Who is counted, and what to mind"))
    return (
        f'<table class="monitor"><tbody>{rows}</tbody></table>'
        f'<details class="notes"><summary>{about}</summary><ul>{notes}</ul></details>'
    )


def _row(t: Texts, cat: Catalog, headline: Headline) -> str:
    """Label, period and source on the left; the value with its unit on the right."""
    amount, unit = t.amount(headline.value, headline.unit)
    details = [t.period(headline.period), _change(t, headline), _comparison(t, cat, headline)]
    said = " · ".join(html.escape(detail) for detail in details if detail)
    return (
        f'<tr><td>{html.escape(headline.label[t.lang])}<span class="detail">{said}</span>'
        f'<span class="detail">{figures.link(t, cat, headline.source)}</span></td>'
        f'<td>{html.escape(amount)}<span class="detail">{html.escape(unit)}</span>{_course(t, headline)}</td></tr>'
    )


def _course(t: Texts, headline: Headline) -> str:
    """The course of the figure as a small picture, with its ends in words; empty where there is one period only."""
    address = sparkline.address(headline.series, headline.factor)
    if not address:
        return ""
    first, last = headline.series[0], headline.series[-1]
    said = t(
        "From {first} in {since} to {last} in {until}, {n} periods.",
        first=t.value(first.value, headline.unit),
        since=t.period(first.period),
        last=t.value(last.value, headline.unit),
        until=t.period(last.period),
        n=len(headline.series),
    )
    if any(point.breaks for point in headline.series[1:]):
        said += t(" The line is broken where the series breaks or is defined anew.")
    alt = html.escape(said)
    return (
        f'<img class="sparkline" src="{address}" alt="{alt}" title="{alt}" '
        f'width="{sparkline.WIDTH}" height="{sparkline.HEIGHT}">'
    )


def _change(t: Texts, headline: Headline) -> str:
    """The change since the period before, with what breaks the series between them."""
    if headline.change is None or headline.change_from is None:
        return ""
    change = abs(headline.change)
    size = t("{n} points", n=t.number(change, 1)) if headline.unit == "percent" else t.value(change, headline.unit)
    sign = "+" if headline.change >= 0 else "−"
    said = t("{change} since {period}", change=sign + size, period=t.period(headline.change_from))
    breaks = t.join(catalog.flag_texts(headline.change_breaks, t.lang))
    return t("{change} ({breaks})", change=said, breaks=breaks) if breaks else said


def _comparison(t: Texts, cat: Catalog, headline: Headline) -> str:
    """The figure it is compared with, and whose that is."""
    other = headline.comparison
    if other is None:
        return ""
    own = words.parse(headline.breakdown)
    parts = [words.value(t, k, v) for k, v in words.parse(other.breakdown).items() if own.get(k) != v]
    if other.geo != headline.geo:
        parts.append(cat.name(other.geo, t.lang))
    return t(
        "{whose}: {value}",
        whose=t.join(parts) or t("total"),
        value=t.value(other.point.value, headline.unit),
    )


def _notes(t: Texts, headline: Headline) -> str:
    """Who is counted, what the flags say, and what the document notes beside the figure."""
    parts = [
        headline.population[t.lang],
        t.join(catalog.flag_texts(headline.flag, t.lang)),
        headline.comparison_note.get(t.lang, ""),
    ]
    said = " · ".join(part for part in parts if part)
    return html.escape(t("{label}: {notes}", label=headline.label[t.lang], notes=said))
