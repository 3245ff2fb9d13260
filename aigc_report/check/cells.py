"""Faults of single cells and keys, as a Frictionless table schema demands them: type, constraints, keys."""

import re
from collections.abc import Iterator
from typing import Any

import pandas as pd

from aigc_report.check.problem import Problem

Schema = dict[str, Any]
Tables = dict[str, dict[str, pd.DataFrame]]
"""Name of a kind of table to its files, each a frame of text indexed by line."""

KIND_OF_PATTERN = {"period": "period", "flag": "flag"}
"""Columns whose form deserves a sentence of its own."""
_CHINESE = r"[\u4e00-\u9fff]"


def cells(name: str, frame: pd.DataFrame, schema: Schema) -> Iterator[Problem]:
    """Every cell that is empty, of the wrong type or form, or not allowed."""
    for field in schema["fields"]:
        column = field["name"]
        if column not in frame:
            continue
        constraints = field.get("constraints", {})
        values = frame[column]
        filled = values[values != ""]
        if constraints.get("required"):
            kind = "translation-missing" if column.endswith(("_en", "_zh")) else "required"
            yield from _each(kind, name, column, values[values == ""])
        yield from _each("whitespace", name, column, filled[filled != filled.str.strip()])
        if column.endswith("_zh"):
            yield from _each("translation-same", name, column, filled[~filled.str.contains(_CHINESE)])
        yield from _typed(name, column, filled, field["type"], constraints)
        if "pattern" in constraints:
            wrong = filled[~filled.str.fullmatch(constraints["pattern"])]
            kind = KIND_OF_PATTERN.get(column, "pattern")
            yield from _each(kind, name, column, wrong, pattern=constraints["pattern"])
        if "enum" in constraints:
            allowed = [str(value) for value in constraints["enum"]]
            yield from _each("enum", name, column, filled[~filled.isin(allowed)], allowed=", ".join(allowed))
        if constraints.get("unique"):
            yield from _repeated("unique", name, column, filled.to_frame())


def numbers(values: pd.Series) -> pd.Series:
    """The cells as floats; NaN where a cell is no finite decimal number."""
    plain = values.str.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
    return pd.to_numeric(values.where(plain), errors="coerce").astype(float)


def keys(name: str, frame: pd.DataFrame, schema: Schema) -> Iterator[Problem]:
    """Every row whose primary key stands in an earlier one."""
    columns = schema.get("primaryKey", [])
    alone = {f["name"] for f in schema["fields"] if f.get("constraints", {}).get("unique")}
    if columns and not alone.issuperset(columns) and frame.columns.isin(columns).sum() == len(columns):
        yield from _repeated("key", name, None, frame[columns])


def references(name: str, frame: pd.DataFrame, schema: Schema, tables: Tables) -> Iterator[Problem]:
    """Every cell that names something the table it refers to does not have. A table that is missing is not asked."""
    for key in schema.get("foreignKeys", []):
        column, target = key["fields"], key["reference"]["resource"]
        other = tables.get(target, {}).get(f"{target}.csv")
        if column not in frame or other is None or key["reference"]["fields"] not in other:
            continue
        filled = frame.loc[frame[column] != "", column]
        wrong = filled[~filled.isin(other[key["reference"]["fields"]])]
        yield from _each("reference", name, column, wrong, table=f"{target}.csv")


def _typed(name: str, column: str, filled: pd.Series, kind: str, constraints: dict[str, Any]) -> Iterator[Problem]:
    if kind == "boolean":
        yield from _each("boolean", name, column, filled[~filled.isin(["true", "false"])])
    elif kind == "integer":
        yield from _each("integer", name, column, filled[~filled.str.fullmatch(r"-?\d+")])
    elif kind == "number":
        yield from _each("number", name, column, filled[numbers(filled).isna()])
    if "minimum" in constraints:
        bound = constraints["minimum"]
        low = filled[numbers(filled) < bound]
        yield from _each("minimum", name, column, low, bound=bound)


def _repeated(kind: str, name: str, column: str | None, frame: pd.DataFrame) -> Iterator[Problem]:
    again = frame.duplicated()
    if not again.any():
        return
    first = {tuple(row): line for line, row in zip(frame.index[~again], frame[~again].to_numpy(), strict=True)}
    columns = ", ".join(map(str, frame.columns))
    for line, row in zip(frame.index[again], frame[again].to_numpy(), strict=True):
        yield Problem(kind, name, line, column, {"value": row[0], "columns": columns, "first": first[tuple(row)]})


def _each(kind: str, name: str, column: str, wrong: pd.Series, **fields: Any) -> Iterator[Problem]:
    """One problem per cell of `wrong`; `fields` go into its sentence beside the value, which is shown on one line."""
    for line, value in wrong.items():
        yield Problem(kind, name, int(str(line)), column, {"value": re.sub(r"\s+", " ", value), **fields})
