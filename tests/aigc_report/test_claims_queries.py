"""Each query finds what was put into a small table, and takes neither doubtful figures nor projections nor breaks.

The tables of this file are synthetic: made up, with answers known beforehand.
"""

import dataclasses
from typing import Any

import numpy as np
import pandas as pd
import pytest

from aigc_report import catalog
from aigc_report.catalog import Catalog
from aigc_report.claims.queries import QUERIES
from aigc_report.claims.queries import models as queries_models
from aigc_report.errors import UserError
from gan.experiments.evidence import Estimate, Evidence, Exact, Finding, Proportion, Replicates

REAL = catalog.load()
MEMBERS = [str(geo) for geo in REAL.geographies.index[REAL.geographies["eu27"]]]
COLUMNS = ["indicator", "geo", "period", "breakdown", "value", "unit", "source", "flag", "note"]


def row(indicator: str, geo: str, period: str, value: float, breakdown: str = "", **more: str) -> dict[str, Any]:
    unit = str(REAL.indicators.at[indicator, "unit"])
    asked = {"indicator": indicator, "geo": geo, "period": period, "breakdown": breakdown, "value": float(value)}
    return {**asked, "unit": unit, "source": "synthetic", "flag": "p", "note": "", **more}


def table(rows: list[dict[str, Any]], policy: pd.DataFrame | None = None) -> Catalog:
    """A catalogue of these rows alone, with the real descriptions of indicators and places."""
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return dataclasses.replace(REAL, all_observations=frame, policy=REAL.policy if policy is None else policy)


def ask(name: str, cat: Catalog, **arguments: Any) -> Evidence:
    found = QUERIES[name](cat, **arguments)
    assert found.test == name
    assert Evidence.model_validate_json(found.model_dump_json()) == found
    return found


def get(evidence: Evidence, name: str) -> Finding:
    finding = evidence.finding(name)
    assert finding is not None, evidence.warnings
    return finding


def spread(finding: Finding) -> list[float]:
    assert isinstance(finding.error, Replicates)
    return finding.error.values


def counts(finding: Finding) -> tuple[int, int]:
    assert isinstance(finding.error, Proportion)
    return finding.error.successes, finding.error.trials


def two_years(n: int = 12, **more: str) -> list[dict[str, Any]]:
    """Members whose use rises by 2 points and one more each, over four years."""
    return [
        row("ai_use_any", geo, period, value)
        for at, geo in enumerate(MEMBERS[:n])
        for period, value in (("2020", 10 + at), ("2024", 12 + 2 * at))
    ]


def test_change_is_counted_a_year_within_each_member():
    found = ask("panel_change", table(two_years()), indicator="ai_use_any", first="2020", last="2024")
    change = get(found, "change_per_year")
    assert spread(change) == pytest.approx([(2 + at) / 4 for at in range(12)], rel=1e-3)
    assert change.n == 12
    assert f"ai_use_any|{MEMBERS[0]}|2020|" in change.rows
    assert counts(get(found, "share_rising")) == (12, 12)


def test_members_with_a_new_definition_a_doubtful_figure_or_a_projection_do_not_count():
    rows = two_years(13)
    for at, flag in ((1, "pd"), (3, "pu"), (5, "pf")):
        rows[at]["flag"] = flag
    found = ask("panel_change", table(rows), indicator="ai_use_any", first="2020", last="2024")
    assert get(found, "change_per_year").n == 10
    assert any("break" in w for w in found.warnings)
    assert not {MEMBERS[0], MEMBERS[1], MEMBERS[2]} & {r.split("|")[1] for r in get(found, "change_per_year").rows}


def test_a_break_in_the_first_period_does_no_harm():
    rows = two_years()
    rows[0]["flag"] = "pb"
    assert (
        get(ask("panel_change", table(rows), indicator="ai_use_any", first="2020", last="2024"), "change_per_year").n
        == 12
    )


def test_few_members_carry_no_test_and_the_reason_is_given():
    found = ask("panel_change", table(two_years(9)), indicator="ai_use_any", first="2020", last="2024")
    assert found.findings == []
    assert found.warnings


def test_reach_is_the_share_of_all():
    route = "route=open_source_modified"
    rows = two_years() + [
        row("ai_acquisition_users", geo, period, value, route)
        for geo in MEMBERS[:12]
        for period, value in (("2020", 50), ("2024", 25))
    ]
    found = ask(
        "panel_change",
        table(rows),
        indicator="ai_acquisition_users",
        breakdown=route,
        first="2020",
        last="2024",
        among="ai_use_any",
    )
    assert spread(get(found, "change_per_year")) == pytest.approx([-25 / 4] * 12, rel=1e-3)
    assert counts(get(found, "share_rising")) == (0, 12)
    expected = [(0.25 * (12 + 2 * at) - 0.5 * (10 + at)) / 4 for at in range(12)]
    assert spread(get(found, "reach_per_year")) == pytest.approx(expected, rel=1e-3)


def test_level_is_the_mean_over_the_members_and_their_spread():
    found = get(ask("panel_level", table(two_years()), indicator="ai_use_any", period="2024"), "level")
    assert found.value == pytest.approx(np.mean([12 + 2 * at for at in range(12)]))


def by_size(ratio: float) -> Catalog:
    rows = [
        row("ai_use_any", geo, "2025", value, f"size={size}")
        for at, geo in enumerate(MEMBERS[:15])
        for size, value in (("250+", ratio * (5 + at)), ("10-49", 5 + at))
    ]
    return table(rows)


def test_two_groups_are_compared_within_a_member_in_points_or_doublings():
    pair = {"indicator": "ai_use_any", "breakdown": "size=250+", "than": "size=10-49", "period": "2025"}
    points = ask("panel_difference", by_size(4), **pair)
    assert spread(get(points, "difference")) == pytest.approx([3 * (5 + at) for at in range(15)])
    assert counts(get(points, "share_higher")) == (15, 15)
    assert spread(get(ask("panel_difference", by_size(4), **pair, scale="doublings"), "difference")) == pytest.approx(
        [2] * 15
    )
    with pytest.raises(UserError, match="thirds"):
        ask("panel_difference", by_size(4), **pair, scale="thirds")


def test_reasons_are_ranked_within_members_that_give_both():
    rows = [
        row("ai_barrier_considerers", geo, "2025", value, f"barrier={reason}")
        for at, geo in enumerate(MEMBERS[:11])
        for reason, value in (("cost", 30 + at), ("ethics", 20))
        if (at, reason) != (0, "ethics")
    ]
    pairs = [["cost", "ethics"], ["ethics", "cost"]]
    found = ask(
        "panel_ranking", table(rows), indicator="ai_barrier_considerers", key="barrier", period="2025", pairs=pairs
    )
    assert spread(get(found, "cost_over_ethics")) == pytest.approx([10 + at for at in range(1, 11)])
    assert get(found, "ethics_over_cost").value == pytest.approx(-get(found, "cost_over_ethics").value)


FIGURE = {"indicator": "physician_ai_use_share", "geo": "USA", "breakdown": "sector=healthcare;survey=ama"}


def surveyed(**more: str) -> Catalog:
    return table(
        [
            row(FIGURE["indicator"], "USA", period, value, FIGURE["breakdown"], **(more if period == "2024" else {}))
            for period, value in (("2023", 40), ("2024", 60))
        ]
    )


def test_a_share_of_a_known_number_asked_is_a_count():
    figures = {f"in_{year}": {**FIGURE, "period": year, "asked": 200} for year in ("2023", "2024")}
    found = ask("survey", surveyed(), figures=figures, differences={"rise": ["in_2024", "in_2023"]})
    assert counts(get(found, "in_2024")) == (120, 200)
    assert get(found, "rise").value == pytest.approx(0.2)
    assert found.warnings == []


def test_a_standard_error_that_the_publisher_states_is_used():
    found = ask(
        "survey", surveyed(note="cycle 3; standard error 0.36 points"), figures={"x": {**FIGURE, "period": "2024"}}
    )
    assert get(found, "x").value == 60
    assert get(found, "x").error == Estimate(se=0.36)


def test_a_figure_of_unknown_error_is_no_finding_and_says_so():
    figures = {"known": {**FIGURE, "period": "2023", "asked": 100}, "bare": {**FIGURE, "period": "2024"}}
    found = ask("survey", surveyed(), figures=figures, differences={"rise": ["bare", "known"]})
    assert [f.name for f in found.findings] == ["known"]
    assert any("standard error" in w for w in found.warnings)


@pytest.mark.parametrize("flag", ["pu", "pf"])
def test_a_doubtful_figure_or_a_projection_is_refused_by_name(flag):
    with pytest.raises(UserError, match=r"physician_ai_use_share.*2024"):
        ask("survey", surveyed(flag=flag), figures={"x": {**FIGURE, "period": "2024", "asked": 10}})


def readings(values: list[float], **broken: str) -> Catalog:
    return table(
        [
            row("gallup_ai_work_total", "USA", str(2015 + at), value, flag=broken.get(f"y{2015 + at}", "p"))
            for at, value in enumerate(values)
        ]
    )


def test_a_trend_is_the_slope_of_the_readings():
    found = ask("trend", readings([10, 13.1, 15.9, 19.1, 21.9, 25]), indicator="gallup_ai_work_total", geo="USA")
    assert get(found, "per_year").value == pytest.approx(3, abs=0.1)
    assert get(found, "per_year").n == 6


def test_a_trend_in_doublings_is_that_of_the_logarithm():
    doubled = readings([1, 2.1, 3.9, 8.2, 16, 31])
    found = ask("trend", doubled, indicator="gallup_ai_work_total", geo="USA", scale="doublings")
    assert get(found, "per_year").value == pytest.approx(1, abs=0.05)


def test_a_trend_begins_at_the_last_break():
    broken = readings([90, 80, 10, 12, 13.9, 16.1, 18], y2017="pb")
    found = ask("trend", broken, indicator="gallup_ai_work_total", geo="USA")
    assert get(found, "per_year").value == pytest.approx(2, abs=0.1)
    assert get(found, "per_year").n == 5
    assert found.warnings


def test_four_readings_make_no_trend():
    found = ask("trend", readings([1, 2, 3, 4]), indicator="gallup_ai_work_total", geo="USA")
    assert found.findings == []
    assert found.warnings


def model(year: int, organization: str, flop: float, domain: str = "Language", **more: str) -> dict[str, Any]:
    breakdown = f"confidence=Confident;domain={domain};model=m;organization={organization}"
    return row("training_compute_flop", "_Z", f"{year}-06-01", flop, breakdown, **more)


def test_makers_are_counted_in_complete_years_and_their_compute_compared():
    rows = [model(2020, "Stanford University", 10**k) for k in (18, 19, 20)]
    rows += [model(2021, "Google", 10**k) for k in (20, 21, 22)] + [model(2021, "Stanford University,Google", 1e19)]
    rows += [
        model(2022, "Stanford University", 1e30),
        model(2019, "Google", 1e30),
        model(2021, "Nobody Knows Ltd", 1e30),
    ]
    rows += [model(2021, "Google", 1e30, flag="pu")]
    found = ask("makers", table(rows), years=2)
    assert counts(get(found, "industry_share"))[0] == 3
    assert counts(get(found, "academia_share"))[0] == 3
    gap = get(found, "compute_gap")
    assert gap.value == pytest.approx(2)
    assert isinstance(gap.error, Estimate)
    assert (gap.error.se, gap.error.df) == (pytest.approx(np.sqrt(2 / 3)), pytest.approx(4))


def test_modalities_are_the_sources_words_in_four_groups():
    assert queries_models.count_modalities("Vision,Image generation") == 1
    assert queries_models.count_modalities("Multimodal,Language,Vision,Speech") == 3
    assert queries_models.count_modalities("Games") == 0
    rows = [model(2019, "Google", 1, "Language")] * 8 + [model(2019, "Google", 1, "Language,Vision")] * 2
    rows += [model(2022, "Google", 1, "Video,Audio")] * 6 + [model(2022, "Google", 1, "Vision")] * 4
    rows += [model(2022, "Google", 1, "Games")] * 50
    found = ask("modalities", table(rows), early=["2018", "2020"], late=["2021", "2023"])
    assert counts(get(found, "share_early")) == (2, 10)
    assert counts(get(found, "share_late")) == (6, 10)
    assert get(found, "difference").value == pytest.approx(0.4)
    assert ask("modalities", table(rows[:10]), early=["2018", "2020"], late=["2021", "2023"]).findings == []


SECTIONS = ["C", "D", "E", "F", "G", "H", "I", "J", "L", "M"]


def test_industries_are_compared_within_a_year_and_years_repeat():
    rows = [
        row("ai_use_any", "EU27", year, (at + 1) * factor, f"nace={section}")
        for year, factor in (("2023", 1), ("2024", 2), ("2025", 3))
        for at, section in enumerate(SECTIONS)
    ] + [row("ai_use_any", "EU27", "2025", 999, "nace=ICT"), row("ai_use_any", "EU27", "2025", 50)]
    found = ask("industry_spread", table(rows), measure="eu_any", level="sections")
    assert spread(get(found, "highest_over_lowest")) == pytest.approx([10, 10, 10])
    assert spread(get(found, "rank_agreement")) == pytest.approx([1, 1])
    assert ask("industry_spread", table(rows[:20]), measure="eu_any").findings == []
    with pytest.raises(UserError, match="mars"):
        ask("industry_spread", table(rows), measure="mars")


def test_growth_is_set_against_need_between_industries_and_between_members():
    rows = []
    units = [("EU27", f"nace={s}", at) for at, s in enumerate(SECTIONS)] + [
        (g, "", at) for at, g in enumerate(MEMBERS[:12])
    ]
    for geo, breakdown, at in units:
        wobble = 0.01 * (-1) ** at
        rows += [
            row("ai_considered_nonusers", geo, "2023", 5 + at, breakdown),
            row("ai_use_any", geo, "2023", 10, breakdown),
            row("ai_use_any", geo, "2024", 10 + 0.5 * at + wobble, breakdown),
        ]
    found = ask("growth_on_need", table(rows), need="2023", first="2023", last="2024")
    for kind, n in (("industries", 10), ("members", 12)):
        assert get(found, f"slope_{kind}").value == pytest.approx(0.5, abs=0.01)
        assert get(found, f"slope_{kind}").n == n
    rows[-1]["flag"] = "pd"
    assert get(ask("growth_on_need", table(rows), need="2023", first="2023", last="2024"), "slope_members").n == 11


def adopted(*years: int, answer: str = "yes", status: str = "in_force") -> pd.DataFrame:
    columns = list(REAL.policy.columns)
    cells = {
        "geo": "CHN",
        "instrument_type": "law",
        "status": status,
        "supports_funding": answer,
        "source": "synthetic",
    }
    return pd.DataFrame(
        [{**dict.fromkeys(columns, ""), **cells, "date_adopted": str(year)} for year in years],
        index=pd.Index([f"{answer}_{status}_{at}" for at in range(len(years))], name="id"),
    )


def test_instruments_are_counted_by_halves_of_the_years():
    policy = pd.concat(
        [
            adopted(2020, 2021, 2023, 2024, 2024, 2025, 2025, 2019, 2026),
            adopted(2022, 2024, 2025, answer="unknown"),
            adopted(2025, status="proposed"),
        ]
    )
    found = ask("instruments", table([], policy), duty="funding", first=2020, last=2025)
    assert counts(get(found, "later_half")) == (5, 7)
    assert get(found, "known").value == pytest.approx(7 / 10)
    assert isinstance(get(found, "known").error, Exact)
    assert (
        ask("instruments", table([], policy[:4]), duty="funding", first=2020, last=2025).finding("later_half") is None
    )
    with pytest.raises(UserError, match="odd number"):
        ask("instruments", table([], policy), duty="funding", first=2020, last=2024)
    with pytest.raises(UserError, match="parking"):
        ask("instruments", table([], policy), duty="parking", first=2020, last=2025)


def device(year: int, tflops: float, price: float) -> list[dict[str, Any]]:
    name = f"device=d{year};manufacturer=M;type=GPU"
    rows = [row("accelerator_release_price_usd", "_Z", str(year), price, name)]
    for indicator in ("accelerator_fp32_tflops", "accelerator_fp16_tensor_tflops"):
        rows.append(row(indicator, "_Z", str(year), tflops, name))
    return rows


def test_costs_are_trends_in_doublings_a_year():
    rows = [r for at, year in enumerate(range(2014, 2022)) for r in device(year, 2.0**at, 1000)]
    for at, year in enumerate(range(2014, 2022)):
        breakdown = f"confidence=Likely;domain=Language;model=m{year};organization=Google"
        rows.append(row("training_cost_usd2023", "_Z", str(year), 4.0**at, breakdown))
        unsure = f"confidence=Speculative;domain=Language;model=s{year};organization=Google"
        rows.append(row("training_cost_usd2023", "_Z", str(year), 1e9, unsure))
    fall = "level=slowest benchmark milestone;span=per year"
    rows.append(row("llm_price_decline_factor", "WLD", "2025", 7, fall))
    found = ask("cost_trends", table(rows))
    assert get(found, "training_cost").value == pytest.approx(2)
    assert get(found, "training_cost").n == 8
    assert get(found, "compute_per_dollar").value == pytest.approx(1)
    assert get(found, "slowest_token_price_fall").value == 7
    both = ask("price_performance", table(rows))
    assert get(both, "fp32").value == pytest.approx(get(both, "matrix16").value) == pytest.approx(1)


def test_a_family_of_models_published_at_once_is_one_point_of_a_trend():
    rows = []
    for at, year in enumerate(range(2016, 2023)):
        for size in (1, 4):  # their geometric mean is 2
            breakdown = f"conditional=yes;dataset=imagenet256;model=m{size};protocol=paper"
            rows.append(row("model_parameters_m", "_Z", str(year), size * 2.0**-at, breakdown, source=f"s{year}"))
        steps = f"conditional=no;dataset=cifar10;model=m{year};protocol=paper"
        rows.append(row("sampling_nfe", "_Z", str(year), 1000 * 2.0 ** (-2 * at), steps, source=f"s{year}"))
        image = f"confidence=Confident;domain=Image generation;model=m{year};organization=Google"
        rows.append(row("training_compute_flop", "_Z", str(year), 8.0**at, image))
    found = ask("model_weight", table(rows), dataset="imagenet256")
    assert (get(found, "size").n, get(found, "passes").n, get(found, "training_compute").n) == (7, 7, 7)
    assert get(found, "size").value == pytest.approx(-1)
    assert get(found, "passes").value == pytest.approx(-2)
    assert get(found, "training_compute").value == pytest.approx(3)
    few = ask("model_weight", table(rows[:12]), dataset="imagenet256")
    assert few.findings == []
    assert few.warnings


def test_measured_quality_is_followed_under_one_protocol_only():
    rows = []
    for at, year in enumerate(range(2015, 2022)):
        for protocol, value in (("mine", 64 * 2.0**-at), ("theirs", 1.0)):
            breakdown = f"conditional=yes;dataset=cifar10;family=gan;model=m{year};protocol={protocol}"
            rows.append(row("fid", "_Z", str(year), value, breakdown))
    asked = {"indicator": "fid", "dataset": "cifar10", "labels": "yes"}
    assert get(ask("record_trend", table(rows), protocol="mine", **asked), "per_year").value == pytest.approx(-1)
    with pytest.raises(UserError, match="nobody"):
        ask("record_trend", table(rows), protocol="nobody", **asked)


def test_pairs_that_differ_in_one_key_show_what_it_brings_and_better_is_the_indicators_direction():
    rows = [
        row("fid", "_Z", "2024", value, f"dataset=a;knowledge_graph={with_graph};model=m{at}")
        for at in range(4)
        for with_graph, value in (("yes", 8), ("no", 10))
    ] + [row("fid", "_Z", "2024", 1, "dataset=a;knowledge_graph=yes;model=alone")]
    found = ask("paired_records", table(rows), key="knowledge_graph")
    assert spread(get(found, "mean_gain")) == pytest.approx([20] * 4)
    assert ask("paired_records", table(rows[:4]), key="knowledge_graph").findings == []
