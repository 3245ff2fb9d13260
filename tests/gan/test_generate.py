"""Generated images are the same for the same seed, however many are asked for, and reach the disk as they are."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from gan import generate
from gan.errors import UsageError
from gan.method import Sampler, Shape, create

pytestmark = pytest.mark.torch


@pytest.fixture
def generator() -> Sampler:
    sampler = made_by(channels=1)
    for module in sampler.network.modules():  # statistics of a network that has trained
        if isinstance(module, torch.nn.BatchNorm2d):
            torch.nn.init.normal_(module.running_mean, std=0.01)
    return sampler


def made_by(channels: int) -> Sampler:
    torch.manual_seed(0)
    method = create("dcgan", Shape(resolution=16, channels=channels, width=4, latent_dim=8), "non_saturating", {})
    return Sampler(method, method.build()["generator"])


def test_fewer_images_are_the_first_of_more(generator: Sampler, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generate, "_BATCH", 8)
    images = generate.source(generator, seed=1)
    many = images(20)
    assert many.shape == (20, 1, 16, 16)
    assert many.dtype == torch.uint8
    for few in (1, 8, 11):
        assert torch.equal(images(few), many[:few])


def test_another_seed_gives_other_images(generator: Sampler) -> None:
    assert not torch.equal(generate.source(generator, 1)(4), generate.source(generator, 2)(4))


def test_an_image_does_not_depend_on_its_neighbours_and_the_generator_stays_as_it_was(generator: Sampler) -> None:
    """In training mode batch normalisation would mix the images of a batch; the statistics must not move either."""
    generator.network.train()
    before = {name: value.clone() for name, value in generator.network.state_dict().items()}
    three, one = generate.source(generator, 1)(3), generate.source(generator, 1)(1)
    assert torch.equal(three[:1], one)
    assert generator.network.training
    assert all(torch.equal(before[name], value) for name, value in generator.network.state_dict().items())


def test_files_hold_the_pixels_that_were_generated(generator: Sampler, tmp_path: Path) -> None:
    generate.export(generator, 3, seed=5, folder=tmp_path / "a" / "b")
    files = sorted((tmp_path / "a" / "b").iterdir())
    assert [file.name for file in files] == ["000000.png", "000001.png", "000002.png"]
    for file, image in zip(files, generate.source(generator, 5)(3), strict=True):
        with Image.open(file) as picture:
            assert np.array_equal(np.asarray(picture), image[0].numpy())


def test_colour_images_are_written_in_colour(tmp_path: Path) -> None:
    generate.export(made_by(channels=3), 1, seed=0, folder=tmp_path)
    with Image.open(tmp_path / "000000.png") as picture:
        assert (picture.mode, picture.size) == ("RGB", (16, 16))


def test_files_that_are_no_pictures_stay_and_other_pictures_are_refused(generator: Sampler, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    generate.export(generator, 1, seed=0, folder=tmp_path)
    assert (tmp_path / "notes.txt").read_text() == "mine"
    (tmp_path / "0001.PNG").write_bytes(b"mine")
    with pytest.raises(UsageError, match=r"0001\.PNG"):
        generate.export(generator, 1, seed=0, folder=tmp_path)
    assert (tmp_path / "000000.png").exists()
