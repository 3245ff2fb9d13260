"""What methods minimise, against closed forms and independent references."""

import math

import pytest
import torch
from torch import nn
from torch.distributions import Normal, kl_divergence

from gan.methods import flow_matching, r3gan, sngan, vae, wgan_gp

pytestmark = pytest.mark.torch

DOUBLE = torch.float64


def random(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


class Quadratic(nn.Module):
    """D(x) = w·x + (w·x)²/2, whose gradient (1 + w·x)·w is known."""

    def __init__(self) -> None:
        super().__init__()
        self.w = nn.Parameter(torch.randn(12, dtype=DOUBLE, generator=random(1)))

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        s = images.flatten(1) @ self.w
        return s + s.square() / 2


def some_images() -> torch.Tensor:
    return torch.randn(5, 3, 2, 2, dtype=DOUBLE, generator=random(2))


def test_the_gradient_penalty_of_a_linear_critic_is_the_distance_of_its_slope_from_one() -> None:
    w = torch.randn(12, dtype=DOUBLE, generator=random())
    critic = nn.Linear(12, 1, dtype=DOUBLE)
    critic.weight.data = w[None]
    penalty = wgan_gp.gradient_penalty(nn.Sequential(nn.Flatten(), critic), some_images())
    torch.testing.assert_close(penalty, (w.norm() - 1) ** 2)
    (gradient,) = torch.autograd.grad(penalty, critic.weight)
    torch.testing.assert_close(gradient[0], 2 * (w.norm() - 1) * w / w.norm())


def test_the_gradient_penalty_of_a_curved_critic_equals_its_formula() -> None:
    critic, images = Quadratic(), some_images()
    slopes = (1 + images.flatten(1) @ critic.w).abs() * critic.w.norm()
    torch.testing.assert_close(wgan_gp.gradient_penalty(critic, images), (slopes - 1).square().mean())


def test_r1_equals_finite_differences() -> None:
    critic, images = Quadratic(), some_images().requires_grad_(True)
    penalty = r3gan.squared_gradient(critic(images), images)
    step = 1e-6
    squares = torch.zeros(5, dtype=DOUBLE)
    for position in range(12):
        moved = torch.zeros(12, dtype=DOUBLE)
        moved[position] = step
        moved = moved.view(3, 2, 2)
        squares += ((critic(images + moved) - critic(images - moved)) / (2 * step)).square().detach()
    torch.testing.assert_close(penalty.detach(), squares.mean(), rtol=1e-7, atol=0)


def test_r1_of_a_linear_critic_is_its_squared_slope_and_so_is_its_gradient() -> None:
    critic = nn.Linear(12, 1, dtype=DOUBLE)
    images = some_images().requires_grad_(True)
    penalty = r3gan.squared_gradient(critic(images.flatten(1)).flatten(), images)
    torch.testing.assert_close(penalty, critic.weight.square().sum())
    (gradient,) = torch.autograd.grad(penalty, critic.weight)
    torch.testing.assert_close(gradient, 2 * critic.weight)


def test_relativistic_pairs_equal_the_plain_formula_and_ignore_a_common_offset() -> None:
    real, fake = torch.randn(2, 9, dtype=DOUBLE, generator=random())
    plain = -torch.sigmoid(real - fake).log().mean()
    torch.testing.assert_close(r3gan.relativistic(real, fake), plain)
    torch.testing.assert_close(r3gan.relativistic(real + 7, fake + 7), plain)
    assert r3gan.relativistic(torch.zeros(4), torch.zeros(4)) == pytest.approx(math.log(2))


def test_hinge_stops_caring_beyond_the_margin() -> None:
    real, fake = torch.tensor([2.0, 0.5]), torch.tensor([-3.0, 0.25])
    assert sngan.hinge(real, fake) == pytest.approx((0 + 0.5) / 2 + (0 + 1.25) / 2)


def test_a_spectrally_normalised_convolution_stretches_nothing() -> None:
    torch.manual_seed(0)
    layer = sngan.SpectralConv2d(6, 10, 4, 2, 1)
    nn.init.normal_(layer.weight, std=0.7)
    exact = torch.linalg.svdvals(layer.weight.detach().flatten(1))[0]
    first = float(layer.sigma().detach())
    for _ in range(300):
        layer.sigma()
    assert first <= float(exact) * (1 + 1e-6)
    assert float(layer.sigma().detach()) == pytest.approx(float(exact), rel=1e-5)
    used = layer.weight / layer.sigma()
    assert float(torch.linalg.svdvals(used.detach().flatten(1))[0]) == pytest.approx(1, rel=1e-5)
    reference = torch.nn.utils.parametrizations.spectral_norm(nn.Conv2d(6, 10, 4, 2, 1), n_power_iterations=300)
    reference.parametrizations.weight.original.data = layer.weight.detach().clone()
    torch.testing.assert_close(reference.weight, used, rtol=1e-4, atol=1e-5)


def test_the_estimate_of_the_largest_singular_value_moves_in_training_only() -> None:
    layer = sngan.SpectralConv2d(2, 3, 3).eval()
    before = layer.u.clone()
    layer(torch.zeros(1, 2, 4, 4))
    assert torch.equal(layer.u, before)
    layer.train()(torch.zeros(1, 2, 4, 4))
    assert not torch.equal(layer.u, before)


def test_the_divergence_equals_that_of_torch() -> None:
    mean, log_variance = torch.randn(2, 7, 4, dtype=DOUBLE, generator=random())
    expected = kl_divergence(Normal(mean, (log_variance / 2).exp()), Normal(0.0, 1.0)).sum(dim=1)
    torch.testing.assert_close(vae.divergence(mean, log_variance), expected)
    assert float(vae.divergence(torch.zeros(1, 3), torch.zeros(1, 3))) == 0


SD = 0.4
"""Standard deviation of the images in the Gaussian cases below."""


def gaussian_velocity(x: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
    """E[image - noise | x_t = x] for images N(0, SD²) and noise N(0, 1): a regression line through 0."""
    t = t.view(-1, *[1] * (x.dim() - 1))
    return (t * SD**2 - (1 - t)) / ((1 - t) ** 2 + t**2 * SD**2) * x


def test_on_gaussians_the_known_velocity_minimises_the_error() -> None:
    n = 200_000
    images = SD * torch.randn(n, 1, dtype=DOUBLE, generator=random(1))
    noise = torch.randn(n, 1, dtype=DOUBLE, generator=random(2))
    t = torch.full((n,), 0.3, dtype=DOUBLE)
    best = flow_matching.velocity_error(gaussian_velocity, images, noise, t)
    # The variance of image - noise that x_t does not explain.
    total, covariance = SD**2 + 1, 0.3 * SD**2 - 0.7
    assert float(best) == pytest.approx(total - covariance**2 / (0.7**2 + 0.3**2 * SD**2), rel=0.02)
    for factor in (0.9, 1.1):
        assert flow_matching.velocity_error(lambda x, s, f=factor: f * gaussian_velocity(x, s), images, noise, t) > best


def test_following_the_known_velocity_turns_noise_into_the_gaussian() -> None:
    noise = torch.tensor([[1.0], [-2.0], [0.5]], dtype=DOUBLE)
    errors = {
        steps: float((flow_matching.follow(gaussian_velocity, noise, steps) - SD * noise).abs().max())
        for steps in (5, 10, 20)
    }
    assert errors[5] < 0.05
    assert errors[5] / errors[10] > 3  # of second order
    assert errors[10] / errors[20] > 3


def test_a_constant_velocity_is_followed_exactly() -> None:
    start = torch.zeros(2, 3, dtype=DOUBLE)
    torch.testing.assert_close(flow_matching.follow(lambda x, t: torch.ones_like(x) * 2.5, start, 4), start + 2.5)
