"""Data sets that torchvision knows where to fetch; it checks their digests, and so does whoever reads the files."""

from pathlib import Path

from gan import copies
from gan.errors import UsageError
from gan.paths import home

TORCHVISION: dict[str, str] = {"fashion-mnist": "FashionMNIST", "mnist": "MNIST", "cifar10": "CIFAR10"}
"""The class of torchvision.datasets that fetches a data set."""


def download(name: str) -> Path:
    """Fetch the published data set `name` into the user's data folder and return where its files are.

    Raises `UsageError` where a download is forbidden or fails; the sentence says how to do without.
    """
    copies.refuse_download(name)
    from torchvision import datasets as known

    root = home() / "datasets"
    try:
        root.mkdir(parents=True, exist_ok=True)
        getattr(known, TORCHVISION[name])(str(root), download=True)
    except (OSError, RuntimeError) as error:
        reason = str(error).strip().splitlines()[0].rstrip(".")
        raise UsageError(
            f"{copies.PUBLISHED[name].title} could not be downloaded ({reason}); check the network, "
            f"or {copies.advice(name)}."
        ) from error
    found = copies.find(name)
    if found is None:
        raise UsageError(
            f"torchvision left no copy of {copies.PUBLISHED[name].title} in {root}; {copies.advice(name)}."
        )
    return found
