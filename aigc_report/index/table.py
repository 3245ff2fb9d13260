"""The data an index is built from: values, groups and denominators per unit, with the places they come from."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from aigc_report.errors import UserError
from aigc_report.index import read
from aigc_report.index.fault import Fault
from aigc_report.index.spec import DataSource
from aigc_report.index.structure import Structure

UNIT_COLUMN, NAME_COLUMN = "uCode", "uName"
"""The columns COINr keeps the code and the name of a unit in; a spec can name others."""
RESERVED: frozenset[str] = frozenset({UNIT_COLUMN, NAME_COLUMN, "Time"})


@dataclass(frozen=True)
class Table:
    """Units × columns. ``names`` has name_en and name_zh; ``sources`` and ``flags`` those of each value.

    ``digest`` identifies the data package, for data that comes from there.
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

    def locate(self, fault: Fault, structure: Structure) -> str:
        """The file, row and column a step's refusal points to, as far as it points to one."""
        if fault.field and fault.code:
            return structure.where(fault.code, fault.field)
        if fault.code in self.values or fault.code in self.denominators:
            row = f", row {self.rows[fault.unit]}" if fault.unit in self.rows else ""
            return f"{self.file}{row}, column {fault.code}"
        return structure.where(fault.code, "iCode") if fault.code in structure.lines else self.file


def load(source: DataSource, structure: Structure) -> Table:
    """The user's table of units; `UserError` names the row and column of the first fault."""
    assert source.units is not None
    file = str(source.units)
    text = read.cells(source.units)
    unit_column = source.unit or (UNIT_COLUMN if UNIT_COLUMN in text.columns else str(text.columns[0]))
    name_column = source.unit_name or (NAME_COLUMN if NAME_COLUMN in text.columns else unit_column)
    for column in (unit_column, name_column):
        if column not in text.columns or column in structure.indicators:
            raise UserError('{file}: there is no column "{column}" with the units.', file=file, column=column)
    units = text[unit_column]
    for wrong, reason in ((units == "", "is empty"), (units.duplicated(), "stands twice")):
        if wrong.any():
            row = text.index[wrong][0]
            raise UserError(
                '{file}, row {row}, column {column}: the unit "{unit}" {reason}; every unit needs one row.',
                file=file,
                row=row,
                column=unit_column,
                unit=units[row],
                reason=reason,
            )
    kinds = {kind: structure.codes(kind) for kind in ("Indicator", "Denominator", "Group", "Other")}
    for code in (code for codes in kinds.values() for code in codes):
        if code not in text.columns:
            raise UserError(
                '{where}: {file} has no column "{code}".', where=structure.where(code, "iCode"), file=file, code=code
            )
    index = pd.Index(units, name="unit")
    numeric = read.numbers(text, kinds["Indicator"] + kinds["Denominator"], file).set_axis(index)
    groups = text[kinds["Group"]].set_axis(index)
    described = {code for codes in kinds.values() for code in codes} | RESERVED | {unit_column, name_column}
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
    )
