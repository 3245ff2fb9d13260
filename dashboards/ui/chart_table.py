"""The table behind a chart, made when its tab is opened: what a reader without the picture reads."""

import pandas as pd
import streamlit as st

from aigc_report.catalog import Catalog
from aigc_report.charts import readable
from aigc_report.charts.chart import Chart
from aigc_report.i18n import Texts

PLAIN_ROWS = 30
"""Tables up to this length stand as plain HTML, which a screen reader reads row by row; longer ones scroll."""
SHOWN = 500


def show(t: Texts, cat: Catalog, chart: Chart) -> None:
    """The data of `chart` in words."""
    table, alike = readable.readable(chart, cat, t)
    if table.empty:
        st.info(t("This chart has no rows."), icon=":material/info:")
    elif len(table) <= PLAIN_ROWS:
        st.table(_plain(t, table))
    else:
        if len(table) > SHOWN:
            st.caption(t("The first {shown} of {n} rows; the download holds all of them.", shown=SHOWN, n=len(table)))
        st.dataframe(
            table.head(SHOWN),
            hide_index=True,
            key=f"table-{chart.id}",
            height=420,
            alt=chart.alt,
            column_config={
                name: st.column_config.NumberColumn(format="%d")  # a year is no quantity
                for name in table.columns
                if name == t("Year") and pd.api.types.is_integer_dtype(table[name])
            },
        )
    if alike:
        st.caption(t("In every row: {words}", words=" · ".join(f"{head}: {words}" for head, words in alike.items())))


def _plain(t: Texts, table: pd.DataFrame) -> pd.DataFrame:
    """`table` with numbers as the language writes them, its first column as the heads of the rows."""
    years = {t("Year")}
    written = {
        name: table[name].map(lambda cell: t.number(float(cell)))
        for name in table.columns
        if pd.api.types.is_numeric_dtype(table[name])
        and not pd.api.types.is_bool_dtype(table[name])
        and name not in years
    }
    shown = table.assign(**written)
    return shown.set_index(shown.columns[0])
