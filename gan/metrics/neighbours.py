"""Nearest neighbours and distances between two sets of features: exact, at the speed of float32 products.

Distances come from matrix products in float32 of centred rows, a tile at a time. Their rounding error is bounded, and
each comparison that falls within the bound is decided by the distance in float64 from the differences themselves: the
neighbours and counts are those of exact float64 distances, at float32 speed, with memory independent of n².
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gan.metrics.inputs import CHUNK_VALUES, Features

_TILE = 2048
_MAX_CANDIDATES = 1 << 22
_PROBE_ROWS = 128
_FIRST = 512
"""Columns whose k nearest bound the search among all others; a twentieth of the rows where that is more."""
_COARSE = 1e-3
"""Rounding error, as a share of a typical squared radius, from which float64 products pay."""

Vector = NDArray[np.float64]
Index = NDArray[np.intp]


@dataclass(frozen=True)
class Cloud:
    """A set with what its distances need: `x` (n, d), the common `mean`, squared norms around it, and the working
    type."""

    x: Features
    mean: Vector
    norms: Vector
    dtype: type[np.floating]

    @classmethod
    def of(cls, x: Features, mean: Vector, k: int) -> "Cloud":
        norms = np.concatenate([((x[s] - mean) ** 2).sum(axis=1) for s in slices(len(x))])
        # the far end of the float32 range squares to infinity
        if norms.max() > 1e30 or norms.max() < 1e-30:
            return cls(x, mean, norms, np.float64)
        probe = cls(x, mean, norms, np.float64)
        chosen = np.unique(np.linspace(0, len(x) - 1, _PROBE_ROWS).astype(int))
        squared = np.concatenate([probe.squared(chosen, probe, columns) for columns in slices(len(x))], axis=1)
        typical = float(np.median(np.partition(squared, k, axis=1)[:, k]))
        error = _rounding(np.float32, x.shape[1]) * 2 * float(np.median(norms))
        return cls(x, mean, norms, np.float32 if error <= _COARSE * typical else np.float64)

    def part(self, rows: Index) -> "Cloud":
        """These rows alone."""
        return Cloud(self.x[rows], self.mean, self.norms[rows], self.dtype)

    def squared(self, rows: slice | Index, other: "Cloud", columns: slice) -> NDArray[np.floating]:
        """Squared distances of `rows` to `columns` of the other set, in the working type, within `slack` of the
        truth."""
        dtype = np.float64 if np.float64 in (self.dtype, other.dtype) else np.float32
        left = (self.x[rows] - self.mean).astype(dtype)
        right = (other.x[columns] - other.mean).astype(dtype)
        # one product gives |a|² + |b|² - 2 a'b: two extra columns cost less than two passes over the tile
        a, b = self.norms[rows].astype(dtype), other.norms[columns].astype(dtype)
        return np.asarray(
            np.column_stack([-2 * left, a, np.ones_like(a)]) @ np.column_stack([right, np.ones_like(b), b]).T
        )

    def slack(self, rows: slice, other: "Cloud", columns: slice) -> Vector:
        """What `squared` may be off by, shape (rows, 1)."""
        dtype = np.float64 if np.float64 in (self.dtype, other.dtype) else np.float32
        return np.asarray(_rounding(dtype, self.x.shape[1]) * (self.norms[rows, None] + other.norms[columns].max()))

    def radii(self, k: int) -> Vector:
        """Distance of every row to its k-th nearest other row, shape (n,)."""
        kept, of = distinct(self.x, self.norms, copies=k + 1)
        if len(kept) == len(self.x):
            return np.concatenate([self._radii(rows, k) for rows in slices(len(self.x))])
        return self.part(kept).radii(k)[of]

    def _radii(self, rows: slice, k: int) -> Vector:
        near, count = [], 0
        bound: Vector | None = None
        slack = self.slack(rows, self, slice(None))
        for columns in slices(len(self.x)):
            squared = self.squared(rows, self, columns)
            own = np.arange(max(rows.start, columns.start), min(rows.stop, columns.stop))
            squared[own - rows.start, own - columns.start] = np.inf
            if bound is None:
                # the k-th nearest of some rows is no nearer than the k-th nearest of all
                some = squared[:, : max(_FIRST, 4 * k, len(self.x) // 20)]
                reach = np.partition(some, k - 1, axis=1)[:, k - 1 : k] if some.shape[1] > k else np.inf
                bound = np.broadcast_to(reach + 2 * slack, slack.shape)
            i, j = where(squared <= bound.astype(squared.dtype) * (1 + 2 * np.finfo(squared.dtype).eps))
            finite = np.isfinite(squared[i, j])
            i, j = i[finite], j[finite]
            near.append((i, j + columns.start, squared[i, j].astype(np.float64)))
            count += len(i)
            if count > _MAX_CANDIDATES and rows.stop - rows.start > 1:
                # masses of equal distances: fewer rows at a time keep the memory bounded
                middle = (rows.start + rows.stop) // 2
                halves = (slice(rows.start, middle), slice(middle, rows.stop))
                return np.concatenate([self._radii(half, k) for half in halves])
        i, j, value = (np.concatenate(part) for part in zip(*near, strict=True))
        order = np.lexsort((value, i))
        i, j, value = i[order], j[order], value[order]
        first = np.searchsorted(i, np.arange(rows.stop - rows.start))
        kth = value[first + k - 1]
        margin = 2 * slack[:, 0]
        surely_nearer = value < (kth - margin)[i]
        open_ = ~surely_nearer & (value <= (kth + margin)[i])
        rank = k - 1 - np.bincount(i[surely_nearer], minlength=len(kth))
        i, j = i[open_], j[open_]
        exact = distances(self.x, i + rows.start, self.x, j)
        order = np.lexsort((exact, i))
        return np.asarray(exact[order][np.searchsorted(i, np.arange(len(kth))) + rank])


def distinct(x: Features, norms: Vector, *, copies: int) -> tuple[Index, Index]:
    """Rows of `x` (n, d) with at most so many `copies` of each, and for every row of `x` the place of an equal one.

    A collapsed generator repeats one image thousands of times. No row has more than k copies of another among its k
    nearest, so k + 1 copies of each give the radii of all, without n² equal distances.
    """
    if len(np.unique(norms)) == len(norms):  # equal rows have equal norms
        everything = np.arange(len(x))
        return everything, everything
    _, of, counts = np.unique(x, axis=0, return_inverse=True, return_counts=True)
    order = np.argsort(of, kind="stable")
    rank = np.empty(len(x), dtype=np.intp)
    rank[order] = np.arange(len(x)) - np.repeat(np.cumsum(counts) - counts, counts)
    kept = np.flatnonzero(rank < copies)
    first = np.empty(len(counts), dtype=np.intp)
    first[of[kept[::-1]]] = np.arange(len(kept))[::-1]
    return kept, first[of]


def nearest(a: Cloud, b: Cloud, *, itself: Index | None = None) -> tuple[Index, Vector]:
    """For every row of `a` its nearest row of `b` (the first of several) and their distance, both (n,).

    Where `a` is a part of `b`, `itself` (n,) names each row's own place in `b`, which does not count.
    """
    parts = [_nearest(a, rows, b, itself) for rows in slices(len(a.x))]
    return np.concatenate([at for at, _ in parts]), np.concatenate([distance for _, distance in parts])


def _nearest(a: Cloud, rows: slice, b: Cloud, itself: Index | None) -> tuple[Index, Vector]:
    near: list[tuple[Index, Index, Vector]] = []
    count = 0
    slack = a.slack(rows, b, slice(None))
    best = np.full(slack.shape, np.inf)
    for columns in slices(len(b.x)):
        squared = a.squared(rows, b, columns)
        if itself is not None:
            own = itself[rows]
            here = np.flatnonzero((own >= columns.start) & (own < columns.stop))
            squared[here, own[here] - columns.start] = np.inf
        best = np.minimum(best, squared.min(axis=1, keepdims=True))
        i, j = where(squared <= _above(best + 2 * slack, squared.dtype))
        value = squared[i, j].astype(np.float64)
        near.append((i[np.isfinite(value)], j[np.isfinite(value)] + columns.start, value[np.isfinite(value)]))
        count += len(i)
        if count > _MAX_CANDIDATES and rows.stop - rows.start > 1:
            # masses of equal distances: fewer rows at a time keep the memory bounded
            middle = (rows.start + rows.stop) // 2
            halves = [_nearest(a, half, b, itself) for half in (slice(rows.start, middle), slice(middle, rows.stop))]
            return np.concatenate([at for at, _ in halves]), np.concatenate([distance for _, distance in halves])
    i, j, value = (np.concatenate(part) for part in zip(*near, strict=True))
    possible = value <= (best + 2 * slack)[i, 0]
    i, j = i[possible], j[possible]
    exact = distances(a.x, i + rows.start, b.x, j)
    order = np.lexsort((j, exact, i))
    first = order[np.searchsorted(i[order], np.arange(rows.stop - rows.start))]
    return j[first], exact[first]


def _above(limit: Vector, dtype: np.dtype[np.floating]) -> NDArray[np.floating]:
    """`limit` in `dtype`, never rounded down."""
    return np.nextafter(limit.astype(dtype), dtype.type(np.inf))


def distances(x: Features, i: Index, y: Features, j: Index) -> Vector:
    """Euclidean distances between rows i of `x` and rows j of `y`, pair by pair, from float64 differences.

    Symmetric to the last bit and independent of what else is asked for, so that equal pairs compare as equal.
    """
    out = np.empty(len(i))
    step = max(1, CHUNK_VALUES // x.shape[1])
    for s in range(0, len(i), step):
        difference = x[i[s : s + step]].astype(np.float64) - y[j[s : s + step]]
        difference *= difference
        out[s : s + step] = difference.sum(axis=1)
    return np.sqrt(out)


def where(chosen: NDArray[np.bool_]) -> tuple[Index, Index]:
    """Rows and columns of the true entries; several times faster than numpy.nonzero where they are few."""
    flat = np.flatnonzero(chosen)
    return np.divmod(flat, chosen.shape[1])


def tiles(a: Cloud, b: Cloud) -> Iterator[tuple[slice, slice, NDArray[np.floating]]]:
    """Rows of `a`, rows of `b` and their squared distances, until all pairs were there."""
    for rows in slices(len(a.x)):
        for columns in slices(len(b.x)):
            yield rows, columns, a.squared(rows, b, columns)


def _rounding(dtype: type[np.floating], d: int) -> float:
    """Error of a squared distance from a product of length d + 2, as a share of |a|² + |b|².

    Rounding errors add up like a random walk (Higham & Mary 2019, SIAM J. Sci. Comput. 41, theorem 2.4): sqrt(d) with
    a factor of 4, never more than the worst case d; 8 more for the norms, the centring and the sums.
    """
    return float(np.finfo(dtype).eps) * (min(d, 4 * math.sqrt(d)) + 8)


def slices(n: int) -> list[slice]:
    """0..n-1 in parts that bound the memory of a tile."""
    return [slice(i, min(i + _TILE, n)) for i in range(0, n, _TILE)]
