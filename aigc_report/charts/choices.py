"""What readers may choose of a chart, in words: the scale of an axis, the measure, the places, the period.

Each function returns the `Choice` that a chart declares and leaves to that chart what the choice means.
"""

from collections.abc import Iterable, Mapping

from aigc_report.charts.chart import Axis, Choice
from aigc_report.i18n import N_, Texts

LINEAR, LOG = "linear", "log"
SCALES: dict[str, str] = {LINEAR: N_("linear"), LOG: N_("logarithmic")}
"""Scale of an axis to its name."""
TOTAL, SHARE, INDEX = "total", "share", "index"
LEAST_PERIODS = 3
"""Fewer periods are no development: they stand side by side in a chart of their own."""
MOST_PLACES = 6
"""More lines than this cannot be told apart."""
LEAST_PLACES = 20
"""A period with fewer places would show who answered rather than what they answered."""


def scale(t: Texts, held: str) -> Choice:
    """A linear or a logarithmic axis."""
    return _one(t("Scale"), "scale", {code: t(name) for code, name in SCALES.items()}, held)


def scaled(t: Texts, subtitle: str, axis: Axis) -> str:
    """`subtitle` with the word that a reader of a logarithmic `axis` needs."""
    return t("{subtitle} · logarithmic scale", subtitle=subtitle) if axis.log else subtitle


def measure(t: Texts, options: Mapping[str, str], held: str) -> Choice:
    """The figures themselves or the same figures against something; `options` are codes with words of the language."""
    return _one(t("Measure"), "measure", options, held)


def period(t: Texts, options: Mapping[str, str], held: str) -> Choice:
    """One of several periods in their order."""
    return Choice("period", t("Year"), tuple(options.items()), (held,), "time")


def places(t: Texts, options: Mapping[str, str], held: Iterable[str], most: int) -> Choice:
    """Several places, `most` at the most, by their codes and names."""
    return Choice("places", t("Countries"), tuple(options.items()), tuple(held), "several", most)


def one_of(code: str, options: Iterable[str]) -> str:
    """`code`, or ``ValueError`` where it is none of `options`: an address may ask for anything."""
    known = list(options)
    if code not in known:
        raise ValueError(f'"{code}" is not among {", ".join(known)}')
    return code


def _one(label: str, name: str, options: Mapping[str, str], held: str) -> Choice:
    return Choice(name, label, tuple(options.items()), (one_of(held, options),))
