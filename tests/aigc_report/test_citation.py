"""A citation names what was read, what it rests on, in which state and when; BibTeX survives any title."""

from datetime import date

import pytest

from aigc_report import __version__, catalog, citation
from aigc_report.charts import adoption
from aigc_report.charts.readable import readable
from aigc_report.i18n import LANGUAGES, texts

CAT = catalog.load()
DAY = date(2026, 11, 25)


@pytest.mark.parametrize(("lang", "day"), [("en", "25 Nov 2026"), ("zh", "2026年11月25日")])
def test_a_chart_is_cited_in_one_sentence(lang, day):
    t = texts(lang)
    chart = adoption.people(CAT, t)
    said = citation.of(CAT, chart.id, chart.title, chart.sources, DAY).text(t, "http://here/#chart-people")
    for part in (chart.title, day, __version__, CAT.digest[:12], "Eurostat", "http://here/#chart-people"):
        assert part in said
    assert "{" not in said


def test_bibtex_holds_a_title_with_signs_that_mean_something_there():
    cited = citation.Citation("x", r"50% of R&D_cost \ #1", ("A",), "0" * 12, DAY)
    entry = cited.bibtex("http://here/?a=1#chart-x")
    assert entry.startswith("@misc{aigc-report-x-20261125,")
    assert r"title = {{50\% of R\&D\_cost  \#1}}" in entry
    assert "url = {http://here/?a=1#chart-x}" in entry
    assert "urldate = {2026-11-25}" in entry
    assert entry.count("{") == entry.count("}")


def test_many_publishers_are_counted_and_not_listed():
    cited = citation.Citation("x", "Title", tuple(f"P{n}" for n in range(9)), "0" * 12, DAY)
    assert "P0, P1, P2 and 6 more" in cited.text(texts("en"), "")
    assert "P3" not in cited.bibtex("")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_table_to_read_has_words_for_codes_and_nothing_that_only_draws(lang):
    t = texts(lang)
    table, alike = readable(adoption.use_ranking(CAT, t, "ai_use_any"), CAT, t)
    assert {t("Place"), t("Value")} <= set(table.columns)
    assert {t("Source"), t("Period"), t("Indicator")} <= set(alike)
    assert CAT.name("DEU", lang) in set(table[t("Place")])
    assert "text" not in table.columns
    assert table[t("Value")].dtype == "float64"
    assert len(table) == 27
