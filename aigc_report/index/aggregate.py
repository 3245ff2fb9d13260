"""Aggregation: children into their parent, from the indicators up to the total.

A method takes scores of shape (..., n units, k children), NaN where missing, and weights of shape (..., k), and returns
(..., n). Leading axes are free, so that many replications can be aggregated at once. Weights are rescaled over the
children a unit has; a unit with none is missing. Definitions as in COINr 1.1.14, except where `copeland` says so.
"""

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from aigc_report.errors import UserError
from aigc_report.index.fault import Fault
from aigc_report.index.structure import Structure

Array = npt.NDArray[np.float64]
Aggregator = Callable[[Array, Array], Array]


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
    wins = np.where(own > other, 1.0, np.where(own == other, 0.5, 0.0))
    duels = np.nan_to_num(_divide((w * wins).sum(axis=-1), w.sum(axis=-1)))
    n = x.shape[-2]
    duels[..., np.arange(n), np.arange(n)] = 0.0
    return np.where(np.isnan(x).all(axis=-1), np.nan, duels.sum(axis=-1))


AGGREGATORS: dict[str, Aggregator] = {method.__name__: method for method in (arithmetic, geometric, harmonic, copeland)}
FORBIDDEN: Mapping[str, tuple[Callable[[Array], npt.NDArray[np.bool_]], str]] = {
    "geometric": (lambda x: x <= 0, "scores above 0"),
    "harmonic": (lambda x: x == 0, "scores other than 0"),
}
"""Scores a method cannot take, and what it needs instead."""


def aggregate(values: pd.DataFrame, structure: Structure, weights: "pd.Series[float]", method: str) -> pd.DataFrame:
    """Scores of every code (units × codes, the total first), built upwards from the indicators in `values`.

    `method` holds for every aggregate that names none in its `Aggregation`. Raises `Fault` for scores a method cannot
    take and for weights that sum to zero.
    """
    scores: dict[str, Array] = {str(code): values[code].to_numpy(np.float64) for code in values.columns}
    for parent in structure.aggregates():
        children = structure.children(parent)
        own = structure.lines[parent].aggregation or method
        if own not in AGGREGATORS:
            raise UserError(
                '{where}: there is no method "{method}"; choose one of: {known}.',
                where=structure.where(parent, "Aggregation") if own != method else "step aggregate",
                method=own,
                known=", ".join(AGGREGATORS),
            )
        w: Array = np.asarray(weights[children], dtype=np.float64)
        if np.isclose(w.sum(), 0):
            raise Fault("the weights below {code} sum to 0", code=parent, field="Weight")
        x = np.column_stack([scores[child] for child in children])
        _require_allowed(x, own, children, parent, values.index)
        scores[parent] = AGGREGATORS[own](x, w)
    return pd.DataFrame(scores, index=values.index)[structure.ordered()]


def _require_allowed(x: Array, method: str, children: list[str], parent: str, units: pd.Index) -> None:
    if method not in FORBIDDEN:
        return
    forbidden, needed = FORBIDDEN[method]
    wrong = np.argwhere(forbidden(x))
    if wrong.size:
        row, column = wrong[0]
        raise Fault(
            "{parent} takes a {method} mean, which needs {needed}, but {code} is {value:g} for {unit} after "
            "normalisation; normalise to a range that starts above 0 (lower = 1), or choose another mean",
            code=children[column],
            unit=str(units[row]),
            parent=parent,
            method=method,
            needed=needed,
            value=x[row, column],
        )


def _present(x: Array, weights: Array) -> Array:
    """The weights for every unit, 0 where its score is missing: shape (..., n, k)."""
    return np.where(np.isnan(x), 0.0, weights[..., None, :])


def _divide(numerator: Array, denominator: Array) -> Array:
    """NaN where the denominator is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(denominator == 0, np.nan, numerator / denominator)
