"""Real images as uint8 tensors, with a part held out that neither training nor tuning sees.

A data set is a row of `LOADERS`: a name and a function that returns its images at their native size. `load` brings them
to the asked resolution and digests what comes out. All arithmetic on the way (padding, bilinear steps by powers of two,
two-by-two means) is exact in float32, so the tensors, and with them the digest, are the same on every platform.
"""

import gzip
import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F

from gan.config import RESOLUTIONS
from gan.errors import UsageError
from gan.paths import home, offline
from gan.record import DatasetInfo

DIGITS_SPLIT_SEED = 20_241_123
"""Decides which digits are held out. Changing it makes every recorded figure on digits incomparable."""

DIGITS_HELD_OUT = 590

FASHION_CLASSES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)

FASHION_FILES: dict[str, str] = {
    "train-images-idx3-ubyte": "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
    "train-labels-idx1-ubyte": "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
    "t10k-images-idx3-ubyte": "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
    "t10k-labels-idx1-ubyte": "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
}
"""sha256 of each file unpacked: packers differ in how they compress, the images do not."""

DEBIAN_FASHION = Path("/usr/share/datasets/fashion-mnist")  # where Debian's package dataset-fashion-mnist puts it


@dataclass(frozen=True, eq=False)
class Dataset:
    """Images of one resolution: `train` and `held_out` are uint8 (N, C, H, W), labels int64 (N,) index `classes`."""

    name: str
    train: torch.Tensor
    train_labels: torch.Tensor
    held_out: torch.Tensor
    held_out_labels: torch.Tensor
    classes: tuple[str, ...]
    digest: str

    @property
    def resolution(self) -> int:
        """Height and width in pixels."""
        return int(self.train.shape[-1])

    @property
    def channels(self) -> int:
        """1 for grey, 3 for colour."""
        return int(self.train.shape[1])

    def info(self) -> DatasetInfo:
        """What the record of a run says about its data."""
        return DatasetInfo(
            name=self.name,
            digest=self.digest,
            size=len(self.train),
            held_out=len(self.held_out),
            resolution=self.resolution,
            channels=self.channels,
            classes=list(self.classes),
        )


@dataclass(frozen=True, eq=False)
class Source:
    """A data set at its native size. `images` is float32 (N, C, H, W) in 0..`white`, square, side a power of two."""

    images: torch.Tensor
    labels: torch.Tensor
    held_out: torch.Tensor  # bool (N,)
    classes: tuple[str, ...]
    white: int


@lru_cache(maxsize=2)
def load(name: str, resolution: int) -> Dataset:
    """The data set `name` at `resolution`. Unknown names, resolutions and missing files raise `UsageError`."""
    if name not in LOADERS:
        raise UsageError(f'There is no data set "{name}". Choose one of: {", ".join(LOADERS)}.')
    if resolution not in RESOLUTIONS:
        raise UsageError(f"Resolution {resolution} is not offered. Choose one of: {', '.join(map(str, RESOLUTIONS))}.")
    source = LOADERS[name]()
    images = _resize(source.images, resolution).mul_(255 / source.white).round_().to(torch.uint8)
    kept = ~source.held_out
    parts = (images[kept], source.labels[kept], images[source.held_out], source.labels[source.held_out])
    return Dataset(name, *parts, classes=source.classes, digest=_digest(*parts))


def _resize(images: torch.Tensor, resolution: int) -> torch.Tensor:
    """Bilinear up, box mean down; sides are powers of two, so every weight is a binary fraction and nothing rounds."""
    side = images.shape[-1]
    if resolution < side:
        return F.avg_pool2d(images, side // resolution)
    if resolution > side:
        return F.interpolate(images, size=(resolution, resolution), mode="bilinear", align_corners=False)
    return images.clone()


def _digest(*parts: torch.Tensor) -> str:
    """sha256 over shapes and contents, labels as little-endian int64."""
    total = hashlib.sha256()
    for part in parts:
        array = part.numpy()
        total.update(repr(array.shape).encode())
        total.update(np.ascontiguousarray(array, array.dtype.newbyteorder("<")).tobytes())
    return total.hexdigest()


# ---- digits ----------------------------------------------------------------------------------------------------------


def _digits() -> Source:
    """1,797 handwritten digits, 8 x 8 pixels, 17 grey levels (Alpaydin & Kaynak 1998), shipped with scikit-learn."""
    from sklearn.datasets import load_digits

    bunch = load_digits()
    labels = torch.from_numpy(bunch.target.astype("int64"))
    return Source(
        images=torch.from_numpy(bunch.images.astype("float32"))[:, None],
        labels=labels,
        held_out=stratified(labels, DIGITS_HELD_OUT, DIGITS_SPLIT_SEED),
        classes=tuple(str(digit) for digit in range(10)),
        white=16,
    )


def stratified(labels: torch.Tensor, n: int, seed: int) -> torch.Tensor:
    """A bool mask (N,) of `n` rows in which each class has its share, seats by largest remainder.

    Rows are drawn in the order of sha256(seed, row): unlike a library's generator, that never changes with a version.
    """
    counts = torch.bincount(labels)
    quota = counts.double() * n / len(labels)
    seats = quota.floor().long()
    remainder = torch.argsort(quota - seats, descending=True, stable=True)
    seats[remainder[: n - int(seats.sum())]] += 1
    chosen = torch.zeros(len(labels), dtype=torch.bool)
    for label, seat in enumerate(seats.tolist()):
        rows = torch.nonzero(labels == label).flatten().tolist()
        rows.sort(key=lambda row: hashlib.sha256(f"{seed}:{row}".encode()).digest())
        chosen[rows[:seat]] = True
    return chosen


# ---- fashion-mnist ---------------------------------------------------------------------------------------------------


def _fashion_mnist() -> Source:
    """70,000 photographs of clothes, 28 x 28 grey (Xiao, Rasul & Vollgraf 2017), in the official split 60,000 / 10,000.

    Two black rows and columns on each side make them 32 x 32: networks that double from 4 x 4 cannot make 28, and
    padding keeps every pixel as it was where scaling would blur it. The photographs' background is black already.
    """
    folder = _find_fashion_mnist() or _download_fashion_mnist()
    train_x, train_y, test_x, test_y = (_read_idx(folder, stem, digest) for stem, digest in FASHION_FILES.items())
    images = torch.from_numpy(np.concatenate([train_x, test_x]).astype("float32"))[:, None]
    held_out = torch.zeros(len(images), dtype=torch.bool)
    held_out[len(train_x) :] = True
    labels = torch.from_numpy(np.concatenate([train_y, test_y]).astype("int64"))
    return Source(F.pad(images, (2, 2, 2, 2)), labels, held_out, FASHION_CLASSES, white=255)


def dataset_folders() -> list[Path]:
    """Where copies of data sets are looked for, in this order; nothing needs to exist."""
    chosen = os.environ.get("AIGC_REPORT_DATASETS")
    return ([Path(chosen).expanduser()] if chosen else []) + [home() / "datasets"]


def _find_fashion_mnist() -> Path | None:
    places = [folder / sub for folder in dataset_folders() for sub in ("", "fashion-mnist", "FashionMNIST/raw")]
    for place in [*places, DEBIAN_FASHION]:
        if all((place / stem).is_file() or (place / f"{stem}.gz").is_file() for stem in FASHION_FILES):
            return place
    return None


def _download_fashion_mnist() -> Path:
    """Fetched by torchvision, which checks its digests, into the user's data folder."""
    hint = (
        'install Debian\'s package "dataset-fashion-mnist" or put its four idx files where AIGC_REPORT_DATASETS points'
    )
    if offline():
        raise UsageError(f"Fashion-MNIST is not on this machine and AIGC_REPORT_OFFLINE forbids a download; {hint}.")
    from torchvision.datasets import FashionMNIST

    root = home() / "datasets"
    try:
        FashionMNIST(str(root), download=True)
    except (OSError, RuntimeError) as error:
        reason = str(error).strip().splitlines()[0].rstrip(".")
        raise UsageError(f"Fashion-MNIST could not be downloaded ({reason}); check the network, or {hint}.") from error
    return root / "FashionMNIST" / "raw"


def _read_idx(folder: Path, stem: str, digest: str) -> npt.NDArray[np.uint8]:
    """One idx file, plain or gzipped: two zeros, type 8 (uint8), number of axes, sizes big-endian, then the values."""
    path = folder / stem
    if not path.is_file():
        path = folder / f"{stem}.gz"
    try:
        raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    except (OSError, EOFError) as error:
        raise UsageError(f"{path} cannot be read ({error}); delete it or replace it by an intact copy.") from error
    if hashlib.sha256(raw).hexdigest() != digest:
        raise UsageError(f"{path} is not the published Fashion-MNIST (sha256 differs); replace it by an intact copy.")
    axes = raw[3]
    shape = np.frombuffer(raw, ">u4", count=axes, offset=4)
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * axes).reshape(shape)


LOADERS: dict[str, Callable[[], Source]] = {"digits": _digits, "fashion-mnist": _fashion_mnist}
"""The data sets by name. A folder of images becomes another function here."""
