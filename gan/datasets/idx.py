"""The MNIST family: 70,000 grey images of 28 x 28 pixels in four idx files, official split 60,000 / 10,000.

Two black rows and columns on each side make them 32 x 32: networks that double from 4 x 4 cannot make 28, and padding
keeps every pixel as it was where scaling would blur it. The background of both members is black already.
"""

import hashlib
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F

from gan import copies
from gan.datasets.download import download
from gan.datasets.images import Source
from gan.errors import UsageError

FASHION_CLASSES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)

_PADDING = (2, 2, 2, 2)


def fashion_mnist() -> Source:
    """70,000 photographs of clothes (Xiao, Rasul & Vollgraf 2017)."""
    return _read("fashion-mnist", FASHION_CLASSES)


def mnist() -> Source:
    """70,000 handwritten digits (LeCun, Bottou, Bengio & Haffner 1998)."""
    return _read("mnist", tuple(str(digit) for digit in range(10)))


def _read(name: str, classes: tuple[str, ...]) -> Source:
    folder = copies.find(name) or download(name)
    train_x, train_y, test_x, test_y = (
        read_idx(name, folder, stem, digest)
        for stem, digest in zip(copies.IDX_FILES, copies.IDX_DIGESTS[name], strict=True)
    )
    images = torch.from_numpy(np.concatenate([train_x, test_x]).astype("float32"))[:, None]
    held_out = torch.zeros(len(images), dtype=torch.bool)
    held_out[len(train_x) :] = True
    labels = torch.from_numpy(np.concatenate([train_y, test_y]).astype("int64"))
    return Source(F.pad(images, _PADDING), labels, held_out, classes, white=255)


def read_idx(name: str, folder: Path, stem: str, digest: str) -> npt.NDArray[np.uint8]:
    """One idx file, plain or gzipped: two zeros, type 8 (uint8), number of axes, sizes big-endian, then the values."""
    path = copies.idx_file(folder, stem)
    if path is None:
        raise UsageError(f"{folder / stem} is missing; {copies.advice(name)}.")
    raw = copies.read_idx_file(path)
    if hashlib.sha256(raw).hexdigest() != digest:
        title = copies.PUBLISHED[name].title
        raise UsageError(f"{path} is not the published {title} (sha256 differs); replace it by an intact copy.")
    axes = raw[3]
    shape = np.frombuffer(raw, ">u4", count=axes, offset=4)
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * axes).reshape(shape)
