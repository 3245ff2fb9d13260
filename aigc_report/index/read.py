"""Reading the tables a user brings: comma-separated text, every cell with the line an editor shows for it."""

import csv
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from aigc_report.errors import UserError, phrase
from aigc_report.i18n import N_

MISSING: frozenset[str] = frozenset({"", "NA", "NaN"})
"""Cells that hold no value: empty, or as R writes a missing number."""


def cells(path: Path) -> pd.DataFrame:
    """All cells of the table at `path` as stripped text; the index holds the 1-based line on which each row starts.

    `UserError` for what cannot be read as a table: no such file, not UTF-8, no rows, a column twice, a ragged row.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            lines = []
            start = 1
            for row in reader:
                if row:
                    lines.append((start, [cell.strip() for cell in row]))
                start = reader.line_num + 1
    except FileNotFoundError:
        raise UserError("{file} does not exist.", file=path) from None
    except (OSError, UnicodeDecodeError) as error:
        reason = "it is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else (error.strerror or "").lower()
        raise UserError("{file} cannot be read: {reason}.", file=path, reason=reason) from None
    except csv.Error as error:
        raise UserError(
            "{file}, row {row} is not comma-separated text: {reason}.", file=path, row=start, reason=error
        ) from None
    if len(lines) < 2:
        raise UserError("{file} has no rows; it needs a header and a row below it.", file=path)
    header = lines[0][1]
    for name in header:
        if header.count(name) > 1:
            raise UserError(
                '{file}, row {row}: the column "{name}" stands twice.', file=path, row=lines[0][0], name=name
            )
    for number, row in lines[1:]:
        if len(row) != len(header):
            raise UserError(
                "{file}, row {row} has {found} cells where the header has {wanted}.",
                file=path,
                row=number,
                found=len(row),
                wanted=len(header),
            )
    return pd.DataFrame(
        [row for _, row in lines[1:]], columns=header, index=[number for number, _ in lines[1:]], dtype=object
    )


def lines(text: pd.DataFrame) -> list[int]:
    """The line in the file of each row of cells."""
    return [int(str(row)) for row in text.index]


def numbers(text: pd.DataFrame, columns: Iterable[str], file: object) -> pd.DataFrame:
    """The named columns as float64, missing cells as NaN; `UserError` names the first cell that is no finite number."""
    parsed: dict[str, pd.Series] = {}
    faults: list[tuple[int, str]] = []
    for column in columns:
        present = ~text[column].isin(MISSING)
        values = pd.to_numeric(text[column].where(present), errors="coerce").astype("float64")
        wrong = present & ~np.isfinite(values)
        faults += [(int(row), column) for row in text.index[wrong]]
        parsed[column] = values
    if faults:
        row, column = min(faults, key=lambda place: place[0])
        raise UserError(
            N_('{file}, row {row}, column {column}: "{value}" is not a number; leave missing cells empty{more}.'),
            file=file,
            row=row,
            column=column,
            value=text.at[row, column],
            more=phrase(N_(" ({n} more such cells)"), n=len(faults) - 1) if len(faults) > 1 else "",
        )
    return pd.DataFrame(parsed, index=text.index)
