"""Fréchet distance between two feature sets (FID).

Heusel et al. 2017, "GANs Trained by a Two Time-Scale Update Rule", equation 6, after Dowson & Landau 1982:

    FID = |mu_r - mu_f|² + tr(S_r) + tr(S_f) - 2 tr((S_r S_f)^(1/2))

with means `mu` and covariances `S` (divided by n - 1). Nothing is added to the covariances. The trace of the square
root is never taken from a matrix square root, which turns complex or loses digits where a covariance is singular:
with factors S_r = A'A and S_f = B'B it is the nuclear norm of A B', a sum of singular values, which exists for any
rank.

**Bias.** The expectation of FID falls as n grows: a finite sample looks further away than it is, by roughly d/n times
the size of the covariance. Compare only values at the same n, with the floor of real against real at that n beside
them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import blas, eigvalsh, lapack

from gan.errors import UsageError
from gan.metrics.inputs import Features, centre, centred_blocks, same_width

Matrix = NDArray[np.float64]

_FAST_TOLERANCE = 1e-9
"""Largest relative error of FID for which the eigenvalue route is taken; beyond it, the slower singular values."""


@dataclass(frozen=True)
class Moments:
    """What FID needs of one set: `mean` (d,), `scatter` (d, d) = sum of centred outer products, and `n`.

    `scatter` is symmetric: its lower triangle is filled, the rest is zero.
    """

    mean: Matrix
    scatter: Matrix
    n: int


def moments(x: Features) -> Moments:
    """Mean and scatter of `x` (n, d) in float64; centred before the products, block by block.

    dsyrk takes half of the products that a plain one takes, and adds them up in place.
    """
    mean = centre(x)
    scatter = np.zeros((x.shape[1], x.shape[1]), order="F")
    for block in centred_blocks(x, mean):
        scatter = blas.dsyrk(1.0, block.T, beta=1.0, c=scatter, lower=1, overwrite_c=1)
    return Moments(mean, scatter, len(x))


def fid(real: Features, fake: Features, *, ddof: int = 1, known: Moments | None = None) -> float:
    """FID between `real` (n, d) and `fake` (m, d); >= 0, in squared feature units.

    `ddof` is what the covariance's divisor leaves out of n (1: unbiased). `known` may hand in `moments(real)` where
    the same real set is compared many times. Agrees with scipy's float64 matrix square root to 1e-7 where that is
    accurate, and stays accurate where it is not (n <= d, constant or duplicated columns). Raises `UsageError` for
    different d, n <= ddof, or values so large that their squares overflow.
    """
    same_width(real, fake)
    for side, x in (("real", real), ("fake", fake)):
        if len(x) <= max(ddof, 0):
            raise UsageError(f"FID needs more than {ddof} {side} image(s), got {len(x)}.")
    if min(len(real), len(fake)) <= real.shape[1]:
        value = _by_factors(real, fake, ddof)
    else:
        r, f = known or moments(real), moments(fake)
        fast = _by_eigenvalues(r, f, ddof)
        value = _by_factors(real, fake, ddof) if fast is None else fast
    if not np.isfinite(value):
        raise UsageError("FID overflows: the features are too large for their squares; scale both sets down.")
    return max(value, 0.0)


def _by_eigenvalues(real: Moments, fake: Moments, ddof: int) -> float | None:
    """FID by the eigenvalues of L' S_f L with S_r = L L'; None where rounding could show in the result.

    Each eigenvalue carries an absolute error near eps times the largest one, so that its root loses digits as it
    nears zero. The sum of those losses is known after the fact and decides.
    """
    # lower triangles throughout, each overwritten by the next: half the products and none of the copies
    s_real, s_fake = real.scatter / (real.n - ddof), fake.scatter / (fake.n - ddof)
    traces = np.trace(s_real) + np.trace(s_fake)
    if not np.isfinite(traces):  # overflown: nothing for LAPACK
        return None
    lower, failed = lapack.dpotrf(s_real, lower=1, overwrite_a=1)
    if failed:
        return None
    product, _ = lapack.dsygst(s_fake, lower, itype=2, lower=1, overwrite_a=1)
    eigenvalues = eigvalsh(product, lower=True, overwrite_a=True, check_finite=False)
    noise = 8 * np.finfo(np.float64).eps * np.sqrt(len(lower)) * eigenvalues[-1]
    if not eigenvalues[0] > noise:
        return None
    roots = np.sqrt(eigenvalues)
    distance = float(((real.mean - fake.mean) ** 2).sum() + traces - 2 * roots.sum())
    # 2 tr(sqrt) changes by noise / root for each eigenvalue
    return distance if float((noise / roots).sum()) <= _FAST_TOLERANCE * distance else None


def _by_factors(real: Features, fake: Features, ddof: int) -> float:
    """FID from triangular factors and singular values: accurate to rounding of the covariances' size, any rank."""
    mean_r, mean_f = centre(real), centre(fake)
    a, b = factor(real, mean_r, ddof), factor(fake, mean_f, ddof)
    nuclear = np.linalg.svd(a @ b.T, compute_uv=False).sum()
    return float(((mean_r - mean_f) ** 2).sum() + (a**2).sum() + (b**2).sum() - 2 * nuclear)


def factor(x: Features, mean: Matrix, ddof: int) -> Matrix:
    """A matrix F (min(n, d) rows at most, d columns) with F'F = covariance of `x`: QR decomposition block by block."""
    rows = np.empty((0, x.shape[1]))
    for block in centred_blocks(x, mean):
        rows = np.concatenate([rows, block])
        if len(rows) > x.shape[1]:
            rows = np.asarray(np.linalg.qr(rows, mode="r"))
    return np.asarray(rows / np.sqrt(len(x) - ddof))


def fid_standard_error(real: Features, fake: Features, *, ddof: int = 1) -> float:
    """Standard error of FID at these sample sizes, by the infinitesimal jackknife (Efron 1982, chapter 6).

    FID's derivative with respect to the weight of a real image x is, up to a constant,

        2 (mu_r - mu_f)'(x - mu_r) + |x - mu_r|² - (x - mu_r)' T (x - mu_r)

    where T carries the real Gaussian onto the fake one; the same with the roles exchanged for a fake image. The
    variance is that of these contributions, divided by n, added over both sets. It measures the spread of FID between
    repeated samples of the same sizes, around FID's expectation *at these sizes*; it says nothing about the bias.
    """
    mean_r, mean_f = centre(real), centre(fake)
    a, b = factor(real, mean_r, ddof), factor(fake, mean_f, ddof)
    left, sigma, right = np.linalg.svd(a @ b.T, full_matrices=False)
    keep = sigma > sigma[0] * max(a.shape + b.shape) * np.finfo(np.float64).eps if sigma[0] > 0 else sigma > 0
    scale = 1 / np.sqrt(sigma[keep])
    # (x - mu)' T (x - mu) = |(x - mu)' W|²: no inverse of a covariance is needed
    to_fake = b.T @ right[keep].T * scale
    to_real = a.T @ left[:, keep] * scale
    shift = mean_r - mean_f
    variance = 0.0
    for x, mean, sign, carry in ((real, mean_r, 1, to_fake), (fake, mean_f, -1, to_real)):
        influence = np.concatenate(
            [
                2 * sign * (block @ shift) + (block**2).sum(axis=1) - ((block @ carry) ** 2).sum(axis=1)
                for block in centred_blocks(x, mean)
            ]
        )
        variance += float(influence.var(ddof=1)) / len(x)
    return float(np.sqrt(variance))
