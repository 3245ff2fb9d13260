"""Validate a data package: the one that ships, one a refresh brings in, or one a user made.

All problems are found at once, each with its file, line, column and what to do. The rules stand in the package that
came with this installation (``datapackage.json`` and ``schemas/``), a Frictionless data package; what a table schema
cannot say (ranges of units, breakdowns, rows nothing refers to, both languages) is added here.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from aigc_report import catalog
from aigc_report.check import cells, documents, meaning, reading
from aigc_report.check.cells import Schema, Tables
from aigc_report.check.problem import KINDS, Problem

if TYPE_CHECKING:
    from aigc_report.document import SectionCoverage

__all__ = ["KINDS", "Problem", "Report", "check"]

OBSERVATIONS = "observations"
CLAIMS = Path(documents.CLAIMS).name
REQUIRED = ("indicators.csv", "units.csv", "sources.csv", "geographies.csv", "policy_instruments.csv")
_PLACES = ("*.csv", f"{OBSERVATIONS}/*.csv", "specs/*.csv")


@dataclass(frozen=True)
class Report:
    """What a check found. `rows` counts observations; `digest` is None where there is no package to speak of.

    `coverage` says how far the founding document stands as data, by section; empty where the package holds none of it.
    """

    rows: int
    digest: str | None
    problems: tuple[Problem, ...]
    coverage: "tuple[SectionCoverage, ...]" = ()

    @property
    def ok(self) -> bool:
        """True when nothing is wrong."""
        return not self.problems

    def to_json(self) -> dict[str, Any]:
        """The contract's document: ok, rows, digest, problems; and coverage."""
        return {
            "ok": self.ok,
            "rows": self.rows,
            "digest": self.digest,
            "problems": [problem.to_json() for problem in self.problems],
            "coverage": [asdict(section) for section in self.coverage],
        }


def check(path: str | Path | None = None) -> Report:
    """Every problem of the data package in the folder `path`, by default the one installed, by file and line."""
    from aigc_report import document  # it builds on this package's `problem`, so it cannot be named above

    folder = Path(path) if path is not None else catalog.folder()
    if not folder.is_dir():
        return Report(0, None, (Problem("folder-missing", str(folder), fields={"path": folder}),))
    names = sorted(f.relative_to(folder).as_posix() for place in _PLACES for f in folder.glob(place))
    tables, problems = _tables(folder, names)
    problems += documents.description(folder, names)
    faults, coverage = document.examine(folder)
    problems += documents.texts(folder, tables, but={*document.FILES, CLAIMS} if coverage else ())
    for kind, files in tables.items():
        for name, frame in files.items():
            problems += _table_problems(kind, name, frame, tables)
    problems += _across_files(tables)
    problems += meaning.orphans(tables, documents.cited(folder))
    rows = sum(len(frame) for frame in tables[OBSERVATIONS].values())
    complete = tables[OBSERVATIONS] and not any(p.type in ("file-missing", "unreadable") for p in problems)
    found = tuple(sorted([*problems, *faults], key=_order))
    return Report(rows, catalog.digest(folder) if complete else None, found, coverage)


def _tables(folder: Path, names: list[str]) -> tuple[Tables, list[Problem]]:
    """Every table of the folder by kind, and what is wrong with the files as such."""
    tables: Tables = {OBSERVATIONS: {}}
    problems = [Problem("file-missing", name) for name in REQUIRED if name not in names]
    if not any(name.startswith(f"{OBSERVATIONS}/") for name in names):
        problems.append(Problem("no-observations", f"{OBSERVATIONS}/"))
    for name in names:
        kind = _kind(name)
        columns = [field["name"] for field in _schemas()[kind]["fields"]] if kind else []
        frame, found = reading.table(folder, name, columns)
        problems += found
        if kind and frame is not None:
            tables.setdefault(kind, {})[name] = frame
    return tables, problems


def _table_problems(kind: str, name: str, frame: pd.DataFrame, tables: Tables) -> Iterator[Problem]:
    schema = _schemas()[kind]
    yield from cells.cells(name, frame, schema)
    yield from cells.keys(name, frame, schema)
    yield from cells.references(name, frame, schema, tables)
    if kind == OBSERVATIONS:
        yield from meaning.observations(name, frame, tables)


def _across_files(tables: Tables) -> Iterator[Problem]:
    """Rows of one table of observations whose key stands in another one."""
    schema = _schemas()[OBSERVATIONS]
    key: list[str] = schema["primaryKey"]
    frames = [f[key].assign(file=name) for name, f in tables[OBSERVATIONS].items() if {*key} <= {*f}]
    if len(frames) < 2:
        return
    rows = pd.concat(frames)
    rows["line"] = rows.index
    first = rows.drop_duplicates(key)
    again = rows.merge(first, on=key, suffixes=("", "_first"))
    again = again[again["file"] != again["file_first"]]
    for file, line, file_first, line_first in again[["file", "line", "file_first", "line_first"]].to_numpy():
        yield Problem("key", file, line, None, {"columns": ", ".join(key), "first": f"{line_first} of {file_first}"})


def _kind(name: str) -> str | None:
    """The kind of table a file is, by its path; None for a table this product knows nothing of."""
    return OBSERVATIONS if name.startswith(f"{OBSERVATIONS}/") else _shipped()[0].get(name)


def _schemas() -> dict[str, Schema]:
    return _shipped()[1]


@cache
def _shipped() -> tuple[dict[str, str], dict[str, Schema]]:
    """The tables of the installed package: path to kind, and kind to schema. Kinds are names of resources."""
    package = catalog.folder()
    kinds, schemas = {}, {}
    for resource in json.loads((package / documents.DESCRIPTION).read_text(encoding="utf-8"))["resources"]:
        kind = OBSERVATIONS if resource["path"].startswith(f"{OBSERVATIONS}/") else resource["name"]
        kinds[resource["path"]] = kind
        schemas[kind] = json.loads((package / resource["schema"]).read_text(encoding="utf-8"))
    return kinds, schemas


def _order(problem: Problem) -> tuple[str, int, str]:
    return problem.file, problem.row or 0, problem.column or ""
