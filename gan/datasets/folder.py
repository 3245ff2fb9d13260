"""Any folder of images as a data set: cropped square, resized, split by content.

The split rests on the content of each file alone: sha256 of its bytes decides on which side it stands. So it needs no
list, an image never changes sides when others come or go, and copies of a file, under whatever name, stand together:
no held-out image is trained on under another name.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from gan import image_files
from gan.config import dataset_label
from gan.datasets.images import Dataset, digest
from gan.errors import UsageError

HELD_OUT_SHARE = 0.2
"""Expected share of the different images that are held out."""

LEAST_IMAGES = 100
"""Different images a folder must hold: about 20 are then held out, and a nearest-neighbour figure needs six."""

SPLITS = frozenset({"train", "training", "val", "valid", "validation", "test", "testing"})
"""Sub-folders of this name are parts of a split, not classes; they are read as one set and split anew."""


@dataclass(frozen=True)
class _Read:
    """The readable images: pixels uint8 (N, side, side, 3), whether one is coloured, their files and digests."""

    pixels: np.ndarray
    coloured: bool
    files: list[Path]
    digests: list[bytes]
    unreadable: tuple[tuple[str, str], ...]


def load(folder: Path, resolution: int) -> Dataset:
    """The images in `folder` and below at `resolution`. Grey where every image is; sub-folders name the classes.

    Raises `UsageError` where the folder cannot be read or holds too few images.
    """
    read = _read(folder, resolution)
    different = len(set(read.digests))
    if different < LEAST_IMAGES:
        left_out = f" ({len(read.unreadable)} of its files cannot be read as images)" if read.unreadable else ""
        copied = f", {different} of them different," if different < len(read.files) else ""
        raise UsageError(
            f"{folder} holds {len(read.files)} images{copied}{left_out}; "
            f"training and measuring need at least {LEAST_IMAGES} different ones."
        )
    images = torch.from_numpy(read.pixels[..., : 3 if read.coloured else 1]).permute(0, 3, 1, 2).contiguous()
    held_out = torch.tensor([is_held_out(content) for content in read.digests])
    classes, labels = _classes(folder, read.files)
    parts = (images[~held_out], labels[~held_out], images[held_out], labels[held_out])
    return Dataset(
        dataset_label(str(folder)),
        *parts,
        classes=classes,
        digest=digest(*parts),
        folder=str(folder),
        unreadable=read.unreadable,
    )


def is_held_out(content: bytes) -> bool:
    """Does the image with this sha256 stand on the held-out side?"""
    return int.from_bytes(content[:8], "big") < HELD_OUT_SHARE * 2**64


def _read(folder: Path, side: int) -> _Read:
    candidates = image_files.below(folder)
    pixels = np.empty((len(candidates), side, side, 3), np.uint8)
    files: list[Path] = []
    digests: list[bytes] = []
    unreadable = []
    coloured = False
    for file, image, reason in image_files.opened(candidates):
        if image is None:
            unreadable.append((str(file.relative_to(folder)), reason))
            continue
        small = np.asarray(image_files.square(image, side).convert("RGB"))
        coloured = coloured or bool((small != small[..., :1]).any())
        pixels[len(files)] = small
        files.append(file)
        digests.append(hashlib.sha256(file.read_bytes()).digest())
    return _Read(pixels[: len(files)], coloured, files, digests, tuple(unreadable))


def _classes(folder: Path, files: list[Path]) -> tuple[tuple[str, ...], torch.Tensor]:
    """Class names and labels (N,) from the first sub-folder of each image; none unless all lie in two or more."""
    names = []
    for file in files:
        parts = list(file.relative_to(folder).parts[:-1])
        while parts and parts[0].lower() in SPLITS:
            parts.pop(0)
        names.append(parts[0] if parts else "")
    classes = tuple(sorted(set(names)))
    if "" in classes or len(classes) < 2:
        return (), torch.zeros(len(files), dtype=torch.int64)
    place = {name: number for number, name in enumerate(classes)}
    return classes, torch.tensor([place[name] for name in names])
