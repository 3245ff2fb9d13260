"""Academia against industry: the founding document's first question, in pictures, and what the data cannot say."""

from functools import cache

import streamlit as st

from aigc_report import document, factors
from aigc_report.catalog import Catalog
from aigc_report.charts.factors import RESEARCH
from aigc_report.i18n import Texts
from dashboards.ui import charts, said

ANCHOR = "academia-industry"
STATEMENTS = ("problem.research_industry", "problem.lab_to_market")


def show(t: Texts, cat: Catalog) -> None:
    """The panel: what the document says, four pictures over the same years, and the gaps."""
    st.header(t("Academia against industry"), anchor=ANCHOR)
    doc = document.load()
    said.sentences(t, [doc[name] for name in STATEMENTS])
    st.markdown(finding(t, cat))
    charts.pairs(t, RESEARCH, cat, t)
    st.markdown("#### " + t("What the data cannot say"))
    st.markdown("\n".join(f"- {gap}" for gap in gaps(t, cat)))


@cache
def finding(t: Texts, cat: Catalog) -> str:
    """What the four pictures show together, in a sentence with its basis."""
    table = factors.yearly(factors.models(cat))
    counts = {(year, maker): n for year, maker, n in zip(table["year"], table["maker"], table["models"], strict=True)}
    first, last = int(table["year"].min()), int(table["year"].max())
    firms = factors.series(cat, "ai_use_any", "EU27")
    return t(
        "Of the notable models with a known training effort, universities alone made {a} of {all_first} in {first} and "
        "{b} of {all_last} in {last}; companies alone made {c} and {d}. Meanwhile use by EU firms rose from {low} "
        "in {low_year} to {high} in {high_year}: the lead in making models moved into companies before most firms used "
        "any AI.",
        a=counts[first, "academia"],
        b=counts[last, "academia"],
        c=counts[first, "industry"],
        d=counts[last, "industry"],
        all_first=sum(counts[first, maker] for maker in factors.KINDS),
        all_last=sum(counts[last, maker] for maker in factors.KINDS),
        first=first,
        last=last,
        low=t.value(firms[0].value, "percent"),
        low_year=firms[0].period,
        high=t.value(firms[-1].value, "percent"),
        high_year=firms[-1].period,
    )


@cache
def gaps(t: Texts, cat: Catalog) -> tuple[str, ...]:
    """What is missing for an answer, each in a sentence."""
    models = factors.models(cat)
    unknown = int((models["maker"] == "").sum())
    return (
        t(
            "The {n} models are those whose training computation Epoch AI estimated, not all that were made; small "
            "models of universities may be missing more often. {unknown} of them names no maker.",
            n=len(models),
            unknown=unknown,
        ),
        t(
            "Who is a university and who a company was sorted here, by name; a laboratory of both counts as both. "
            "Models of {year} end in {month} and are left out of the counts.",
            year=int(models["year"].max()),
            month=t.period(str(models["period"].max())[:7]),
        ),
        t(
            "Published quality of generated images (FID) names no makers, so it cannot be split into academia and "
            "industry."
        ),
        t("Papers: the data hold no count of them by year, neither for universities nor for companies."),
        t("Patents: one year only (2019, three places), and the source does not say who applied."),
        t(
            "The AI Index counts notable models by country (here the USA and China, 2023 and 2024), not by kind of "
            "maker."
        ),
        t(
            "Money: private investment is known, public money for AI research is not; research and development is "
            "known for all fields together."
        ),
        t(
            "Use: the data hold no figure of EU firms before 2021 and for 2022. A longer series (McKinsey, from "
            "2017) asks a panel about its own organisations worldwide and does not stand here."
        ),
    )
