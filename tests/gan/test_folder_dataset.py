"""Any folder of images can be trained on. The images are synthetic: random blots, drawn by the tests themselves."""

import csv
import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from processes import bench, bench_json

from gan import datasets, image_files
from gan.config import DATASETS, dataset_label, find_dataset, resolve
from gan.errors import UsageError


@pytest.fixture(autouse=True)
def _fresh() -> None:
    datasets.load.cache_clear()


@pytest.fixture
def blots(tmp_path: Path) -> Callable[..., Path]:
    """Makes a folder of `n` colour images of mixed sizes."""

    def make(n: int = 150, name: str = "pictures", sub: str = "", mode: str = "RGB", seed: int = 0) -> Path:
        random = np.random.default_rng(seed)
        folder = tmp_path / name / sub
        folder.mkdir(parents=True, exist_ok=True)
        for i in range(n):
            height, width = random.integers(20, 70, 2)
            array = random.integers(0, 256, (4, 4, 3), dtype=np.uint8)
            Image.fromarray(array).resize((int(width), int(height))).convert(mode).save(folder / f"{i:04d}.png")
        return tmp_path / name

    return make


def test_every_readable_image_is_used_once_and_the_others_are_listed(blots: Callable[..., Path]) -> None:
    folder = blots(150)
    (folder / "notes.txt").write_text("no image")
    (folder / "cut.png").write_bytes((folder / "0000.png").read_bytes()[:60])
    (folder / ".hidden.png").write_bytes(b"")
    data = datasets.load(str(folder), 32)
    assert data.train.dtype == torch.uint8
    assert data.train.shape[1:] == (3, 32, 32)
    assert len(data.train) + len(data.held_out) == 150
    assert sorted(file for file, _ in data.unreadable) == ["cut.png", "notes.txt"]
    info = data.info()
    assert (info.name, info.folder, info.unreadable, info.size) == ("pictures/", str(folder), 2, len(data.train))
    assert info.classes == []


def test_a_folder_inside_that_cannot_be_read_is_refused_and_not_skipped(
    blots: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = blots(5)
    closed = folder / "closed"
    closed.mkdir()
    scandir = os.scandir

    def refuse(path: str) -> Any:  # as the system does, which refuses root nothing
        if str(path) == str(closed):
            raise PermissionError(errno.EACCES, "Permission denied", str(closed))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    for asked in (folder, closed):
        with pytest.raises(UsageError, match=r"closed cannot be read \(Permission denied\); check its permissions"):
            image_files.below(asked)


def test_the_split_follows_content_alone_and_stays_when_images_come_and_are_renamed(
    blots: Callable[..., Path], tmp_path: Path
) -> None:
    folder = blots(300)
    before = datasets.load(str(folder), 16)
    assert 30 < len(before.held_out) < 90  # 20 % of 300, give or take four standard deviations
    shutil.copytree(folder, tmp_path / "renamed")
    for number, file in enumerate(sorted((tmp_path / "renamed").iterdir(), reverse=True)):
        file.rename(file.with_name(f"x{number:04d}.png"))
    blots(40, "renamed", seed=1)
    after = datasets.load(str(tmp_path / "renamed"), 16)
    held = {image.numpy().tobytes() for image in after.held_out}
    assert {image.numpy().tobytes() for image in before.held_out} <= held
    assert not {image.numpy().tobytes() for image in before.train} & held


def test_no_copy_of_a_held_out_image_is_trained_on(blots: Callable[..., Path]) -> None:
    folder = blots(150)
    for file in list(folder.iterdir()):
        shutil.copy(file, folder / f"copy-of-{file.name}")
    data = datasets.load(str(folder), 32)
    assert not {i.numpy().tobytes() for i in data.train} & {i.numpy().tobytes() for i in data.held_out}


def test_images_are_cropped_to_the_middle_upright_and_transparency_is_black(
    blots: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gan.datasets.folder.LEAST_IMAGES", 1)
    monkeypatch.setattr("gan.datasets.folder.is_held_out", lambda content: False)
    folder = blots(0)
    wide = np.zeros((32, 96, 3), np.uint8)
    wide[:, 32:64] = (200, 100, 50)  # the middle third
    Image.fromarray(wide).save(folder / "1-wide.png")
    turned = np.zeros((32, 32, 3), np.uint8)
    turned[:8] = 255  # white on top, stored as if the camera had been turned
    exif = Image.Exif()
    exif[0x0112] = 3  # rotated by 180 degrees
    Image.fromarray(turned).save(folder / "2-turned.png", exif=exif)
    Image.new("RGBA", (32, 32), (255, 255, 255, 0)).save(folder / "3-clear.png")
    Image.fromarray(np.full((32, 32), 65535, np.uint16)).save(folder / "4-sixteen.png")
    Image.new("P", (32, 32), 0).save(folder / "5-palette.gif")
    images = datasets.load(str(folder), 32).train
    assert torch.equal(images[0], torch.tensor([200, 100, 50], dtype=torch.uint8)[:, None, None].expand(3, 32, 32))
    assert int(images[1, :, -8:].min()) == 255
    assert int(images[1, :, :-8].max()) == 0
    assert int(images[2].max()) == 0
    assert int(images[3].min()) == 255


@pytest.mark.parametrize(("mode", "channels"), [("L", 1), ("RGB", 3), ("CMYK", 3)])
def test_a_folder_of_grey_images_trains_one_channel(mode: str, channels: int, blots: Callable[..., Path]) -> None:
    folder = blots(120)
    for file in list(folder.iterdir()):
        with Image.open(file) as image:
            image.convert(mode).save(file.with_suffix(".tif"))
        file.unlink()
    assert datasets.load(str(folder), 16).channels == channels


def test_sub_folders_become_classes_and_an_old_split_is_not_taken_for_them(blots: Callable[..., Path]) -> None:
    for number, sub in enumerate(("train/cats", "train/dogs", "test/cats", "test/dogs")):
        folder = blots(40, sub=sub, seed=number)
    data = datasets.load(str(folder), 16)
    assert data.classes == ("cats", "dogs")
    labels = torch.cat([data.train_labels, data.held_out_labels])
    assert torch.bincount(labels).tolist() == [80, 80]


@pytest.mark.parametrize("loose", [0, 1])
def test_images_outside_every_sub_folder_mean_that_there_are_no_classes(loose: int, blots: Callable[..., Path]) -> None:
    blots(60, sub="cats")
    folder = blots(60, sub="dogs", seed=1)
    blots(loose, seed=2)
    assert datasets.load(str(folder), 16).classes == (() if loose else ("cats", "dogs"))


def test_too_few_images_are_refused_with_the_count_and_what_is_needed(blots: Callable[..., Path]) -> None:
    folder = blots(30)
    (folder / "readme.md").write_text("x")
    with pytest.raises(UsageError, match=r"30 images \(1 of its files cannot be read as images\); .* at least 100"):
        datasets.load(str(folder), 32)
    for n in range(5):
        for file in sorted(folder.glob("00*.png")):
            shutil.copy(file, folder / f"copy-{n}-{file.name}")
    with pytest.raises(UsageError, match="180 images, 30 of them different"):
        datasets.load(str(folder), 32)


def test_same_folder_same_digest_and_another_image_another(blots: Callable[..., Path]) -> None:
    folder = blots(120)
    digest = datasets.load(str(folder), 16).digest
    datasets.load.cache_clear()
    assert datasets.load(str(folder), 16).digest == digest
    (folder / "0007.png").unlink()
    datasets.load.cache_clear()
    assert datasets.load(str(folder), 16).digest != digest


# ---- naming a data set -----------------------------------------------------------------------------------------------


def test_a_name_wins_over_a_folder_of_that_name_and_a_path_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "digits").mkdir()
    monkeypatch.chdir(tmp_path)
    assert find_dataset("digits") == "digits"
    assert find_dataset("./digits") == str(tmp_path / "digits")
    assert dataset_label(find_dataset("./digits")) == "digits/"


@pytest.mark.parametrize("asked", ["imagenet", "", "./imagenet", "~nobody-of-that-name/pictures", "a\0b", "x" * 5000])
def test_what_does_not_exist_is_refused_by_naming_what_does(asked: str) -> None:
    with pytest.raises(UsageError, match=", ".join(DATASETS)):
        resolve(dataset=asked)


def test_a_file_is_not_taken_for_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"x")
    with pytest.raises(UsageError, match="is a file"):
        resolve(dataset=str(tmp_path / "a.png"))


# ---- whole runs ------------------------------------------------------------------------------------------------------


def test_a_folder_is_trained_on_and_measured_and_the_record_says_what_it_was(
    blots: Callable[..., Path], home: Path
) -> None:
    folder = blots(110)
    (folder / "list, old.csv").write_text("x")
    record = bench_json("train", "--dataset", folder, "--steps", "3")
    n = record["dataset"]["held_out"]
    assert record["status"] == "completed"
    assert record["config"]["dataset"] == str(folder)
    assert record["dataset"]["name"] == "pictures/"
    assert record["dataset"]["size"] + n == 110
    assert record["extractor"]["name"] == "efficientnet-lite0"
    assert set(record["quality"]) == {"fid", "kid", "precision", "recall", "density", "coverage"}
    assert record["quality"]["fid"]["n"] == n
    assert record["quality"]["fid"]["reference_floor"] is not None
    assert record["class_shares"] == {}
    codes = {notice["code"]: notice["values"] for notice in record["notices"]}
    assert codes["high_floor"]["n"] == n
    assert codes["unreadable_files"] == {"count": 1, "example": "list, old.csv"}
    run = home / "runs" / record["run_id"]
    assert next(csv.DictReader((run / "unreadable.csv").open()))["file"] == "list, old.csv"
    assert "-pictures-" in record["run_id"]
    assert str(folder) not in (run / "model_card.md").read_text()
    assert bench_json("list")["runs"][0]["dataset"] == "pictures/"


def test_a_run_does_not_go_on_with_other_images_than_it_began_with(
    blots: Callable[..., Path], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gan.run import run as carry_out
    from gan.store import Store

    class Once:
        """Asks for a stop after some steps."""

        asked = 0

        def reason(self) -> str | None:
            self.asked += 1
            return "interrupted" if self.asked > 6 else None

    monkeypatch.setattr("gan.extractors.judge", lambda dataset: "digits")  # faster, and not what this is about
    folder = blots(150)
    runs = Store()
    run_id = runs.create(resolve(dataset=str(folder), steps=1000, width=4))
    assert carry_out(runs, run_id, Once()).status == "interrupted"  # type: ignore[arg-type]
    (folder / "0001.png").unlink()
    refused = bench("resume", run_id)
    assert refused.returncode == 2
    assert "have changed since run" in refused.stderr


def test_unknown_data_set_is_a_usage_error_on_the_command_line(home: Path) -> None:
    refused = bench("train", "--dataset", "imagenet")
    assert refused.returncode == 2
    assert refused.stderr.count("\n") == 1
    assert "digits, fashion-mnist, mnist, cifar10; or give the path of a folder" in refused.stderr
