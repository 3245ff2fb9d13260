"""A folder of image files, of any size, mode and format, as an extractor's sample."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageOps
from torch import Tensor

from gan.errors import UsageError
from gan.extractors.network import Extractor, embed
from gan.metrics import Sample

_BATCH = 500
_SIXTEEN_BIT = 257
"""65535 / 255: what a 16-bit grey level is divided by."""


@dataclass(frozen=True)
class FolderSample:
    """What a folder held: the sample of its readable images and, as (file, reason), the files that are none."""

    sample: Sample
    unreadable: tuple[tuple[str, str], ...]


def embed_folder(folder: Path, network: Extractor) -> FolderSample:
    """Every file in `folder` and below, hidden ones apart, read as an image and embedded.

    Images of one shape are embedded together, so rows follow shapes first and names second. Raises `UsageError` when
    no file can be read as an image.
    """
    files = sorted(p for p in folder.rglob("*") if p.is_file() and not _hidden(p.relative_to(folder)))
    waiting: dict[tuple[int, ...], list[Tensor]] = {}
    samples: list[Sample] = []
    unreadable = []
    for file in files:
        try:
            image = torch.from_numpy(read_image(file))
        except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
            unreadable.append((str(file.relative_to(folder)), str(error).splitlines()[0] if str(error) else "damaged"))
            continue
        same = waiting.setdefault(tuple(image.shape), [])
        same.append(image)
        if len(same) == _BATCH:
            samples.append(embed(torch.stack(same), network))
            same.clear()
    samples += [embed(torch.stack(same), network) for same in waiting.values() if same]
    if not samples:
        found = f"none of its {len(files)} files can be read as an image" if files else "it is empty"
        raise UsageError(f"{folder} gives no images: {found}; give a folder of PNG, JPEG or other image files.")
    probabilities = [s.probabilities for s in samples if s.probabilities is not None]
    return FolderSample(
        Sample(np.concatenate([s.features for s in samples]), np.concatenate(probabilities)), tuple(unreadable)
    )


def read_image(file: Path) -> NDArray[np.uint8]:
    """The image in `file`, uint8 (1 or 3, H, W): first frame, upright, transparency on black, 16-bit grey scaled."""
    with Image.open(file) as opened:
        image: Image.Image = ImageOps.exif_transpose(opened)
        if image.mode.startswith("I"):
            levels = np.asarray(image, dtype=np.int64)
            grey = levels // _SIXTEEN_BIT if levels.max(initial=0) > 255 else levels
            return np.clip(grey, 0, 255).astype(np.uint8)[None]
        if image.mode in ("1", "L"):
            return np.array(image.convert("L"))[None]
        if "A" in image.getbands() or "transparency" in image.info:
            image = Image.alpha_composite(Image.new("RGBA", image.size, "black"), image.convert("RGBA"))
        return np.ascontiguousarray(np.asarray(image.convert("RGB")).transpose(2, 0, 1))


def _hidden(inside: Path) -> bool:
    return any(part.startswith(".") for part in inside.parts)
