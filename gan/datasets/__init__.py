"""Real images as uint8 tensors, with a part held out that neither training nor tuning sees.

A built-in data set is a row of `LOADERS`: a name and a function that returns its images at their native size. `load`
brings them to the asked resolution and digests what comes out. All arithmetic on the way (padding, bilinear steps by
powers of two, two-by-two means) is exact in float32, so the tensors, and with them the digest, are the same on every
platform. Any other name is a folder of images (`gan.datasets.folder`); decoders of JPEG may differ by a grey level
between platforms, and the digest then says so.
"""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from gan.config import RESOLUTIONS, find_dataset, is_folder
from gan.datasets import folder
from gan.datasets.cifar import cifar10
from gan.datasets.digits import digits
from gan.datasets.idx import fashion_mnist, mnist
from gan.datasets.images import Dataset, Source, at_resolution, stratified
from gan.errors import UsageError

__all__ = ["LOADERS", "Dataset", "Source", "load", "stratified"]

LOADERS: dict[str, Callable[[], Source]] = {
    "digits": digits,
    "fashion-mnist": fashion_mnist,
    "mnist": mnist,
    "cifar10": cifar10,
}
"""The built-in data sets by name."""


@lru_cache(maxsize=2)
def load(name: str, resolution: int) -> Dataset:
    """The data set `name`, or the folder of images of that path, at `resolution`.

    Unknown names, resolutions, missing files and folders with too few images raise `UsageError`.
    """
    name = find_dataset(name)
    if resolution not in RESOLUTIONS:
        raise UsageError(f"Resolution {resolution} is not offered. Choose one of: {', '.join(map(str, RESOLUTIONS))}.")
    if is_folder(name):
        return folder.load(Path(name), resolution)
    return at_resolution(name, LOADERS[name](), resolution)
