"""Many replications of one aggregation at once: fixed scores, a row of weights per replication.

Every mean is a transform, a weighted sum and its inverse, so the indicators below a node cost one matrix product for
all replications; what stands above is summed child by child. `aggregate.aggregate` is the plain form, and the tests
hold the two together.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from aigc_report.index.aggregate import Aggregator, arithmetic, copeland, geometric, harmonic, require_allowed
from aigc_report.index.places import wins
from aigc_report.index.structure import Structure

Array = npt.NDArray[np.float64]
Transform = Callable[[Array], Array]


def _same(x: Array) -> Array:
    return x


def _reciprocal(x: Array) -> Array:
    with np.errstate(divide="ignore"):
        return 1.0 / x


def _log(x: Array) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log(x)


SUMS: Mapping[Aggregator, tuple[Transform, Transform]] = {
    arithmetic: (_same, _same),
    geometric: (_log, np.exp),
    harmonic: (_reciprocal, _reciprocal),
    copeland: (wins, _same),
}
"""Methods that are a weighted mean of transformed children: the transform, and its inverse. Copeland's holds without
gaps only: the share of weight on which a unit wins is the mean of its wins child by child."""


@dataclass(frozen=True)
class Node:
    """An aggregate: its code, its children, and the positions of these among all codes."""

    code: str
    children: tuple[str, ...]
    positions: tuple[int, ...]


@dataclass(frozen=True)
class Tree:
    """The aggregates from the bottom up; `codes` fixes the columns of the weights, `indicators` those of the scores."""

    codes: tuple[str, ...]
    indicators: tuple[str, ...]
    nodes: tuple[Node, ...]

    @classmethod
    def of(cls, structure: Structure, indicators: Sequence[str]) -> "Tree":
        """The tree of `structure` over scores whose columns are `indicators`."""
        codes = tuple(structure.ordered())
        at = {code: position for position, code in enumerate(codes)}
        nodes = tuple(
            Node(parent, tuple(children), tuple(at[child] for child in children))
            for parent in structure.aggregates()
            for children in [structure.children(parent)]
        )
        return cls(codes, tuple(indicators), nodes)


def scores(
    x: Array,
    weights: Array,
    tree: Tree,
    methods: Mapping[str, Aggregator],
    *,
    units: Sequence[str] = (),
    least: float = 0.0,
) -> dict[str, Array]:
    """Scores of every aggregate: code to an array (R replications, n units), NaN where missing.

    `x` (n × k) holds the normalised indicators, `weights` (R × codes) a row per replication, `methods` the method of
    each aggregate; a node of which a unit has less than the share `least` of the children is missing. Raises `Fault`
    for scores a method cannot take.
    """
    columns = {code: x[:, position] for position, code in enumerate(tree.indicators)}
    found: dict[str, Array] = {}
    for node in tree.nodes:
        method, w = methods[node.code], weights[:, node.positions]
        parts = [columns[child] if child in columns else found[child] for child in node.children]
        for part, child in zip(parts, node.children, strict=True):
            require_allowed(part, method, child, node.code, units)
        gaps = any(np.isnan(part).any() for part in parts)
        if method not in SUMS or (gaps and method is copeland):
            node_scores = method(_stacked(parts, len(w)), w)
        else:
            node_scores = _mean(parts, w, *SUMS[method], gaps=gaps)
        if gaps and least > 0:
            present = sum((~np.isnan(part)).astype(np.float64) for part in parts) / len(parts)
            node_scores = np.where(present < least, np.nan, node_scores)
        found[node.code] = node_scores
    return found


def _mean(parts: Sequence[Array], w: Array, forward: Transform, back: Transform, *, gaps: bool) -> Array:
    """back(Σ w·forward(child) / Σ w) over the children present."""
    fixed = [position for position, part in enumerate(parts) if part.ndim == 1]
    total = np.zeros((len(w), parts[0].shape[-1]))
    weight = np.zeros_like(total) if gaps else w.sum(axis=1, keepdims=True)
    if fixed:
        block = np.stack([forward(parts[position]) for position in fixed])  # children × units
        present = ~np.isnan(block)
        total += w[:, fixed] @ np.where(present, block, 0.0)
        if gaps:
            weight = weight + w[:, fixed] @ present.astype(np.float64)
    for position, part in enumerate(parts):
        if part.ndim == 2:
            value, own = forward(part), w[:, position, None]
            if gaps:
                present = ~np.isnan(value)
                total += own * np.where(present, value, 0.0)
                weight = weight + own * present
            else:
                total += own * value
    with np.errstate(divide="ignore", invalid="ignore"):
        return back(np.where(weight == 0, np.nan, total / weight))


def _stacked(parts: Sequence[Array], replications: int) -> Array:
    """Children side by side, (R, n, children); fixed ones repeated for every replication."""
    shape = (replications, parts[0].shape[-1])
    return np.stack([np.broadcast_to(part, shape) for part in parts], axis=-1)
