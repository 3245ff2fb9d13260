"""Losses equal the plain formulas in logs of probabilities, and differ where the document's formula and code differ."""

import torch

from gan.losses import LOSSES


def plain(real: torch.Tensor, fake: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    d_real, d_fake = torch.sigmoid(real), torch.sigmoid(fake)
    value = d_real.log().mean() + (1 - d_fake).log().mean()
    return -value, (1 - d_fake).log().mean(), -d_fake.log().mean()


def test_losses_equal_the_formulas_in_probabilities() -> None:
    generator = torch.Generator().manual_seed(0)
    real, fake = torch.randn(2, 64, dtype=torch.float64, generator=generator) * 3
    discriminator, saturating, non_saturating = plain(real, fake)
    for name, expected in (("saturating", saturating), ("non_saturating", non_saturating)):
        torch.testing.assert_close(LOSSES[name].discriminator(real, fake), discriminator)
        torch.testing.assert_close(LOSSES[name].generator(fake), expected)


def test_a_winning_discriminator_silences_only_the_saturating_generator() -> None:
    gradient = {}
    for name, loss in LOSSES.items():
        fake = torch.full((8,), -12.0, requires_grad=True)
        loss.generator(fake).backward()
        gradient[name] = float(fake.grad.abs().sum())
    assert gradient["saturating"] < 1e-4
    assert gradient["non_saturating"] > 0.99


def test_losses_stay_finite_where_probabilities_round_to_zero_and_one() -> None:
    real, fake = torch.full((4,), -500.0), torch.full((4,), 500.0)
    for loss in LOSSES.values():
        assert torch.isfinite(loss.discriminator(real, fake))
        assert torch.isfinite(loss.generator(fake))
