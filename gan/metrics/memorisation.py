"""Memorisation: how many generated images lie nearer to a training image than unseen real images do.

An image x, its nearest training image t, and t's own nearest other training image t' give the ratio

    r(x) = |x - t| / |t - t'|                     Alaa et al. 2022, "How Faithful is Your Synthetic Data?", section 4

0 is an exact copy. Dividing by t's own distance keeps dense regions from counting as copied: a generator that makes
only the commonest kind of image is not accused of learning it by heart. Alaa et al. call x unauthentic where r(x) < 1;
how many *unseen real* images that accuses depends on the features and on how many training images there are (often
half). So the limit is not 1 but measured, as in the three-sample test of Meehan et al. 2020 ("A Non-Parametric Test to
Detect Data-Copying in Generative Models"): the `quantile` (5 %) of r over real images that training never saw.

    memorisation = share of generated images with r(x) <= r_q        r_q: that quantile over the held-out images

Meehan et al.'s own statistic ranks all distances at once; the distances of poor images, which are large, then hide the
copies among them. A share of the lower tail does not: with a share s of copies, among images that are otherwise like
unseen real ones, it is s + (1 - s) q.

**Reading.** About q: nothing is nearer to the training images than chance brings real ones. 1: all is copied. It sees
copies only up to what the features see. Images that are smoother than real ones lie nearer to all of them, and raise
it without any copying: look at the nearest images before accusing a generator. Below q means images that lie far from
every real one; it is no merit.

**Bias.** The limit is an order statistic of the held-out images: the expected share of further unseen images at or
below it is floor(q n) / (n + 1), whatever the features.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from gan.errors import UsageError
from gan.metrics.inputs import Features, centre, same_width
from gan.metrics.neighbours import Cloud, Vector, nearest

QUANTILE = 0.05
"""Share of unseen real images that may count as copies: the figure of a generator that copies nothing."""

LEAST_TAIL = 5
"""Held-out images that have to lie below the limit: fewer, and chance alone places it."""

_QUANTILE_OF_HALF = 2.241403
"""98.75 % quantile of the standard normal distribution: two intervals of 97.5 % hold together at 95 %."""


@dataclass(frozen=True)
class Calibration:
    """What generated images are held against: training images, and the `ratios` of unseen real ones."""

    train: Features
    held_out: Vector
    quantile: float = QUANTILE

    @cached_property
    def ascending(self) -> Vector:
        """The ratios in their order."""
        return np.sort(self.held_out)

    @property
    def limit(self) -> float:
        """The ratio up to which an image counts as a copy; at most `quantile` of the held-out images do, ties apart."""
        return _limit(self.ascending, self.quantile)


@dataclass(frozen=True)
class Memorisation:
    """The share, its 95 % interval, and the share that unseen real images reach themselves."""

    value: float
    ci_low: float
    ci_high: float
    floor: float


def ratios(images: Features, train: Features) -> Vector:
    """r(x) of each row of `images` (m, d) for the training set `train` (n, d), shape (m,).

    A copy of a training image has 0, also where that image is twice in the training set; another image whose nearest
    training image is there twice has infinity. Memory does not grow with m n. Raises `UsageError` for different d or a
    single training image.
    """
    same_width(train, images)
    if len(train) < 2:
        raise UsageError(f"Memorisation needs at least 2 training images, got {len(train)}.")
    mean = centre(train)
    known, new = Cloud.of(train, mean, 1), Cloud.of(images, mean, min(1, len(images) - 1))
    at, distance = nearest(new, known)
    met, back = np.unique(at, return_inverse=True)
    _, own = nearest(known.part(met), known, itself=met)
    spread = own[back]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(distance == 0, 0.0, distance / spread)


def calibrate(
    held_out: Features, train: Features, *, quantile: float = QUANTILE, known: Vector | None = None
) -> Calibration:
    """The calibration by real images `held_out` (n, d) that training never saw; `known` may hand in their `ratios`.

    Raises `UsageError` for a quantile outside 0..1, or fewer than `LEAST_TAIL` held-out images below it.
    """
    if not 0 < quantile < 1:
        raise UsageError(f"The quantile of memorisation lies between 0 and 1, not at {quantile:g}.")
    if len(held_out) < least_images(quantile):
        raise UsageError(
            f"Memorisation at the {quantile:g} quantile needs at least {least_images(quantile)} real images that were "
            f"not trained on, got {len(held_out)}."
        )
    return Calibration(train, ratios(held_out, train) if known is None else known, quantile)


def least_images(quantile: float = QUANTILE) -> int:
    """Held-out images that a calibration needs."""
    return int(np.ceil(LEAST_TAIL / quantile))


def memorisation(fake: Features, against: Calibration) -> Memorisation:
    """The share of `fake` (m, d) that lies nearer to a training image than the calibration's quantile allows.

    The interval holds for any distribution and covers the sampling of both sets: Wilson's, for the share below the
    ends of the limit's own interval (order statistics), each at 97.5 %, so 95 % together (Bonferroni). It never has
    width 0, also where no image or every image counts.
    """
    found = np.sort(ratios(fake, against.train))
    n, q = len(against.held_out), against.quantile
    reach = _QUANTILE_OF_HALF * np.sqrt(n * q * (1 - q))
    lower, upper = int(np.floor(n * q - reach)) - 1, int(np.ceil(n * q + reach)) - 1
    least = _share(found, against.ascending[lower]) if lower >= 0 else 0.0
    most = _share(found, against.ascending[upper]) if upper < n else 1.0
    value = _share(found, against.limit)
    return Memorisation(
        value=value,
        ci_low=min(value, _wilson(least, len(found))[0]),  # equal at 0 and 1, but for rounding
        ci_high=max(value, _wilson(most, len(found))[1]),
        floor=floor(against),
    )


def floor(against: Calibration) -> float:
    """The figure of unseen real images: half of the held-out ones against the limit of the other half, both ways."""
    one, other = np.sort(against.held_out[::2]), np.sort(against.held_out[1::2])
    q = against.quantile
    return (_share(one, _limit(other, q)) + _share(other, _limit(one, q))) / 2


def _limit(ascending: Vector, quantile: float) -> float:
    """The largest ratio that at most `quantile` of them lie at or below, but the least one where there is none."""
    rank = int(np.floor(quantile * len(ascending) + 1e-9))  # 0.29 x 100 is 28.999... in binary
    return float(ascending[max(rank, 1) - 1])


def _share(ascending: Vector, limit: float) -> float:
    """Share at or below `limit`: with the boundary, so that copies (0) count where the limit itself is 0."""
    return float(np.searchsorted(ascending, limit, side="right") / len(ascending))


def _wilson(share: float, n: int) -> tuple[float, float]:
    """Wilson's interval of a share of n (Wilson 1927), at the level of `_QUANTILE_OF_HALF`."""
    z2 = _QUANTILE_OF_HALF**2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = _QUANTILE_OF_HALF / (1 + z2 / n) * np.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return max(0.0, float(middle - half)), min(1.0, float(middle + half))
