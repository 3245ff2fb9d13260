"""Are all classes generated, and in the right proportions? Judged by the extractor's classifier, on both sets alike.

With p_c the share of fake images judged class c and q_c the share of real ones:

    class_coverage = share of the real classes with p_c >= q_c / 2       0..1, 1: no class is missing or starved
    class_balance  = 1 - (1/2) sum_c |p_c - q_c|                         0..1, 1: the same proportions
                     (one minus the total variation distance)

Judging real images by the same classifier, not by their labels, keeps its mistakes out of the difference.

**Bias.** Small samples differ by chance: the balance of two samples of one source falls short of 1 by about
sqrt(classes / (pi n)).
"""

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]


def shares(judged: NDArray[np.integer], classes: int) -> Vector:
    """Share of each class among `judged` class numbers 0..classes-1, shape (classes,), summing to 1."""
    return np.asarray(np.bincount(judged, minlength=classes) / len(judged))


def class_coverage(real: Vector, fake: Vector) -> float:
    """Share of the classes present in `real` whose share in `fake` is at least half as large; both (classes,)."""
    present = real > 0
    return float((fake >= real / 2)[present].mean())


def class_balance(real: Vector, fake: Vector) -> float:
    """One minus the total variation distance between two vectors of class shares."""
    return float(1 - np.abs(real - fake).sum() / 2)
