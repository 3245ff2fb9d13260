"""Feature extractors: the networks in whose features quality is measured, each with the digest of its weights.

A figure of quality is a statement about features, so figures compare only within one extractor digest. Two extractors
are embedded: small classifiers, trained here on the data set of their name (`python -m gan.extractors.build NAME`
rebuilds them). `efficientnet-lite0` knows photographs and comes with its weights in a package; `inception` is the
field's standard, and its weights need a network once. `judge` says which one a run on a data set is measured with.
Importing this package needs no torch; `gan.extractors.network` does.
"""

from dataclasses import dataclass
from importlib import resources

from gan.errors import UsageError


@dataclass(frozen=True, kw_only=True)
class ExtractorSpec:
    """What an extractor is, and how many images it is asked to look at."""

    name: str
    title: str
    features: int
    """Width of the feature vector."""
    resolution: int
    """Side to which images are resized before it sees them."""
    channels: int
    sha256: str = ""
    """Of the file of weights, where they are not this package's own."""
    least: int = 0
    """Images a side from which on the floor of real against real is low; 0 where it never troubles."""
    most: int = 10_000
    """Images a side that a run is measured with at most on an accelerator."""
    most_on_cpu: int = 10_000
    quick: int = 1_000
    """Generated images behind a quick figure during training."""
    batch: int = 500
    """Images embedded at a time; bounds the memory of the largest activation."""


@dataclass(frozen=True, kw_only=True)
class EmbeddedSpec(ExtractorSpec):
    """A small classifier of one data set, whose name it bears, with how it was trained."""

    features: int = 128
    title: str = "a small classifier trained on this data set"
    classes: int = 10
    epochs: int = 0
    batch_size: int = 0
    shift: int = 0
    """Training images move by up to so many pixels: the features shall know a digit off its place."""


EMBEDDED: dict[str, EmbeddedSpec] = {
    spec.name: spec
    for spec in (
        EmbeddedSpec(name="digits", resolution=16, channels=1, epochs=60, batch_size=32, shift=2),
        EmbeddedSpec(name="fashion-mnist", resolution=32, channels=1, epochs=6, batch_size=64, shift=1),
    )
}

EFFICIENTNET_LITE0 = ExtractorSpec(
    name="efficientnet-lite0",
    title="EfficientNet-Lite0 trained on ImageNet",
    features=1280,
    resolution=224,
    channels=3,
    sha256="579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
    least=5_000,
    most=5_000,
    # at 224 pixels an image costs some 0.8 billion operations: a run of a minute shall not wait ten for its figures
    most_on_cpu=2_000,
    quick=200,
    batch=32,
)

INCEPTION = ExtractorSpec(
    name="inception",
    title="Inception-v3, the field's standard for FID",
    features=2048,
    resolution=299,
    channels=3,
    sha256="6726825d0af5f729cebd5821db510b11b1cfad8faad88a03f1befd49fb9129b2",
    least=10_000,  # published figures use 10,000 to 50,000
    most_on_cpu=2_000,
    quick=200,
    batch=32,
)

EXTRACTORS: dict[str, ExtractorSpec] = {
    **EMBEDDED,
    EFFICIENTNET_LITE0.name: EFFICIENTNET_LITE0,
    INCEPTION.name: INCEPTION,
}
"""Every extractor by name, as `gan-bench metrics --extractor` takes it."""


def spec(name: str) -> ExtractorSpec:
    """The extractor called `name`; raises `UsageError` naming those that exist."""
    if name not in EXTRACTORS:
        raise UsageError(f'There is no feature extractor "{name}". Choose one of: {", ".join(EXTRACTORS)}.')
    return EXTRACTORS[name]


def judge(dataset: str) -> str:
    """The extractor that measures runs on `dataset`: its own where there is one, else the one that knows photographs.

    Not `inception`: a run shall be measured on a machine without a network, and always in the same features.
    """
    return dataset if dataset in EMBEDDED else EFFICIENTNET_LITE0.name


def knows_classes(extractor: str, dataset: str) -> bool:
    """Was the extractor's classifier trained on the classes of `dataset`?

    Only then do class shares, and an Inception Score in its classes, mean anything.
    """
    return extractor in EMBEDDED and extractor == dataset


def digest(name: str) -> str:
    """sha256 of the weights of `name`: those listed in the package, or those published."""
    if spec(name).sha256:
        return spec(name).sha256
    for line in resources.files(__package__).joinpath("SHA256SUMS").read_text("utf-8").splitlines():
        value, _, file = line.partition("  ")
        if file == f"{name}.safetensors":
            return value
    raise UsageError(f"This installation lacks the weights of the feature extractor {name}; install the package again.")
