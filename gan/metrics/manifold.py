"""Precision, recall, density and coverage: do generated images lie among the real ones, and are all real ones met?

Every set's manifold is a union of balls, one per image, whose radius is the distance to the image's k-th nearest
neighbour in its own set (itself excluded; a duplicate counts as a neighbour at distance 0).

    precision = share of fake images inside at least one real ball              Kynkäänniemi et al. 2019, equations 1-2
    recall    = share of real images inside at least one fake ball              the same, roles exchanged
    density   = real balls around a fake image, mean over fake images, over k   Naeem et al. 2020, equation 5
    coverage  = share of real balls that hold at least one fake image           Naeem et al. 2020, equation 6

Inside means strictly nearer than the radius (Naeem et al.'s code); `closed=True` counts the boundary too
(Kynkäänniemi et al., equation 2). It matters where rows are duplicated, or lie on a grid.

**Bias.** Radii shrink as n grows, so values compare at equal n only. For two samples of one source density is near 1
and coverage near 1 - (1/2)^k or above; precision and recall depend on the dimension. One far outlier among the real
images inflates precision, not density.

**How.** Distances come from matrix products in float32 of centred rows, a tile at a time. Their rounding error is
bounded, and each comparison that falls within the bound is decided by the distance in float64 from the differences
themselves: the counts are those of exact float64 distances, at float32 speed, with memory independent of n².
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gan.errors import UsageError
from gan.metrics.inputs import CHUNK_VALUES, Features, centre, same_width

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
class Manifold:
    """The four figures, for one k."""

    precision: float
    recall: float
    density: float
    coverage: float


def manifold(real: Features, fake: Features, *, k: int = 5, closed: bool = False) -> Manifold:
    """Precision, recall, density and coverage of `fake` (m, d) against `real` (n, d), in one pass.

    Raises `UsageError` for different d, k < 1, or k not below both n and m.
    """
    same_width(real, fake)
    for side, x in (("real", real), ("fake", fake)):
        if not 1 <= k < len(x):
            raise UsageError(
                f"k = {k} neighbours need more than {k} {side} images, got {len(x)}; choose k from 1 to {len(x) - 1}."
                if k >= 1 and len(x) > 1
                else f"k must be at least 1 and below the number of {side} images, got k = {k} and {len(x)} images."
            )
    mean = centre(real)
    r, f = _Cloud.of(real, mean, k), _Cloud.of(fake, mean, k)
    radius_r, radius_f = r.radii(k), f.radii(k)

    balls_around = np.zeros(len(fake))
    recalled = np.zeros(len(real), dtype=bool)
    covered = np.zeros(len(real), dtype=bool)
    for rows, columns, squared in _tiles(r, f):
        i, j = _inside(squared, r, rows, f, columns, radius_r[rows, None], closed)
        covered[i] = True
        balls_around[columns] += np.bincount(j - columns.start, minlength=columns.stop - columns.start)
        i, _ = _inside(squared, r, rows, f, columns, radius_f[None, columns], closed)
        recalled[i] = True
    return Manifold(
        precision=float((balls_around > 0).mean()),
        recall=float(recalled.mean()),
        density=float(balls_around.mean() / k),
        coverage=float(covered.mean()),
    )


@dataclass(frozen=True)
class _Cloud:
    """A set with what its distances need: `x` (n, d), the common `mean`, squared norms around it, and the working
    type."""

    x: Features
    mean: Vector
    norms: Vector
    dtype: type[np.floating]

    @classmethod
    def of(cls, x: Features, mean: Vector, k: int) -> "_Cloud":
        norms = np.concatenate([((x[s] - mean) ** 2).sum(axis=1) for s in _slices(len(x))])
        # the far end of the float32 range squares to infinity
        if norms.max() > 1e30 or norms.max() < 1e-30:
            return cls(x, mean, norms, np.float64)
        probe = cls(x, mean, norms, np.float64)
        chosen = np.unique(np.linspace(0, len(x) - 1, _PROBE_ROWS).astype(int))
        squared = np.concatenate([probe.squared(chosen, probe, columns) for columns in _slices(len(x))], axis=1)
        typical = float(np.median(np.partition(squared, k, axis=1)[:, k]))
        error = _rounding(np.float32, x.shape[1]) * 2 * float(np.median(norms))
        return cls(x, mean, norms, np.float32 if error <= _COARSE * typical else np.float64)

    def squared(self, rows: slice | Index, other: "_Cloud", columns: slice) -> NDArray[np.floating]:
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

    def slack(self, rows: slice, other: "_Cloud", columns: slice) -> Vector:
        """What `squared` may be off by, shape (rows, 1)."""
        dtype = np.float64 if np.float64 in (self.dtype, other.dtype) else np.float32
        return np.asarray(_rounding(dtype, self.x.shape[1]) * (self.norms[rows, None] + other.norms[columns].max()))

    def radii(self, k: int) -> Vector:
        """Distance of every row to its k-th nearest other row, shape (n,)."""
        return np.concatenate([self._radii(rows, k) for rows in _slices(len(self.x))])

    def _radii(self, rows: slice, k: int) -> Vector:
        near, count = [], 0
        bound: Vector | None = None
        slack = self.slack(rows, self, slice(None))
        for columns in _slices(len(self.x)):
            squared = self.squared(rows, self, columns)
            own = np.arange(max(rows.start, columns.start), min(rows.stop, columns.stop))
            squared[own - rows.start, own - columns.start] = np.inf
            if bound is None:
                # the k-th nearest of some rows is no nearer than the k-th nearest of all
                some = squared[:, : max(_FIRST, 4 * k, len(self.x) // 20)]
                reach = np.partition(some, k - 1, axis=1)[:, k - 1 : k] if some.shape[1] > k else np.inf
                bound = np.broadcast_to(reach + 2 * slack, slack.shape)
            i, j = _where(squared <= bound.astype(squared.dtype) * (1 + 2 * np.finfo(squared.dtype).eps))
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


def _inside(
    squared: NDArray[np.floating], a: _Cloud, rows: slice, b: _Cloud, columns: slice, radius: Vector, closed: bool
) -> tuple[Index, Index]:
    """Pairs (row, column) of the whole sets whose distance is below `radius`, which broadcasts over the tile."""
    # the error bound in the shape of the radii, so that no second tile is made
    by_row = radius.shape[1] == 1
    slack = a.slack(rows, b, columns) if by_row else b.slack(columns, a, rows).T
    # nothing is strictly nearer than 0: duplicates need no second look
    reach = np.where((radius > 0) | closed, radius**2 + slack, -np.inf).astype(squared.dtype)
    i, j = _where(squared <= reach)
    chosen = i if by_row else j
    limit = radius.ravel()[chosen]
    sure = squared[i, j] < limit**2 - slack.ravel()[chosen]
    doubtful = np.flatnonzero(~sure)
    exact = distances(a.x, i[doubtful] + rows.start, b.x, j[doubtful] + columns.start)
    keep = sure
    keep[doubtful] = exact <= limit[doubtful] if closed else exact < limit[doubtful]
    return i[keep] + rows.start, j[keep] + columns.start


def _where(chosen: NDArray[np.bool_]) -> tuple[Index, Index]:
    """Rows and columns of the true entries; several times faster than numpy.nonzero where they are few."""
    flat = np.flatnonzero(chosen)
    return np.divmod(flat, chosen.shape[1])


def _tiles(a: _Cloud, b: _Cloud) -> Iterator[tuple[slice, slice, NDArray[np.floating]]]:
    for rows in _slices(len(a.x)):
        for columns in _slices(len(b.x)):
            yield rows, columns, a.squared(rows, b, columns)


def _rounding(dtype: type[np.floating], d: int) -> float:
    """Error of a squared distance from a product of length d + 2, as a share of |a|² + |b|².

    Rounding errors add up like a random walk (Higham & Mary 2019, SIAM J. Sci. Comput. 41, theorem 2.4): sqrt(d) with
    a factor of 4, never more than the worst case d; 8 more for the norms, the centring and the sums.
    """
    return float(np.finfo(dtype).eps) * (min(d, 4 * math.sqrt(d)) + 8)


def _slices(n: int) -> list[slice]:
    return [slice(i, min(i + _TILE, n)) for i in range(0, n, _TILE)]
