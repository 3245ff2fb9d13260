"""The desk at which a briefing is written: makes numbers by their derivations and sets sentences with them in place."""

import datetime
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from string import Formatter
from typing import Literal

from aigc_report.briefing.derivations import derive
from aigc_report.briefing.ground import INDEX, Ground, Kept, key, key_of, source_of
from aigc_report.briefing.model import Cite, Number, Provenance, Run, Runs, Setting
from aigc_report.catalog import Catalog, Observation
from aigc_report.factors import Point
from aigc_report.i18n import N_, SHARES, Texts

POINTS = "points"
"""Unit of a difference of two percentages."""
PLAIN = "1"
"""Unit of a count, a rank or a ratio: the number stands by itself."""
COUNTED = {"count", "persons", "models", "laws", "regulations", "companies", "bills", "mentions", "agencies"}
"""Units of which the label of a figure says what they count."""
LEAST = 0.01
"""Percent: smaller shares are not spelled out."""
_UNSAFE = re.compile(r"[^A-Za-z0-9.+-]+")


@dataclass(frozen=True, eq=False)
class Desk:
    """What everybody who writes a part of a briefing needs: the ground, the language, the countries and the day."""

    ground: Ground
    t: Texts
    audience: str
    geo: tuple[str, ...] = ()
    day: datetime.date | None = None
    _derived: dict[Provenance, float] = field(default_factory=dict, init=False, repr=False)

    @property
    def cat(self) -> Catalog:
        """The data package."""
        return self.ground.cat

    @cached_property
    def measured(self) -> Kept | None:
        """The run that the briefing rests on; None without one."""
        return self.ground.measured_run()

    def name(self, geo: str) -> str:
        """A place in words."""
        return self.cat.name(geo, self.t.lang)

    def places(self, geos: Sequence[str]) -> str:
        """Places in a row, as a sentence names them: A, B and C."""
        names = [self.name(geo) for geo in geos]
        if len(names) < 2:
            return "".join(names)
        return self.t(N_("{some} and {last}"), some=self.t.join(names[:-1]), last=names[-1])

    # ---- numbers -----------------------------------------------------------------------------------------------------

    def number(self, provenance: Provenance, unit: str = PLAIN, digits: int | None = None) -> Number:
        """The number that `provenance` leads to; `Missing` where it leads to none."""
        value = self._derived.get(provenance)
        if value is None:
            value = self._derived[provenance] = derive(self.ground, provenance)
        return Number(_ident(provenance), value, unit, worded(self.t, value, unit, digits), provenance)

    def small(self, provenance: Provenance, unit: str) -> Number:
        """The same to two figures; a share so small that nobody reads its zeros is said to lie below `LEAST`."""
        number = self.number(provenance, unit)
        size = abs(number.value)
        if unit == "percent" and 0 < size < LEAST:
            below = self.t(N_("under {bound}"), bound=self.t.value(LEAST, unit, 2))
            return replace(number, text=below)
        return self.number(provenance, unit, 1 - math.floor(math.log10(size)) if 0 < size < 1 else None)

    def row(self, row: str, unit: str, digits: int | None = None) -> Number:
        """The observation of this key."""
        return self.number(Provenance("observation", rows=(row,)), unit, digits)

    def observed(self, found: Observation) -> Number:
        """An observation of the data package."""
        return self.row(key(found), found.unit)

    def point(self, indicator: str, geo: str, breakdown: str, point: Point, unit: str) -> Number:
        """A point of a series of the data package."""
        return self.row(key_of(indicator, geo, breakdown, point), unit)

    def of_rows(self, derivation: str, rows: tuple[str, ...], unit: str = PLAIN, digits: int | None = None) -> Number:
        """A number derived from several observations."""
        return self.number(Provenance(derivation, rows=rows), unit, digits)

    def of_settings(self, derivation: str, unit: str = PLAIN, digits: int | None = None, **settings: Setting) -> Number:
        """A number that a derivation finds by its settings alone."""
        return self.number(Provenance(derivation, settings=tuple(sorted(settings.items()))), unit, digits)

    def index(
        self,
        statistic: str,
        place: str = "",
        code: str = "",
        unit: str = PLAIN,
        digits: int | None = 0,
        **more: Setting,
    ) -> Number:
        """A figure of the shipped index; `code` is the total unless given."""
        settings: dict[str, Setting] = {"statistic": statistic, "code": code or self.ground.index().total, **more}
        provenance = Provenance("index", spec=INDEX, unit=place, settings=tuple(sorted(settings.items())))
        return self.number(provenance, unit, digits)

    def recorded(
        self, run: str, field: str, unit: str = PLAIN, digits: int | None = None, **settings: Setting
    ) -> Number:
        """A field of a run's record."""
        return self.number(Provenance("run", run=run, field=field, settings=tuple(settings.items())), unit, digits)

    # ---- sentences ---------------------------------------------------------------------------------------------------

    def say(self, message: str, /, **values: Run | Runs) -> Runs:
        """`message`, an English sentence with named places, in the desk's language with `values` in place.

        A value without a place in the sentence is an error, as is a place without a value.
        """
        runs: list[Run] = []
        used = set()
        for literal, name, _, _ in Formatter().parse(self.t(message)):
            if literal:
                runs.append(literal)
            if name:
                value = values[name]
                used.add(name)
                runs.extend(value if isinstance(value, tuple) else (value,))
        if unused := set(values) - used:
            raise ValueError(f"{message!r} has no place for {', '.join(sorted(unused))}")
        return _merged(runs)

    def together(self, *sentences: Runs) -> Runs:
        """Sentences one after another, apart as the language sets them; empty ones are left out."""
        space = "" if self.t.lang == "zh" else " "
        runs: list[Run] = []
        for sentence in filter(None, sentences):
            if runs and space:
                runs.append(space)
            runs.extend(sentence)
        return _merged(runs)

    def listed(self, items: list[Runs], apart: Literal[", ", "; "] = ", ") -> Runs:
        """Items in a row, `apart` as English writes it: Chinese has signs of its own."""
        comma = {", ": "、", "; ": "；"}[apart] if self.t.lang == "zh" else apart
        runs: list[Run] = []
        for item in items:
            runs.extend((comma, *item) if runs else item)
        return _merged(runs)

    def cited(self, sentence: Runs, *references: str) -> Runs:
        """A sentence with citation marks at its end."""
        return (*sentence, *(Cite(reference) for reference in dict.fromkeys(references)))

    def sources(self, *numbers: Number) -> tuple[str, ...]:
        """The references that numbers need: the sources of their observations, and their runs."""
        rows = [source_of(row) for number in numbers for row in number.provenance.rows]
        runs = [f"run:{number.provenance.run}" for number in numbers if number.provenance.run]
        return tuple(dict.fromkeys([*rows, *runs]))


def worded(t: Texts, value: float, unit: str, digits: int | None = None) -> str:
    """A value as a briefing shows it: its unit with it, points for differences of percentages, plain ones bare."""
    if unit == POINTS:
        return t(N_("{n} points"), n=t.number(value, 1 if digits is None else digits))
    return t.number(value, digits) if unit == PLAIN else t.value(value, unit, digits)


def difference_unit(unit: str) -> str:
    """The unit in which a difference of two values in `unit` is given; of counted things the number says enough."""
    return POINTS if unit == "percent" or unit in SHARES else PLAIN if unit in COUNTED else unit


def _merged(runs: list[Run]) -> Runs:
    """The runs with neighbouring texts put together."""
    kept: list[Run] = []
    for run in runs:
        if kept and isinstance(run, str) and isinstance(kept[-1], str):
            kept[-1] += run
        else:
            kept.append(run)
    return tuple(kept)


def _ident(p: Provenance) -> str:
    """The id of a number: what it is derived from, readable and safe in any format."""
    rows = [row.rsplit("|", 1)[0].rstrip("|") for row in p.rows]
    parts = [p.run, p.field, p.claim, p.spec, p.unit, *rows, *(str(value) for _, value in p.settings)]
    named = [] if p.derivation in ("observation", "run") else [p.derivation]
    return _UNSAFE.sub("_", ".".join([*named, *(part for part in parts if part != "")])).strip("_")
