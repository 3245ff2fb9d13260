"""What the two networks minimise, from logits. A loss is a row of `LOSSES`: a name and two functions of one signature.

With D = sigmoid(logit), the value function of Goodfellow et al. 2014 (equation 1; the founding document's section 4.1)
is

    V = E[log D(x)] + E[log(1 - D(G(z)))]

The discriminator maximises V. The generator either minimises its second term ("saturating": the document's formula) or
maximises E[log D(G(z))] ("non_saturating": the document's code, and the advice of the paper's section 3, because the
formula's gradient vanishes while the discriminator wins).
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch.nn.functional import softplus

Tensor = torch.Tensor


@dataclass(frozen=True)
class Loss:
    """`discriminator(real_logits, fake_logits)` and `generator(fake_logits)`: scalars to minimise, from logits (N,)."""

    discriminator: Callable[[Tensor, Tensor], Tensor]
    generator: Callable[[Tensor], Tensor]


def discriminator_cross_entropy(real: Tensor, fake: Tensor) -> Tensor:
    """-V: -log D(x) = softplus(-logit) and -log(1 - D) = softplus(logit), which never take the log of 0."""
    return softplus(-real).mean() + softplus(fake).mean()


def generator_non_saturating(fake: Tensor) -> Tensor:
    """-E[log D(G(z))]."""
    return softplus(-fake).mean()


def generator_saturating(fake: Tensor) -> Tensor:
    """E[log(1 - D(G(z)))]."""
    return -softplus(fake).mean()


LOSSES: dict[str, Loss] = {
    "non_saturating": Loss(discriminator_cross_entropy, generator_non_saturating),
    "saturating": Loss(discriminator_cross_entropy, generator_saturating),
}
