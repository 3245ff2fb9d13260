"""Feature extractors: a small classifier per data set, shipped with its weights and their digest.

A figure of quality is a statement about features, so figures compare only within one extractor digest. The weights
rebuild with `python -m gan.extractors.build NAME`. Importing this package needs no torch; `gan.extractors.network`
does.
"""

from dataclasses import dataclass
from importlib import resources

from gan.errors import UsageError


@dataclass(frozen=True)
class ExtractorSpec:
    """What an extractor is and how it was trained; its name is that of its data set."""

    name: str
    resolution: int
    channels: int
    classes: int
    epochs: int
    batch_size: int
    shift: int
    """Training images move by up to so many pixels: the features shall know a digit off its place."""


EXTRACTORS: dict[str, ExtractorSpec] = {
    spec.name: spec
    for spec in (
        ExtractorSpec("digits", resolution=16, channels=1, classes=10, epochs=60, batch_size=32, shift=2),
        ExtractorSpec("fashion-mnist", resolution=32, channels=1, classes=10, epochs=6, batch_size=64, shift=1),
    )
}

FEATURES = 128
"""Width of the feature vector, the last layer before the classifier."""


def spec(name: str) -> ExtractorSpec:
    """The extractor called `name`; raises `UsageError` naming those that exist."""
    if name not in EXTRACTORS:
        raise UsageError(f'There is no feature extractor "{name}". Choose one of: {", ".join(EXTRACTORS)}.')
    return EXTRACTORS[name]


def digest(name: str) -> str:
    """sha256 of the shipped weights of `name`, from the package's list of digests."""
    for line in resources.files(__package__).joinpath("SHA256SUMS").read_text("utf-8").splitlines():
        value, _, file = line.partition("  ")
        if file == f"{name}.safetensors":
            return value
    raise UsageError(f"This installation lacks the weights of the feature extractor {name}; install the package again.")
