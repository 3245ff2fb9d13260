"""Faults of the package's description and of its texts: ``datapackage.json`` and ``document/*.yaml``."""

import json
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from aigc_report.check import reading
from aigc_report.check.cells import Tables
from aigc_report.check.problem import Problem
from aigc_report.flags import DOUBTFUL, PROJECTION

DESCRIPTION = "datapackage.json"
CLAIMS = "document/claims.yaml"
_LANGUAGES = ("en", "zh")
_LOADER: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def description(folder: Path, names: list[str]) -> Iterator[Problem]:
    """What is wrong with the description, and every table of `names` that it leaves out."""
    content, problems = reading.text(folder, DESCRIPTION)
    yield from problems
    if content is None:
        return
    try:
        package = json.loads(content)
    except (json.JSONDecodeError, RecursionError) as error:
        row, reason = getattr(error, "lineno", 1), getattr(error, "msg", "nested too deeply")
        yield Problem("json-syntax", DESCRIPTION, row, fields={"reason": reason})
        return
    resources = package.get("resources") if isinstance(package, dict) else None
    if not isinstance(resources, list) or not all(
        isinstance(r, dict) and _path(r) and r.get("name") for r in resources
    ):
        yield Problem("package", DESCRIPTION)
        return
    described = {_path(resource) for resource in resources}
    for path in sorted(described):
        if not (folder / path).is_file():
            yield Problem("resource-missing", DESCRIPTION, _line(content, path), "path", {"path": path})
    for name in names:
        if name not in described:
            yield Problem("resource-undescribed", name)


def texts(folder: Path, tables: Tables, but: Collection[str] = ()) -> Iterator[Problem]:
    """What is wrong with the YAML files: form, a text in one language only, a headline without an observation.

    Files named in `but` hold statements, of which `aigc_report.document` knows more.
    """
    for file in sorted((folder / "document").glob("*.yaml")):
        if file.name in but:
            continue
        name = f"document/{file.name}"
        content, problems = reading.text(folder, name)
        yield from problems
        if content is None:
            continue
        try:
            root = yaml.compose(content, Loader=_LOADER)
        except (yaml.YAMLError, RecursionError) as error:
            mark = getattr(error, "problem_mark", None)
            reason = getattr(error, "problem", None) or "it cannot be read"
            yield Problem("yaml-syntax", name, mark.line + 1 if mark else 1, fields={"reason": reason})
            continue
        observed = _observed(tables)
        for mapping in _mappings(root):
            yield from _languages(name, mapping)
            if observed is not None and {"indicator", "geo", "breakdown"} <= mapping.keys():
                yield from _headline(name, mapping, observed)


def cited(folder: Path) -> set[str]:
    """The sources that claims of the package name; empty where there are none, or none that can be read."""
    content, _ = reading.text(folder, CLAIMS)
    try:
        root = yaml.compose(content, Loader=_LOADER) if content else None
    except (yaml.YAMLError, RecursionError):
        return set()
    return {
        str(mapping[key].value)
        for mapping in _mappings(root)
        for key in ("source", "asked_source")
        if isinstance(mapping.get(key), yaml.ScalarNode)
    }


def _path(resource: dict[str, Any]) -> str:
    path = resource.get("path")
    return path if isinstance(path, str) else ""


def _line(content: str, path: str) -> int | None:
    """The line on which a described path stands."""
    at = content.find(json.dumps(path))
    return content[:at].count("\n") + 1 if at >= 0 else None


def _mappings(node: yaml.Node | None) -> Iterator[dict[str, yaml.Node]]:
    """Every mapping below `node`, each as a dict from key to the node of its value; aliases are followed once."""
    waiting, seen = [node], set()
    while waiting:
        node = waiting.pop()
        if node is None or id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            yield {str(key.value): value for key, value in node.value}
            waiting += [value for _, value in reversed(node.value)]
        elif isinstance(node, yaml.SequenceNode):
            waiting += reversed(node.value)


def _languages(name: str, mapping: dict[str, yaml.Node]) -> Iterator[Problem]:
    """A text is a mapping with nothing but languages as keys; each of them has to be there and hold something."""
    if not mapping or not mapping.keys() <= set(_LANGUAGES):
        return
    first = next(iter(mapping.values())).start_mark.line + 1
    for lang in _LANGUAGES:
        node = mapping.get(lang)
        if node is None or node.value in ("", []):
            yield Problem("translation-missing", name, node.start_mark.line + 1 if node else first, lang)


def _headline(name: str, mapping: dict[str, yaml.Node], observed: set[tuple[str, ...]]) -> Iterator[Problem]:
    """The headline itself and, where it is compared with another place or breakdown, the other one too."""
    own = {key: str(mapping[key].value) for key in ("indicator", "geo", "breakdown")}
    wanted = [(own, mapping["indicator"])]
    compare = mapping.get("compare")
    if isinstance(compare, yaml.MappingNode):
        other = {str(key.value): str(value.value) for key, value in compare.value if str(key.value) in own}
        wanted.append(({**own, **other}, compare))
    for figure, node in wanted:
        if tuple(figure.values()) not in observed:
            yield Problem("headline", name, node.start_mark.line + 1, "headlines", figure)


def _observed(tables: Tables) -> set[tuple[str, ...]] | None:
    """Indicator, place and breakdown of every observation fit for a headline; None where tables are incomplete."""
    columns = ["indicator", "geo", "breakdown"]
    frames = [f for f in tables.get("observations", {}).values() if {*columns, "flag"} <= {*f}]
    if not frames:
        return None
    rows = pd.concat(frames)
    rows = rows[~rows["flag"].str.contains(f"[{DOUBTFUL}{PROJECTION}]")]
    return set(rows[columns].drop_duplicates().itertuples(index=False, name=None))
