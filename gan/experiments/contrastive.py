"""Learning from images without labels: two changed copies of one picture belong together, all others do not.

SimCLR: Chen, Kornblith, Norouzi & Hinton 2020, arXiv:2002.05709, small. Departures: a small network, small batches, no
colour to change, and the changes of `changed` in place of crops, which at 16 pixels lose the subject.
"""

import torch
import torch.nn.functional as F
from torch import nn

from gan.experiments import contenders
from gan.experiments.classify import moved
from gan.experiments.contenders import Convolutional
from gan.loop import seed_of
from gan.pictures import to_float

PAIRS = 128
TEMPERATURE = 0.5  # Chen et al. 2020, for small images and batches (appendix B.9)
PROJECTED = 64
HIDDEN_SHARE = 0.25
"""Side of the hidden square, as a share of the image's."""

Tensor = torch.Tensor


def pretrain(network: Convolutional, images: Tensor, *, steps: int, seed: int) -> None:
    """Teach `network.encode`, in place, which of the changed copies of uint8 `images` belong together."""
    random = torch.Generator().manual_seed(seed_of(seed, "pretraining"))
    features = network.features
    project = contenders.fresh(
        lambda: nn.Sequential(nn.Linear(features, features), nn.ReLU(inplace=True), nn.Linear(features, PROJECTED)),
        seed_of(seed, "projection"),
    )
    adam = torch.optim.Adam([*network.encode.parameters(), *project.parameters()], contenders.RATE)
    for step in range(steps):
        adam.param_groups[0]["lr"] = contenders.RATE * (1 - step / steps)
        batch = to_float(images[torch.randint(len(images), (PAIRS,), generator=random)])
        views = torch.cat([changed(batch, random), changed(batch, random)])
        loss = contrast(project(network.encode(views)))
        adam.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        adam.step()
    network.eval()


def changed(images: Tensor, random: torch.Generator) -> Tensor:
    """Float `images` (N, C, H, W) in -1..1, each moved a little, lighter or darker, and with a square of it hidden.

    Nothing that makes another class of a digit or a piece of clothing.
    """
    n, _, height, width = images.shape
    brightness = 0.6 + 0.8 * torch.rand(n, 1, 1, 1, generator=random)
    top, left = (torch.rand(2, n, 1, 1, generator=random) * (1 - HIDDEN_SHARE)).unbind()
    down, across = torch.arange(height)[:, None] / height, torch.arange(width)[None] / width
    hidden = (down >= top) & (down < top + HIDDEN_SHARE) & (across >= left) & (across < left + HIDDEN_SHARE)
    shown = (moved(images, random) + 1) * brightness
    return shown.clamp(0, 2).masked_fill(hidden[:, None], 0.0) - 1


def contrast(projected: Tensor, temperature: float = TEMPERATURE) -> Tensor:
    """The mean of -log softmax of each row's similarity to its partner, among all other rows.

    Chen et al. 2020, equation 1 (NT-Xent). Rows i and i + n of `projected` (2n, d) come from one image.
    """
    unit = F.normalize(projected, dim=1)
    similar = (unit @ unit.T / temperature).masked_fill(torch.eye(len(unit), dtype=torch.bool), -torch.inf)
    partner = torch.arange(len(unit)).roll(len(unit) // 2)
    return F.cross_entropy(similar, partner)
