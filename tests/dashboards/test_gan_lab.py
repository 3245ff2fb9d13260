"""The GAN Lab as a place that several people share: who may start, who waits, what a run is called, what is gone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from test_pages import show, stands

from aigc_report import limits
from aigc_report.i18n import LANGUAGES, texts
from gan import names, removal
from gan.config import resolve
from gan.store import Store


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


@pytest.fixture
def some_runs(no_runs: Path) -> list[str]:
    """Three runs that were made by hand: nothing was trained."""
    store, made = Store(), []
    for seed in range(3):
        run_id = store.create(resolve(budget_s=60, seed=seed))
        store.write(store.read(run_id).model_copy(update={"status": "cancelled", "finished": store.now()}))
        made.append(run_id)
    return made


@pytest.fixture
def waiting(no_runs: Path) -> Iterator[list[str]]:
    """One run at work and two that wait, as the locks of this process say."""
    store = Store()
    made = [store.create(resolve(budget_s=60, seed=seed)) for seed in range(3)]
    store.write(store.read(made[0]).model_copy(update={"status": "running"}))
    locks = [store.lock(run_id) for run_id in made]
    for lock in locks:
        lock.acquire()
    yield [made[0], *sorted(made[1:], key=lambda run_id: (store.read(run_id).created, run_id))]
    for lock in locks:
        lock.release()


@pytest.mark.torch
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_queue_shows_who_trains_and_who_waits_and_cancels_a_waiting_run(
    waiting: list[str], monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    t = texts(lang)
    app = show("gan_lab", lang, run=waiting[0])
    stands(app)
    said = " ".join(note.value for note in app.markdown)
    assert said.index(waiting[1]) < said.index(waiting[2])
    assert t("begins in {time} at the earliest", time=t.duration(60)) in said
    assert t("begins in {time} at the earliest", time=t.duration(120)) in said
    app.button(key=f"cancel-{waiting[2]}").click().run()
    assert Store().cancelled(waiting[2])
    assert not Store().cancelled(waiting[1])
    monkeypatch.setenv(limits.WHO, "local")
    assert not [key for key in keys(show("gan_lab", lang)) if key.startswith("cancel")]


@pytest.mark.torch
def test_a_full_queue_is_one_sentence_and_the_runs_stay_in_sight(
    waiting: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(limits.WAITING, "2")
    app = show("gan_lab", "en")
    stands(app)
    assert any("The queue is full: 2 runs wait" in note.value for note in app.info)
    assert "start" not in keys(app)
    assert f"cancel-{waiting[1]}" in keys(app)


def test_a_run_is_renamed_deleted_and_brought_back_from_the_page(some_runs: list[str]) -> None:
    run_id = some_runs[1]
    app = show("gan_lab", "en", run=run_id)
    app.text_input(key=f"name-{run_id}").set_value("*mine* 宽")
    app.button(key="rename").click().run()
    stands(app)
    assert names.name(Store(), run_id) == "*mine* 宽"
    assert any("*mine* 宽" in option for option in app.selectbox(key="run").options)
    assert "*mine* 宽" in list(app.dataframe[0].value["Name"])
    app.button(key="delete").click().run()
    stands(app)
    assert run_id not in {run.run_id for run in Store().list()}
    assert any(run_id in note.value for note in app.success)
    assert app.query_params["run"] != [run_id]
    app.button(key="undo").click().run()
    stands(app)
    assert names.name(Store(), run_id) == "*mine* 宽"
    assert not app.success


def test_files_of_deleted_runs_go_only_when_the_reader_is_sure(some_runs: list[str]) -> None:
    store = Store()
    for run_id in some_runs[:2]:
        removal.delete(store, run_id)
    app = show("gan_lab", "zh")
    stands(app)
    assert app.button(key="purge").disabled
    app.checkbox(key="sure").check().run()
    app.button(key="purge").click().run()
    stands(app)
    assert removal.deleted(store) == []
    assert [run.run_id for run in store.list()] == some_runs[2:]


def test_who_may_not_steer_finds_no_way_to_rename_or_delete(
    some_runs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(limits.WHO, "off")
    removal.delete(Store(), some_runs[0])
    app = show("gan_lab", "en")
    stands(app)
    assert not keys(app) & {"rename", "delete", "restore", "purge", "resume", "start"}
