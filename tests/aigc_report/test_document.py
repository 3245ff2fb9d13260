"""The founding document stands complete as data, and whatever is wrong with its files is said where it is."""

import re
import shutil
from pathlib import Path
from typing import get_args

import pytest

from aigc_report import document
from aigc_report.document import schema
from aigc_report.errors import UserError

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "data"


@pytest.fixture(scope="module")
def doc():
    return document.load(PACKAGE)


@pytest.fixture
def package(tmp_path):
    """A copy of the document's files that a test may break."""
    shutil.copytree(PACKAGE / "document", tmp_path / "document")
    return tmp_path


def found(package):
    return {(p.type, p.file, p.row, p.column) for p in document.problems(package)}


def change(package, name, old, new):
    """Replace the first `old` in a file; the line it stood on."""
    path = package / "document" / name
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new, 1), encoding="utf-8")
    return content[: content.index(old)].count("\n") + 1


def test_shipped_document_has_no_fault():
    assert [str(p) for p in document.problems(PACKAGE)] == []


def test_every_section_is_covered_in_both_languages(doc):
    coverage = doc.coverage()
    assert [c.section for c in coverage] == list(schema.SECTIONS)
    assert all(c.statements > 0 and c.bilingual for c in coverage)
    assert sum(c.statements for c in coverage) == len(doc) + doc.factors


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("reader", 5), ("algorithm", 4), ("advantage", 3), ("drawback", 3), ("step", 5), ("sector", 5), ("trend", 5),
        ("challenge", 4), ("direction", 5), ("question", 5), ("measure", 3), ("paper", 4), ("resource", 5),
    ],
)  # fmt: skip
def test_as_many_statements_stand_here_as_in_the_document(doc, kind, number):
    assert len([s for s in doc if s.kind == kind]) == number


def test_ids_that_others_point_to_stay(doc):
    for id in (
        "trend.lightweight",
        "challenge.labels",
        "step.data",
        "math.saturation",
        "listing.image_size",
        "paper.gan",
    ):
        assert doc[id].id == id
    with pytest.raises(KeyError):
        doc["trend.nowhere"]


def test_concept_graph_has_the_arrows_of_the_document(doc):
    arrows = {(c.id, to) for c in doc.of(schema.Concept) for to in c.leads_to}
    assert arrows == {
        ("concept.deep_learning", "concept.computer_vision"),
        ("concept.deep_learning", "concept.nlp"),
        ("concept.deep_learning", "concept.gan"),
        ("concept.computer_vision", "concept.image_generation"),
        ("concept.nlp", "concept.text_generation"),
    }
    assert {id for arrow in arrows for id in arrow} == {c.id for c in doc.of(schema.Concept) if c.in_graph}


def test_each_step_names_a_command_of_the_contracts(doc):
    contracts = (ROOT / "docs" / "contracts.md").read_text(encoding="utf-8")
    steps = doc.of(schema.Step)
    assert [s.number for s in steps] == [1, 2, 3, 4, 5]
    for step in steps:
        program, verb, *_ = step.command.split()
        assert program in contracts
        assert re.search(rf"\b{verb}\b", contracts)
        assert all(option in contracts for option in re.findall(r"--[a-z-]+", step.command))


def test_a_paper_that_does_not_exist_was_looked_for_in_vain(doc):
    assert {p.id for p in doc.of(schema.Paper) if not p.exists} == {
        p.id for p in doc.of(schema.Paper) if p.check.verdict == "not_found"
    }


def test_every_sector_has_examples_and_each_was_checked(doc):
    sectors = {s.id for s in doc if s.kind == "sector"}
    assert {e.sector for e in doc.of(schema.Example)} == sectors


def test_braces_of_every_formula_match(doc):
    for item in (*doc.of(schema.Formula), *doc.of(schema.Discrepancy)):
        assert item.latex.count("{") == item.latex.count("}"), item.id


def test_a_chapter_holds_its_sections_and_what_they_repeat(doc):
    assert {s.section for s in doc.section("6")} == {"6.1", "6.2", "6.3", "6.4", "6.5"}
    assert {"sector.games", "summary.fields"} <= {s.id for s in doc.section("3.4")}
    assert doc.section("8.2") == tuple(s for s in doc if s.kind == "trend")


def test_each_reader_group_finds_statements_of_its_own(doc):
    for group in doc.of(schema.ReaderGroup):
        statements = doc.for_reader(group.audience)
        assert group in statements
        assert len(statements) > 5


def test_texts_answer_by_language(doc):
    name = doc["trend.lightweight"].name
    assert (name["en"], name["zh"]) == (name.en, name.zh)
    with pytest.raises(KeyError):
        name["fr"]


def test_one_load_serves_all(doc):
    assert document.load(PACKAGE) is doc


@pytest.mark.parametrize(
    ("old", "new", "type", "column"),
    [
        ("  section: \"8.2\"\n", "", "field-missing", "section"),
        ("section: \"8.2\"", "section: \"8.9\"", "section", "section"),
        ("kind: trend", "kind: fashion", "document-kind", "kind"),
        ("kind: trend", "kind: sector", "document-kind", "kind"),
        ("factors: [maturity]", "factors: [fame]", "enum", "factors.0"),
        ("factors: [maturity]", "colour: red", "field-unknown", "colour"),
        ("related: [challenge.entry]", "related: [challenge.lost]", "id-unknown", "related"),
        ("id: trend.maturity", "id: challenge.maturity", "id-family", "id"),
        ("id: trend.maturity", "id: Trend 1", "pattern", "id"),
        ("zh: 技术走向成熟", "zh: ''", "translation-missing", "name.zh"),
        ("zh: 技术走向成熟", "zh: maturity", "translation-same", "name.zh"),
        ("en: Growing maturity", "en: Growing 成熟", "translation-foreign", "name.en"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_line_and_field(package, old, new, type, column):
    row = change(package, "trends.yaml", old, new)
    faults = [p for p in document.problems(package) if p.type == type]
    assert [(p.file, p.column) for p in faults] == [("document/trends.yaml", column)]
    start = 1 if new == "" or type == "field-unknown" else row
    assert start <= faults[0].row <= row
    assert "{" not in faults[0].message()


def test_a_file_that_is_no_yaml_is_named_with_its_line(package):
    row = change(package, "qa.yaml", "  kind: question", "  kind: [question")
    types = {(p.type, p.file) for p in document.problems(package)}
    assert ("yaml-syntax", "document/qa.yaml") in types
    fault = next(p for p in document.problems(package) if p.type == "yaml-syntax")
    assert fault.row >= row


def test_a_missing_an_unknown_and_a_binary_file_are_each_named(package):
    (package / "document/qa.yaml").unlink()
    (package / "document/extra.yaml").write_text("[]")
    (package / "document/tools.yaml").write_bytes(b"- id: \xff")
    (package / "document/trends.yaml").write_text("trends: none")
    faults = found(package)
    assert ("file-missing", "document/qa.yaml", None, None) in faults
    assert ("document-file-unknown", "document/extra.yaml", None, None) in faults
    assert ("encoding", "document/tools.yaml", 1, None) in faults
    assert ("document-list", "document/trends.yaml", 1, None) in faults


def test_the_same_id_or_field_twice_is_a_fault(package):
    row = change(package, "trends.yaml", "- id: trend.fields", "- id: trend.maturity")
    assert ("id-duplicate", "document/trends.yaml", row, "id") in found(package)
    row = change(package, "qa.yaml", "  kind: question\n", "  kind: question\n  kind: question\n")
    assert ("field-duplicate", "document/qa.yaml", row + 1, "kind") in found(package)


def test_a_section_that_nothing_stands_for_is_a_fault(package):
    change(package, "summary.yaml", 'section: "8.1"', 'section: "8.2"')
    (package / "document/factors.yaml").unlink()
    faults = document.problems(package)
    assert {(p.type, p.fields["value"]) for p in faults} == {("section-empty", "8.1"), ("section-empty", "1.2")}


def test_a_check_that_names_no_source_is_a_fault(package):
    change(package, "concepts.yaml", "basis: derivation", "basis: source")
    assert {p.type for p in document.problems(package)} == {"check-unsourced"}


def test_a_folder_without_a_document_is_a_fault_and_no_crash(tmp_path):
    assert [p.type for p in document.problems(tmp_path)] == ["document-missing"]


def test_a_faulty_document_is_refused_in_one_sentence_that_says_where(package):
    change(package, "trends.yaml", "related: [challenge.entry]", "related: [challenge.lost]")
    with pytest.raises(UserError, match=r"document/trends\.yaml, row \d+, related: .*challenge\.lost.*data check"):
        document.load(package)


def test_a_search_finds_words_of_either_language_in_any_order_and_case(doc):
    ids = {s.id for s in doc.search("STANFORD course")}
    assert "resource.course" in ids
    assert ids == {s.id for s in doc.search("course stanford")}
    assert "resource.course" in {s.id for s in doc.search("吴恩达")}
    assert [s.id for s in doc.search("trend.lightweight")] == ["trend.lightweight"]
    assert doc.search("no such words anywhere") == ()


def test_verdicts_and_coverage_count_the_same_checks(doc):
    checked = sum(c.checked for c in doc.coverage())
    assert checked == doc.verdicts().total() + len(doc.of(schema.Defect))


def test_an_examination_covers_what_can_be_read_and_names_the_rest(package):
    faults, coverage = document.examine(package)
    assert (faults, len(coverage)) == ([], len(schema.SECTIONS))
    change(package, "trends.yaml", "kind: trend", "kind: fashion")
    faults, fewer = document.examine(package)
    assert "document-kind" in {p.type for p in faults}
    assert sum(c.statements for c in fewer) == sum(c.statements for c in coverage) - 1


def test_a_package_without_the_document_is_examined_without_complaint(tmp_path):
    assert document.examine(tmp_path) == ([], ())


def test_faults_serialise_as_the_contract_says(package):
    change(package, "trends.yaml", "kind: trend", "kind: fashion")
    fault = document.problems(package)[0].to_json()
    assert set(fault) == {"file", "row", "column", "type", "message"}


def test_the_page_about_the_document_counts_right(doc):
    page = (ROOT / "docs" / "document.md").read_text(encoding="utf-8")
    effects = [d.effect for d in doc.of(schema.Defect)]
    stops, wrong, brittle = (effects.count(e) for e in ("stops", "wrong", "brittle"))
    assert f"({len(effects)} defects): {stops} stop the programme, {wrong} make it do" in page
    assert f"{brittle} make it brittle" in page
    assert f"({len(doc.of(schema.Discrepancy))} discrepancies)" in page


def test_the_page_about_the_document_names_every_file_kind_verdict_and_basis():
    page = (ROOT / "docs" / "document.md").read_text(encoding="utf-8")
    words = {*schema.FILES, *schema.KINDS, *get_args(schema.Verdict), *get_args(schema.Basis)}
    assert {word for word in words if word not in page} == set()
