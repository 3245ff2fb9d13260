"""Members compared on Five factors, a country in depth on Countries: in both languages, and kept in the link."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from aigc_report.i18n import LANGUAGES, texts
from aigc_report.index import profiles

APP = Path(__file__).parents[2] / "dashboards/app.py"


def show(view: str, lang: str, **query: str) -> AppTest:
    app = AppTest.from_file(APP, default_timeout=60)
    for key, value in {"lang": lang, **query}.items():
        app.query_params[key] = value
    app.run()
    app.switch_page(f"views/{view}.py")
    return app.run()


def stands(app: AppTest) -> None:
    assert not app.exception
    assert not [warning.value for warning in app.warning]


def said(app: AppTest) -> str:
    return "\n".join(element.value for element in app.markdown)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("raised", "to"), [("AI_ANY", "40"), ("SKILLS_BASIC", "83.5")])
def test_a_link_to_a_what_if_shows_its_answer(no_runs, lang, raised, to):
    t = texts(lang)
    app = show("countries", lang, geo="DEU", to=to, **{"raise": raised})
    stands(app)
    assert app.selectbox(key="raise").value == raised
    assert app.number_input(key="to").value == float(to)
    answer = next(table.value for table in app.table if t("Rank then") in table.value.columns)
    expected = profiles.what_if("eu27", "DEU", {raised: float(to)}).changes().loc["TOTAL"]
    assert answer[t("Rank then")].iloc[0] == str(int(expected["rank_after"]))
    assert answer[t("Score then")].iloc[0] == t.number(expected["score_after"], 1)


def test_another_indicator_gives_another_answer_and_stands_in_the_link(no_runs):
    app = show("countries", "en", geo="FRA")
    before = next(table.value for table in app.table if "Rank then" in table.value.columns)
    app.selectbox(key="raise").select("SKILLS_ICT").run()
    stands(app)
    after = next(table.value for table in app.table if "Rank then" in table.value.columns)
    assert not before.equals(after)
    assert app.query_params["raise"] == "SKILLS_ICT"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_coherence_of_the_index_stands_with_what_it_led_to(no_runs, lang):
    t = texts(lang)
    app = show("countries", lang)
    table = next(table.value for table in app.table if t("Cronbach's alpha") in table.value.columns)
    assert len(table) == 7
    assert t("What the checks led to") in {fold.label for fold in app.expander}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("factor", ["barriers", "policy", "demand"])
def test_a_factor_compares_members_and_says_where_nothing_can_be_put_together(no_runs, factor, lang):
    t = texts(lang)
    app = show("factors", lang, factor=factor)
    stands(app)
    compared = [table.value for table in app.table if t("Highest") in table.value.columns]
    assert len(compared) == 1
    absent = t("**No composite view.** {reason}", reason="") in said(app)
    assert absent == (factor != "demand")
    reasons = [table.value for table in app.table if t("First in industries") in table.value.columns]
    assert len(reasons) == (factor == "barriers")
    assert not reasons or len(reasons[0]) == 8
