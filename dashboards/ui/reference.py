"""What stands behind the figures: sources with their licences, what is left out and why, the meaning of columns."""

import pandas as pd
import streamlit as st

from aigc_report import catalog
from aigc_report.catalog import Catalog
from aigc_report.i18n import N_, Texts
from dashboards.ui import downloads, sources

COLUMNS: dict[str, str] = {
    "indicator": N_("Code of what is counted; names and definitions stand in the table of indicators."),
    "geo": N_(
        "ISO 3166-1 alpha-3 code, or an aggregate: EU27, OECD, WLD; _Z where no place applies, _X where none is stated."
    ),
    "period": N_("Year, half-year (2025-S1), quarter (2025-Q1), month or day of the figure."),
    "breakdown": N_("The part of the population, as key=value pairs; empty for the total."),
    "value": N_("The figure; a missing one has no row."),
    "unit": N_("Unit of the value; percent is 0 to 100, share is 0 to 1."),
    "source": N_("Id of the source, described in the table of sources."),
    "flag": N_("How the figure was read and what to mind, in letters; in words in the table above."),
    "note": N_("What the collector noted beside the figure, in English."),
}
"""Columns of the observations, for the data dictionary."""


TABLES: dict[str, str] = {
    "observations": N_("All figures"),
    "indicators": N_("Table of indicators"),
    "sources": N_("Sources"),
    "geographies": N_("Places"),
    "policy_instruments": N_("Policy instruments"),
}
"""Tables of the data package that can be taken away whole, and their names."""


def listing(t: Texts, cat: Catalog) -> pd.DataFrame:
    """The sources with links and licences."""
    return pd.DataFrame(
        {
            t("Publisher"): cat.sources["publisher"],
            t("Title"): cat.sources["title"],
            t("Published"): [sources.published(t, date) for date in cat.sources["published"]],
            t("Licence"): [t.licence(text) for text in cat.sources["licence"]],
            t("Address"): cat.sources["url"],
        }
    )


def show_sources(t: Texts, cat: Catalog) -> None:
    """The sources as a table with a download."""
    st.header(t("Sources"))
    st.dataframe(
        listing(t, cat),
        hide_index=True,
        key="sources",
        height=360,
        alt=t("Table of sources with publisher, title, date, licence and address."),
        column_config={t("Address"): st.column_config.LinkColumn(display_text=r"https?://(?:www\.)?([^/]+)")},
    )
    downloads.links(t, "sources")


def left_out(t: Texts) -> None:
    """What was kept out of the data and why, as the data package itself lists it."""
    text = (catalog.folder() / "EXCLUDED.md").read_text(encoding="utf-8")
    with st.expander(t("What is left out, and why")):
        if t.lang != "en":
            st.caption(t("This list is kept in English, beside the data."))
        st.markdown(text)


def dictionary(t: Texts) -> None:
    """What each column of a download means."""
    with st.expander(t("What the columns mean")):
        rows = {name: t(text) for name, text in COLUMNS.items()}
        st.table(pd.Series(rows, name=t("Meaning")).rename_axis(t("Column")).to_frame())


def whole(t: Texts) -> None:
    """Every table of the data package, whole, in every format."""
    with st.expander(t("All tables of the data package")):
        for name, label in TABLES.items():
            st.markdown(f"**{t(label)}**")
            downloads.links(t, name)
