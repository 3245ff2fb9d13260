"""Image files of any format, size and mode: which a folder holds, and what one shows when it is opened upright."""

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from gan.errors import UsageError

_SIXTEEN_BIT = 257
"""65535 / 255: what a 16-bit grey level is divided by."""

UNREADABLE = (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError)
"""What Pillow raises for files that are no images, or damaged ones."""


def below(folder: Path) -> list[Path]:
    """Every file in `folder` and below, hidden ones apart, sorted by path: candidates, not yet known to be images.

    Raises `UsageError` where the folder, or one in it, cannot be read: what is in it would be missing in silence.
    """

    def refuse(error: OSError) -> None:
        raise UsageError(f"{error.filename} cannot be read ({error.strerror}); check its permissions.") from error

    found: list[Path] = []
    for here, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [path for name in names if not name.startswith(".") and (path := Path(here, name)).is_file()]
    return sorted(found)


def opened(files: list[Path]) -> Iterator[tuple[Path, Image.Image | None, str]]:
    """Each file with its image, or with None and the reason, in one line, why it cannot be read as one."""
    for file in files:
        try:
            yield file, upright(file), ""
        except UNREADABLE as error:
            yield file, None, reason(error)


def reason(error: Exception) -> str:
    """Why a file cannot be read, in one line and without its path."""
    if isinstance(error, UnidentifiedImageError):
        return "not an image format known here"
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return text.splitlines()[0] if text else "damaged"


def upright(file: Path) -> Image.Image:
    """The image in `file`, mode L or RGB: first frame, EXIF orientation applied, transparency on black, 16-bit grey
    scaled to 8. Raises one of `UNREADABLE`."""
    with Image.open(file) as stored:
        image: Image.Image = ImageOps.exif_transpose(stored)
        if image.mode.startswith("I"):
            levels = np.asarray(image, dtype=np.int64)
            grey = levels // _SIXTEEN_BIT if levels.max(initial=0) > 255 else levels
            return Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8))
        if image.mode in ("1", "L"):
            return image.convert("L")
        if "A" in image.getbands() or "transparency" in image.info:
            image = Image.alpha_composite(Image.new("RGBA", image.size, "black"), image.convert("RGBA"))
        return image.convert("RGB")


def pixels(image: Image.Image) -> NDArray[np.uint8]:
    """An upright image as uint8 (1 or 3, H, W)."""
    array = np.array(image, dtype=np.uint8)
    return array[None] if array.ndim == 2 else np.ascontiguousarray(array.transpose(2, 0, 1))


def square(image: Image.Image, side: int) -> Image.Image:
    """The largest square in the middle of `image`, resized (bicubic, antialiased) to `side` pixels; a square image of
    that side already keeps every pixel."""
    edge = min(image.size)
    left, top = (image.width - edge) // 2, (image.height - edge) // 2
    return image.resize((side, side), Image.Resampling.BICUBIC, box=(left, top, left + edge, top + edge))
