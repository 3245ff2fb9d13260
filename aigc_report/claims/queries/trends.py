"""How one figure of one place moved over time, as one survey read it."""

import numpy as np

from aigc_report import periods
from aigc_report.catalog import Catalog
from aigc_report.claims.queries import parts
from aigc_report.claims.queries.estimate import serial_slope
from aigc_report.errors import UserError
from aigc_report.factors import headlines
from aigc_report.i18n import N_
from gan.experiments.evidence import Evidence, Series

LEAST_READINGS = 5
"""With a slope and a level fitted, fewer leave less than three degrees of freedom."""

SCALES = ("points", "doublings")
"""In the figure's own unit a year, or in doublings a year (base-2 logarithm; negative: halvings)."""


def trend(cat: Catalog, *, indicator: str, geo: str, breakdown: str = "", scale: str = "points") -> Evidence:
    """`per_year`: the slope of a straight line through the readings since the last break of the series."""
    known_scale(scale)
    points = headlines.series(cat, indicator, geo, breakdown)
    breaks = [at for at, point in enumerate(points) if at and point.breaks]
    kept = points[breaks[-1] if breaks else 0 :]
    warnings = [parts.BROKEN] if breaks else []
    unit = parts.apart(str(cat.indicators.at[indicator, "unit"]))
    x = np.array([periods.decimal_year(p.period) for p in kept])
    y = np.array([p.value for p in kept])
    usable = len(kept) >= LEAST_READINGS and (scale == "points" or bool((y > 0).all()))
    found = serial_slope(x, np.log2(y) if scale == "doublings" else y) if usable else None
    finding = None
    if found is None:
        warnings.append(parts.TOO_FEW)
    else:
        finding = parts.estimate(
            "per_year",
            found,
            "doublings a year" if scale == "doublings" else f"{unit} a year",
            len(kept),
            "readings",
            {"en": "change a year, straight line", "zh": "直线拟合的年均变化"},
            [f"{indicator}|{geo}|{p.period}|{breakdown}" for p in kept],
        )
    line = Series(
        name="readings",
        x_name={"en": "Year", "zh": "年份"},
        y_name={lang: cat.name(indicator, lang) for lang in ("en", "zh")},
        points=[{"x": float(a), "y": p.value, "label": p.period} for a, p in zip(x, kept, strict=True)],
        log_y=scale == "doublings",
    )
    asked = {"indicator": indicator, "geo": geo, "breakdown": breakdown, "scale": scale}
    return parts.evidence("trend", asked, [finding], [line], warnings)


def known_scale(scale: str) -> None:
    """`UserError` for a scale that does not exist."""
    if scale not in SCALES:
        raise UserError(N_('There is no scale "{scale}"; there are {known}.'), scale=scale, known=", ".join(SCALES))
