"""A folder of image files, of any size, mode and format, as an extractor's sample."""

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


def embed_folder(folder: Path, network: Network) -> FolderSample:
    """Every file in `folder` and below, hidden ones apart, read as an image and embedded.

    Images of one shape are embedded together, so rows follow shapes first and names second. Raises `UsageError` when
    no file can be read as an image.
    """
    files = image_files.below(folder)
    waiting: dict[tuple[int, ...], list[Tensor]] = {}
    samples: list[Sample] = []
    unreadable = []
    for file, image, reason in image_files.opened(files):
        if image is None:
            unreadable.append((str(file.relative_to(folder)), reason))
            continue
        pixels = torch.from_numpy(image_files.pixels(image))
        same = waiting.setdefault(tuple(pixels.shape), [])
        same.append(pixels)
        if len(same) == network.spec.batch:
            samples.append(embed(torch.stack(same), network))
            same.clear()
    samples += [embed(torch.stack(same), network) for same in waiting.values() if same]
    if not samples:
        found = f"none of its {len(files)} files can be read as an image" if files else "it is empty"
        raise UsageError(f"{folder} gives no images: {found}; give a folder of PNG, JPEG or other image files.")
    probabilities = [s.probabilities for s in samples if s.probabilities is not None]
    return FolderSample(
        Sample(np.concatenate([s.features for s in samples]), np.concatenate(probabilities) if probabilities else None),
        tuple(unreadable),
    )
