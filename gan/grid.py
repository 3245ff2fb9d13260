"""Where single images lie in a grid of them: `gan.pictures` draws it, here it is cut apart again. Imports no torch."""

from PIL import Image

COLUMNS = 8
ROWS = 4
GAP_PX = 2
"""Between the images of a grid, at their own resolution."""
WIDTH_PX = 560
"""Grids of small images are enlarged by a whole factor to about this width, pixels kept square and sharp."""


def extent(count: int, side: int) -> int:
    """Pixels that `count` images of `side` pixels take beside each other, with the gaps between them."""
    return count * (side + GAP_PX) - GAP_PX


def corner(i: int, columns: int, height: int, width: int) -> tuple[int, int]:
    """Top and left of image `i`, row by row, before the grid is enlarged."""
    return i // columns * (height + GAP_PX), i % columns * (width + GAP_PX)


def enlargement(width: int) -> int:
    """The whole factor by which a grid `width` pixels wide is enlarged."""
    return max(1, WIDTH_PX // width)


def cut(picture: Image.Image, side: int, columns: int = COLUMNS) -> list[Image.Image]:
    """The images of a full grid, row by row, each `side` pixels square as it was drawn.

    Raises `ValueError` where `picture` is no grid of such images.
    """
    width = extent(columns, side)
    factor = enlargement(width)
    rows, rest = divmod(picture.height // factor + GAP_PX, side + GAP_PX)
    if picture.width != width * factor or picture.height % factor or rest or not rows:
        raise ValueError(f"{picture.width} x {picture.height} pixels are no grid of {columns} images of {side} pixels")
    small = picture.resize((width, picture.height // factor), Image.Resampling.NEAREST)
    corners = [corner(i, columns, side, side) for i in range(rows * columns)]
    return [small.crop((left, top, left + side, top + side)) for top, left in corners]
