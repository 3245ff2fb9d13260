"""One composite view per factor, where the index `eu27` holds two or more comparable indicators of it; else why not."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from aigc_report import index
from aigc_report.errors import UserError
from aigc_report.index import IndexResult
from aigc_report.index.places import places

Text = dict[str, str]


@dataclass(frozen=True, eq=False)
class Composite:
    """The members on one factor.

    ``scores`` has a row per member, best first: score (0..100, the mean of the factor's pillars in `eu27`, weighted as
    there) and rank. ``pillars`` and ``indicators`` are the codes it consists of. Without two indicators ``scores`` is
    empty and ``absent`` says why, in both languages.
    """

    factor: str
    scores: pd.DataFrame
    pillars: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    absent: Text | None = None


def composite(factor: str, result: IndexResult | None = None) -> Composite:
    """The composite view of `factor` in `result`, by default the shipped `eu27`; `UserError` where it says nothing.

    Its parts are the index's own pillars, scaled and weighted as there, so that the two cannot disagree.
    """
    found = result or _shipped()
    structure = found.structure
    indicators = [str(c) for c in found.raw.columns if structure.at[c, "factor"] == factor]
    if len(indicators) < 2:
        reasons = {entry["factor"]: entry for entry in found.not_scored}
        if factor not in reasons:
            raise UserError('The index {name} says nothing about a factor "{factor}".', name=found.name, factor=factor)
        absent = {lang: reasons[factor][f"reason_{lang}"] for lang in ("en", "zh")}
        return Composite(factor, pd.DataFrame({"score": [], "rank": []}), absent=absent)
    pillars = list(dict.fromkeys(str(structure.at[code, "parent"]) for code in indicators))
    weights = structure.loc[pillars, "weight"].to_numpy(np.float64)
    scores = found.scores[pillars].to_numpy(np.float64) @ (weights / weights.sum())
    table = pd.DataFrame({"score": scores, "rank": places(scores)}, index=found.scores.index)
    ordered = table.sort_values("score", ascending=False, kind="stable")
    return Composite(factor, ordered, tuple(pillars), tuple(indicators))


@cache
def _shipped() -> IndexResult:
    return index.build("eu27")
