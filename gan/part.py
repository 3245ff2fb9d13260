"""Which of a data set's training images a run sees, and which labels it is told. Held-out images are never touched.

The choice is the same every time for the same `choice`, on every platform that draws torch's random numbers alike, and
smaller parts lie within larger ones.
"""

import math

import torch

from gan.config import TrainConfig
from gan.datasets.images import Dataset
from gan.errors import UsageError
from gan.loop import seed_of


def rows(cfg: TrainConfig, data: Dataset) -> torch.Tensor:
    """Rows of `data.train` in ascending order; with `balanced`, rows of rarer classes more than once.

    Raises `UsageError` where more images are asked for than there are, or classes of a data set without any.
    """
    chosen = _chosen(cfg, data)
    if not cfg.balanced:
        return chosen
    _need_classes(data, "balanced")
    by_class = [chosen[data.train_labels[chosen] == label] for label in distinct(data.train_labels[chosen])]
    most = max(map(len, by_class))
    return torch.cat([same.repeat(math.ceil(most / len(same)))[:most] for same in by_class]).sort().values


def labels(cfg: TrainConfig, data: Dataset, rows: torch.Tensor) -> torch.Tensor | None:
    """The labels of `rows` as the networks are told them; None where they are told none.

    With `label_share`, that share of every class's training images (at least one) keeps its label; the others have the
    number behind the last class, which stands for "unknown".
    """
    if not cfg.conditional:
        return None
    if cfg.label_share is None:
        return data.train_labels[rows]
    _need_classes(data, "label_share")
    seen = distinct(rows)
    order = seen[_order(len(seen), "labelled rows", cfg.choice)]
    told = torch.full((len(data.train),), len(data.classes))
    for label in range(len(data.classes)):
        same = order[data.train_labels[order] == label]
        known = same[: math.ceil(cfg.label_share * len(same))]
        told[known] = label
    return told[rows]


def distinct(rows: torch.Tensor) -> torch.Tensor:
    """Each of `rows` once, in ascending order."""
    once: torch.Tensor = torch.unique(rows)
    return once


def _chosen(cfg: TrainConfig, data: Dataset) -> torch.Tensor:
    n = len(data.train)
    if cfg.class_images is not None:
        return _of_classes(cfg.class_images, cfg.choice, data)
    if cfg.train_images is None:
        return torch.arange(n)
    if cfg.train_images > n:
        raise UsageError(f"train_images is {cfg.train_images}, and {data.name} has {n} training images.")
    return _order(n, "training rows", cfg.choice)[: cfg.train_images].sort().values


def _of_classes(wanted: dict[int, int], choice: int, data: Dataset) -> torch.Tensor:
    _need_classes(data, "class_images")
    order = _order(len(data.train), "training rows", choice)
    found = []
    for label, count in sorted(wanted.items()):
        if label >= len(data.classes):
            last = len(data.classes) - 1
            raise UsageError(f"class_images names class {label}, and the classes of {data.name} are 0 to {last}.")
        same = order[data.train_labels[order] == label]
        if count > len(same):
            name = data.classes[label]
            raise UsageError(f"class_images asks for {count} images of class {name}, and {data.name} has {len(same)}.")
        found.append(same[:count])
    return torch.cat(found).sort().values


def _order(n: int, purpose: str, choice: int) -> torch.Tensor:
    """A shuffled 0..n-1; `choice` 0 is what records without a choice have."""
    seed = seed_of(purpose, choice) if choice else seed_of(purpose)
    return torch.randperm(n, generator=torch.Generator().manual_seed(seed))


def _need_classes(data: Dataset, setting: str) -> None:
    if not data.classes:
        raise UsageError(f"{setting} needs a data set with classes, and the images of {data.name} have none.")
