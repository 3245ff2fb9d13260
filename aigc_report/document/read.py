"""Reads the document's files and says everything that is wrong with them, each fault with its file, line and field."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from pydantic import TypeAdapter, ValidationError

from aigc_report.check import problem
from aigc_report.document.schema import FAMILIES, FILES, KINDS, SECTIONS, AnyStatement, Statement, Text

FOLDER = "document"
_OTHERS = {"factors.yaml", "claims.yaml"}  # pieces of the document that other modules read
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml reads these files ten times faster
_HAN = re.compile(r"[\u4e00-\u9fff]")

FAULTS: dict[str, str] = problem.KINDS | {
    "document-missing": "The package has no folder document. Install it again.",
    "document-file-unknown": "No statements are read from this file. The files are: {expected}.",
    "document-list": "The file must be a list of statements, each beginning with - id:.",
    "document-kind": '"{value}" is no kind of statement for this file. It takes: {expected}.',
    "document-shape": "{field} cannot be read: {reason}.",
    "field-missing": "A statement of kind {kind} needs the field {field}. Add it.",
    "field-unknown": "A statement of kind {kind} has no field {field}. Its fields are: {expected}.",
    "field-duplicate": "The field {field} stands twice in this entry. Keep one.",
    "field-empty": "{field} is empty. Fill it.",
    "id-duplicate": "The id {value} stands already in {first}. An id belongs to one statement for good.",
    "id-family": "The id {value} of a {kind} must begin with {expected}.",
    "id-unknown": "{field} names {value}, which is no id of a statement. Correct it.",
    "check-unsourced": "The check rests on a source and names none. Add it to sources, or state another basis.",
    "section": "The document has no section {value}. Its sections are: {expected}.",
    "section-empty": "No statement stands for section {value} ({title}). Add one.",
    "translation-foreign": '"{value}" holds Chinese characters. Write it in English.',
}
"""Kind of fault to its English sentence, those that every file of a package can have included."""

_FROM_PYDANTIC: dict[str, str] = {
    "missing": "field-missing",
    "unexpected_keyword_argument": "field-unknown",
    "string_too_short": "field-empty",
    "too_short": "field-empty",
    "string_pattern_mismatch": "pattern",
    "literal_error": "enum",
    "int_parsing": "integer",
    "int_type": "integer",
    "bool_parsing": "boolean",
    "bool_type": "boolean",
}
"""Pydantic's name of a fault to ours; any other is a ``document-shape`` with pydantic's reason."""


@dataclass(frozen=True)
class Problem(problem.Problem):
    """A fault of a document file, as `aigc_report.check` reports them; `column` is the field (``name.zh``)."""

    def message(self, translate: Callable[[str], str] = str) -> str:
        """What is wrong, what was expected and what to do; `translate` turns the template into another language."""
        return translate(FAULTS[self.type]).format(**self.fields)


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
    placed: list[_Placed] = []
    faults: list[Problem] = []
    for name, kinds in FILES.items():
        found, wrong = _file(folder / name, kinds)
        placed += found
        faults += wrong
    for name in sorted({p.name for p in folder.glob("*.yaml")} - FILES.keys() - _OTHERS):
        faults.append(Problem("document-file-unknown", f"{FOLDER}/{name}", fields={"expected": ", ".join(FILES)}))
    faults += _across(placed)
    if not faults:
        faults += _gaps([p.statement for p in placed], count_factors(package))
    return [p.statement for p in placed], faults


def count_factors(package: Path) -> int:
    """How many factors ``factors.yaml`` holds; 0 where it cannot be read, which its own check reports."""
    path = package / FOLDER / "factors.yaml"
    try:
        content = yaml.load(path.read_bytes(), _LOADER)
    except (OSError, yaml.YAMLError):
        return 0
    return len(content["factors"]) if isinstance(content, dict) and isinstance(content.get("factors"), list) else 0


def untranslated(statement: Statement) -> Iterator[tuple[str, str, str]]:
    """Field, language and content of every text that is not in its language.

    A name may be the same in both (``PyTorch``); all other Chinese holds Chinese characters, and English holds none.
    """
    for path, text in _texts(statement):
        if _HAN.search(text.en):
            yield path, "en", text.en
        if not _HAN.search(text.zh) and not (path == "name" and text.zh == text.en):
            yield path, "zh", text.zh


class _Placed(NamedTuple):
    statement: AnyStatement
    file: str
    node: yaml.Node


def _file(path: Path, kinds: Sequence[str]) -> tuple[list[_Placed], list[Problem]]:
    """The statements of one file with the place of each, and its faults."""
    name = f"{FOLDER}/{path.name}"
    try:
        content = path.read_text(encoding="utf-8")
        root = yaml.compose(content, _LOADER)
        entries = yaml.load(content, _LOADER)
    except FileNotFoundError:
        return [], [Problem("file-missing", name)]
    except OSError as error:
        return [], [Problem("unreadable", name, fields={"reason": error.strerror})]
    except UnicodeDecodeError as error:
        row = error.object[: error.start].count(b"\n") + 1
        return [], [Problem("encoding", name, row, fields={"byte": error.start + 1})]
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or "it cannot be read"
        return [], [Problem("yaml-syntax", name, mark.line + 1 if mark else 1, fields={"reason": reason})]
    if not isinstance(entries, list) or root is None:
        return [], [Problem("document-list", name, 1)]
    placed: list[_Placed] = []
    faults: list[Problem] = []
    for entry, node in zip(entries, root.value, strict=True):
        faults += _doubled(name, node)
        kind = entry.get("kind") if isinstance(entry, dict) else None
        if not isinstance(kind, str) or kind not in kinds:
            faults.append(_fault("document-kind", name, node, ("kind",), value=kind, expected=", ".join(kinds)))
            continue
        try:
            placed.append(_Placed(_adapter(kind).validate_python(entry), name, node))
        except ValidationError as error:
            faults += [_shape_fault(name, node, kind, dict(detail)) for detail in error.errors()]
    return placed, faults


def _across(placed: list[_Placed]) -> list[Problem]:
    """Faults that show only when statements are seen together, or in their words."""
    faults: list[Problem] = []
    first: dict[str, str] = {}
    ids = {p.statement.id for p in placed}
    for s, file, node in placed:
        if s.id in first:
            faults.append(_fault("id-duplicate", file, node, ("id",), value=s.id, first=first[s.id]))
        first.setdefault(s.id, file)
        family = FAMILIES[s.kind]
        if s.id.split(".")[0] != family:
            faults.append(_fault("id-family", file, node, ("id",), value=s.id, kind=s.kind, expected=f"{family}."))
        for field, number in (("section", s.section), *(("also", n) for n in s.also)):
            if number not in SECTIONS:
                faults.append(_fault("section", file, node, (field,), value=number, expected=", ".join(SECTIONS)))
        for field, other in _links(s):
            if other not in ids:
                faults.append(_fault("id-unknown", file, node, (field,), value=other, field=field))
        if s.check and s.check.basis == "source" and not s.check.sources:
            faults.append(_fault("check-unsourced", file, node, ("check", "basis")))
        for path, lang, value in untranslated(s):
            kind = "translation-same" if lang == "zh" else "translation-foreign"
            faults.append(_fault(kind, file, node, (*path.split("."), lang), value=value))
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


def _texts(value: Any, path: str = "") -> Iterator[tuple[str, Text]]:
    """Every text in a statement with its field path."""
    for field in fields(value):
        inner, where = getattr(value, field.name), f"{path}.{field.name}".lstrip(".")
        if isinstance(inner, Text):
            yield where, inner
        elif hasattr(inner, "__dataclass_fields__"):
            yield from _texts(inner, where)


@cache
def _adapter(kind: str) -> TypeAdapter[Any]:
    return TypeAdapter(KINDS[kind])


def _shape_fault(file: str, node: yaml.Node, kind: str, detail: dict[str, Any]) -> Problem:
    """Pydantic's account of a fault in our words."""
    location, context = tuple(detail["loc"]), detail.get("ctx", {})
    type = _FROM_PYDANTIC.get(detail["type"], "document-shape")
    if type in ("field-missing", "field-empty") and location[-1] in ("en", "zh"):
        type = "translation-missing"
    known = {
        "kind": kind,
        "field": ".".join(map(str, location)),
        "value": detail["input"],
        "expected": ", ".join(f.name for f in fields(KINDS[kind])),
        "allowed": context.get("expected"),
        "pattern": context.get("pattern"),
        "reason": detail["msg"],
    }
    return _fault(type, file, node, location, **known)


def _doubled(file: str, node: yaml.Node) -> list[Problem]:
    """Fields written twice in one entry, of which YAML would silently keep the last."""
    if not isinstance(node, yaml.MappingNode):
        return []
    faults: list[Problem] = []
    seen: set[str] = set()
    for key, value in node.value:
        if key.value in seen:
            row = key.start_mark.line + 1
            faults.append(Problem("field-duplicate", file, row, key.value, {"field": key.value}))
        seen.add(key.value)
        faults += _doubled(file, value)
    return faults


def _fault(type: str, file: str, node: yaml.Node, location: Sequence[str | int], **values: Any) -> Problem:
    """A fault at the line of the innermost part of `location` that exists under `node`."""
    for part in location:
        if isinstance(node, yaml.MappingNode):
            node = next((value for key, value in node.value if key.value == part), node)
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            node = node.value[part]
    return Problem(type, file, node.start_mark.line + 1, ".".join(map(str, location)), values)
