"""The data sets: real images, split once and for all, the same bytes everywhere."""

import gzip
import hashlib
import io
import os
import pickle
import shutil
import tarfile
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
import torch

from gan import copies, datasets
from gan.config import DATASETS
from gan.datasets import cifar
from gan.errors import UsageError

DIGITS_16 = "39bad4086c3ed721988e5fb17d504f57e31f3bc4277df7888776e1f77660de87"
FASHION_32 = "dca042892ce3a269fd1f5943bf878f1c0d32c9ed137a44c5506fdf2e25a6d057"
needs_debian_copy = pytest.mark.skipif(not copies.DEBIAN_FASHION.is_dir(), reason="Debian's Fashion-MNIST is absent")


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
    rows = torch.nonzero(~datasets.LOADERS["digits"]().held_out).flatten()
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
@pytest.mark.parametrize("layout", ["", "fashion-mnist", "FashionMNIST/raw"])
def test_a_users_copy_is_found_in_every_common_layout(
    layout: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / layout).mkdir(parents=True, exist_ok=True)
    for stem in copies.IDX_FILES:
        shutil.copy(copies.DEBIAN_FASHION / f"{stem}.gz", tmp_path / layout)
    monkeypatch.setenv("AIGC_REPORT_DATASETS", str(tmp_path))
    assert copies.find("fashion-mnist") == tmp_path / layout


@needs_debian_copy
def test_fashion_mnist_is_not_taken_for_mnist_though_its_files_have_the_same_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for stem in copies.IDX_FILES:
        shutil.copy(copies.DEBIAN_FASHION / f"{stem}.gz", tmp_path)
    nowhere_else(tmp_path, monkeypatch)
    assert copies.find("mnist") is None


def test_damaged_copy_is_refused_by_file_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for stem in copies.IDX_FILES:
        (tmp_path / stem).write_bytes(b"\0\0\x08\x01\0\0\0\x01\0")
    monkeypatch.setenv("AIGC_REPORT_DATASETS", str(tmp_path))
    datasets.load.cache_clear()
    with pytest.raises(UsageError, match="train-images-idx3-ubyte is not the published Fashion-MNIST"):
        datasets.load("fashion-mnist", 32)


@pytest.mark.parametrize(
    ("name", "where"),
    [("fashion-mnist", "FashionMNIST/raw"), ("mnist", "MNIST/raw"), ("cifar10", copies.CIFAR_ARCHIVE)],
)
def test_offline_machine_without_a_copy_is_told_where_to_put_one(
    name: str, where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere_else(tmp_path, monkeypatch)
    monkeypatch.setenv("AIGC_REPORT_OFFLINE", "1")
    datasets.load.cache_clear()
    assert copies.state(name) == "absent"
    with pytest.raises(UsageError, match="AIGC_REPORT_OFFLINE") as refused:
        datasets.load(name, 32)
    assert where in str(refused.value)
    assert str(tmp_path) in str(refused.value)


def test_a_network_that_is_down_is_one_sentence_with_the_way_around(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torchvision

    def down(root: str, download: bool) -> None:
        raise RuntimeError("Error downloading train-images-idx3-ubyte.gz:\nTried all mirrors")

    nowhere_else(tmp_path, monkeypatch)
    monkeypatch.delenv("AIGC_REPORT_OFFLINE", raising=False)
    monkeypatch.setattr(torchvision.datasets, "MNIST", down)
    datasets.load.cache_clear()
    assert copies.state("mnist") == "download"
    with pytest.raises(UsageError, match=r"MNIST could not be downloaded \(Error downloading.*MNIST/raw") as refused:
        datasets.load("mnist", 32)
    assert "\n" not in str(refused.value)


# ---- small files in the published formats; their content is synthetic: random bytes, no image of the data set -------


def nowhere_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only `tmp_path` is searched for copies."""
    monkeypatch.setenv("AIGC_REPORT_DATASETS", str(tmp_path))
    monkeypatch.setenv("AIGC_REPORT_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(copies, "KERAS", tmp_path / "absent")
    monkeypatch.setattr(copies, "DEBIAN_FASHION", tmp_path / "absent")


def idx(array: np.ndarray) -> bytes:
    return b"\0\0\x08" + bytes([array.ndim]) + np.array(array.shape, ">u4").tobytes() + array.tobytes()


def synthetic_mnist(monkeypatch: pytest.MonkeyPatch) -> tuple[dict[str, bytes], np.ndarray]:
    """Four idx files of 50 + 20 random images, with digests the loader takes for the published ones."""
    random = np.random.default_rng(0)
    train, test = (random.integers(0, 256, (n, 28, 28), dtype=np.uint8) for n in (50, 20))
    labels = [np.arange(n, dtype=np.uint8) % 10 for n in (50, 20)]
    contents = [idx(train), idx(labels[0]), idx(test), idx(labels[1])]
    digests = tuple(hashlib.sha256(content).hexdigest() for content in contents)
    monkeypatch.setitem(copies.IDX_DIGESTS, "mnist", digests)
    datasets.load.cache_clear()
    return dict(zip(copies.IDX_FILES, contents, strict=True)), test


@pytest.mark.parametrize("layout", ["MNIST/raw", "mnist", ""])
@pytest.mark.parametrize("kind", ["plain", "gzipped", "dotted"])
def test_mnist_is_read_from_idx_files_in_every_common_layout(
    layout: str, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files, test = synthetic_mnist(monkeypatch)
    nowhere_else(tmp_path, monkeypatch)
    (tmp_path / layout).mkdir(parents=True, exist_ok=True)
    for stem, content in files.items():
        name = {"plain": stem, "gzipped": f"{stem}.gz", "dotted": stem.replace("-idx", ".idx")}[kind]
        (tmp_path / layout / name).write_bytes(gzip.compress(content) if kind == "gzipped" else content)
    data = datasets.load("mnist", 32)
    assert copies.state("mnist") == "on_disk"
    assert data.train.shape == (50, 1, 32, 32)
    assert np.array_equal(data.held_out[:, 0, 2:-2, 2:-2].numpy(), test)
    assert data.held_out_labels.tolist() == [n % 10 for n in range(20)]
    assert data.classes == tuple("0123456789")


def test_the_digests_of_cifar10_are_those_that_torchvision_checks() -> None:
    from torchvision.datasets import CIFAR10

    assert dict(CIFAR10.train_list + CIFAR10.test_list) == cifar.MD5
    assert tuple(cifar.MD5) == copies.CIFAR_FILES


class AsPython2(pickle._Pickler):
    """Pickles as the published files are: protocol 2, with NumPy's module under its old name."""

    def save_global(self, obj: object, name: str | None = None) -> None:
        if getattr(obj, "__name__", "") == "_reconstruct":
            self.write(b"cnumpy.core.multiarray\n_reconstruct\n")
            self.memoize(obj)
        else:
            super().save_global(obj, name)

    dispatch: ClassVar = {**pickle._Pickler.dispatch, type(len): save_global, type(idx): save_global}


def synthetic_cifar10(folder: Path, monkeypatch: pytest.MonkeyPatch) -> np.ndarray:
    """Six files of 12 random images each, with digests the loader takes for the published ones; returns the pixels."""
    random = np.random.default_rng(0)
    folder.mkdir(parents=True)
    everything = []
    for name in copies.CIFAR_FILES:
        pixels = random.integers(0, 256, (12, 3072), dtype=np.uint8)
        out = io.BytesIO()
        AsPython2(out, protocol=2).dump({"data": pixels, "labels": [n % 10 for n in range(12)], "batch_label": name})
        (folder / name).write_bytes(out.getvalue())
        monkeypatch.setitem(cifar.MD5, name, hashlib.md5(out.getvalue()).hexdigest())
        everything.append(pixels)
    datasets.load.cache_clear()
    return np.concatenate(everything).reshape(-1, 3, 32, 32)


@pytest.mark.parametrize("packed", [False, True])
def test_cifar10_is_read_unpacked_or_from_its_archive(
    packed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / copies.CIFAR_FOLDER
    pixels = synthetic_cifar10(folder, monkeypatch)
    assert b"numpy.core.multiarray" in (folder / "test_batch").read_bytes()
    if packed:
        with tarfile.open(tmp_path / copies.CIFAR_ARCHIVE, "w:gz") as archive:
            archive.add(folder, copies.CIFAR_FOLDER)
        shutil.rmtree(folder)
    nowhere_else(tmp_path, monkeypatch)
    data = datasets.load("cifar10", 32)
    assert data.train.shape == (60, 3, 32, 32)
    assert np.array_equal(np.concatenate([data.train.numpy(), data.held_out.numpy()]), pixels)
    assert data.held_out_labels.tolist() == [n % 10 for n in range(12)]
    assert data.classes[3] == "cat"


def test_a_changed_file_of_cifar10_is_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synthetic_cifar10(tmp_path / copies.CIFAR_FOLDER, monkeypatch)
    nowhere_else(tmp_path, monkeypatch)
    with (tmp_path / copies.CIFAR_FOLDER / "data_batch_3").open("ab") as file:
        file.write(b"!")
    with pytest.raises(UsageError, match="data_batch_3 is not the published CIFAR-10"):
        datasets.load("cifar10", 32)


def test_a_pickle_that_would_run_code_is_refused_before_it_does(tmp_path: Path) -> None:
    class Harmful:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.mkdir, (str(tmp_path / "was-here"),)

    with pytest.raises(UsageError, match="mkdir"):
        cifar.ArraysOnly(io.BytesIO(pickle.dumps(Harmful()))).load()
    assert not (tmp_path / "was-here").exists()
