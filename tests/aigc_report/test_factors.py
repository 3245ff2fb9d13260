"""The monitors show the latest figures that hold, and say what they can be compared with."""

import pandas as pd
import pytest

from aigc_report import catalog, document, factors, periods
from aigc_report.errors import UserError
from aigc_report.factors import Headline

ALL = [headline for factor in catalog.load().factors for headline in factors.monitor(factor.id)]


def named(indicator: str, breakdown: str = "") -> Headline:
    return next(h for h in ALL if (h.indicator, h.breakdown) == (indicator, breakdown))


@pytest.mark.parametrize("factor", [factor.id for factor in catalog.load().factors])
def test_each_factor_has_three_to_six_headlines_with_source_population_and_both_languages(factor: str) -> None:
    headlines = factors.monitor(factor)
    assert 3 <= len(headlines) <= 6
    for headline in headlines:
        assert headline.source in catalog.load().sources.index
        for text in (headline.label, headline.population):
            assert text["en"]
            assert text["zh"]


@pytest.mark.parametrize("headline", ALL, ids=lambda h: f"{h.indicator}-{h.geo}-{h.breakdown}")
def test_a_headline_is_the_last_observation_that_is_neither_doubtful_nor_a_projection(headline: Headline) -> None:
    rows = catalog.load().observations(headline.indicator, headline.geo, breakdown=headline.breakdown)
    sound = rows[~rows["flag"].str.contains("[uf]")]
    assert headline.period == max(sound["period"], key=periods.last_day)
    assert headline.value in set(sound.loc[sound["period"] == headline.period, "value"])
    assert headline.unit in set(sound["unit"])


@pytest.mark.parametrize("headline", ALL, ids=lambda h: f"{h.indicator}-{h.geo}-{h.breakdown}")
def test_a_series_has_one_value_a_period_in_order_and_ends_with_the_headline(headline: Headline) -> None:
    ends = [periods.last_day(point.period) for point in headline.series]
    assert ends == sorted(set(ends))
    assert (headline.series[-1].period, headline.series[-1].value) == (headline.period, headline.value)


def test_a_change_is_the_difference_to_the_period_before() -> None:
    text = named("ai_tech_use", "tech=nlg")
    assert text.change_from == text.series[-2].period
    assert text.change == pytest.approx(text.value - text.series[-2].value)
    assert text.change_breaks == ""


def test_a_change_across_a_wider_definition_says_so() -> None:
    firms = named("ai_use_any")
    assert firms.change is not None
    assert "d" in firms.change_breaks
    assert firms.comparison_note["en"]
    assert firms.comparison_note["zh"]


def test_periods_that_do_not_compare_give_no_change() -> None:
    investment = named("genai_private_investment_usd_bn", "edition=AI Index 2025")
    assert (investment.change, investment.change_from) == (None, None)


def test_comparison_is_the_same_question_elsewhere_and_no_later() -> None:
    large = named("ai_use_any", "size=250+")
    assert large.comparison is not None
    assert (large.comparison.breakdown, large.comparison.point.period) == ("size=10-49", large.period)
    for headline in ALL:
        if headline.comparison is not None:
            point = headline.comparison.point
            assert periods.last_day(point.period) <= periods.last_day(headline.period)
            rows = catalog.load().observations(
                headline.indicator, headline.comparison.geo, point.period, headline.comparison.breakdown
            )
            assert point.value in set(rows["value"])


def test_of_two_readings_of_one_figure_the_primary_is_shown() -> None:
    cat = catalog.load()
    rows = cat.observations("ai_use_any", "EU27", breakdown=None)
    for breakdown, group in rows.groupby("breakdown"):
        for point in factors.series(cat, "ai_use_any", "EU27", str(breakdown)):
            flags: pd.Series[str] = group.loc[group["period"] == point.period, "flag"]
            assert point.flag.startswith("p") == flags.str.startswith("p").any()


@pytest.mark.parametrize("factor", [factor.id for factor in catalog.load().factors])
def test_every_statement_with_a_factor_stands_in_exactly_one_group(factor: str) -> None:
    groups = factors.statements(factor)
    shown = [statement.id for group in groups.values() for statement in group]
    assert sorted(shown) == sorted(statement.id for statement in document.load() if factor in statement.factors)
    assert all(groups.values())


def test_an_unknown_factor_is_refused_with_those_that_exist() -> None:
    with pytest.raises(UserError, match="maturity, demand, barriers, business, policy"):
        factors.monitor("luck")
