"""What an extractor's figures can tell: ``python -m gan.extractors.validate digits`` (or ``fashion-mnist``).

Real training images take the place of generated ones, whole and increasingly damaged, against the held-out split. FID
has to rise with every step of damage, and the floor shows what sample size alone does. Prints Markdown tables.
"""

from collections.abc import Callable, Iterator

import torch
import typer
from torch import Tensor

from gan import datasets, extractors
from gan.datasets import Dataset
from gan.extractors.build import accuracy
from gan.extractors.network import embed, load
from gan.metrics import compute

SEED = 7
SHOWN = ("fid", "kid", "inception_score", "precision", "recall", "density", "coverage")

BLUR = (0.5, 1.0, 1.5, 2.0)
"""Standard deviations of a Gaussian blur, in pixels of the extractor's resolution."""

NOISE = (8.0, 16.0, 32.0, 64.0)
"""Standard deviations of added noise, in grey levels of 255."""

MISSING = (1, 2, 4, 8)
"""How many of the classes are left out; the others fill their places."""

FLOORS = (100, 250, 500, 1_000, 2_500, 5_000, 10_000)


def blurred(images: Tensor, sigma: float) -> Tensor:
    """uint8 (N, C, H, W) under a Gaussian blur, edges reflected."""
    reach = min(int(4 * sigma + 0.5) or 1, images.shape[-1] // 2 - 1)
    weights = torch.exp(-0.5 * (torch.arange(-reach, reach + 1) / sigma) ** 2)
    weights /= weights.sum()
    channels = images.shape[1]
    x = torch.nn.functional.pad(images.float(), (reach,) * 4, mode="reflect")
    x = torch.nn.functional.conv2d(x, weights.view(1, 1, 1, -1).expand(channels, 1, 1, -1), groups=channels)
    x = torch.nn.functional.conv2d(x, weights.view(1, 1, -1, 1).expand(channels, 1, -1, 1), groups=channels)
    return x.round().clamp(0, 255).to(torch.uint8)


def noisy(images: Tensor, sigma: float) -> Tensor:
    """uint8 (N, C, H, W) with Gaussian noise of `sigma` grey levels, clipped."""
    noise = torch.randn(images.shape, generator=torch.Generator().manual_seed(SEED))
    return (images.float() + sigma * noise).round().clamp(0, 255).to(torch.uint8)


def damages(dataset: Dataset, n: int) -> Iterator[tuple[str, float, Callable[[], Tensor]]]:
    """(kind, amount, n damaged training images) in order of damage within a kind; amount 0 is untouched."""
    order = torch.randperm(len(dataset.train), generator=torch.Generator().manual_seed(SEED))
    whole = dataset.train[order[:n]]

    def without(missing: int) -> Tensor:
        kept = order[dataset.train_labels[order] >= missing]
        return dataset.train[kept.repeat(-(-n // len(kept)))[:n]]

    yield "none", 0, lambda: whole
    for sigma in BLUR:
        yield "blur", sigma, lambda sigma=sigma: blurred(whole, sigma)  # type: ignore[misc]
    for sigma in NOISE:
        yield "noise", sigma, lambda sigma=sigma: noisy(whole, sigma)  # type: ignore[misc]
    for missing in MISSING:
        yield "missing classes", missing, lambda missing=missing: without(missing)  # type: ignore[misc]


def main(name: str) -> None:
    """Print the accuracy of the extractor NAME, its figures under damage, and its floor by sample size."""
    of = extractors.spec(name)
    network = load(name)
    dataset = datasets.load(name, of.resolution)
    most = min(len(dataset.train), len(dataset.held_out))
    print(f"{name}, sha256 {extractors.digest(name)}")
    print(f"accuracy: held out {accuracy(network, dataset.held_out, dataset.held_out_labels):.4f}\n")

    real = embed(dataset.held_out[:most], network)
    print(f"n = {most}\n\n| damage | amount | {' | '.join(SHOWN)} |\n|---|---:|{'---:|' * len(SHOWN)}")
    for kind, amount, images in damages(dataset, most):
        figures = compute(real, embed(images(), network), SHOWN)
        print(f"| {kind} | {amount:g} | {' | '.join(f'{figures[m].value:.4g}' for m in SHOWN)} |")

    print(f"\n| n a side | {' | '.join(SHOWN)} |\n|---:|{'---:|' * len(SHOWN)}")
    order = torch.randperm(len(dataset.train), generator=torch.Generator().manual_seed(SEED))
    held = torch.randperm(len(dataset.held_out), generator=torch.Generator().manual_seed(SEED))
    for n in sorted({*(n for n in FLOORS if n < most), most}):
        floor = compute(embed(dataset.held_out[held[:n]], network), embed(dataset.train[order[:n]], network), SHOWN)
        print(f"| {n:,} | {' | '.join(f'{floor[m].value:.4g}' for m in SHOWN)} |")


if __name__ == "__main__":
    typer.run(main)
