"""Affordability on a page of its own: both charts for a full record, words alone for one that says nothing."""

import pytest
from streamlit.testing.v1 import AppTest

from aigc_report import i18n

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
