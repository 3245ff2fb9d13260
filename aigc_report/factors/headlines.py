"""The monitor of a factor: its headline figures, each with what it changed from, what it compares with, and its source.

Which figures those are stands in the data package (`document/factors.yaml`). A change is given only where that list
says that the periods are comparable, and carries the flags of a break or a new definition with it. Doubtful figures and
projections never make a headline.
"""

from dataclasses import dataclass, field

import pandas as pd

from aigc_report import catalog, periods
from aigc_report.catalog import Catalog, HeadlineSpec
from aigc_report.errors import UserError
from aigc_report.flags import DOUBTFUL, PROJECTION, PROVENANCE

Text = dict[str, str]
BREAKS = ("b", "d")
"""Flags that say a value does not simply continue the one before: a break in the series, a definition that differs."""


@dataclass(frozen=True)
class Point:
    """One period of a series."""

    period: str
    value: float
    source: str
    flag: str
    note: str

    @property
    def breaks(self) -> str:
        """The letters of `BREAKS` among its flags."""
        return "".join(letter for letter in self.flag if letter in BREAKS)


@dataclass(frozen=True)
class Comparison:
    """Another figure of the same indicator and unit, of the headline's period or the last one before it."""

    geo: str
    breakdown: str
    point: Point


@dataclass(frozen=True)
class Headline:
    """A headline figure. Texts are ``{"en", "zh"}``; ``change`` is in the figure's own unit.

    ``change`` and ``change_from`` (a period) are None where the periods do not compare or there is only one;
    ``change_breaks`` holds the break flags between the two, to be said with the change. ``comparison_note`` says what
    to mind. ``series`` ends with the headline.
    """

    factor: str
    label: Text
    indicator: str
    geo: str
    breakdown: str
    period: str
    value: float
    unit: str
    source: str
    flag: str
    note: str
    population: Text
    series: tuple[Point, ...]
    change: float | None = None
    change_from: str | None = None
    change_breaks: str = ""
    comparison: Comparison | None = None
    comparison_note: Text = field(default_factory=dict)


def monitor(factor_id: str, cat: Catalog | None = None) -> list[Headline]:
    """The headlines of one factor, in the order of the document; `UserError` for a factor that does not exist."""
    cat = cat or catalog.load()
    factors = {factor.id: factor for factor in cat.factors}
    if factor_id not in factors:
        raise UserError('There is no factor "{factor}"; there are {known}.', factor=factor_id, known=", ".join(factors))
    return [_headline(cat, factor_id, spec) for spec in factors[factor_id].headlines]


def series(cat: Catalog, indicator: str, geo: str, breakdown: str = "") -> tuple[Point, ...]:
    """One value per period, earliest first: no doubtful ones, no projections, the primary source where there are two.

    An indicator with its exact breakdown is one question of one survey, so a series never mixes two.
    """
    return _series(cat.observations(indicator, geo, breakdown=breakdown)).get(breakdown, ())


def every_series(cat: Catalog, indicator: str, geo: str) -> dict[str, tuple[Point, ...]]:
    """`series` of every breakdown there is, in the order of the files and in one pass over the rows."""
    return _series(cat.observations(indicator, geo, breakdown=None))


def _series(rows: pd.DataFrame) -> dict[str, tuple[Point, ...]]:
    """Breakdown to its series; one of which every row is left out has an empty one."""
    best: dict[str, dict[str, Point]] = {}
    for row in rows.itertuples(index=False):
        point = Point(str(row.period), float(str(row.value)), str(row.source), str(row.flag), str(row.note))
        found = best.setdefault(str(row.breakdown), {})
        if DOUBTFUL in point.flag or PROJECTION in point.flag:
            continue
        if point.period not in found or _rank(point) > _rank(found[point.period]):
            found[point.period] = point
    return {
        breakdown: tuple(sorted(found.values(), key=lambda point: periods.last_day(point.period)))
        for breakdown, found in best.items()
    }


def _rank(point: Point) -> tuple[int, str]:
    """Which of two readings of one figure is shown, as `Catalog.latest` decides it."""
    return -PROVENANCE.index(point.flag[0]), point.source


def _headline(cat: Catalog, factor_id: str, spec: HeadlineSpec) -> Headline:
    points = series(cat, spec.indicator, spec.geo, spec.breakdown)
    if not points:
        raise UserError(
            "The data package has no figure of {indicator} for {geo} {breakdown}.",
            indicator=spec.indicator,
            geo=spec.geo,
            breakdown=spec.breakdown,
        )
    compare, latest = spec.compare or {}, points[-1]
    previous = points[-2] if compare.get("kind") == "previous" and len(points) > 1 else None
    described = cat.indicators.loc[spec.indicator]
    return Headline(
        factor=factor_id,
        label=spec.label,
        indicator=spec.indicator,
        geo=spec.geo,
        breakdown=spec.breakdown,
        period=latest.period,
        value=latest.value,
        unit=str(described["unit"]),
        source=latest.source,
        flag=latest.flag,
        note=latest.note,
        population={"en": str(described["population"]), "zh": str(described["population_zh"])},
        series=points,
        change=latest.value - previous.value if previous else None,
        change_from=previous.period if previous else None,
        change_breaks=latest.breaks if previous else "",
        comparison=_comparison(cat, spec, compare, latest),
        comparison_note=compare.get("note", {}),
    )


def _comparison(cat: Catalog, spec: HeadlineSpec, compare: dict[str, str], latest: Point) -> Comparison | None:
    """The other place or breakdown, in the headline's period or the last one before it."""
    if compare.get("kind") not in ("geo", "breakdown"):
        return None
    geo, breakdown = compare.get("geo", spec.geo), compare.get("breakdown", spec.breakdown)
    end = periods.last_day(latest.period)
    before = [point for point in series(cat, spec.indicator, geo, breakdown) if periods.last_day(point.period) <= end]
    return Comparison(geo, breakdown, before[-1]) if before else None
