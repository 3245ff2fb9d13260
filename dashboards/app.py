"""The entry point of the dashboard: pages, language, footer. Served by ``aigc-report dashboard``."""

from pathlib import Path

import streamlit as st

from dashboards.ui import footer, language, style
from dashboards.ui.boundary import boundary

HERE = Path(__file__).parent
VIEWS = HERE / "views"  # a folder called "pages" would wake Streamlit's older way of finding pages

t = language.current()
st.set_page_config(
    page_title=t("Adoption of generative AI"), page_icon=str(HERE / "static" / "icon.svg"), layout="wide"
)
st.html(style.sheet())
page = st.navigation(
    [
        st.Page(VIEWS / "overview.py", title=t("Overview"), icon=":material/home:", url_path="overview", default=True),
        st.Page(VIEWS / "countries.py", title=t("Countries"), icon=":material/leaderboard:", url_path="countries"),
        st.Page(VIEWS / "factors.py", title=t("Five factors"), icon=":material/donut_small:", url_path="factors"),
        st.Page(VIEWS / "sectors.py", title=t("Sectors"), icon=":material/category:", url_path="sectors"),
        st.Page(VIEWS / "policy.py", title=t("Policy"), icon=":material/gavel:", url_path="policy"),
        st.Page(VIEWS / "technology.py", title=t("Technology"), icon=":material/memory:", url_path="technology"),
        st.Page(VIEWS / "gan_lab.py", title=t("GAN Lab"), icon=":material/science:", url_path="gan-lab"),
        st.Page(VIEWS / "claims.py", title=t("Claims"), icon=":material/fact_check:", url_path="claims"),
        st.Page(VIEWS / "document.py", title=t("Document"), icon=":material/article:", url_path="document"),
        st.Page(
            VIEWS / "data_sources.py", title=t("Data & sources"), icon=":material/database:", url_path="data-sources"
        ),
        st.Page(VIEWS / "briefings.py", title=t("Briefings"), icon=":material/summarize:", url_path="briefings"),
    ],
    position="top",
)
with st.container(key="language", width="content"):
    language.switch()
with boundary(t, page.url_path or "overview"):
    page.run()
footer.show(t)
