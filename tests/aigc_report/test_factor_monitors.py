"""Factors across the members: what is compared compares, figures agree with an independent way, and gaps are said."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aigc_report import catalog, factors, index
from aigc_report.breakdowns import parse
from aigc_report.errors import UserError
from aigc_report.factors import interest, members, reasons

CAT = catalog.load()
PAIRS = [(factor, question) for factor, questions in members.QUESTIONS.items() for question in questions]


def test_every_factor_is_compared_in_the_order_of_the_document():
    assert list(members.QUESTIONS) == [factor.id for factor in CAT.factors]


@pytest.mark.parametrize(("factor", "question"), PAIRS)
def test_a_question_is_one_indicator_of_one_unit_with_a_spread_over_one_set_of_members(factor, question):
    found = members.ask(CAT, factor, question)
    assert CAT.indicators.at[question.indicator, "pillar"] in (factor, "demand" if factor == "barriers" else factor)
    assert found.spread["n"].nunique() == 1
    assert len(found.spread) >= 1
    assert not found.values["flag"].str.contains("[uf]").any()
    assert found.values["geo"].is_unique
    assert found.highest["value"].min() >= found.lowest["value"].max()
    for period, n in found.left_out.items():
        assert n < members.COVERED
        assert period not in found.spread.index


def test_the_spread_of_one_year_is_that_of_the_raw_rows():
    """An independent way: the rows as they stand in the table, and numpy's own figures."""
    found = members.ask(CAT, "maturity", members.Question("ai_use_any"))
    rows = CAT.all_observations
    eu = CAT.geographies.index[CAT.geographies["eu27"]]
    mask = (rows["indicator"] == "ai_use_any") & (rows["period"] == "2025") & (rows["breakdown"] == "")
    raw = rows[mask & rows["geo"].isin(eu)]["value"]
    assert len(raw) == found.spread.at["2025", "n"] == 27
    assert found.spread.at["2025", "cv"] == pytest.approx(np.std(raw) / np.mean(raw))
    assert found.spread.at["2025", "range"] == pytest.approx(raw.max() - raw.min())
    assert found.spread.at["2025", "redefined"] == 27  # the list of technologies grew in 2025, and the flag says so
    assert found.trend is not None
    assert found.trend.breaks == "d"


@settings(max_examples=30, deadline=None)
@given(
    values=st.lists(st.floats(0.1, 100), min_size=2, max_size=27),
    scale=st.floats(0.01, 100),
)
def test_the_coefficient_of_variation_knows_no_unit_and_no_order(values, scale):
    """Synthetic values."""

    def cv(numbers):
        rows = pd.DataFrame(
            {"geo": [str(i) for i in range(len(numbers))], "period": "2025", "value": numbers, "flag": "p"}
        )
        return members.spread(rows, ["2025"]).at["2025", "cv"]

    assert cv(values) == pytest.approx(cv([scale * value for value in values]), abs=1e-9)
    assert cv(values) == pytest.approx(cv(values[::-1]), abs=1e-9)


def test_a_member_that_answers_once_moves_no_spread():
    """Synthetic values: with the newcomer the figures of both years are those without it."""
    steady = [("A", "2024", 1.0), ("B", "2024", 3.0), ("A", "2025", 2.0), ("B", "2025", 4.0)]
    rows = pd.DataFrame([*steady, ("C", "2025", 99.0)], columns=["geo", "period", "value"]).assign(flag="p")
    found = members.spread(rows, ["2024", "2025"])
    pd.testing.assert_frame_equal(found, members.spread(rows[rows["geo"] != "C"], ["2024", "2025"]))
    assert found["n"].tolist() == [2, 2]


def test_a_factor_with_two_indicators_is_put_together_from_the_pillars_of_the_index():
    built = index.build("eu27")
    demand = factors.composite("demand")
    assert demand.pillars == ("PEOPLE",)
    pd.testing.assert_series_equal(
        demand.scores["score"].sort_index(), built.scores["PEOPLE"].sort_index(), check_names=False
    )
    maturity = factors.composite("maturity")
    mean = built.scores[list(maturity.pillars)].mean(axis=1)
    assert maturity.scores["score"].to_dict() == pytest.approx(mean.to_dict())
    assert maturity.scores["rank"].iloc[0] == 1


@pytest.mark.parametrize("factor", ["barriers", "business", "policy"])
def test_a_factor_without_two_indicators_says_why_in_both_languages(factor):
    found = factors.composite(factor)
    assert found.scores.empty
    assert found.absent is not None
    assert all(found.absent[lang] for lang in ("en", "zh"))


def test_an_unknown_factor_is_refused_in_a_sentence():
    with pytest.raises(UserError, match='no factor "luck"'):
        factors.across("luck")
    with pytest.raises(UserError, match='about a factor "luck"'):
        factors.composite("luck")


def test_reasons_are_ranked_and_their_changes_are_those_of_the_table():
    found = reasons.ranked(CAT)
    assert found["value"].is_monotonic_decreasing
    assert found["rank"].tolist() == sorted(found["rank"])
    rows = CAT.observations(reasons.CONSIDERERS, "EU27", breakdown=[f"barrier={reason}" for reason in found.index])
    values = rows.set_index([rows["breakdown"].map(lambda b: parse(b)["barrier"]), "period"])["value"]
    for reason, row in found.iterrows():
        assert row["change"] == pytest.approx(values[reason, "2025"] - values[reason, "2024"])
        assert row["change_first"] == pytest.approx(values[reason, "2025"] - values[reason, "2023"])


@pytest.mark.parametrize(("key", "groups"), [("size", 3), ("nace", 11)])
def test_reasons_by_size_and_industry_are_groups_of_which_none_holds_another(key, groups):
    found = reasons.by_group(CAT, key)
    assert found["group"].nunique() == groups
    assert set(found.groupby("group")["rank"].min()) == {1}
    assert key != "nace" or found["group"].str.len().max() == 1


def test_reasons_nobody_was_asked_for_are_refused():
    with pytest.raises(UserError, match="no reasons"):
        reasons.ranked(CAT, geo="USA")
    with pytest.raises(UserError, match="not broken down"):
        reasons.by_group(CAT, "age")


def test_the_gap_covers_the_members_that_publish_both_and_fills_none():
    found = interest.gap(CAT)
    published = set(CAT.observations(interest.CONSIDERED, period="2025")["geo"])
    assert set(found.index) == published
    assert "EU27" in found.index
    assert len(found) == 23
    assert (found["interested"] <= 100).all()
    assert found["waiting"].is_monotonic_decreasing
    assert not found["use"].isna().any()


@pytest.mark.parametrize("period", ["2023", "2024", "2025"])
def test_who_considered_it_agrees_with_the_reasons_counted_on_both_populations(period):
    """An independent way to the same share: a reason among all firms over that reason among those who considered AI.

    Both come from the survey; they differ by up to half a point, which the documentation says.
    """
    derived = interest.over_time(CAT).at[period, "waiting"]
    for reason in reasons.ranked(CAT).index:
        every, asked = (
            CAT.observations(indicator, "EU27", period, f"barrier={reason}")["value"].iloc[0]
            for indicator in (reasons.ALL, reasons.CONSIDERERS)
        )
        assert math.isclose(100 * every / asked, derived, abs_tol=0.6)
