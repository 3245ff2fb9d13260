"""A table of a reader's own as an index: every fault named, with a structure table or with a flat one made for it.

>>> from aigc_report import uploads
>>> brought = uploads.table(content, "my-table.csv")
>>> faults(brought) or inputs(brought)
"""

from collections.abc import Collection
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from aigc_report import catalog
from aigc_report.errors import UserError
from aigc_report.i18n import N_
from aigc_report.index import read, structure, table
from aigc_report.index.build import Inputs, located
from aigc_report.index.build import read as read_spec
from aigc_report.index.screen import require_data
from aigc_report.index.spec import DataSource, IndexSpec, Steps
from aigc_report.index.structure import Structure
from aigc_report.index.variant import ABOVE_ZERO, AGGREGATIONS, GOALPOSTS, NORMALISATIONS
from aigc_report.uploads import Table

TABLE_FILE, STRUCTURE_FILE, SPEC_FILE = "table.csv", "structure.csv", "index.toml"
"""What the three files of one's own index are called when it is taken away."""
TOTAL = "TOTAL"
LEAST_UNITS = 3
MOST_UNITS, MOST_INDICATORS = 500, 100
"""More would take gigabytes to compare each with each while others wait; the command line has no such limit."""
MOST_FAULTS = 50
"""More are counted, not listed: whoever has so many has another problem."""
_LEAST_NUMBERS = 0.5
"""A column of which at least this share is numbers is meant as an indicator, and its other cells are faults."""
_LEAST_TO_LEAVE_OUT = 3
_NAMED = 5
_GOALPOSTS_USED = N_(
    "Indicators are scaled from their lower to their upper goalpost (Low, High); a value beyond one counts as the "
    "goalpost."
)
_GOALPOSTS_UNUSED = N_(
    "Goalposts (Low, High) are not used: they need both for every indicator, and {n} lack one ({codes}). Indicators "
    "are scaled from the lowest unit to the highest."
)
_TARGET_UNUSED = N_(
    "Targets are not used here; on the command line, the method dist2targ of the step normalise uses them."
)
UNCERTAINTY = {
    "replications": 1000,
    "seed": 42,
    "normalise": [{"method": "minmax", "lower": 1, "upper": 100}, "rank"],
    "aggregate": ["arithmetic", "geometric"],
    "weights": {"noise": 0.25},
}
"""What the ranks of an own table are tested against; with `ZSCORE`, the choices of the EU's index."""
ZSCORE = {"method": "zscore", "mean": 10, "sd": 2}


def faults(brought: Table, described: Table | None = None) -> list[UserError]:
    """Everything that keeps `brought` from being an index, a sentence each; `described` is its structure table.

    Columns that hold no numbers and stand in no structure are left out, not faults.
    """
    found: list[UserError] = []
    indicators = indicators_of(brought)
    if described is not None:
        try:
            framework = structure.check(described.frame, described.name)
        except UserError as error:
            return [error]
        wanted = [*framework.indicators, *framework.codes("Denominator")]
        indicators = [code for code in wanted if code in brought.frame.columns]
        found += [
            UserError(
                N_('{file} names the column "{column}", but {table} has none.'),
                file=described.name,
                column=code,
                table=brought.name,
            )
            for code in wanted
            if code not in brought.frame.columns
        ]
    if not indicators:
        found.append(
            UserError(
                N_("{file} has no column of numbers; it needs a row per unit and a column per indicator."),
                file=brought.name,
            )
        )
    if len(indicators) > MOST_INDICATORS:
        found.append(
            UserError(
                N_("{file} has {n} indicators; at most {most} are read here."),
                file=brought.name,
                n=len(indicators),
                most=MOST_INDICATORS,
            )
        )
    found += _units(brought)
    for code in indicators:
        found += _cells(brought, code)
    return found


def indicators_of(brought: Table) -> list[str]:
    """The columns that hold numbers."""
    text = brought.frame
    ends = {table.unit_of(text, DataSource(Path())), *table.RESERVED}
    return [
        str(code)
        for code in text.columns
        if code not in ends and (present := text[code][~text[code].isin(read.MISSING)]).size
        if np.isfinite(pd.to_numeric(present, errors="coerce").astype(float)).mean() >= _LEAST_NUMBERS
    ]


def inputs(
    brought: Table, described: Table | None = None, less_is_better: Collection[str] = (), name: str = ""
) -> Inputs:
    """The index over `brought`, ready to be built: scores from 0 to 100, the structure's weights, arithmetic means.

    Indicators run from goalpost to goalpost where the structure gives all of them both, else from the lowest unit to
    the highest.

    Without a structure table every column of numbers counts alike under one total; `less_is_better` names those in
    which a lower value is the better one. A structure that names denominators has them applied. Raises `UserError` for
    the first of `faults`.
    """
    framework = (
        _flat(indicators_of(brought), less_is_better)
        if described is None
        else structure.check(described.frame, described.name)
    )
    source = DataSource(structure=Path(STRUCTURE_FILE), units=Path(TABLE_FILE))
    data = _named(table.of(brought.frame, source, framework, brought.name), brought)
    spec = IndexSpec(
        name=name or Path(brought.name).stem,
        data=source,
        steps=Steps(
            denominate=any(line.denominator for line in framework.lines.values()),
            normalise=NORMALISATIONS["minmax"] if without_goalposts(framework) else GOALPOSTS,
            aggregate=AGGREGATIONS["arithmetic"],
        ),
        uncertainty=_uncertainty(data.values, framework),
    )
    found = Inputs(spec, data, framework)
    with located(found):
        require_data(data.values)
    return found


def _uncertainty(values: pd.DataFrame, framework: Structure) -> dict[str, Any]:
    """The choices the ranks are tested against, without those that `values` (units × indicators) do not allow.

    An outlier far enough below the mean has a z-score below 0, of which there is no geometric mean.
    """
    direction = pd.Series({code: framework.lines[code].direction for code in values.columns})
    lowest = (direction * (values - values.mean()) / values.std()).min().min()
    found: dict[str, Any] = {**UNCERTAINTY}
    if ZSCORE["mean"] + ZSCORE["sd"] * lowest > 0:
        found["normalise"] = [*found["normalise"], ZSCORE]
    if not without_goalposts(framework):
        found["normalise"] = [*found["normalise"], {"method": GOALPOSTS.method, **ABOVE_ZERO}]
    if len(framework.indicators) >= _LEAST_TO_LEAVE_OUT:
        found["leave_out"] = True
    return found


def without_goalposts(framework: Structure) -> list[str]:
    """The indicators whose `Low` or `High` the structure leaves open."""
    lines = [framework.lines[code] for code in framework.indicators]
    return [line.code for line in lines if np.isnan(line.low) or np.isnan(line.high)]


def remarks(framework: Structure) -> list[tuple[str, dict[str, object]]]:
    """How goalposts and targets of a structure are used, or why not, as sentences with values; empty without any."""
    lines, lacking = [framework.lines[code] for code in framework.indicators], without_goalposts(framework)
    found: list[tuple[str, dict[str, object]]] = []
    if not lacking:
        found.append((_GOALPOSTS_USED, {}))
    elif any(np.isfinite([line.low, line.high]).any() for line in lines):
        found.append((_GOALPOSTS_UNUSED, {"codes": ", ".join(lacking[:_NAMED]), "n": len(lacking)}))
    if any(np.isfinite(line.target) for line in lines):
        found.append((_TARGET_UNUSED, {}))
    return found


def structure_csv(framework: Structure) -> str:
    """The structure as a table that can be read again."""
    rows = []
    for line in framework.lines.values():
        number = {
            "Level": line.level,
            "Direction": line.direction,
            "Weight": line.weight,
            "Low": line.low,
            "High": line.high,
            "Target": line.target,
        }
        words = {
            "iCode": line.code,
            "iName": line.name,
            "iName_zh": line.other.get("iName_zh", ""),
            "Parent": line.parent,
            "Type": line.kind,
            "Denominator": line.denominator,
            "Transform": line.transform,
            "Aggregation": line.aggregation,
        }
        rows.append({**words, **{key: "" if np.isnan(value) else f"{value:g}" for key, value in number.items()}})
    frame = pd.DataFrame(rows)
    needed = ["Level", "iCode", "iName", "Direction", "Weight", "Parent", "Type"]
    optional = ("iName_zh", "Denominator", "Low", "High", "Target", "Transform", "Aggregation")
    further = [c for c in optional if (frame[c] != "").any()]
    return str(frame[needed + further].to_csv(index=False, lineterminator="\n"))


@cache
def template(lang: str = "en") -> tuple[str, str]:
    """A table and its structure to start from: those of the shipped index of the EU, as CSV, with names in `lang`."""
    found = read_spec("eu27")
    values = found.data.values.rename_axis(table.UNIT_COLUMN)
    values.insert(0, table.NAME_COLUMN, found.data.names[f"name_{lang}"])
    return str(values.to_csv(lineterminator="\n")), structure_csv(found.structure)


def _named(data: table.Table, brought: Table) -> table.Table:
    """`data` with the names of countries where it gives their codes and no names."""
    places = catalog.load().geographies
    if table.NAME_COLUMN in brought.frame.columns or not data.values.index.isin(places.index).all():
        return data
    names = places.loc[data.values.index, list(data.names.columns)]
    names.index.name = data.names.index.name
    return replace(data, names=names)


def _flat(indicators: list[str], less_is_better: Collection[str]) -> Structure:
    """A total over `indicators`, each with the weight 1."""
    rows = [
        {
            "Level": "1",
            "iCode": code,
            "iName": code,
            "Direction": "-1" if code in less_is_better else "1",
            "Weight": "1",
            "Parent": TOTAL,
            "Type": "Indicator",
        }
        for code in indicators
    ]
    top = {"Level": "2", "iCode": TOTAL, "iName": "Total", "iName_zh": "总指数", "Direction": "1", "Weight": "1"}
    rows.append({**top, "Parent": "", "Type": "Aggregate"})
    frame = pd.DataFrame(rows, index=range(2, len(rows) + 2)).fillna("")
    return structure.check(frame, STRUCTURE_FILE)


def _units(brought: Table) -> list[UserError]:
    """Units without a code, or standing twice, and too few of them."""
    text = brought.frame
    column = table.unit_of(text, DataSource(Path()))
    units = text[column]
    if table.TIME_COLUMN in text.columns and text[table.TIME_COLUMN].nunique() > 1:
        return _number_of(brought, units.nunique())  # a panel: the reader of tables checks its units by period
    found = [
        UserError(
            N_("{file}, row {row}, column {column}: the unit has no code."), file=brought.name, row=row, column=column
        )
        for row in text.index[units == ""]
    ]
    found += [
        UserError(
            N_(
                '{file}, row {row}, column {column}: the unit "{unit}" stands twice; every unit needs one row, or a '
                "column Time with its period."
            ),
            file=brought.name,
            row=row,
            column=column,
            unit=units[row],
        )
        for row in text.index[units.duplicated() & (units != "")]
    ]
    names = text.get(table.NAME_COLUMN, pd.Series(dtype=object))
    found += [
        UserError(
            N_('{file}, row {row}, column {column}: the name "{name}" stands twice; units could not be told apart.'),
            file=brought.name,
            row=row,
            column=table.NAME_COLUMN,
            name=names[row],
        )
        for row in names.index[names.duplicated() & (names != "")]
    ]
    return found + _number_of(brought, len(units))


def _number_of(brought: Table, units: int) -> list[UserError]:
    """What is wrong with so many units."""
    if units < LEAST_UNITS:
        template = N_("{file} has {n} rows; a ranking needs at least {least}.")
    elif units > MOST_UNITS:
        template = N_("{file} has {n} units; at most {most} are read here.")
    else:
        return []
    return [UserError(template, file=brought.name, n=units, least=LEAST_UNITS, most=MOST_UNITS)]


def _cells(brought: Table, code: str) -> list[UserError]:
    """The cells of an indicator that are no numbers, and whether all of them are alike."""
    cells = brought.frame[code]
    present = cells[~cells.isin(read.MISSING)]
    values = pd.to_numeric(present, errors="coerce").astype(float)
    found = [
        UserError(
            N_('{file}, row {row}, column {column}: "{value}" is not a number; leave missing cells empty.'),
            file=brought.name,
            row=row,
            column=code,
            value=present[row],
        )
        for row in present.index[~np.isfinite(values)]
    ]
    if not found and values.nunique() < 2:
        found.append(
            UserError(
                N_("{file}, column {column}: every unit has the same value or none, so it ranks nobody; leave it out."),
                file=brought.name,
                column=code,
            )
        )
    return found
