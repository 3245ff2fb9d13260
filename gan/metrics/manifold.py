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
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gan.errors import UsageError
from gan.metrics.inputs import Features, centre, same_width
from gan.metrics.neighbours import Cloud, Index, Vector, distances, tiles, where


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
    r, f = Cloud.of(real, mean, k), Cloud.of(fake, mean, k)
    radius_r, radius_f = r.radii(k), f.radii(k)

    balls_around = np.zeros(len(fake))
    recalled = np.zeros(len(real), dtype=bool)
    covered = np.zeros(len(real), dtype=bool)
    for rows, columns, squared in tiles(r, f):
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


def _inside(
    squared: NDArray[np.floating], a: Cloud, rows: slice, b: Cloud, columns: slice, radius: Vector, closed: bool
) -> tuple[Index, Index]:
    """Pairs (row, column) of the whole sets whose distance is below `radius`, which broadcasts over the tile."""
    # the error bound in the shape of the radii, so that no second tile is made
    by_row = radius.shape[1] == 1
    slack = a.slack(rows, b, columns) if by_row else b.slack(columns, a, rows).T
    # nothing is strictly nearer than 0: duplicates need no second look
    reach = np.where((radius > 0) | closed, radius**2 + slack, -np.inf).astype(squared.dtype)
    i, j = where(squared <= reach)
    chosen = i if by_row else j
    limit = radius.ravel()[chosen]
    sure = squared[i, j] < limit**2 - slack.ravel()[chosen]
    doubtful = np.flatnonzero(~sure)
    exact = distances(a.x, i[doubtful] + rows.start, b.x, j[doubtful] + columns.start)
    keep = sure
    keep[doubtful] = exact <= limit[doubtful] if closed else exact < limit[doubtful]
    return i[keep] + rows.start, j[keep] + columns.start
