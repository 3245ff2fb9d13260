"""Bass' model: some adopt on their own (p, innovation), others because others have (q, imitation).

F(t) = (1 - e^{-(p+q)t}) / (1 + (q/p) e^{-(p+q)t}).

Bass (1969), A new product growth for model consumer durables, Management Science 15(5), 215-227, equation 9. Fitted to
differences of F, as in Srinivasan and Mason (1986), Nonlinear least squares estimation of new product diffusion models,
Marketing Science 5(2), 169-178.
"""

import math

import numpy as np

from aigc_report.diffusion.curve import Array, Curve, grid


def share(shape: Array, t: Array) -> tuple[Array, Array]:
    """F and its derivatives by log p and log q; see `Curve`."""
    p, q = shape[:, :1], shape[:, 1:2]
    rate, ratio = p + q, q / p
    gone = np.exp(-rate * t)
    below = 1 + ratio * gone
    by_gone = -(1 + ratio) / below**2
    by_rate = -t * gone * by_gone
    by_ratio = -gone * (1 - gone) / below**2
    slopes = np.stack([p * by_rate - ratio * by_ratio, q * by_rate + ratio * by_ratio], axis=2)
    return -np.expm1(-rate * t) / below, slopes


def starts(span: float) -> Array:
    """Speeds p + q from slow to fast against the length of the series, imitation from weak to overwhelming."""
    tried = grid(np.array([0.5, 1.5, 3.0, 6.0, 12.0, 25.0]) / span, np.logspace(-1, 5, 7))
    rate, ratio = tried[:, 0], tried[:, 1]
    return np.stack([rate / (1 + ratio), rate * ratio / (1 + ratio)], axis=1)


def bounds(span: float) -> tuple[Array, Array]:
    """The lowest and highest (p, q) that are looked at."""
    return np.array([1e-12, 1e-9]) / span, np.array([1e2, 1e3]) / span


def peak(shape: Array) -> float:
    """Bass (1969), equation 12: ln(q/p) / (p + q); without imitation most adopt at once."""
    p, q = map(float, shape)
    return max(0.0, math.log(q / p) / (p + q))


def takeoff(shape: Array) -> float:
    """Where adoptions grow fastest: (ln(q/p) - ln(2 + √3)) / (p + q).

    Mahajan, Muller and Srivastava (1990), Determination of adopter categories by using innovation diffusion models,
    Journal of Marketing Research 27(1), 37-50.
    """
    p, q = map(float, shape)
    return max(0.0, (math.log(q / p) - math.log(2 + math.sqrt(3))) / (p + q))


def reach(shape: Array, part: float) -> float:
    """When `part` (0..1) of the ceiling is passed."""
    p, q = map(float, shape)
    return math.log((1 + part * q / p) / (1 - part)) / (p + q)


BASS = Curve("bass", ("m", "p", "q"), share, starts, bounds, peak, takeoff, reach, from_zero=True)
