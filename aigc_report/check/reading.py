"""Files of a data package as text and tables whose rows still know their lines."""

import csv
import io
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from aigc_report.check.problem import Problem

_BOM = b"\xef\xbb\xbf"


def text(folder: Path, name: str) -> tuple[str | None, list[Problem]]:
    """The content of a UTF-8 file, None where there is none to speak of, and what is wrong with its encoding."""
    try:
        content = (folder / name).read_bytes()
    except FileNotFoundError:
        return None, [Problem("file-missing", name)]
    except OSError as error:
        return None, [Problem("unreadable", name, fields={"reason": error.strerror})]
    problems = []
    if content.startswith(_BOM):
        problems.append(Problem("byte-order-mark", name, 1))
        content = content.removeprefix(_BOM)
    if b"\r" in content:
        problems.append(Problem("line-ending", name, content[: content.index(b"\r")].count(b"\n") + 1))
    try:
        return content.decode("utf-8"), problems
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        problems.append(Problem("encoding", name, row, fields={"byte": f"0x{content[error.start]:02x}"}))
        return None, problems


def table(folder: Path, name: str, columns: Sequence[str]) -> tuple[pd.DataFrame | None, list[Problem]]:
    """A CSV file as text cells with `columns`, indexed by line, and what is wrong with its form.

    A column that is missing is left out of the frame, so that later checks pass over it; a row of the wrong length is
    left out too. None where not even a header could be read.
    """
    content, problems = text(folder, name)
    if content is None:
        return None, problems
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    header: list[str] | None = None
    line = 1
    try:
        for cells in reader:
            if header is None:
                header = cells
            elif not cells:
                problems.append(Problem("row-blank", name, line))
            elif len(cells) != len(header):
                found = {"found": len(cells), "expected": len(header)}
                problems.append(Problem("row-length", name, line, fields=found))
            else:
                rows.append(cells)
                lines.append(line)
            line = reader.line_num + 1
    except csv.Error as error:
        problems.append(Problem("csv-syntax", name, line, fields={"reason": str(error)}))
    expected = ",".join(columns)
    if not header:
        return None, [*problems, Problem("header-missing", name, 1, fields={"expected": expected})]
    return _framed(name, header, rows, lines, columns, problems)


def _framed(
    name: str,
    header: list[str],
    rows: list[list[str]],
    lines: list[int],
    columns: Sequence[str],
    problems: list[Problem],
) -> tuple[pd.DataFrame, list[Problem]]:
    """The rows as a frame of the wanted columns, and what is wrong with the header."""
    counts = Counter(header)
    faults = {
        "label-duplicate": [label for label, count in counts.items() if count > 1],
        "label-missing": [label for label in columns if label not in counts],
        "label-extra": [label for label in counts if columns and label not in columns],
    }
    for kind, labels in faults.items():
        fields = {"expected": ",".join(columns)}
        problems += [Problem(kind, name, 1, label, {"column": label, **fields}) for label in labels]
    frame = pd.DataFrame(rows, columns=pd.Index(header), index=lines, dtype=str)
    return frame.loc[:, ~frame.columns.duplicated()], problems
