"""Comparison: how far two rankings of the same units agree, and who moves between them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from aigc_report.errors import UserError
from aigc_report.index.build import build
from aigc_report.index.places import places
from aigc_report.index.result import IndexResult
from aigc_report.index.spec import IndexSpec


@dataclass(frozen=True)
class Comparison:
    """Two indices over the units both rank. ``ranks``: a, b and shift (b - a) by unit, the largest shift first.

    Ranks are among the common units. ``mean_shift`` and ``largest`` are in places; ``spearman`` and ``kendall`` (tau-b)
    are rank correlations. ``only_a`` and ``only_b`` are ranked by one index alone.
    """

    names: tuple[str, str]
    ranks: pd.DataFrame
    mean_shift: float
    largest: int
    spearman: float
    kendall: float
    only_a: tuple[str, ...]
    only_b: tuple[str, ...]


def compare(a: str | IndexSpec | IndexResult, b: str | IndexSpec | IndexResult, code: str = "") -> Comparison:
    """How the rankings of two specs or results differ, in the total of each or in `code`.

    Raises `UserError` where fewer than two units are in both.
    """
    first, second = (index if isinstance(index, IndexResult) else build(index) for index in (a, b))
    left, right = (index.scores[code or index.total].dropna() for index in (first, second))
    common = left.index[left.index.isin(right.index)]
    if len(common) < 2:
        raise UserError("{a} and {b} have fewer than two units in common.", a=first.name, b=second.name)
    x, y = (scores.loc[common].to_numpy(np.float64) for scores in (left, right))
    ranks = pd.DataFrame({"a": places(x), "b": places(y)}, index=common)
    ranks["shift"] = ranks["b"] - ranks["a"]
    order = ranks["shift"].abs().sort_values(ascending=False, kind="stable").index
    return Comparison(
        (first.name, second.name),
        ranks.loc[order],
        float(ranks["shift"].abs().mean()),
        int(ranks["shift"].abs().max()),
        float(pd.Series(x).rank().corr(pd.Series(y).rank())),
        _kendall(x, y),
        tuple(map(str, left.index.difference(common))),
        tuple(map(str, right.index.difference(common))),
    )


def _kendall(
    x: "np.ndarray[tuple[int], np.dtype[np.float64]]", y: "np.ndarray[tuple[int], np.dtype[np.float64]]"
) -> float:
    """Kendall's tau-b: pairs in the same order minus pairs turned round, over the pairs that are tied in neither."""
    above = np.triu_indices(len(x), 1)
    a, b = (np.sign(v[:, None] - v[None, :])[above] for v in (x, y))
    scale = np.sqrt(float((a != 0).sum()) * float((b != 0).sum()))
    return float((a * b).sum() / scale) if scale else float("nan")
