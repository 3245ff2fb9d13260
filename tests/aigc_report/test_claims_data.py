"""The shipped claims on data, facts and norms: each can be tested as declared, on figures that may decide."""

from functools import cache
from typing import Any

import pytest
import yaml

from aigc_report import catalog, document, i18n
from aigc_report.claims import words
from aigc_report.claims.queries import QUERIES, parts
from aigc_report.flags import DOUBTFUL, PROJECTION
from gan.experiments.evidence import Evidence

CAT = catalog.load()
CLAIMS: dict[str, dict[str, Any]] = {
    claim["id"]: claim
    for claim in yaml.safe_load((CAT.folder / "document/claims.yaml").read_text(encoding="utf-8"))
    if claim["kind"] != "experiment"
}
BY_DATA = {id: claim for id, claim in CLAIMS.items() if claim["kind"] == "data"}
UNTESTED = {"claim.cost_time", "claim.finance_education", "claim.knowledge_graphs"}
"""Claims that the figures at hand cannot test, as their descriptions say."""


@cache
def evidence(id: str) -> Evidence:
    query = dict(BY_DATA[id]["test"]["query"])
    return QUERIES[query.pop("name")](CAT, **query)


@cache
def flags() -> dict[str, list[str]]:
    """Observation, as findings name it, to all flags it has in any source."""
    found: dict[str, list[str]] = {}
    for name, flag in zip(parts.row_ids(CAT.all_observations), CAT.all_observations["flag"], strict=True):
        found.setdefault(name, []).append(str(flag))
    return found


def test_there_are_claims_of_every_kind_and_each_says_what_it_cannot():
    kinds = [claim["kind"] for claim in CLAIMS.values()]
    assert kinds.count("data") >= 16
    assert kinds.count("fact") >= 14
    assert kinds.count("norm") >= 5
    for claim in CLAIMS.values():
        for text in (
            claim["statement"],
            claim["reading"],
            claim["limits"],
            claim["changes_mind"],
            claim["test"]["described"],
        ):
            assert text["en"].strip()
            assert text["zh"].strip()


@pytest.mark.parametrize("id", BY_DATA)
def test_a_query_gives_every_finding_its_rule_names_or_none_and_the_reason(id):
    wanted = {condition["finding"] for condition in BY_DATA[id]["rule"]["conditions"]}
    found = {finding.name for finding in evidence(id).findings}
    if id in UNTESTED:
        assert not wanted & found
        assert evidence(id).warnings
        assert "untested" in BY_DATA[id]["test"]["described"]["en"]
    else:
        assert wanted <= found


@pytest.mark.parametrize("id", [id for id in BY_DATA if id not in UNTESTED])
def test_no_claim_rests_on_a_doubtful_figure_or_a_projection(id):
    query = BY_DATA[id]["test"]["query"]["name"]
    for finding in evidence(id).findings:
        assert finding.rows
        if query == "instruments":
            assert set(finding.rows) <= set(CAT.policy.index)
            continue
        for row in finding.rows:
            assert any(not {DOUBTFUL, PROJECTION} & set(flag) for flag in flags()[row]), row


@pytest.mark.parametrize("id", BY_DATA)
def test_findings_and_charts_are_named_in_both_languages(id):
    for finding in evidence(id).findings:
        assert finding.about["en"]
        assert finding.about["zh"]
    for series in evidence(id).series:
        assert series.points
        assert all(name["en"] and name["zh"] for name in (series.x_name, series.y_name))


def test_every_query_is_used_by_a_claim():
    assert {claim["test"]["query"]["name"] for claim in BY_DATA.values()} == set(QUERIES)


def test_facts_and_numbers_asked_name_sources_of_the_package_and_statements_of_the_document():
    doc = document.load()
    for claim in CLAIMS.values():
        assert all(doc[about] for about in claim["about"])
        for fact in claim["test"].get("facts", []):
            assert fact["source"] in CAT.sources.index
            assert doc[fact["about"]].check is not None
        for figure in claim["test"].get("query", {}).get("figures", {}).values():
            assert figure.get("asked_source", "s_bidmc_gp") in CAT.sources.index


def test_every_unit_of_a_finding_has_a_name_in_both_languages():
    units = {finding.unit for id in BY_DATA for finding in evidence(id).findings}
    assert units - set(words.PLAIN) <= i18n.UNITS.keys()


def test_a_fact_is_never_judged_against_what_the_document_page_says_of_it():
    doc = document.load()
    verdicts = {frozenset({True}): "supported", frozenset({False}): "contradicted"}
    allowed = {
        "confirmed": {"supported"},
        "partly_confirmed": {"partly", "supported"},
        "contradicted": {"contradicted"},
        "not_found": {"contradicted"},
    }
    for claim in CLAIMS.values():
        if claim["kind"] == "fact":
            verdict = verdicts.get(frozenset(fact["holds"] for fact in claim["test"]["facts"]), "partly")
            for about in {fact["about"] for fact in claim["test"]["facts"]}:
                assert verdict in allowed[doc[about].check.verdict], claim["id"]


def test_facts_and_norms_have_no_thresholds_and_every_threshold_has_a_reason():
    for claim in CLAIMS.values():
        assert ("rule" in claim) == (claim["kind"] == "data")
        for condition in claim.get("rule", {}).get("conditions", []):
            assert condition["reason"]["en"].strip()
            assert condition["reason"]["zh"].strip()
        if claim["kind"] == "norm":
            assert {"measure", "complies"} == set(claim["test"]["norm"])
