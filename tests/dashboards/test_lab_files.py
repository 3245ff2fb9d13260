"""What a reader takes away of a run: every file under an address, with its size, and nothing beyond its folder."""

import io
import json
import shutil
import zipfile
from pathlib import Path

import pandas as pd
import pytest
import yaml
from PIL import Image
from test_addresses import ask
from test_pages import show, stands

from aigc_report import run_files
from aigc_report.i18n import LANGUAGES, texts
from gan.config import resolve
from gan.record import RunRecord, SampleGrid
from gan.store import CARD, FINAL, Store

pytestmark = pytest.mark.torch


@pytest.fixture
def run_id(one_run: Path) -> str:
    return Store().list()[0].run_id


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_of_a_run_lists_its_files_with_their_sizes(run_id: str, lang: str) -> None:
    t, app = texts(lang), show("gan_lab", lang, run=run_id)
    stands(app)
    listed = next(block.proto.body for block in app.get("html") if 'class="links files"' in block.proto.body)
    for name, file in run_files.of(Store(), run_id).items():
        status, found, body = ask(f"/runs/{run_id}/{name}")
        assert status == 200
        assert f'href="/runs/{run_id}/{name}"' in listed
        assert t.bytes(file.size) in listed
        assert found["content-disposition"] == f'attachment; filename="{file.saved_as}"'
        assert run_id in file.saved_as
        if name != run_files.EVERYTHING:
            assert len(body) == file.size
    assert list(run_files.of(Store(), run_id)) == list(run_files.KINDS)


def test_record_card_and_weights_are_those_of_the_folder(run_id: str) -> None:
    folder = Store().path(run_id)
    assert ask(f"/runs/{run_id}/record.json")[2] == (folder / "record.json").read_bytes()
    card = ask(f"/runs/{run_id}/{CARD}")[2].decode()
    assert card == (folder / CARD).read_text(encoding="utf-8")
    header = yaml.safe_load(card.split("---\n")[1])
    assert header["library_name"] == "pytorch"
    assert header["pipeline_tag"] == "unconditional-image-generation"
    weights = (folder / FINAL).read_bytes()
    status, found, body = ask(f"/runs/{run_id}/weights.safetensors", accept_encoding="gzip")
    assert (status, body) == (200, weights)
    assert found["content-length"] == str(len(weights))
    assert ask(f"/runs/{run_id}/weights.safetensors", range="bytes=8-15")[::2] == (206, weights[8:16])


def test_tables_hold_every_figure_of_the_record(run_id: str) -> None:
    record = Store().read(run_id)
    rows = pd.read_csv(io.BytesIO(ask(f"/runs/{run_id}/figures.csv")[2])).set_index("figure")
    for name, metric in record.quality.items():
        assert rows.loc[name, "value"] == pytest.approx(metric.value)
        assert rows.loc[name, "floor"] == pytest.approx(metric.reference_floor, nan_ok=True)
    for name in ("train_s", "images_per_s", "flops_total", "energy_kwh", "co2_g"):
        assert rows.loc[name, "value"] == pytest.approx(getattr(record.cost, name))
    assert rows.loc["money_eur", "basis"] == record.cost.money.basis
    curve = pd.read_csv(io.BytesIO(ask(f"/runs/{run_id}/curve.csv")[2]))
    assert list(curve["images"]) == [point.images for point in record.curve]


def test_images_come_as_grids_and_as_single_images_at_their_own_size(run_id: str) -> None:
    record = Store().read(run_id)
    with zipfile.ZipFile(io.BytesIO(ask(f"/runs/{run_id}/samples.zip")[2])) as archive:
        names = archive.namelist()
        assert len([n for n in names if n.startswith("grids/")]) == len(record.samples)
        assert len([n for n in names if n.startswith("generated/")]) == 32
        assert len([n for n in names if n.startswith("real/")]) == 32
        with Image.open(io.BytesIO(archive.read("generated/000031.png"))) as image:
            assert image.size == (record.config.resolution,) * 2


def test_a_picture_that_a_resumed_run_tells_of_twice_is_in_the_archive_once(run_id: str, tmp_path: Path) -> None:
    there = Store(tmp_path)
    shutil.copytree(Store().path(run_id), tmp_path / run_id)
    record = there.read(run_id)
    there.write(record.model_copy(update={"samples": record.samples * 2}))
    for name in (run_files.SAMPLES, run_files.EVERYTHING):
        content = run_files.find(there, run_id, name).content
        with zipfile.ZipFile(io.BytesIO(b"".join(content()) if callable(content) else content)) as archive:
            assert len(archive.namelist()) == len(set(archive.namelist()))


def test_the_archive_of_everything_is_a_run_on_another_machine(run_id: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(ask(f"/runs/{run_id}/everything.zip")[2])) as archive:
        assert archive.testzip() is None
        assert not [n for n in archive.namelist() if "log" in n or "lock" in n]
        archive.extractall(tmp_path / "runs")
    there = Store(tmp_path / "runs")
    assert there.problems() == []
    assert there.read(run_id) == Store().read(run_id)
    assert (there.path(run_id) / FINAL).read_bytes() == (Store().path(run_id) / FINAL).read_bytes()


def test_an_archive_is_sent_in_pieces(tmp_path: Path) -> None:
    big = tmp_path / "big.safetensors"
    big.write_bytes(bytes(4 * run_files.PIECE_BYTES))
    pieces = list(run_files.zipped([("a/big.safetensors", big), ("a/b.txt", b"text")]))
    assert max(map(len, pieces)) < 2 * run_files.PIECE_BYTES
    with zipfile.ZipFile(io.BytesIO(b"".join(pieces))) as archive:
        assert archive.read("a/big.safetensors") == big.read_bytes()
        assert archive.read("a/b.txt") == b"text"


def test_what_a_run_does_not_have_is_said_and_nothing_outside_its_folder_is_sent(no_runs: Path) -> None:
    store = Store()
    run_id = store.create(resolve(steps=1))
    secret = no_runs / "secret.png"
    Image.new("L", (4, 4)).save(secret)
    record = store.read(run_id).model_dump() | {"status": "failed", "finished": store.now()}
    record["samples"] = [SampleGrid(file=f, step=0, images=0, columns=8) for f in ("../../secret.png", str(secret))]
    store.write(RunRecord.model_validate(record))
    shutil.copy(secret, store.path(run_id) / "config.toml")
    status, _, body = ask(f"/runs/{run_id}/weights.safetensors")
    assert status == 404
    assert "has no weights.safetensors; it has figures.csv, record.json, everything.zip" in json.loads(body)["error"]
    with zipfile.ZipFile(io.BytesIO(ask(f"/runs/{run_id}/everything.zip")[2])) as archive:
        assert [n.partition("/")[2] for n in archive.namelist()] == ["record.json", "config.json", "figures.csv"]
    for wrong in (f"/runs/{run_id}/config.json", "/runs/gone/record.json", "/runs/..%2F..%2Fetc/record.json"):
        assert ask(wrong)[0] == 404
    for lang in LANGUAGES:
        app = show("gan_lab", lang, run=run_id)
        stands(app)
        wanted = texts(lang)("There are no weights to take away: the run ended before it kept any.")
        assert wanted in [note.value for note in app.caption]
