"""Multivariate checks (Handbook, step 4): do the indicators hang together as the framework says they do?

Correlations with flags, principal components, Cronbach's alpha, what each part really counts, and redundancy. Input is
an `IndexResult` or a frame of units × codes; correlations use the pairs of values both have.
"""

from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from aigc_report.index.places import places
from aigc_report.index.result import IndexResult

Array = npt.NDArray[np.float64]
REDUNDANT = 0.92
"""Correlation from which two indicators say the same (COINr's and the COIN Tool's threshold)."""
OPPOSED = -0.4
"""Correlation below which two indicators of one index work against each other (as there)."""
SIGNIFICANT = 0.05
Method = Literal["pearson", "spearman"]


def correlations(
    frame: pd.DataFrame, other: pd.DataFrame | None = None, *, method: Method = "pearson", level: float = SIGNIFICANT
) -> pd.DataFrame:
    """Correlation of every column of `frame` with every one of `other` (each pair once where left out).

    Columns: a, b, r, n (units with both), p (two-sided, t with n - 2 degrees of freedom), significant (p < `level`).
    NaN for a pair with fewer than three units or without spread.
    """
    from scipy.special import stdtr

    second = frame if other is None else other
    rows = []
    for i, a in enumerate(frame.columns):
        for b in second.columns[i + 1 :] if other is None else second.columns:
            pair = np.column_stack([frame[a].to_numpy(np.float64), second[b].reindex(frame.index).to_numpy(np.float64)])
            pair = pair[~np.isnan(pair).any(axis=1)]
            if method == "spearman":
                pair = np.column_stack([_average_rank(pair[:, 0]), _average_rank(pair[:, 1])])
            n = len(pair)
            spread = pair.std(axis=0) if n else np.zeros(2)
            r = float(np.corrcoef(pair.T)[0, 1]) if n > 2 and (spread > 0).all() else float("nan")
            t = abs(r) * np.sqrt((n - 2) / max(1 - r * r, 1e-300)) if n > 2 else float("nan")
            rows.append((a, b, r, n, 2 * float(stdtr(n - 2, -t)) if n > 2 else float("nan")))
    found = pd.DataFrame(rows, columns=["a", "b", "r", "n", "p"])
    return found.assign(significant=found["p"] < level)


def between_levels(result: IndexResult, *, method: Method = "pearson") -> pd.DataFrame:
    """Correlation of every code with its parent and with the total: columns as in `correlations`, b above a."""
    pairs = {
        (code, above)
        for code, parent in result.structure["parent"].items()
        if parent
        for above in (str(parent), result.total)
    }
    found = [correlations(result.scores[[a]], result.scores[[b]], method=method) for a, b in sorted(map(_names, pairs))]
    return pd.concat(found, ignore_index=True)


def flags(
    result: IndexResult, *, method: Method = "pearson", redundant: float = REDUNDANT, opposed: float = OPPOSED
) -> pd.DataFrame:
    """Pairs of siblings that say the same (`redundant`), work against each other (`opposed`) or have nothing to do with
    one another (`unrelated`: not significant); columns parent, a, b, r, n, p, flag."""
    parts = []
    for parent, children in _families(result):
        found = correlations(result.scores[children], method=method)
        found.insert(0, "parent", parent)
        parts.append(found)
    every = pd.concat(parts, ignore_index=True)
    flag = np.select(
        [every["r"] >= redundant, every["r"] <= opposed, ~every["significant"]],
        ["redundant", "opposed", "unrelated"],
        "",
    )
    flagged = every.drop(columns="significant").assign(flag=flag)
    return flagged[flagged["flag"] != ""].reset_index(drop=True)


def alpha(frame: pd.DataFrame) -> float:
    """Cronbach's alpha of the columns: k/(k-1) · (1 - Σ variances / Σ covariances), from pairwise complete covariances.

    NaN for fewer than two columns.
    """
    k = frame.shape[1]
    covariance = frame.cov().to_numpy(np.float64)
    if k < 2:
        return float("nan")
    return float(k / (k - 1) * (1 - np.trace(covariance) / covariance.sum()))


def alphas(result: IndexResult) -> "pd.Series[float]":
    """Cronbach's alpha of the children of every aggregate that has two or more."""
    return pd.Series(
        {parent: alpha(result.scores[children]) for parent, children in _families(result)}, dtype="float64"
    )


def components(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Principal components of the correlations between the columns, over the units that have all of them.

    Returns the loadings (columns × components: correlations of column and component) and, by component, its eigenvalue
    and the share of variance it explains. The sign is such that loadings sum to 0 or more. `ValueError` with fewer than
    three complete units or a column without spread.
    """
    complete = frame.dropna()
    if len(complete) < 3 or (complete.nunique() < 2).any():
        raise ValueError("principal components need three complete units and no column with one value only")
    values, vectors = np.linalg.eigh(complete.corr().to_numpy(np.float64))
    values, vectors = np.clip(values[::-1], 0, None), vectors[:, ::-1]
    vectors = vectors * np.where(vectors.sum(axis=0) < 0, -1.0, 1.0)
    names = [f"PC{i + 1}" for i in range(len(values))]
    loadings = pd.DataFrame(vectors * np.sqrt(values), index=frame.columns, columns=names)
    explained = pd.DataFrame({"eigenvalue": values, "share": values / values.sum()}, index=names)
    return loadings, explained


def importance(result: IndexResult, code: str = "") -> pd.DataFrame:
    """What each child of `code` (the total) was meant to count and what it counts: columns weight and importance.

    Importance is the correlation ratio of the aggregate on the child, Var(E[y|x]) / Var(y), from a local linear
    smoother whose width is chosen by leaving units out one at a time (Paruolo, Saisana & Saltelli 2013); r2 is its
    linear counterpart. `weight` and `share` (importance among siblings) both sum to 1.
    """
    parent = code or result.total
    children = list(result.structure.index[result.structure["parent"] == parent])
    y = result.scores[parent]
    found = pd.DataFrame(
        {
            "weight": result.structure.loc[children, "weight"] / result.structure.loc[children, "weight"].sum(),
            "importance": [correlation_ratio(result.scores[child], y) for child in children],
            "r2": [result.scores[child].corr(y) ** 2 for child in children],
        },
        index=pd.Index(children, name="code"),
    )
    return found.assign(share=found["importance"] / found["importance"].sum())


def correlation_ratio(x: "pd.Series[float]", y: "pd.Series[float]") -> float:
    """Share of the variance of `y` that `x` explains, 0..1, by a local linear smoother (see `importance`)."""
    pair = pd.DataFrame({"x": x, "y": y}).dropna().to_numpy(np.float64)
    if len(pair) < 5 or (pair.std(axis=0) == 0).any():
        return float("nan")
    a, b = (pair - pair.mean(axis=0)).T / pair.std(axis=0)[:, None]
    widths = np.geomspace(0.15, 4, 20)
    fits = [_smooth(a, b, width) for width in widths]
    best = min(fits, key=lambda fit: fit[1])[0]
    return float(np.clip(best.var() / b.var(), 0, 1))


def _smooth(x: Array, y: Array, width: float) -> tuple[Array, float]:
    """Local linear fit at every x with a Gaussian kernel, and its mean squared error leaving each unit out."""
    difference = x[None, :] - x[:, None]
    kernel = np.exp(-0.5 * (difference / width) ** 2)
    s0, s1, s2 = ((kernel * difference**power).sum(axis=1) for power in range(3))
    smoother = kernel * (s2[:, None] - difference * s1[:, None]) / (s0 * s2 - s1**2 + 1e-12)[:, None]
    fit = smoother @ y
    own = np.diag(smoother)
    errors = np.where(own < 1 - 1e-6, (y - fit) / np.maximum(1 - own, 1e-6), np.inf)
    return fit, float(np.mean(errors**2))


def _families(result: IndexResult) -> list[tuple[str, list[str]]]:
    """Every aggregate with two or more children, and these."""
    found = []
    for parent in result.structure.index:
        children = list(result.structure.index[result.structure["parent"] == parent])
        if len(children) > 1:
            found.append((str(parent), children))
    return found


def _average_rank(x: Array) -> Array:
    return (places(-x) + len(x) + 1 - places(x)) / 2.0


def _names(pair: tuple[object, object]) -> tuple[str, str]:
    return str(pair[0]), str(pair[1])
