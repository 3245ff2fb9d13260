"""The data sets: real images, split once and for all, the same bytes everywhere."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from gan import datasets
from gan.config import DATASETS
from gan.errors import UsageError

DIGITS_16 = "39bad4086c3ed721988e5fb17d504f57e31f3bc4277df7888776e1f77660de87"
FASHION_32 = "dca042892ce3a269fd1f5943bf878f1c0d32c9ed137a44c5506fdf2e25a6d057"
needs_debian_copy = pytest.mark.skipif(not datasets.DEBIAN_FASHION.is_dir(), reason="Debian's Fashion-MNIST is absent")


def test_every_name_users_may_give_has_a_loader() -> None:
    assert tuple(datasets.LOADERS) == DATASETS


def test_digits_are_split_once_and_for_all() -> None:
    data = datasets.load("digits", 16)
    assert data.train.shape == (1207, 1, 16, 16)
    assert data.held_out.shape == (590, 1, 16, 16)
    assert data.digest == DIGITS_16


def test_no_held_out_digit_is_trained_on_and_every_class_keeps_its_share() -> None:
    data = datasets.load("digits", 16)
    seen = {image.numpy().tobytes() for image in data.train}
    assert not [image for image in data.held_out if image.numpy().tobytes() in seen]
    train, held_out = torch.bincount(data.train_labels), torch.bincount(data.held_out_labels)
    assert torch.all((held_out / (train + held_out) - 590 / 1797).abs() < 0.01)


@pytest.mark.parametrize("resolution", [16, 32, 64])
def test_digits_keep_their_grey_range_at_every_resolution(resolution: int) -> None:
    data = datasets.load("digits", resolution)
    assert data.resolution == resolution
    assert data.train.dtype == torch.uint8
    assert int(data.train.min()) == 0
    assert int(data.train.max()) == 255


def test_enlarged_digit_equals_plain_bilinear_arithmetic() -> None:
    from sklearn.datasets import load_digits

    native = load_digits().images
    rows = torch.nonzero(~datasets._digits().held_out).flatten()
    image = native[int(rows[0])]
    centre = (np.arange(16) + 0.5) / 2 - 0.5
    low = np.clip(np.floor(centre).astype(int), 0, 7)
    high, weight = np.clip(np.floor(centre).astype(int) + 1, 0, 7), centre - np.floor(centre)
    wide = image[:, low] * (1 - weight) + image[:, high] * weight
    full = wide[low] * (1 - weight)[:, None] + wide[high] * weight[:, None]
    assert np.array_equal(datasets.load("digits", 16).train[0, 0].numpy(), np.round(full * 255 / 16))


@needs_debian_copy
def test_fashion_mnist_keeps_its_pixels_and_official_split() -> None:
    data = datasets.load("fashion-mnist", 32)
    assert data.train.shape == (60_000, 1, 32, 32)
    assert data.held_out.shape == (10_000, 1, 32, 32)
    assert int(data.train[:, :, :2].max()) == 0
    assert torch.bincount(data.held_out_labels).tolist() == [1000] * 10
    assert data.digest == FASHION_32


def test_unknown_name_is_refused_by_naming_the_ones_that_exist() -> None:
    with pytest.raises(UsageError, match="digits, fashion-mnist"):
        datasets.load("imagenet", 16)


def test_unknown_resolution_is_refused_by_naming_the_ones_that_exist() -> None:
    with pytest.raises(UsageError, match="16, 32, 64"):
        datasets.load("digits", 28)


@needs_debian_copy
def test_a_users_copy_is_found_plain_or_gzipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for stem in datasets.FASHION_FILES:
        shutil.copy(datasets.DEBIAN_FASHION / f"{stem}.gz", tmp_path)
    monkeypatch.setenv("AIGC_REPORT_DATASETS", str(tmp_path))
    assert datasets._find_fashion_mnist() == tmp_path


def test_damaged_copy_is_refused_by_file_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for stem in datasets.FASHION_FILES:
        (tmp_path / stem).write_bytes(b"\0\0\x08\x01\0\0\0\x01\0")
    monkeypatch.setenv("AIGC_REPORT_DATASETS", str(tmp_path))
    datasets.load.cache_clear()
    with pytest.raises(UsageError, match="train-images-idx3-ubyte"):
        datasets.load("fashion-mnist", 32)


def test_offline_machine_without_a_copy_is_told_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIGC_REPORT_HOME", str(tmp_path))
    monkeypatch.setenv("AIGC_REPORT_OFFLINE", "1")
    monkeypatch.delenv("AIGC_REPORT_DATASETS", raising=False)
    monkeypatch.setattr(datasets, "DEBIAN_FASHION", tmp_path / "absent")
    datasets.load.cache_clear()
    with pytest.raises(UsageError, match="AIGC_REPORT_OFFLINE"):
        datasets.load("fashion-mnist", 32)
