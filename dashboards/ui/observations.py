"""The observations behind the report: search by words, narrow by place and period, read with flags in words."""

from functools import lru_cache

import pandas as pd
import streamlit as st

from aigc_report import catalog
from aigc_report.catalog import Catalog
from aigc_report.charts import words
from aigc_report.i18n import Texts
from dashboards.ui import downloads, state
from dashboards.ui.filters import ALL

SHOWN = 500
"""Rows on screen: a browser stays quick, and the download holds all."""


def browse(t: Texts, cat: Catalog, found: pd.DataFrame, words_asked: str, factor: str) -> None:
    """Choose among the indicators `found` by words and factor, a place and a period; the figures and their download."""
    first, second, third = st.columns([2, 1, 1])
    with first:
        indicator = state.choice(
            st.selectbox,
            t("Indicator ({n} found)", n=len(found)),
            [ALL, *found.index],
            key="indicator",
            format_func=lambda i: t("all of them") if i == ALL else cat.name(i, t.lang),
        )
    rows = select(cat, tuple(found.index) if indicator == ALL else (indicator,))
    with second:
        geo = state.choice(
            st.selectbox,
            t("Place"),
            [ALL, *places(cat, t, rows)],
            key="geo",
            format_func=lambda g: place_name(t, cat, g),
        )
    with third:
        period = state.choice(
            st.selectbox,
            t("Period"),
            [ALL, *sorted(rows["period"].unique(), reverse=True)],
            key="period",
            format_func=lambda p: t("all periods") if p == ALL else t.period(p),
        )
    rows = narrow(rows, geo, period)
    asked = {"q": words_asked, "factor": factor, "indicator": indicator, "geo": geo, "period": period}
    if indicator != ALL:
        describe(t, cat, indicator)
    table(t, cat, rows)
    downloads.links(t, "observations", {key: value for key, value in asked.items() if value not in ("", ALL)})


def total(cat: Catalog) -> int:
    """How many observations there are."""
    return len(cat.observations(breakdown=None))


def search(cat: Catalog, text: str, factor: str = ALL) -> pd.DataFrame:
    """Indicators of `factor` whose code, name or definition holds every word of `text`, in either language."""
    frame = cat.indicators if factor == ALL else cat.indicators[cat.indicators["pillar"] == factor]
    haystack = _haystack(cat).loc[frame.index]
    for word in text.casefold().split():
        haystack = haystack[haystack.str.contains(word, regex=False)]
    return frame.loc[haystack.index]


def select(cat: Catalog, indicators: tuple[str, ...]) -> pd.DataFrame:
    """All observations of `indicators`, every breakdown included."""
    return cat.observations(indicator=list(indicators), breakdown=None)


def narrow(rows: pd.DataFrame, geo: str, period: str) -> pd.DataFrame:
    """`rows` of one place and one period; `ALL` leaves that choice open."""
    if geo != ALL:
        rows = rows[rows["geo"] == geo]
    if period != ALL:
        rows = rows[rows["period"] == period]
    return rows


def places(cat: Catalog, t: Texts, rows: pd.DataFrame) -> list[str]:
    """The places in `rows`, sorted by their names in the reader's language."""
    return sorted(rows["geo"].unique(), key=lambda geo: cat.name(geo, t.lang))


def place_name(t: Texts, cat: Catalog, geo: str) -> str:
    """A place in words."""
    return t("all places") if geo == ALL else cat.name(geo, t.lang)


def factor_name(t: Texts, cat: Catalog, factor: str) -> str:
    """A factor in words."""
    return t("all factors") if factor == ALL else next(f.name[t.lang] for f in cat.factors if f.id == factor)


def describe(t: Texts, cat: Catalog, indicator: str) -> None:
    """What an indicator counts, in which unit, and of whom."""
    about = cat.indicators.loc[indicator]
    zh = t.lang == "zh"
    st.markdown(str(about["definition_zh" if zh else "definition_en"]))
    st.caption(
        t(
            "Unit: {unit} · Population: {population} · Code: {code}",
            unit=t.unit(str(about["unit"])),
            population=about["population_zh" if zh else "population"],
            code=indicator,
        )
    )


def table(t: Texts, cat: Catalog, rows: pd.DataFrame) -> None:
    """The first rows as a table with flags in words and links to the sources."""
    if rows.empty:
        st.info(t("No figure for this place and period. Choose another."), icon=":material/info:")
        return
    shown = rows.head(SHOWN)
    st.caption(
        t("{n} figures", n=t.number(len(rows), 0))
        if len(rows) <= SHOWN
        else t(
            "{n} figures, the first {shown} on screen; the download holds all of them.",
            n=t.number(len(rows), 0),
            shown=SHOWN,
        )
    )
    st.dataframe(
        readable(t, cat, shown),
        hide_index=True,
        key="observations",
        height=420,
        alt=t("Table of figures with place, period, value, unit, flags and source."),
        column_config={
            t("Address"): st.column_config.LinkColumn(display_text=r"https?://(?:www\.)?([^/]+)"),
            t("Indicator"): st.column_config.TextColumn(width="medium"),
            t("Breakdown"): st.column_config.TextColumn(width="medium"),
            # As text: from 1e16 on a browser cannot hold the number exactly, and the table would grey it out.
            t("Value"): st.column_config.TextColumn(alignment="right"),
        },
    )


def readable(t: Texts, cat: Catalog, rows: pd.DataFrame) -> pd.DataFrame:
    """`rows` with names, periods, units and flags in the reader's language."""
    about = cat.sources.loc[rows["source"]]
    return pd.DataFrame(
        {
            t("Indicator"): [cat.name(i, t.lang) for i in rows["indicator"]],
            t("Place"): [cat.name(g, t.lang) for g in rows["geo"]],
            t("Period"): [t.period(p) for p in rows["period"]],
            t("Value"): [f"{value:,.10g}" for value in rows["value"]],
            t("Unit"): [t.unit(u) for u in rows["unit"]],
            t("Breakdown"): [words.breakdown(t, b) for b in rows["breakdown"]],
            t("Flags"): [t.join(catalog.flag_texts(f, t.lang)) for f in rows["flag"]],
            t("Source"): about["publisher"].to_numpy(),
            t("Address"): about["url"].to_numpy(),
            t("Licence"): [t.licence(text) for text in about["licence"]],
            t("Note"): rows["note"].to_numpy(),
        }
    )


@lru_cache(maxsize=4)
def _haystack(cat: Catalog) -> pd.Series:
    """All words of each indicator in one string."""
    columns = cat.indicators[["name_en", "name_zh", "definition_en", "definition_zh"]].fillna("")
    joined = columns.agg(" ".join, axis=1) + " " + columns.index
    return joined.str.casefold()
