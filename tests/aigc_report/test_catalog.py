"""The catalogue: asked for a figure, it gives that figure with its source, and nothing it should not."""

import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from aigc_report import catalog
from aigc_report.errors import UserError
from aigc_report.flags import FLAGS

SMALL = Path(__file__).parents[1] / "data" / "package"
FRONT_PAGE = [
    ("ai_use_any", "EU27", "", "2025", 19.95),
    ("ai_use_any", "EU27", "size=250+", "2025", 55.03),
    ("ai_use_any", "EU27", "size=10-49", "2025", 17.0),
    ("ai_tech_use", "EU27", "tech=nlg", "2025", 8.76),
    ("ai_tech_use", "EU27", "tech=image_video_audio_generation", "2025", 9.55),
    ("genai_individuals", "EU27", "", "2025", 32.66),
    ("genai_individuals", "EU27", "age=16-24", "2025", 63.81),
    ("ai_barrier_considerers", "EU27", "barrier=expertise", "2025", 70.31),
    ("btos_ai_use_any_function", "USA", "", "2026-08-23", 22.4),
    ("ms_ai_user_share", "WLD", "", "2026-03", 17.8),
    ("chatgpt_wau", "WLD", "", "2026-02-27", 900),
    ("cnnic_genai_users", "CHN", "", "2025-12", 602),
    ("ai_track_upload_share", "WLD", "sector=media;survey=deezer", "2026-04", 44),
    ("datacentre_electricity_twh", "WLD", "", "2024", 415),
]
"""Published figures and the period in which each was the last one known."""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SMALL, tmp_path / "package"))


@pytest.mark.parametrize(("indicator", "geo", "breakdown", "period", "value"), FRONT_PAGE)
def test_the_latest_figure_is_the_published_one(
    indicator: str, geo: str, breakdown: str, period: str, value: float
) -> None:
    latest = catalog.load().latest(indicator, geo, breakdown)
    assert latest is not None
    assert (latest.period, latest.value) == (period, value)


def test_every_observation_has_an_indicator_a_source_and_a_place() -> None:
    cat = catalog.load()
    rows = cat.observations(breakdown=None)
    assert rows["indicator"].isin(cat.indicators.index).all()
    assert rows["source"].isin(cat.sources.index).all()
    assert rows["geo"].isin(cat.geographies.index).all()
    assert rows["value"].notna().all()


def test_totals_come_unless_a_breakdown_is_named() -> None:
    cat = catalog.load()
    totals = cat.observations("ai_use_any", "EU27", "2025")
    assert totals["value"].tolist() == [19.95]
    by_size = cat.observations("ai_use_any", "EU27", "2025", {"size": "250+"})
    assert by_size["breakdown"].tolist() == ["size=250+"]
    sizes = cat.observations("ai_use_any", "EU27", "2025", ["size=10-49", "size=250+"])
    assert set(sizes["value"]) == {17.0, 55.03}
    assert len(cat.observations("ai_use_any", "EU27", "2025", None)) > len(sizes)


def test_keys_of_a_breakdown_may_come_in_any_order() -> None:
    rows = catalog.load().observations(
        "hospital_genai_share",
        breakdown={"survey": "aha_it", "sector": "healthcare", "plan_status": "current_use"},
    )
    assert rows["value"].tolist() == [31.5]


def test_lists_select_several_indicators_places_and_periods() -> None:
    rows = catalog.load().observations(["ai_use_any", "dii_basic"], ["DEU", "FRA"], ["2024", "2025"])
    assert set(rows["indicator"]) == {"ai_use_any", "dii_basic"}
    assert set(rows["geo"]) == {"DEU", "FRA"}
    assert set(rows["period"]) <= {"2024", "2025"}


def test_changing_a_frame_changes_nothing_in_the_catalogue() -> None:
    cat = catalog.load()
    rows = cat.observations("ai_use_any", "EU27", "2025")
    rows["value"] = -1.0
    assert cat.observations("ai_use_any", "EU27", "2025")["value"].tolist() == [19.95]


def test_a_doubtful_figure_is_never_the_latest() -> None:
    cat = catalog.load()
    doubted = cat.observations("genai_individuals", "SWE", breakdown="purpose=education")
    assert doubted["flag"].tolist() == ["su"]
    assert cat.latest("genai_individuals", "SWE", "purpose=education") is None


def test_a_projection_is_never_the_latest() -> None:
    cat = catalog.load()
    projections = cat.all_observations[cat.all_observations["flag"].str.contains("f")]
    assert not projections.empty
    for row in projections.itertuples():
        latest = cat.latest(str(row.indicator), str(row.geo), str(row.breakdown))
        assert latest is None or "f" not in latest.flag


def test_a_known_place_without_rows_gives_an_empty_frame_with_all_columns() -> None:
    rows = catalog.load().observations("ai_use_any", "JPN")
    assert rows.empty
    assert {"value", "source", "flag", "note"} <= set(rows.columns)


def test_an_unknown_indicator_is_refused_and_the_closest_are_named() -> None:
    with pytest.raises(UserError, match=r'no indicator "ai_use_ani".*ai_use_any'):
        catalog.load().observations("ai_use_ani")


def test_an_unknown_place_is_refused() -> None:
    with pytest.raises(UserError, match='no place "GER"'):
        catalog.load().observations("ai_use_any", "GER")


def test_places_follow_iso_3166_with_names_in_both_languages() -> None:
    cat = catalog.load()
    countries = cat.geographies[cat.geographies["kind"] == "country"]
    assert len(countries) == 249
    assert countries["alpha2"].is_unique
    assert cat.geographies["eu27"].sum() == 27
    assert cat.geographies["oecd"].sum() == 38
    assert (cat.name("GRC", "en"), cat.name("GRC", "zh")) == ("Greece", "希腊")
    assert cat.name("genai_individuals", "zh").startswith("使用生成式人工智能")


def test_a_name_is_asked_for_something_known() -> None:
    with pytest.raises(UserError, match='no place or indicator "XYZ"'):
        catalog.load().name("XYZ", "en")


def test_the_five_factors_speak_both_languages_and_stand_on_their_own_figures() -> None:
    cat = catalog.load()
    assert [f.id for f in cat.factors] == ["maturity", "demand", "barriers", "business", "policy"]
    for factor in cat.factors:
        assert 3 <= len(factor.headlines) <= 6
        for text in (factor.name, factor.statement, factor.question, *(h.label for h in factor.headlines)):
            assert text.keys() == {"en", "zh"}
            assert all(text.values())
        for headline in factor.headlines:
            assert cat.latest(headline.indicator, headline.geo, headline.breakdown) is not None
            assert cat.indicators.at[headline.indicator, "pillar"] == factor.id


def test_a_headline_against_the_year_before_says_where_the_definition_broke() -> None:
    cat = catalog.load()
    for factor in cat.factors:
        for headline in factor.headlines:
            latest = cat.latest(headline.indicator, headline.geo, headline.breakdown)
            if latest and headline.compare and headline.compare["kind"] == "previous" and set(latest.flag) & {"b", "d"}:
                assert headline.compare["note"].keys() == {"en", "zh"}


def test_flags_read_as_words_in_the_order_of_their_letters() -> None:
    assert catalog.flag_texts("svd", "en") == [FLAGS[letter]["en"] for letter in "svd"]
    assert catalog.flag_texts("u", "zh") == ["存疑或未经证实"]


def test_what_is_left_out_is_counted_and_explained_in_both_languages() -> None:
    cat = catalog.load()
    assert (cat.excluded["rows"] > 0).all()
    assert (cat.excluded[["reason_en", "reason_zh"]] != "").all().all()
    page = (cat.folder / "EXCLUDED.md").read_text(encoding="utf-8")
    total = cat.excluded["rows"].sum()
    assert f"{len(cat.all_observations):,} are in the package and {total:,} are not" in page


def test_no_table_is_shipped_whole_under_terms_that_forbid_it() -> None:
    cat = catalog.load()
    rows = cat.all_observations.join(cat.sources["licence"], on="source")
    bound = rows[rows["licence"].str.contains("NC|NVIDIA")]
    assert bound.groupby("source").size().max() <= 12
    assert (cat.sources.loc[bound["source"].unique(), "redistribution"] == "facts").all()
    assert not rows["source"].isin(["tortoise_csv", "selectra_electricity", "noah_upstream", "ox25_rincon"]).any()


def test_the_digest_follows_content_and_ignores_caches(package: Path) -> None:
    before = catalog.digest(package)
    (package / "__pycache__").mkdir()
    (package / "__pycache__" / "convert.cpython-311.pyc").write_bytes(b"cache")
    assert catalog.digest(package) == before
    table = package / "observations" / "people.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("32.66", "32.67"), encoding="utf-8")
    assert catalog.digest(package) != before


def test_another_package_is_read_and_kept_apart(package: Path) -> None:
    small = catalog.load(package)
    assert len(small.all_observations) == 21
    assert catalog.load(package) is small
    assert catalog.load() is not small


@pytest.mark.parametrize("missing", ["indicators.csv", "sources.csv", "geographies.csv", "policy_instruments.csv"])
def test_a_missing_table_is_named(package: Path, missing: str) -> None:
    (package / missing).unlink()
    with pytest.raises(UserError, match=missing):
        catalog.load(package)


def test_a_package_without_observations_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no tables of observations"):
        catalog.load(tmp_path)


def test_a_value_that_is_no_number_is_refused_with_the_way_to_find_it(package: Path) -> None:
    table = package / "observations" / "people.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("32.66", "n/a"), encoding="utf-8")
    with pytest.raises(UserError, match=r"n/a.*aigc-report data check"):
        catalog.load(package)


def test_reading_the_catalogue_loads_neither_torch_nor_streamlit() -> None:
    code = (
        "import sys; from aigc_report import catalog; catalog.load().factors; "
        "sys.exit(bool({'torch', 'streamlit', 'sklearn', 'scipy'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_indicator_texts_keep_one_term_for_artificial_intelligence() -> None:
    """In Chinese the technology is 人工智能; the letters AI stand only inside the names of firms."""
    texts = catalog.load().indicators[["name_zh", "definition_zh", "population_zh"]]
    bare: pd.DataFrame = texts.apply(lambda column: column.str.contains(r"(?<!Epoch )(?<![A-Za-z.])AI(?![A-Za-z])"))
    assert not bare.any(axis=None), texts[bare.any(axis=1)]


def test_the_page_on_the_data_explains_every_flag_and_every_table() -> None:
    page = (Path(__file__).parents[2] / "docs" / "data.md").read_text(encoding="utf-8")
    for letter in FLAGS:
        assert f"| `{letter}` |" in page
    for table in catalog.folder().glob("*.csv"):
        assert f"`{table.name}`" in page


@pytest.mark.parametrize("indicator", ["grid_carbon_intensity", "ai_use_any", "electricity_price_household_eur_kwh"])
def test_the_latest_of_every_place_is_what_each_place_gives(indicator):
    cat = catalog.load()
    everywhere = cat.latest_by_place(indicator)
    places = cat.observations(indicator)["geo"].unique()[:40]
    assert {geo: everywhere.get(geo) for geo in places} == {geo: cat.latest(indicator, geo) for geo in places}
