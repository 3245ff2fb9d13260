"""A series to forecast: rows in order with their times, read from a table or taken from the data package.

What ships stands in ``series.toml`` of the data package: one question of
one survey each, never two in one series.
"""

import csv
import io
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

import numpy as np

from aigc_report import catalog, factors, periods
from aigc_report.catalog import Catalog
from aigc_report.diffusion import timeline as timelines
from aigc_report.diffusion.curve import Array
from aigc_report.diffusion.timeline import Timeline
from aigc_report.errors import UserError
from aigc_report.i18n import N_

Measure = Literal["per_period", "levels"]
Text = dict[str, str]
LEAST_ROWS = 5
"""Fewer rows than this give no forecast: three parameters and nothing left to test them on."""
LEAST_SCENARIO_ROWS = 3
SMALLEST = 1e-100
"""Values closer to zero, or further away than its inverse, are refused: their squares would be lost."""
SPECS = "series.toml"
PERCENT_CEILING = 100.0
MEMBERS = "eu-firms-"
GROUPS: dict[str, tuple[str, ...]] = {
    "firms": ("us-firms-production", "us-firms", "eu-firms"),
    "employees": ("us-employees", "us-employees-weekly", "us-employees-daily"),
    "people": ("chatgpt-users", "us-adults", "china-users"),
    "content": ("music-uploads",),
}
"""Who adopts, and the series that say so; those of single members of the EU (`MEMBERS`) are a group of their own."""


@dataclass(frozen=True, eq=False)
class Series:
    """Values (n,) at times `t` (n,) whose unit is `time_unit`; `ahead` gives the periods and times of coming rows.

    `measure` says whether a value is what a period added or the level reached by its end. `ceiling` is the highest
    level there can be, None where nature sets none. `launched` says that time counts from a launch, which Bass' model
    needs. `sources` and `flags` are those of each row.
    """

    name: str
    periods: tuple[str, ...]
    values: Array
    t: Array
    measure: Measure
    timeline: Timeline
    time_unit: Literal["row", "step", "year"] = "row"
    ceiling: float | None = None
    launched: bool = True
    loss: Literal["per_period", "cumulative"] = "per_period"
    horizon: int = 5
    scenario: bool = False
    unit: str = ""
    title: Text = field(default_factory=dict)
    caveat: Text = field(default_factory=dict)
    population: Text = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    origin: str = ""

    def __len__(self) -> int:
        return len(self.values)

    def ahead(self, count: int) -> tuple[list[str], Array]:
        """The next `count` periods and their times."""
        names = self.timeline.after(count)
        if self.time_unit == "year":
            return names, timelines.in_years(names, self.origin) + self._first
        return names, self.t[-1] + np.arange(1, count + 1)

    def period_at(self, t: float) -> str | None:
        """The period in which time `t` falls; None beyond what the calendar counts."""
        if self.time_unit == "year":
            day = periods.last_day(self.origin).toordinal() + (t - self._first) * timelines.DAYS_PER_YEAR
            if not 1 <= day <= timelines.LAST_DAY:
                return None
            return timelines.iso_day(int(day))[:7]
        if self.time_unit == "row" and not self.timeline.even:
            return None
        return self.timeline.at(t)

    @property
    def levels(self) -> Array:
        """The level reached by each row."""
        return self.values if self.measure == "levels" else np.cumsum(self.values)

    @property
    def _first(self) -> float:
        """Time at the origin: 0 at a launch, 1 where time counts from the first row."""
        return 0.0 if self.launched else 1.0


def read(path: Path | str, *, levels: bool = False, time_from_period: bool = False) -> Series:
    """The series in a CSV file with columns ``period`` and ``value``, earliest row first.

    Periods are counts (``1, 2, 3``), years, or SDMX periods. Values are what each period added, or with `levels` the
    level at its end. Time counts rows from 1; with `time_from_period` it follows the periods, in units of the usual gap
    between them. Raises `UserError` naming file, row and column of the first fault; rows count lines, the header is 1.
    """
    path = Path(path)
    rows = list(_rows(path))
    names = [name for _, name, _ in rows]
    values = np.array([value for _, _, value in rows])
    _require_order(path, [(line, name) for line, name, _ in rows])
    if levels:
        for line, _, value in rows:
            if value < 0:
                raise UserError(
                    N_(
                        "{file}, row {row}, column value: a level cannot be negative, but this is {value:g}; "
                        "if values are what each period added, do not read them as levels (--cumulative)."
                    ),
                    file=path,
                    row=line,
                    value=value,
                )
    for line, _, value in rows:
        if value and not SMALLEST <= abs(value) <= 1 / SMALLEST:
            raise UserError(
                N_("{file}, row {row}, column value: {value:g} is beyond what can be squared; use another unit."),
                file=path,
                row=line,
                value=value,
            )
    if len(rows) > 1 and np.ptp(values) == 0:
        raise UserError(
            N_(
                "{file}, rows {first} to {last}, column value: every value is {value:g}; "
                "a series that does not change holds nothing to forecast from."
            ),
            file=path,
            first=rows[0][0],
            last=rows[-1][0],
            value=float(values[0]),
        )
    if not levels and values.sum() <= 0:
        raise UserError(
            N_(
                "{file}, column value: the values sum to {total:g}, but adoption adds up to something above zero; "
                "if values are levels, read them so (--cumulative)."
            ),
            file=path,
            total=float(values.sum()),
        )
    if len(rows) < LEAST_ROWS:
        raise UserError(
            N_("{file} has {n} rows; a forecast needs at least {least}, for with fewer any curve fits."),
            file=path,
            n=len(rows),
            least=LEAST_ROWS,
        )
    calendar = timelines.timeline(names)
    t = calendar.times() if time_from_period else np.arange(1.0, len(rows) + 1)
    return Series(
        name=path.name,
        periods=tuple(names),
        values=values,
        t=t,
        measure="levels" if levels else "per_period",
        timeline=calendar,
        time_unit="step" if time_from_period else "row",
    )


def _require_order(path: Path, rows: list[tuple[int, str]]) -> None:
    """Raise `UserError` for the first period that is of another kind, stands twice, or is out of order."""
    labels = [name for _, name in rows]
    if not all(map(timelines.is_count, labels)):
        for row, name in rows:
            if not timelines.is_calendar(name):
                raise UserError(
                    N_('{file}, row {row}, column period: "{value}" is a count among dates; write all rows alike.'),
                    file=path,
                    row=row,
                    value=name,
                )
    places = timelines.order(labels)
    for position in range(1, len(rows)):
        if places[position] > places[position - 1]:
            continue
        row, name = rows[position]
        template = (
            N_("{file}, row {row}, column period: {value} stands twice; keep one row per period.")
            if places[position] == places[position - 1]
            else N_("{file}, row {row}, column period: {value} comes after {before}; sort the rows by period.")
        )
        raise UserError(template, file=path, row=row, value=name, before=labels[position - 1])


def names(cat: Catalog | None = None) -> list[str]:
    """The names of the series that ship, in the order of the file; one per member where a series has members."""
    return list(_specs((cat or catalog.load()).folder))


def groups(cat: Catalog | None = None) -> dict[str, list[str]]:
    """The series that ship by who adopts, the members of the EU last; a series in no group stands under ``other``."""
    known = names(cat)
    found = {group: [name for name in known if name in members] for group, members in GROUPS.items()}
    found["members"] = [name for name in known if name.startswith(MEMBERS)]
    placed = {name for members in found.values() for name in members}
    found["other"] = [name for name in known if name not in placed]
    return {group: members for group, members in found.items() if members}


def load(name: str, cat: Catalog | None = None) -> Series:
    """The shipped series called `name`; `UserError` naming those there are."""
    cat = cat or catalog.load()
    specs = _specs(cat.folder)
    if name not in specs:
        shown = [known for known in specs if "-" not in known or not known.startswith(MEMBERS)]
        raise UserError(
            'There is no series "{name}"; there are {known}, and eu-firms-deu and its like for members of the EU.',
            name=name,
            known=", ".join(shown),
        )
    return _build(cat, name)


@lru_cache(maxsize=128)
def _build(cat: Catalog, name: str) -> Series:
    spec = _specs(cat.folder)[name]
    indicator, geo = spec["indicator"], spec["geo"]
    points = factors.series(cat, indicator, geo, spec.get("breakdown", ""))
    if len(points) < LEAST_SCENARIO_ROWS:
        raise UserError(
            "The series {name} has {n} usable rows in this data package; it needs {least}.",
            name=name,
            n=len(points),
            least=LEAST_SCENARIO_ROWS,
        )
    about = cat.indicators.loc[indicator]
    labels = tuple(point.period for point in points)
    origin = spec.get("origin", labels[0])
    launched = "origin" in spec
    line = timelines.timeline(labels, spec.get("step"))
    unit = str(about["unit"])
    return Series(
        name=name,
        periods=labels,
        values=np.array([point.value for point in points]),
        t=timelines.in_years(labels, origin) + (0.0 if launched else 1.0),
        measure="levels",
        timeline=line,
        time_unit="year",
        ceiling=_ceiling(cat, spec, unit),
        launched=launched,
        loss="cumulative",
        horizon=spec["horizon"],
        scenario=len(points) < LEAST_ROWS,
        unit=unit,
        title={lang: str(about[f"name_{lang}"]) for lang in ("en", "zh")}
        if "title_en" not in spec
        else {"en": spec["title_en"], "zh": spec["title_zh"]},
        caveat={"en": spec["caveat_en"], "zh": spec["caveat_zh"]},
        population={"en": str(about["population"]), "zh": str(about["population_zh"])},
        sources=tuple(point.source for point in points),
        flags=tuple(point.flag for point in points),
        origin=origin,
    )


def _ceiling(cat: Catalog, spec: dict[str, Any], unit: str) -> float | None:
    """100 for a percentage; a number of people where the series names the population that bounds it."""
    if unit == "percent":
        return PERCENT_CEILING
    if "ceiling_indicator" in spec:
        found = cat.latest(spec["ceiling_indicator"], spec["ceiling_geo"])
        return None if found is None else found.value / float(spec["ceiling_divisor"])
    return None


@cache
def _specs(folder: Path) -> dict[str, dict[str, Any]]:
    path = folder / SPECS
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise catalog.unreadable(folder, SPECS, error) from error
    specs: dict[str, dict[str, Any]] = {}
    cat = catalog.load(folder)
    for name, spec in content.items():
        if spec.pop("members", False):
            specs[name] = spec
            for geo in cat.geographies.index[cat.geographies["eu27"]]:
                place = {
                    f"title_{lang}": f"{spec[f'title_{lang}']}{_colon(lang)}{cat.name(geo, lang)}"
                    for lang in ("en", "zh")
                }
                specs[f"{name}-{str(geo).lower()}"] = {**spec, **place, "geo": str(geo)}
        else:
            specs[name] = spec
    return specs


def _colon(lang: str) -> str:
    return "：" if lang == "zh" else ": "


def _rows(path: Path) -> Iterator[tuple[int, str, float]]:
    """Line, period and value of each row."""
    try:
        content = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise UserError(N_("{file} does not exist; give the path of a CSV file."), file=path) from None
    except UnicodeDecodeError as error:
        row = error.object[: error.start].count(b"\n") + 1
        raise UserError(
            N_("{file}, row {row}: this is no UTF-8 text; save the file as UTF-8."),
            file=path,
            row=row,
        ) from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UserError(N_("{file} cannot be read: {reason}."), file=path, reason=reason) from None
    reader = csv.reader(io.StringIO(content, newline=""))
    try:
        yield from _cells(path, reader)
    except csv.Error as error:
        raise UserError(N_("{file}, row {row}: {reason}."), file=path, row=reader.line_num, reason=error) from None


def _cells(path: Path, reader: Any) -> Iterator[tuple[int, str, float]]:
    """Line, period and value of each row of an open table."""
    header = [cell.strip() for cell in next(reader, [])]
    if not any(header):
        raise UserError(N_("{file} is empty; it needs a header period,value and a row per period."), file=path)
    for column in ("period", "value"):
        if header.count(column) != 1:
            raise UserError(
                N_("{file}, row 1: there must be one column {column}; the columns are {found}."),
                file=path,
                column=column,
                found=", ".join(header),
            )
    at = header.index("period"), header.index("value")
    empty = True
    for cells in reader:
        line = reader.line_num
        if not any(cell.strip() for cell in cells):
            continue
        empty = False
        if len(cells) != len(header):
            raise UserError(
                N_("{file}, row {row}: there are {found} cells under {wanted} columns."),
                file=path,
                row=line,
                found=len(cells),
                wanted=len(header),
            )
        period, value = (cells[column].strip() for column in at)
        if not timelines.is_period(period):
            raise UserError(
                N_(
                    '{file}, row {row}, column period: "{value}" is no period; '
                    "write 2025, 2025-S1, 2025-Q1, 2025-03, 2025-03-14 or a count."
                ),
                file=path,
                row=line,
                value=period,
            )
        yield line, period, _number(path, line, value)
    if empty:
        raise UserError(N_("{file} has a header and no rows; it needs a row per period."), file=path)


def _number(path: Path, line: int, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = np.nan
    if not np.isfinite(value):
        template = (
            N_('{file}, row {row}, column value: "{value}" is not a number.')
            if text
            else N_("{file}, row {row}, column value: the cell is empty; leave the whole row out.")
        )
        raise UserError(template, file=path, row=line, value=text)
    return value
