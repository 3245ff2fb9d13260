"""Pictures of a reader's own: measured by a process of their own, refused in a sentence, never kept."""

import io
import json
import threading
import time
import zipfile
from functools import partial
from pathlib import Path

import pytest
from PIL import Image

from aigc_report import measurements, uploads
from aigc_report.charts import measurements as charts
from aigc_report.errors import UserError
from aigc_report.i18n import LANGUAGES, texts
from aigc_report.measurements import Upload, store, words, work
from gan.measurement import LEAST, Measured, Progress, Remark
from gan.record import Extractor, Metric

EN, ZH = texts("en"), texts("zh")


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("AIGC_REPORT_HOME", str(tmp_path))
    return tmp_path


def picture(shade: int, size: int = 8, mode: str = "L") -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").rotate(shade).resize((size, size)).convert(mode).save(out, "PNG")
    return out.getvalue()


def zipped(count: int, name: str = "mine.zip", extra: dict[str, bytes] | None = None) -> Upload:
    """A zip of synthetic pictures (gradients) and of `extra` files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for n in range(count):
            archive.writestr(f"{n}.png", picture(n))
        for file, content in (extra or {}).items():
            archive.writestr(file, content)
    return Upload(name, out)


def ended(id: str, seconds: float = 240) -> measurements.Measurement:
    end = time.monotonic() + seconds
    while (found := measurements.read(id)).status in store.ACTIVE:
        assert time.monotonic() < end, found
        time.sleep(0.05)
    return found


@pytest.fixture
def unstarted(monkeypatch):
    """Measurements are made but no process is started; tests carry them out themselves."""
    monkeypatch.setattr(store, "_launch", lambda folder: None)


def carried_out(generated: Upload, real: Upload | str = "digits") -> store.Ended:
    return work.carry_out(measurements.start(generated, real))


def brought(home: Path) -> list[str]:
    return sorted(p.name for p in home.rglob("*") if p.suffix in (".zip", ".png"))


# ---- the real thing, once --------------------------------------------------------------------------------------------


@pytest.mark.torch
def test_pictures_are_measured_beside_runs_and_then_deleted(home):
    pytest.importorskip("torch")
    from sklearn.datasets import load_digits

    pixels = load_digits().images[: LEAST + 10]
    files = {}
    for n, image in enumerate(pixels):
        out = io.BytesIO()
        Image.fromarray((image * 255 / 16).round().astype("uint8")).save(out, "PNG")
        files[f"sub/digit {n}.png"] = out.getvalue()
    files |= {"torn.png": files["sub/digit 0.png"][:60], "text.png": b"words", "big.png": picture(3, 40, "RGB")}
    found = ended(measurements.start(zipped(0, extra=files), "digits"))
    assert found.status == "completed", found.ended
    measured = found.ended.measured
    assert measured.n == LEAST + 11
    assert {"fid", "kid", "precision", "coverage", "class_coverage"} <= set(measured.quality)
    fid = measured.quality["fid"]
    assert fid.ci_low <= fid.value <= fid.ci_high
    assert fid.reference_floor > 0
    assert fid.value < 60, "real digits lie near real digits: 128 is one whole spread of them"
    assert [remark.code for remark in measured.remarks] == ["resized"]
    assert measured.remarks[0].values["count"] == 1
    assert {name for name, _ in found.ended.left_out["generated"]} == {"torn.png", "text.png"}
    assert brought(home) == []
    table = words.table(found)
    assert len(table) == len(measured.quality)
    assert table["floor"].notna().all()
    assert json.loads(json.dumps(words.document(found), allow_nan=False))["measured"]["n"] == measured.n
    for lang in LANGUAGES:
        t = texts(lang)
        assert charts.distance(t, found.request.id, "fid").frame["value"].item() == fid.value
        assert t.number(fid.reference_floor) in words.verdict(t, measured)
        assert str(measured.n) in words.basis(t, found.request, found.ended)
        assert len(words.left_out(t, found.ended)) == 2
    measurements.delete(found.request.id)
    with pytest.raises(LookupError):
        measurements.read(found.request.id)


# ---- refusals --------------------------------------------------------------------------------------------------------


def bomb() -> Upload:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for n in range(3):
            archive.writestr(f"{n}.png", b"\0" * 900_000)
    return Upload("mine.zip", out)


@pytest.mark.parametrize(
    ("made", "sentence"),
    [
        (lambda: zipped(0), "mine.zip holds no image that can be read"),
        (lambda: zipped(0, extra={"a.png": b"words", "b.txt": b"words"}), "mine.zip holds no image that can be read"),
        (lambda: Upload("mine.zip", io.BytesIO(b"no zip")), "mine.zip is damaged or no zip"),
        (lambda: zipped(0, extra={f"{n}.png": b"" for n in range(10_001)}), "holds 10,001 files; at most 10,000"),
        (bomb, "unpacks to more than 2 MB"),
    ],
    ids=["empty", "text renamed", "no zip", "too many", "bomb"],
)
def test_a_bad_zip_is_one_sentence_in_both_languages_and_leaves_nothing(unstarted, home, monkeypatch, made, sentence):
    monkeypatch.setattr(uploads, "ImageLimits", partial(uploads.ImageLimits, unpacked=2_000_000))
    found = carried_out(made())
    assert found.status == "failed"
    assert sentence in words.why(EN, found)
    assert words.why(ZH, found) != words.why(EN, found)
    assert brought(home) == []


@pytest.mark.torch
def test_one_picture_is_too_few_and_paths_out_of_the_zip_lead_nowhere(unstarted, home, monkeypatch):
    pytest.importorskip("torch")
    import gan.measure

    def here(folder: Path) -> Measured:
        return gan.measure.measure(folder)

    monkeypatch.setattr(work, "_look", here)
    found = carried_out(zipped(0, extra={"../../evil.png": picture(1)}))
    assert words.why(EN, found).startswith("1 of the generated pictures can be read; at least 50 are needed")
    assert "50" in words.why(ZH, found)
    assert not list(home.parent.glob("evil*"))
    both = carried_out(zipped(LEAST), zipped(LEAST, "real.zip"))
    assert words.why(EN, both).startswith("50 of the real pictures can be read; at least 100 are needed")


@pytest.mark.torch
def test_grey_and_coloured_pictures_of_two_sizes_are_told_of(tmp_path):
    pytest.importorskip("torch")
    import gan.measure
    from gan import datasets

    for n, content in enumerate((picture(1), picture(2, 8, "RGB"), picture(3, 16), picture(4, 30))):
        (tmp_path / f"{n}.png").write_bytes(content)
    coloured = tmp_path / "4.png"
    Image.new("RGB", (8, 8), "red").save(coloured)
    data = datasets.load("digits", 16)
    images, resized, made_grey = gan.measure._as_the_data(sorted(tmp_path.glob("*.png")), data)
    assert images.shape == (5, 1, 16, 16)
    assert (resized, made_grey) == (1, 1), "8 x 8 is the data set's own size, 16 x 16 that of training"


@pytest.mark.torch
def test_a_picture_of_the_published_size_takes_the_way_of_the_data_sets_own():
    pytest.importorskip("torch")
    import torch
    from sklearn.datasets import load_digits

    import gan.measure
    from gan import datasets

    data = datasets.load("digits", 16)
    own = torch.from_numpy(load_digits().images[:40])
    brought = torch.stack(
        [gan.measure._like_published((image * 255 / 16).round().to(torch.uint8)[None], data) for image in own]
    )
    real = torch.cat([data.train, data.held_out])
    nearest = (brought.flatten(1).float()[:, None] - real.flatten(1).float()[None]).abs().amax(2).amin(1)
    assert nearest.max() <= 1, "one grey level, by rounding 17 levels to 256"


# ---- states ----------------------------------------------------------------------------------------------------------


def test_a_measurement_is_cancelled_while_it_measures(unstarted, home, monkeypatch):
    id = measurements.start(zipped(3), "digits")

    def sleeper(arguments, place, out, err):
        import subprocess
        import sys

        return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])

    monkeypatch.setattr(work.runner, "detach", sleeper)
    at_work = threading.Thread(target=work.carry_out, args=(id,))
    at_work.start()
    end = time.monotonic() + 60
    while (now := measurements.read(id)).progress is None or now.progress.stage != "starting":
        assert time.monotonic() < end
        time.sleep(0.02)
    assert now.status == "running"
    measurements.delete(id)  # under way: nothing is deleted
    measurements.cancel(id)
    at_work.join(30)
    assert measurements.read(id).status == "cancelled"
    assert brought(home) == []


def test_a_killed_measurement_is_interrupted_and_its_pictures_go_with_the_next_start(unstarted, home):
    id = measurements.start(zipped(3), "digits")
    (store.path(id) / store.LOCK).touch()  # a process had it, and is dead
    assert measurements.read(id).status == "interrupted"
    assert brought(home) == ["generated.zip"]
    other = measurements.start(zipped(3), "digits")
    assert sorted(p.parent.name for p in home.rglob("*.zip")) == [other]


def test_two_viewers_at_once_have_a_measurement_each_and_a_sixth_waits_outside(unstarted, monkeypatch):
    first, second = (measurements.start(zipped(1, name), "digits") for name in ("a.zip", "b.zip"))
    assert first != second
    assert measurements.read(first).request.names == {"generated": "a.zip"}
    monkeypatch.setattr(store, "held", lambda path: True)
    for _ in range(store.MOST_AT_ONCE - 2):
        measurements.start(zipped(1), "digits")
    with pytest.raises(UserError, match="5 measurements are under way"):
        measurements.start(zipped(1), "digits")


@pytest.mark.parametrize(
    "id", ["", "..", "../runs", "20261125-101703-e565b025234da92", "20261125-101703-e565b025234da922"]
)
def test_an_id_of_no_measurement_reaches_nothing(id):
    with pytest.raises(LookupError):
        measurements.read(id)


# ---- words -----------------------------------------------------------------------------------------------------------


def figures(low: float, high: float, copies: tuple[float, float] | None = None) -> Measured:
    """Synthetic figures: FID with this interval and a floor of 5."""
    quality = {"fid": Metric(value=(low + high) / 2, ci_low=low, ci_high=high, n=100, reference_floor=5.0)}
    if copies:
        quality["memorisation"] = Metric(value=copies[1], ci_low=copies[0], ci_high=1.0, reference_floor=0.05)
    return Measured(quality=quality, n=100, extractor=Extractor(name="digits", digest="0" * 64))


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (7, 9, "can be told from real ones"),
        (5.5, 9.5, "does not tell these pictures"),  # the floor has an error too
        (4, 9, "does not tell these pictures"),
        (1, 3, "nearer to the real ones"),
    ],
)
def test_the_verdict_follows_the_interval_and_the_floor(low, high, said):
    assert said in words.verdict(EN, figures(low, high))
    assert words.verdict(ZH, figures(low, high)) != words.verdict(EN, figures(low, high))


def test_copies_are_spoken_of_only_above_the_floor():
    assert words.copies(EN, figures(6, 9, (0.5, 0.7)))
    assert words.copies(EN, figures(6, 9, (0.03, 0.07))) is None
    assert words.copies(EN, figures(6, 9)) is None


def test_every_stage_and_remark_has_words():
    for stage in words.STAGES:
        for lang in LANGUAGES:
            said, share = words.at_work(texts(lang), Progress(stage=stage, done=5, total=10))
            assert said
            assert 0 <= share <= 1
    assert "12" in words.remark(EN, Remark(code="made_grey", values={"count": 12}))
