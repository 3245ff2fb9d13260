"""The GAN Lab measures pictures of a reader's own: the form, one at work, how one ended, in both languages."""

import io
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from test_pages import show, shown, stands

from aigc_report import measurements
from aigc_report.i18n import LANGUAGES, texts
from aigc_report.measurements import Ended, Upload, store, words
from dashboards.ui import lab_own
from gan.files import write_atomically
from gan.measurement import Measured, tell
from gan.record import Extractor, Metric, Notice

FIGURE = Metric(value=9.0, ci_low=8.0, ci_high=10.0, n=60, n_real=60, reference_floor=5.0)
MEASURED = Measured(  # synthetic
    quality={"fid": FIGURE, "kid": FIGURE, "precision": FIGURE.model_copy(update={"value": 0.5, "ci_low": 0.4})},
    n=60,
    extractor=Extractor(name="digits", digest="ab" * 32),
    notices=[Notice(code="small_sample", values={"n": 60})],
)


@pytest.fixture
def made(no_runs: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A measurement that was asked for and whose process does not start."""
    monkeypatch.setattr(store, "_launch", lambda folder: None)
    return measurements.start(Upload("mine.zip", io.BytesIO(b"PK")), "digits")


def ends(id: str, **how: object) -> None:
    ended = Ended.model_validate({"status": "completed", "finished": store.now()} | how)
    write_atomically(store.path(id) / store.ENDED, ended.model_dump_json())


def said(app: AppTest) -> list[str]:
    return [e.value for kind in (app.markdown, app.caption, app.error, app.info, app.warning) for e in kind]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("real", lab_own.REAL)
def test_the_form_says_what_a_zip_may_hold_and_waits_for_one(no_runs: Path, lang: str, real: str) -> None:
    app = show("gan_lab", lang, real=real)
    stands(app)
    assert next(b for b in app.button if b.key == "measure").disabled
    uploads = 2 if real == "pictures" else 1
    assert len(app.get("file_uploader")) == uploads
    assert any("10,000" in caption.value and "100 MB" in caption.value for caption in app.caption)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_result_stands_under_its_address_with_basis_limits_and_what_was_left_out(made: str, lang: str) -> None:
    ends(made, measured=MEASURED, left_out={"generated": [("torn.png", "no image")]})
    app = show("gan_lab", lang, measurement=made)
    stands(app)
    t = texts(lang)
    found = measurements.read(made)
    assert words.verdict(t, MEASURED) in said(app)
    assert found.ended is not None
    assert words.basis(t, found.request, found.ended) in said(app)
    assert set(words.limits(t, found.request)) <= set(said(app))
    assert any("60" in warning.value for warning in app.warning)
    assert "torn.png" in app.dataframe[0].value.to_string()
    assert t("no image") in app.dataframe[0].value.to_string()
    assert f"measurements.distance.csv?lang={lang}&amp;measurement={made}&amp;metric=fid" in shown(app)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_failure_is_worded_in_the_readers_language(made: str, lang: str) -> None:
    ends(
        made, status="failed", template="{file} is damaged or no zip; make the zip again.", fields={"file": "mine.zip"}
    )
    app = show("gan_lab", lang, measurement=made)
    stands(app)
    assert texts(lang)("{file} is damaged or no zip; make the zip again.", file="mine.zip") in said(app)


def test_one_at_work_shows_how_far_it_is_and_can_be_cancelled(made: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "held", lambda path: True)
    tell(store.path(made), "reading", 3, 12)
    app = show("gan_lab", "en", measurement=made)
    stands(app)
    assert any("Reading the pictures: 3 of 12" in str(bar.proto) for bar in app.get("progress"))
    next(b for b in app.button if b.key == "cancel-measurement").click().run()
    assert (store.path(made) / store.CANCEL).exists()


def test_a_measurement_is_deleted_and_forgotten(made: str) -> None:
    ends(made, status="cancelled")
    app = show("gan_lab", "en", measurement=made)
    next(b for b in app.button if b.key == "delete-measurement").click().run()
    stands(app)
    assert "measurement" not in app.query_params
    with pytest.raises(LookupError):
        measurements.read(made)


def test_nobody_meets_the_measurements_of_others(made: str) -> None:
    ends(made, measured=MEASURED)
    app = show("gan_lab", "en")
    stands(app)
    assert not any("mine.zip" in str(box.options) for box in app.selectbox)
    stands(show("gan_lab", "en", measurement="../../etc"))


def test_who_may_not_start_one_is_told_why(no_runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lab_own, "refusal", lambda t: "Not here.")
    app = show("gan_lab", "en")
    stands(app)
    assert "Not here." in said(app)
    assert not app.get("file_uploader")
