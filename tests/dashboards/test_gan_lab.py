"""The GAN Lab as a place that several people share: who may start, who waits, what a run is called, what is gone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest
from test_pages import show, stands

from aigc_report import limits
from aigc_report.i18n import LANGUAGES, texts
from gan import names, removal
from gan.config import resolve
from gan.record import RunRecord
from gan.store import Store
from gan.suite import carry_out, plan, report
from gan.suite import ledger as ledgers
from gan.suite.results import conclude

SMALL = {"resolution": 16, "channels": 1}


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
    for look in ("run", "suites"):
        app = show("gan_lab", lang, look=look)
        stands(app)
        assert len([note.value for note in app.info if limits.WHO in note.value]) == 1
        assert not keys(app) & {"start", "start-suite-now"}


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
    assert app.query_params["run"] != run_id
    app.button(key="undo").click().run()
    stands(app)
    assert app.query_params["run"] == run_id
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


@pytest.fixture
def measured(some_runs: list[str]) -> list[str]:
    """The same runs with figures made up for the test: two on the same images, one on others."""
    store = Store()
    for n, run_id in enumerate(some_runs):
        record = store.read(run_id).model_dump()
        record |= {
            "status": "completed",
            "images_seen": 1_000,
            "dataset": {"name": "digits", "digest": "ab"[n // 2], "size": 9, "held_out": 9} | SMALL,
            "extractor": {"name": "digits-cnn", "digest": "x"},
            "quality": {"fid": {"value": 10.0 - n, "ci_low": 8.0, "ci_high": 12.0, "n": 590, "reference_floor": 1.0}},
            "cost": {"train_s": 10.0, "flops_total": 1e12 * (n + 1), "energy_kwh": 0.001 * (n + 1)},
            "curve": [{"step": 1, "images": 500 * i, "train_s": i, "loss_g": 1, "fid": 20 / i, "n": 9} for i in (1, 2)],
            "samples": [{"file": f"samples/{i}.png", "step": i, "images": 500 * i, "columns": 4} for i in (1, 2)],
        }  # fmt: skip
        folder = store.path(run_id) / "samples"
        folder.mkdir()
        for i in (1, 2):
            Image.new("L", (32, 32), 60 * n).save(folder / f"{i}.png")
        store.write(RunRecord.model_validate(record))
    return some_runs


@pytest.mark.parametrize("lang", LANGUAGES)
def test_runs_are_compared_from_the_address_and_quality_never_across_different_images(
    measured: list[str], lang: str
) -> None:
    t = texts(lang)
    same = ",".join(measured[:2])
    app = show("gan_lab", lang, look="compare", compare=same, along="train_s", cost="energy_kwh")
    stands(app)
    warned = t(
        "These runs were measured on different images or in different features, so their quality does not "
        "compare: only runs that share both stand in one chart."
    )
    assert warned not in [warning.value for warning in app.warning]
    assert app.multiselect(key="compare").value == measured[:2]
    assert t("Images at equal cost") in [heading.value for heading in app.subheader]
    assert {"train_s"} & set(app.selectbox(key="cost").options) == set()  # the budget fixed it
    settings = next(table.value for table in app.table if table.value.index.name == t("Setting"))
    assert list(settings.index) == ["seed"]
    app = show("gan_lab", lang, look="compare", compare=",".join(measured))
    stands(app)
    assert warned in [warning.value for warning in app.warning]
    assert (
        len([table for table in app.table if t("Floor") in table.value.columns and "FID" in table.value.columns]) == 2
    )


def test_an_address_with_runs_that_are_gone_or_too_many_shows_those_there_are(measured: list[str]) -> None:
    app = show("gan_lab", "en", look="compare", compare=f"{measured[0]},gone,{measured[0]},../x")
    stands(app)
    assert app.multiselect(key="compare").value == measured[:1]
    store = Store()
    more = [store.create(resolve(steps=1, seed=seed)) for seed in range(7)]
    app = show("gan_lab", "en", look="compare", compare=",".join(more))
    stands(app)
    assert len(app.multiselect(key="compare").value) == 6


@pytest.mark.torch
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_suite_is_started_with_its_estimate_and_its_progress_shown(
    no_runs: Path, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    t, asked = texts(lang), []
    monkeypatch.setattr("gan.suite.launch.go_on", asked.append)
    app = show("gan_lab", lang, look="suites", plan="seeds")
    stands(app)
    assert any(t.duration(400) in note.value for note in app.caption)  # twenty runs of 20 s of training
    app.button(key="start-suite-now").click().run()
    stands(app)
    (ledger,) = asked
    assert ledger.plan.name == "seeds"
    with ledgers.lock(ledger):
        app = show("gan_lab", lang, look="suites")
        stands(app)
        assert "start-suite-now" not in keys(app)
        app.button(key="stop-suite").click().run()
        assert ledgers.asked_to_stop(ledger)
    app = show("gan_lab", lang, look="suites")
    app.button(key="continue-suite").click().run()
    assert len(asked) == 2
    monkeypatch.setenv(limits.LONGEST, "5m")
    app = show("gan_lab", lang, look="suites")
    app.button(key="continue-suite").click().run()
    assert any(limits.LONGEST in error.value for error in app.error)
    assert len(asked) == 2


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_suite_at_work_says_the_best_so_far_and_shows_every_data_set(
    no_runs: Path, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    t, store = texts(lang), Store()
    asked = plan.Plan(
        name="toy", title="Toy", presets=("dcgan", "vae"), datasets=("digits", "mnist"), seeds=(0,), budget="10s"
    )
    known = ledgers.begin(asked, "auto", None)
    for n, member in enumerate(known.members()):  # figures made up for the test; the last run has not begun
        if n < 3:
            known.runs[member.key] = store.create(member.config)
            record = store.read(known.runs[member.key]).model_dump()
            quality = {"fid": {"value": 30.0 - n, "n": 590, "reference_floor": 1.0}}
            cost = {"train_s": 10.0, "flops_total": 1e12 * (n + 1), "energy_kwh": 0.001}
            record |= {"status": "completed", "quality": quality, "cost": cost}
            store.write(RunRecord.model_validate(record))
    ledgers.write(known)
    report.write(ledgers.folder(known), conclude(known, carry_out.records(known, store)))
    with ledgers.lock(known):
        app = show("gan_lab", lang, look="suites")
    stands(app)
    best = t.join(["vae on digits: 29", "dcgan on mnist: 28"])
    assert any(t("Lowest FID so far: {best}", best=best) in note.value.replace("\\", "") for note in app.caption)
    assert len([table for table in app.table if table.value.index.name == t("Method")]) == 2
    assert app.selectbox(key="suite-cost-0").value == "flops_total"
