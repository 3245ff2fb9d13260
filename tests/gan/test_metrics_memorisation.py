"""Memorisation: copies are caught, unseen real images are not, and every ratio is that of the distances written out.

All features here are synthetic.
"""

import json
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist

from gan import cli
from gan.errors import UsageError
from gan.metrics import METRICS, Sample, compute
from gan.metrics.memorisation import Calibration, calibrate, floor, memorisation, ratios


def plain_ratios(images: Any, train: Any) -> Any:
    """Alaa et al.'s two distances over the full float64 matrices."""
    images, train = images.astype(np.float64), train.astype(np.float64)
    among = cdist(train, train)
    np.fill_diagonal(among, np.inf)
    across = cdist(images, train)
    at = across.argmin(axis=1)
    distance = across[np.arange(len(images)), at]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(distance == 0, 0, distance / among[at].min(axis=1))


def draw(n: int, d: int = 8, seed: int = 0, dtype: type = np.float64) -> Any:
    """Rows of one source: three clusters of very different density."""
    rng = np.random.default_rng(seed)
    scale = np.array([0.1, 1, 5])[rng.integers(0, 3, n)][:, None]
    return (rng.standard_normal((n, d)) * scale + 10 * scale).astype(dtype)


@pytest.fixture(scope="module")
def calibration() -> Calibration:
    return calibrate(draw(1_000, seed=1), draw(1_500, seed=2))


# ---- what it says ----------------------------------------------------------------------------------------------------


def test_exact_copies_of_training_images_are_all_caught(calibration: Calibration) -> None:
    found = memorisation(calibration.train[:400], calibration)
    assert found.value == 1
    assert found.ci_low > 0.98
    assert found.ci_high == 1


def test_copies_with_a_little_noise_are_caught_too(calibration: Calibration) -> None:
    copies = calibration.train + 1e-3 * np.random.default_rng(0).standard_normal(calibration.train.shape)
    assert memorisation(copies, calibration).value == 1


def test_unseen_images_of_the_same_source_are_not(calibration: Calibration) -> None:
    shares = [memorisation(draw(1_000, seed=seed), calibration).value for seed in range(10, 20)]
    assert np.mean(shares) == pytest.approx(0.05, abs=0.015)
    assert floor(calibration) == pytest.approx(0.05, abs=0.02)


def test_a_generator_of_the_densest_images_alone_is_not_accused(calibration: Calibration) -> None:
    """Their distances are far below the others'; relative to their neighbourhood they are not."""
    unseen = draw(6_000, seed=3)
    dense = unseen[np.abs(unseen).max(axis=1) < 1.6][:1_000]
    assert len(dense) == 1_000
    distances = cdist(dense, calibration.train).min(axis=1)
    assert (distances < np.quantile(cdist(unseen, calibration.train).min(axis=1), 0.33)).mean() > 0.9
    assert memorisation(dense, calibration).value < 0.1


@pytest.mark.parametrize("share", [0.1, 0.3, 0.8])
def test_a_mixture_gives_its_share_of_copies(calibration: Calibration, share: float) -> None:
    copied = int(1_000 * share)
    mixed = np.concatenate([calibration.train[:copied], draw(1_000 - copied, seed=5)])
    found = memorisation(mixed, calibration)
    assert found.value == pytest.approx(share + (1 - share) * 0.05, abs=0.025)
    assert found.ci_low <= found.value <= found.ci_high


def test_copies_among_useless_images_are_still_seen(calibration: Calibration) -> None:
    """Where a rank test over all distances would call such a generator far from the training data."""
    useless = draw(900, seed=6) + 1_000
    found = memorisation(np.concatenate([calibration.train[:100], useless]), calibration)
    assert found.value == pytest.approx(0.1)


def test_the_interval_holds_the_true_share_in_at_least_nineteen_of_twenty_samples() -> None:
    """Of generated and held-out images both; the truth is the share at the limit of a very large held-out set."""
    train = draw(400, d=3, seed=2)
    large = calibrate(draw(40_000, d=3, seed=8), train)
    for shift, many in ((0.0, draw(40_000, d=3, seed=9)), (0.3, draw(40_000, d=3, seed=9) * 1.3)):
        truth = memorisation(many, large).value
        held = 0
        for seed in range(60):
            small = calibrate(draw(300, d=3, seed=100 + seed), train)
            found = memorisation(draw(300, d=3, seed=500 + seed) * (1 + shift), small)
            held += found.ci_low <= truth <= found.ci_high
        assert held >= 57


# ---- how it is computed ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("offset", [0, 1_000])
def test_ratios_equal_the_full_distance_matrix(dtype: type, offset: float) -> None:
    train, images = draw(300, seed=1, dtype=dtype) + dtype(offset), draw(260, seed=2, dtype=dtype) + dtype(offset)
    images[:7] = train[:7]
    assert ratios(images, train) == pytest.approx(plain_ratios(images, train), rel=1e-9)


def test_the_share_below_one_is_the_published_authenticity() -> None:
    """Alaa et al.'s AuthPct, as its public implementations count it, with torch's distances in float64."""
    torch = pytest.importorskip("torch")
    train, fake = (torch.from_numpy(draw(400, seed=seed)) for seed in (1, 2))
    among = torch.cdist(train, train, compute_mode="donot_use_mm_for_euclid_dist")
    among.fill_diagonal_(float("inf"))
    nearest = torch.cdist(train, fake, compute_mode="donot_use_mm_for_euclid_dist").min(dim=0)
    authentic = among.min(dim=0).values[nearest.indices] < nearest.values
    assert (ratios(fake.numpy(), train.numpy()) > 1).mean() == pytest.approx(authentic.double().mean().item())


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 30), st.integers(1, 30), st.integers(1, 4), st.integers(0, 2**31), st.booleans())
def test_any_small_pair_equals_the_definition(n: int, m: int, d: int, seed: int, grid: bool) -> None:
    rng = np.random.default_rng(seed)
    train, images = rng.standard_normal((n, d)), rng.standard_normal((m, d))
    if grid:
        # ties: only where the first of several nearest decides, and it is the first in both
        train, images = np.round(train), np.round(images)
    assert ratios(images, train) == pytest.approx(plain_ratios(images, train), rel=1e-9)


def test_tiles_and_candidate_limits_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    train, images = draw(150, seed=1), draw(130, seed=2)
    train[50:100] = train[0]
    whole = ratios(images, train)
    monkeypatch.setattr("gan.metrics.neighbours._TILE", 41)
    monkeypatch.setattr("gan.metrics.neighbours._MAX_CANDIDATES", 60)
    assert np.array_equal(ratios(images, train), whole)


def test_an_images_ratio_does_not_depend_on_the_others_asked_for() -> None:
    train, images = draw(150, seed=1, dtype=np.float32), draw(130, seed=2, dtype=np.float32)
    whole = ratios(images, train)
    parts = np.concatenate([ratios(images[i : i + 9], train) for i in range(0, len(images), 9)])
    assert np.array_equal(whole, parts)


def test_memory_does_not_grow_with_the_product_of_the_sets() -> None:
    train, images = draw(12_000, d=4, dtype=np.float32), draw(9_000, d=4, seed=1, dtype=np.float32)
    tracemalloc.start()
    ratios(images, train)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 0.25 * len(train) * len(images) * 4


# ---- awkward cases ---------------------------------------------------------------------------------------------------


def test_duplicated_training_images() -> None:
    train = np.repeat(draw(40, seed=1), 2, axis=0)
    assert (ratios(train[:10], train) == 0).all()
    assert np.isinf(ratios(train[:10] + 0.01, train)).all()


def test_held_out_images_that_are_copies_themselves_set_the_limit_to_copies() -> None:
    train = draw(200, seed=1)
    held_out = np.concatenate([train[:100], draw(100, seed=2)])
    against = calibrate(held_out, train)
    assert against.limit == 0
    assert memorisation(train[:50], against).value == 1
    assert memorisation(draw(50, seed=3), against).value == 0
    assert floor(against) == pytest.approx(0.5, abs=0.05)


def test_a_generator_of_one_image_is_judged_by_that_image(calibration: Calibration) -> None:
    assert memorisation(np.repeat(calibration.train[:1], 30, axis=0), calibration).value == 1
    assert memorisation(np.full((30, 8), 500.0), calibration).value == 0


def test_no_copy_at_all_still_has_an_interval(calibration: Calibration) -> None:
    found = memorisation(draw(200, seed=1) + 500, calibration)
    assert (found.value, found.ci_low) == (0, 0)
    assert 0 < found.ci_high < 0.05


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: ratios(draw(5), draw(1)), "at least 2 training images"),
        (lambda: ratios(draw(5), draw(5, d=3)), "columns"),
        (lambda: calibrate(draw(99), draw(50)), "at least 100 real images"),
        (lambda: calibrate(draw(99), draw(50), quantile=1.0), "between 0 and 1"),
        (lambda: compute(Sample(draw(9)), Sample(draw(9)), ["memorisation"]), "needs the training images"),
    ],
)
def test_what_cannot_be_judged_is_refused_with_a_reason(call: Any, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        call()


# ---- the command -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("memorisation")
    train = draw(300, seed=2)
    for name, x in (("real", draw(200, seed=1)), ("train", train), ("fake", np.concatenate([train[:60], draw(60)]))):
        np.savez(folder / f"{name}.npz", features=x)
    np.savez(folder / "narrow.npz", features=train[:, :3])
    return folder


def command(files: Path, *options: str) -> int:
    with pytest.raises(SystemExit) as end:
        cli.main(["metrics", "--real", f"{files}/real.npz", "--fake", f"{files}/fake.npz", *options])
    return int(end.value.code or 0)


def test_the_command_judges_memorisation_where_it_is_given_training_images(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(files, "--json") == 0
    without = json.loads(capsys.readouterr().out)
    assert list(without) == [name for name in METRICS if name != "inception_score"]
    assert command(files, "--train", f"{files}/train.npz", "--intervals", "--json") == 0
    figures = json.loads(capsys.readouterr().out)
    assert list(figures) == [*without, "memorisation"]
    found = figures["memorisation"]
    assert set(found) == set(without["fid"])
    assert found["ci_low"] <= 0.5 <= found["ci_high"]
    assert (found["n_real"], found["n_fake"]) == (200, 120)
    assert (found["settings"]["n_train"], found["settings"]["quantile"]) == (300, 0.05)
    assert found["settings"]["floor"] < 0.15


def test_the_quantile_is_an_option(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ("--train", f"{files}/train.npz", "--metrics", "memorisation", "--memorisation-quantile", "0.5", "--json")
    assert command(files, *options) == 0
    found = json.loads(capsys.readouterr().out)["memorisation"]
    assert found["value"] == pytest.approx(0.75, abs=0.1)
    assert found["settings"]["quantile"] == 0.5


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--metrics", "memorisation"), "--train PATH"),
        (("--train", "nowhere.npz"), "nowhere.npz does not exist"),
        (("--train", "{}"), "give three folders or three .npz files"),
        (("--train", "{}/narrow.npz"), "columns"),
    ],
)
def test_a_mistake_is_one_sentence_and_exit_2(
    files: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...], says: str
) -> None:
    assert command(files, *(option.format(files) for option in options)) == 2
    err = capsys.readouterr().err
    assert says in err
    assert "Traceback" not in err
