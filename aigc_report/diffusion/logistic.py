"""The logistic curve: growth in proportion to both the share reached and the share left; steepest at half the ceiling.

F(t) = 1 / (1 + a e^{-bt}). Griliches (1957), Hybrid corn: an exploration in the economics of technological change,
Econometrica 25(4), 501-522. Bass' model with p = 0 and a starting share is this curve.
"""

import math

import numpy as np

from aigc_report.diffusion.curve import Array, Curve, sigmoid_bounds, sigmoid_starts


def share(shape: Array, t: Array) -> tuple[Array, Array]:
    """F and its derivatives by log a and log b; see `Curve`."""
    a, b = shape[:, :1], shape[:, 1:2]
    value = 1 / (1 + a * np.exp(-b * t))
    by_log_a = -value * (1 - value)
    return value, np.stack([by_log_a, -b * t * by_log_a], axis=2)


def peak(shape: Array) -> float:
    """Where half the ceiling is reached."""
    a, b = map(float, shape)
    return math.log(a) / b


def takeoff(shape: Array) -> float:
    """Where the growth of adoptions is fastest: a e^{-bt} = 2 + √3, from the third derivative."""
    a, b = map(float, shape)
    return math.log(a / (2 + math.sqrt(3))) / b


def reach(shape: Array, part: float) -> float:
    """When `part` (0..1) of the ceiling is passed."""
    a, b = map(float, shape)
    return math.log(a * part / (1 - part)) / b


LOGISTIC = Curve("logistic", ("m", "a", "b"), share, sigmoid_starts, sigmoid_bounds, peak, takeoff, reach)
