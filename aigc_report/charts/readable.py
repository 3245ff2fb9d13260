"""The data of a chart as a table to read: columns and codes in words, what only serves the drawing left out."""

from collections.abc import Callable

import pandas as pd

from aigc_report import catalog
from aigc_report.catalog import Catalog
from aigc_report.charts import words
from aigc_report.charts.chart import Arrows, Boxes, Chart, Dots, Span
from aigc_report.i18n import N_, Texts

HEADS: dict[str, str] = {
    "breakdown": N_("Breakdown"),
    "code": N_("Code"),
    "flag": N_("Flags"),
    "geo": N_("Place"),
    "group": N_("Group"),
    "high": N_("Upper end"),
    "indicator": N_("Indicator"),
    "label": N_("Name"),
    "low": N_("Lower end"),
    "model": N_("Model"),
    "name": N_("Name"),
    "note": N_("Note"),
    "period": N_("Period"),
    "place": N_("Place"),
    "purpose": N_("Purpose"),
    "rank": N_("Rank"),
    "reason": N_("Reason"),
    "score": N_("Score"),
    "source": N_("Source"),
    "unit": N_("Unit"),
    "value": N_("Value"),
    "year": N_("Year"),
}
"""Columns of charts in words; one without an entry is shown by its name."""


def readable(chart: Chart, cat: Catalog, t: Texts) -> tuple[pd.DataFrame, dict[str, str]]:
    """`chart.frame` with names for codes and words for columns, numbers still numbers; and what all rows share.

    Columns that only say how something is drawn (colours, labels beside dots, hover texts) are left out, and so are
    those that are empty or say the same thing twice. What every row says (one indicator, one source) comes apart, head
    to words, so that the table holds what differs.
    """
    frame = chart.frame
    kept = [name for name in frame.columns if name not in _drawing(chart) and not _empty(frame[name])]
    shown: dict[str, pd.Series] = {}
    for name in kept:
        column = frame[name]
        read = _COLUMNS.get(str(name))
        if read is not None and pd.api.types.is_string_dtype(column):
            column = column.map(lambda cell, read=read: read(cat, t, str(cell)))
        head = t(HEADS[name]) if name in HEADS else str(name)
        if any(column.astype(str).equals(other.astype(str)) for other in shown.values()):
            continue
        shown[_free(head, shown, str(name))] = column
    table = pd.DataFrame(shown).reset_index(drop=True)
    alike = [name for name in table.columns if len(table) > 1 and table[name].astype(str).nunique() == 1]
    if len(alike) == len(table.columns):
        alike = []
    return table.drop(columns=alike), {name: _said(t, table[name].iloc[0]) for name in alike}


def _said(t: Texts, cell: object) -> str:
    """A cell in words; a year is no quantity, so whole numbers stand as they are."""
    return t.number(cell) if isinstance(cell, float) else str(cell)


def _drawing(chart: Chart) -> set[str]:
    """Columns that say how marks look, unless a mark also takes its place from them."""
    looks: set[str] = set()
    places: set[str] = set()
    for mark in chart.marks:
        looks |= {getattr(mark, part, "") for part in ("role_column", "text", "label")}
        places |= {getattr(mark, part, "") for part in ("x", "y", "series", "value", "geo")}
        if isinstance(mark, Boxes | Arrows):
            looks |= {getattr(mark, part, "") for part in ("x", "y", "to_x", "to_y")} - {getattr(mark, "text", "")}
        if isinstance(mark, Dots | Span):
            places |= {mark.low, mark.high}
    return looks - places


def _empty(column: pd.Series) -> bool:
    return bool((column.isna() | (column.astype(str) == "")).all())


def _free(head: str, taken: dict[str, pd.Series], name: str) -> str:
    """`head`, or the column's own name where another column is called so already."""
    return head if head not in taken else f"{head} ({name})"


def _place(cat: Catalog, t: Texts, code: str) -> str:
    return cat.name(code, t.lang) if code in cat.geographies.index else code


def _indicator(cat: Catalog, t: Texts, code: str) -> str:
    return cat.name(code, t.lang) if code in cat.indicators.index else code


def _source(cat: Catalog, t: Texts, code: str) -> str:
    return str(cat.sources.loc[code, "publisher"]) if code in cat.sources.index else code


def _unit(cat: Catalog, t: Texts, code: str) -> str:
    return _place(cat, t, code) if code in cat.geographies.index else t.unit(code)


_COLUMNS: dict[str, Callable[[Catalog, Texts, str], str]] = {
    "geo": _place,
    "indicator": _indicator,
    "source": _source,
    "unit": _unit,
    "period": lambda cat, t, code: t.period(code),
    "breakdown": lambda cat, t, code: words.breakdown(t, code),
    "flag": lambda cat, t, code: t.join(catalog.flag_texts(code, t.lang)),
}
