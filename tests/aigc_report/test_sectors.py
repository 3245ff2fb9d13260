"""Sectors: a ranking stands only inside one survey and one question; all else is side by side, with the reason."""

import csv
import dataclasses
import re
from collections import Counter

import pandas as pd
import pytest

from aigc_report import breakdowns, catalog, document, i18n, periods, sectors
from aigc_report.charts import sectors as drawn
from aigc_report.charts import words
from aigc_report.document.schema import Remark
from aigc_report.errors import UserError

CAT = catalog.load()
ALL = [question for sector in sectors.SECTORS for question in sectors.questions(CAT, sector)]


def rows_of(file: str) -> list[dict[str, str]]:
    with (CAT.folder / "observations" / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize("measure", sectors.MEASURES)
def test_a_ranking_of_industries_is_one_survey_one_question_one_period(measure):
    frame = sectors.industries(CAT, measure)
    for column in ("indicator", "geo", "period", "unit", "source"):
        assert frame[column].nunique() == 1, column
    assert frame["value"].is_monotonic_decreasing
    assert frame["industry"].is_unique
    for row in frame.itertuples():
        assert row.rank == 1 + sum(value > row.value for value in frame["value"])


def test_the_figures_of_an_industry_are_those_of_the_table():
    table = {
        (r["indicator"], r["period"], r["breakdown"]): r["value"]
        for r in rows_of("eurostat_enterprises.csv")
        if r["geo"] == "EU27"
    }
    for measure, (indicator, rest) in {
        "eu_any": ("ai_use_any", ""),
        "eu_text": ("ai_tech_use", ";tech=nlg"),
        "eu_pictures": ("ai_tech_use", ";tech=image_video_audio_generation"),
    }.items():
        for row in sectors.industries(CAT, measure).itertuples():
            code = f"nace={row.industry}{rest}"
            assert row.value == float(table[indicator, "2025", code])
            before = table.get((indicator, "2024", code))
            assert row.before == float(before) if before is not None else pd.isna(row.before)
        assert row.total == float(table[indicator, "2025", rest.removeprefix(";")])


def divisions(code: str) -> set[str]:
    """What a code of NACE holds, as divisions; a section as a whole holds its letter."""
    code, _, without = code.partition("_X_")
    found: set[str] = set()
    for part in code.split("_"):
        low, _, high = part.partition("-")
        if not re.search(r"\d", part):
            found |= {low}
        else:
            last = int((high or low)[1:])
            found |= {f"{low[0]}{n}" for n in range(int(low[1:]), last + 1)}
    return found - ({without} if without else set())


@pytest.mark.parametrize("level", sectors.LEVELS)
def test_the_industries_of_a_level_do_not_overlap(level):
    seen: set[str] = set()
    for code in sectors.LEVELS[level]:
        held = divisions(code)
        sections = {name[0] for name in held}
        assert not held & seen, code
        assert not sections & seen, f"{code} is part of a section that is there as a whole"
        assert not held & {name[0] for name in seen}, f"{code} holds what is there in parts"
        seen |= held


def test_where_a_sector_is_among_the_industries_exists_in_the_data():
    for sector in sectors.SECTORS:
        for measure in sectors.MEASURES:
            known = {c for level in sectors.LEVELS for c in sectors.industries(CAT, measure, level)["industry"]}
            near = sectors.nearest(sector, measure)
            assert not near or known & set(near)
    assert sectors.nearest("health", "eu_any") == ()


def test_every_figure_of_a_sector_belongs_to_exactly_one_question():
    wanted = Counter(
        (r["indicator"], r["geo"], r["period"], r["breakdown"])
        for r in CAT.all_observations.to_dict("records")
        if "sector" in breakdowns.parse(r["breakdown"]) and "u" not in r["flag"]
    )
    found = Counter(
        (r["indicator"], r["geo"], r["period"], r["breakdown"]) for q in ALL for r in q.frame.to_dict("records")
    )
    assert found == wanted
    assert len({(q.sector, q.id) for q in ALL}) == len(ALL)


@pytest.mark.parametrize("question", ALL, ids=lambda q: f"{q.sector}-{q.id}")
def test_what_stands_together_is_one_survey_one_unit_and_one_question(question):
    assert question.current["unit"].nunique() == 1
    assert question.current["indicator"].nunique() == 1
    parsed = [breakdowns.parse(b) for b in question.current["breakdown"]]
    for key in sectors.IDENTITY:
        assert len({p.get(key) for p in parsed}) == 1, key
    assert len({tuple(sorted(p)) for p in parsed}) == 1
    assert not question.current["flag"].str.contains("[fu]").any()
    if question.kind == "answers":
        assert question.current["period"].nunique() == 1
        assert len(question.current) > 1
        names = [
            drawn.answer(CAT, i18n.texts("en"), question, geo, code)
            for geo, code in zip(question.current["geo"], question.current["answer"], strict=True)
        ]
        assert len(set(names)) == len(names)
    if question.kind == "over_time":
        assert question.current["geo"].nunique() == question.current["answer"].nunique() == 1
        dates = [periods.last_day(period) for period in question.current["period"]]
        assert dates == sorted(dates)
        assert len(set(dates)) > 1
        assert not question.current["flag"].iloc[1:].str.contains("[bd]").any()


def question(code: str) -> sectors.Question:
    return next(q for q in ALL if q.id == code)


def test_a_question_whose_wording_changed_starts_anew():
    asked = question("ai_use_share~survey.hubspot")
    assert len(asked.frame) == 2
    assert list(asked.current["period"]) == ["2026"]
    assert asked.kind == "single"


def test_a_projection_is_never_the_latest_figure():
    asked = question("genai_ad_share~survey.iab_video")
    assert "2026" in set(asked.frame["period"])
    assert asked.period == "2025"


def test_answers_of_users_and_of_everybody_are_not_ranked_together():
    bases = {q.fixed for q in ALL if q.indicator == "consumer_genai_shopping_share" and q.survey == "adobe"}
    assert bases == {"base=consumers;survey=adobe", "base=genai_users;survey=adobe"}


def test_side_by_side_keeps_the_order_of_the_document_and_says_how_many_surveys_there_are():
    order = list(sectors.SECTORS)
    assert set(sectors.shared(CAT)) >= {"genai_org_use_share", "ai_use_share"}
    for indicator in sectors.shared(CAT):
        found = sectors.side_by_side(CAT, indicator)
        places = [order.index(sector) for sector in found.frame["sector"]]
        assert places == sorted(places)
        assert len(set(places)) > 1
        assert set(found.surveys) == {breakdowns.parse(b)["survey"] for b in found.frame["breakdown"]}


def test_only_one_survey_of_one_period_and_place_compares_sectors():
    compared = {i: sectors.side_by_side(CAT, i).comparable for i in sectors.shared(CAT)}
    assert {i for i, sets in compared.items() if sets} == {"genai_traffic_growth_yoy"}
    (rows,) = compared["genai_traffic_growth_yoy"]
    for column in ("survey", "period", "geo", "unit"):
        assert rows[column].nunique() == 1
    assert list(rows["sector"]) == ["ecommerce", "media"]


def test_doubtful_figures_are_left_out_everywhere():
    """Synthetic: the whole table marked doubtful, but one figure."""
    table = CAT.all_observations.copy()
    kept = (table["indicator"] == "physician_ai_use_share") & (table["period"] == "2026")
    table.loc[~kept, "flag"] = "pu"
    marked = dataclasses.replace(CAT, all_observations=table)
    assert [len(sectors.questions(marked, sector)) for sector in sectors.SECTORS] == [0, 0, 0, 0, 1]
    with pytest.raises(UserError, match="no figures by industry"):
        sectors.industries(marked, "eu_any")


def test_the_sectors_are_those_of_the_document_each_with_checked_examples():
    doc = document.load()
    assert [f"sector.{s}" for s in sectors.SECTORS] == [s.id for s in doc.of(Remark, "sector")]
    claims = [sectors.claim(doc, sector) for sector in sectors.SECTORS]
    assert all(len(claim.examples) >= 2 and all(e.check for e in claim.examples) for claim in claims)
    assert {e.id for c in claims for e in c.examples} == {s.id for s in doc if s.kind == "example"}


def test_every_code_of_a_sector_or_industry_has_words_in_both_languages():
    parsed = [breakdowns.parse(text) for text in CAT.all_observations["breakdown"].unique()]
    pairs = {pair for p in parsed for pair in p.items() if "sector" in p or pair[0] in ("nace", "naics")}
    assert not [pair for pair in pairs if pair not in words.VALUES]
    assert not [key for key, _ in pairs if key not in words.KEYS]


@pytest.mark.parametrize(
    "asked",
    [
        lambda: sectors.industries(CAT, "mars"),
        lambda: sectors.industries(CAT, "eu_any", "atoms"),
        lambda: sectors.questions(CAT, "mining"),
        lambda: sectors.side_by_side(CAT, "ai_use_any"),
        lambda: sectors.nearest("mining", "eu_any"),
        lambda: sectors.claim(document.load(), "mining"),
    ],
)
def test_what_does_not_exist_is_named_with_what_does(asked):
    with pytest.raises(UserError, match="there are "):
        asked()


@pytest.mark.parametrize(
    ("period", "year"),
    [("2025", 2025.5), ("2025-S1", 2025 + 90 / 365), ("2025-Q4", 2025 + 318.5 / 365), ("2025-01-01", 2025.0)],
)
def test_a_period_stands_in_its_middle_on_an_axis_of_years(period, year):
    assert periods.decimal_year(period) == pytest.approx(year, abs=0.002)
