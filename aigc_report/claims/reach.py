"""Which verdicts a rule can give at all. A rule that would say the same whatever is found decides nothing."""

from collections.abc import Iterator
from itertools import pairwise, product

from aigc_report.claims.schema import Rule
from aigc_report.claims.verdict import Code, Outcome, combine

Values = dict[str, float | None]
"""Finding to the value it is taken to have without error; None stands for an error so large that nothing is decided."""


def codes(rule: Rule) -> frozenset[Code]:
    """The verdicts that some evidence or other would bring about, `untested` left out."""
    return frozenset(combine(outcomes(rule, values)) for values in cases(rule))


def cases(rule: Rule) -> Iterator[Values]:
    """Findings of every kind that can make a difference to `rule`: on each side of each threshold, and undecided."""
    names = sorted({c.finding for c in rule.conditions})
    for values in product(*(_candidates(rule, name) for name in names)):
        yield dict(zip(names, values, strict=True))


def outcomes(rule: Rule, values: Values) -> list[Outcome]:
    """What becomes of each condition of `rule` where the findings have these values."""
    found = []
    for condition in rule.conditions:
        value = values[condition.finding]
        met = value is not None and condition.met_by(value)
        found.append(Outcome(condition, "undecided" if value is None else "holds" if met else "fails"))
    return found


def _candidates(rule: Rule, name: str) -> list[float | None]:
    bounds = sorted({bound for c in rule.conditions if c.finding == name for bound in c.bounds})
    apart = max((b - a for a, b in pairwise(bounds)), default=0.0) or max(1.0, abs(bounds[0]))
    return [None, bounds[0] - apart, *((a + b) / 2 for a, b in pairwise(bounds)), bounds[-1] + apart]
