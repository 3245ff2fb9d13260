"""Gompertz' curve: early growth, then a long slowing; the steepest point lies at 37 % of the ceiling.

F(t) = exp(-a e^{-bt}), parameters as in R's package diffusion and in Jukić, Kralik and Scitovski (2004), Least-squares
fitting Gompertz curve, Journal of Computational and Applied Mathematics 169, 359-375.
"""

import math

import numpy as np

from aigc_report.diffusion.curve import Array, Curve, sigmoid_bounds, sigmoid_starts


def share(shape: Array, t: Array) -> tuple[Array, Array]:
    """F and its derivatives by log a and log b; see `Curve`."""
    a, b = shape[:, :1], shape[:, 1:2]
    left = a * np.exp(-b * t)
    value = np.exp(-left)
    by_log_a = np.where(value > 0, -left * value, 0.0)
    return value, np.stack([by_log_a, -b * t * by_log_a], axis=2)


def peak(shape: Array) -> float:
    """Where a e^{-bt} = 1."""
    a, b = map(float, shape)
    return math.log(a) / b


def takeoff(shape: Array) -> float:
    """Where the growth of adoptions is fastest: a e^{-bt} = (3 + √5) / 2, from the third derivative."""
    a, b = map(float, shape)
    return math.log(a * 2 / (3 + math.sqrt(5))) / b


def reach(shape: Array, part: float) -> float:
    """When `part` (0..1) of the ceiling is passed."""
    a, b = map(float, shape)
    return math.log(a / -math.log(part)) / b


GOMPERTZ = Curve("gompertz", ("m", "a", "b"), share, sigmoid_starts, sigmoid_bounds, peak, takeoff, reach)
