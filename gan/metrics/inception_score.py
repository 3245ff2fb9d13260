"""Inception Score of generated images, from a classifier's probabilities.

Salimans et al. 2016, "Improved Techniques for Training GANs", section 4:

    IS = exp( mean over images of KL( p(y|x) || p(y) ) ),    p(y) = mean over images of p(y|x)

Between 1 (all images judged alike, or none recognised) and the number of classes (every image recognised, classes
balanced).

**Bias.** At small n the marginal p(y) follows the sample and the score is too low; splits make each n smaller. It
looks at generated images only: a generator that learns one image per class by heart scores perfectly.
"""

import numpy as np
from numpy.typing import NDArray

from gan.errors import UsageError


def inception_score(probabilities: NDArray[np.float64], *, splits: int = 1) -> tuple[float, float]:
    """Score and standard error, from `probabilities` (n, classes) whose rows sum to 1.

    With several `splits` the score is the mean over consecutive parts of (nearly) equal size. The standard error is the
    delta method's: the derivative of log IS by an image's weight is its own KL divergence, so its variance is theirs,
    divided by n; it is NaN where a part holds a single image. Raises `UsageError` unless 1 <= splits <= n.
    """
    n = len(probabilities)
    if not 1 <= splits <= n:
        raise UsageError(f"The Inception Score of {n} image(s) cannot be taken in {splits} splits; choose 1 to {n}.")
    scores, variances = [], []
    for i in range(splits):
        part = probabilities[i * n // splits : (i + 1) * n // splits]
        divergence = _divergence(part)
        score = np.exp(divergence.mean())
        scores.append(score)
        variances.append(score**2 * divergence.var(ddof=1) / len(part) if len(part) > 1 else np.nan)
    return float(np.mean(scores)), float(np.sqrt(np.sum(variances)) / splits)


def _divergence(p: NDArray[np.float64]) -> NDArray[np.float64]:
    """KL divergence of each row from the mean row, in nats, shape (n,); 0 log 0 = 0."""
    marginal = p.mean(axis=0)
    # a class nobody has is 0 in every row: its ratio is never used
    ratio = np.divide(p, marginal, out=np.ones_like(p), where=p > 0)
    return np.asarray((p * np.log(ratio)).sum(axis=1))
