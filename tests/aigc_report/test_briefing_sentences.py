"""Sentences of a briefing say what the figures carry: every case of every template, in both languages.

The figures here are synthetic, except where the shipped index is named.
"""

import dataclasses
import re
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aigc_report import catalog, i18n
from aigc_report.briefing import sentences
from aigc_report.briefing.content import countries, evidence, forecasts, industries, measurement, options, verdicts
from aigc_report.briefing.desk import Desk, difference_unit, worded
from aigc_report.briefing.ground import Ground
from aigc_report.briefing.model import Number, plain
from aigc_report.catalog import Observation
from aigc_report.factors import Headline, Point

LANGS = ("en", "zh")
LABEL = {"en": "A made-up figure", "zh": "虚构数据"}
RISE = {"en": (", up ", "Up from", "more than before"), "zh": ("上升",)}
FALL = {"en": (", down ", "Down from", "less than before"), "zh": ("下降",)}


def ground_of(values: dict[str, float], indicator: str = "ai_use_any", unit: str = "percent") -> Ground:
    """A ground whose only observations are synthetic ones of the EU, one a period."""
    rows = [
        {"indicator": indicator, "geo": "EU27", "period": period, "breakdown": "", "value": value, "unit": unit}
        | {"source": "s_estat_ai", "flag": "s", "note": ""}
        for period, value in values.items()
    ]
    return Ground(dataclasses.replace(catalog.load(), all_observations=pd.DataFrame(rows)))


def desk_of(lang: str, ground: Ground | None = None) -> Desk:
    return Desk(ground or Ground(), i18n.texts(lang), "government")


def headline(values: dict[str, float], unit: str = "percent", breaks: str = "") -> Headline:
    points = tuple(Point(period, value, "s_estat_ai", "s" + breaks, "") for period, value in values.items())
    change = points[-1].value - points[-2].value if len(points) > 1 else None
    return Headline(
        factor="maturity",
        label=LABEL,
        indicator="ai_use_any",
        geo="EU27",
        breakdown="",
        period=points[-1].period,
        value=points[-1].value,
        unit=unit,
        source="s_estat_ai",
        flag="s",
        note="",
        population=LABEL,
        series=points,
        change=change,
        change_from=points[-2].period if change is not None else None,
        change_breaks=breaks,
    )


def said(lang: str, found: Headline) -> list[str]:
    desk = desk_of(lang, ground_of({point.period: point.value for point in found.series}, unit=found.unit))
    return [plain(runs) for runs in sentences.changed(desk, found)]


shares = st.floats(0, 100, allow_nan=False)


@pytest.mark.parametrize("lang", LANGS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(now=shares, before=shares)
def test_a_change_is_called_what_the_printed_figures_show(lang, now, before):
    t = i18n.texts(lang)
    texts = said(lang, headline({"2024": before, "2025": now}))
    rises, falls = (any(word in text for text in texts for word in words[lang]) for words in (RISE, FALL))
    assert not (rises and falls)
    if t.value(now, "percent") == t.value(before, "percent"):
        assert not rises
        assert not falls
    elif rises or falls:
        assert rises == (now > before)
        assert worded(t, abs(now - before), "points") in texts[0]
        assert not re.search(rf"(?<![\d.,]){re.escape(worded(t, 0.0, 'points'))}", texts[0])


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    ("values", "breaks", "case"),
    [
        ({"2024": 10.0, "2025": 20.0}, "", "up"),
        ({"2024": 20.0, "2025": 10.0}, "", "down"),
        ({"2024": 20.0, "2025": 20.0}, "", "same"),
        ({"2024": 20.0, "2025": 20.01}, "", "same"),
        ({"2024": 10.0, "2025": 20.0}, "d", "broken"),
        ({"2025": 20.0}, "", "first"),
    ],
)
def test_each_case_has_its_own_sentence_with_its_figures(lang, values, breaks, case):
    found, t = headline(values, breaks=breaks), i18n.texts(lang)
    assert sentences.case_of(t, found) == case
    title, further, whole = said(lang, found)
    assert t.value(found.value, "percent") in title
    assert t.value(found.value, "percent") in whole
    assert t.period("2025") in title
    if case in ("up", "down", "broken"):
        assert t.value(values["2024"], "percent") in title + further
    if case not in ("up", "down"):
        assert not any(word in text for text in (title, further, whole) for word in (*RISE[lang], *FALL[lang]))


@pytest.mark.parametrize("lang", LANGS)
def test_a_place_without_a_figure_is_named_as_such(lang):
    a = Observation("ai_use_any", "EU27", "2025", "", 20.0, "percent", "s_estat_ai", "s", "")
    text = plain(sentences.compared(desk_of(lang, ground_of({"2025": 20.0})), ("A", a), ("B", None)))
    assert "20.0%" in text
    assert "B" in text
    assert text.count("%") == 1


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(("b", "words"), [(10.0, "up"), (30.0, "down"), (20.04, "same")])
def test_two_figures_are_compared_by_what_is_printed(lang, b, words):
    ground = ground_of({"2025": 20.0, "2024": b})
    first, second = (
        Observation("ai_use_any", "EU27", period, "", value, "percent", "s_estat_ai", "s", "")
        for period, value in (("2025", 20.0), ("2024", b))
    )
    text = plain(sentences.compared(desk_of(lang, ground), ("A", first), ("B", second)))
    english = {"up": "above", "down": "below", "same": "the same"}
    marks = {"en": english, "zh": {"up": "高", "down": "低", "same": "相同"}}
    assert marks[lang][words] in text
    assert not any(mark in text for key, mark in marks[lang].items() if key != words)


@given(value=st.floats(-1e6, 1e6), before=st.floats(-1e6, 1e6))
def test_directions_turn_round_with_their_figures(value, before):
    t = i18n.texts("en")
    turned = {"up": "down", "down": "up", "same": "same"}
    for unit in ("percent", "USD billion", "mentions"):
        assert sentences.direction(t, before, value, unit) == turned[sentences.direction(t, value, before, unit)]
        assert sentences.direction(t, value, value, unit) == "same"


def test_a_difference_of_percentages_is_in_points_and_of_counts_is_bare():
    assert difference_unit("percent") == difference_unit("percent of GDP") == "points"
    assert worded(i18n.texts("en"), 6.47, "points") == "6.5 points"
    assert worded(i18n.texts("zh"), 6.47, "points") == "6.5个百分点"
    assert worded(i18n.texts("en"), 34, difference_unit("regulations")) == "34"
    assert difference_unit("USD billion") == "USD billion"


TABLES = {
    f"{module.__name__.rsplit('.', 1)[-1]}.{name}": getattr(module, name)
    for module, names in (
        (sentences, ("CHANGES", "FURTHER", "HEADLINES", "COMPARISONS", "ENDS", "RANKS", "INTERVALS", "ORDERS")),
        (sentences, ("FORECASTS", "BACKTESTS", "BESIDE")),
        (forecasts, ("HEADLINES",)),
        (evidence, ("PLACES", "PUBLISHED", "BACKTESTED")),
        (industries, ("ENDS",)),
        (measurement, ("QUALITY", "BASES")),
        (verdicts, ("COUNTS",)),
    )
    for name in names
}


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", TABLES)
def test_the_cases_of_a_table_are_told_apart(name, lang):
    said = [i18n.texts(lang)(message) for message in TABLES[name].values()]
    assert len(set(said)) == len(said)


def test_a_sentence_refuses_a_value_it_has_no_place_for():
    with pytest.raises(ValueError, match="no place for gap"):
        desk_of("en").say(sentences.COMPARISONS["same"], first="A", second="B", a="1", gap="2")


@pytest.mark.parametrize("lang", LANGS)
def test_every_member_of_the_index_is_placed_with_its_interval(lang):
    desk = desk_of(lang)
    result = desk.ground.index()
    for geo in result.scores.index:
        own = dataclasses.replace(desk, geo=(str(geo),))
        finding = next(block for block in countries.position(own, figure=False, figures=False, profile=False))
        numbers = {run.id: run for run in (*finding.headline, *finding.runs) if isinstance(run, Number)}
        rank = next(number for ident, number in numbers.items() if ident.endswith("TOTAL.rank"))
        assert rank.value == result.ranks.at[geo, result.total]
        tied = int((result.ranks[result.total] == rank.value).sum())
        assert (len([n for n in numbers if n.endswith("TOTAL.tied")]) == 1) == (tied > 1)


def test_an_order_is_a_finding_only_where_nine_of_ten_replications_agree():
    desk = desk_of("en")
    result = desk.ground.index()
    above = result.uncertainty.above()
    units = [str(unit) for unit in result.ordered()]
    for first, second in pairwise(units):
        text = plain(countries._order(desk, first, second))
        share = above[second][first]
        assert ("not a finding" in text) == (0.1 < share < 0.9), (first, second, share)


def test_each_side_of_an_option_has_something_and_the_sides_follow_the_figures():
    desk = desk_of("en")
    for name, course in options.COURSES.items():
        made = options.option(desk, name)
        assert made.speaks_for
        assert made.speaks_against
        assert plain(made.speaks_against[-1]) == course.unknown
    known = {name for course in options.COURSES.values() for name in (*course.bears, *course.turned)}
    assert known <= set(evidence.EVIDENCE)


@pytest.mark.parametrize(("expertise", "side"), [(90.0, True), (1.0, False)])
def test_a_reason_speaks_for_its_remedy_only_where_many_name_it(expertise, side):
    cat = catalog.load()
    rows = cat.all_observations.copy()
    asked = (rows["indicator"] == "ai_barrier_considerers") & (rows["breakdown"] == "barrier=expertise")
    rows.loc[asked, "value"] = expertise
    desk = desk_of("en", Ground(dataclasses.replace(cat, all_observations=rows)))
    found = evidence.EVIDENCE["expertise"](desk)
    assert found is not None
    assert found[0] is side
    assert ("upper half" in plain(found[1])) is side
