"""Statistics of experiments on small synthetic cases with known answers: the nine of `test_experiments_evidence`."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from gan import loop
from gan.config import resolve
from gan.experiments import (
    adapt,
    architectures,
    contenders,
    contrastive,
    crossing,
    generalise,
    interpret,
    load,
    probing,
    recall,
    resources,
    review,
    self_supervision,
    training_time,
    tuning,
)
from gan.experiments.found import Found
from gan.networks import parameters
from gan.record import Cost, Metric, Money, RunRecord

# ---- crossing --------------------------------------------------------------------------------------------------------


def test_a_level_is_met_half_way_on_a_logarithmic_scale() -> None:
    assert crossing.first_reached([1, 100], [10, 0], 5) == pytest.approx(10)
    assert crossing.first_reached([1, 100], [10, 0], 10) == 1
    assert crossing.first_reached([1, 100], [10, 0], -1) is None


def test_a_curve_counts_at_its_best_so_far() -> None:
    # after 4 the curve gets worse before it falls: the crossing lies between 10 and 100, from the best of 4
    assert crossing.first_reached([1, 10, 100], [4, 8, 2], 3) == pytest.approx(math.sqrt(1000))


def test_a_curve_that_is_eight_times_as_fast_saves_three_doublings() -> None:
    x = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0]
    slow, fast = [100 / v for v in x], [100 / (8 * v) for v in x]
    assert crossing.log2_saving((x, slow), (x, fast)) == pytest.approx(3)
    assert crossing.log2_saving((x, fast), (x, slow)) == pytest.approx(-3)


@given(st.lists(st.floats(0.1, 1e3), min_size=3, max_size=8), st.floats(0.1, 10))
def test_a_curve_saves_nothing_against_itself_whatever_the_unit(values: list[float], unit: float) -> None:
    x = [unit * 2.0**i for i in range(len(values))]
    assert crossing.log2_saving((x, values), (x, values)) == 0


# ---- probes ----------------------------------------------------------------------------------------------------------


def test_a_probe_reads_what_lies_on_a_line_and_not_what_is_noise() -> None:
    random = np.random.default_rng(0)
    labels = np.arange(300) % 3
    told = random.normal(size=(300, 5))
    told[:, 2] += 20 * labels
    assert probing.accuracy((told[:200], labels[:200]), (told[200:], labels[200:])) == 1
    noise = random.normal(size=(300, 5))
    assert probing.accuracy((noise[:200], labels[:200]), (noise[200:], labels[200:])) < 0.6
    assert probing.majority(np.array([0, 1, 1]), np.array([1, 1, 0, 2])) == 0.5


def test_readability_runs_from_chance_to_certainty() -> None:
    assert probing.readability(0.1, 0.1) == 0
    assert probing.readability(1.0, 0.1) == 1
    assert probing.readability(0.55, 0.1) == pytest.approx(0.5)
    assert probing.readability(0.0, 0.5) == -1


@pytest.mark.parametrize("classes", [2, 4])
def test_directions_are_unit_vectors_towards_their_class(classes: int) -> None:
    labels = np.arange(200) % classes
    where = np.eye(6)[labels] * 5 + np.random.default_rng(1).normal(size=(200, 6)) * 0.1
    found = probing.directions(probing.fitted(where, labels))
    assert found.shape == (classes, 6)
    assert np.linalg.norm(found, axis=1) == pytest.approx(1)
    for label in range(classes):
        assert (where @ found[label])[labels == label].min() > (where @ found[label])[labels != label].max()


def test_steered_noise_keeps_its_length_and_gets_the_direction() -> None:
    noise = torch.randn(10, 7, generator=torch.Generator().manual_seed(0))
    direction = torch.nn.functional.normalize(torch.arange(7.0), dim=0)
    moved = interpret.towards(noise, direction, 0.5)
    assert torch.allclose(moved.norm(dim=1), noise.norm(dim=1))
    assert torch.allclose(moved @ direction, 0.5 * noise.norm(dim=1), atol=1e-5)


def test_what_is_inside_a_network_is_what_its_last_layer_is_given() -> None:
    cfg = resolve("r3gan", "digits", steps=1, width=8)
    critic = loop.build(cfg, 1, torch.device("cpu")).networks["discriminator"]
    images = torch.randint(0, 256, (5, 1, 16, 16), dtype=torch.uint8)
    inside = torch.from_numpy(interpret.inside(critic, images))
    expected = critic(images.float() / 127.5 - 1)
    assert torch.allclose(critic.judge(inside).flatten(), expected, atol=1e-5)
    assert critic.training  # left as it was


# ---- networks that are compared --------------------------------------------------------------------------------------


def test_compared_networks_have_as_many_parameters() -> None:
    convolutional = parameters(contenders.Convolutional(1, 10))
    plain = parameters(contenders.Plain.of_size(256, 10, convolutional))
    assert plain == pytest.approx(convolutional, rel=0.02)
    gated = parameters(recall.Recaller.of_equal_size("gated", 20))
    assert parameters(recall.Recaller.of_equal_size("plain", 20)) == pytest.approx(gated, rel=0.02)


def test_fewer_labelled_images_lie_within_more_and_every_class_has_its_share() -> None:
    labels = torch.arange(100) % 4
    few, more = (set(contenders.nested_rows(labels, k, seed=3).tolist()) for k in (2, 10))
    assert few < more
    assert labels[sorted(more)].bincount().tolist() == [10] * 4


def test_a_contender_learns_what_can_be_learnt() -> None:
    labels = torch.arange(64) % 2
    images = (labels[:, None, None, None] * 200 + torch.zeros(64, 1, 8, 8)).to(torch.uint8)
    network = contenders.fresh(lambda: contenders.Linear(64, 2), seed=0)
    contenders.fit(network, images, labels, steps=40, batch_size=16, seed=0)
    assert contenders.accuracy(network, images, labels) == 1
    again = contenders.fresh(lambda: contenders.Linear(64, 2), seed=0)
    contenders.fit(again, images, labels, steps=40, batch_size=16, seed=0)
    assert all(torch.equal(a, b) for a, b in zip(network.parameters(), again.parameters(), strict=True))


def test_shuffled_pixels_are_the_same_pixels() -> None:
    images = torch.randint(0, 256, (3, 1, 16, 16), dtype=torch.uint8)
    order = torch.randperm(256)
    shuffled = architectures.shuffle(images, order)
    assert torch.equal(architectures.shuffle(shuffled, order.argsort()), images)
    assert not torch.equal(shuffled, images)


def test_the_symbol_to_recall_stands_first_and_is_asked_for_last() -> None:
    sequences, wanted = recall.recalls(50, 7, torch.Generator().manual_seed(0))
    assert sequences.shape == (9, 50, recall.CHANNELS)
    symbols, keep, now = sequences[..., :4], sequences[..., 4], sequences[..., 5]
    assert torch.equal(symbols[0].argmax(dim=1), wanted)
    assert keep.sum(dim=0).tolist() == [1] * 50 == now.sum(dim=0).tolist()
    assert keep[0].all()
    assert now[-1].all()
    assert not symbols[-1].any()
    assert (symbols[1:-1].sum(dim=2) == 1).all()


def test_gates_forget_at_the_pace_of_the_delay() -> None:
    layer = nn.LSTM(3, 500)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        recall.pace_gates(layer, 50)
    forget, enter = layer.bias_ih_l0[500:1000], layer.bias_ih_l0[:500]
    assert torch.equal(forget, -enter)
    pace = forget.exp()  # 1 / (1 - sigmoid) - 1: the steps after which a gate has forgotten
    assert pace.min() >= 1
    assert 45 < pace.max() <= 50
    assert not layer.bias_hh_l0.any()


# ---- self-supervision ------------------------------------------------------------------------------------------------


def test_pairs_that_agree_cost_less_and_a_single_pair_costs_nothing() -> None:
    random = torch.Generator().manual_seed(0)
    one = torch.randn(20, 16, generator=random)
    agree = contrastive.contrast(torch.cat([one, one]))
    differ = contrastive.contrast(torch.cat([one, one.roll(1, 0)]))
    assert agree < differ
    assert float(contrastive.contrast(torch.randn(2, 8, generator=random))) == pytest.approx(0, abs=1e-6)


def test_equal_projections_cost_the_logarithm_of_how_many_others_there_are() -> None:
    assert float(contrastive.contrast(torch.ones(10, 4))) == pytest.approx(math.log(9), abs=1e-5)


def test_changed_images_stay_images() -> None:
    images = torch.rand(30, 1, 16, 16, generator=torch.Generator().manual_seed(0)) * 2 - 1
    changed = contrastive.changed(images, torch.Generator().manual_seed(1))
    assert changed.shape == images.shape
    assert changed.min() >= -1
    assert changed.max() <= 1
    assert ((changed == -1).flatten(1).float().mean(dim=1) > 0.03).all()  # the hidden square is a sixteenth


def test_half_the_labels_for_the_same_accuracy_is_a_saving_of_one() -> None:
    scratch = {1: 0.2, 2: 0.4, 4: 0.6, 8: 0.8}
    helped = {1: 0.4, 2: 0.6, 4: 0.8, 8: 0.8}
    assert self_supervision.label_saving(scratch, helped) == pytest.approx(1)


# ---- tuning ----------------------------------------------------------------------------------------------------------


def test_the_range_is_that_of_seeds_that_every_rate_has() -> None:
    grid = {0.25: {0: 80.0, 1: 10.0}, 1.0: {0: 10.0, 1: 10.0, 2: 5.0}, 4.0: {0: 20.0, 1: 10.0}}
    assert tuning.log2_ranges(grid) == {0: pytest.approx(3), 1: 0}


def test_a_run_fails_by_diverging_or_by_twice_the_distance() -> None:
    grid = {0.5: {0: 20.0, 1: 21.0}, 1.0: {0: 10.0, 1: 10.0}, 2.0: {0: 5.0, 1: 9.0}}
    assert tuning.failures(grid, set()) == {(0.5, 1)}
    assert tuning.failures(grid, {(2.0, 0)}) == {(0.5, 1), (2.0, 0)}


def test_relative_spread_by_hand() -> None:
    relative, se = tuning.relative_spread({0: 8.0, 1: 10.0, 2: 12.0})
    assert relative == pytest.approx(0.2)
    assert se == pytest.approx(0.1)


# ---- review ----------------------------------------------------------------------------------------------------------


@given(st.integers(20, 400))
def test_a_limit_is_exceeded_by_no_more_than_is_allowed(n: int) -> None:
    values = np.random.default_rng(n).permutation(n).astype(float)
    flagged = int((values > review.limit(values)).sum())
    assert flagged == int(0.05 * n)


def test_distances_are_those_of_the_nearest_neighbour() -> None:
    random = np.random.default_rng(0)
    images, train = random.normal(size=(40, 6)), random.normal(size=(90, 6))
    expected = np.linalg.norm(images[:, None] - train[None], axis=2).min(axis=1)
    assert review.distances(images, train) == pytest.approx(expected)


def test_dispute_is_the_share_that_one_check_alone_flags() -> None:
    one, other = np.array([True, True, False, False]), np.array([True, False, True, False])
    assert review.dispute(one, other) == pytest.approx(2 / 3)
    assert math.isnan(review.dispute(np.zeros(3, bool), np.zeros(3, bool)))


# ---- resources -------------------------------------------------------------------------------------------------------


def test_a_normal_law_has_the_mean_and_covariance_of_its_images() -> None:
    random = np.random.default_rng(0)
    images = torch.from_numpy(random.integers(60, 190, (400, 1, 4, 4)).astype(np.uint8))
    images[:, :, 0] = images[:, :, 1]  # correlated rows
    law = resources.NormalLaw.of(images)
    x = images.flatten(1).numpy() / 127.5 - 1
    assert law.mean == pytest.approx(x.mean(axis=0), abs=1e-6)
    assert law.factor @ law.factor.T == pytest.approx(np.cov(x, rowvar=False), abs=1e-6)
    made = law.sample(4_000, images.shape[1:], seed=1)
    assert made.shape == (4_000, 1, 4, 4)
    assert made.flatten(1).float().mean(dim=0).numpy() == pytest.approx(images.flatten(1).float().mean(dim=0), abs=4)


def test_operations_of_the_classical_generator_by_hand() -> None:
    assert resources.classical_flops(100, 10) == 2 * 100 * 100 + 9 * 1_000


def made_record(**fields: object) -> RunRecord:
    return RunRecord.model_validate(
        {"run_id": "made", "status": "completed", "created": "2026-11-25", "config": resolve(steps=1), **fields}
    )


def test_costs_are_in_the_units_of_the_findings() -> None:
    cost = Cost(train_s=3, peak_memory_bytes=2_000_000_000, energy_kwh=0.004, money=None)
    assert resources.costs(made_record(cost=cost)) == {
        "train_s": 3,
        "peak_memory_gb": 2,
        "energy_wh": 4,
        "co2_g": None,
    }


def test_money_of_two_currencies_is_not_added() -> None:
    found = Found()
    records = {
        seed: made_record(cost=Cost(money=Money(amount=1.0, currency=currency, basis="made up")))
        for seed, currency in enumerate(("EUR", "USD"))
    }
    resources._money(found, records)
    assert not found.findings
    assert "money" in found.warnings[0]


def test_a_busy_machine_is_told_of() -> None:
    quiet, busy = Found(), Found()
    load.tell(quiet, [0.01, None])
    load.tell(busy, [0.01, 0.4])
    assert [f.value for f in (*quiet.findings, *busy.findings)] == [0.01, 0.4]
    assert quiet.warnings == []
    assert "40 %" in busy.warnings[0]


# ---- one recipe on several data sets ---------------------------------------------------------------------------------


def test_the_worst_data_set_of_each_seed_counts() -> None:
    lines = {"a": {0: 1.0, 1: 5.0, 2: 9.0}, "b": {0: 3.0, 1: 2.0}}
    assert generalise.least(lines) == {0: 1.0, 1: 2.0}
    assert generalise.most(lines) == {0: 3.0, 1: 5.0}


def test_figures_of_a_run_are_read_beside_their_floors() -> None:
    quality = {
        "fid": Metric(value=20.0, reference_floor=1.0),
        "recall": Metric(value=0.45, reference_floor=0.9),
        "memorisation": Metric(value=0.08, reference_floor=0.05),
    }
    found = generalise.look(made_record(quality=quality), untrained=160.0)
    assert found == {
        "log2_learnt": pytest.approx(3),
        "recall_share": pytest.approx(0.5),
        "memorisation_excess": pytest.approx(0.03),
    }


# ---- adaptation ------------------------------------------------------------------------------------------------------


def test_a_model_that_inherits_makes_the_images_of_its_elder() -> None:
    cfg = resolve("r3gan", "digits", steps=1, width=8, seed=1)
    young, elder = (loop.build(cfg.model_copy(update={"seed": seed}), 1, torch.device("cpu")) for seed in (1, 2))
    noise = torch.randn(2, cfg.latent_dim, generator=torch.Generator().manual_seed(0))
    assert not torch.equal(young.sampler(noise, None), elder.sampler(noise, None))
    adapt.inherit(young, elder)
    assert torch.equal(young.sampler(noise, None), elder.sampler(noise, None))
    assert young.step == 0


# ---- time ------------------------------------------------------------------------------------------------------------


def test_a_goal_not_reached_is_where_the_curves_own_law_puts_it() -> None:
    spent = [1.0, 2.0, 4.0, 8.0, 16.0]
    fids = [100 / math.sqrt(s) for s in spent]
    found, there = training_time.when(spent, fids, 5.0, never=1e9)
    assert not there
    assert found == pytest.approx(400)
    assert training_time.when(spent, fids, 50.0, never=1e9) == (pytest.approx(4), True)


def test_a_curve_that_does_not_fall_never_gets_there() -> None:
    spent = [1.0, 2.0, 4.0, 8.0]
    assert training_time.when(spent, [9.0, 9.0, 10.0, 11.0], 1.0, never=77.0) == (77.0, False)
    assert training_time.when(spent, [9.0, 8.99, 8.98, 8.97], 1e-6, never=77.0) == (77.0, False)


def test_exponents_have_the_error_of_the_regression() -> None:
    from scipy.stats import linregress

    random = np.random.default_rng(0)
    x = [16.0, 32.0, 64.0] * 3
    y = [v**2 * math.exp(e) for v, e in zip(x, random.normal(size=9) * 0.1, strict=True)]
    exponent, se, df = training_time.slope_of(x, y)
    expected = linregress(np.log(x), np.log(y))
    assert (exponent, se, df) == (pytest.approx(expected.slope), pytest.approx(expected.stderr), 7)


def test_the_recipe_is_the_same_in_every_number_on_every_data_set() -> None:
    from gan.experiments.design import SCALES

    one, other = (generalise.config(SCALES["standard"], dataset, 0) for dataset in ("digits", "fashion-mnist"))
    assert one.model_copy(update={"dataset": "fashion-mnist"}) == other
