"""Single figures of surveys, where it is known how many were asked or what the publisher's standard error is."""

import re
from collections.abc import Mapping
from typing import Any

from aigc_report.catalog import Catalog
from aigc_report.charts import words
from aigc_report.claims.queries import parts
from aigc_report.claims.queries.estimate import Estimated, share_difference
from aigc_report.errors import UserError
from aigc_report.factors import headlines
from aigc_report.i18n import LANGUAGES, N_, texts
from gan.experiments.evidence import Evidence, Finding, Series

_STANDARD_ERROR = re.compile(r"standard error (\d+(?:\.\d+)?) points")
_WHOLE = {"percent": 100.0, "share": 1.0}
_OF = "respondents"


def survey(
    cat: Catalog, *, figures: Mapping[str, Mapping[str, Any]], differences: Mapping[str, list[str]] | None = None
) -> Evidence:
    """A finding per entry of `figures`, and one per entry of `differences` ([A, B]: A less B, both of `figures`).

    A figure is ``{indicator, geo, breakdown, period, asked, asked_source}``. With `asked`, how many answered, it is a
    share from 0 to 1 with a binomial error: that of a simple random sample, which few surveys are. Where the figure's
    note states the publisher's own standard error, it stands in its own unit with that. With neither there is no
    finding. Raises `UserError` for a figure that the catalogue does not have or that is doubtful.
    """
    found: dict[str, Finding | None] = {name: _finding(cat, name, figure) for name, figure in figures.items()}
    apart = [
        _difference(name, found[a], found[b], _told_apart(cat, figures[a], figures[b]))
        for name, (a, b) in (differences or {}).items()
    ]
    known = [f for f in found.values() if f is not None]
    points: list[dict[str, float | str | None]] = [{"x": f.name, "y": f.value} for f in known]
    bars = Series(
        name="figures", x_name={"en": "Survey", "zh": "调查"}, y_name={"en": "Share", "zh": "占比"}, points=points
    )
    warnings = [parts.NO_ERROR] if len(known) < len(found) else []
    return parts.evidence("survey", {}, [*found.values(), *apart], [bars] if points else [], warnings)


def _finding(cat: Catalog, name: str, figure: Mapping[str, Any]) -> Finding | None:
    indicator, geo, breakdown = str(figure["indicator"]), str(figure["geo"]), str(figure.get("breakdown", ""))
    period = str(figure["period"])
    points = {p.period: p for p in headlines.series(cat, indicator, geo, breakdown)}
    if period not in points:
        raise UserError(
            N_(
                "The data package has no figure of {indicator} for {geo} {breakdown} in {period} that may decide a "
                "claim."
            ),
            indicator=indicator,
            geo=geo,
            breakdown=breakdown,
            period=period,
        )
    value, unit = points[period].value, str(cat.indicators.at[indicator, "unit"])
    rows = [f"{indicator}|{geo}|{period}|{breakdown}"]
    about = {lang: cat.name(indicator, lang) for lang in ("en", "zh")}
    if asked := int(figure.get("asked", 0)):
        if unit not in _WHOLE:
            raise UserError(N_("{indicator} is no share, so a number asked gives it no error."), indicator=indicator)
        return parts.proportion(name, round(asked * value / _WHOLE[unit]), asked, _OF, about, rows)
    if stated := _STANDARD_ERROR.search(points[period].note):
        return parts.estimate(name, Estimated(value, float(stated[1]), None), unit, 1, "figures", about, rows)
    return None


def _told_apart(cat: Catalog, one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, str]:
    """The difference of two figures in words: what both are, and the periods or groups that tell them apart."""
    parsed = [words.parse(str(figure.get("breakdown", ""))) for figure in (one, other)]
    said = {}
    for lang in LANGUAGES:
        t = texts(lang)
        ends = [t.period(str(figure["period"])) for figure in (one, other)]
        if ends[0] == ends[1]:
            keys = [key for key in parsed[0] if parsed[0][key] != parsed[1].get(key)]
            ends = [t.join([words.value(t, key, found[key]) for key in keys]) for found in parsed]
        name = cat.name(str(one["indicator"]), lang)
        said[lang] = t(N_("{name} ({one} against {other})"), name=name, one=ends[0], other=ends[1])
    return said


def _difference(name: str, one: Finding | None, other: Finding | None, about: dict[str, str]) -> Finding | None:
    """`one` less `other`, two shares of different people."""
    if one is None or other is None or one.error.kind != "proportion" or other.error.kind != "proportion":
        return None
    apart = share_difference((other.error.successes, other.error.trials), (one.error.successes, one.error.trials))
    return parts.estimate(name, apart, "share", one.n + other.n, _OF, about, [*one.rows, *other.rows])
