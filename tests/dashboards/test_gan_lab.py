"""The GAN Lab as a place that several people share: who may start, who waits, what a run is called, what is gone."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from test_pages import show, stands

from aigc_report import limits
from aigc_report.i18n import LANGUAGES


def keys(app: AppTest) -> set[str]:
    """The keys of all buttons on the page."""
    return {str(button.key) for button in app.button}


@pytest.mark.torch
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("who", ["local", "off", "lcoal"])
def test_who_may_not_start_reads_why_in_one_sentence_and_finds_no_button(
    no_runs: Path, monkeypatch: pytest.MonkeyPatch, lang: str, who: str
) -> None:
    monkeypatch.setenv(limits.WHO, who)
    app = show("gan_lab", lang)
    stands(app)
    assert len([note.value for note in app.info if limits.WHO in note.value]) == 1
    assert "start" not in keys(app)


@pytest.mark.torch
def test_no_longer_run_is_on_offer_than_the_server_allows(no_runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(limits.LONGEST, "60s")
    app = show("gan_lab", "en")
    assert app.selectbox(key="budget").options == ["10 s", "20 s", "1 min"]
    monkeypatch.setenv(limits.LONGEST, "5s")
    app = show("gan_lab", "en")
    stands(app)
    assert app.selectbox(key="budget").options == ["5.0 s"]
