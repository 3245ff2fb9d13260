"""Tables to take away, with their sources beside each row; the files are written when they are asked for."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from aigc_report import tables
from aigc_report.catalog import Catalog
from aigc_report.i18n import N_, Texts

FORMATS: dict[str, str] = {"csv": N_("Data (CSV)"), "xlsx": N_("Data (XLSX)"), "parquet": N_("Data (Parquet)")}


def button(t: Texts, frame: pd.DataFrame, name: str, catalog: Catalog | None = None) -> None:
    """Quiet buttons that download `frame` as ``<name>.csv`` and ``<name>.xlsx``."""
    with st.container(horizontal=True, gap="small", key=f"downloads-{name}"):
        for suffix in ("csv", "xlsx"):
            write, kind = tables.FORMATS[suffix]
            st.download_button(
                t(FORMATS[suffix]),
                partial(write, frame, catalog),
                file_name=f"{name}.{suffix}",
                mime=kind,
                key=f"download-{name}-{suffix}",
                on_click="ignore",
                type="tertiary",
                icon=":material/download:",
            )


def links(t: Texts, name: str, query: Mapping[str, Any] | None = None) -> None:
    """Links to a table of the data package under its own address, in every format, narrowed by `query`."""
    asked = f"?{urlencode(query)}" if query else ""
    st.html(
        '<p class="links">'
        + "".join(
            f'<a href="/data/{name}.{suffix}{asked}" download>{t(label)}</a>' for suffix, label in FORMATS.items()
        )
        + "</p>"
    )
