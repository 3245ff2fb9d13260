"""Verdicts are what the rule says of the evidence: tests against another library, and how conditions add up.

All evidence in this file is synthetic.
"""

import math
from datetime import datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter
from scipy import stats

from aigc_report.claims import inference, reach, words
from aigc_report.claims.schema import Claim, Condition, Rule
from aigc_report.claims.verdict import judge, weigh
from aigc_report.document import entries
from aigc_report.i18n import texts
from gan.experiments.evidence import Estimate, Evidence, Exact, Finding, Proportion, Replicates

WORDS = {"en": "Words", "zh": "文字"}
CLOSE = {"rel": 1e-9, "abs": 1e-12}


def finding(error, value: float, name: str = "x") -> Finding:
    return Finding(name=name, value=value, unit="1", error=error, n=4)


def replicates(values: list[float], name: str = "x") -> Finding:
    return finding(Replicates(values=values), float(np.mean(values)), name)


def evidence(*findings: Finding, made: str = "2026-11-26T00:00:00Z", size="quick") -> Evidence:
    return Evidence(
        test="made_up", size=size, made=datetime.fromisoformat(made), machine="none", findings=list(findings)
    )


def condition(relation="above", threshold=1.0, name: str = "x", role="main") -> dict:
    return {"finding": name, "is": relation, "threshold": threshold, "role": role, "reason": WORDS}


def claim(*conditions: dict, id: str = "claim.made_up") -> Claim:
    return entries._adapter(Claim).validate_python(
        {
            "id": id,
            "kind": "experiment",
            "statement": WORDS,
            "reading": WORDS,
            "test": {"experiment": "made_up", "described": WORDS},
            "rule": {"version": 1, "declared": "2026-11-25", "conditions": list(conditions)},
            "limits": WORDS,
            "changes_mind": WORDS,
        }
    )


def verdict(found: Evidence, *conditions: dict):
    return judge([(claim(*conditions), found)], size="quick", basis="local")["claim.made_up"]


SURE, UNSURE = [2.0, 2.1, 1.9, 2.0], [0.0, 4.0, 2.5, 1.5]


@given(st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=9), st.floats(-1e3, 1e3))
@settings(max_examples=60, deadline=None)
def test_replicates_are_tested_as_scipy_tests_them(values, threshold):
    if np.std(values) < 1e-6:
        return
    ours = inference.p_value(replicates(values), threshold)
    theirs = stats.ttest_1samp(values, threshold)
    assert ours == pytest.approx(theirs.pvalue, rel=1e-6, abs=1e-9)
    assert inference.interval(replicates(values)) == pytest.approx(tuple(theirs.confidence_interval()), rel=1e-6)


@given(st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.floats(0.01, 0.99))
@settings(max_examples=60, deadline=None)
def test_counts_are_tested_by_the_exact_binomial(counts, threshold):
    k, n = counts
    share = finding(Proportion(successes=k, trials=n), k / n)
    tails = [stats.binomtest(k, n, threshold, side).pvalue for side in ("less", "greater")]
    assert inference.p_value(share, threshold) == pytest.approx(min(1, 2 * min(tails)), **CLOSE)
    exact = stats.binomtest(k, n).proportion_ci(method="exact")
    assert inference.interval(share) == pytest.approx((exact.low, exact.high), **CLOSE)


def test_an_interval_leaves_a_threshold_out_exactly_where_the_test_decides():
    for found in (
        replicates(SURE),
        finding(Proportion(successes=7, trials=40), 7 / 40),
        finding(Estimate(se=0.2), 1.0),
    ):
        for end in inference.interval(found):
            assert inference.p_value(found, end) == pytest.approx(inference.LEVEL, rel=1e-6)


def test_an_estimate_follows_t_where_it_names_degrees_of_freedom_and_the_normal_law_where_not():
    assert inference.p_value(finding(Estimate(se=0.5), 1.0), 0.0) == pytest.approx(2 * stats.norm.sf(2), **CLOSE)
    assert inference.p_value(finding(Estimate(se=0.5, df=3), 1.0), 0.0) == pytest.approx(2 * stats.t.sf(2, 3), **CLOSE)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
@settings(max_examples=60, deadline=None)
def test_p_values_are_adjusted_as_scipy_adjusts_them(p_values):
    assert inference.benjamini_hochberg(p_values) == pytest.approx(stats.false_discovery_control(p_values), **CLOSE)


def test_no_p_values_are_adjusted_to_none():
    assert inference.benjamini_hochberg([]) == []


@pytest.mark.parametrize(
    ("found", "asked", "code"),
    [
        (replicates(SURE), condition(), "supported"),
        (replicates(SURE), condition("below"), "contradicted"),
        (replicates(UNSURE), condition(), "inconclusive"),
        (replicates(SURE), condition("within", [1, 3]), "supported"),
        (replicates(SURE), condition("within", [3, 4]), "contradicted"),
        (replicates(SURE), condition("within", [0, 1]), "contradicted"),
        (replicates(SURE), condition("within", [1.99, 2.5]), "inconclusive"),
        (replicates([2.0]), condition(), "inconclusive"),
        (replicates([2.0, 2.0]), condition(), "supported"),
        (replicates([1.0, 1.0]), condition(), "inconclusive"),
        (finding(Exact(), 2.0), condition(), "supported"),
        (finding(Exact(), 1.0), condition(), "contradicted"),
        (finding(Exact(), 1.0), condition("within", [1, 2]), "supported"),
        (finding(Proportion(successes=40, trials=40), 1.0), condition("above", 0.9), "supported"),
        (finding(Proportion(successes=10, trials=10), 1.0), condition("above", 0.9), "inconclusive"),
        (finding(Proportion(successes=0, trials=40), 0.0), condition("below", 0.1), "supported"),
        (finding(Exact(), math.nan), condition(), "inconclusive"),
        (finding(Exact(), 2.0, "another"), condition(), "untested"),
    ],
)  # fmt: skip
def test_one_condition_gives_the_verdict_its_evidence_bears(found, asked, code):
    assert verdict(evidence(found), asked).code == code


def test_conditions_that_hold_and_fail_support_a_part():
    found = evidence(replicates(SURE, "x"), replicates(SURE, "y"))
    assert verdict(found, condition(), condition("below", 1.0, "y")).code == "partly_supported"


def test_a_condition_that_chance_explains_keeps_the_whole_from_being_supported():
    found = evidence(replicates(SURE, "x"), replicates(UNSURE, "y"))
    assert verdict(found, condition(), condition(name="y")).code == "inconclusive"


@pytest.mark.parametrize("guard", [[0.0, 0.1, 0.0, -0.1], UNSURE])
def test_a_guard_that_does_not_hold_makes_everything_inconclusive(guard):
    found = evidence(replicates(SURE, "x"), replicates(guard, "g"))
    told = verdict(found, condition(), condition(name="g", role="guard"))
    assert told.code == "inconclusive"
    assert [o.state for o in told.main] == ["holds"]


def test_many_conditions_together_need_more_than_one_alone():
    alone = evidence(replicates([1.2, 1.6, 1.9, 2.2]))
    assert verdict(alone, condition()).code == "supported"
    others = [(claim(condition(), id=f"claim.other_{i}"), evidence(replicates(UNSURE))) for i in range(9)]
    together = judge([(claim(condition()), alone), *others], size="quick", basis="local")
    assert together["claim.made_up"].code == "inconclusive"
    assert together["claim.made_up"].together == 10


def test_claims_of_ones_own_do_not_move_the_shipped_verdicts():
    shipped = [(claim(condition()), evidence(replicates([1.2, 1.6, 1.9, 2.2])))]
    own = [(claim(condition(), id="claim.mine"), evidence(replicates(UNSURE)))]
    assert judge(shipped)["claim.made_up"].together == 1
    told = judge(own, beside=shipped)
    assert set(told) == {"claim.mine"}
    assert told["claim.mine"].together == 2


def test_a_verdict_names_its_evidence_its_rule_and_what_to_mind():
    told = verdict(evidence(replicates(SURE), made="2026-11-20T00:00:00Z"), condition())
    assert (told.size, told.basis, told.tested.isoformat(), told.rule.version) == ("quick", "local", "2026-11-20", 1)
    assert told.notices == ("rule_after_evidence",)
    assert verdict(evidence(replicates(SURE)), condition()).notices == ()


def test_figures_older_than_their_rule_are_no_surprise():
    told = verdict(evidence(replicates(SURE), made="2026-11-20T00:00:00Z", size=None), condition())
    assert told.notices == ()


@pytest.mark.parametrize(
    ("holds", "code"),
    [([True, True], "supported"), ([False], "contradicted"), ([True, False], "partly_supported")],
)
def test_facts_add_up(holds, code):
    facts = [{"about": "paper.gan", "holds": h, "source": "s", "note": WORDS} for h in holds]
    found = entries._adapter(Claim).validate_python(
        {
            "id": "claim.facts",
            "kind": "fact",
            "statement": WORDS,
            "reading": WORDS,
            "test": {"facts": facts, "described": WORDS},
            "limits": WORDS,
            "changes_mind": WORDS,
        }
    )
    assert weigh(found).code == code


def rule(*conditions: dict) -> Rule:
    found = claim(*conditions).rule
    assert found is not None
    return found


def test_a_rule_that_would_pass_whatever_happens_is_found_out():
    assert {"supported", "contradicted"} <= reach.codes(rule(condition()))
    both_ways = rule(condition(), condition("above", 2.0, role="guard"))
    assert "contradicted" not in reach.codes(both_ways)
    never = rule(condition("above", 2.0), condition("below", 1.0))
    assert "supported" not in reach.codes(never)


@given(st.lists(st.floats(-10, 10), min_size=1, max_size=3), st.sampled_from(["above", "below"]))
@settings(max_examples=40, deadline=None)
def test_what_a_rule_can_say_does_not_depend_on_the_order_of_its_conditions(thresholds, relation):
    conditions = [condition(relation, t, name="xyz"[i]) for i, t in enumerate(thresholds)]
    assert reach.codes(rule(*conditions)) == reach.codes(rule(*reversed(conditions)))


def test_the_digest_of_a_rule_is_that_of_what_it_asks():
    one, two = condition(), condition("below", 3.0, "y")
    reworded = {**one, "reason": {"en": "Other", "zh": "别的"}}
    assert rule(one, two).versions[-1].digest == rule(two, reworded).versions[-1].digest
    assert rule(one).versions[-1].digest != rule(condition(threshold=1.1)).versions[-1].digest
    assert isinstance(rule(one).conditions[0], Condition)


@pytest.mark.parametrize(
    ("relation", "threshold", "unit", "english", "chinese"),
    [
        ("above", 1.0, "times a year", "above a factor of 1 a year", "高于每年1倍"),
        ("above", 1.0, "percentage points a year", "above 1 percentage point a year", "高于每年1个百分点"),
        ("below", 0.0, "doublings a year", "below zero", "低于零"),
        ("above", 50.0, "percent", "above 50%", "高于50%"),
        ("within", (0.8, 1.25), "1", "between 0.8 and 1.25", "介于0.8与1.25之间"),
    ],
)
def test_what_a_condition_needs_reads_as_people_say_it(relation, threshold, unit, english, chinese):
    asked = TypeAdapter(Condition).validate_python(condition(relation, threshold))
    assert words.wanted(texts("en"), asked, unit) == english
    assert words.wanted(texts("zh"), asked, unit) == chinese


@pytest.mark.parametrize(
    ("values", "english", "chinese"),
    [
        ((2.0,), "its one condition holds", "唯一的条件成立"),
        ((2.0, 3.0), "both conditions hold", "两个条件均成立"),
        ((0.0, 0.5, 0.1), "all 3 conditions fail", "3个条件均不成立"),
        ((2.0, 0.5, 0.1), "of 3 conditions, 1 held, 2 failed", "3个条件中，1个成立、2个不成立"),
    ],
)
def test_a_verdict_counts_its_conditions_without_saying_two_of_two(values, english, chinese):
    findings = [finding(Exact(), value, f"x{i}") for i, value in enumerate(values)]
    found = verdict(evidence(*findings), *(condition(name=f.name) for f in findings))
    assert english in words.sentence(texts("en"), found)
    assert chinese in words.sentence(texts("zh"), found)
