"""A layered drawing of a directed graph: every arrow points to a later layer, and few arrows cross.

The method is Sugiyama's in its simplest form: layers by the longest path, then sweeps that put each node at the mean
position of its neighbours (Sugiyama, Tagawa, Toda: Methods for Visual Understanding of Hierarchical System Structures,
IEEE Transactions on Systems, Man, and Cybernetics 11, 1981). Arrows that skip layers are not routed around nodes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from aigc_report.errors import UserError

SWEEPS = 8
"""Passes over the layers; a graph of a dozen nodes settles after two."""


@dataclass(frozen=True)
class Layout:
    """Nodes by layer, from left to right; `arrows` as pairs of nodes in the order given."""

    layers: tuple[tuple[str, ...], ...]
    arrows: tuple[tuple[str, str], ...]

    @property
    def widest(self) -> int:
        """How many nodes the fullest layer holds."""
        return max((len(layer) for layer in self.layers), default=0)

    def place(self, node: str) -> tuple[float, int]:
        """Where `node` stands: across, as a share of the width in 0..1, and its layer from 0."""
        for depth, layer in enumerate(self.layers):
            if node in layer:
                return (layer.index(node) + 0.5) / len(layer), depth
        raise KeyError(node)

    def crossings(self) -> int:
        """How many pairs of arrows between the same two layers cross."""
        lines = [(*self.place(a), *self.place(b)) for a, b in self.arrows]
        return sum(
            (first[0] - other[0]) * (first[2] - other[2]) < 0
            for at, first in enumerate(lines)
            for other in lines[at + 1 :]
            if (first[1], first[3]) == (other[1], other[3])
        )


def layered(nodes: Sequence[str], arrows: Iterable[tuple[str, str]]) -> Layout:
    """The layout of `nodes` with `arrows`; `UserError` for an arrow to an unknown node and for arrows in a circle."""
    drawn = tuple(arrows)
    for arrow in drawn:
        for node in arrow:
            if node not in nodes:
                raise UserError("An arrow of the graph names {node}, which is none of its nodes.", node=node)
    depth = _depths(nodes, drawn)
    layers = [[node for node in nodes if depth[node] == level] for level in range(max(depth.values(), default=-1) + 1)]
    best = Layout(tuple(map(tuple, layers)), drawn)
    for sweep in range(SWEEPS):
        order = range(1, len(layers)) if sweep % 2 == 0 else range(len(layers) - 2, -1, -1)
        for level in order:
            _settle(layers, level, level - 1 if sweep % 2 == 0 else level + 1, drawn)
        tried = Layout(tuple(map(tuple, layers)), drawn)
        best = min(best, tried, key=Layout.crossings)
    return best


def _depths(nodes: Sequence[str], arrows: Sequence[tuple[str, str]]) -> dict[str, int]:
    """The length of the longest path that ends at each node."""
    depth = dict.fromkeys(nodes, 0)
    for _ in range(len(nodes) + 1):
        before = dict(depth)
        for start, end in arrows:
            depth[end] = max(depth[end], depth[start] + 1)
        if depth == before:
            return depth
    raise UserError("The arrows of the graph go round in a circle, so it has no layers.")


def _settle(layers: list[list[str]], level: int, beside: int, arrows: Sequence[tuple[str, str]]) -> None:
    """Order one layer by the mean place of each node's neighbours in the layer `beside` it."""
    place = {node: (at + 0.5) / len(layers[beside]) for at, node in enumerate(layers[beside])}
    own = {node: (at + 0.5) / len(layers[level]) for at, node in enumerate(layers[level])}

    def centre(node: str) -> float:
        near = [place[a if b == node else b] for a, b in arrows if node in (a, b) and (a if b == node else b) in place]
        return sum(near) / len(near) if near else own[node]

    layers[level].sort(key=centre)
