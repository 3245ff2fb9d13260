"""Quality figures mean what they say: near the floor for real images, far from it for bad ones, with warnings."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from gan import datasets, evaluate, extractors
from gan.device import exact_float32, gradual_underflow, prepare
from gan.errors import UsageError
from gan.metrics import METRICS as METRIC_TABLE
from gan.metrics import TRAINING_METRICS

pytestmark = pytest.mark.torch

METRICS = (*METRIC_TABLE, *TRAINING_METRICS, "class_coverage", "class_balance")


@pytest.fixture(autouse=True)
def _one_thread(home: Path) -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="module")
def digits() -> datasets.Dataset:
    return datasets.load("digits", 16)


def shuffled(images: torch.Tensor, seed: int) -> torch.Tensor:
    return images[torch.randperm(len(images), generator=torch.Generator().manual_seed(seed))]


def measure(images: torch.Tensor, data: datasets.Dataset, n: int | None = None) -> evaluate.EvaluateResult:
    return evaluate.evaluate(lambda count: images[:count], data, device="cpu", seed=0, n=n)


def test_real_images_score_near_the_floor_and_noise_far_from_it(digits: datasets.Dataset) -> None:
    real = measure(shuffled(digits.train, 1), digits)
    noise = measure(torch.randint(0, 256, digits.held_out.shape, dtype=torch.uint8), digits)
    assert list(real.quality) == list(METRICS)
    for name, metric in real.quality.items():
        assert metric.value is not None
        assert metric.reference_floor is not None
        assert (metric.n, metric.n_real) == (590, 590)
        assert metric.ci_low is not None, name
        assert metric.ci_high is not None, name
        assert metric.ci_low <= metric.value <= metric.ci_high
    fid, floor = real.quality["fid"].value, real.quality["fid"].reference_floor
    assert fid is not None
    assert floor is not None
    assert fid == pytest.approx(floor, rel=0.25)
    assert (noise.quality["fid"].value or 0) > 20 * floor
    assert (noise.quality["coverage"].value or 0) < 0.1
    assert {notice.code for notice in real.notices} == {"small_sample"}
    assert real.extractor.digest == extractors.digest("digits")


def test_the_floor_is_the_same_for_every_generator_and_measured_once(digits: datasets.Dataset, home: Path) -> None:
    images = shuffled(digits.train, 2)
    first = measure(images, digits, n=100)
    (cache,) = (home / "floors").iterdir()
    stamp = cache.stat().st_mtime_ns
    second = measure(shuffled(digits.train, 3), digits, n=100)
    floors = [{name: m.reference_floor for name, m in result.quality.items()} for result in (first, second)]
    assert floors[0] == floors[1]
    assert cache.stat().st_mtime_ns == stamp
    cache.write_text("{half")
    assert measure(images, digits, n=100) == first
    assert cache.read_text() != "{half"


def test_the_same_images_and_seed_give_the_same_result(digits: datasets.Dataset) -> None:
    images = shuffled(digits.train, 4)
    assert measure(images, digits, n=200) == measure(images, digits, n=200)


def test_one_image_over_and_over_is_called_a_collapse(digits: datasets.Dataset) -> None:
    result = measure(digits.train[:1].expand(590, -1, -1, -1), digits)
    assert "collapse" in {notice.code for notice in result.notices}
    assert result.quality["recall"].value == 0
    assert result.quality["inception_score"].value == pytest.approx(1)


def test_missing_classes_show_in_shares_coverage_and_balance(digits: datasets.Dataset) -> None:
    result = measure(shuffled(digits.train[digits.train_labels < 5], 5), digits)
    shares = result.class_shares
    assert list(shares) == list(digits.classes)
    assert sum(share["generated"] for share in shares.values()) == pytest.approx(1)
    assert sum(share["real"] for share in shares.values()) == pytest.approx(1)
    assert sum(share["generated"] for name, share in shares.items() if int(name) >= 5) < 0.05
    assert result.quality["class_coverage"].value == pytest.approx(0.5, abs=0.11)
    assert result.quality["class_balance"].value == pytest.approx(0.5, abs=0.06)
    assert result.quality["class_balance"].reference_floor == pytest.approx(1, abs=0.1)


def test_images_of_the_training_set_count_as_memorised_and_unseen_ones_do_not(digits: datasets.Dataset) -> None:
    """The held-out images are shown as if generated: nearer to the training images than they are nothing should be."""
    copied = measure(shuffled(digits.train, 7), digits).quality["memorisation"]
    assert copied.value == 1
    unseen = measure(digits.held_out, digits).quality["memorisation"]
    assert unseen.value == pytest.approx(0.05, abs=0.01)
    assert unseen.reference_floor == pytest.approx(0.05, abs=0.04)
    assert unseen.reference_floor == copied.reference_floor
    assert unseen.settings["n_train"] == len(digits.train)


def test_only_images_that_training_saw_can_be_memorised(digits: datasets.Dataset) -> None:
    rows = torch.arange(0, len(digits.train), 2)

    def share(images: torch.Tensor) -> float | None:
        result = evaluate.evaluate(lambda n: images[:n], digits, device="cpu", seed=0, trained_on=rows)
        return result.quality["memorisation"].value

    assert share(digits.train[rows]) == 1
    assert (share(digits.train[(rows + 1)[:-1]]) or 0) < 0.3


def test_memorisation_is_left_out_where_too_few_images_calibrate_it(digits: datasets.Dataset) -> None:
    assert "memorisation" not in measure(digits.held_out, digits, n=99).quality
    assert "memorisation" in measure(digits.held_out, digits, n=100).quality


def test_kept_features_of_training_images_are_read_again_and_mended(digits: datasets.Dataset, home: Path) -> None:
    first = measure(digits.held_out, digits, n=100)
    kept = sorted((home / "features").iterdir())
    assert len(kept) == 2
    for file in kept:
        file.write_bytes(b"half")
    assert measure(digits.held_out, digits, n=100) == first
    assert all(file.stat().st_size > 100 for file in kept)


def test_a_quick_figure_at_full_size_is_the_final_one(digits: datasets.Dataset) -> None:
    images = shuffled(digits.train, 6)
    quick = evaluate.quick_fid(lambda n: images[:n], digits, n=590, device="cpu", seed=0)
    assert quick == pytest.approx(measure(images, digits).quality["fid"].value, rel=1e-6)


def test_what_cannot_be_measured_is_refused(digits: datasets.Dataset) -> None:
    with pytest.raises(UsageError, match="asked for 590 images and gave 3"):
        measure(digits.train[:3], digits)
    for n in (5, 591):
        with pytest.raises(UsageError, match="6 to 590 images"):
            measure(digits.train, digits, n=n)


def test_measuring_leaves_the_settings_of_training_as_they_were() -> None:
    torch.set_float32_matmul_precision("high")
    before = (torch.backends.cudnn.allow_tf32, torch.backends.cudnn.benchmark)
    with exact_float32():
        assert torch.get_float32_matmul_precision() == "highest"
        assert not torch.backends.cudnn.allow_tf32
    assert torch.get_float32_matmul_precision() == "high"
    assert (torch.backends.cudnn.allow_tf32, torch.backends.cudnn.benchmark) == before


def test_tiny_numbers_are_kept_while_decomposing_and_flushed_again_after() -> None:
    tiny = torch.tensor(2.0**-1060, dtype=torch.float64)
    prepare(torch.device("cpu"), deterministic=False)
    assert tiny * 1 == 0
    with gradual_underflow():
        assert tiny * 1 != 0
    assert tiny * 1 == 0
    torch.set_flush_denormal(False)
    with gradual_underflow():
        assert tiny * 1 != 0
    assert tiny * 1 != 0


COLLAPSED = """
import numpy as np, torch
from gan.device import gradual_underflow, prepare
from gan.metrics.frechet import fid
prepare(torch.device("cpu"), deterministic=False)
for seed in range(12):  # synthetic: all images alike but for a few
    rng = np.random.default_rng(seed)
    real = rng.standard_normal((1000, 128)).astype(np.float32)
    one = rng.standard_normal(128)
    other = one + 10.0 ** -(2 + seed % 3) * rng.standard_normal(128)
    fake = np.stack([one] * 997 + [other] * 3).astype(np.float32)
    with gradual_underflow():
        print(fid(real, fake))
"""


def test_features_of_a_collapsed_generator_are_decomposed_where_training_flushes_tiny_numbers() -> None:
    """In a process of its own with two threads: one that flushes and one that does not made NaN of most of these."""
    environment = os.environ | {"OMP_NUM_THREADS": "2"}
    told = subprocess.run(
        [sys.executable, "-c", COLLAPSED], env=environment, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr
    assert all(float(value) > 128 for value in told.stdout.split())
    assert len(told.stdout.split()) == 12
