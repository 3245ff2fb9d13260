"""Inception-v3 with the weights of 2015: the extractor behind published FIDs, for users with a network.

Network and resizing are torch-fidelity's, whose promise is equality with the reference implementation; its weights are
Google's (Apache-2.0), 95 MB, fetched once from torch-fidelity's release or taken from where that library left them.
"""

import hashlib
from importlib.util import find_spec
from pathlib import Path

import torch
from torch import Tensor, nn

from gan.errors import UsageError
from gan.extractors import INCEPTION
from gan.extractors.network import Network, in_channels
from gan.paths import home, offline

FILE = "weights-inception-2015-12-05-6726825d.pth"


class Inception(Network):
    """torch-fidelity's network: 2,048 features and the 1,008 logits without bias that the Inception Score uses."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.spec = INCEPTION
        self.network = network

    def look_at(self, images: Tensor) -> Tensor:
        """uint8 in three channels; it resizes by itself, as TensorFlow 1 did."""
        return in_channels(images, self.spec.channels).contiguous()

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Features (N, 2048) and logits (N, 1008) of uint8 images (N, 3, H, W)."""
        features, logits = self.network(images)
        return features, logits


def places() -> list[Path]:
    """Where the weights are looked for: the user's data folder, then PyTorch's cache, which torch-fidelity uses."""
    return [home() / "extractors" / FILE, Path(torch.hub.get_dir()) / "checkpoints" / FILE]


def load() -> Inception:
    """The network with the published weights; raises `UsageError` where they or torch-fidelity cannot be had."""
    if find_spec("torch_fidelity") is None:
        raise UsageError(
            "The feature extractor inception needs torch-fidelity; install it with: pip install torch-fidelity"
        )
    from torch_fidelity.feature_extractor_inceptionv3 import FeatureExtractorInceptionV3

    file = next((place for place in places() if place.is_file()), None) or _download()
    # the library unpickles the file without restraint: so nothing but the published file gets there
    if hashlib.sha256(file.read_bytes()).hexdigest() != INCEPTION.sha256:
        raise UsageError(f"{file} is not the published file of weights (sha256 differs); delete it.")
    return Inception(FeatureExtractorInceptionV3("inception", ["2048", "logits_unbiased"], str(file)))


def _download() -> Path:
    from torch_fidelity.feature_extractor_inceptionv3 import URL_INCEPTION_V3

    to = places()[0]
    if offline():
        raise UsageError(
            f"The weights of Inception-v3 are not on this machine and AIGC_REPORT_OFFLINE forbids a download; "
            f"put {FILE} into {to.parent}."
        )
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        torch.hub.download_url_to_file(URL_INCEPTION_V3, str(to), hash_prefix=INCEPTION.sha256, progress=False)
    except (OSError, RuntimeError) as error:
        reason = str(error).strip().splitlines()[0].rstrip(".")
        raise UsageError(
            f"The weights of Inception-v3 could not be downloaded ({reason}); check the network, "
            f"or put {FILE} into {to.parent}."
        ) from error
    return to
