"""Aggregation: children into their parent, from the indicators up to the total.

A method takes scores of shape (..., n units, k children), NaN where missing, and weights of shape (..., k), and returns
(..., n). Leading axes are free, so that many replications can be aggregated at once. Weights are rescaled over the
children a unit has; a unit with none is missing. Definitions as in COINr 1.1.14, except where `copeland` says so.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from aigc_report.errors import UserError, phrase
from aigc_report.i18n import N_
from aigc_report.index.fault import Fault
from aigc_report.index.methods import Choice, bind
from aigc_report.index.places import TIE, size
from aigc_report.index.structure import Structure

Array = npt.NDArray[np.float64]
Aggregator = Callable[..., Array]


def arithmetic(x: Array, weights: Array) -> Array:
    """Σ w·x / Σ w."""
    w = _present(x, weights)
    return _divide(np.nansum(w * x, axis=-1), w.sum(axis=-1))


def geometric(x: Array, weights: Array) -> Array:
    """exp(Σ w·ln x / Σ w); needs scores above 0."""
    w = _present(x, weights)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.exp(_divide(np.nansum(w * np.log(x), axis=-1), w.sum(axis=-1)))


def harmonic(x: Array, weights: Array) -> Array:
    """Σ w / Σ (w / x); needs scores other than 0."""
    w = _present(x, weights)
    with np.errstate(divide="ignore", invalid="ignore"):
        return _divide(w.sum(axis=-1), np.nansum(w / x, axis=-1))


def copeland(x: Array, weights: Array) -> Array:
    """Sum over the other units of the share of weight on which a unit beats them; a draw counts half.

    Two units are compared on the children both have (COINr gives a missing child to the unit further down the table,
    which makes scores depend on the order of rows; without gaps the two agree).
    """
    own, other = x[..., :, None, :], x[..., None, :, :]
    both = ~(np.isnan(own) | np.isnan(other))
    w = np.where(both, weights[..., None, None, :], 0.0)
    same = np.abs(own - other) <= TIE * size(x.swapaxes(-1, -2)).swapaxes(-1, -2)[..., None, :]
    wins = np.where(same, 0.5, np.where(own > other, 1.0, 0.0))
    duels = np.nan_to_num(_divide((w * wins).sum(axis=-1), w.sum(axis=-1)))
    n = x.shape[-2]
    duels[..., np.arange(n), np.arange(n)] = 0.0
    return np.where(np.isnan(x).all(axis=-1), np.nan, duels.sum(axis=-1))


AGGREGATORS: dict[str, Aggregator] = {
    "arithmetic": arithmetic,
    "geometric": geometric,
    "harmonic": harmonic,
    "copeland": copeland,
}
FORBIDDEN: Mapping[str, tuple[Callable[[Array], npt.NDArray[np.bool_]], str]] = {
    "geometric": (lambda x: x <= 0, N_("scores above 0")),
    "harmonic": (lambda x: x == 0, N_("scores other than 0")),
}
"""Scores a method cannot take, and what it needs instead."""


def methods(
    structure: Structure, choice: Choice | str, levels: Mapping[int, Choice] | None = None
) -> dict[str, Aggregator]:
    """The method of each aggregate: its own in the structure table, else that of its level, else `choice`.

    Raises `UserError` for a method there is not.
    """
    general = choice if isinstance(choice, Choice) else Choice(choice)
    found: dict[str, Aggregator] = {}
    for code in structure.aggregates():
        line = structure.lines[code]
        if line.aggregation and line.aggregation not in AGGREGATORS:
            raise UserError(
                '{where}: there is no method "{method}"; choose one of: {known}.',
                where=structure.where(code, "Aggregation"),
                method=line.aggregation,
                known=", ".join(AGGREGATORS),
            )
        own = Choice(line.aggregation) if line.aggregation else (levels or {}).get(int(line.level), general)
        bound = bind(AGGREGATORS, own, "aggregate")
        found[code] = bound if own.options else AGGREGATORS[own.method]
    return found


def aggregate(
    values: pd.DataFrame,
    structure: Structure,
    weights: "pd.Series[float]",
    method: Choice | str,
    *,
    levels: Mapping[int, Choice] | None = None,
    least: float = 0.0,
) -> pd.DataFrame:
    """Scores of every code (units × codes, the total first), built upwards from the indicators in `values`.

    `method` holds for every aggregate that names none in its `Aggregation` and whose level is not in `levels`. A unit
    with less than the share `least` of a node's children has no score there. Raises `Fault` for scores a method cannot
    take and for weights that sum to zero.
    """
    scores: dict[str, Array] = {str(code): values[code].to_numpy(np.float64) for code in values.columns}
    for parent, own in methods(structure, method, levels).items():
        children = structure.children(parent)
        w: Array = np.asarray(weights[children], dtype=np.float64)
        if np.isclose(w.sum(), 0):
            raise Fault(N_("the weights below {code} sum to 0"), code=parent, field="Weight")
        for child in children:
            require_allowed(scores[child], own, child, parent, [str(unit) for unit in values.index])
        x = np.column_stack([scores[child] for child in children])
        scores[parent] = np.where(np.mean(~np.isnan(x), axis=1) < least, np.nan, own(x, w))
    return pd.DataFrame(scores, index=values.index)[structure.ordered()]


def require_allowed(x: Array, method: Aggregator, child: str, parent: str, units: Sequence[str]) -> None:
    """Raise `Fault` where the scores of `child`, (..., n units), hold one that `method` cannot take."""
    name = getattr(method, "__name__", "")
    if name not in FORBIDDEN:
        return
    forbidden, needed = FORBIDDEN[name]
    wrong = forbidden(x)
    if wrong.any():
        place = tuple(np.argwhere(wrong)[0])
        raise Fault(
            N_(
                "{parent} takes a {method} mean, which needs {needed}, but {code} is {value:g} for {unit} after "
                "normalisation; normalise to a range that starts above 0 (lower = 1), or choose another mean"
            ),
            code=child,
            unit=units[place[-1]] if units else "",
            parent=parent,
            method=name,
            needed=phrase(needed),
            value=x[place],
        )


def _present(x: Array, weights: Array) -> Array:
    """The weights for every unit, 0 where its score is missing: shape (..., n, k)."""
    return np.where(np.isnan(x), 0.0, weights[..., None, :])


def _divide(numerator: Array, denominator: Array) -> Array:
    """NaN where the denominator is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(denominator == 0, np.nan, numerator / denominator)
