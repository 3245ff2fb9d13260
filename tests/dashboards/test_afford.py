"""Affordability on a page of its own: both charts for a full record, words alone for one that says nothing."""

import pytest
from streamlit.testing.v1 import AppTest
from test_pages import show

from aigc_report import catalog, i18n
from aigc_report.affordability import published
from aigc_report.i18n import LANGUAGES
from gan.store import Store

SCRIPT = """
import streamlit as st
from aigc_report import i18n
from dashboards.ui import afford
from dashboards.ui.runs import Ended
from gan.config import TrainConfig
from gan.record import Cost, RunRecord

cost = Cost() if st.query_params.get("silent") else Cost(
    energy_kwh=2.0, energy_kwh_low=1.5, energy_kwh_high=3.0, flops_total=3.6e15, train_s=1800.0
)
record = RunRecord(run_id="run-1", status="completed", created="2026-11-25", config=TrainConfig(steps=1), cost=cost)
ended = Ended("silent" if st.query_params.get("silent") else "full", None, record)
afford.show(i18n.texts(st.query_params.get("lang", "en")), ended)
"""


def shown(**query: str) -> AppTest:
    app = AppTest.from_string(SCRIPT, default_timeout=120)
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    assert not app.warning
    return app


@pytest.mark.parametrize(
    ("lang", "title"), [("en", "From this run to a frontier model"), ("zh", "从本次运行到前沿模型")]
)
def test_a_full_record_shows_emissions_and_the_scale(lang, title):
    app = shown(lang=lang)
    assert f"#### {title}" in [element.value for element in app.markdown]
    assert len(app.get("plotly_chart")) == 2


@pytest.mark.parametrize(("lang", "place", "payer"), [("en", "Germany", "household"), ("zh", "德国", "居民")])
def test_where_a_price_is_known_there_is_a_bill_in_its_own_currency(lang, place, payer):
    app = shown(lang=lang)
    bills = app.table[0].value
    assert place in bills.index
    assert bills.loc[place].iloc[0] == payer
    t = i18n.texts(lang)
    assert bills.loc[place].iloc[1] == f"{t('{low} to {high}', low='0.575', high='1.15')} {t('euros')}"  # 1.5 and 3 kWh
    assert any("H100" in element.value for element in app.markdown)


def test_a_record_without_figures_says_what_is_missing():
    app = shown(silent="1")
    said = " ".join(element.value for element in app.markdown)
    assert len(app.get("plotly_chart")) == 0
    assert "no energy" in said
    assert "no count of operations" in said


def view(**query: str) -> AppTest:
    app = show("affordability", **query)
    assert not app.exception
    assert not app.warning
    return app


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_published_run_is_set_against_a_country_and_a_budget_of_ones_own(no_runs, lang):
    app = view(lang=lang, model="GPT-4", place="KEN", budget="50000")
    t, run = i18n.texts(lang), published.runs(catalog.load())["GPT-4"]
    months = run.usd2023 / 50_000
    said = [note.value for note in app.markdown]
    assert any(t("{n} years", n=t.number(months / 12)) in note and note.count("**") == 2 for note in said)
    assert any("GPT-4" in note and catalog.load().name("KEN", lang) in note for note in said if note.startswith("####"))


def test_burdens_are_the_cost_over_gdp_per_head_and_leave_out_aggregates():
    cat = catalog.load()
    found = published.burdens(cat, 1200.0)
    assert found["DEU"].months == pytest.approx(1200 / found["DEU"].output.usd)
    assert "EU27" not in found
    assert all(run.usd2023 > 0 and run.source for run in published.runs(cat).values())


def test_without_a_run_the_page_says_where_to_make_one(no_runs):
    assert any("GAN Lab" in note.value for note in view(lang="en", kind="own").info)


@pytest.mark.torch
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_run_made_here_shows_what_it_emits_and_costs_elsewhere(one_run, lang):
    app = view(lang=lang, kind="own")
    (run,) = Store().list()
    assert app.selectbox(key="run").value == run.run_id
    t = i18n.texts(lang)
    assert f"#### {t('The same run elsewhere: emissions')}" in [note.value for note in app.markdown]
