"""The foot of every page: which version of the product and of the data stands above."""

import html

import streamlit as st

from aigc_report import __version__, catalog
from aigc_report.i18n import Texts


def show(t: Texts) -> None:
    """Version, digest of the data, and the rule about figures."""
    digest = catalog.load().digest
    version = t("aigc-report {version} · data {digest}", version=__version__, digest=digest[:12])
    rule = t("A figure here is measured, sourced or absent. Publishers of the sources do not endorse this report.")
    st.html(
        f'<footer class="footer">{html.escape(rule)}<br>'
        f'<span title="sha256 {html.escape(digest)}">{html.escape(version)}</span></footer>'
    )
