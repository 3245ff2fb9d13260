"""Small classifiers that experiments train: on real images, generated ones, or both, always in the same way.

Three convolutions, batch normalisation, the mean over the image, a linear layer: the shape of the extractors, half as
wide, from other weights. Steps are counted, not epochs, so that more images never mean more training.
"""

import math

import torch
import torch.nn.functional as F
from torch import nn

from gan.loop import seed_of
from gan.pictures import to_float

BATCH = 64
PEAK_RATE = 5e-3
WEIGHT_DECAY = 0.02
SHIFT = 0.12
"""Most that an augmented image moves, as a share of its side."""
TURN = 0.2
"""Most that it turns, in radians: 11 degrees, after which a 6 is no 9."""
ZOOM = 0.1
"""Most that it grows or shrinks."""


class Classifier(nn.Module):
    """Float images (N, C, H, W) in -1..1 to logits (N, classes)."""

    def __init__(self, channels: int, classes: int, width: int = 16) -> None:
        super().__init__()

        def stage(inputs: int, outputs: int, stride: int) -> list[nn.Module]:
            convolution = nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False)
            return [convolution, nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)]

        self.body = nn.Sequential(
            *stage(channels, width, 2), *stage(width, 2 * width, 1), nn.MaxPool2d(2), *stage(2 * width, 4 * width, 1)
        )
        self.head = nn.Linear(4 * width, classes)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Logits."""
        logits: torch.Tensor = self.head(self.body(images).mean(dim=(2, 3)))
        return logits


def train(
    images: torch.Tensor,
    labels: torch.Tensor,
    classes: int,
    *,
    seed: int,
    steps: int,
    augment: bool = False,
    device: torch.device | str = "cpu",
) -> Classifier:
    """A classifier trained on uint8 `images` (N, C, H, W) and `labels` (N,) for `steps` batches: AdamW, one cycle.

    Every image is drawn equally often, up to one. With `augment` each is shifted, turned and zoomed a little, another
    way every time. The same seed gives the same weights to begin with and the same draws.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed_of(seed, "classifier"))
        network = Classifier(images.shape[1], classes)
    network = network.to(device).train()
    random = torch.Generator().manual_seed(seed_of(seed, "classifier batches"))
    optimiser = torch.optim.AdamW(network.parameters(), lr=PEAK_RATE, weight_decay=WEIGHT_DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, PEAK_RATE, total_steps=steps)
    rows = _rows(len(images), steps * BATCH, random)
    for chosen in torch.split(rows, BATCH):
        batch = to_float(images[chosen].to(device))
        if augment:
            batch = moved(batch, random)
        loss = F.cross_entropy(network(batch), labels[chosen].to(device))
        optimiser.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        optimiser.step()
        schedule.step()
    return network.eval().requires_grad_(False)


def moved(images: torch.Tensor, random: torch.Generator) -> torch.Tensor:
    """Float `images` in -1..1, each shifted, turned and zoomed by chance; what comes into view is background (-1)."""
    n = len(images)
    shift_x, shift_y, turn, zoom = (2 * torch.rand(4, n, generator=random) - 1).unbind()
    scale = 1 + ZOOM * zoom
    cos, sin = torch.cos(TURN * turn) * scale, torch.sin(TURN * turn) * scale
    rows = [torch.stack([cos, -sin, 2 * SHIFT * shift_x], 1), torch.stack([sin, cos, 2 * SHIFT * shift_y], 1)]
    theta = torch.stack(rows, dim=1).to(images.device)  # (N, 2, 3)
    grid = F.affine_grid(theta, list(images.shape), align_corners=False)
    return F.grid_sample(images + 1, grid, align_corners=False) - 1


@torch.inference_mode()
def predict(network: Classifier, images: torch.Tensor) -> torch.Tensor:
    """Class probabilities (N, classes) of uint8 `images`, on the CPU."""
    device = next(network.parameters()).device
    parts = [network(to_float(part.to(device))).softmax(dim=1) for part in torch.split(images, 500)]
    return torch.cat(parts).cpu()


def _rows(n: int, wanted: int, random: torch.Generator) -> torch.Tensor:
    """`wanted` rows of `n`, one shuffled pass after another."""
    passes = [torch.randperm(n, generator=random) for _ in range(math.ceil(wanted / n))]
    return torch.cat(passes)[:wanted]
