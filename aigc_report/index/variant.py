"""A variant of an index: the same data with weights and methods of one's own, to be ranked again at once.

The choices on offer are tables (name to method). A variant holds names and weights only, so that it fits into an
address (`Variant.weights_text`, `parse_weights`) and two of them can be compared.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from aigc_report.index.build import Inputs
from aigc_report.index.methods import Choice
from aigc_report.index.result import IndexResult
from aigc_report.index.robustness import analyse
from aigc_report.index.spec import IndexSpec
from aigc_report.index.weights import effective

AS_PUBLISHED = ""
"""The choice that leaves a step as the spec has it."""
NONE = "none"
NORMALISATIONS: dict[str, Choice] = {
    "minmax": Choice("minmax", {"lower": 0, "upper": 100}),
    "zscore": Choice("zscore", {"mean": 10, "sd": 2}),
    "rank": Choice("rank"),
    "fracmax": Choice("fracmax"),
}
AGGREGATIONS: dict[str, Choice] = {name: Choice(name) for name in ("arithmetic", "geometric", "harmonic", "copeland")}
IMPUTATIONS: dict[str, Choice | None] = {NONE: None, "mean": Choice("mean"), "median": Choice("median")}
TREATMENTS: dict[str, Choice | None] = {
    NONE: None,
    "winsorise": Choice("winsorise", {"max_points": 5, "skew": 2.0, "kurtosis": 3.5}),
}
GOALPOSTS = Choice("goalposts", {"lower": 0, "upper": 100})
"""From an aim to an aim, where the structure gives every indicator its `Low` and `High`; no choice elsewhere."""
ABOVE_ZERO = {"lower": 1, "upper": 100}
"""The ends of a scale that starts at 0 where a mean needs scores above it."""
NEEDS_ABOVE_ZERO = ("geometric", "harmonic")
MOST_WEIGHT = 5.0
"""The largest weight on offer where the largest of the spec is 1."""
LIVE_REPLICATIONS = 300
"""Enough for the 5th and 95th percentile of a rank to hold to about a place, and quick enough to follow a slider."""


@dataclass(frozen=True)
class Variant:
    """What differs from the spec: weights by code, and methods by name; an empty name changes nothing."""

    weights: tuple[tuple[str, float], ...] = ()
    normalise: str = AS_PUBLISHED
    aggregate: str = AS_PUBLISHED
    impute: str = AS_PUBLISHED
    treat: str = AS_PUBLISHED

    @property
    def changed(self) -> bool:
        """Whether anything differs from the spec."""
        return self != Variant()

    @property
    def weights_text(self) -> str:
        """The weights as an address holds them: ``FIRMS:2,SKILLS:0.5``."""
        return ",".join(f"{code}:{weight:g}" for code, weight in self.weights)

    def apply(self, spec: IndexSpec) -> IndexSpec:
        """`spec` with these choices."""
        steps = spec.steps
        if self.normalise:
            steps = replace(steps, normalise=NORMALISATIONS[self.normalise])
        if self.aggregate:
            steps = replace(steps, aggregate=AGGREGATIONS[self.aggregate], aggregate_levels={})
        if self.impute:
            steps = replace(steps, impute=IMPUTATIONS[self.impute])
        if self.treat:
            steps = replace(steps, treat=_in_units(spec, TREATMENTS[self.treat]))
        used = {choice.method for choice in (steps.aggregate, *steps.aggregate_levels.values()) if choice}
        scale = steps.normalise
        if scale and scale in (NORMALISATIONS["minmax"], GOALPOSTS) and used & set(NEEDS_ABOVE_ZERO):
            steps = replace(steps, normalise=Choice(scale.method, ABOVE_ZERO))
        own = {**steps.own_weights, **dict(self.weights)}
        return replace(spec, steps=replace(steps, own_weights=own))


def _in_units(spec: IndexSpec, treatment: Choice | None) -> Choice | None:
    """`treatment`, without logarithms where goalposts scale the values, in whose unit they are."""
    if treatment is None or spec.steps.normalise != GOALPOSTS:
        return treatment
    return replace(treatment, options={**treatment.options, "fallback": "none"})


def most_weight(published: Mapping[str, float]) -> float:
    """The largest weight on offer: 5 or 10 times a power of ten, so that it holds the weights of the spec."""
    largest = max(published.values(), default=0.0)
    if not largest:
        return MOST_WEIGHT
    unit = 10.0 ** math.floor(math.log10(largest))
    return MOST_WEIGHT * unit if largest <= MOST_WEIGHT * unit else 10 * unit


def parse_weights(text: str, published: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    """The weights in an address; what names no code of `published` or is no weight on offer is left out."""
    found: dict[str, float] = {}
    most = most_weight(published)
    for part in text.split(","):
        code, _, number = part.partition(":")
        try:
            weight = float(number)
        except ValueError:
            continue
        if code in published and 0 <= weight <= most:
            found[code] = weight
    return tuple(found.items())


def rank(
    inputs: Inputs, variant: Variant, codes: Sequence[str] = (), replications: int = LIVE_REPLICATIONS
) -> IndexResult:
    """The index under `variant`, with rank intervals of the total and of `codes`.

    `UserError` where a step cannot be done, such as weights that sum to zero.
    """
    spec = variant.apply(inputs.spec)
    return analyse(replace(inputs, spec=spec), replications, codes=codes, with_sensitivity=False)


def shares(inputs: Inputs, weights: Mapping[str, float]) -> dict[str, float]:
    """What each code counts in the total, 0..1, under `weights` (every code but the total); NaN below a sum of zero."""
    series = {code: float(weights.get(code, 1.0)) for code in inputs.structure.ordered()}
    found = effective(inputs.structure, pd.Series(series, dtype="float64"))
    return {str(code): float(share) for code, share in found.items()}


def unweighted(inputs: Inputs, weights: Mapping[str, float]) -> list[str]:
    """The aggregates below which every weight is 0, so that they cannot be built."""
    framework = inputs.structure
    return [
        parent
        for parent in framework.aggregates()
        if not sum(float(weights.get(child, 1.0)) for child in framework.children(parent))
    ]
