"""The conversion keeps out what its rules say, keeps what they spare, and loses nothing in silence."""

import importlib.util
import shutil
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
import pytest

from aigc_report import catalog
from aigc_report.check import check

DATA = Path(__file__).parents[2] / "data"
POLICY = "p1,EU27,Act,,Issuer,law,in_force,2024,2025,all,labelling,yes,no,yes,no,policy_page,see also policy_more"
ROWS = """\
fid,_Z,2020,dataset=a;model=m{n};protocol=x,{n}.5,FID,{source},p,
"""


@pytest.fixture(scope="module")
def convert() -> ModuleType:
    spec = importlib.util.spec_from_file_location("convert", DATA / "convert.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def rules() -> dict[str, Any]:
    return tomllib.loads((DATA / "conversion.toml").read_text(encoding="utf-8"))


def observations(*lines: str) -> pd.DataFrame:
    columns = ["indicator", "geo", "period", "breakdown", "value", "unit", "source", "flag", "note"]
    return pd.DataFrame([line.split("|") for line in lines], columns=columns)


def evidence(folder: Path) -> Path:
    """A base of made-up rows in the seven tables: two to keep, one not cleared, a non-commercial table."""
    folder.mkdir()
    header = "indicator,geo,period,breakdown,value,unit,source,flag,note\n"
    described = "indicator,pillar,name_en,name_zh,definition,definition_zh,unit,direction,population\n"
    listed = "source,publisher,title,url,published,license,kind\n"
    names = tomllib.loads((DATA / "conversion.toml").read_text(encoding="utf-8"))["files"]["tables"]
    for name in names:
        for suffix, text in (("", header), (".indicators", described), (".sources", listed)):
            (folder / f"{name}{suffix}.csv").write_text(text, encoding="utf-8")

    def more(name: str, text: str) -> None:
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write(text)

    more("sectors.csv", "use,DEU,2024,,10,percent,survey,p,\nuse,DEU,2025,,12,percent,survey,p,\n")
    more("sectors.indicators.csv", "use,demand,Use,使用（草稿）,Use.,使用。,percent,+1,people\n")
    more("sectors.sources.csv", "survey,Institute,Survey,https://s.org,not stated,facts cited,primary\n")
    more("global_indices.csv", "tortoise_gai_score,DEU,2021,,50,score 0-100,tortoise_csv,s,\n")
    more("global_indices.indicators.csv", "tortoise_gai_score,maturity,Score,得分,S.,得分。,score 0-100,+1,countries\n")
    more("global_indices.sources.csv", "tortoise_csv,Someone,Table,https://t.org,2021,facts cited,secondary\n")
    more("quality_records.csv", "".join(ROWS.format(n=n, source="nc_table") for n in range(1, 14)))
    more("quality_records.csv", "".join(ROWS.format(n=n, source="nc_few") for n in range(1, 4)))
    more("quality_records.indicators.csv", "fid,maturity,FID,弗雷歇距离,F.,距离。,FID,-1,models\n")
    for source in ("nc_table", "nc_few"):
        more("quality_records.sources.csv", f"{source},Lab,Repository,https://l.org,2020,CC BY-NC 4.0,primary\n")
    columns = (
        "id,geo,name_en,name_local,issuer,instrument_type,status,date_adopted,date_in_force,scope,aigc_provisions,"
        "obliges_labelling,obliges_registration,obliges_risk_assessment,supports_funding,source,note\n"
    )
    (folder / "policy_instruments.csv").write_text(columns + POLICY + "\n", encoding="utf-8")
    more_sources = "".join(
        f"{s},State,Law,https://p.eu,2024,facts cited,primary\n" for s in ("policy_page", "policy_more")
    )
    (folder / "policy_instruments.sources.csv").write_text(listed + more_sources, encoding="utf-8")
    return folder


@pytest.fixture
def package(convert: ModuleType, tmp_path: Path) -> Path:
    """The package made of the evidence above, with the files that are written by hand added."""
    folder = tmp_path / "package"
    convert.convert(evidence(tmp_path / "evidence"), folder)
    return folder


def test_every_row_of_the_evidence_is_either_kept_or_counted_as_left_out(package: Path) -> None:
    cat = catalog.load(package)
    assert len(cat.all_observations) + cat.excluded["rows"].sum() == 2 + 1 + 13 + 3
    assert cat.excluded.set_index("source")["rows"].to_dict() == {"tortoise_csv": 1, "nc_table": 12}


def test_a_non_commercial_table_leaves_only_its_best_value_and_single_values_stay(package: Path) -> None:
    rows = catalog.load(package).all_observations
    assert rows.loc[rows["source"] == "nc_table", "value"].tolist() == [1.5]
    assert (rows["source"] == "nc_few").sum() == 3


def test_an_indicator_and_a_source_without_rows_go_with_them(package: Path) -> None:
    cat = catalog.load(package)
    assert "tortoise_gai_score" not in cat.indicators.index
    assert "tortoise_csv" not in cat.sources.index
    assert "`tortoise_csv`" in (package / "EXCLUDED.md").read_text(encoding="utf-8")


def test_a_source_that_only_a_note_of_a_policy_names_stays(package: Path) -> None:
    assert {"policy_page", "policy_more"} <= set(catalog.load(package).sources.index)


def test_reviewed_chinese_texts_survive_a_re_run(convert: ModuleType, package: Path) -> None:
    table = package / "indicators.csv"
    text = table.read_text(encoding="utf-8").replace("使用（草稿）", "使用者占比").replace(",people,", ",people,居民")
    table.write_text(text, encoding="utf-8")
    convert.convert(package.parent / "evidence", package)
    row = convert.read(table).set_index("indicator").loc["use"]
    assert (row["name_zh"], row["population_zh"]) == ("使用者占比", "居民")


def test_a_text_that_waits_for_review_is_named(
    convert: ModuleType, package: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    convert.convert(package.parent / "evidence", package)
    assert "indicators.csv, use: needs reviewed Chinese texts" in capsys.readouterr().err


def test_what_is_converted_passes_the_check_once_it_is_described_and_translated(
    convert: ModuleType, package: Path
) -> None:
    table = convert.read(package / "indicators.csv").assign(population_zh="对象")
    convert.write(table, package / "indicators.csv")
    shutil.copy(DATA / "units.csv", package)
    resources = [f.relative_to(package).as_posix() for f in package.rglob("*.csv")]
    listed = ", ".join(f'{{"name": "r{n}", "path": "{path}"}}' for n, path in enumerate(resources))
    (package / "datapackage.json").write_text(f'{{"resources": [{listed}]}}\n', encoding="utf-8")
    assert [str(problem) for problem in check(package).problems] == []


def test_the_same_evidence_gives_the_same_bytes(convert: ModuleType, package: Path) -> None:
    before = catalog.digest(package)
    convert.convert(package.parent / "evidence", package)
    assert catalog.digest(package) == before


def test_a_figure_under_two_codes_is_shown_once(convert: ModuleType, rules: dict[str, Any]) -> None:
    rows, _ = convert.recode(
        observations(
            "aiindex_private_investment|USA|2024||109.1|USD billion|ai25_ciol|sv|",
            "aiindex_private_investment|WLD|2025||344.7|USD billion|ai26_digital|s|",
            "ai_private_investment_usd_bn|USA|2024|edition=AI Index 2025|109.1|USD billion|hai_2025_economy|p|",
        ),
        rules,
    )
    assert convert.excluded(rows, rules).tolist() == ["two-codes-ai-index", "", ""]
    assert rows.loc[1, ["indicator", "breakdown"]].tolist() == ["ai_private_investment_usd_bn", "edition=AI Index 2026"]


def test_of_an_uncleared_price_list_only_the_world_average_stays(convert: ModuleType, rules: dict[str, Any]) -> None:
    price = "electricity_price_household_usd_kwh"
    rows = observations(
        f"{price}|WLD|2025-Q2||0.165|USD/kWh|gpp_electricity|p|",
        f"{price}|WLD|2025-Q2|region=Europe|0.245|USD/kWh|gpp_electricity|p|",
        f"{price}|WLD|2025-Q1||0.159|USD/kWh|gpp_electricity|p|",
        f"{price}|ITA|2024-03||0.40|USD/kWh|wpr_electricity|s|",
    )
    assert (convert.excluded(rows, rules) == "").tolist() == [True, False, False, False]


def test_every_rule_still_finds_rows_in_the_shipped_package(rules: dict[str, Any]) -> None:
    found = set(catalog.load().excluded["rule"])
    assert found == {rule["id"] for rule in rules["exclude"]} | {rules["limit"]["id"]}


def test_every_licence_of_the_package_has_its_terms_on_the_page(rules: dict[str, Any]) -> None:
    page = (DATA / "LICENCES.md").read_text(encoding="utf-8")
    lines = [line for line in page.splitlines() if line.startswith("| ")][1:]
    counts = [int(line.split("|")[2].replace(",", "")) for line in lines]
    assert len(counts) == len(rules["terms"])
    assert sum(counts) == len(catalog.load().all_observations)
