"""The course of a figure as a picture of a word's size: a line of its periods, broken where the series breaks.

No axes and no numbers: it shows a direction beside a figure that is said in full.
"""

from collections.abc import Sequence
from urllib.parse import quote

from aigc_report import periods
from aigc_report.charts import palette
from aigc_report.factors import Point

WIDTH, HEIGHT = 72, 20
_MARGIN = 3.0


def address(series: Sequence[Point], factor: str) -> str:
    """A picture of `series` in the colour of `factor`, as the address of an image; empty for fewer than two points."""
    if len(series) < 2:
        return ""
    return "data:image/svg+xml," + quote(svg(series, palette.FACTORS[factor]))


def svg(series: Sequence[Point], colour: str) -> str:
    """The picture: time from left to right, the lowest value at the foot, a dot on the last."""
    years = [periods.decimal_year(point.period) for point in series]
    values = [point.value for point in series]
    xs = [_scaled(year, min(years), max(years), WIDTH) for year in years]
    ys = [HEIGHT - _scaled(value, min(values), max(values), HEIGHT) for value in values]
    paths = []
    for number, (x, y) in enumerate(zip(xs, ys, strict=True)):
        joined = number > 0 and not series[number].breaks
        paths.append(f"{'L' if joined else 'M'}{x:.1f} {y:.1f}")
    dots = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{2.2 if last else 1.2}" fill="{colour}"/>'
        for last, x, y in zip([*[False] * (len(xs) - 1), True], xs, ys, strict=True)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<path d="{"".join(paths)}" fill="none" stroke="{colour}" stroke-width="1.6"/>{dots}</svg>'
    )


def _scaled(value: float, low: float, high: float, length: int) -> float:
    """`value` between the margins of `length`; in the middle where all are alike."""
    if high == low:
        return length / 2
    return _MARGIN + (value - low) / (high - low) * (length - 2 * _MARGIN)
