"""The entry point of the dashboard: pages, language, footer. Served by ``aigc-report dashboard``."""

from pathlib import Path
from typing import Any

import streamlit as st

from dashboards.ui import footer, language, style
from dashboards.ui.boundary import boundary

HERE = Path(__file__).parent
VIEWS = HERE / "views"  # a folder called "pages" would wake Streamlit's older way of finding pages


def page(view: str, title: str, icon: str, **settings: Any) -> st.Page:
    """The page whose script is ``views/<view>.py``, under the address of the same name with hyphens."""
    address = view.replace("_", "-")
    return st.Page(VIEWS / f"{view}.py", title=title, icon=f":material/{icon}:", url_path=address, **settings)


def at_the_root() -> None:
    """Where a hand-typed ``/overview`` leads: to the root, with the choices in the address."""
    st.switch_page("views/overview.py", query_params=st.query_params.to_dict())


t = language.current()
st.set_page_config(
    page_title=t("Adoption of generative AI"), page_icon=str(HERE / "static" / "icon.svg"), layout="wide"
)
st.html(style.sheet(t))
chosen = st.navigation(
    {
        "": [
            st.Page(VIEWS / "overview.py", title=t("Overview"), icon=":material/home:", url_path="home", default=True),
            page("briefings", t("Briefings"), "summarize"),
            st.Page(at_the_root, title=t("Overview"), url_path="overview", visibility="hidden"),
        ],
        t("Adoption"): [
            page("countries", t("Countries"), "leaderboard"),
            page("factors", t("Five factors"), "donut_small"),
            page("sectors", t("Sectors"), "category"),
            page("policy", t("Policy"), "gavel"),
            page("diffusion", t("Diffusion"), "trending_up"),
        ],
        t("Measurement"): [
            page("technology", t("Technology"), "memory"),
            page("gan_lab", t("GAN Lab"), "science"),
            page("affordability", t("Affordability"), "payments"),
        ],
        t("Evidence"): [
            page("claims", t("Claims"), "fact_check"),
            page("document", t("Document"), "article"),
            page("data_sources", t("Data & sources"), "database"),
            page("methods", t("Methods"), "functions"),
        ],
    },
    position="top",
)
with st.container(key="language", width="content"):
    language.switch()
with boundary(t, chosen.url_path or "overview"):
    chosen.run()
footer.show(t)
