"""What every curve of diffusion has: named parameters, its share of the ceiling with derivatives, and its milestones.

Curves are fitted in the logarithms of their parameters, which keeps them positive and makes the problem look alike
whatever the unit of value or of time. The first parameter is always the ceiling ``m``; the other two shape ``F(t)``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[np.float64]]
Index = np.ndarray[Any, np.dtype[np.intp]]


@dataclass(frozen=True)
class Curve:
    """A curve ``m·F(t)``.

    ``share(shape, t)`` takes natural shape parameters, (batch, 2), and times, (n,), and returns F, (batch, n), and its
    derivatives by the **logarithm** of each shape parameter, (batch, n, 2). ``starts(span)`` gives shapes to start a
    search from, (starts, 2), for a series that covers `span` units of time; ``bounds(span)`` the lowest and highest
    shape looked at. ``peak``, ``takeoff`` and ``reach`` are times: of the most adoptions, of their fastest growth, and
    at which a share of the ceiling is passed. ``from_zero`` says that F(0) is 0, so that time must count from a launch.
    """

    name: str
    parameters: tuple[str, str, str]
    share: Callable[[Array, Array], tuple[Array, Array]]
    starts: Callable[[float], Array]
    bounds: Callable[[float], tuple[Array, Array]]
    peak: Callable[[Array], float]
    takeoff: Callable[[Array], float]
    reach: Callable[[Array, float], float]
    from_zero: bool = False


def grid(*axes: Array) -> Array:
    """Every combination of the values of the axes, (combinations, axes)."""
    return np.stack([axis.ravel() for axis in np.meshgrid(*axes, indexing="ij")], axis=1)


def sigmoid_starts(span: float) -> Array:
    """Shapes (a, b) of an S-curve ``a = exp(b·midpoint)`` with midpoints before, in and after the series."""
    tried = grid(np.array([-0.5, 0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.5]), np.array([1.0, 2.0, 4.0, 8.0, 16.0, 32.0]))
    return np.stack([np.exp(tried[:, 0] * tried[:, 1]), tried[:, 1] / span], axis=1)


def sigmoid_bounds(span: float) -> tuple[Array, Array]:
    """The lowest and highest (a, b) of an S-curve that are looked at."""
    return np.array([1e-12, 1e-6 / span]), np.array([1e80, 1e3 / span])
