"""Images as PNG files: grids for the eye, single images for other programs."""

import io
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from gan import grid as layout
from gan.files import write_atomically


def to_uint8(images: torch.Tensor) -> torch.Tensor:
    """Images (N, C, H, W) in -1..1 as uint8, rounded, on the CPU."""
    return images.float().add(1).mul(127.5).round().clamp_(0, 255).to("cpu", torch.uint8)


def to_float(images: torch.Tensor) -> torch.Tensor:
    """The inverse: uint8 0..255 to float32 -1..1, on the device the images are on."""
    return images.float().div_(127.5).sub_(1)


def grid(images: torch.Tensor, columns: int = layout.COLUMNS) -> Image.Image:
    """uint8 images (N, C, H, W) in rows of `columns`, on grey, enlarged by a whole factor."""
    n, channels, height, width = images.shape
    shape = (layout.extent(-(-n // columns), height), layout.extent(columns, width), channels)
    canvas = np.full(shape, 128, np.uint8)
    for i, image in enumerate(images.permute(0, 2, 3, 1).numpy()):  # NCHW => NHWC
        top, left = layout.corner(i, columns, height, width)
        canvas[top : top + height, left : left + width] = image
    factor = layout.enlargement(shape[1])
    picture = _picture(canvas)
    return picture.resize((picture.width * factor, picture.height * factor), Image.Resampling.NEAREST)


def write_grid(path: Path, images: torch.Tensor, columns: int = layout.COLUMNS) -> None:
    """`grid` as a PNG file, whole or not at all."""
    write_atomically(path, _png(grid(images, columns)))


def write_image(path: Path, image: torch.Tensor) -> None:
    """One uint8 image (C, H, W) as a PNG file at its own resolution."""
    write_atomically(path, _png(_picture(image.permute(1, 2, 0).numpy())))


def _picture(pixels: np.ndarray) -> Image.Image:
    return Image.fromarray(pixels[:, :, 0] if pixels.shape[2] == 1 else pixels)


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
