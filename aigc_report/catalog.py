"""The one way into the data package: observations with their indicators, sources, places and texts.

Tables are read once per folder and cached; each is a plain pandas frame of text columns, `value` excepted, which is a
float. Empty cells are empty strings. Frames handed out are copies of rows: changing one changes nothing else.
"""

import difflib
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

from aigc_report import periods
from aigc_report.errors import UserError
from aigc_report.flags import DOUBTFUL, PROJECTION, PROVENANCE, flag_texts
from aigc_report.paths import data_folder as folder

__all__ = ["Catalog", "Factor", "HeadlineSpec", "Observation", "flag_texts", "folder", "load"]

Text = dict[str, str]
"""A text in both languages: ``{"en": ..., "zh": ...}``."""
Breakdown = str | dict[str, str] | Sequence[str] | None
_NAMED = 3


@dataclass(frozen=True)
class Observation:
    """One row of the tables."""

    indicator: str
    geo: str
    period: str
    breakdown: str
    value: float
    unit: str
    source: str
    flag: str
    note: str


@dataclass(frozen=True)
class HeadlineSpec:
    """A figure a factor is watched by; `compare` says against what.

    ``{"kind": "previous"}``, ``{"kind": "geo", "geo": "USA"}`` or ``{"kind": "breakdown", "breakdown": "size=10-49"}``;
    a ``note`` in both languages says what to mind when reading the two together.
    """

    indicator: str
    geo: str
    breakdown: str
    label: Text
    compare: dict[str, Any] | None = None


@dataclass(frozen=True)
class Factor:
    """One of the founding document's five factors: what the document says of it and what a reader wants to know."""

    id: str
    section: str
    name: Text
    statement: Text
    question: Text
    headlines: tuple[HeadlineSpec, ...]


@dataclass(frozen=True, eq=False)
class Catalog:
    """A data package in memory; made by `load`."""

    folder: Path
    indicators: pd.DataFrame
    sources: pd.DataFrame
    geographies: pd.DataFrame
    policy: pd.DataFrame
    all_observations: pd.DataFrame

    def observations(
        self,
        indicator: str | Sequence[str] | None = None,
        geo: str | Sequence[str] | None = None,
        period: str | Sequence[str] | None = None,
        breakdown: Breakdown = "",
    ) -> pd.DataFrame:
        """The rows that match every argument, in the order of the files.

        Columns: indicator, geo, period, breakdown, value (float), unit, source, flag, note. ``None`` means all.
        `breakdown` is exact: ``""`` totals only, ``"size=250+"`` or ``{"size": "250+"}`` that breakdown, a list
        several. Raises `UserError` for an indicator or place the package does not have; a known one
        without rows gives none.
        """
        self._known("indicator", indicator, self.indicators.index)
        self._known("place", geo, self.geographies.index)
        if isinstance(breakdown, dict):
            breakdown = _spelled(breakdown)
        rows = self.all_observations
        if indicator is not None:
            parts = [self._places[name] for name in _listed(indicator) if name in self._places]
            rows = rows.iloc[np.sort(np.concatenate(parts)) if parts else []]
        for column, wanted in (("geo", geo), ("period", period), ("breakdown", breakdown)):
            if wanted is not None:
                rows = rows[rows[column].isin(_listed(wanted))]
        return rows.reset_index(drop=True)

    def latest(self, indicator: str, geo: str, breakdown: str | dict[str, str] = "") -> Observation | None:
        """The last observation that is neither doubtful nor a projection, or None.

        Of two sources in one period the primary one is taken. Found once: pages ask for the same few in every view.
        """
        key = (indicator, geo, _spelled(breakdown))
        if key not in self._found:
            self._found[key] = _latest(self.observations(indicator, geo, breakdown=key[2])).get(geo)
        return self._found[key]

    def latest_by_place(self, indicator: str, breakdown: str | dict[str, str] = "") -> dict[str, Observation]:
        """Place to what `latest` gives for it, for every place that has one, in one pass over the rows."""
        return _latest(self.observations(indicator, breakdown=breakdown))

    def source(self, code: str) -> dict[str, str]:
        """The row of a source, column to cell; `KeyError` where the package does not have it."""
        return self._sources[code]

    def name(self, code: str, lang: str) -> str:
        """The display name of a place or an indicator; `UserError` when the package knows neither."""
        if (code, lang) not in self._names:
            raise UserError('There is no place or indicator "{code}" in the data package.', code=code)
        return self._names[code, lang]

    @cached_property
    def _names(self) -> dict[tuple[str, str], str]:
        """Code and language to the display name; a place goes before an indicator of the same code."""
        tables = (self.indicators, self.geographies)
        return {
            (str(code), lang): str(name)
            for table in tables
            for lang in ("en", "zh")
            for code, name in table[f"name_{lang}"].items()
        }

    @cached_property
    def _sources(self) -> dict[str, dict[str, str]]:
        """Rows of `sources` by code: a page asks for dozens, and a row of a frame takes a millisecond."""
        rows: dict[Any, dict[Any, str]] = self.sources.to_dict("index")
        return {str(code): row for code, row in rows.items()}

    @cached_property
    def factors(self) -> tuple[Factor, ...]:
        """The five factors in the order of the founding document."""
        content = yaml.load(self._text("document/factors.yaml"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        return tuple(
            Factor(**{**entry, "headlines": tuple(HeadlineSpec(**spec) for spec in entry["headlines"])})
            for entry in content["factors"]
        )

    @cached_property
    def excluded(self) -> pd.DataFrame:
        """What is left out: rule, indicator, source, rows (int), reason_en, reason_zh."""
        return _table(self.folder, "excluded.csv").astype({"rows": int})

    @cached_property
    def digest(self) -> str:
        """sha256 over the path and content of every file of the package, hexadecimal."""
        return digest(self.folder)

    @cached_property
    def _found(self) -> dict[tuple[str, str, str], Observation | None]:
        """What `latest` found so far."""
        return {}

    @cached_property
    def _places(self) -> dict[Any, np.ndarray[Any, Any]]:
        """Indicator to the positions of its rows."""
        groups = self.all_observations.groupby("indicator", sort=False).indices
        return {name: np.asarray(rows) for name, rows in groups.items()}

    def _text(self, name: str) -> str:
        try:
            return (self.folder / name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise unreadable(self.folder, name, error) from error

    def _known(self, what: str, asked: str | Sequence[str] | None, codes: "pd.Index[Any]") -> None:
        for code in _listed(asked) if asked is not None else ():
            if code not in codes:
                close = difflib.get_close_matches(code, map(str, codes), n=_NAMED, cutoff=0.5)
                raise UserError(
                    'There is no {what} "{code}" in the data package; the closest are {close}.'
                    if close
                    else 'There is no {what} "{code}" in the data package.',
                    **{"what": what, "code": code, "close": ", ".join(close)},
                )


def _spelled(breakdown: str | dict[str, str]) -> str:
    """A breakdown as the tables write it: ``key=value`` pairs, keys sorted."""
    if isinstance(breakdown, str):
        return breakdown
    return ";".join(f"{key}={breakdown[key]}" for key in sorted(breakdown))


def _latest(rows: pd.DataFrame) -> dict[str, Observation]:
    """Place to the last observation among its `rows`, as `Catalog.latest` describes it."""
    rows = rows[~rows["flag"].str.contains(f"[{DOUBTFUL}{PROJECTION}]")]
    columns = [str(column) for column in rows.columns]
    best: dict[str, tuple[tuple[Any, ...], Observation]] = {}
    for cells in rows.itertuples(index=False, name=None):
        row = dict(zip(columns, cells, strict=True))
        found = Observation(**{**row, "value": float(row["value"])})
        rank = (periods.last_day(found.period), -PROVENANCE.index(found.flag[0]), found.source)
        if found.geo not in best or rank > best[found.geo][0]:
            best[found.geo] = (rank, found)
    return {geo: found for geo, (_, found) in best.items()}


def load(path: str | Path | None = None) -> Catalog:
    """The data package in `path`, by default the one installed; read once per folder.

    Raises `UserError` naming the file that is missing or cannot be read. What else may be wrong with a package is found
    by `aigc_report.check`.
    """
    return _load(Path(path).resolve() if path is not None else folder())


@cache
def _load(package: Path) -> Catalog:
    files = sorted((package / "observations").glob("*.csv"))
    if not files:
        raise UserError("There are no tables of observations in {folder}.", folder=str(package / "observations"))
    observations = pd.concat([_table(package, f"observations/{f.name}") for f in files], ignore_index=True)
    try:
        observations["value"] = observations["value"].astype(float)
    except ValueError as error:
        raise UserError(
            "A value in {folder} is not a number ({error}); run: aigc-report data check --path {folder}",
            folder=str(package),
            error=str(error),
        ) from error
    geographies = _table(package, "geographies.csv").set_index("geo")
    geographies[["eu27", "oecd"]] = geographies[["eu27", "oecd"]] == "true"
    indicators = _table(package, "indicators.csv").set_index("indicator")
    indicators["direction"] = indicators["direction"].astype(int)
    return Catalog(
        folder=package,
        indicators=indicators,
        sources=_table(package, "sources.csv").set_index("source"),
        geographies=geographies,
        policy=_table(package, "policy_instruments.csv").set_index("id"),
        all_observations=observations,
    )


def _table(package: Path, name: str) -> pd.DataFrame:
    try:
        return pd.read_csv(package / name, dtype=str, keep_default_na=False, encoding="utf-8")
    except (OSError, ValueError) as error:
        raise unreadable(package, name, error) from error


def unreadable(package: Path, name: str, error: Exception) -> UserError:
    """The error for a file of a package that cannot be read."""
    return UserError(
        "{file} cannot be read ({error}); run: aigc-report data check --path {folder}",
        file=str(package / name),
        folder=str(package),
        error=str(error).splitlines()[0],
    )


def content_files(package: Path) -> list[Path]:
    """The files that make up a package, sorted by path: all but programs, caches and hidden files."""
    return sorted(
        file
        for file in package.rglob("*")
        if file.is_file() and file.suffix not in (".py", ".pyc")
        if not any(part.startswith(".") for part in file.relative_to(package).parts)
    )


def digest(package: Path) -> str:
    """sha256 over the path and content of every file of the package, hexadecimal."""
    total = hashlib.sha256()
    for file in content_files(package):
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        total.update(f"{file.relative_to(package).as_posix()} {content}\n".encode())
    return total.hexdigest()


def _listed(value: str | Iterable[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)
