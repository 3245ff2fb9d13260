"""An index over the catalogue: the structure table says which observation each indicator is.

Beside the columns of every structure table it has Indicator, Breakdown and Period (the key of an observation),
iName_zh, Factor, and Reason_en and Reason_zh (why the indicator is in, or what the aggregate stands for).
"""

import pandas as pd

from aigc_report import catalog
from aigc_report.errors import UserError
from aigc_report.flags import DOUBTFUL
from aigc_report.index.structure import Structure
from aigc_report.index.table import Table

GROUPS: dict[str, str] = {"eu27": "EU27", "world": "WLD"}
"""Groups of countries an index can be built for, and the group's own code: all countries, or those of a column."""


def load(group: str, structure: Structure, exclude_flags: str = "") -> tuple[Table, "pd.Series[float]"]:
    """The values of a group's members, and the published figures of the group as a whole, by indicator code.

    A member without an observation, or with a doubtful one or one of `exclude_flags`, is missing. Raises `UserError`
    for an unknown group.
    """
    if group not in GROUPS:
        raise UserError(
            'There is no group of countries "{group}"; known are {known}.', group=group, known=", ".join(GROUPS)
        )
    cat = catalog.load()
    countries = cat.geographies[cat.geographies["kind"] == "country"]
    members = (countries if group == "world" else countries[countries[group]]).sort_index()
    units = pd.Index(members.index, name="unit")
    columns: dict[str, dict[str, pd.Series]] = {"value": {}, "source": {}, "flag": {}}
    for code in structure.indicators:
        rows = _observations(structure, code, exclude_flags)
        for column, found in columns.items():
            found[code] = rows[column]
    everyone = {column: pd.DataFrame(found) for column, found in columns.items()}
    benchmark = everyone["value"].reindex([GROUPS[group]]).iloc[0]
    divisors = {code: _observations(structure, code, exclude_flags)["value"] for code in structure.codes("Denominator")}
    table = Table(
        values=everyone["value"].reindex(units).astype("float64"),
        denominators=pd.DataFrame(divisors, index=units, dtype="float64"),
        groups=pd.DataFrame(index=units),
        names=members[["name_en", "name_zh"]].set_axis(units),
        file="the data package",
        sources=everyone["source"].reindex(units).fillna(""),
        flags=everyone["flag"].reindex(units).fillna(""),
        digest=cat.digest,
    )
    return table, benchmark


def _observations(structure: Structure, code: str, exclude_flags: str) -> pd.DataFrame:
    """The observations behind one indicator, by geography."""
    key = structure.lines[code].other
    found = catalog.load().observations(key["Indicator"], period=key["Period"], breakdown=key["Breakdown"])
    for flag in {DOUBTFUL, *exclude_flags}:
        found = found[~found["flag"].str.contains(flag, regex=False)]
    if found["geo"].duplicated().any():
        raise UserError(
            "{where}: several sources have this figure for {geo}; an index needs one.",
            where=structure.where(code, "Indicator"),
            geo=found.loc[found["geo"].duplicated(), "geo"].iloc[0],
        )
    return found.set_index("geo")
