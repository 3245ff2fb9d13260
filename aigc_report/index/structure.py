"""The structure of an index: which columns are indicators, how they add up, and in which direction they point.

The table has the columns that users of R's COINr know (Level, iCode, iName, Direction, Weight, Denominator, Parent,
Type) and, where wanted, Low and High (goalposts), Target (of `dist2targ`), Transform (log) and Aggregation (an
aggregate's own method).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from aigc_report.errors import Phrase, UserError, phrase
from aigc_report.i18n import N_
from aigc_report.index import read

REQUIRED: tuple[str, ...] = ("Level", "iCode", "Direction", "Weight", "Parent", "Type")
NUMERIC: tuple[str, ...] = ("Level", "Direction", "Weight", "Low", "High", "Target")
TYPES: tuple[str, ...] = ("Indicator", "Aggregate", "Group", "Denominator", "Other")
TRANSFORMS: tuple[str, ...] = ("log",)


@dataclass(frozen=True)
class Line:
    """One row of the table; a number left empty is NaN, a text left empty is empty."""

    row: int
    code: str
    name: str
    kind: str
    level: float
    direction: float
    weight: float
    parent: str
    denominator: str
    transform: str
    aggregation: str
    low: float
    high: float
    target: float
    other: Mapping[str, str]

    @property
    def scored(self) -> bool:
        """Whether it is part of the tree: an indicator or an aggregate."""
        return self.kind in ("Indicator", "Aggregate")


@dataclass(frozen=True)
class Structure:
    """A checked structure table: its lines by code, in the file's order, and the file they come from."""

    lines: Mapping[str, Line]
    file: str

    def codes(self, kind: str) -> list[str]:
        """The codes of one Type, in the file's order."""
        return [line.code for line in self.lines.values() if line.kind == kind]

    @property
    def indicators(self) -> list[str]:
        """The codes of the indicators, in the file's order."""
        return self.codes("Indicator")

    def children(self, code: str) -> list[str]:
        """What adds up to `code`, in the file's order."""
        return [line.code for line in self.lines.values() if line.scored and line.parent == code]

    def aggregates(self) -> list[str]:
        """The aggregates, each after everything below it."""
        return sorted(self.codes("Aggregate"), key=lambda code: self.lines[code].level)

    def ordered(self) -> list[str]:
        """All codes that carry scores: the total first, then level by level down to the indicators."""
        scored = [line.code for line in self.lines.values() if line.scored]
        return sorted(scored, key=lambda code: -self.lines[code].level)

    def without(self, codes: Collection[str]) -> "Structure":
        """The structure without these indicators, and without the aggregates that have nothing left below them."""
        lines = {code: line for code, line in self.lines.items() if code not in codes}
        while empty := {
            code
            for code, line in lines.items()
            if line.kind == "Aggregate" and not any(other.scored and other.parent == code for other in lines.values())
        }:
            lines = {code: line for code, line in lines.items() if code not in empty}
        return Structure(lines, self.file)

    def where(self, code: str, column: str) -> Phrase:
        """The place of a cell of the file, in words."""
        return place(self.file, self.lines[code].row, column)


def load(path: Path) -> Structure:
    """The structure in the table at `path`; `UserError` names the row and column of the first fault."""
    return check(read.cells(path), str(path))


def check(text: pd.DataFrame, file: str) -> Structure:
    """A `Structure` from cells of text whose index holds line numbers; `UserError` for the first fault found."""
    for column in REQUIRED:
        if column not in text.columns:
            raise UserError(
                N_("{file} has no column {column}; it needs {all}."), file=file, column=column, all=", ".join(REQUIRED)
            )
    numbers = read.numbers(text, [column for column in NUMERIC if column in text.columns], file)
    lines: dict[str, Line] = {}
    for position, row in enumerate(read.lines(text)):
        line = _line(text.iloc[position].to_dict(), numbers.iloc[position].to_dict(), row)
        for column, message in _faults(line, lines):
            raise UserError(N_("{where}: {message}."), where=place(file, row, column), message=message)
        lines[line.code] = line
    structure = Structure(lines, file)
    _check_tree(structure)
    return structure


def _line(text: Mapping[Any, Any], numbers: Mapping[Any, Any], row: int) -> Line:
    def word(column: str) -> str:
        return "" if text.get(column, "") == "NA" else text.get(column, "")

    def number(column: str) -> float:
        return float(numbers.get(column, float("nan")))

    return Line(
        row=row,
        code=text["iCode"],
        name=word("iName") or text["iCode"],
        kind=text["Type"],
        level=number("Level"),
        direction=number("Direction"),
        weight=number("Weight"),
        parent=word("Parent"),
        denominator=word("Denominator"),
        transform=word("Transform"),
        aggregation=word("Aggregation"),
        low=number("Low"),
        high=number("High"),
        target=number("Target"),
        other={column: value for column, value in text.items() if column not in NUMERIC},
    )


def place(file: str, row: int, column: str) -> Phrase:
    """The place of a cell of a file, in words."""
    return phrase(N_("{file}, row {row}, column {column}"), file=file, row=row, column=column)


def _faults(line: Line, before: Mapping[str, Line]) -> list[tuple[str, Phrase]]:
    """What is wrong with one line taken by itself: column and reason."""
    unknown = N_('"{value}" is not one of {known}')
    indicator = line.kind == "Indicator"
    top = line.kind == "Aggregate" and not line.parent
    rules = (
        (line.code != "", "iCode", phrase(N_("a code is missing"))),
        (line.code not in before, "iCode", phrase(N_('the code "{code}" stands twice'), code=line.code)),
        (line.kind in TYPES, "Type", phrase(unknown, value=line.kind, known=", ".join(TYPES))),
        (
            not line.scored or (line.level >= 1 and line.level % 1 == 0),
            "Level",
            phrase(N_("it must be a whole number from 1 up")),
        ),
        (
            not indicator or abs(line.direction) == 1,
            "Direction",
            phrase(N_("it must be 1 (more is better) or -1 (less is better)")),
        ),
        (not line.scored or top or line.weight >= 0, "Weight", phrase(N_("it must be a number of 0 or more"))),
        (
            not indicator or line.parent,
            "Parent",
            phrase(N_('the indicator "{code}" has no parent, so it would count nowhere'), code=line.code),
        ),
        (
            line.transform in ("", *TRANSFORMS),
            "Transform",
            phrase(unknown, value=line.transform, known=", ".join(TRANSFORMS)),
        ),
        (not line.low >= line.high, "High", phrase(N_("the upper goalpost must lie above the lower one"))),
    )
    return [(column, message) for holds, column, message in rules if not holds]


def _check_tree(structure: Structure) -> None:
    """Every indicator and aggregate leads up, level by level, to one total, and no aggregate is empty."""
    scored = {code: line for code, line in structure.lines.items() if line.scored}

    def refuse(code: str, column: str, template: str, **fields: str) -> UserError:
        where, message = structure.where(code, column), phrase(template, **fields)
        return UserError(N_("{where}: {message}."), where=where, message=message)

    if not structure.indicators:
        raise UserError(N_("{file} has no row of Type Indicator."), file=structure.file)
    for code, line in scored.items():
        if line.parent and (line.parent not in scored or scored[line.parent].kind != "Aggregate"):
            raise refuse(code, "Parent", N_('there is no aggregate "{parent}"'), parent=line.parent)
    for code in scored:
        path = [code]
        while parent := scored[path[-1]].parent:
            if parent in path:
                raise refuse(path[-1], "Parent", N_("{path} runs in a circle"), path=" > ".join([*path, parent]))
            path.append(parent)
    for code, line in scored.items():
        if line.parent and not scored[line.parent].level > line.level:
            raise refuse(code, "Level", N_('the parent "{parent}" must stand at a higher level'), parent=line.parent)
    tops = [code for code, line in scored.items() if not line.parent]
    if len(tops) != 1:
        raise refuse(
            tops[1], "Parent", N_('only one aggregate may have no parent, but "{other}" has none either'), other=tops[0]
        )
    for code in structure.aggregates():
        if not structure.children(code):
            raise refuse(code, "iCode", N_('nothing has "{parent}" as its parent'), parent=code)
