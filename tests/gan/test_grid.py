"""A grid of images and its way back to single ones."""

import pytest

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.torch

from hypothesis import given, settings  # noqa: E402 (what needs torch comes after it)
from hypothesis import strategies as st  # noqa: E402

from gan import grid, pictures  # noqa: E402


@settings(max_examples=25, deadline=None)
@given(side=st.integers(4, 80), columns=st.integers(1, 9), rows=st.integers(1, 5), channels=st.sampled_from([1, 3]))
def test_a_grid_is_cut_into_the_very_images_it_was_drawn_from(side, columns, rows, channels):
    drawn = torch.randint(0, 256, (rows * columns, channels, side, side), dtype=torch.uint8)
    cut = grid.cut(pictures.grid(drawn, columns), side, columns)
    assert len(cut) == len(drawn)
    for one, image in zip(cut, drawn, strict=True):
        assert one.tobytes() == image.permute(1, 2, 0).contiguous().numpy().tobytes()


def test_a_picture_of_another_layout_is_refused():
    picture = pictures.grid(torch.zeros(8, 1, 16, 16, dtype=torch.uint8), 4)
    with pytest.raises(ValueError, match="are no grid of 8 images of 16 pixels"):
        grid.cut(picture, 16, 8)
    with pytest.raises(ValueError, match="are no grid"):
        grid.cut(picture, 15, 4)
