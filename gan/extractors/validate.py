"""What an extractor's figures can tell: ``python -m gan.extractors.validate digits``.

Real training images take the place of generated ones, whole and increasingly damaged, against the held-out split of the
same data. FID has to rise with every step of damage, and the floor shows what sample size alone does. Prints Markdown
tables, and fails (exit 1) where a distance does not rise. `benchmarks/validate_extractors.py` runs it for every
extractor that ships.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated

import torch
import typer
from torch import Tensor

from gan import datasets, extractors
from gan.datasets import Dataset
from gan.errors import UsageError
from gan.extractors.build import accuracy
from gan.extractors.network import Extractor, Network, embed, load
from gan.metrics import Sample, compute

SEED = 7
DISTANCES = ("fid", "kid")
SHOWN = ("fid", "kid", "inception_score", "precision", "recall", "density", "coverage")

BLUR = (0.5, 1.0, 1.5, 2.0)
"""Standard deviations of a Gaussian blur, in pixels of the data set's resolution."""

NOISE = (16.0, 32.0, 64.0, 128.0)
"""Standard deviations of added noise, in grey levels of 255: the least is one level of the 17 that digits have."""

MISSING = (1, 2, 4, 8)
"""How many of the classes are left out; the others fill their places."""

COPIES = (2, 5, 20, 100)
"""How often each image occurs: the sample keeps its size and holds so many times fewer different images."""

FLOORS = (100, 250, 500, 1_000, 2_500, 5_000, 10_000)


@dataclass(frozen=True)
class Damage:
    """One step of damage and the figures it gives; amount 0 is untouched."""

    kind: str
    amount: float
    figures: dict[str, float]


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
    order = _order(dataset.train)
    whole = dataset.train[order[:n]]

    def without(missing: int) -> Tensor:
        kept = order[dataset.train_labels[order] >= missing]
        return dataset.train[kept.repeat(-(-n // len(kept)))[:n]]

    def copied(times: int) -> Tensor:
        return whole[: -(-n // times)].repeat(times, 1, 1, 1)[:n]

    yield "none", 0, lambda: whole
    for sigma in BLUR:
        yield "blur", sigma, lambda sigma=sigma: blurred(whole, sigma)  # type: ignore[misc]
    for sigma in NOISE:
        yield "noise", sigma, lambda sigma=sigma: noisy(whole, sigma)  # type: ignore[misc]
    for missing in MISSING:
        yield "missing classes", missing, lambda missing=missing: without(missing)  # type: ignore[misc]
    for times in COPIES:
        yield "copies of each", times, lambda times=times: copied(times)  # type: ignore[misc]


def under_damage(network: Network, real: Sample, dataset: Dataset) -> list[Damage]:
    """Figures of damaged training images against the held-out sample `real`, as many as it holds."""
    return [
        Damage(kind, amount, _figures(real, embed(images(), network)))
        for kind, amount, images in damages(dataset, len(real.features))
    ]


def floors(real: Sample, train: Sample) -> dict[int, dict[str, float]]:
    """Figures of untouched training images against held-out ones, by the number of images a side."""
    most = len(real.features)
    sizes = sorted({*(size for size in FLOORS if size < most), most})
    return {n: _figures(_first(real, n), _first(train, n)) for n in sizes}


def falls(steps: list[Damage]) -> list[str]:
    """Where a distance does not rise with damage: a sentence each; empty for an extractor that can be believed."""
    untouched = next(step for step in steps if step.amount == 0)
    found = []
    for kind in dict.fromkeys(step.kind for step in steps if step.amount):
        ladder = [untouched, *(step for step in steps if step.kind == kind)]
        for below, above in pairwise(ladder):
            found += [
                f"{name} does not rise from {kind} {below.amount:g} to {above.amount:g}: "
                f"{below.figures[name]:.6g}, {above.figures[name]:.6g}"
                for name in DISTANCES
                if not above.figures[name] > below.figures[name]
            ]
    return found


def main(
    extractor: Annotated[str, typer.Argument(help="The extractor.")],
    dataset: Annotated[str | None, typer.Option(help="Images; default: those the extractor is named after.")] = None,
    n: Annotated[int | None, typer.Option(min=10, help="Images a side; default: all that are held out.")] = None,
    floor: Annotated[int | None, typer.Option(min=10, help="Most images a side of the floor; default: as --n.")] = None,
) -> None:
    """Print the figures of an extractor under damage, and its floor by sample size."""
    try:
        lines, wrong = report(extractor, dataset or extractor, n, floor)
    except UsageError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from error
    print("\n".join([*lines, *wrong]))
    if wrong:
        raise typer.Exit(1)


def report(extractor: str, name: str, n: int | None = None, floor: int | None = None) -> tuple[list[str], list[str]]:
    """Markdown: digest, accuracy where the extractor has one, both tables; and the sentences of `falls`."""
    of, network = extractors.spec(extractor), load(extractor)
    data = datasets.load(name, of.resolution if extractor in extractors.EMBEDDED else 32)
    all_held_out = min(len(data.train), len(data.held_out))
    n = min(all_held_out, n or of.most)
    most = min(all_held_out, max(n, floor or 0))
    about = [f"Weights: sha256 `{extractors.digest(extractor)}`.", f"{n:,} images a side."]
    if isinstance(network, Extractor):
        right = accuracy(network, data.held_out, data.held_out_labels)
        about.insert(1, f"Its classifier is right on {right:.1%} of the held-out images.")
    real = embed(data.held_out[_order(data.held_out)[:most]], network)
    train = embed(data.train[_order(data.train)[:most]], network)
    steps = under_damage(network, _first(real, n), data)
    shown = [metric for metric in SHOWN if metric in steps[0].figures]
    lines = [f"### {extractor} on {name}", "", " ".join(about), ""]
    lines += [f"| damage | amount | {' | '.join(shown)} |", f"|---|---:|{'---:|' * len(shown)}"]
    lines += [f"| {s.kind} | {s.amount:g} | {_cells(s.figures, shown)} |" for s in steps]
    lines += ["", f"| n a side | {' | '.join(shown)} |", f"|---:|{'---:|' * len(shown)}"]
    lines += [f"| {size:,} | {_cells(figures, shown)} |" for size, figures in floors(real, train).items()]
    return [*lines, ""], falls(steps)


def _cells(figures: dict[str, float], shown: list[str]) -> str:
    return " | ".join(f"{figures[metric]:.4g}" for metric in shown)


def _figures(real: Sample, fake: Sample) -> dict[str, float]:
    shown = [name for name in SHOWN if name != "inception_score" or fake.probabilities is not None]
    return {name: figure.value for name, figure in compute(real, fake, shown).items()}


def _first(sample: Sample, n: int) -> Sample:
    return Sample(sample.features[:n], None if sample.probabilities is None else sample.probabilities[:n])


def _order(images: Tensor) -> Tensor:
    return torch.randperm(len(images), generator=torch.Generator().manual_seed(SEED))


if __name__ == "__main__":
    typer.run(main)
