"""A fault of a data package as data: what kind, where, and the values its sentence needs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

KINDS: dict[str, str] = {
    "folder-missing": "There is no folder {path}. Give the folder of a data package.",
    "file-missing": "The file is missing. Every data package needs it; the one that came with aigc-report is a model.",
    "no-observations": "There is no table of observations. Put at least one .csv file into observations/.",
    "unreadable": "The file cannot be read: {reason}. Check its permissions.",
    "encoding": "Byte {byte} is not UTF-8. Save the file as UTF-8.",
    "byte-order-mark": "The file starts with a byte order mark. Save it as UTF-8 without one.",
    "line-ending": "The line ends in CR LF or CR, as may others. Save the file with LF line ends.",
    "csv-syntax": "The line is no CSV: {reason}. Rows after it were not read; mend it and check again.",
    "yaml-syntax": "The line is no YAML: {reason}. The file was not read any further.",
    "json-syntax": "The line is no JSON: {reason}.",
    "package": '"resources" is not a list of tables, each with a name and a path. Describe every table there.',
    "resource-missing": '"{path}" is described but does not exist. Remove it from the description, or add the file.',
    "resource-undescribed": "No resource of datapackage.json describes this table. Add one with name, path and schema.",
    "header-missing": "The file has no header. Write the names of the columns into its first line: {expected}.",
    "label-duplicate": 'The column "{column}" stands twice in the header. Keep one.',
    "label-missing": 'The column "{column}" is missing. The header should read: {expected}.',
    "label-extra": 'The column "{column}" is not known here. The header should read: {expected}.',
    "row-blank": "The line is empty. Remove it.",
    "row-length": "The row has {found} cells where the header has {expected}. Look for a missing or surplus comma.",
    "whitespace": 'There is blank space before or after "{value}". Remove it.',
    "required": "The cell is empty. Fill it; a row without a figure or a source has no place here.",
    "translation-missing": "The text is missing in this language. Every text stands in English and in Chinese.",
    "translation-same": '"{value}" holds no Chinese character. Translate it.',
    "number": '"{value}" is not a number. Write digits, with a point for decimals; without a figure, remove the row.',
    "integer": '"{value}" is not a whole number.',
    "boolean": '"{value}" is neither true nor false.',
    "minimum": "{value} is below {bound}, the smallest value this column can have.",
    "enum": '"{value}" is not one of: {allowed}.',
    "pattern": '"{value}" does not have the form {pattern}.',
    "unique": '"{value}" stands already in line {first}. Each must be different.',
    "key": "The same {columns} stand already in line {first}. Keep one of the two rows.",
    "reference": '"{value}" is not in {table}. Add it there, or correct it.',
    "period": '"{value}" is not a period. Write 2025, 2025-S1, 2025-Q1, 2025-03 or 2025-03-14.',
    "flag": '"{value}" is not a flag. Write p or s, then any of v e b d f n r u, in this order.',
    "breakdown": '"{value}" is not a breakdown. Write key=value pairs joined by ";", keys sorted: {expected}.',
    "unit": '"{value}" is not the unit of {indicator}, "{expected}". Convert the value, or choose another indicator.',
    "range": "{value} {unit} cannot be: the unit goes from {low} to {high} (units.csv). Check the value and its unit.",
    "orphan-source": 'No observation or policy cites "{value}". Remove the row, or cite it.',
    "orphan-indicator": 'No observation belongs to "{value}". Remove the row, or add observations.',
    "headline": 'No undoubted observation of {indicator} for {geo} with breakdown "{breakdown}". Choose another.',
}
"""Kind of fault to its English sentence; the sentence is the key of a translation."""


@dataclass(frozen=True)
class Problem:
    """One fault. `row` is the line of the file as an editor counts it, from 1; None where the fault is in no line."""

    type: str
    file: str
    row: int | None = None
    column: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)

    def message(self, translate: Callable[[str], str] = str) -> str:
        """What is wrong, what was expected and what to do; `translate` turns the template into another language."""
        return translate(KINDS[self.type]).format(**self.fields)

    def to_json(self) -> dict[str, Any]:
        """The contract's object: file, row, column, type, message."""
        return {
            "file": self.file,
            "row": self.row,
            "column": self.column,
            "type": self.type,
            "message": self.message(),
        }

    def __str__(self) -> str:
        place = [self.file, f"row {self.row}" if self.row else "", self.column or ""]
        return f"{', '.join(part for part in place if part)}: {self.message()}"
