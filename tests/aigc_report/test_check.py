"""A check finds every fault of a package, says where it is and what to do, and never falls over."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from frictionless import Package, system
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aigc_report import catalog, periods
from aigc_report.check import KINDS, Problem, check
from aigc_report.check.meaning import sorted_breakdown
from aigc_report.claims import declared

SMALL = Path(__file__).parents[1] / "data" / "package"
PEOPLE, ENTERPRISES = "observations/people.csv", "observations/enterprises.csv"
Edit = Callable[[Path], None]


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SMALL, tmp_path / "package"))


def swap(name: str, old: str, new: str) -> Edit:
    """Replace the first `old` in a file."""

    def edit(folder: Path) -> None:
        content = (folder / name).read_bytes()
        assert old.encode() in content
        (folder / name).write_bytes(content.replace(old.encode(), new.encode(), 1))

    return edit


def add(name: str, line: str) -> Edit:
    """Append a line to a file."""

    def edit(folder: Path) -> None:
        with (folder / name).open("a", encoding="utf-8", newline="") as file:
            file.write(line)

    return edit


def put(name: str, content: bytes) -> Edit:
    """Write a file."""

    def edit(folder: Path) -> None:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)

    return edit


def remove(name: str) -> Edit:
    """Delete a file."""
    return lambda folder: (folder / name).unlink()


HEADER = b"indicator,geo,period,breakdown,value,unit,source,flag,note\n"
ROW = "genai_individuals,FRA,2025,,30,percent,s_estat_genai_use,s,\n"
FAULTS: dict[str, tuple[Edit, str, str, int | None, str | None]] = {
    "file-missing": (remove("sources.csv"), "file-missing", "sources.csv", None, None),
    "description missing": (remove("datapackage.json"), "file-missing", "datapackage.json", None, None),
    "not utf-8": (put("units.csv", b"unit\npercent\n\xff\n"), "encoding", "units.csv", 3, None),
    "byte order mark": (swap("units.csv", "unit,", "\ufeffunit,"), "byte-order-mark", "units.csv", 1, None),
    "windows line end": (swap(PEOPLE, "s,\n", "s,\r\n"), "line-ending", PEOPLE, 2, None),
    "open quote": (swap(PEOPLE, "32.66", '"32.66'), "csv-syntax", PEOPLE, 5, None),
    "empty file": (put("units.csv", b""), "header-missing", "units.csv", 1, None),
    "column twice": (swap(PEOPLE, "flag,note", "flag,flag"), "label-duplicate", PEOPLE, 1, "flag"),
    "column missing": (swap(PEOPLE, "flag,note", "flag,remark"), "label-missing", PEOPLE, 1, "note"),
    "column unknown": (swap(PEOPLE, "flag,note", "flag,remark"), "label-extra", PEOPLE, 1, "remark"),
    "blank line": (add(PEOPLE, "\n"), "row-blank", PEOPLE, 11, None),
    "short row": (swap(PEOPLE, "32.66,", ""), "row-length", PEOPLE, 5, None),
    "padded cell": (swap(PEOPLE, ",32.66", ", 32.66"), "whitespace", PEOPLE, 5, "value"),
    "no source": (swap(PEOPLE, "s_estat_genai_use", ""),
                  "required", PEOPLE, 2, "source"),
    "no value": (swap(PEOPLE, "32.66", ""), "required", PEOPLE, 5, "value"),
    "text for a number": (swap(PEOPLE, "32.66", "n/a"), "number", PEOPLE, 5, "value"),
    "infinite": (swap(PEOPLE, "32.66", "inf"), "number", PEOPLE, 5, "value"),
    "decimal comma": (swap(PEOPLE, "32.66", '"32,66"'), "number", PEOPLE, 5, "value"),
    "above 100 percent": (swap(PEOPLE, "32.66", "132.66"), "range", PEOPLE, 5, "value"),
    "below 0 percent": (swap(PEOPLE, "32.66", "-1"), "range", PEOPLE, 5, "value"),
    "other unit": (swap(PEOPLE, "32.66,percent", "0.3266,share"), "unit", PEOPLE, 5, "unit"),
    "unknown unit": (swap(PEOPLE, "32.66,percent", "32.66,pct"), "reference", PEOPLE, 5, "unit"),
    "unknown place": (swap(PEOPLE, "EU27", "EUU"), "reference", PEOPLE, 5, "geo"),
    "unknown source": (swap(PEOPLE, "s_estat_genai_use", "hearsay"), "reference", PEOPLE, 2, "source"),
    "unknown indicator": (swap(PEOPLE, "genai_individuals", "genai_people"), "reference", PEOPLE, 2, "indicator"),
    "month 13": (swap(PEOPLE, "DEU,2025,", "DEU,2025-13,"), "period", PEOPLE, 2, "period"),
    "30 February": (swap(PEOPLE, "DEU,2025,", "DEU,2025-02-30,"), "period", PEOPLE, 2, "period"),
    "quarter 5": (swap(PEOPLE, "DEU,2025,", "DEU,2025-Q5,"), "period", PEOPLE, 2, "period"),
    "flags out of order": (swap(PEOPLE, "genai_use,sv", "genai_use,vs"), "flag", PEOPLE, 5, "flag"),
    "unknown flag": (swap(PEOPLE, "genai_use,sv", "genai_use,sx"), "flag", PEOPLE, 5, "flag"),
    "keys out of order": (swap(PEOPLE, "age=16-24", "sex=f;age=16-24"), "breakdown", PEOPLE, 3, "breakdown"),
    "key twice": (swap(PEOPLE, "age=16-24", "age=16-24;age=25-34"), "breakdown", PEOPLE, 3, "breakdown"),
    "key without value": (swap(PEOPLE, "age=16-24", "age"), "breakdown", PEOPLE, 3, "breakdown"),
    "row twice": (add(PEOPLE, ROW + ROW), "key", PEOPLE, 12, None),
    "row in two files": (add(ENTERPRISES, ROW.replace("FRA", "DEU")), "key", PEOPLE, 2, None),
    "unknown pillar": (swap("indicators.csv", ",demand,", ",hope,"), "enum", "indicators.csv", 2, "pillar"),
    "same source twice": (add("sources.csv", "s_estat_ai,E,T,https://e.eu,2025,MIT,primary,open\n"),
                          "unique", "sources.csv", 11, "source"),
    "no address": (swap("sources.csv", "https://", "see "), "pattern", "sources.csv", 2, "url"),
    "flag of membership": (swap("geographies.csv", ",true,", ",yes,"), "boolean", "geographies.csv", 2, "eu27"),
    "direction": (swap("indicators.csv", ",percent,1,", ",percent,up,"), "integer", "indicators.csv", 2, "direction"),
    "chinese missing": (swap("geographies.csv", "德国", ""), "translation-missing", "geographies.csv", 2, "name_zh"),
    "english as chinese": (swap("geographies.csv", "德国", "Germany"),
                           "translation-same", "geographies.csv", 2, "name_zh"),
    "orphan source": (add("sources.csv", "lonely,E,T,https://e.eu,2025,MIT,primary,open\n"),
                      "orphan-source", "sources.csv", 11, "source"),
    "orphan indicator": (add("indicators.csv", "idle,demand,Idle,闲置,Idle.,闲置。,percent,1,All,全体\n"),
                         "orphan-indicator", "indicators.csv", 4, "indicator"),
    "no json": (put("datapackage.json", b'{\n"name": }'), "json-syntax", "datapackage.json", 2, None),
    "no resources": (put("datapackage.json", b"[]"), "package", "datapackage.json", None, None),
    "described, not there": (swap("datapackage.json", '"sources.csv"', '"origins.csv"'),
                             "resource-missing", "datapackage.json", 14, "path"),
    "there, not described": (put("observations/new.csv", HEADER),
                             "resource-undescribed", "observations/new.csv", None, None),
    "no yaml": (put("document/a.yaml", b"a: [1\nb: 2\n"), "yaml-syntax", "document/a.yaml", 2, None),
    "english only": (put("document/a.yaml", b"t:\n  - {en: Hello}\n"),
                     "translation-missing", "document/a.yaml", 2, "zh"),
    "headline without figure": (
        put("document/factors.yaml", b"h:\n- indicator: ai_use_any\n  geo: FRA\n  breakdown: ''\n"),
        "headline", "document/factors.yaml", 2, "headlines",
    ),
    "headline on a doubt": (
        put("document/factors.yaml", b"- indicator: genai_individuals\n  geo: SWE\n  breakdown: purpose=education\n"),
        "headline", "document/factors.yaml", 1, "headlines",
    ),
}  # fmt: skip


def test_the_shipped_package_is_clean() -> None:
    report = check()
    assert [str(problem) for problem in report.problems] == []
    assert report.ok
    assert report.rows == len(catalog.load().all_observations)
    assert report.digest == catalog.load().digest


def test_the_shipped_package_is_a_valid_frictionless_data_package() -> None:
    with system.use_context(trusted=True):
        package = Package(str(catalog.folder() / "datapackage.json"))
        report = package.validate()
    assert report.flatten(["name", "rowNumber", "fieldName", "type", "note"]) == []
    described = {str(resource.path) for resource in package.resources}
    tables = {f.relative_to(catalog.folder()).as_posix() for f in catalog.folder().rglob("*.csv")}
    assert described == tables - {declared.RULES}  # what the ledger recorded of its rules is no table of figures


def test_a_small_package_of_ones_own_is_clean(package: Path) -> None:
    report = check(package)
    assert (report.ok, report.rows, report.problems) == (True, 21, ())


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found_where_it_is(package: Path, fault: str) -> None:
    edit, kind, file, row, column = FAULTS[fault]
    edit(package)
    found = [(p.type, p.file, p.row, p.column) for p in check(package).problems]
    assert (kind, file, row, column) in found


def test_every_kind_of_fault_is_promised_by_a_test() -> None:
    tried = {kind for _, kind, *_ in FAULTS.values()}
    elsewhere = {"folder-missing", "no-observations", "unreadable", "minimum"}
    assert tried | elsewhere == KINDS.keys()


def test_a_number_below_the_bound_of_its_column_is_found(package: Path) -> None:
    (package / "excluded.csv").write_text(
        "rule,indicator,source,rows,reason_en,reason_zh\nr,i,s,0,Why,原因\n", encoding="utf-8", newline="\n"
    )
    assert ("minimum", 2) in [(p.type, p.row) for p in check(package).problems]


def test_one_fault_brings_no_others(package: Path) -> None:
    swap(PEOPLE, "32.66", "n/a")(package)
    assert len(check(package).problems) == 1


def test_all_faults_of_a_file_are_found_at_once(package: Path) -> None:
    for edit in (swap(PEOPLE, "32.25", "n/a"), swap(PEOPLE, "EU27", "EUU"), swap(PEOPLE, "67.01", "167.01")):
        edit(package)
    found = [(p.row, p.type) for p in check(package).problems]
    assert found == [(2, "number"), (5, "reference"), (9, "range")]


def test_rows_are_the_lines_an_editor_shows_even_after_a_cell_of_two_lines(package: Path) -> None:
    swap(PEOPLE, "genai_use,s,\n", 'genai_use,s,"two\nlines"\n')(package)
    swap(PEOPLE, "32.66", "n/a")(package)
    assert [(p.row, p.type) for p in check(package).problems] == [(6, "number")]


def test_a_message_says_what_was_found_and_what_to_do(package: Path) -> None:
    swap(PEOPLE, "32.66", "n/a")(package)
    (problem,) = check(package).problems
    assert str(problem) == (
        'observations/people.csv, row 5, value: "n/a" is not a number. '
        "Write digits, with a point for decimals; without a figure, remove the row."
    )


def test_a_message_can_be_said_in_another_language() -> None:
    problem = Problem("number", "a.csv", 2, "value", {"value": "n/a"})
    translated = {KINDS["number"]: "“{value}”不是数字。"}
    assert problem.message(lambda template: translated[template]) == "“n/a”不是数字。"


def test_the_report_is_one_json_document_of_the_contract(package: Path) -> None:
    swap(PEOPLE, "32.66", "n/a")(package)
    document = json.loads(json.dumps(check(package).to_json(), allow_nan=False))
    assert document.keys() == {"ok", "rows", "digest", "problems", "coverage"}
    assert document["ok"] is False
    assert document["problems"][0].keys() == {"file", "row", "column", "type", "message"}
    assert len(document["digest"]) == 64


def test_a_package_of_figures_alone_has_no_document_to_cover(package: Path) -> None:
    assert check(package).coverage == ()


def test_a_fault_of_the_document_is_named_once_and_takes_nothing_else_away(package: Path) -> None:
    shutil.copytree(catalog.folder() / "document", package / "document", dirs_exist_ok=True)
    for other in ("factors.yaml", "claims.yaml"):  # they name what the small package does not have
        (package / "document" / other).unlink()
    swap("document/trends.yaml", "zh: 技术走向成熟", "zh: ''")(package)
    report = check(package)
    found = [(p.type, p.column) for p in report.problems if p.file == "document/trends.yaml"]
    assert found == [("translation-missing", "name.zh")]
    assert {p.type for p in report.problems} == {"translation-missing", "id-unknown"}
    assert report.digest is not None
    assert len(report.coverage) > 20


def test_an_empty_folder_lacks_every_file(tmp_path: Path) -> None:
    report = check(tmp_path)
    assert (report.ok, report.rows, report.digest) == (False, 0, None)
    assert {p.type for p in report.problems} == {"file-missing", "no-observations"}


@pytest.mark.parametrize("where", ["nowhere", "package/units.csv"])
def test_what_is_no_folder_is_one_problem(package: Path, where: str) -> None:
    assert [p.type for p in check(package.parent / where).problems] == ["folder-missing"]


def test_a_folder_in_the_place_of_a_table_is_a_problem_not_an_error(package: Path) -> None:
    (package / "units.csv").unlink()
    (package / "units.csv").mkdir()
    assert "unreadable" in {p.type for p in check(package).problems}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from([PEOPLE, "indicators.csv", "units.csv", "datapackage.json", "document/x.yaml"]),
    content=st.binary(max_size=200) | st.text(alphabet='ab,"\n\r\0{}[]:-&*!;=', max_size=120).map(str.encode),
)
def test_no_content_whatever_makes_the_check_fall_over(package: Path, name: str, content: bytes) -> None:
    original = (SMALL / name).read_bytes() if (SMALL / name).exists() else b"{}\n"
    for broken in (content, original + content):
        put(name, broken)(package)
        report = check(package)
        assert all(problem.message() and problem.file for problem in report.problems)
        json.dumps(report.to_json())
    put(name, original)(package)


@given(st.dictionaries(st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True), st.from_regex(r"[^;=]+", fullmatch=True)))
def test_a_breakdown_with_sorted_keys_is_right_and_any_other_order_is_not(pairs: dict[str, str]) -> None:
    right = ";".join(f"{key}={pairs[key]}" for key in sorted(pairs))
    assert sorted_breakdown(right) == right
    backwards = ";".join(f"{key}={pairs[key]}" for key in sorted(pairs, reverse=True))
    assert sorted_breakdown(backwards) == right


def test_periods_of_every_length_sort_by_the_day_they_end() -> None:
    order = ["2024", "2025-01-31", "2025-02", "2025-Q1", "2025-S1", "2025-07-01", "2025", "2026-01"]
    assert sorted(order, key=periods.last_day) == order


@pytest.mark.parametrize("wrong", ["25", "2025-00", "2025-S3", "2025-2-1", "2025-02-29", ""])
def test_what_is_no_period_has_no_last_day(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"is no period|day"):
        periods.last_day(wrong)
