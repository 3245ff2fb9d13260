"""Linear probes: how much of the classes can be read off features by a straight cut, and how much of that is chance.

A probe is multinomial logistic regression on standardised features (Alain & Bengio 2016, arXiv:1610.01644). What it
reads is there in a simple form; what it does not read may still be there, and nothing is said about whether the network
uses it.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.floating]
Labels = NDArray[np.integer]

_ITERATIONS = 300
"""Of the solver (L-BFGS): on standardised features of a few hundred columns it has settled by then."""


def fitted(features: Matrix, labels: Labels) -> Any:
    """The probe of `features` (n, d) for `labels` (n,): a scikit-learn pipeline. Needs two classes."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(StandardScaler(), LogisticRegression(max_iter=_ITERATIONS)).fit(features, labels)


def accuracy(train: tuple[Matrix, Labels], test: tuple[Matrix, Labels]) -> float:
    """Share of `test` that a probe fitted to `train` gets right; if `train` has one class, that is the answer."""
    features, labels = test
    if len(np.unique(train[1])) == 1:
        return float((labels == train[1][0]).mean())
    return float((fitted(*train).predict(features) == labels).mean())


def majority(train: Labels, test: Labels) -> float:
    """What always answering the commonest class of `train` gets right of `test`."""
    return float((test == np.bincount(train).argmax()).mean())


def readability(right: float, by_chance: float) -> float:
    """0 where a probe does no better than `by_chance`, 1 where it is always right; below 0 it does worse."""
    return (right - by_chance) / (1 - by_chance)


def directions(probe: Any) -> NDArray[np.float64]:
    """The unit direction of each class in the space of the probe's features, shape (classes, d).

    Along it the class gains most on the mean of the others. With two classes the regression has one direction: the
    other class's is its opposite.
    """
    scaler, regression = probe[0], probe[-1]
    weights = np.asarray(regression.coef_, dtype=np.float64) / scaler.scale_
    if len(weights) == 1:
        weights = np.concatenate([-weights, weights])
    weights = weights - weights.mean(axis=0)
    return np.asarray(weights / np.linalg.norm(weights, axis=1, keepdims=True))
