"""Places: who comes first. One definition of a tie for a single ranking and for many replications at once."""

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Places = npt.NDArray[np.int32]
TIE = 1e-12
"""Scores closer than this share of the largest size are equal: a sum taken in another order must not break a tie."""


def places(scores: Array) -> Places:
    """Place of each score along the last axis: 1 is the highest, ties share the lower number, 0 where it is missing."""
    if scores.shape[-1] == 0:
        return np.zeros(scores.shape, dtype=np.int32)
    order = np.argsort(-scores, axis=-1)  # missing ones last
    ordered = np.take_along_axis(scores, order, axis=-1)
    first = np.ones(scores.shape, dtype=bool)
    first[..., 1:] = ~(ordered[..., :-1] - ordered[..., 1:] <= TIE * size(ordered))
    place = np.where(first, np.arange(1, scores.shape[-1] + 1, dtype=np.int32), np.int32(0))
    np.maximum.accumulate(place, axis=-1, out=place)
    found = np.empty(scores.shape, dtype=np.int32)
    np.put_along_axis(found, order, place, axis=-1)
    found[np.isnan(scores)] = 0
    return found


def wins(scores: Array) -> Array:
    """How many others each score along the last axis is above; a tie counts half. Takes no missing scores."""
    above, below = places(scores) - 1, places(-scores) - 1
    return np.asarray(below + 0.5 * (scores.shape[-1] - above - below - 1), dtype=np.float64)


def size(scores: Array) -> Array:
    """The largest size along the last axis, kept as an axis of one; the scale on which two scores are equal."""
    return np.asarray(np.fmax.reduce(np.abs(scores), axis=-1, keepdims=True), dtype=np.float64)
