"""What a data set is once it is loaded, and how images of a native size become those of a training resolution."""

import hashlib
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F

from gan.record import DatasetInfo


@dataclass(frozen=True, eq=False)
class Dataset:
    """Images of one resolution: `train` and `held_out` are uint8 (N, C, H, W), labels int64 (N,) index `classes`.

    Without classes, `classes` is empty and every label is 0. A folder of images carries its path and, as (file,
    reason), the files in it that could not be read as images.
    """

    name: str
    train: torch.Tensor
    train_labels: torch.Tensor
    held_out: torch.Tensor
    held_out_labels: torch.Tensor
    classes: tuple[str, ...]
    digest: str
    folder: str | None = None
    unreadable: tuple[tuple[str, str], ...] = ()

    @property
    def resolution(self) -> int:
        """Height and width in pixels."""
        return int(self.train.shape[-1])

    @property
    def channels(self) -> int:
        """1 for grey, 3 for colour."""
        return int(self.train.shape[1])

    def info(self) -> DatasetInfo:
        """What the record of a run says about its data."""
        return DatasetInfo(
            name=self.name,
            digest=self.digest,
            size=len(self.train),
            held_out=len(self.held_out),
            resolution=self.resolution,
            channels=self.channels,
            classes=list(self.classes),
            folder=self.folder,
            unreadable=len(self.unreadable),
        )


@dataclass(frozen=True, eq=False)
class Source:
    """A data set at its native size. `images` is float32 (N, C, H, W) in 0..`white`, square, side a power of two."""

    images: torch.Tensor
    labels: torch.Tensor
    held_out: torch.Tensor  # bool (N,)
    classes: tuple[str, ...]
    white: int


def at_resolution(name: str, source: Source, resolution: int) -> Dataset:
    """`source` at `resolution`, split and digested."""
    images = resize(source.images, resolution).mul_(255 / source.white).round_().to(torch.uint8)
    kept = ~source.held_out
    parts = (images[kept], source.labels[kept], images[source.held_out], source.labels[source.held_out])
    return Dataset(name, *parts, classes=source.classes, digest=digest(*parts))


def resize(images: torch.Tensor, resolution: int) -> torch.Tensor:
    """Bilinear up, box mean down; sides are powers of two, so every weight is a binary fraction and nothing rounds."""
    side = images.shape[-1]
    if resolution < side:
        return F.avg_pool2d(images, side // resolution)
    if resolution > side:
        return F.interpolate(images, size=(resolution, resolution), mode="bilinear", align_corners=False)
    return images.clone()


def digest(*parts: torch.Tensor) -> str:
    """sha256 over shapes and contents, labels as little-endian int64."""
    total = hashlib.sha256()
    for part in parts:
        array = part.numpy()
        total.update(repr(array.shape).encode())
        total.update(np.ascontiguousarray(array, array.dtype.newbyteorder("<")).tobytes())
    return total.hexdigest()


def stratified(labels: torch.Tensor, n: int, seed: int) -> torch.Tensor:
    """A bool mask (N,) of `n` rows in which each class has its share, seats by largest remainder.

    Rows are drawn in the order of sha256(seed, row): unlike a library's generator, that never changes with a version.
    """
    counts = torch.bincount(labels)
    quota = counts.double() * n / len(labels)
    seats = quota.floor().long()
    remainder = torch.argsort(quota - seats, descending=True, stable=True)
    seats[remainder[: n - int(seats.sum())]] += 1
    chosen = torch.zeros(len(labels), dtype=torch.bool)
    for label, seat in enumerate(seats.tolist()):
        rows = torch.nonzero(labels == label).flatten().tolist()
        rows.sort(key=lambda row: hashlib.sha256(f"{seed}:{row}".encode()).digest())
        chosen[rows[:seat]] = True
    return chosen
