"""The estimators of data claims, each with its error: straight lines, differences of means and shares, rank order.

Arrays are one-dimensional float64 without gaps. Nothing here knows what the numbers are.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


class Estimated(NamedTuple):
    """A value with its standard error; `df` None stands for the normal law."""

    value: float
    se: float
    df: float | None


def slope(x: Array, y: Array) -> Estimated | None:
    """Slope of the least-squares line of `y` on `x`, for points that do not follow one another in time.

    HC3 standard error, which assumes no equal spread around the line (MacKinnon & White 1985, J. Econometrics 29:305):
    with leverage h and residual e, var = sum of (x - mean)^2 (e / (1 - h))^2 over (sum of (x - mean)^2)^2. df = n - 2.
    None for fewer than three points, for one x, or where a single point alone fixes the line (leverage 1).
    """
    n = len(x)
    if n < 3 or np.ptp(x) == 0:
        return None
    off = x - x.mean()
    sxx = float((off**2).sum())
    b = float((off * y).sum()) / sxx
    residual = y - y.mean() - b * off
    leverage = 1 / n + off**2 / sxx
    if (leverage > 1 - 1e-12).any():
        return None
    se = float(np.sqrt(((off * residual / (1 - leverage)) ** 2).sum())) / sxx
    return Estimated(b, se, float(n - 2))


def serial_slope(x: Array, y: Array) -> Estimated | None:
    """Slope of the least-squares line through a time series, `x` ascending.

    Neighbouring readings resemble each other, so n of them say less than n. With r the lag-1 autocorrelation of the
    residuals, not below 0, they count as n (1 - r) / (1 + r), in the error and in df (Santer et al. 2000, J. Geophys.
    Res. 105:7337, equations 4 to 6). None where fewer than three readings' worth remain.
    """
    n = len(x)
    if n < 3 or np.ptp(x) == 0:
        return None
    off = x - x.mean()
    sxx = float((off**2).sum())
    b = float((off * y).sum()) / sxx
    residual = y - y.mean() - b * off
    sse = float((residual**2).sum())
    r = float((residual[1:] * residual[:-1]).sum()) / sse if sse > 0 else 0.0
    r = min(max(r, 0.0), 1.0)
    worth = n * (1 - r) / (1 + r)
    if worth < 3:
        return None
    return Estimated(b, float(np.sqrt(sse / (worth - 2) / sxx)), worth - 2)


def mean_difference(a: Array, b: Array) -> Estimated | None:
    """Mean of `b` less that of `a`, spreads unequal (Welch 1947, Biometrika 34:28); None for fewer than two of one."""
    if len(a) < 2 or len(b) < 2:
        return None
    parts = [float(v.var(ddof=1)) / len(v) for v in (a, b)]
    se = float(np.sqrt(sum(parts)))
    df = sum(parts) ** 2 / sum(p**2 / (len(v) - 1) for p, v in zip(parts, (a, b), strict=True)) if se > 0 else None
    return Estimated(float(b.mean() - a.mean()), se, df)


def share_difference(a: tuple[int, int], b: tuple[int, int]) -> Estimated:
    """Share of `b` less share of `a`, each (successes, trials), independent of each other.

    The standard error adds a success and a failure to either (Agresti & Caffo 2000, The American Statistician 54:280),
    so that it holds for small counts and is never nought.
    """
    smoothed = [((k + 1) / (n + 2), n + 2) for k, n in (a, b)]
    se = sum(p * (1 - p) / n for p, n in smoothed) ** 0.5
    return Estimated(b[0] / b[1] - a[0] / a[1], se, None)


def rank_correlation(a: Array, b: Array) -> float:
    """Spearman's coefficient; equal values share their mean rank. NaN where either has one value only."""
    ra, rb = _ranks(a), _ranks(b)
    if np.ptp(ra) == 0 or np.ptp(rb) == 0:
        return float("nan")
    return float(np.corrcoef(ra, rb)[0, 1])


def _ranks(values: Array) -> Array:
    """Rank from 1, the mean rank where values are equal."""
    below = (values[:, None] > values[None, :]).sum(axis=1)
    equal = (values[:, None] == values[None, :]).sum(axis=1)
    ranked: Array = (below + (equal + 1) / 2).astype(np.float64)
    return ranked
