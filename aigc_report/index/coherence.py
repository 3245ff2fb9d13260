"""Whether an index hangs together, in one table and a few figures: what `multivariate` finds, ready to be read."""

from dataclasses import dataclass

import pandas as pd

from aigc_report.index import multivariate
from aigc_report.index.result import IndexResult


@dataclass(frozen=True, eq=False)
class Coherence:
    """What the checks say.

    ``parts``: a row per aggregate: indicators (how many below it), alpha (Cronbach's, over these indicators; NaN for
    one), weight (meant, among its siblings) and effective (its share of importance among them; NaN for the total).
    ``pairs``: correlations of all indicators, strongest first (columns of `multivariate.correlations`). ``flags``: see
    `multivariate.flags`. ``halves``: the same correlations between the parts of the total.
    """

    parts: pd.DataFrame
    pairs: pd.DataFrame
    flags: pd.DataFrame
    halves: pd.DataFrame


def of(result: IndexResult) -> Coherence:
    """The checks of `result`."""
    indicators = [str(code) for code in result.raw.columns]
    aggregates = [str(code) for code in result.structure.index if code not in indicators]
    below = {code: _below(result, code, indicators) for code in aggregates}
    meant = pd.concat([multivariate.importance(result, code) for code in aggregates])
    parts = pd.DataFrame(
        {
            "indicators": {code: len(codes) for code, codes in below.items()},
            "alpha": {code: multivariate.alpha(result.scores[codes]) for code, codes in below.items()},
            "weight": meant["weight"].reindex(aggregates),
            "effective": meant["share"].reindex(aggregates),
        }
    ).loc[aggregates]
    halves = [str(code) for code in result.structure.index[result.structure["parent"] == result.total]]
    pairs = multivariate.correlations(result.scores[indicators]).sort_values("r", ascending=False, ignore_index=True)
    return Coherence(
        parts.rename_axis("code"),
        pairs,
        multivariate.flags(result),
        multivariate.correlations(result.scores[halves]),
    )


def _below(result: IndexResult, code: str, indicators: list[str]) -> list[str]:
    """The indicators that `code` consists of, at whatever depth."""
    parents = result.structure["parent"]
    found = []
    for indicator in indicators:
        above = str(parents[indicator])
        while above != code and above in parents.index:
            above = str(parents[above])
        if above == code:
            found.append(indicator)
    return found
