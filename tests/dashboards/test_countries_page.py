"""Countries: weights and methods rank again and stand in the link, units side by side, and a table of one's own."""

import io
import tomllib
import zipfile
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from aigc_report import i18n, index
from aigc_report.i18n import LANGUAGES
from aigc_report.index import own
from dashboards.ui import country, country_weigh, twins

APP = Path(__file__).parents[2] / "dashboards/app.py"
FAILED = ("log of the server", "服务器日志")


def show(lang: str, **query: str) -> AppTest:
    app = AppTest.from_file(APP, default_timeout=60)
    app.query_params["lang"] = lang
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    return stands(app.switch_page("views/countries.py").run())


def stands(app: AppTest) -> AppTest:
    assert not app.exception
    assert not [w.value for w in app.warning if any(words in w.value for words in FAILED)]
    return app


def test_a_link_with_weights_and_methods_ranks_as_they_say_and_a_reset_takes_them_away(no_runs):
    app = show("en", w="FIRMS:2,AI_ANY:0", normalise="zscore", aggregate="copeland", k="3")
    (moved,) = [note.value for note in app.info if note.value.startswith("Your choice")]
    chosen = country_weigh.Variant((("FIRMS", 2.0), ("AI_ANY", 0.0)), "zscore", "copeland")
    rank = country.eu27().ranked(chosen).ranks.at["DEU", "TOTAL"]
    before = country.eu27().result.ranks.at["DEU", "TOTAL"]
    assert moved.startswith(f"Your choice: Germany moves from rank {before} to {rank}. On average")
    assert app.slider(key="weight-FIRMS").value == 2
    app.button(key="reset-weights").click().run()
    stands(app)
    assert not {"w", "normalise", "aggregate"} & set(app.query_params)
    assert not [note.value for note in app.info if note.value.startswith("Your choice")]


def test_a_slider_writes_itself_to_the_address(no_runs):
    app = show("zh")
    app.slider(key="weight-SKILLS").set_value(3.0).run()
    stands(app)
    assert app.query_params["w"] in ("SKILLS:3", ["SKILLS:3"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_weights_of_nothing_are_refused_in_a_sentence_and_the_page_stays(no_runs, lang):
    app = show(lang, w="ADOPTION:0,ENABLING:0")
    assert len(app.error) == 1
    assert i18n.texts(lang)("Side by side") in {heading.value for heading in app.header}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_up_to_six_stand_side_by_side_and_a_seventh_in_a_link_is_left_out(no_runs, lang):
    app = show(lang, **{"with": "FRA,ITA,ESP,POL,DNK,FIN,NOWHERE"})
    assert list(app.multiselect(key="with").value) == ["FRA", "ITA", "ESP", "POL", "DNK"]
    ranks = next(table.value for table in app.table if len(table.value.columns) == 3 and len(table.value) == 6)
    assert list(ranks.columns) == [
        country.name(i18n.texts(lang), country.eu27(), c) for c in ("TOTAL", "ADOPTION", "ENABLING")
    ]


def test_a_chart_under_own_weights_has_an_address_that_draws_it_again():
    t = i18n.texts("en")
    chosen = country_weigh.Variant((("FIRMS", 2.0),), normalise="rank")
    found = twins.address(t, country.ranking, t, "TOTAL", "DEU", chosen)
    assert found is not None
    parts = urlsplit(found)
    again = twins.chart(parts.path.removeprefix("/charts/").removesuffix(".{format}"), dict(parse_qsl(parts.query)))
    assert again.frame.equals(country.ranking(t, "TOTAL", "DEU", chosen).frame)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_table_of_ones_own_gets_the_same_page(no_runs, lang):
    table, structure = own.template(lang)
    app = show(lang)
    app.get("file_uploader")[0].set_value(("mine.csv", table.encode(), "text/csv")).run()
    app.get("file_uploader")[1].set_value(("parts.csv", structure.encode(), "text/csv")).run()
    stands(app)
    t = i18n.texts(lang)
    assert not app.error
    headings = {heading.value for heading in app.header}
    assert {t("Who is among the first"), t("Side by side"), t("Does the index hang together?")} <= headings
    shown = app.session_state["own-shown"]
    published = index.build("eu27")
    assert shown.result.ranks["TOTAL"].equals(published.ranks["TOTAL"])
    assert shown.result.structure[f"name_{lang}"].equals(published.structure[f"name_{lang}"])
    assert shown.result.names.at["DNK", f"name_{lang}"] == published.names.at["DNK", f"name_{lang}"]
    files = {own.SPEC_FILE: "a", own.TABLE_FILE: app.session_state[country.OWN].csv()}
    with zipfile.ZipFile(io.BytesIO(country_weigh._zipped(files))) as archive:
        assert archive.namelist() == list(files)
    assert tomllib.loads(country_weigh.write.toml(shown.inputs.spec))["data"]["units"] == own.TABLE_FILE


def test_an_own_table_stays_for_the_visit_until_it_is_removed(no_runs):
    app = show("en")
    bring(app, b"place,a,b\nA,1,5\nB,2,6\nC,3,9\n")
    stands(app.switch_page("views/methods.py").run())
    stands(app.switch_page("views/countries.py").run())
    assert app.selectbox(key="geo").value == "A"
    bring(app, b"place,a\nA,1\nA,2\nC,x\n", "faulty.csv")
    assert len(app.error) == 1
    assert app.selectbox(key="geo").value == "A"
    assert any("Kept for this visit: mine.csv" in note.value for note in app.caption)
    stands(app.switch_page("views/methods.py").run())
    stands(app.switch_page("views/countries.py").run())
    stands(app.button(key="own-remove").click().run())
    assert app.selectbox(key="geo").value == "DEU"


def test_weights_of_an_own_structure_are_not_cut_to_the_sliders(no_runs):
    app = show("en")
    bring(app, b"place,a,b\nA,1,5\nB,2,6\nC,3,9\n")
    parts = "1,a,A,1,30,T,Indicator\n1,b,B,1,60,T,Indicator\n2,T,Total,1,1,,Aggregate\n"
    described = f"Level,iCode,iName,Direction,Weight,Parent,Type\n{parts}".encode()
    stands(app.get("file_uploader")[1].set_value(("parts.csv", described, "text/csv")).run())
    assert app.slider(key="weight-b").value == 60
    assert app.slider(key="weight-b").max == 100
    assert not [note.value for note in app.info if note.value.startswith("Your choice")]


def test_names_in_an_own_table_are_shown_letter_by_letter(no_runs):
    app = show("en")
    head = "place,GNI ($),cost ($),![x](https://example.org/x.png)"
    bring(app, f"{head}\n**A**,1,5,3\n[B](https://example.org),2,6,1\nC,3,9,2\n".encode())
    labels = [slider.label for slider in app.slider]
    assert labels == ["GNI (\\$)", "cost (\\$)", "!\\[x\\](https://example.org/x.png)"]
    written = "\n".join(note.value for note in (*app.markdown, *app.caption, *app.header))
    assert "![x](" not in written
    assert "[B](" not in written
    assert app.selectbox(key="geo").options == ["**A**", "C", "[B](https://example.org)"]


def bring(app: AppTest, content: bytes, name: str = "mine.csv") -> None:
    stands(app.get("file_uploader")[0].set_value((name, content, "text/csv")).run())


def test_a_table_with_faults_names_every_one_and_leaves_the_page_as_it_was(no_runs):
    app = show("en")
    app.get("file_uploader")[0].set_value(("bad.csv", b"uCode,a,b\nX,1,2\nX,k,2\n,3,2\n", "text/csv")).run()
    stands(app)
    assert [error.value for error in app.error] == ["Problems: 4. Correct them and bring the file again."]
    assert any('row 3, column a: "k" is not a number' in note.value for note in app.markdown)
    assert app.selectbox(key="geo").value == "DEU"


def test_a_choice_that_moves_nothing_says_so(no_runs):
    app = show("en", w="ADOPTION:2,ENABLING:2")  # the two halves count as much as before
    (moved,) = [note.value for note in app.info if note.value.startswith("Your choice")]
    rank = country.eu27().result.ranks.at["DEU", "TOTAL"]
    assert moved == f"Your choice: Germany stays at rank {rank}. No rank moves."
