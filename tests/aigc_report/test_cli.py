"""The command line as a user meets it: real processes, exit codes, one sentence for a mistake, one JSON document."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from aigc_report import catalog, document, index
from aigc_report.errors import UserError
from gan import config, runner, store

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "aigc_report.cli"]
SERVER_START_S = 60


def run(*arguments: str, home: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(ROOT)} | ({"AIGC_REPORT_HOME": str(home)} if home else {})
    return subprocess.run(
        [*COMMAND, *arguments], capture_output=True, text=True, encoding="utf-8", cwd=ROOT, env=environment, check=False
    )


def assert_refused(done: subprocess.CompletedProcess[str], *expected: str) -> None:
    """Exit status 2 and one sentence on stderr that holds all of `expected`."""
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert re.fullmatch(r"aigc-report: [^\n]+\.\n", done.stderr), done.stderr
    for text in expected:
        assert text in done.stderr


def test_without_a_command_the_help_shows_them_all() -> None:
    done = run()
    assert done.returncode == 0
    for command in ("dashboard", "index", "forecast", "afford", "data"):
        assert command in done.stdout


@pytest.mark.parametrize("command", [("dashboard",), ("index",), ("forecast",), ("data", "check")])
def test_help_of_each_command_teaches_by_an_example(command: tuple[str, ...]) -> None:
    done = run(*command, "--help")
    assert done.returncode == 0
    assert f"aigc-report {' '.join(command)} --" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("bogus",), "No such command 'bogus'"),
        (("data",), "Missing command"),
        (("dashboard", "--port", "many"), "'--port'"),
        (("dashboard", "--port", "0"), "'--port'"),
        (("dashboard", "--lang", "fr"), "'fr' is not one of 'en', 'zh'"),
        (("index", "--stage", "raw"), "'--stage'"),
        (("index", "--spec", "nope"), 'There is no index "nope"; known are eu27'),
        (("index", "--spec", "nope.toml"), "nope.toml does not exist"),
        (("index", "--stage", "imputed"), "has no step impute"),
        (("index", "--seed", "1"), "say how many with --uncertainty"),
        (("index", "--uncertainty", "0"), "'--uncertainty'"),
        (("index", "--stage", "normalised", "--uncertainty", "9"), "leave --uncertainty out"),
        (("index", "--json", "--out", "x.json"), "either --json"),
        (("index", "--out", "x.xlsx"), "x.xlsx must end in .json or .csv"),
        (("index", "--out", "no/such/folder/x.csv"), "cannot be written"),
        (("dashboard", "--host", "no.such.host.invalid"), "not an address of this machine"),
    ],
)
def test_a_mistake_is_one_sentence_and_exit_status_2(arguments: tuple[str, ...], expected: str) -> None:
    assert_refused(run(*arguments), expected)


def test_index_prints_the_document_the_library_builds() -> None:
    done = run("index", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == index.build("eu27").to_json()


def test_index_prints_a_readable_ranking() -> None:
    lines = run("index").stdout.splitlines()
    assert lines[0] == index.build("eu27").name
    assert len([line for line in lines if re.match(r" +\d+  \S", line)]) == 27


def test_index_gives_every_rank_an_interval_and_says_what_moves_it() -> None:
    done = run("index", "--uncertainty", "300", "--seed", "7", "--json")
    assert done.returncode == 0
    document = json.loads(done.stdout)
    assert document == index.build("eu27", uncertainty=300, seed=7).to_json()
    for unit in document["units"]:
        interval = unit["rank_interval"]
        assert set(interval) == {"low", "median", "high"}
        assert 1 <= interval["low"] <= interval["median"] <= interval["high"] <= 27
    assert [row["source"] for row in document["sensitivity"]] == ["normalise", "aggregate", "weights", "leave_out"]
    for row in document["sensitivity"]:
        assert row["first_order_low"] <= row["first_order"] <= row["first_order_high"]
        assert row["total_low"] <= row["total"] <= row["total_high"]
    assert document["uncertainty"]["replications"] == 300
    assert document["uncertainty"]["seed"] == 7


def test_index_prints_intervals_in_words() -> None:
    lines = run("index", "--uncertainty", "50").stdout.splitlines()
    assert "interval" in lines[2]
    assert any("over 50 replications, seed 42" in line for line in lines)
    assert any(line.startswith("leave_out") for line in lines)


def test_index_prints_the_values_after_a_step() -> None:
    document = json.loads(run("index", "--stage", "normalised", "--json").stdout)
    assert document["stage"] == "normalised"
    assert len(document["units"]) == 27
    values = [value for unit in document["units"] for value in unit["values"].values()]
    assert (min(values), max(values)) == (0, 100)


def test_index_writes_the_file_it_is_given(tmp_path: Path) -> None:
    for name in ("out.json", "out.csv"):
        done = run("index", "--out", str(tmp_path / name))
        assert (done.returncode, done.stdout) == (0, "")
    assert json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["units"][0]["ranks"]["TOTAL"] == 1
    assert len((tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()) == 28


def test_index_names_the_cell_of_a_users_table_that_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "u.csv").write_text("uCode,A\naa,1\nbb,many\n")
    (tmp_path / "s.csv").write_text(
        "Level,iCode,Direction,Weight,Parent,Type\n1,A,1,1,T,Indicator\n2,T,1,1,,Aggregate\n"
    )
    (tmp_path / "i.toml").write_text(
        'name = "I"\n[data]\nunits = "u.csv"\nstructure = "s.csv"\n[steps]\naggregate = { method = "arithmetic" }\n'
    )
    assert_refused(run("index", "--spec", str(tmp_path / "i.toml")), "u.csv, row 3, column A", '"many" is not a number')


def test_data_check_reports_the_shipped_package_in_order() -> None:
    done = run("data", "check", "--json")
    report = json.loads(done.stdout)
    assert report["problems"] == []
    assert (done.returncode, report["ok"]) == (0, True)
    assert report["rows"] == len(catalog.load().all_observations)
    assert report["digest"] == catalog.load().digest


def test_data_check_says_how_far_the_document_is_covered_section_by_section() -> None:
    report = json.loads(run("data", "check", "--json").stdout)
    doc = document.load()
    assert set(report) == {"ok", "rows", "digest", "problems", "coverage"}
    assert sum(section["statements"] for section in report["coverage"]) == len(doc) + doc.factors
    assert all(section["statements"] and section["bilingual"] for section in report["coverage"])
    lines = run("data", "check").stdout.splitlines()
    for section in report["coverage"]:
        (line,) = [x for x in lines if x.startswith(section["section"] + " ")]
        assert section["title"]["en"] in line
        assert line.split()[-5:] == [str(section[k]) for k in ("statements", "repeated", "checked", "claims")] + [
            "both"
        ]


def test_data_check_prints_its_report_also_where_it_fails(tmp_path: Path) -> None:
    done = run("data", "check", "--path", str(tmp_path), "--json")
    assert_refused(done, "problems")
    report = json.loads(done.stdout)
    assert report["ok"] is False
    assert set(report["problems"][0]) == {"file", "row", "column", "type", "message"}


def test_a_closed_pipe_ends_the_command_quietly() -> None:
    process = subprocess.Popen(
        [*COMMAND, "index", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    with process.stderr as errors:
        assert b"Traceback" not in errors.read()
    process.wait()


@pytest.mark.parametrize("command", [(), ("dashboard",), ("index",), ("forecast",), ("afford",), ("data", "check")])
def test_help_waits_for_no_library(command: tuple[str, ...]) -> None:
    heavy = {"pandas", "numpy", "scipy", "plotly", "babel", "yaml", "streamlit", "torch"}
    code = (
        "import sys\nfrom aigc_report.cli import main\n"
        f"try:\n    main({[*command, '--help']})\nexcept SystemExit:\n    pass\n"
        f"print(sorted({heavy} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stderr.strip() == "[]"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A served dashboard with a home of its own, in Chinese; answers once it is handed over."""
    port = free_port()
    process = subprocess.Popen(
        [*COMMAND, "dashboard", "--port", str(port), "--lang", "zh"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT), "AIGC_REPORT_HOME": str(tmp_path)},
    )
    try:
        wait_until_up(process, port)
        yield process, port
    finally:
        process.kill()
        process.communicate()


def wait_until_up(process: subprocess.Popen[str], port: int) -> None:
    deadline = time.monotonic() + SERVER_START_S
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2) as answer:
                assert answer.status == 200
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise AssertionError(f"the dashboard did not come up: exit status {process.poll()}")


def test_dashboard_is_served_on_its_port_and_ends_cleanly_with_ctrl_c(
    served: tuple[subprocess.Popen[str], int],
) -> None:
    process, port = served
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=SERVER_START_S)
    assert process.returncode == 0
    assert f"http://127.0.0.1:{port}/?lang=zh" in output.splitlines()[0]
    assert "Traceback" not in output
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_dashboard_refuses_a_port_that_is_taken(served: tuple[subprocess.Popen[str], int]) -> None:
    _, port = served
    assert_refused(run("dashboard", "--port", str(port)), f"Port {port}", "--port N", "make run PORT=N")


@pytest.mark.torch
def test_first_benchmark_starts_once_and_outlives_the_dashboard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIGC_REPORT_HOME", str(tmp_path))
    from aigc_report import serve

    assert runner.available()
    first = serve.start_first_benchmark()
    runs = store.Store().list()
    try:
        assert len(runs) == 1
        assert runs[0].run_id in first
        assert store.Store().status(runs[0].run_id) in ("queued", "running")
        assert serve.start_first_benchmark() == "Earlier runs are in the GAN Lab; no first benchmark is needed."
        started = config.TrainConfig.model_validate_json(
            (store.Store().path(runs[0].run_id) / "config.json").read_text()
        )
        assert (started.dataset, started.budget_s) == ("digits", serve.FIRST_BENCHMARK_S)
        assert started.tariff is not None
        assert started.tariff.country == "WLD"
    finally:
        store.Store().cancel(runs[0].run_id)
        deadline = time.monotonic() + SERVER_START_S
        while store.Store().status(runs[0].run_id) in ("queued", "running") and time.monotonic() < deadline:
            time.sleep(0.2)


def test_a_failing_first_benchmark_does_not_keep_the_dashboard_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "runs").write_text("a file where the folder of runs should be")
    monkeypatch.setenv("AIGC_REPORT_HOME", str(tmp_path))
    from aigc_report import serve

    assert "could not be started" in serve.start_first_benchmark()


def test_an_error_is_worded_in_the_readers_language_from_its_template() -> None:
    error = UserError("There is no {thing}.", thing="spoon")
    assert str(error) == "There is no spoon."
    assert error.text({"There is no {thing}.": "没有{thing}。"}.__getitem__) == "没有spoon。"


def test_ctrl_c_ends_a_long_simulation_at_once_and_without_a_traceback() -> None:
    arguments = [*COMMAND, "index", "--uncertainty", "5000000", "--json"]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        first = process.stderr.readline()
        process.send_signal(signal.SIGINT)
        output, rest = process.communicate(timeout=60)
    assert re.fullmatch(r"[\d,]+ of [\d,]+ replications\n", first)
    assert (process.returncode, output) == (130, "")
    assert "Traceback" not in rest
