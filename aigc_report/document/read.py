"""Reads the document's files and says everything that is wrong with them, each fault with its file, line and field."""

from collections.abc import Iterator
from pathlib import Path

import yaml

from aigc_report.check import problem
from aigc_report.document.entries import FAULTS, LOADER, Placed, Problem, fault, mistranslated, of_file, untranslated
from aigc_report.document.schema import FAMILIES, FILES, KINDS, SECTIONS, AnyStatement, Statement

__all__ = ["FAULTS", "FOLDER", "Problem", "count_factors", "problems", "read", "untranslated"]

FOLDER = "document"
_OTHERS = {"factors.yaml", "claims.yaml"}  # pieces of the document that other modules read


def problems(package: Path) -> list[problem.Problem]:
    """Every fault of the document files in the data package at `package`; empty where all is well.

    Shape, required fields, both languages, ids (unique, of the family of their kind, resolvable), sections, coverage.
    """
    return list(read(package)[1])


def read(package: Path) -> tuple[list[AnyStatement], list[Problem]]:
    """The statements that can be read, in the order of the files, and every fault."""
    folder = package / FOLDER
    if not folder.is_dir():
        return [], [Problem("document-missing", FOLDER)]
    placed: list[Placed] = []
    faults: list[Problem] = []
    for name, kinds in FILES.items():
        found, wrong = of_file(folder / name, f"{FOLDER}/{name}", {kind: KINDS[kind] for kind in kinds})
        placed += found
        faults += wrong
    for name in sorted({p.name for p in folder.glob("*.yaml")} - FILES.keys() - _OTHERS):
        faults.append(Problem("document-file-unknown", f"{FOLDER}/{name}", fields={"expected": ", ".join(FILES)}))
    faults += _across(placed)
    if not faults:
        faults += _gaps([p.entry for p in placed], count_factors(package))
    return [p.entry for p in placed], faults


def count_factors(package: Path) -> int:
    """How many factors ``factors.yaml`` holds; 0 where it cannot be read, which its own check reports."""
    path = package / FOLDER / "factors.yaml"
    try:
        content = yaml.load(path.read_bytes(), LOADER)
    except (OSError, yaml.YAMLError):
        return 0
    return len(content["factors"]) if isinstance(content, dict) and isinstance(content.get("factors"), list) else 0


def _across(placed: list[Placed]) -> list[Problem]:
    """Faults that show only when statements are seen together, or in their words."""
    faults: list[Problem] = []
    first: dict[str, str] = {}
    ids = {p.entry.id for p in placed}
    for s, file, node in placed:
        if s.id in first:
            faults.append(fault("id-duplicate", file, node, ("id",), value=s.id, first=first[s.id]))
        first.setdefault(s.id, file)
        family = FAMILIES[s.kind]
        if s.id.split(".")[0] != family:
            faults.append(fault("id-family", file, node, ("id",), value=s.id, kind=s.kind, expected=f"{family}."))
        for field, number in (("section", s.section), *(("also", n) for n in s.also)):
            if number not in SECTIONS:
                faults.append(fault("section", file, node, (field,), value=number, expected=", ".join(SECTIONS)))
        for field, other in _links(s):
            if other not in ids:
                faults.append(fault("id-unknown", file, node, (field,), value=other, field=field))
        if s.check and s.check.basis == "source" and not s.check.sources:
            faults.append(fault("check-unsourced", file, node, ("check", "basis")))
        faults += mistranslated(Placed(s, file, node))
    return faults


def _gaps(statements: list[AnyStatement], factors: int) -> list[Problem]:
    """Sections of the document that no statement stands for."""
    covered = {n for s in statements for n in (s.section, *s.also)} | ({"1.2"} if factors else set())
    return [
        Problem("section-empty", FOLDER, column="section", fields={"value": number, "title": en})
        for number, (en, _) in SECTIONS.items()
        if number not in covered
    ]


def _links(statement: Statement) -> Iterator[tuple[str, str]]:
    """Fields that name other statements, with the ids they name."""
    for field in ("related", "leads_to"):
        yield from ((field, other) for other in getattr(statement, field, ()))
    if hasattr(statement, "sector"):
        yield "sector", statement.sector
