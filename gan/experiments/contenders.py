"""Networks that experiments compare with each other: of a stated size, and one way to train them all.

Images are uint8 (N, C, H, W), labels int64 (N,), as data sets hold them. Nothing here is tuned per network: Adam with a
rate that falls in a straight line to zero, the same for everyone, so that a comparison is one of networks.
"""

import math
from collections.abc import Callable
from typing import TypeVar

import torch
import torch.nn.functional as F
from torch import nn

from gan.networks import parameters
from gan.pictures import to_float

RATE = 3e-3
"""Adam's rate at the start."""
LAYERS = 3
"""Hidden layers of the plain network, as many as the convolutional one has."""

Tensor = torch.Tensor
Net = TypeVar("Net", bound=nn.Module)
Augment = Callable[[Tensor, torch.Generator], Tensor]
"""From float images (N, C, H, W) in -1..1 to changed ones of the same classes."""


class Convolutional(nn.Module):
    """Three 3 x 3 convolutions, two of which halve the side, means over the four quarters, and a linear layer.

    `encode` gives the features (N, `features`) before that layer.
    """

    def __init__(self, channels: int, classes: int, width: int = 12) -> None:
        super().__init__()
        self.encode = nn.Sequential(
            nn.Conv2d(channels, width, 3, padding=1),
            nn.ReLU(inplace=True),
            nn.Conv2d(width, 2 * width, 3, stride=2, padding=1),
            nn.ReLU(inplace=True),
            nn.Conv2d(2 * width, 4 * width, 3, stride=2, padding=1),
            nn.ReLU(inplace=True),
            nn.AdaptiveAvgPool2d(2),  # coarse places stay apart: a stroke above is another one below
            nn.Flatten(),
        )
        self.features = 16 * width
        self.classify = nn.Linear(self.features, classes)

    def forward(self, images: Tensor) -> Tensor:
        """Logits (N, classes) of float images in -1..1."""
        logits: Tensor = self.classify(self.encode(images))
        return logits


class Plain(nn.Module):
    """Every pixel to every unit: `LAYERS` hidden layers of one width, ReLU between them."""

    def __init__(self, inputs: int, classes: int, width: int) -> None:
        super().__init__()
        layers: list[nn.Module] = [nn.Flatten()]
        for size in [inputs, *[width] * (LAYERS - 1)]:
            layers += [nn.Linear(size, width), nn.ReLU(inplace=True)]
        self.main = nn.Sequential(*layers, nn.Linear(width, classes))

    def forward(self, images: Tensor) -> Tensor:
        """Logits (N, classes) of float images in -1..1."""
        logits: Tensor = self.main(images)
        return logits

    @classmethod
    def of_size(cls, inputs: int, classes: int, wanted: int) -> "Plain":
        """The plain network whose number of parameters comes nearest to `wanted`."""
        # (LAYERS - 1) w² + (inputs + classes + LAYERS) w + classes = wanted
        a, b, c = LAYERS - 1, inputs + classes + LAYERS, classes - wanted
        width = max(1, round((-b + math.sqrt(b * b - 4 * a * c)) / (2 * a)))
        near = [cls(inputs, classes, w) for w in (max(1, width - 1), width, width + 1)]
        return min(near, key=lambda network: abs(parameters(network) - wanted))


class Linear(nn.Module):
    """No hidden layer at all: the logits are weighted sums of the pixels."""

    def __init__(self, inputs: int, classes: int) -> None:
        super().__init__()
        self.main = nn.Sequential(nn.Flatten(), nn.Linear(inputs, classes))

    def forward(self, images: Tensor) -> Tensor:
        """Logits (N, classes) of float images in -1..1."""
        logits: Tensor = self.main(images)
        return logits


def fresh(make: Callable[[], Net], seed: int) -> Net:
    """What `make` makes, with weights that follow from `seed` alone."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return make()


def fit(
    network: Net,
    images: Tensor,
    labels: Tensor,
    *,
    steps: int,
    batch_size: int,
    seed: int,
    augment: Augment | None = None,
) -> Net:
    """`network` after `steps` batches of cross-entropy, ready to judge. Batches and `augment` draw from `seed`."""
    random = torch.Generator().manual_seed(seed)
    adam = torch.optim.Adam(network.parameters(), RATE)
    network.train()
    for step in range(steps):
        adam.param_groups[0]["lr"] = RATE * (1 - step / steps)
        rows = torch.randint(len(images), (batch_size,), generator=random)
        batch = to_float(images[rows])
        loss = F.cross_entropy(network(batch if augment is None else augment(batch, random)), labels[rows])
        adam.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        adam.step()
    return network.eval()


@torch.inference_mode()
def outputs(network: Callable[[Tensor], Tensor], images: Tensor, batch: int = 500) -> Tensor:
    """What `network` says of uint8 `images`, (N, ...)."""
    return torch.cat([network(to_float(part)) for part in torch.split(images, batch)])


def accuracy(network: Callable[[Tensor], Tensor], images: Tensor, labels: Tensor) -> float:
    """Share of `images` whose likeliest class is their label."""
    return float((outputs(network, images).argmax(dim=1) == labels).double().mean())


def nested_rows(labels: Tensor, per_class: int, seed: int) -> Tensor:
    """Rows of `per_class` images of each class; what is chosen for few is among what is chosen for more."""
    random = torch.Generator().manual_seed(seed)
    order = torch.randperm(len(labels), generator=random)
    chosen = [order[labels[order] == label][:per_class] for label in range(int(labels.max()) + 1)]
    return torch.cat(chosen).sort().values
