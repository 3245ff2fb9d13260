"""The table of metrics, its intervals, class shares, and the command over files and folders."""

import json
import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest

from gan.errors import UsageError
from gan.metrics import METRICS, Sample, Settings, classes, compute, intervals
from gan.metrics.inputs import as_features


def samples(n=300, m=250, d=10, seed=0, shift=0.3):
    rng = np.random.default_rng(seed)
    return (
        Sample(rng.standard_normal((n, d)), rng.dirichlet(np.ones(4), n)),
        Sample(rng.standard_normal((m, d)) * 1.1 + shift, rng.dirichlet(np.ones(4), m)),
    )


def test_every_metric_is_computed_in_the_tables_order_with_its_sizes_and_settings():
    figures = compute(*samples())
    assert list(figures) == list(METRICS)
    for figure in figures.values():
        assert (figure.n_real, figure.n_fake) == (300, 250)
        assert figure.settings
        assert figure.ci_low is figure.ci_high is None
    assert figures["precision"].settings == {"k": 5, "closed": False}
    assert figures["kid"].settings["gamma"] == 0.1


def test_inception_score_is_left_out_without_probabilities_and_refused_when_asked_for():
    real, fake = (Sample(s.features) for s in samples())
    assert list(compute(real, fake)) == [name for name in METRICS if name != "inception_score"]
    with pytest.raises(UsageError, match="needs class probabilities"):
        compute(real, fake, ["inception_score"])


def test_an_unknown_metric_names_the_known_ones():
    with pytest.raises(UsageError, match=r'no metric "fud".* fid, kid'):
        compute(*samples(), ["fud"])


def test_settings_reach_the_figures():
    chosen = Settings(fid_ddof=0, kid_subsets=5, kid_subset_size=40, is_splits=3, k=3, closed=True)
    figures = compute(*samples(), settings=chosen, seed=4)
    default = compute(*samples())
    assert all(figures[name].value != default[name].value for name in METRICS)
    assert figures["kid"].settings["subset_size"] == 40
    assert figures["fid"].settings == {"ddof": 0}


def test_every_interval_holds_its_value_and_repeats_with_its_seed():
    figures = compute(*samples(), with_intervals=True, seed=1)
    for figure in figures.values():
        assert figure.ci_low <= figure.value <= figure.ci_high
        assert figure.settings["interval"]["level"] == 0.95
    assert compute(*samples(), with_intervals=True, seed=1) == figures


def test_intervals_are_as_wide_as_repeated_samples_spread():
    runs = [compute(*samples(n=200, m=200, d=6, seed=seed), with_intervals=True, seed=seed) for seed in range(60)]
    for name in METRICS:
        mean = np.mean([r[name].value for r in runs])
        held = np.mean([r[name].ci_low <= mean <= r[name].ci_high for r in runs])
        assert held >= 0.85, name
        spread = np.std([r[name].value for r in runs], ddof=1)
        half = np.mean([(r[name].ci_high - r[name].ci_low) / 2 for r in runs])
        assert 1.2 * spread < half < 4 * spread, name


def test_sets_too_small_for_subsets_have_no_interval_there():
    figures = compute(*samples(n=30, m=30), with_intervals=True)
    assert figures["precision"].ci_low is None
    assert figures["fid"].ci_low is not None


def test_a_cut_interval_stays_in_the_figures_range():
    assert intervals.around(0.99, 0.1, low=0, high=1) == (pytest.approx(0.99 - 0.1959964), 1)
    assert intervals.around(1.0, float("nan")) == (None, None)


def test_class_figures_of_equal_missing_and_starved_classes():
    real = classes.shares(np.repeat(np.arange(4), 10), 4)
    assert classes.class_coverage(real, real) == classes.class_balance(real, real) == 1
    one = classes.shares(np.zeros(40, dtype=int), 4)
    assert classes.class_coverage(real, one) == 0.25
    assert classes.class_balance(real, one) == 0.25
    starved = np.array([0.5, 0.25, 0.13, 0.12])
    assert classes.class_coverage(real, starved) == 0.75
    assert classes.class_balance(real, starved) == pytest.approx(0.75)


@pytest.mark.parametrize(
    ("array", "says"),
    [
        (np.zeros(5), "matrix"),
        (np.zeros((5, 2, 2)), "matrix"),
        (np.zeros((5, 0)), "no columns"),
        (np.zeros((1, 3)), "has 1 image; at least 2"),
        (np.array([["a"], ["b"]]), "real numbers"),
        (np.array([[1.0], [np.inf], [2.0]]), "row 1 "),
        (np.ones((3, 2), dtype=complex), "real numbers"),
    ],
)
def test_what_is_no_feature_matrix_is_refused_with_a_reason(array, says):
    with pytest.raises(UsageError, match=says):
        as_features(array, "real")


# ---- the command -----------------------------------------------------------------------------------------------------


def command(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "gan.cli", "metrics", *map(str, arguments)], capture_output=True, text=True, timeout=120
    )


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("features")
    real, fake = samples()
    np.savez(folder / "real.npz", features=real.features)
    np.savez(folder / "fake.npz", features=fake.features.astype(np.float32), probabilities=fake.probabilities)
    np.savez(folder / "narrow.npz", features=fake.features[:, :4])
    np.savez(folder / "other.npz", embeddings=fake.features)
    np.savez(folder / "flat.npz", features=fake.features[0])
    np.savez(folder / "objects.npz", features=np.array([{"a": 1}], dtype=object))
    np.savez(folder / "logits.npz", features=fake.features, probabilities=fake.probabilities * 3)
    holes = real.features.copy()
    holes[17, 3] = np.nan
    np.savez(folder / "nan.npz", features=holes)
    np.save(folder / "plain.npy", fake.features)
    (folder / "text.npz").write_text("features\n1,2,3\n")
    (folder / "empty").mkdir()
    return folder


def test_command_prints_one_json_document_of_the_contract(files):
    done = command("--real", files / "real.npz", "--fake", files / "fake.npz", "--json", "--intervals")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert list(document) == list(METRICS)
    for figure in document.values():
        assert set(figure) == {"value", "ci_low", "ci_high", "n_real", "n_fake", "settings"}
        assert figure["ci_low"] <= figure["value"] <= figure["ci_high"]


def test_command_needs_no_torch_for_feature_files(files):
    script = (
        "import sys; sys.modules['torch'] = None\n"
        "from gan.metrics_cli import metrics\nfrom pathlib import Path\n"
        f"metrics(Path({str(files / 'real.npz')!r}), Path({str(files / 'fake.npz')!r}), as_json=True)\n"
        "assert not any(name in sys.modules for name in ('sklearn', 'PIL'))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "fid" in json.loads(done.stdout)


def test_command_prints_a_table_for_readers(files):
    done = command("--real", files / "real.npz", "--fake", files / "fake.npz", "--metrics", "fid, kid")
    assert done.returncode == 0
    assert "300 real and 250 fake images" in done.stdout
    assert [line.split()[0] for line in done.stdout.splitlines()[1:]] == ["fid", "kid"]


def test_command_takes_subset_and_neighbour_options(files):
    done = command(
        *("--real", files / "real.npz", "--fake", files / "fake.npz", "--json", "--kid-subset-size", 50, "--k", 3)
    )
    document = json.loads(done.stdout)
    assert document["kid"]["settings"]["subsets"] == 100
    assert document["recall"]["settings"]["k"] == 3


@pytest.mark.parametrize(
    ("real", "fake", "more", "says"),
    [
        ("real.npz", "gone.npz", [], "does not exist"),
        ("real.npz", "other.npz", [], 'no array "features" (it has: embeddings)'),
        ("real.npz", "flat.npz", [], "a matrix (images x features)"),
        ("real.npz", "narrow.npz", [], "10 columns and the fake features 4"),
        ("nan.npz", "fake.npz", [], "row 17"),
        ("real.npz", "objects.npz", [], "cannot be read as an .npz"),
        ("real.npz", "text.npz", [], "cannot be read as an .npz"),
        ("real.npz", "plain.npy", [], "not an .npz archive"),
        ("real.npz", "logits.npz", [], "sum to 3"),
        ("real.npz", "empty", [], "two folders or two .npz"),
        ("empty", "empty", [], "it is empty"),
        ("real.npz", "fake.npz", ["--metrics", "fid,foo"], 'no metric "foo"'),
        ("real.npz", "fake.npz", ["--metrics", ","], "--metrics is empty"),
        ("real.npz", "fake.npz", ["--extractor", "foo"], "digits, fashion-mnist"),
        ("real.npz", "fake.npz", ["--extractor", "digits"], "taken as they are"),
        ("real.npz", "fake.npz", ["--k", "250"], "choose k from 1 to 249"),
        ("real.npz", "fake.npz", ["--is-splits", "0"], "choose 1 to 250"),
        ("real.npz", "fake.npz", ["--kid-subsets", "3"], "do not fit"),
    ],
)
def test_a_fault_is_one_sentence_and_exit_2(files, real, fake, more, says):
    done = command("--real", files / real, "--fake", files / fake, "--json", *more)
    assert done.returncode == 2
    assert done.stdout == ""
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert len([line for line in done.stderr.splitlines() if not line.startswith("No --extractor")]) == 1


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    pytest.importorskip("torch")
    image = pytest.importorskip("PIL.Image")
    from gan import datasets

    digits = datasets.load("digits", 16)
    root = tmp_path_factory.mktemp("images")
    for side, images in (("real", digits.held_out[:80]), ("fake", digits.train[:80])):
        (root / side).mkdir()
        for i, (pixels,) in enumerate(images.numpy()):
            image.fromarray(pixels).save(root / side / f"{i:03}.png")
    first = image.fromarray(digits.train[0, 0].numpy())
    first.convert("RGB").resize((64, 48)).save(root / "fake" / "colour.jpg")
    first.convert("P").save(root / "fake" / "palette.gif")
    first.convert("RGBA").save(root / "fake" / "alpha.webp")
    image.fromarray(digits.train[0, 0].numpy().astype(np.uint16) * 257).save(root / "fake" / "sixteen.png")
    (root / "fake" / "below").mkdir()
    first.convert("1").save(root / "fake" / "below" / "bits.bmp")
    (root / "fake" / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n and nothing more")
    (root / "fake" / "notes.txt").write_text("not an image")
    (root / "fake" / ".hidden").write_text("not looked at")
    return root


@pytest.mark.torch
def test_command_reads_images_of_any_kind_and_lists_what_it_cannot_read(folders):
    done = command(*("--real", folders / "real", "--fake", folders / "fake", "--extractor", "digits", "--json"))
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert list(document) == list(METRICS)
    assert document["fid"]["n_fake"] == 85
    assert document["fid"]["settings"]["unreadable"] == {"real": 0, "fake": 2}
    assert len(document["fid"]["settings"]["extractor"]["digest"]) == 64
    assert "broken.png" in done.stderr
    assert "notes.txt" in done.stderr
    assert ".hidden" not in done.stderr


@pytest.mark.torch
def test_every_mode_of_one_picture_reads_as_the_same_pixels(folders):
    from gan.image_files import pixels, upright

    grey = pixels(upright(folders / "fake" / "000.png"))
    assert grey.shape == (1, 16, 16)
    assert np.array_equal(pixels(upright(folders / "fake" / "sixteen.png")), grey)
    for name in ("palette.gif", "alpha.webp"):
        colour = pixels(upright(folders / "fake" / name)).astype(int)
        assert colour.shape == (3, 16, 16)
        assert np.abs(colour - grey).max() <= (0 if name == "palette.gif" else 24)


@pytest.mark.torch
def test_an_unreadable_folder_is_an_error(folders, tmp_path):
    (tmp_path / "a.png").write_text("no")
    done = command("--real", folders / "real", "--fake", tmp_path, "--extractor", "digits")
    assert done.returncode == 2
    assert "none of its 1 files can be read" in done.stderr


@pytest.mark.torch
def test_blur_is_further_away_from_the_command_line_too(folders, tmp_path):
    image = pytest.importorskip("PIL.Image")
    found = []
    for reach in (16, 8, 4):
        out = tmp_path / str(reach)
        out.mkdir()
        for file in sorted((folders / "real").iterdir()):
            with image.open(file) as opened:
                opened.resize((reach, reach), image.Resampling.BOX).resize((16, 16)).save(out / file.name)
        done = command("--real", folders / "real", "--fake", out, "--extractor", "digits", "--metrics", "fid", "--json")
        found.append(json.loads(done.stdout)["fid"]["value"])
    assert found[0] == pytest.approx(0, abs=1e-9)
    assert all(a < b for a, b in pairwise(found))
