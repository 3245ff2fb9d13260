"""Lists of YAML entries of a known shape, and everything that is wrong with one, with its file, line and field.

The founding document's statements and the claims made about them are kept in such lists.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from pydantic import TypeAdapter, ValidationError

from aigc_report.check import problem
from aigc_report.document.schema import Text

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml reads these files ten times faster
_HAN = re.compile(r"[\u4e00-\u9fff]")

FAULTS: dict[str, str] = problem.KINDS | {
    "document-missing": "The package has no folder document. Install it again.",
    "document-file-unknown": "No statements are read from this file. The files are: {expected}.",
    "document-list": "The file must be a list of entries, each beginning with - id:.",
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
    "claim-test": "A claim of kind {kind} has one test, under {expected}. It gives: {value}.",
    "claim-experiment": 'There is no experiment "{value}". There are: {expected}.',
    "claim-query": 'There is no query "{value}". There are: {expected}.',
    "claim-arguments": "The query {value} cannot be asked like that: {reason}. Correct its arguments.",
    "claim-rule-missing": "A claim of kind {kind} needs a rule. Declare one before its test is run.",
    "claim-rule-surplus": "A claim of kind {kind} has no rule; its verdict follows from what was looked up. Remove it.",
    "claim-threshold": '"{value}" takes {expected}. Correct the threshold.',
    "claim-no-main": "The rule has no condition with role: main, so nothing decides. Add one.",
    "claim-one-sided": "No evidence could make this rule say {value}. Give it conditions that can hold and can fail.",
    "claim-versions": "The rule is in version {value}; changes must hold all before it: {expected}.",
    "claim-version-date": "Version {value} of the rule was declared before the version it replaced. Correct the days.",
    "claim-rule-changed": "The conditions of version {value} are not those it was declared with. Restore them, or "
    "raise the version and keep the old conditions under changes.",
    "claim-rule-unrecorded": "Evidence ships for this claim, and version {value} of its rule was never recorded. Run "
    "tools/record_rules.py before a test is run.",
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
    """A fault of a file of entries, as `aigc_report.check` reports them; `column` is the field (``name.zh``)."""

    def message(self, translate: Callable[[str], str] = str) -> str:
        """What is wrong, what was expected and what to do; `translate` turns the template into another language."""
        return translate(FAULTS[self.type]).format(**self.fields)


class Placed(NamedTuple):
    """An entry with the place where it stands."""

    entry: Any
    file: str
    node: yaml.Node


def of_file(path: Path, name: str, kinds: Mapping[str, type]) -> tuple[list[Placed], list[Problem]]:
    """The entries of the file at `path`, called `name` in faults; an entry's `kind` says which class it is one of."""
    try:
        content = path.read_text(encoding="utf-8")
        root = yaml.compose(content, LOADER)
        entries = yaml.load(content, LOADER)
    except FileNotFoundError:
        return [], [Problem("file-missing", name)]
    except OSError as error:
        return [], [Problem("unreadable", name, fields={"reason": error.strerror})]
    except UnicodeDecodeError as error:
        row = error.object[: error.start].count(b"\n") + 1
        return [], [Problem("encoding", name, row, fields={"byte": error.start + 1})]
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or "it cannot be read"
        return [], [Problem("yaml-syntax", name, mark.line + 1 if mark else 1, fields={"reason": reason})]
    if not isinstance(entries, list) or root is None:
        return [], [Problem("document-list", name, 1)]
    placed: list[Placed] = []
    faults: list[Problem] = []
    for entry, node in zip(entries, root.value, strict=True):
        faults += _doubled(name, node)
        kind = entry.get("kind") if isinstance(entry, dict) else None
        if not isinstance(kind, str) or kind not in kinds:
            faults.append(fault("document-kind", name, node, ("kind",), value=kind, expected=", ".join(kinds)))
            continue
        try:
            placed.append(Placed(_adapter(kinds[kind]).validate_python(entry), name, node))
        except ValidationError as error:
            faults += [_shape_fault(name, node, kind, kinds[kind], dict(detail)) for detail in error.errors()]
    return placed, faults


def fault(type: str, file: str, node: yaml.Node, location: Sequence[str | int], **values: Any) -> Problem:
    """A fault at the line of the innermost part of `location` that exists under `node`."""
    for part in location:
        if isinstance(node, yaml.MappingNode):
            node = next((value for key, value in node.value if key.value == part), node)
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            node = node.value[part]
    return Problem(type, file, node.start_mark.line + 1, ".".join(map(str, location)), values)


def mistranslated(placed: Placed) -> list[Problem]:
    """A fault for every text of an entry that is not in its language."""
    return [
        fault(
            "translation-same" if lang == "zh" else "translation-foreign",
            placed.file,
            placed.node,
            (*(int(part) if part.isdigit() else part for part in path.split(".")), lang),
            value=value,
        )
        for path, lang, value in untranslated(placed.entry)
    ]


def untranslated(entry: Any) -> Iterator[tuple[str, str, str]]:
    """Field, language and content of every text that is not in its language.

    A name may be the same in both (``PyTorch``); all other Chinese holds Chinese characters, and English holds none.
    """
    for path, text in _texts(entry):
        if _HAN.search(text.en):
            yield path, "en", text.en
        if not _HAN.search(text.zh) and not (path == "name" and text.zh == text.en):
            yield path, "zh", text.zh


def _texts(value: Any, path: str = "") -> Iterator[tuple[str, Text]]:
    """Every text in an entry with its field path."""
    if isinstance(value, Text):
        yield path, value
    elif isinstance(value, tuple):
        for position, inner in enumerate(value):
            yield from _texts(inner, f"{path}.{position}")
    elif hasattr(value, "__dataclass_fields__"):
        for field in fields(value):
            yield from _texts(getattr(value, field.name), f"{path}.{field.name}".lstrip("."))


@cache
def _adapter(cls: type) -> TypeAdapter[Any]:
    return TypeAdapter(cls)


def _shape_fault(file: str, node: yaml.Node, kind: str, cls: type, detail: dict[str, Any]) -> Problem:
    """Pydantic's account of a fault in our words."""
    location, context = tuple(detail["loc"]), detail.get("ctx", {})
    type = _FROM_PYDANTIC.get(detail["type"], "document-shape")
    reason = detail["msg"]
    if type in ("field-missing", "field-empty") and location[-1] in ("en", "zh"):
        type = "translation-missing"
    if type == "field-unknown" and len(location) > 1:
        type, reason = "document-shape", "there is no such field here"
    known = {
        "kind": kind,
        "field": ".".join(map(str, location)),
        "value": detail["input"],
        "expected": ", ".join(f.name for f in fields(cls)),
        "allowed": context.get("expected"),
        "pattern": context.get("pattern"),
        "reason": reason,
    }
    return fault(type, file, node, location, **known)


def _doubled(file: str, node: yaml.Node) -> list[Problem]:
    """Fields written twice in one entry, of which YAML would silently keep the last."""
    faults: list[Problem] = []
    if isinstance(node, yaml.SequenceNode):
        for inner in node.value:
            faults += _doubled(file, inner)
    if not isinstance(node, yaml.MappingNode):
        return faults
    seen: set[str] = set()
    for key, value in node.value:
        if key.value in seen:
            row = key.start_mark.line + 1
            faults.append(Problem("field-duplicate", file, row, key.value, {"field": key.value}))
        seen.add(key.value)
        faults += _doubled(file, value)
    return faults
