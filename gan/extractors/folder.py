"""A folder of image files, of any size, mode and format, as an extractor's sample."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from gan import image_files
from gan.errors import UsageError
from gan.extractors.network import Network, embed
from gan.metrics import Sample


@dataclass(frozen=True)
class FolderSample:
    """What a folder held: the sample of its readable images and, as (file, reason), the files that are none."""

    sample: Sample
    unreadable: tuple[tuple[str, str], ...]


HELD_BYTES = 64_000_000
"""Pixels that wait for others of their shape, at most: many large images of many shapes shall not fill the memory."""


def embed_folder(folder: Path, network: Network) -> FolderSample:
    """Every file in `folder` and below, hidden ones apart, read as an image and embedded.

    Images of one shape are embedded together, so rows follow shapes first and names second. Raises `UsageError` when
    no file can be read as an image.
    """
    return embed_files(image_files.below(folder), folder, network)


def embed_files(
    files: list[Path], folder: Path, network: Network, *, seen: Callable[[int], None] | None = None
) -> FolderSample:
    """The same for some `files` of `folder`; `seen` is told how many have been embedded whenever some have."""
    waiting: dict[tuple[int, ...], list[Tensor]] = {}
    samples: list[Sample] = []
    unreadable = []
    held = 0

    def flush(same: list[Tensor]) -> int:
        samples.append(embed(torch.stack(same), network))
        size = sum(pixels.numel() for pixels in same)
        same.clear()
        if seen is not None:
            seen(sum(len(sample.features) for sample in samples))
        return size

    for file, image, reason in image_files.opened(files):
        if image is None:
            unreadable.append((str(file.relative_to(folder)), reason))
            continue
        pixels = torch.from_numpy(image_files.pixels(image))
        same = waiting.setdefault(tuple(pixels.shape), [])
        same.append(pixels)
        held += pixels.numel()
        if len(same) == network.spec.batch:
            held -= flush(same)
        elif held > HELD_BYTES:
            held -= sum(flush(some) for some in waiting.values() if some)
    for same in waiting.values():
        if same:
            flush(same)
    if not samples:
        found = f"none of its {len(files)} files can be read as an image" if files else "it is empty"
        raise UsageError(f"{folder} gives no images: {found}; give a folder of PNG, JPEG or other image files.")
    probabilities = [s.probabilities for s in samples if s.probabilities is not None]
    return FolderSample(
        Sample(np.concatenate([s.features for s in samples]), np.concatenate(probabilities) if probabilities else None),
        tuple(unreadable),
    )
