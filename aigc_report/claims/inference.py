"""What a finding's error allows to say: an interval, and how likely a finding this far from a threshold is by chance.

One method per kind of error (`gan.experiments.evidence`), all two-sided, so that intervals and tests agree:

- replicates: Student's t on the repetitions;
- proportion: the exact binomial, both tails of equal probability (Clopper & Pearson 1934, Biometrika 26:404);
- estimate: the value over its standard error, by Student's t with `df` or, without one, by the normal law;
- exact: nothing was sampled, so there is neither an interval nor a probability.
"""

import math
import statistics
from collections.abc import Callable, Sequence
from typing import Any

from gan.experiments.evidence import Exact, Finding

LEVEL = 0.05
"""Probability of error that a verdict accepts, and one minus the coverage of every interval."""

Interval = tuple[float, float]


def interval(finding: Finding) -> Interval | None:
    """The 95% interval of `finding`; None where its error is not known or nothing was sampled."""
    found = _INTERVALS[finding.error.kind](finding) if math.isfinite(finding.value) else None
    return found if found is not None and all(map(math.isfinite, found)) else None


def p_value(finding: Finding, threshold: float) -> float | None:
    """Two-sided probability of a finding at least this far from `threshold`, were that the true value.

    None where the error is not known (a single repetition) or the finding is exact.
    """
    if not math.isfinite(finding.value):
        return None
    return _P_VALUES[finding.error.kind](finding, threshold)


def exact(finding: Finding) -> bool:
    """Was nothing sampled, so that the value itself decides?"""
    return isinstance(finding.error, Exact)


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """Each p-value adjusted for all of them together: Benjamini & Hochberg 1995, J. R. Stat. Soc. B 57:289.

    The adjusted value of the i-th smallest of m is the least of p(j)·m/j over j ≥ i, at most 1. Deciding at a level q
    keeps the expected share of wrong decisions among all decisions below q.
    """
    m = len(p_values)
    adjusted = [1.0] * m
    least = 1.0
    for rank, place in sorted(enumerate(sorted(range(m), key=p_values.__getitem__), 1), reverse=True):
        least = min(least, p_values[place] * m / rank)
        adjusted[place] = least
    return adjusted


def _spread(finding: Finding) -> tuple[float, float | None] | None:
    """Standard error and degrees of freedom (None: normal law); None where no error is known."""
    error = finding.error
    if error.kind == "replicates":
        n = len(error.values)
        return (statistics.stdev(error.values) / math.sqrt(n), float(n - 1)) if n > 1 else None
    if error.kind == "estimate" and math.isfinite(error.se) and (error.df is None or error.df > 0):
        return error.se, error.df
    return None


def _t_interval(finding: Finding) -> Interval | None:
    from scipy.special import ndtri, stdtrit

    known = _spread(finding)
    if known is None:
        return None
    se, df = known
    reach = se * float(ndtri(1 - LEVEL / 2) if df is None else stdtrit(df, 1 - LEVEL / 2))
    return finding.value - reach, finding.value + reach


def _t_p(finding: Finding, threshold: float) -> float | None:
    from scipy.special import ndtr, stdtr

    known = _spread(finding)
    if known is None:
        return None
    se, df = known
    if se == 0:  # the limit of ever smaller errors: any distance is too far for chance, none is no distance
        return 1.0 if finding.value == threshold else 0.0
    distance = abs(finding.value - threshold) / se
    return min(1.0, 2 * float(ndtr(-distance) if df is None else stdtr(df, -distance)))


def _binomial_interval(finding: Finding) -> Interval:
    from scipy.special import betaincinv

    k, n = _counts(finding)
    low = 0.0 if k == 0 else float(betaincinv(k, n - k + 1, LEVEL / 2))
    high = 1.0 if k == n else float(betaincinv(k + 1, n - k, 1 - LEVEL / 2))
    return low, high


def _binomial_p(finding: Finding, threshold: float) -> float:
    from scipy.special import bdtr, bdtrc

    k, n = _counts(finding)
    if not 0 <= threshold <= 1:  # no share can be there
        return 0.0
    at_most = float(bdtr(k, n, threshold))
    at_least = float(bdtrc(k - 1, n, threshold)) if k > 0 else 1.0
    return min(1.0, 2 * min(at_most, at_least))


def _counts(finding: Finding) -> tuple[int, int]:
    assert finding.error.kind == "proportion"
    return finding.error.successes, finding.error.trials


_INTERVALS: dict[str, Callable[[Finding], Interval | None]] = {
    "replicates": _t_interval,
    "proportion": _binomial_interval,
    "estimate": _t_interval,
    "exact": lambda _: None,
}
_P_VALUES: dict[str, Callable[[Any, float], float | None]] = {
    "replicates": _t_p,
    "proportion": _binomial_p,
    "estimate": _t_p,
    "exact": lambda _, __: None,
}
