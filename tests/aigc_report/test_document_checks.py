"""What the data say was observed is observed again: each defect of the listing, each formula put to the test.

The cases are ours (`gan.experiments.listing`): each is the smallest piece of code that shows one fault.
"""

from pathlib import Path

import numpy as np
import pytest

from aigc_report import document
from aigc_report.document.schema import Defect
from gan.experiments.listing import CASES, NotHere, observe

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.torch

from torch import nn  # noqa: E402

DOCUMENT = document.load(Path(__file__).parents[2] / "data")
DEFECTS = {d.id: d for d in DOCUMENT.of(Defect)}


def test_every_defect_has_a_case_and_every_case_a_defect():
    assert {id: effect for id, (effect, _) in CASES.items()} == {id: d.effect for id, d in DEFECTS.items()}


@pytest.mark.parametrize("id", DEFECTS)
def test_the_defect_shows_what_the_data_say(id):
    try:
        observed, shown = observe(id)
    except NotHere as reason:
        pytest.skip(str(reason))
    assert shown, f"the case gave {observed!r} where {DEFECTS[id].observed!r} was expected"
    assert observed.startswith(DEFECTS[id].observed)


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
