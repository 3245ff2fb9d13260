"""scikit-learn's handwritten digits: real data inside a dependency, so the default that needs no download."""

import torch

from gan.datasets.images import Source, stratified

SPLIT_SEED = 20_241_123
"""Decides which digits are held out. Changing it makes every recorded figure on digits incomparable."""

HELD_OUT = 590


def digits() -> Source:
    """1,797 handwritten digits, 8 x 8 pixels, 17 grey levels (Alpaydin & Kaynak 1998), shipped with scikit-learn."""
    from sklearn.datasets import load_digits

    bunch = load_digits()
    labels = torch.from_numpy(bunch.target.astype("int64"))
    return Source(
        images=torch.from_numpy(bunch.images.astype("float32"))[:, None],
        labels=labels,
        held_out=stratified(labels, HELD_OUT, SPLIT_SEED),
        classes=tuple(str(digit) for digit in range(10)),
        white=16,
    )
