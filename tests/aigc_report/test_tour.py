"""The tour asks what a briefing asks, answers what it finds, and points at pages that exist."""

import re
from pathlib import Path

import pytest

from aigc_report import catalog, factors, tour
from aigc_report.briefing import audiences
from aigc_report.briefing.content import PARTS
from aigc_report.charts import sparkline
from aigc_report.document.schema import READERS
from aigc_report.factors import Point

VIEWS = Path(__file__).parents[2] / "dashboards/views"


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("AIGC_REPORT_HOME", str(tmp_path))


def test_every_part_of_a_briefing_has_a_page_that_exists():
    assert set(tour.PAGES) == set(PARTS)
    assert set(tour.PAGES.values()) == set(tour.TITLES)
    assert [page for page in tour.TITLES if not (VIEWS / f"{page.replace('-', '_')}.py").is_file()] == []


@pytest.mark.parametrize("reader", READERS)
def test_every_reader_has_questions_and_the_documents_own(reader):
    assert len(tour.questions(reader)) >= 5
    assert tour.group(reader).audience == reader


def test_the_answers_follow_the_template_and_say_what_they_rest_on():
    stops = tour.stops("public", "en")
    assert [stop.id for stop in stops] == [section.id for section in audiences.load("public").sections]
    assert tour.stops("public", "en") is stops, "gathered once while nothing changed"
    people = stops[0]
    newest = catalog.load().latest("genai_individuals", "EU27", "")
    assert newest is not None
    assert f"{newest.value:.1f}%" in people.headline
    assert newest.period in people.headline
    assert [reference.kind for reference in people.references] == ["source"]
    assert people.places[0].address("en") == "factors?lang=en&factor=demand"
    claims = next(stop for stop in stops if stop.id == "claims")
    assert claims.places[0].address("zh") == "claims?lang=zh&reader=public"
    assert re.search(r"makes \d+ such claims", claims.basis)
    options = stops[-1]
    assert options.headline == ""
    assert options.basis


def test_a_line_is_broken_where_the_series_is():
    def points(*flags: str) -> list[Point]:
        return [Point(str(2020 + n), n * n, "s", flag, "") for n, flag in enumerate(flags)]  # synthetic

    assert sparkline.svg(points("v", "v", "v"), "#123456").count("L") == 2
    assert sparkline.svg(points("v", "vb", "v"), "#123456").count("L") == 1
    assert sparkline.address(points("v"), "demand") == ""
    flat = [Point("2020", 1.0, "s", "v", ""), Point("2021", 1.0, "s", "v", "")]
    assert "nan" not in sparkline.svg(flat, "#123456")


def test_every_headline_with_two_periods_has_its_course():
    drawn = [sparkline.address(h.series, h.factor) for f in catalog.load().factors for h in factors.monitor(f.id)]
    assert any(drawn)
    assert all(address.startswith("data:image/svg+xml,") for address in drawn if address)
