"""Weights: how much each child counts in its parent. Only the proportions among siblings matter.

A method takes the normalised indicators (units × indicators) and the structure, and returns a weight per code.
"""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from aigc_report.index.fault import Fault
from aigc_report.index.structure import Structure

Weigher = Callable[[pd.DataFrame, Structure], "pd.Series[float]"]


def original(values: pd.DataFrame, structure: Structure) -> "pd.Series[float]":
    """The structure table's own."""
    return pd.Series({code: structure.lines[code].weight for code in structure.ordered()}, dtype="float64")


def equal(values: pd.DataFrame, structure: Structure) -> "pd.Series[float]":
    """One for every child."""
    return pd.Series(1.0, index=structure.ordered())


def pca(values: pd.DataFrame, structure: Structure) -> "pd.Series[float]":
    """Indicators: their loadings on the first principal component of their siblings; aggregates: the structure's own.

    The components are those of the correlation matrix over the units that have all siblings' values, as in COINr's
    `get_PCA`. A common sign is turned positive; loadings of mixed sign stay, and are worth a warning.
    """
    weights = original(values, structure)
    for parent in structure.aggregates():
        siblings = [code for code in structure.children(parent) if code in values.columns]
        if len(siblings) < 2:
            continue
        complete = values[siblings].dropna()
        if len(complete) <= 2 or (complete.nunique() < 2).any():
            raise Fault(
                'weights = "pca" needs three units with all of {all}, and no indicator with one value only',
                code=parent,
                field="iCode",
                all=", ".join(siblings),
            )
        standard = (complete - complete.mean()) / complete.std(ddof=1)
        loadings = np.linalg.svd(standard.to_numpy(np.float64), full_matrices=False)[2][0]
        weights[siblings] = loadings if loadings.sum() >= 0 else -loadings
    return weights


WEIGHERS: dict[str, Weigher] = {"original": original, "equal": equal, "pca": pca}
WHATEVER_THE_VALUES: frozenset[str] = frozenset({"original", "equal"})
"""Methods that do not look at the values, so that their weights hold for every replication."""


def weigh(
    values: pd.DataFrame,
    structure: Structure,
    method: str,
    levels: Mapping[int, str] | None = None,
    own: Mapping[str, float] | None = None,
) -> "pd.Series[float]":
    """A weight per code: by `method`, by another at the `levels` named, and `own` in place of single ones.

    A level is that of the codes weighed: level 1 holds the indicators. Raises `Fault` for a code there is not.
    """
    weights = WEIGHERS[method](values, structure).copy()
    for level, other in (levels or {}).items():
        codes = [code for code in weights.index if structure.lines[code].level == level]
        if not codes:
            raise Fault("step weights: the structure has no level {level}", level=level)
        weights[codes] = WEIGHERS[other](values, structure)[codes]
    for code, weight in (own or {}).items():
        if code not in weights.index:
            raise Fault('step weights: the structure has no code "{name}"', name=code)
        weights[code] = weight
    return weights


def effective(structure: Structure, weights: "pd.Series[float]") -> "pd.Series[float]":
    """What each code counts in the total, 0..1: the product of the normalised weights from it up to the top.

    NaN below a sum of zero.
    """
    share = {structure.ordered()[0]: 1.0}
    for parent in reversed(structure.aggregates()):
        children = structure.children(parent)
        whole = float(weights[children].sum())
        for child in children:
            share[child] = share[parent] * float(weights[child]) / whole if whole else float("nan")
    return pd.Series(share, dtype="float64").reindex(structure.ordered())
