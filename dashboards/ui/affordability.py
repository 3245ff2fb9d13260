"""Affordability on a page: a published run or one measured here, in every country's terms and in a reader's own."""

from functools import cache

import streamlit as st

from aigc_report import catalog
from aigc_report.affordability import published
from aigc_report.affordability.published import Burden, Published
from aigc_report.charts import affordability as pictures
from aigc_report.charts.chart import Chart
from aigc_report.i18n import N_, Texts
from dashboards.ui import afford, charts, runs, sources, state

KINDS: dict[str, str] = {"published": N_("Published runs"), "own": N_("Runs on this machine")}
DEFAULT_MODEL, DEFAULT_PLACE = "GPT-3 175B (davinci)", "DEU"


@cache
def models() -> dict[str, Published]:
    """The published runs with an estimate of their cost, the dearest first."""
    return published.runs(catalog.load())


@cache
def burdens(model: str) -> dict[str, Burden]:
    """What a published run is in each country's GDP per head."""
    return published.burdens(catalog.load(), models()[model].usd2023)


def burden(t: Texts, model: str, place: str) -> Chart:
    """A published run in months of GDP per head."""
    return pictures.burden(burdens(model), models()[model], place, catalog.load(), t)


def burden_map(t: Texts, model: str, place: str) -> Chart:
    """The same on the map."""
    return pictures.burden_map(burdens(model), models()[model], place, catalog.load(), t)


@st.fragment
def show(t: Texts) -> None:
    """The choice of run and place, and what the run is there."""
    kind = state.choice(
        st.segmented_control, t("Which runs"), list(KINDS), key="kind", required=True, format_func=lambda k: t(KINDS[k])
    )
    if kind == "own":
        _own(t)
    else:
        _published(t)


def _published(t: Texts) -> None:
    cat = catalog.load()
    left, right = st.columns(2, gap="large")
    with left:
        model = state.choice(
            st.selectbox,
            t("Model ({n} with an estimated cost, the dearest first)", n=len(models())),
            list(models()),
            key="model",
            default=DEFAULT_MODEL,
        )
    with right:
        places = sorted(burdens(model), key=lambda geo: cat.name(geo, t.lang))
        place = state.choice(
            st.selectbox,
            t("Country"),
            places,
            key="place",
            default=DEFAULT_PLACE,
            format_func=lambda geo: cat.name(geo, t.lang),
        )
    run = models()[model]
    st.markdown(
        t(
            "**{model}** ({organization}, {period}): about **{usd} US dollars** of 2023.",
            model=model,
            organization=run.organization or t("maker not stated"),
            period=t.period(run.period),
            usd=t.compact(run.usd2023, "long"),
        )
    )
    charts.show(t, burden, t, model, place, mapped=burden_map)
    _budget(t, run)
    with st.expander(t("What is not compared, and why")):
        for line in (
            t(
                "Emissions and electricity bills: of a few published runs both power and duration are known, but from "
                "sources that need not mean the same run; the others would be a guess, and a guess is no figure."
            ),
            t(
                "Incomes and budgets of small firms: no sourced figure is in the data package. GDP per head is more "
                "than a household has to spend; give a budget of your own above."
            ),
        ):
            st.markdown(f"- {line}")


def _budget(t: Texts, run: Published) -> None:
    """How long a budget of the reader's own would take."""
    budget = st.number_input(
        t("A monthly budget of your own, US dollars"),
        min_value=1.0,
        value=None,
        step=1000.0,
        format="%.0f",
        key="budget",
        bind="query-params",
        width=420,
    )
    if budget is None:
        st.caption(t("Give the budget of a team, a firm or a household to see how long it would take."))
        return
    st.markdown(t("Your budget would take **{duration}**.", duration=pictures.duration(t, run.usd2023 / float(budget))))
    st.caption(t("Source: {sources}", sources=sources.cite(t, catalog.load(), run.source)))


def _own(t: Texts) -> None:
    finished = [run for run in runs.store().list() if run.status == "completed"]
    if not finished:
        st.info(
            t("No run has completed on this machine yet. A minute of training in the GAN Lab is enough."),
            icon=":material/info:",
        )
        st.page_link(
            "views/gan_lab.py",
            label=t("Open the GAN Lab"),
            icon=":material/arrow_forward:",
            query_params={"lang": t.lang},
        )
        return
    chosen = state.choice(st.selectbox, t("Run"), [run.run_id for run in finished], key="run", explicit=True)
    afford.show(t, runs.Ended.read(chosen))
