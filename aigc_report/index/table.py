"""The data an index is built from: values, groups and denominators per unit, with the places they come from."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from aigc_report.errors import Phrase, UserError, phrase
from aigc_report.i18n import N_
from aigc_report.index import read
from aigc_report.index.fault import Fault
from aigc_report.index.screen import Screened
from aigc_report.index.spec import DataSource
from aigc_report.index.structure import Structure, place

UNIT_COLUMN, NAME_COLUMN, TIME_COLUMN = "uCode", "uName", "Time"
"""The columns COINr keeps code, name and period of a unit in; a spec can name others."""
RESERVED: frozenset[str] = frozenset({UNIT_COLUMN, NAME_COLUMN, TIME_COLUMN})


@dataclass(frozen=True)
class Table:
    """Units × columns. ``names`` has name_en and name_zh; ``sources`` and ``flags`` those of each value.

    ``digest`` identifies the data package, for data that comes from there. A table with a column of time holds the rows
    of every period in ``panel`` (indexed by unit and time), and ``values`` those of ``period``.
    """

    values: pd.DataFrame
    denominators: pd.DataFrame
    groups: pd.DataFrame
    names: pd.DataFrame
    file: str
    rows: Mapping[str, int] = field(default_factory=dict)
    sources: pd.DataFrame = field(default_factory=pd.DataFrame)
    flags: pd.DataFrame = field(default_factory=pd.DataFrame)
    digest: str | None = None
    warnings: tuple[str, ...] = ()
    panel: pd.DataFrame | None = None
    period: float | None = None
    screened: Screened = field(default_factory=Screened)

    def without(self, screened: Screened) -> "Table":
        """The table without what screening took out."""
        keep = self.values.index[~self.values.index.isin(list(screened.units))]
        return replace(
            self,
            values=self.values.loc[keep].drop(columns=list(screened.indicators)),
            denominators=self.denominators.loc[keep],
            groups=self.groups.loc[keep],
            names=self.names.loc[keep],
            sources=self.sources.reindex(self.sources.index.intersection(keep)),
            flags=self.flags.reindex(self.flags.index.intersection(keep)),
            screened=screened,
        )

    def locate(self, fault: Fault, structure: Structure) -> Phrase:
        """The file, row and column a step's refusal points to, as far as it points to one."""
        if fault.field and fault.code:
            return structure.where(fault.code, fault.field)
        if fault.code in self.values or fault.code in self.denominators:
            if fault.unit in self.rows:
                return place(self.file, self.rows[fault.unit], fault.code)
            return phrase(N_("{file}, column {column}"), file=self.file, column=fault.code)
        return (
            structure.where(fault.code, "iCode") if fault.code in structure.lines else phrase("{file}", file=self.file)
        )


def load(source: DataSource, structure: Structure) -> Table:
    """The user's table of units; `UserError` names the row and column of the first fault."""
    assert source.units is not None
    return of(read.cells(source.units), source, structure, str(source.units))


def of(text: pd.DataFrame, source: DataSource, structure: Structure, file: str) -> Table:
    """The table in cells of text whose index holds line numbers (`read.cells`); `file` is what errors call it."""
    unit_column = unit_of(text, source)
    name_column = source.unit_name or (NAME_COLUMN if NAME_COLUMN in text.columns else unit_column)
    for column in (unit_column, name_column):
        if column not in text.columns or column in structure.indicators:
            raise UserError(N_('{file}: there is no column "{column}" with the units.'), file=file, column=column)
    text, panel_text, period = _period(text, source, file)
    _require_units(text, unit_column, file)
    units = text[unit_column]
    kinds = {kind: structure.codes(kind) for kind in ("Indicator", "Denominator", "Group", "Other")}
    for code in (code for codes in kinds.values() for code in codes):
        if code not in text.columns:
            raise UserError(
                N_('{where}: {file} has no column "{code}".'),
                where=structure.where(code, "iCode"),
                file=file,
                code=code,
            )
    index = pd.Index(units, name="unit")
    measured = kinds["Indicator"] + kinds["Denominator"]
    panel = None
    if panel_text is not None:
        times = read.numbers(panel_text, [str(source.time or TIME_COLUMN)], file).iloc[:, 0]
        keys = pd.MultiIndex.from_arrays([panel_text[unit_column], times], names=["unit", "time"])
        panel = read.numbers(panel_text, measured, file).set_axis(keys)
    numeric = read.numbers(text, measured, file).set_axis(index)
    groups = text[kinds["Group"]].set_axis(index)
    described = {code for codes in kinds.values() for code in codes} | RESERVED
    described |= {unit_column, name_column, source.time or TIME_COLUMN}
    unused = [str(column) for column in text.columns if column not in described]
    return Table(
        values=numeric[kinds["Indicator"]],
        denominators=numeric[kinds["Denominator"]],
        groups=groups.mask(groups.isin(read.MISSING)),
        names=pd.DataFrame(
            {"name_en": text[name_column].to_numpy(), "name_zh": text[name_column].to_numpy()}, index=index
        ),
        file=file,
        rows=dict(zip(map(str, units), read.lines(text), strict=True)),
        warnings=(f"{file}: not in {structure.file} and not used: {', '.join(unused)}.",) if unused else (),
        panel=panel,
        period=period,
    )


def unit_of(text: pd.DataFrame, source: DataSource) -> str:
    """The column that holds the codes of the units."""
    return source.unit or (UNIT_COLUMN if UNIT_COLUMN in text.columns else str(text.columns[0]))


def _period(
    text: pd.DataFrame, source: DataSource, file: str
) -> tuple[pd.DataFrame, pd.DataFrame | None, float | None]:
    """The rows of the period the index is built for; with them, for a table of several periods, all rows."""
    column = source.time or (TIME_COLUMN if TIME_COLUMN in text.columns else None)
    if column is None:
        if source.period is not None:
            raise UserError(
                N_('{file} has no column of time, so there is no period "{period}".'), file=file, period=source.period
            )
        return text, None, None
    if column not in text.columns:
        raise UserError(N_('{file}: there is no column "{column}" with the periods.'), file=file, column=column)
    if source.time is None and source.period is None and text[column].nunique() < 2:
        return text, None, None
    times = read.numbers(text, [column], file)[column]
    if times.isna().any():
        row = text.index[times.isna()][0]
        raise UserError(
            N_("{file}, row {row}, column {column}: a period is missing; every row of a panel needs one."),
            file=file,
            row=row,
            column=column,
        )
    known = np.sort(times.unique())
    wanted = known[-1] if source.period is None else pd.to_numeric(source.period, errors="coerce")
    if wanted not in known:
        raise UserError(
            N_('There is no period "{period}" in {file}, column {column}; it has {known}.'),
            period=source.period,
            file=file,
            column=column,
            known=", ".join(f"{time:g}" for time in known),
        )
    unit_column = unit_of(text, source)
    twice = pd.DataFrame({"unit": text[unit_column], "time": times}).duplicated()
    if twice.any():
        row = text.index[twice][0]
        raise UserError(
            N_('{file}, row {row}, column {column}: the unit "{unit}" stands twice in the period {period}.'),
            file=file,
            row=row,
            column=unit_column,
            unit=text.at[row, unit_column],
            period=text.at[row, column],
        )
    return text[times == wanted], text, float(wanted)


def _require_units(text: pd.DataFrame, column: str, file: str) -> None:
    units = text[column]
    for wrong, template in (
        (units == "", N_("{file}, row {row}, column {column}: the unit has no code.")),
        (
            units.duplicated(),
            N_('{file}, row {row}, column {column}: the unit "{unit}" stands twice; every unit needs one row.'),
        ),
    ):
        if wrong.any():
            row = text.index[wrong][0]
            raise UserError(template, file=file, row=row, column=column, unit=units[row])
