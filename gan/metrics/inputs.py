"""What a metric accepts: finite feature matrices with the same number of columns, told apart from everything else."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gan.errors import UsageError

Features = NDArray[np.floating]
"""Float32 or float64, shape (n, d), one row per image."""

CHUNK_VALUES = 1 << 22
"""Numbers converted to float64 at a time (32 MB): bounds the memory of every metric, whatever n."""


def as_features(array: ArrayLike, side: str, *, least: int = 2) -> Features:
    """`array` as a checked feature matrix; float32 and float64 stay as they are, other numbers become float64.

    `side` names the set in error messages ("real" or "fake"). Raises `UsageError` for anything but a finite
    (n, d) array of real numbers with n >= `least` and d >= 1.
    """
    x = np.asarray(array)
    if x.ndim != 2:
        raise UsageError(
            f"The {side} features have shape {x.shape}; a matrix (images x features) is needed, one row per image."
        )
    if x.dtype.kind not in "fiub":
        raise UsageError(f"The {side} features are of type {x.dtype}; real numbers are needed.")
    if x.shape[1] == 0:
        raise UsageError(f"The {side} features have no columns.")
    if x.shape[0] < least:
        raise UsageError(
            f"The {side} set has {x.shape[0]} image{'' if x.shape[0] == 1 else 's'}; at least {least} are needed."
        )
    if x.dtype not in (np.float32, np.float64):
        x = x.astype(np.float64)
    for start, block in _blocks(x):
        finite = np.isfinite(block).all(axis=1)
        if not finite.all():
            row = start + int(np.argmin(finite))
            raise UsageError(
                f"The {side} features hold a value that is not finite (NaN or infinity) in row {row} (counted from 0); "
                "leave that image out or compute its features again."
            )
    return x


def same_width(real: Features, fake: Features) -> None:
    """Raises `UsageError` unless both sets have the same number of features."""
    if real.shape[1] != fake.shape[1]:
        raise UsageError(
            f"The real features have {real.shape[1]} columns and the fake features {fake.shape[1]}; "
            "both must come from the same extractor."
        )


def as_probabilities(array: ArrayLike, side: str, *, tolerance: float = 1e-3) -> NDArray[np.float64]:
    """`array` as class probabilities, shape (n, classes), float64, each row scaled to sum to exactly 1.

    A row may miss 1 by `tolerance` (float32 and float16 softmax do); beyond it, or with a negative or non-finite
    value, `UsageError` names the row.
    """
    p = np.asarray(array)
    if p.ndim != 2 or p.shape[0] < 1 or p.shape[1] < 1:
        raise UsageError(f"The {side} probabilities have shape {p.shape}; a matrix (images x classes) is needed.")
    if p.dtype.kind not in "fiub":
        raise UsageError(f"The {side} probabilities are of type {p.dtype}; real numbers are needed.")
    p = p.astype(np.float64)
    wrong = ~np.isfinite(p).all(axis=1) | (p < 0).any(axis=1)
    if wrong.any():
        raise UsageError(
            f"The {side} probabilities hold a negative or non-finite value in row {int(np.argmax(wrong))} "
            "(counted from 0)."
        )
    total = p.sum(axis=1)
    off = np.abs(total - 1) > tolerance
    if off.any():
        row = int(np.argmax(off))
        raise UsageError(
            f"The {side} probabilities in row {row} (counted from 0) sum to {total[row]:.6g}, not to 1; "
            "give probabilities after the softmax, not logits."
        )
    return np.asarray(p / total[:, None])


def centre(x: Features) -> NDArray[np.float64]:
    """The column means of `x`, float64, shape (d,).

    Summed as differences from the first row, so that a large common offset costs no digits.
    """
    origin = x[0].astype(np.float64)
    total = np.zeros_like(origin)
    for _, block in _blocks(x):
        total += (block - origin).sum(axis=0)
    return np.asarray(origin + total / len(x))


def centred_blocks(x: Features, mean: NDArray[np.float64]) -> Iterator[NDArray[np.float64]]:
    """The rows of `x` minus `mean`, in float64, a bounded block at a time; each holds until the next is asked for."""
    memory = np.empty((0, x.shape[1]))  # of all blocks: fresh pages for each would take as long as the subtraction
    for _, block in _blocks(x, least=x.shape[1]):
        if not len(memory):
            memory = np.empty(block.shape)
        yield np.subtract(block, mean, out=memory[: len(block)])


def _blocks(x: Features, least: int = 1) -> Iterator[tuple[int, Features]]:
    rows = max(least, CHUNK_VALUES // x.shape[1], 1)
    for start in range(0, len(x), rows):
        yield start, x[start : start + rows]
