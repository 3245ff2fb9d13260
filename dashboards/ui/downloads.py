"""Tables to take away: CSV that opens in a spreadsheet with its sources beside each row, and runs no formula there."""

import pandas as pd
import streamlit as st

from aigc_report.catalog import Catalog
from aigc_report.i18n import Texts

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def csv(frame: pd.DataFrame, catalog: Catalog | None = None) -> bytes:
    """`frame` as CSV in UTF-8 with a byte-order mark (spreadsheets read Chinese only with it).

    Where `frame` has a column `source` and `catalog` is given, publisher, title, address and licence of each follow.
    A text that a spreadsheet would run as a formula gets an apostrophe in front; numbers are left alone.
    """
    table = frame
    if catalog is not None and "source" in frame.columns:
        about = catalog.sources[["publisher", "title", "url", "licence"]].add_prefix("source_")
        table = frame.join(about, on="source")
    texts_only = table.select_dtypes(include=["object", "string", "category"]).columns
    safe = table.assign(**{column: table[column].map(_neutral) for column in texts_only})
    return bytes(safe.to_csv(index=False).encode("utf-8-sig"))


def _neutral(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


def button(t: Texts, frame: pd.DataFrame, name: str, catalog: Catalog | None = None) -> None:
    """A quiet button that downloads `frame` as ``<name>.csv``; the file is made when it is pressed."""
    st.download_button(
        t("Data (CSV)"),
        lambda: csv(frame, catalog),
        file_name=f"{name}.csv",
        mime="text/csv",
        key=f"download-{name}",
        on_click="ignore",
        type="tertiary",
        icon=":material/download:",
    )
