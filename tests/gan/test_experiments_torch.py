"""The parts of experiments that compute with torch, on small cases with known answers."""

import pytest

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.torch

from gan import datasets, generate, part  # noqa: E402
from gan.config import resolve  # noqa: E402
from gan.errors import UsageError  # noqa: E402
from gan.experiments import bias, classify, compression, listing, loss_formula  # noqa: E402
from gan.method import Sampler, Shape, create  # noqa: E402


@pytest.fixture(scope="module")
def digits():
    return datasets.load("digits", 16)


def counts(data, rows):
    return torch.bincount(data.train_labels[rows], minlength=10).tolist()


# ---- parts of a data set ---------------------------------------------------------------------------------------------


def test_a_part_by_class_holds_what_was_asked_and_lies_within_a_larger_one(digits):
    few = part.rows(resolve(steps=1, class_images={3: 2, 8: 5}), digits)
    more = part.rows(resolve(steps=1, class_images={3: 4, 8: 5, 9: 1}), digits)
    assert counts(digits, few) == [0, 0, 0, 2, 0, 0, 0, 0, 5, 0]
    assert set(few.tolist()) < set(more.tolist())
    other = part.rows(resolve(steps=1, class_images={3: 2, 8: 5}, choice=1), digits)
    assert set(few.tolist()) != set(other.tolist())


def test_train_images_choose_the_rows_they_always_chose(digits):
    from gan.loop import seed_of

    order = torch.randperm(len(digits.train), generator=torch.Generator().manual_seed(seed_of("training rows")))
    assert part.rows(resolve(steps=1, train_images=7), digits).tolist() == sorted(order[:7].tolist())
    assert part.rows(resolve(steps=1), digits).tolist() == list(range(len(digits.train)))


def test_balanced_classes_are_seen_equally_often_and_lose_no_image(digits):
    plain = resolve(steps=1, class_images={3: 7, 8: 3})
    balanced = part.rows(plain.model_copy(update={"balanced": True}), digits)
    assert counts(digits, balanced)[3] == counts(digits, balanced)[8] == 7
    assert balanced.unique().tolist() == part.rows(plain, digits).tolist()


def test_a_share_of_the_labels_is_told_and_the_others_are_unknown(digits):
    told = {}
    for share in (0.1, 0.3):
        cfg = resolve(steps=1, conditional=True, label_share=share)
        told[share] = part.labels(cfg, digits, part.rows(cfg, digits))
        known = told[share] < 10
        assert torch.equal(told[share][known], digits.train_labels[known])
        assert known.double().mean().item() == pytest.approx(share, abs=0.01)
        assert len(told[share][known].unique()) == 10
    assert bool((told[0.3][told[0.1] < 10] < 10).all()), "fewer labels lie within more"


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"class_images": {12: 1}}, "classes of digits are 0 to 9"),
        ({"class_images": {1: 9_999}}, "9999 images of class 1"),
    ],
)
def test_what_the_data_set_does_not_hold_is_refused(digits, settings, said):
    with pytest.raises(UsageError, match=said):
        part.rows(resolve(steps=1, **settings), digits)


def test_pictures_are_asked_only_of_classes_that_were_trained_on_and_known():
    def asked(**settings):
        cfg = resolve(steps=1, conditional=True, width=4, **settings)
        shape = Shape.of(cfg, 1, 10)
        method = create("dcgan", shape, cfg.loss, {})
        labels = generate.labels(Sampler(method, torch.nn.Identity()), 500, 0)
        return shape.classes, set(labels.tolist())

    assert asked() == (10, set(range(10)))
    assert asked(label_share=0.5) == (11, set(range(10)))
    assert asked(class_images={2: 5, 7: 5}) == (10, {2, 7})


# ---- classifiers -----------------------------------------------------------------------------------------------------


def test_a_classifier_learns_and_is_the_same_for_the_same_seed(digits):
    train = classify.train(digits.train, digits.train_labels, 10, seed=0, steps=60)
    again = classify.train(digits.train, digits.train_labels, 10, seed=0, steps=60)
    judged = classify.predict(train, digits.held_out)
    assert torch.equal(judged, classify.predict(again, digits.held_out))
    assert (judged.argmax(dim=1) == digits.held_out_labels).double().mean() > 0.8


def test_moved_images_stay_near_where_they_were():
    images = torch.full((50, 1, 16, 16), -1.0)
    images[:, :, 6:10, 6:10] = 1.0
    moved = classify.moved(images, torch.Generator().manual_seed(0))
    assert moved.shape == images.shape
    assert moved[:, :, 0, 0].max() == -1.0, "what comes into view is background"
    assert not torch.equal(moved, images)
    mass = (moved + 1).sum(dim=(1, 2, 3)) / (images + 1).sum(dim=(1, 2, 3))
    assert bool((mass > 0.7).all())
    assert bool((mass < 1.4).all())


# ---- compression -----------------------------------------------------------------------------------------------------


def test_rounding_keeps_the_largest_weight_and_moves_none_by_more_than_half_a_level():
    layer = torch.nn.Linear(50, 4)
    before = layer.weight.detach().clone()
    bytes_ = compression.round_weights(layer)
    level = before.abs().amax(dim=1, keepdim=True) / 127
    assert ((layer.weight - before).abs() <= level / 2 + 1e-7).all()
    assert torch.allclose(layer.weight.abs().amax(dim=1), before.abs().amax(dim=1))
    assert bytes_ == 50 * 4 + 4 * 4 + 4 * 4  # weights, a scale a row, biases


def test_pruning_takes_the_smallest_weights_over_all_layers():
    network = torch.nn.Sequential(torch.nn.Linear(4, 1), torch.nn.Linear(4, 1))
    with torch.no_grad():
        network[0].weight.copy_(torch.tensor([[1.0, -2.0, 3.0, -4.0]]))
        network[1].weight.copy_(torch.tensor([[0.1, -0.2, 0.3, -9.0]]))
    bytes_ = compression.prune(network, 0.5)
    assert network[0].weight.tolist() == [[0.0, -2.0, 3.0, -4.0]]
    assert network[1].weight.tolist() == [[0.0, 0.0, 0.0, -9.0]]
    assert bytes_ == 4 * 4 + 8 / 8 + 2 * 4  # what is left, a bit a place, biases
    assert compression.prune(network, 0.0) > 0


# ---- losses, bias, listing -------------------------------------------------------------------------------------------


def test_the_gradients_on_the_logit_are_those_of_the_formulas():
    assert loss_formula.logit_gradient("saturating", 0.01) == pytest.approx(-0.01)
    assert loss_formula.logit_gradient("non_saturating", 0.01) == pytest.approx(-0.99)
    assert loss_formula.length((torch.tensor([3.0]), torch.tensor([[4.0]]))) == 5.0


def test_a_judges_errors_are_taken_out_of_a_share():
    assert bias.corrected(0.9 * 0.3 + 0.2 * 0.7, 0.9, 0.2) == pytest.approx(0.3)
    assert bias.corrected(0.05, 0.9, 0.2) == 0.0
    assert bias.corrected(0.5, 0.4, 0.4) != bias.corrected(0.5, 0.4, 0.4), "a judge that tells nothing has no answer"


def test_a_case_that_does_not_show_its_fault_counts_as_not_shown(monkeypatch):
    monkeypatch.setitem(listing.CASES, "x", ("stops", lambda folder: None))
    assert listing.observe("x") == ("it ran through", False)
    monkeypatch.setitem(listing.CASES, "x", ("wrong", lambda folder: listing.must(False)))
    assert listing.observe("x")[1] is False
    monkeypatch.setitem(listing.CASES, "x", ("stops", lambda folder: {}["key"]))
    assert listing.observe("x") == ("KeyError: 'key'", True)
