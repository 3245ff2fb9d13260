"""CIFAR-10: 60,000 colour photographs of 32 x 32 pixels in ten classes, official split 50,000 / 10,000.

The published files are pickles of Python 2, and a pickle can run code. So a file is read only after its digest is the
published one, and even then by a reader that builds arrays and nothing else.
"""

import hashlib
import io
import pickle
import tarfile
from pathlib import Path
from typing import Any

import numpy as np
import torch

from gan import copies
from gan.datasets.download import download
from gan.datasets.images import Source
from gan.errors import UsageError

CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")

MD5: dict[str, str] = {
    "data_batch_1": "c99cafc152244af753f735de768cd75f",
    "data_batch_2": "d4bba439e000b95fd0a9bffe97cbabec",
    "data_batch_3": "54ebc095f3ab1f0389bbae665268c751",
    "data_batch_4": "634d18415352ddfa80567beed471001a",
    "data_batch_5": "482c414d41f54cd18b22e5b47cb7c3cb",
    "test_batch": "40351d587109b95175f43aff81a1287e",
}
"""The digests that torchvision checks. MD5 stops damage and mix-ups; that no code runs is the reader's doing."""


def cifar10() -> Source:
    """60,000 photographs of animals and vehicles (Krizhevsky 2009)."""
    place = copies.find("cifar10") or download("cifar10")
    batches = [_batch(place, name) for name in copies.CIFAR_FILES]
    images = np.concatenate([batch["data"] for batch in batches]).reshape(-1, 3, 32, 32)
    labels = np.concatenate([np.asarray(batch["labels"], dtype="int64") for batch in batches])
    held_out = torch.zeros(len(images), dtype=torch.bool)
    held_out[-len(batches[-1]["labels"]) :] = True
    return Source(torch.from_numpy(images.astype("float32")), torch.from_numpy(labels), held_out, CLASSES, white=255)


def _batch(place: Path, name: str) -> dict[str, Any]:
    """One file: a dictionary with `data`, uint8 (n, 3072), red, green and blue planes row by row, and `labels`."""
    where = place / name if place.is_dir() else place
    try:
        raw = where.read_bytes() if place.is_dir() else _packed(place, name)
    except (OSError, EOFError, KeyError, tarfile.TarError) as error:
        raise UsageError(f"{where} cannot be read ({error}); delete it or replace it by an intact copy.") from error
    if hashlib.md5(raw, usedforsecurity=False).hexdigest() != MD5[name]:
        inside = "" if place.is_dir() else f" in {place}"
        file = where if place.is_dir() else name
        raise UsageError(f"{file}{inside} is not the published CIFAR-10 (md5 differs); replace it by an intact copy.")
    batch: dict[str, Any] = ArraysOnly(io.BytesIO(raw), encoding="latin1").load()
    return batch


def _packed(archive: Path, name: str) -> bytes:
    with tarfile.open(archive) as packed:
        member = packed.extractfile(f"{copies.CIFAR_FOLDER}/{name}")
        if member is None:
            raise KeyError(f"{name} is not a file")
        return member.read()


class ArraysOnly(pickle.Unpickler):
    """Reads pickles of plain values and NumPy arrays; anything else in them is refused before it is called."""

    ALLOWED = frozenset(
        {
            ("numpy.core.multiarray", "_reconstruct"),
            ("numpy._core.multiarray", "_reconstruct"),
            ("numpy", "ndarray"),
            ("numpy", "dtype"),
            ("_codecs", "encode"),
        }
    )

    def find_class(self, module: str, name: str) -> Any:
        """The function an array is built with."""
        if (module, name) not in self.ALLOWED:
            raise UsageError(f"A file of CIFAR-10 asks for {module}.{name}, which no image needs; replace the file.")
        if module == "numpy.core.multiarray":
            module = "numpy._core.multiarray"  # the name since NumPy 2
        return super().find_class(module, name)
