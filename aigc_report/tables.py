"""Tables to take away: CSV, workbook, Parquet and JSON, each row with its sources beside it, and no formula in any.

A text that a spreadsheet would run as a formula gets an apostrophe in front, in CSV and workbook alike: a workbook's
text cell runs nothing, but it is saved as CSV soon enough. Numbers are left alone, and Parquet and JSON, which no
spreadsheet opens by itself, keep every text as it is.
"""

import io
import math
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from aigc_report.catalog import Catalog

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
SHEET_ROWS = 1_048_576
"""Rows that a sheet of a workbook can hold, the header included."""


def cited(frame: pd.DataFrame, catalog: Catalog | None) -> pd.DataFrame:
    """`frame` with publisher, title, address and licence of each row's `source`; as it is where there is none."""
    if catalog is None or "source" not in frame.columns or "source_publisher" in frame.columns:
        return frame
    about = catalog.sources[["publisher", "title", "url", "licence"]].add_prefix("source_")
    return frame.join(about, on="source")


def csv(frame: pd.DataFrame, catalog: Catalog | None = None) -> bytes:
    """`frame` as CSV in UTF-8 with a byte-order mark: spreadsheets read Chinese only with it."""
    return bytes(_neutral(cited(frame, catalog)).to_csv(index=False).encode("utf-8-sig"))


def xlsx(frame: pd.DataFrame, catalog: Catalog | None = None, about: Mapping[str, str] | None = None) -> bytes:
    """`frame` as a workbook: a sheet ``data``, and a sheet ``about`` with what to know about it, a row per entry.

    ``ValueError`` for more rows than a sheet holds.
    """
    import xlsxwriter

    table = _neutral(cited(frame, catalog))
    if len(table) >= SHEET_ROWS:
        raise ValueError(f"{len(table)} rows; a sheet holds {SHEET_ROWS - 1}")
    out = io.BytesIO()
    settings = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": False}
    with xlsxwriter.Workbook(out, settings) as workbook:
        bold, wrapped = workbook.add_format({"bold": True}), workbook.add_format({"text_wrap": True, "valign": "top"})
        data = workbook.add_worksheet("data")
        data.freeze_panes(1, 0)
        for column, name in enumerate(table.columns):
            data.write_string(0, column, str(name), bold)
            for row, cell in enumerate(table[name], start=1):
                _write(data, row, column, cell)
        data.autofit(300)
        if about:
            notes = workbook.add_worksheet("about")
            notes.set_column(0, 0, 18)
            notes.set_column(1, 1, 100)
            for row, (name, text) in enumerate(about.items()):
                notes.write_string(row, 0, name, bold)
                notes.write_string(row, 1, str(_harmless(text)), wrapped)
    return out.getvalue()


def parquet(frame: pd.DataFrame, catalog: Catalog | None = None) -> bytes:
    """`frame` as Parquet; columns of mixed kinds become text."""
    table = cited(frame, catalog)
    mixed = {name: table[name].map(str) for name in table.columns if pd.api.types.infer_dtype(table[name]) == "mixed"}
    return bytes(table.assign(**mixed).to_parquet(index=False))


def records(frame: pd.DataFrame, catalog: Catalog | None = None) -> list[dict[str, Any]]:
    """`frame` as rows for JSON: plain numbers and texts, null where a value is missing or no finite number."""
    return [{str(name): _plain(cell) for name, cell in row.items()} for row in cited(frame, catalog).to_dict("records")]


FORMATS: dict[str, tuple[Callable[..., bytes], str]] = {
    "csv": (csv, "text/csv; charset=utf-8"),
    "xlsx": (xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "parquet": (parquet, "application/vnd.apache.parquet"),
}
"""Suffix to what writes a frame so and the media type; JSON is a document of its own, with words around the rows."""


def _neutral(table: pd.DataFrame) -> pd.DataFrame:
    """`table` with no text in it that a spreadsheet would run."""
    texts = table.select_dtypes(include=["object", "string", "category"]).columns
    return table.assign(**{column: table[column].map(_harmless) for column in texts})


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


def _write(sheet: Any, row: int, column: int, cell: object) -> None:
    """One cell as a number or a text; nothing where nothing is known."""
    plain = _plain(cell)
    if plain is None or plain == "":
        return
    if isinstance(plain, bool):
        sheet.write_boolean(row, column, plain)
    elif isinstance(plain, int | float):
        sheet.write_number(row, column, plain)
    else:
        sheet.write_string(row, column, str(plain))


def _plain(cell: object) -> object:
    """A number, text, truth value, list or None that JSON knows."""
    if isinstance(cell, list | tuple | set):
        return [_plain(part) for part in cell]
    if hasattr(cell, "item") and not isinstance(cell, str):  # numpy's numbers
        cell = cell.item()
    if isinstance(cell, float):
        return cell if math.isfinite(cell) else None
    if cell is None or cell is pd.NaT or cell is pd.NA:
        return None
    return cell if isinstance(cell, str | int | bool) else str(cell)
