"""The form offers every data set, says why one cannot be had, and takes a folder that is typed in."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from test_pages import show, stands

from aigc_report.i18n import LANGUAGES, texts
from dashboards.ui import lab_images
from gan import config, copies

pytestmark = pytest.mark.torch


def start_is_off(app: AppTest) -> bool:
    return next(button for button in app.button if button.key == "start").disabled


def test_every_data_set_is_described() -> None:
    assert set(config.DATASETS) <= set(lab_images.DATASETS)
    assert set(lab_images.BY_HAND) == set(copies.PUBLISHED)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_data_set_that_cannot_be_had_says_so_in_one_sentence_and_where_to_put_it(
    no_runs: Path, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIGC_REPORT_OFFLINE", "1")
    monkeypatch.delenv("AIGC_REPORT_DATASETS", raising=False)
    monkeypatch.setattr(copies, "KERAS", no_runs / "absent")
    app = show("gan_lab", lang, dataset="cifar10")
    stands(app)
    said = [warning.value for warning in app.warning if "CIFAR-10" in warning.value]
    assert len(said) == 1
    assert "cifar-10-python.tar.gz" in said[0]
    assert str(no_runs / "datasets") in said[0]
    assert start_is_off(app)


def test_a_data_set_that_a_run_can_download_is_offered(no_runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AIGC_REPORT_OFFLINE", raising=False)
    monkeypatch.setattr(copies, "KERAS", no_runs / "absent")
    app = show("gan_lab", "en", dataset="mnist")
    assert any("the first run downloads it" in caption.value for caption in app.caption)
    assert not start_is_off(app)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_folder_is_typed_in_and_a_wrong_one_is_named(no_runs: Path, lang: str) -> None:
    (no_runs / "pictures").mkdir()
    app = show("gan_lab", lang, dataset="folder")
    stands(app)
    assert start_is_off(app)
    box = next(box for box in app.text_input if box.key == "folder")
    box.set_value(str(no_runs / "absent")).run()
    t = texts(lang)
    refused = t("There is no folder {folder} on this machine.", folder=no_runs / "absent")
    assert refused in [w.value for w in app.warning]
    box = next(box for box in app.text_input if box.key == "folder")
    box.set_value(str(no_runs / "pictures")).run()
    stands(app)
    assert not start_is_off(app)
