"""Axes for years and for quantities that grow by factors, with ticks that a phone has room for."""

import math
from collections.abc import Callable

from aigc_report.charts.chart import Axis
from aigc_report.i18n import Texts

_POINTED = (1, 2, 5)
_PHONE_TICKS = 6
TICKS = 5
"""About how many ticks a linear axis gets."""


def superscript(exponent: int) -> str:
    """A whole number in raised figures."""
    return str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def scientific(t: Texts, value: float) -> str:
    """``3.1 × 10²³``."""
    mantissa, exponent = f"{value:.1e}".split("e")
    return f"{t.number(float(mantissa), 1)} × 10{superscript(int(exponent))}"


def powers(low: int, high: int, step: int = 1) -> Axis:
    """A logarithmic axis from 10^low to 10^high with a tick every `step` powers."""
    ticks = tuple((10.0**n, f"10{superscript(n)}") for n in range(low, high + 1, step))
    return Axis(low=10.0**low, high=10.0**high, log=True, ticks=ticks)


def years(low: float, high: float) -> Axis:
    """Years along the bottom, as many as a phone has room for."""
    every = max(1, math.ceil((high - low) / _PHONE_TICKS))
    first, last = math.ceil(low), math.floor(high)
    ticks = tuple((float(year), str(year)) for year in range(first, last + 1, every))
    return Axis(low=low, high=high, ticks=ticks)


def step(span: float) -> float:
    """A step of 1, 2 or 5 times a power of ten that divides `span` about `TICKS` times."""
    if span <= 0:
        return 1.0
    raw = span / TICKS
    power = 10.0 ** math.floor(math.log10(raw))
    return next(power * digit for digit in (1, 2, 5, 10) if power * digit >= raw * 0.999)


def linear(high: float, label: Callable[[float], str]) -> Axis:
    """A linear axis from zero to a little above `high`, each tick in the words of `label`."""
    high *= 1.06
    every = step(high)
    ticks = tuple((n * every, label(n * every) if n else "0") for n in range(int(high / every) + 1))
    return Axis(low=0, high=high, ticks=ticks)


def log(t: Texts, low: float, high: float) -> Axis:
    """A logarithmic axis with ticks at 1, 2 and 5 of each decade, or at 1 where there are many decades."""
    low, high = low / 1.25, high * 1.25
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    pointed = _POINTED if len(powers) <= 4 else (1,)
    ticks = [digit * 10.0**decade for decade in powers for digit in pointed]
    return Axis(low=low, high=high, log=True, ticks=tuple((v, t.number(v)) for v in ticks if low <= v <= high))


def decades(t: Texts, low: float, high: float, powers: bool) -> Axis:
    """A logarithmic axis over many decades, with a tick at every second or third of them."""
    low, high = low / 1.6, high * 1.6
    first, last = math.ceil(math.log10(low)), math.floor(math.log10(high))
    every = max(1, math.ceil((last - first) / 6))
    ticks = tuple(
        (10.0**n, f"10{superscript(n)}" if powers else t.short(10.0**n)) for n in range(first, last + 1, every)
    )
    return Axis(low=low, high=high, log=True, ticks=ticks)
