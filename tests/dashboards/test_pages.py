"""Every page, in both languages, with and without runs: it stands, says what it must, and its link says the same."""

import html
import io
import re
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from aigc_report import catalog, document, factors, policy, sectors, tables
from aigc_report.charts import plotly
from aigc_report.charts.factors import CHARTS, RESEARCH
from aigc_report.document import schema
from aigc_report.i18n import LANGUAGES, texts
from aigc_report.technology import quality
from dashboards.ui import academia, charts, checks, observations, runs, statements
from gan.store import Store

CAT = catalog.load()
DOC = document.load()
APP = Path(__file__).parents[2] / "dashboards/app.py"
VIEWS = {
    "overview": ("How far has generative AI come?", "生成式人工智能普及到什么程度？"),
    "countries": ("Countries", "国家"),
    "sectors": ("Sectors", "行业"),
    "policy": ("Policy", "政策"),
    "factors": ("Five factors", "五大因素"),
    "diffusion": ("Diffusion", "扩散"),
    "technology": ("Technology", "技术"),
    "affordability": ("Affordability", "可负担性"),
    "document": ("The founding document", "奠基文档"),
    "gan_lab": ("GAN Lab", "GAN实验室"),
    "claims": ("Claims", "论断"),
    "data_sources": ("Data & sources", "数据与来源"),
    "methods": ("Methods", "方法"),
}


def show(view: str, lang: str, **query: str) -> AppTest:
    app = AppTest.from_file(APP, default_timeout=60)
    app.query_params["lang"] = lang
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    app.switch_page(f"views/{view}.py")
    return app.run()


def shown(app: AppTest) -> str:
    """All HTML of a page."""
    return "".join(block.proto.body for block in app.get("html"))


def stands(app: AppTest) -> None:
    assert not app.exception
    assert not [w.value for w in app.warning if "log of the server" in w.value or "服务器日志" in w.value]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("view", VIEWS)
def test_every_page_stands_without_runs(no_runs, view, lang):
    app = show(view, lang)
    stands(app)
    assert app.title[0].value == VIEWS[view][list(LANGUAGES).index(lang)]


@pytest.mark.torch
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("view", ["overview", "gan_lab"])
def test_pages_that_show_runs_stand_with_one(one_run, view, lang):
    app = show(view, lang)
    stands(app)


@pytest.mark.torch
def test_a_finished_run_shows_its_quality_its_cost_and_its_warnings_in_chinese(one_run):
    app = show("gan_lab", "zh")
    stands(app)
    assert {"质量", "成本"} <= {heading.value for heading in app.subheader}
    (run,) = runs.store().list()
    t = texts("zh")
    (shown,) = (warning.value for warning in app.warning)
    assert {f"- {t.notice(notice)}" for notice in runs.store().read(run.run_id).notices} == set(shown.splitlines())


@pytest.mark.torch
def test_the_lab_looks_at_the_folders_once_per_view_and_draws_a_run_once(one_run, monkeypatch):
    drawn, looks = [], []
    draw, survey = plotly.render, Store.survey
    monkeypatch.setattr(plotly, "render", lambda chart: drawn.append(chart.id) or draw(chart))
    monkeypatch.setattr(Store, "survey", lambda self: looks.append(1) or survey(self))
    charts._drawn.cache_clear()
    app = show("gan_lab", "en")
    assert {"losses", "quality-fid", "quality-shares"} <= set(drawn)
    drawn.clear()
    looks.clear()
    app.run()
    stands(app)
    assert not drawn
    assert len(looks) == 1


def test_a_run_that_went_on_and_ended_again_is_read_again(no_runs):
    first = runs.Ended("here", "2026-01-01T00:00:00Z", None)
    again = runs.Ended("here", "2026-01-02T00:00:00Z", None)
    assert first != again


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_error_inside_one_chart_costs_that_chart_and_nothing_else(no_runs, monkeypatch, lang):
    def broken(cat, t):
        raise ZeroDivisionError

    whole = show("overview", lang)
    monkeypatch.setattr("aigc_report.charts.adoption.barriers", broken)
    app = show("overview", lang)
    assert not app.exception
    t = texts(lang)
    sentence = t(
        "This part could not be shown; the details are in the log of the server. The rest of the page is not affected."
    )
    assert [warning.value for warning in app.warning] == [sentence]
    lost = {note.value for note in whole.markdown} - {note.value for note in app.markdown}
    assert lost == {f"#### {t('What holds firms back')}"}
    assert [heading.value for heading in app.header] == [heading.value for heading in whole.header]
    assert 'class="footer"' in shown(app)


def test_an_empty_lab_says_what_to_do(no_runs):
    app = show("gan_lab", "en")
    assert any("No run yet" in note.value for note in app.info)


def test_without_torch_the_lab_says_in_one_sentence_how_to_add_it(no_runs, monkeypatch):
    monkeypatch.setattr("gan.runner.available", lambda: False)
    app = show("gan_lab", "en")
    stands(app)
    assert any('pip install "aigc-report[gan]"' in note.value for note in app.info)
    assert not [button for button in app.button if button.key == "start"]


@pytest.mark.torch
def test_without_torch_recorded_runs_still_show(one_run, monkeypatch):
    monkeypatch.setattr("gan.runner.available", lambda: False)
    app = show("gan_lab", "en")
    stands(app)
    assert "Quality" in {heading.value for heading in app.subheader}


def test_a_half_written_run_is_named_and_does_not_take_the_lab_away(no_runs):
    folder = no_runs / "runs" / "20260101-000000-dcgan-digits-dead"
    folder.mkdir(parents=True)
    (folder / "record.json").write_text("{", encoding="utf-8")
    app = show("gan_lab", "en")
    stands(app)
    assert any("20260101-000000-dcgan-digits-dead" in note.value for note in app.markdown)


def test_a_choice_is_written_to_the_address_and_the_default_is_not(no_runs):
    app = show("countries", "en")
    assert "geo" not in app.query_params
    app.selectbox(key="geo").select("FRA").run()
    assert app.query_params["geo"] == "FRA"
    assert any("France" in heading.value for heading in app.header)


def test_a_switch_of_language_keeps_the_choice(no_runs):
    app = show("countries", "en")
    app.selectbox(key="geo").select("FRA").run()
    app.button(key="switch-language").click().run()
    stands(app)
    assert app.selectbox(key="geo").value == "FRA"
    assert any("法国" in heading.value for heading in app.header)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("factor", [factor.id for factor in observations.catalog.load().factors])
def test_every_factor_shows_what_the_document_says_beside_what_was_counted(no_runs, factor, lang):
    cat, t = observations.catalog.load(), texts(lang)
    chosen = next(f for f in cat.factors if f.id == factor)
    app = show("factors", lang, factor=factor)
    stands(app)
    said = {note.value for note in app.markdown}
    assert chosen.name[lang] in {heading.value for heading in app.header}
    assert {f"**{chosen.question[lang]}**", chosen.statement[lang]} <= said
    groups = {t(heading): group for heading, group in factors.statements(factor).items()}
    folds = {fold.label for fold in app.expander}
    assert {t("{heading} ({n})", heading=name, n=len(group)) for name, group in groups.items()} <= folds
    titles = {build(cat, t).title for build in [*CHARTS[factor], *RESEARCH]}
    assert {f"#### {title}" for title in titles} <= said


def test_an_unknown_factor_in_a_link_shows_the_first(no_runs):
    app = show("factors", "en", factor="luck")
    stands(app)
    assert "Technology maturity" in {heading.value for heading in app.header}


def test_academia_against_industry_names_its_gaps_in_both_languages(no_runs):
    cat = observations.catalog.load()
    for lang in LANGUAGES:
        gaps = academia.gaps(texts(lang), cat)
        assert len(gaps) >= 6
        assert not [gap for gap in gaps if "{" in gap]
    assert any("7 of 12 in 2014" in note.value for note in show("factors", "en").markdown)


def test_a_search_narrows_the_figures_in_either_language(no_runs):
    cat = observations.catalog.load()
    assert "genai_individuals" in observations.search(cat, "生成式").index
    assert "genai_individuals" in observations.search(cat, "generative individuals").index
    assert observations.search(cat, "no such words anywhere").empty
    app = show("data_sources", "en")
    app.text_input(key="q").set_value("no such words anywhere").run()
    assert any("No indicator matches" in note.value for note in app.info)
    assert "Sources" in {heading.value for heading in app.header}
    assert 'class="footer"' in shown(app)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("part", ["quality", "costs", "concepts", "mathematics"])
def test_every_part_of_technology_stands(no_runs, part, lang):
    stands(show("technology", lang, part=part))


def test_a_link_to_a_comparison_shows_it_and_a_wrong_one_the_first(no_runs):
    app = show("technology", "en", measure="fd_dinov2", dataset="ffhq256")
    stands(app)
    assert any("FD-DINOv2 on FFHQ 256×256" in note.value for note in app.markdown)
    app = show("technology", "en", measure="beauty", protocol="none", labels="perhaps")
    stands(app)
    assert any("FID on CIFAR-10" in note.value for note in app.markdown)


def test_another_measure_keeps_no_data_set_it_does_not_have(no_runs):
    app = show("technology", "en", dataset="stl10_48")
    app.selectbox(key="measure").select("fd_dinov2").run()
    stands(app)
    assert app.selectbox(key="dataset").value in {c.dataset for c in quality.comparisons(CAT, "fd_dinov2")}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("section", ["1.2", "2.1", "3.2", "4.2", "5.2", "7.2", "7.3"])  # every kind is in one of them
def test_a_section_of_the_document_shows_its_statements_with_their_ids(no_runs, section, lang):
    app = show("document", lang, section=section)
    stands(app)
    text = shown(app)
    assert {s.id for s in DOC.section(section) if f"<code>{s.id}</code>" not in text} == set()
    assert {s.name[lang] for s in DOC.section(section) if html.escape(s.name[lang]) not in text} == set()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_statement_is_said_with_its_id_its_verdict_and_its_sources(lang):
    t = texts(lang)
    for s in DOC:
        said = statements.article(t, s)
        assert html.escape(s.text[lang]) in said
        assert f"<code>{s.id}</code>" in said
        if s.check:
            assert checks.verdict(t, s.check) in said
            assert html.escape(s.check.note[lang]) in said
            assert all(html.escape(source.url) in said for source in s.check.sources)


def test_the_overview_of_the_document_counts_every_statement_once(no_runs):
    tally = re.findall(r"<b>\D*(\d+)</b>", shown(show("document", "en")))
    assert sum(map(int, tally)) == len(DOC)


def test_a_reader_sees_what_concerns_that_group_and_nothing_else(no_runs):
    app = show("document", "en", reader="government")
    stands(app)
    listed = set(re.findall(r'<p class="place"><a [^>]*><code>([^<]+)</code>', shown(app)))
    assert listed == {s.id for s in DOC.for_reader("government")}


def test_a_search_of_statements_answers_in_both_languages_and_says_when_it_finds_nothing(no_runs):
    for words in ("coursera", "吴恩达"):
        app = show("document", "zh")
        app.text_input(key="q").set_value(words).run()
        stands(app)
        assert "resource.course" in shown(app)
    app.text_input(key="q").set_value("no such words").run()
    assert any("没有匹配的陈述" in note.value for note in app.info)


def test_a_link_to_one_statement_shows_it_and_another_choice_leaves_it(no_runs):
    app = show("document", "en", id="paper.gan")
    stands(app)
    assert "A Tutorial on Generative Adversarial Nets" in shown(app)
    assert "listing.libraries" not in shown(app)
    app.selectbox(key="section").select("5.1").run()
    stands(app)
    assert "listing.libraries" in shown(app)
    assert "id" not in app.query_params
    stands(show("document", "en", id="paper.nowhere"))


def test_every_verdict_basis_and_effect_has_words():
    assert set(checks.VERDICTS) == set(get_args(schema.Verdict))
    assert set(statements.BASES) == set(get_args(schema.Basis))
    assert set(statements.EFFECTS) == {d.effect for d in DOC.of(schema.Defect)}


def test_a_download_names_its_sources_and_runs_no_formula():
    cat = observations.catalog.load()
    rows = cat.observations(indicator="ai_use_any", geo="EU27").assign(note='=HYPERLINK("http://example.org")')
    text = tables.csv(rows, cat).decode("utf-8-sig")
    table = pd.read_csv(io.StringIO(text))
    assert {"source_publisher", "source_url", "source_licence"} <= set(table.columns)
    assert table["note"].str.startswith("'=").all()
    assert pd.api.types.is_numeric_dtype(table["value"])


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("sector", sectors.SECTORS)
def test_every_sector_and_every_question_of_it_stands(no_runs, sector, lang):
    app = show("sectors", lang, sector=sector)
    stands(app)
    assert app.query_params.get("sector", ["media"]) in (sector, [sector])
    t = texts(lang)
    cat = observations.catalog.load()
    kinds = {asked.kind: asked.id for asked in sectors.questions(cat, sector)}
    assert set(kinds) == {"answers", "over_time", "single"}
    for code in kinds.values():
        app.selectbox(key="question").select(code).run()
        stands(app)
    for indicator in sectors.shared(cat):
        app.selectbox(key="across").select(indicator).run()
        stands(app)
        assert any(t("**Not ranked, because**") in note.value for note in app.markdown)


@pytest.mark.parametrize("measure", sectors.MEASURES)
def test_every_measure_of_industries_stands_in_a_link(no_runs, measure):
    app = show("sectors", "zh", measure=measure, sector="health")
    stands(app)
    assert app.selectbox(key="measure").value == measure


def test_a_link_to_filtered_policy_shows_the_same_instruments_in_either_language(no_runs):
    for lang, count in (("en", "4 of 86 instruments"), ("zh", "共86项政策，符合条件的4项")):
        app = show("policy", lang, jurisdiction="CHN", duty="registration")
        stands(app)
        assert any(count in note.value for note in app.caption)
        app.text_input(key="find").set_value("拟人化").run()
        stands(app)
        assert list(app.selectbox(key="instrument").options) == [
            "Interim Measures for the Administration of AI Anthropomorphic (Human-like) Interaction Services"
        ]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_policy_search_without_a_hit_says_what_to_do_and_keeps_the_rest_of_the_page(no_runs, lang):
    app = show("policy", lang)
    app.text_input(key="find").set_value("no such words anywhere").run()
    stands(app)
    t = texts(lang)
    empty = t("No instrument matches. Take a word or a filter away; the search reads both languages.")
    assert empty in {note.value for note in app.info}
    assert t("Who demands what") in {heading.value for heading in app.header}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_instruments_without_any_date_leave_the_time_line_empty_in_words(no_runs, lang):
    app = show("policy", lang, year=policy.NO_YEAR)
    stands(app)
    assert texts(lang)("None of these instruments has a date.") in {note.value for note in app.info}


def test_policy_says_when_statuses_were_read(no_runs):
    app = show("policy", "en")
    assert any("as read in Jul 2026" in note.value for note in app.info)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_link_opens_its_note_in_english_and_says_so_in_chinese(no_runs, lang):
    app = show("methods", lang, note="metrics")
    stands(app)
    assert '<article class="note" lang="en">' in shown(app)
    assert 'id="memorisation"' in shown(app)
    assert f"note=index-eu27&amp;lang={lang}" in shown(show("methods", lang))
    assert bool([note for note in app.info if "英文" in note.value]) is (lang == "zh")


def test_no_page_loads_torch():
    script = f"""
import sys
from streamlit.testing.v1 import AppTest
app = AppTest.from_file({str(APP)!r}, default_timeout=60).run()
for view in {list(VIEWS)!r}:
    app.switch_page(f"views/{{view}}.py").run()
    assert not app.exception
print(sorted({{"torch", "torchvision", "sklearn"}} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=200, check=True)
    assert done.stdout.strip() == "[]"
