"""Kernel distance between two feature sets (KID).

Bińkowski et al. 2018, "Demystifying MMD GANs", section 4, with the unbiased estimator of Gretton et al. 2012,
equation 3:

    KID = sum_{i≠j} k(x_i, x_j) / (n (n-1)) + sum_{i≠j} k(y_i, y_j) / (m (m-1)) - 2 sum_{i,j} k(x_i, y_j) / (n m)
    k(x, y) = (gamma x'y + coef0)^degree,   gamma = 1/d, coef0 = 1, degree = 3

**Bias.** None, at any n >= 2: so it can be negative, and its expectation for two samples of one source is 0.

**Rounding.** Whatever depends on x alone or y alone cancels in KID. With m the mean of all rows, a = x - m, b = y - m
and K = coef0 + gamma |m|², the kernel is (s + K)^degree with s = gamma (a'b + a'm + b'm). Its powers of s are summed
instead of the kernel, the constant is dropped, and the linear term shrinks to gamma a'b: a large common offset then
costs few digits.
"""

from dataclasses import dataclass
from functools import cached_property
from math import comb

import numpy as np
from numpy.typing import NDArray

from gan.errors import UsageError
from gan.metrics.inputs import Features, centre, same_width

_TILE = 1024
"""Rows and columns of the kernel held at a time (8 MB in float64)."""

_LARGE = 5e10
"""(n + m)² d from which the products are taken in float32: half the time. So many rounding errors average out: measured
on sets of this size they change KID by less than 1e-7 of its value and of its standard error."""

_LARGE_SUBSET = 1e8
"""size² d from which a subset's products are taken in float32: measured on 1,000 rows of 128 and of 2,048, it changes
the subset's KID by 1e-8 to 1e-7 of itself, and by less than a millionth of the spread between subsets."""

_FAR = 1e4
"""|K| up to which that was measured; features further from the origin keep float64."""

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Kid:
    """KID and its standard error (exact delete-one jackknife over both sets; NaN below three images a side)."""

    value: float
    standard_error: float


def kid(real: Features, fake: Features, *, degree: int = 3, gamma: float | None = None, coef0: float = 1.0) -> Kid:
    """KID over the full sets, `real` (n, d) and `fake` (m, d); no sampling. Time grows with (n + m)², memory does not.

    Raises `UsageError` for different d, fewer than two images, a degree below 1 or values that overflow.
    """
    same_width(real, fake)
    for side, x in (("real", real), ("fake", fake)):
        if len(x) < 2:
            raise UsageError(f"KID needs at least 2 {side} images, got {len(x)}.")
    if degree < 1:
        raise UsageError(f"KID's kernel needs a degree of at least 1, got {degree}.")
    gamma = 1 / real.shape[1] if gamma is None else gamma
    n, m = len(real), len(fake)
    mean_r, mean_f = centre(real), centre(fake)
    mean = (n * mean_r + m * mean_f) / (n + m)
    offset = coef0 + gamma * float(mean @ mean)
    large = (n + m) ** 2 * real.shape[1] > _LARGE and abs(offset) <= _FAR
    kernel = _Kernel(mean, gamma, offset, degree, np.float32 if large else np.float64)

    xx = kernel.row_sums_within(real)
    yy = kernel.row_sums_within(fake)
    xy, yx = kernel.row_sums_between(real, fake)
    value = xx.sum() / (n * (n - 1)) + yy.sum() / (m * (m - 1)) - 2 * xy.sum() / (n * m)
    if not np.isfinite(value):
        raise UsageError("KID overflows: the features are too large for the kernel; scale both sets down or set gamma.")
    return Kid(float(value), float(np.sqrt(_jackknife_variance(xx, xy, m) + _jackknife_variance(yy, yx, n))))


def kid_subsets(
    real: Features,
    fake: Features,
    *,
    subsets: int,
    size: int,
    seed: int,
    degree: int = 3,
    gamma: float | None = None,
    coef0: float = 1.0,
) -> Kid:
    """Mean KID over `subsets` random pairs of subsets of `size` images, drawn without replacement within a subset.

    The draws are those of torch-fidelity for the same seed and the real set first (numpy's legacy generator, whose
    stream is frozen). The standard error is that of the mean over these draws alone. Raises `UsageError` where a set
    is smaller than `size`.
    """
    if subsets < 1:
        raise UsageError(f"KID needs at least 1 subset, got {subsets}.")
    if not 2 <= size <= min(len(real), len(fake)):
        raise UsageError(
            f"KID subsets of {size} images do not fit sets of {len(real)} and {len(fake)}; "
            f"choose a size from 2 to {min(len(real), len(fake))}."
        )
    draw = np.random.RandomState(seed)
    gamma = 1 / real.shape[1] if gamma is None else gamma
    mean = (centre(real[:size]) + centre(fake[:size])) / 2  # any point near both sets serves
    offset = coef0 + gamma * float(mean @ mean)
    fast = size**2 * real.shape[1] > _LARGE_SUBSET and abs(offset) <= _FAR
    kernel = _Kernel(mean, gamma, offset, degree, np.float32 if fast else np.float64)
    all_real, all_fake = kernel.prepare(real), kernel.prepare(fake)
    values = []
    for _ in range(subsets):
        x = all_real.rows(draw.choice(len(real), size, replace=False))
        y = all_fake.rows(draw.choice(len(fake), size, replace=False))
        within = kernel.sum_within(x) + kernel.sum_within(y)
        values.append(within / (size * (size - 1)) - 2 * kernel.sum_between(x, y) / size**2)
    if not np.isfinite(values).all():
        raise UsageError("KID overflows: the features are too large for the kernel; scale both sets down or set gamma.")
    error = np.std(values, ddof=1) / np.sqrt(subsets) if subsets > 1 else np.nan
    return Kid(float(np.mean(values)), float(error))


def _jackknife_variance(within: Vector, between: Vector, others: int) -> float:
    """Variance of KID from leaving out each image of one set: closed form in the kernel's row sums."""
    n = len(within)
    if n < 3:
        return float("nan")
    left_out = (within.sum() - 2 * within) / ((n - 1) * (n - 2)) - 2 * (between.sum() - between) / ((n - 1) * others)
    return float((n - 1) / n * ((left_out - left_out.mean()) ** 2).sum())


@dataclass(frozen=True)
class _Kernel:
    """The polynomial kernel around `mean` (d,), less the terms that cancel in KID; `offset` is K above."""

    mean: Vector
    gamma: float
    offset: float
    degree: int
    dtype: type[np.floating]

    def row_sums_within(self, x: Features) -> Vector:
        """For each row, the sum of the kernel with every *other* row, shape (n,)."""
        sums = np.zeros(len(x))
        for rows in _slices(len(x)):
            left, _ = self._sides(x[rows])
            for columns in _slices(len(x), rows.start):
                _, right = self._sides(x[columns])
                tile = left @ right.T
                if rows == columns:
                    np.fill_diagonal(tile, 0)
                    sums[rows] += self._power_sums(tile)[0]
                else:
                    along, across = self._power_sums(tile)
                    sums[rows] += along
                    sums[columns] += across
        total = np.zeros(x.shape[1])
        for rows in _slices(len(x)):
            total += (x[rows] - self.mean).sum(axis=0)
        for rows in _slices(len(x)):
            a = x[rows] - self.mean
            sums[rows] += self._linear * (a @ total - (a**2).sum(axis=1))
        return sums

    def row_sums_between(self, x: Features, y: Features) -> tuple[Vector, Vector]:
        """For each row of `x` the sum over `y`, and for each row of `y` the sum over `x`."""
        of_x, of_y = np.zeros(len(x)), np.zeros(len(y))
        total_x, total_y = np.zeros(x.shape[1]), np.zeros(y.shape[1])
        for rows in _slices(len(x)):
            left, _ = self._sides(x[rows])
            for columns in _slices(len(y)):
                _, right = self._sides(y[columns])
                along, across = self._power_sums(left @ right.T)
                of_x[rows] += along
                of_y[columns] += across
            total_x += (x[rows] - self.mean).sum(axis=0)
        for columns in _slices(len(y)):
            total_y += (y[columns] - self.mean).sum(axis=0)
        for sums, z, total in ((of_x, x, total_y), (of_y, y, total_x)):
            for rows in _slices(len(z)):
                sums[rows] += self._linear * ((z[rows] - self.mean) @ total)
        return of_x, of_y

    def prepare(self, x: Features) -> "_Rows":
        """What `sum_within` and `sum_between` need of each row of `x`, computed once for all subsets."""
        rows = _Rows(np.empty(x.shape, self.dtype), np.empty(len(x)), np.empty(len(x)))
        for part in _slices(len(x)):
            a = x[part] - self.mean
            rows.a[part] = a
            rows.alone[part] = self.gamma * (a @ self.mean)
            rows.squares[part] = np.einsum("ij,ij->i", a, a)
        return rows

    def sum_between(self, x: "_Rows", y: "_Rows") -> float:
        """The sum over all pairs of a row of `x` and a row of `y`, multiplied at once."""
        linear = self._linear * float(x.total @ y.total)
        return linear + self._power_total(self._s(x.a @ y.a.T, x, y))

    def sum_within(self, x: "_Rows") -> float:
        """The sum over all pairs of different rows of `x`, multiplied at once (numpy does half the work for x x')."""
        linear = self._linear * float(x.total @ x.total - x.squares.sum())
        own = self.gamma * x.squares + 2 * x.alone
        return linear + self._power_total(self._s(x.a @ x.a.T, x, x)) - self._power_total(own[:, None])

    def _s(self, products: Features, x: "_Rows", y: "_Rows") -> Features:
        """s of every pair from a'b, in place."""
        products *= products.dtype.type(self.gamma)
        products += x.alone.astype(products.dtype)[:, None]
        products += y.alone.astype(products.dtype)
        return products

    def _power_total(self, s: Features) -> float:
        """The sum over all of `s` of sum_{r>=2} C(degree, r) K^(degree-r) s^r; the rows' sums are added in float64."""
        total, power = 0.0, s
        for r in range(2, self.degree + 1):
            weight = comb(self.degree, r) * self.offset ** (self.degree - r)
            rows = np.einsum("ij,ij->i", power, s)  # a dot product needs no pass for the last power
            total += weight * float(rows.sum(dtype=np.float64))
            power = power * s if r < self.degree else power
        return total

    @property
    def _linear(self) -> float:
        return self.degree * self.offset ** (self.degree - 1) * self.gamma

    def _sides(self, block: Features) -> tuple[Features, Features]:
        """Factors whose product is s: (gamma a, u, 1) and (b, 1, v), with u and v the terms of one row alone."""
        a = block - self.mean
        alone = self.gamma * (a @ self.mean)
        one = np.ones(len(a))
        left, right = np.column_stack([self.gamma * a, alone, one]), np.column_stack([a, one, alone])
        return left.astype(self.dtype, copy=False), right.astype(self.dtype, copy=False)

    def _power_sums(self, s: Features) -> tuple[Vector, Vector]:
        """Sums along rows and along columns of sum_{r>=2} C(degree, r) K^(degree-r) s^r."""
        along, across = np.zeros(s.shape[0]), np.zeros(s.shape[1])
        ones_along, ones_across = np.ones(s.shape[1], s.dtype), np.ones(s.shape[0], s.dtype)
        power = s.copy()
        for r in range(2, self.degree + 1):
            power *= s
            weight = comb(self.degree, r) * self.offset ** (self.degree - r)
            along += weight * (power @ ones_along)
            across += weight * (ones_across @ power)
        return along, across


@dataclass(frozen=True)
class _Rows:
    """Rows of one set around the kernel's mean: `a` (n, d) in the kernel's type, their own terms in float64 (n,)."""

    a: Features
    alone: Vector
    squares: Vector

    def rows(self, chosen: NDArray[np.intp]) -> "_Rows":
        return _Rows(self.a[chosen], self.alone[chosen], self.squares[chosen])

    @cached_property
    def total(self) -> Vector:
        """The sum of the rows (d,)."""
        return np.asarray(self.a.sum(axis=0, dtype=np.float64))


def _slices(n: int, start: int = 0) -> list[slice]:
    return [slice(i, min(i + _TILE, n)) for i in range(start, n, _TILE)]
