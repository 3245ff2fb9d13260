"""The command line keeps the contract: one JSON document, one sentence for a mistake, the promised exit status.

What only a process can show (signals, kills, two programs at once) runs in real ones; mistakes are made in this one,
where they cost milliseconds.
"""

import dataclasses
import json
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from processes import bench, bench_json, start_bench, wait_for
from test_store import hold_lock

from gan import checkpoint, cli, durations, loop, worker
from gan.config import PRESETS, resolve
from gan.record import Extractor, Metric, Notice, RunRecord
from gan.store import RunSummary, Store

pytestmark = pytest.mark.torch

Recorded = Callable[..., str]


@dataclasses.dataclass(frozen=True)
class Done:
    """What a command left behind."""

    status: int
    out: str
    err: str

    def document(self) -> Any:
        """The one JSON document on stdout."""
        assert self.status == 0, self.err
        return json.loads(self.out)


Call = Callable[..., Done]


@pytest.fixture
def call(store: Store, capsys: pytest.CaptureFixture[str]) -> Call:
    """`gan-bench` in this process."""

    def run(*arguments: str | Path) -> Done:
        with pytest.raises(SystemExit) as end:
            cli.main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return Done(int(end.value.code or 0), out, err)

    return run


# ---- what each command prints ----------------------------------------------------------------------------------------


def test_train_prints_one_record_and_its_progress_elsewhere(store: Store) -> None:
    done = bench("train", "--steps", "12", "--seed", "3", "--country", "deu", "--json")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    record = store.read(document["run_id"])
    assert document == json.loads(record.model_dump_json())
    assert (record.status, record.steps_done, record.config.seed) == ("completed", 12, 3)
    assert record.config.tariff is not None
    assert record.config.tariff.country == "DEU"
    assert document["cost"]["money"]["currency"] == "EUR"
    assert document["run_id"] in done.stderr
    assert "images/s" in done.stderr  # the bar
    again = bench_json("resume", document["run_id"])  # completed: nothing to do but to print it
    assert again == document


def test_list_show_and_compare_print_what_the_records_hold(call: Call, recorded: Recorded) -> None:
    fid = Metric(value=20.0, n=590, reference_floor=1.5)
    one, two = recorded(quality={"fid": fid}), recorded(cfg=resolve(steps=50, seed=1), quality={"fid": fid})
    listed = call("list", "--json").document()
    assert {run["run_id"] for run in listed["runs"]} == {one, two}
    assert set(listed["runs"][0]) == {field.name for field in dataclasses.fields(RunSummary)} | {"name"}
    shown = call("show", one, "--json").document()
    assert RunRecord.model_validate(shown).run_id == one
    assert shown["quality"]["fid"]["reference_floor"] == 1.5
    compared = call("compare", one, two, "--json").document()
    assert [run["run_id"] for run in compared["runs"]] == [one, two]
    assert compared["quality"][two]["fid"]["value"] == 20.0
    assert compared["differences"]["seed"] == {one: 0, two: 1}


def test_without_json_every_command_prints_words(call: Call, recorded: Recorded) -> None:
    assert "gan-bench train" in call("list").out
    one, two = recorded(), recorded(cfg=resolve(steps=50))
    assert f"Run {one}: completed" in call("show", one).out
    assert one in call("list").out
    assert "setting steps" in call("compare", one, two).out
    assert "Commands" in call().out


def test_cancel_prints_what_was_asked_for(call: Call, store: Store) -> None:
    run_id = store.create(resolve(steps=20))
    holder = hold_lock(run_id)
    try:
        document = call("cancel", run_id, "--json").document()
        assert document == {"run_id": run_id, "status": "queued", "cancel_requested": True}
        assert store.cancelled(run_id)
    finally:
        holder.kill()
        holder.wait()


def test_sample_writes_the_asked_number_and_replaces_an_earlier_sample(
    call: Call, store: Store, recorded: Recorded, tmp_path: Path
) -> None:
    run_id = with_weights(store, recorded())
    for count in (5, 3):
        document = call("sample", run_id, "--count", str(count), "--out", tmp_path / "out", "--json").document()
        assert (document["count"], document["resolution"]) == (count, 16)
        names = sorted(path.name for path in (tmp_path / "out").iterdir())
        assert names == [f"{i:06d}.png" for i in range(count)]
    from PIL import Image

    with Image.open(tmp_path / "out" / "000000.png") as picture:
        assert (picture.size, picture.mode) == ((16, 16), "L")


def test_broken_folders_are_named_on_stderr_and_in_the_document(call: Call, store: Store, recorded: Recorded) -> None:
    run_id = recorded()
    (store.root / "half").mkdir()
    (store.root / "half" / "record.json").write_text('{"schema_version": 1, "run_')
    done = call("list", "--json")
    assert [run["run_id"] for run in done.document()["runs"]] == [run_id]
    assert [problem["folder"] for problem in json.loads(done.out)["problems"]] == ["half"]
    assert "half" in done.err


# ---- how a run ends --------------------------------------------------------------------------------------------------


def test_cancelled_by_another_process_a_run_ends_with_exit_0(store: Store) -> None:
    process = start_bench("train", "--budget", "5m", "--no-compile", "--json")
    run_id = wait_for(lambda: store.list() and store.list()[0].run_id)
    wait_for(lambda: store.progress(run_id).step > 0)
    assert bench_json("cancel", run_id)["cancel_requested"] is True
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    record = json.loads(out)
    assert record["status"] == "cancelled"
    assert record["steps_done"] > 0
    assert any("stopped at step" in warning for warning in record["warnings"])


def test_killed_before_its_first_checkpoint_a_run_is_interrupted_at_once_and_resumes_to_the_same_end(
    store: Store,
) -> None:
    process = start_bench("train", "--steps", "40", "--deterministic")
    run_id = wait_for(lambda: store.list() and store.list()[0].run_id)
    wait_for(lambda: (store.path(run_id) / "samples" / "real.png").exists())
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    assert store.status(run_id) == "interrupted"
    assert not (store.path(run_id) / checkpoint.LAST).exists()
    resumed = bench_json("resume", run_id)
    assert (resumed["status"], resumed["steps_done"]) == ("completed", 40)
    undisturbed = store.create(store.read(run_id).config)
    torch.set_num_threads(1)  # as in the two processes before
    worker.carry_out(store, undisturbed)
    one, other = ((store.path(run) / checkpoint.FINAL).read_bytes() for run in (run_id, undisturbed))
    assert one == other


def test_training_that_fails_exits_1_and_the_record_says_why(call: Call, store: Store) -> None:
    run_id = store.create(resolve(steps=24, width=8, lr_g=1e30, lr_d=1e30))
    done = call("resume", run_id, "--json")
    assert done.status == 1
    record = json.loads(done.out)
    assert record["status"] == "failed"
    assert "not finite" in record["warnings"][0]
    assert "Traceback" not in done.err


def test_a_run_that_another_process_works_on_is_refused(call: Call, store: Store) -> None:
    run_id = store.create(resolve(steps=20))
    holder = hold_lock(run_id)
    try:
        refused(call("resume", run_id), "being worked on by another process")
    finally:
        holder.kill()
        holder.wait()


# ---- mistakes --------------------------------------------------------------------------------------------------------


def refused(done: Done, says: str) -> None:
    """One sentence on stderr, nothing on stdout, exit status 2."""
    assert (done.status, done.out) == (2, ""), done
    assert says in done.err
    lines = [line for line in done.err.splitlines() if not line.startswith("Run ")]
    assert len(lines) == 1
    assert lines[0].startswith("gan-bench: ")
    assert lines[0].endswith((".", "?"))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--preset", "imagen"], 'no preset "imagen". Choose one of: ' + ", ".join(PRESETS)),
        (["--dataset", "imagenet"], "digits, fashion-mnist"),
        (["--device", "tpu"], "'auto', 'cpu', 'cuda', 'mps'"),
        (["--country", "Atlantis"], '"ATLANTIS" is no country code'),
        (["--country", ""], "is no country code"),
        (["--country", "GERMANY"], "did you mean DEU (Germany)?"),
        (["--budget", "soon"], '"soon" is not a training time. Write it like 60s'),
        (["--budget", "0"], "not a training time"),
        (["--budget", "-5s"], "not a training time"),
        (["--budget", ""], "not a training time"),
        (["--budget", "60s", "--steps", "5"], "Give --budget or --steps, not both"),
        (["--budget", "9" * 400], "not a training time"),
        (["--flops", "-1"], "budget_flops: Input should be greater than 0"),
        (["--flops", "inf"], "budget_flops: Input should be a finite number"),
        (["--steps", "0"], "--steps"),
        (["--steps", "many"], "--steps"),
        (["--seed", "-1"], "--seed"),
        (["--epochs", "3"], "--epochs"),
        (["digits"], "digits"),
    ],
)
def test_train_refuses_what_it_cannot_do_and_makes_no_run(
    call: Call, store: Store, arguments: list[str], says: str
) -> None:
    refused(call("train", *arguments, "--json"), says)
    assert store.list() == []


def test_a_device_that_is_not_here_is_refused_by_naming_those_that_are(call: Call, store: Store) -> None:
    absent = next(
        name
        for name, there in (("cuda", torch.cuda.is_available()), ("mps", torch.backends.mps.is_available()))
        if not there
    )
    refused(call("train", "--device", absent), "Choose auto or one of:")
    assert store.list() == []


@pytest.mark.parametrize(
    "command", [["show"], ["resume"], ["cancel"], ["compare", "x"], ["sample", "--count", "1", "--out", "out"]]
)
def test_a_run_that_does_not_exist_is_refused_by_naming_those_that_do(
    call: Call, recorded: Recorded, command: list[str]
) -> None:
    run_id = recorded()
    arguments = [run_id if argument == "x" else argument for argument in command]
    for unknown in ("20260101-000000-dcgan-digits-0000", "../../etc", ""):
        refused(call(*arguments, unknown, "--json"), run_id)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ('{"schema_version": 1, "run_id": "ID", "sta', "is not a run record"),
        ('{"schema_version": 99, "run_id": "ID"}', "schema version 99, this program reads version 1"),
        ('{"hello": "world"}', "is not a run record"),
    ],
)
def test_a_record_that_cannot_be_read_is_refused_by_every_command(
    call: Call, store: Store, recorded: Recorded, content: str, says: str, tmp_path: Path
) -> None:
    broken, good = recorded(), recorded()
    (store.path(broken) / "record.json").write_text(content.replace("ID", broken))
    for command in (["show", broken], ["resume", broken], ["cancel", broken], ["compare", good, broken]):
        refused(call(*command, "--json"), says)
    refused(call("sample", broken, "--count", "1", "--out", tmp_path / "out"), says)
    assert not (tmp_path / "out").exists()


def test_a_record_of_another_version_is_refused_though_its_fields_fit(
    call: Call, store: Store, recorded: Recorded
) -> None:
    run_id = recorded()
    path = store.path(run_id) / "record.json"
    path.write_text(path.read_text().replace('"schema_version": 1', '"schema_version": 7'))
    refused(call("show", run_id), "schema version 7, this program reads version 1")
    assert store.list() == []
    assert [problem.folder for problem in store.problems()] == [run_id]


def test_a_record_with_a_notice_of_another_version_is_read_all_the_same(
    call: Call, store: Store, recorded: Recorded
) -> None:
    run_id = recorded(notices=[Notice(code="diverged"), Notice(code="of_tomorrow", values={"x": "{"})])
    assert call("show", run_id, "--json").document()["warnings"] == ["diverged", "of_tomorrow"]


def test_compare_needs_two_different_runs(call: Call, recorded: Recorded) -> None:
    run_id = recorded()
    refused(call("compare", run_id), "two different runs")
    refused(call("compare", run_id, run_id), "two different runs")
    refused(call("compare"), "RUN")


def test_figures_of_different_extractors_are_not_set_side_by_side(call: Call, recorded: Recorded) -> None:
    fid = {"fid": Metric(value=20.0, n=590)}
    runs = [recorded(quality=fid, extractor=Extractor(name="digits", digest=digest)) for digest in ("a", "b")]
    compared = call("compare", *runs, "--json").document()
    assert compared["quality"] is None
    assert "one feature extractor" in compared["notes"][0]


def test_only_a_run_at_work_can_be_cancelled(call: Call, recorded: Recorded) -> None:
    refused(call("cancel", recorded()), "is completed: there is nothing to cancel")


def test_sample_refuses_a_place_it_would_spoil(call: Call, store: Store, recorded: Recorded, tmp_path: Path) -> None:
    run_id = with_weights(store, recorded())
    file = tmp_path / "file"
    file.write_text("mine")
    mixed = tmp_path / "mixed"
    mixed.mkdir()
    (mixed / "holiday.png").write_bytes(b"mine")
    sample = ("sample", run_id, "--count", "2", "--out")
    refused(call(*sample, file), "is a file")
    refused(call(*sample, file / "below"), "cannot be used as a folder")
    refused(call(*sample, mixed), "holds other pictures already (holiday.png)")
    refused(call("sample", run_id, "--count", "0", "--out", tmp_path / "new"), "--count")
    refused(call("sample", run_id, "--count", "2"), "--out")
    assert file.read_text() == "mine"
    assert [path.name for path in mixed.iterdir()] == ["holiday.png"]


def test_sample_without_weights_or_with_damaged_ones_is_refused(
    call: Call, store: Store, recorded: Recorded, tmp_path: Path
) -> None:
    run_id = recorded()
    sample = ("sample", run_id, "--count", "2", "--out", tmp_path / "out")
    refused(call(*sample), "has no weights yet")
    final = store.path(run_id) / checkpoint.FINAL
    final.parent.mkdir()
    final.write_bytes(b"not tensors")
    refused(call(*sample), "final.safetensors is damaged")


def test_resume_with_a_damaged_checkpoint_is_refused_and_loses_nothing(
    call: Call, store: Store, recorded: Recorded
) -> None:
    run_id = recorded(status="cancelled", quality={"fid": Metric(value=20.0, n=590)})
    last = store.path(run_id) / checkpoint.LAST
    last.parent.mkdir()
    last.write_bytes(b"not tensors")
    refused(call("resume", run_id), "last.safetensors is damaged")
    record = store.read(run_id)
    assert (record.status, record.quality["fid"].value) == ("failed", 20.0)
    assert "damaged" in record.warnings[0]
    assert last.read_bytes() == b"not tensors"


def test_a_home_that_cannot_hold_runs_is_refused(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("mine")
    monkeypatch.setenv("AIGC_REPORT_HOME", str(tmp_path / "file"))
    refused(call("train", "--steps", "1"), "AIGC_REPORT_HOME")
    assert call("list", "--json").document() == {"runs": [], "problems": []}


def test_an_unknown_command_is_refused(call: Call) -> None:
    refused(call("trian"), "trian")


@pytest.mark.parametrize(
    ("text", "seconds"), [("90", 90), ("60s", 60), ("2m", 120), ("1.5h", 5400), (" 3 min ", 180), ("1H", 3600)]
)
def test_a_budget_reads_as_seconds(text: str, seconds: float) -> None:
    assert durations.parse_seconds(text) == seconds


def with_weights(store: Store, run_id: str) -> str:
    """Gives the run the weights of an untrained generator."""
    cfg = store.read(run_id).config
    model = loop.build(cfg, 1, torch.device("cpu"))
    checkpoint.save_final(store.path(run_id) / checkpoint.FINAL, model.averaged.state_dict(), cfg, model.method)
    return run_id
