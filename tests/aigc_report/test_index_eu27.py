"""The index of the 27 members: complete, derived from the data package alone, and open about what it leaves out."""

import json

import numpy as np
import pytest

from aigc_report import catalog, index
from aigc_report.flags import DOUBTFUL
from aigc_report.index import IndexResult, treat

FACTORS = {"maturity", "demand", "barriers", "business", "policy"}


@pytest.fixture(scope="module")
def result() -> IndexResult:
    return index.build("eu27")


def test_all_27_members_are_ranked_once_under_the_names_of_the_catalogue(result: IndexResult) -> None:
    units = result.to_json()["units"]
    cat = catalog.load()
    assert {unit["unit"] for unit in units} == set(cat.geographies.index[cat.geographies["eu27"]])
    assert len(units) == 27
    assert "GRC" in result.scores.index
    assert [unit["ranks"]["TOTAL"] for unit in units] == sorted(unit["ranks"]["TOTAL"] for unit in units)
    for unit in units:
        assert (unit["name"], unit["name_zh"]) == (cat.name(unit["unit"], "en"), cat.name(unit["unit"], "zh"))


def test_scores_follow_from_the_observations_by_hand(result: IndexResult) -> None:
    cat = catalog.load()
    members = cat.geographies.index[cat.geographies["eu27"]]

    def scaled(indicator: str, period: str, breakdown: str = "") -> dict[str, float]:
        rows = cat.observations(indicator, list(members), period, breakdown)
        low, high = rows["value"].min(), rows["value"].max()
        return {geo: 100 * (value - low) / (high - low) for geo, value in zip(rows["geo"], rows["value"], strict=True)}

    def mean(*parts: dict[str, float]) -> dict[str, float]:
        return {geo: sum(part[geo] for part in parts) / len(parts) for geo in parts[0]}

    firms = mean(
        scaled("ai_use_any", "2025"),
        scaled("ai_tech_use", "2025", "tech=nlg"),
        scaled("ai_tech_use", "2025", "tech=image_video_audio_generation"),
    )
    people = mean(scaled("genai_individuals", "2025"), scaled("genai_individuals", "2025", "age=16-24"))
    skills = mean(scaled("digital_skills_basic", "2025"), scaled("ict_specialists", "2024"))
    base = mean(scaled("cloud_sophisticated", "2025"), scaled("data_analytics", "2025"))
    adoption, enabling = mean(firms, people), mean(skills, base)
    for code, expected in (("ADOPTION", adoption), ("ENABLING", enabling), ("TOTAL", mean(adoption, enabling))):
        assert dict(result.scores[code]) == pytest.approx(expected, abs=1e-9)


def test_adoption_and_conditions_are_ranked_separately_and_together(result: IndexResult) -> None:
    for code in ("TOTAL", "ADOPTION", "ENABLING"):
        assert sorted(result.ranks[code])[0] == 1
        assert (result.ranks[code] == result.scores[code].rank(method="min", ascending=False)).all()
    assert not (result.ranks["ADOPTION"] == result.ranks["ENABLING"]).all()


def test_no_condition_counts_the_use_of_ai_itself(result: IndexResult) -> None:
    structure = result.structure
    enabling = structure[structure["parent"].isin(("SKILLS", "BASE"))]
    assert not enabling["indicator"].str.contains("ai_|dii").any()
    used = structure.loc[structure["indicator"] != "", ["indicator", "breakdown"]]
    assert not used.duplicated().any()
    assert not {"ai_use_2plus", "dii_basic"} & set(used["indicator"])


def test_every_value_is_observed_and_none_is_doubtful(result: IndexResult) -> None:
    assert (result.coverage == "observed").to_numpy().all()
    assert not result.flags.map(lambda flag: DOUBTFUL in flag).to_numpy().any()
    assert result.sources.isin(catalog.load().sources.index).to_numpy().all()


def test_no_indicator_needs_treatment_as_the_spec_says(result: IndexResult) -> None:
    for code in result.raw:
        assert treat.passes(result.raw[code].to_numpy(np.float64), 2.0, 3.5), code


def test_a_factor_is_scored_or_its_absence_is_explained_in_both_languages(result: IndexResult) -> None:
    scored = set(result.structure.loc[result.structure["indicator"] != "", "factor"])
    left_out = {entry["factor"] for entry in result.not_scored}
    assert scored | left_out == FACTORS
    assert not scored & left_out
    assert all(entry["reason_en"] and entry["reason_zh"] for entry in result.not_scored)
    assert [entry["factor"] for entry in result.to_json()["not_scored"]] == ["barriers", "business", "policy"]


def test_every_line_of_the_structure_says_why_it_is_there_in_both_languages(result: IndexResult) -> None:
    for column in ("name_en", "name_zh", "reason_en", "reason_zh"):
        assert (result.structure[column] != "").all(), column
    assert result.structure["name_zh"].str.contains(r"[\u4e00-\u9fff]").all()
    assert result.spec.name_zh


def test_a_countrys_profile_sets_its_values_beside_the_unions(result: IndexResult) -> None:
    profile = result.profile("DEU")
    cat = catalog.load()
    union = cat.observations("genai_individuals", "EU27", "2025").iloc[0]["value"]
    assert profile.at["PEOPLE_ALL", "benchmark"] == union
    assert profile.at["PEOPLE_ALL", "value"] == cat.observations("genai_individuals", "DEU", "2025").iloc[0]["value"]
    assert profile["rank"].between(1, 27).all()
    assert (profile["source"] != "").all()


def test_the_document_is_plain_json_and_names_the_data_it_rests_on(result: IndexResult) -> None:
    document = json.loads(json.dumps(result.to_json(), allow_nan=False))
    assert document["data"]["digest"] == catalog.load().digest
    assert set(document["units"][0]["scores"]) == set(document["units"][0]["ranks"]) == set(result.scores.columns)


def test_all_shipped_specs_build() -> None:
    for name in index.shipped():
        assert index.build(name).scores.notna().to_numpy().any()
