"""The Overview leads each reader through their questions, and says honestly what changed in the data."""

import html
import re
from pathlib import Path

import pytest
from test_pages import show, shown, stands

from aigc_report import catalog, releases, tour
from aigc_report.i18n import LANGUAGES, texts
from aigc_report.releases import Held


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_offers_every_reader_their_questions_and_gathers_no_answer_yet(no_runs: Path, lang: str) -> None:
    tour._stops.cache_clear()
    app = show("overview", lang)
    stands(app)
    assert tour._stops.cache_info().misses == 0
    text = shown(app)
    for reader in tour.NAMES:
        assert f"tour={reader}#tour" in text
        assert html.escape(tour.group(reader).text[lang]) in text
        assert html.escape(tour.questions(reader)[0].title[lang]) in text
    assert 'class="sparkline"' in text
    assert all(re.search(r"\d", alt) for alt in re.findall(r'class="sparkline" [^>]*alt="([^"]*)"', text))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_link_of_a_reader_shows_how_each_answer_stands_and_where_to_look(no_runs: Path, lang: str) -> None:
    app = show("overview", lang, tour="enterprise")
    stands(app)
    text = shown(app)
    for stop in tour.stops("enterprise", lang):
        assert html.escape(stop.question) in text
        assert html.escape(stop.headline) in text
        assert html.escape(stop.basis) in text
        assert all(html.escape(place.address(lang)) in text for place in stop.places)
    asked = tour.asked("enterprise")
    assert asked
    assert all(html.escape(question.text[lang]) in text for question in asked)
    assert app.query_params["tour"] == "enterprise"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_changes_are_told_against_the_release_before(no_runs: Path, lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    t = texts(lang)
    now = releases.summary(catalog.load())
    revised, new = list(now)[:2]
    before = {name: held for name, held in now.items() if name != new} | {
        revised: Held(now[revised].observations, "", "")
    }
    releases.changes.cache_clear()
    monkeypatch.setattr(releases, "recorded", lambda folder: {"2026-01-02": before, "2026-02-03": now})
    app = show("overview", lang)
    stands(app)
    said = [markdown.value for markdown in app.markdown if t.period("2026-01-02") in markdown.value]
    assert len(said) == 1
    assert t("{n} {what}", n=1, what=t(releases.KINDS["revised"])) in said[0]
    assert catalog.load().name(new, lang) in app.dataframe[0].value.to_string()
    releases.changes.cache_clear()


def test_the_first_release_says_so(no_runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = releases.summary(catalog.load())
    monkeypatch.setattr(releases, "recorded", lambda folder: {"2026-01-02": now})
    releases.changes.cache_clear()
    app = show("overview", "en")
    stands(app)
    assert any("the first recorded release (2 Jan 2026)" in markdown.value for markdown in app.markdown)
    releases.changes.cache_clear()
