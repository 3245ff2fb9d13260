"""What the data say was observed is observed again: each defect of the listing, each formula put to the test.

The cases are ours: each is the smallest piece of code that shows one fault, not the document's code.
"""

import importlib.util
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from aigc_report import document
from aigc_report.document.schema import Defect

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.torch

from torch import nn  # noqa: E402
from torchvision import transforms, utils  # noqa: E402

DOCUMENT = document.load(Path(__file__).parents[2] / "data")
DEFECTS = {d.id: d for d in DOCUMENT.of(Defect)}
CASES: dict[str, Callable[[Path], str]] = {}


def case(id: str):
    def register(function):
        CASES[id] = function
        return function

    return register


def last_line(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error).splitlines()[0]}"


def generator(width: int = 4) -> nn.Sequential:
    """Kernels, strides and paddings of the document's generator, narrower."""
    return nn.Sequential(
        nn.ConvTranspose2d(100, width, 4, 1, 0), nn.BatchNorm2d(width), nn.ConvTranspose2d(width, width, 4, 2, 1),
        nn.ConvTranspose2d(width, width, 4, 2, 1), nn.ConvTranspose2d(width, 1, 4, 2, 1), nn.Tanh(),
    )  # fmt: skip


def discriminator(width: int = 4) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(1, width, 4, 2, 1), nn.Conv2d(width, width, 4, 2, 1), nn.Conv2d(width, width, 4, 2, 1),
        nn.Conv2d(width, 1, 4, 1, 0), nn.Sigmoid(),
    )  # fmt: skip


def noise(n: int) -> torch.Tensor:
    return torch.randn(n, 100, 1, 1)


@case("listing.generator_undefined")
def _(folder):
    return exec("torch.optim.Adam(G.parameters())", {"torch": torch})


@case("listing.discriminator_undefined")
def _(folder):
    return exec("torch.optim.Adam(D.parameters())", {"torch": torch})


@case("listing.device_undefined")
def _(folder):
    return exec("torch.zeros(1, device=device)", {"torch": torch})


@case("listing.models_not_moved")
def _(folder):
    return nn.Linear(1, 1)(torch.zeros(1, 1, device="meta"))


@case("listing.normalise_channels")
def _(folder):
    return transforms.Normalize((0.5,) * 3, (0.5,) * 3)(torch.zeros(1, 28, 28))


@case("listing.image_size")
def _(folder):
    assert discriminator()(torch.zeros(1, 1, 32, 32)).shape == (1, 1, 1, 1)
    return discriminator()(torch.zeros(1, 1, 28, 28))


@case("listing.label_shape")
def _(folder):
    return nn.BCELoss()(torch.full((64, 1, 1, 1), 0.5), torch.ones(64, 1))


@case("listing.generator_first")
def _(folder):
    g, d, z = generator(), discriminator(), noise(8)
    seen_by_d = g(z)
    nn.BCELoss()(d(seen_by_d).flatten(), torch.ones(8)).backward()
    torch.optim.Adam(g.parameters(), lr=2e-4).step()
    assert (g(z) - seen_by_d).abs().mean() > 0
    return "mean absolute difference of the two pictures above 0"


@case("listing.sigmoid_saturates")
def _(folder):
    def gradient(loss):
        logit = torch.tensor([20.0], requires_grad=True)
        return torch.autograd.grad(loss(logit, torch.zeros(1)), logit)[0].item()

    plain = gradient(lambda logit, label: nn.BCELoss()(logit.sigmoid(), label))
    safe = gradient(nn.BCEWithLogitsLoss())
    return f"logit 20, label 0: gradient {plain:.1f} with sigmoid and BCELoss, {safe:.1f} with BCEWithLogitsLoss"


@case("listing.weights_default")
def _(folder):
    g, d = (layer.weight.std().item() for layer in (nn.ConvTranspose2d(100, 256, 4), nn.Conv2d(1, 64, 4)))
    return f"standard deviation {g:.3f} in the generator's first layer, {d:.1f} in the discriminator's"


@case("listing.last_batch")
def _(folder):
    g, z = generator(), noise(8)
    assert 60_000 % 64 == 32
    assert not torch.equal(g(z)[:1], g(z[:1]))
    return "60000 % 64 == 32; the same noise gives another picture alone than in a batch of 8"


@case("listing.view_generated")
def _(folder):
    return torch.zeros(64, 1, 32, 32).view(-1, 28, 28)


@case("listing.view_mixes")
def _(folder):
    before = torch.arange(49.0)[:, None, None, None].expand(49, 1, 32, 32).contiguous()
    after = before.view(-1, 28, 28)
    assert after[1].unique().numel() > 1, "a picture made of pixels of two"
    return f"{tuple(before.shape)} becomes {tuple(after.shape)}"


@case("listing.concatenate_arrays")
def _(folder):
    return torch.cat((np.zeros((1, 2, 2)), np.zeros((1, 2, 2))))


@case("listing.save_array")
def _(folder):
    return utils.save_image(np.zeros((1, 2, 2)), folder / "0.png")


@case("listing.batch_as_channels")
def _(folder):
    return utils.save_image(torch.zeros(128, 28, 28), folder / "0.png")


@case("listing.folder_missing")
def _(folder):
    return utils.save_image(torch.zeros(1, 1, 2, 2), folder / "1" / "0.png")


@case("listing.value_range")
def _(folder):
    from PIL import Image

    utils.save_image(torch.linspace(-1, 1, 10_000).view(1, 1, 100, 100), folder / "0.png")
    black = (np.asarray(Image.open(folder / "0.png").convert("L")) == 0).mean()
    return f"{black:.0%} of an even ramp from -1 to 1 is black in the file"


@case("listing.training_mode")
def _(folder):
    g, z = generator(), noise(4)
    training = (g(z)[:1] - g(z[:1])).abs().max().item()
    g.eval()
    evaluation = (g(z)[:1] - g(z[:1])).abs().max().item()
    assert training > 1e-3 > evaluation
    return f"difference above 0 in training mode, {evaluation:.1f} in evaluation mode"


@case("listing.weights_only")
def _(folder):
    torch.save(generator(4).state_dict(), folder / "g.pth")
    return generator(8).load_state_dict(torch.load(folder / "g.pth"))


@case("listing.unseeded")
def _(folder):
    assert not torch.equal(generator()[0].weight, generator()[0].weight)
    seeded = [(torch.manual_seed(0), generator())[1][0].weight for _ in range(2)]
    assert torch.equal(*seeded)
    return "two networks made one after the other have different weights; with a seed, equal ones"


@case("listing.matplotlib")
def _(folder):
    if importlib.util.find_spec("matplotlib"):
        pytest.skip("Matplotlib is installed here")
    command = [sys.executable, "-c", "import matplotlib.pyplot"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stderr.splitlines()[-1]


@case("listing.leftovers")
def _(folder):
    return exec("real_imgs.view(-1, 28, 28)", {})


@case("listing.same_picture")
def _(folder):
    left_over = np.arange(4).reshape(2, 2)
    shown = [left_over.tobytes() for epoch in range(100) for i in range(50)]
    return f"{len(shown)} passes, {len(set(shown))} distinct pair of pictures"


@case("listing.display_indices")
def _(folder):
    return np.zeros((64, 28, 28))[0, :, :, :]


@case("listing.display_folders")
def _(folder):
    steps = -(-60_000 // 64)
    saved = {i for i in range(steps) if i % 50 == 0}
    both = len(saved & set(range(50)))
    return f"{steps} steps a pass save {len(saved)} pictures; of the 50 numbers shown, {both} is among them"


@case("listing.false_colours")
def _(folder):
    pytest.importorskip("matplotlib", reason="not among the product's libraries")
    import matplotlib.pyplot as plt

    return plt.imshow(np.zeros((2, 2))).get_cmap().name


def test_every_defect_has_a_case_and_every_case_a_defect():
    assert CASES.keys() == DEFECTS.keys()


@pytest.mark.parametrize("id", DEFECTS)
def test_the_defect_shows_what_the_data_say(id, tmp_path):
    torch.manual_seed(0)
    defect = DEFECTS[id]
    try:
        observed = CASES[id](tmp_path)
    except Exception as error:
        observed = last_line(error)
        assert defect.effect != "wrong", "what stops the program is not merely wrong"
    assert isinstance(observed, str), f"the case ran through where {defect.observed!r} was expected"
    assert observed.startswith(defect.observed)


def test_the_formula_of_the_generator_loses_its_gradient_where_the_code_keeps_it():
    def gradients(probability):
        logit = torch.logit(torch.tensor(probability, dtype=torch.float64)).requires_grad_()
        formula = torch.autograd.grad(torch.log(1 - logit.sigmoid()), logit)[0].item()
        code = torch.autograd.grad(nn.BCELoss()(logit.sigmoid(), torch.ones_like(logit)), logit)[0].item()
        return formula, code

    assert gradients(0.01) == pytest.approx((-0.01, -0.99))
    assert gradients(0.5) == pytest.approx((-0.5, -0.5))


def test_a_parameter_replaced_by_its_gradient_moves_away_from_the_minimum():
    w = torch.tensor(3.0, requires_grad=True)
    gradient = torch.autograd.grad(w**2, w)[0].item()
    assert (gradient, 3.0 - 0.1 * gradient) == pytest.approx((6.0, 2.4))


@pytest.mark.parametrize(("sign", "accuracy"), [(1, 1.0), (-1, 0.0)])
def test_a_discriminator_learns_by_ascent_and_unlearns_by_descent(sign, accuracy):
    random = np.random.default_rng(0)
    real, fake, w = 1 + 0.1 * random.standard_normal(64), -1 + 0.1 * random.standard_normal(64), 0.0
    for _ in range(50):
        w += sign * 0.1 * ((1 - sigmoid(w * real)) * real).mean() - sign * 0.1 * (sigmoid(w * fake) * fake).mean()
    assert ((w * real > 0).mean() + (w * fake < 0).mean()) / 2 == accuracy


def test_with_one_probability_in_both_terms_the_best_answer_is_always_one_half():
    p = np.linspace(0.01, 0.99, 99)
    assert p[np.argmax(np.log(p) + np.log(1 - p))] == pytest.approx(0.5)


def test_the_objective_at_the_best_discriminator_is_the_divergence_less_log_four():
    random = np.random.default_rng(0)
    p, q = random.dirichlet(np.ones(50), size=2)
    best, mean = p / (p + q), (p + q) / 2
    value = (p * np.log(best) + q * np.log(1 - best)).sum()
    jsd = 0.5 * (p * np.log(p / mean)).sum() + 0.5 * (q * np.log(q / mean)).sum()
    assert value == pytest.approx(-np.log(4) + 2 * jsd, rel=1e-12)
    for shift in (-0.01, 0.01):
        other = np.clip(best + shift, 1e-9, 1 - 1e-9)
        assert (p * np.log(other) + q * np.log(1 - other)).sum() < value


@pytest.mark.parametrize(("penalty", "low", "high"), [(0.0, 1.41, 1.46), (1.0, 0.0, 1e-6)])
def test_taking_turns_circles_the_solution_unless_the_discriminator_is_regularised(penalty, low, high):
    generator, discriminator, step, distances = 1.0, 1.0, 0.1, []
    for _ in range(2_000):
        generator += step * sigmoid(discriminator * generator) * discriminator
        discriminator -= step * (sigmoid(discriminator * generator) * generator + penalty * discriminator)
        distances.append(np.hypot(generator, discriminator))
    assert low <= min(distances[1_000:])
    assert max(distances[1_000:]) <= high


def sigmoid(x):
    return 1 / (1 + np.exp(-x))
