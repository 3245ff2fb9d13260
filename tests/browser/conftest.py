"""A really served dashboard with a home of its own, and a real Chromium that may talk to nobody else."""

import importlib.util
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from analyst import EVERY_DAY, EVERY_SCREEN, Analyst, Bureau, said
from browsing import Reader
from playwright.sync_api import Browser, sync_playwright

from gan.store import Store

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
REQUIRED = "AIGC_REPORT_REQUIRE_BROWSER"
START_S = 120


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "analyst" in metafunc.fixturenames:
        seen = EVERY_SCREEN if metafunc.config.getoption("every_screen") else EVERY_DAY
        metafunc.parametrize("analyst", seen, ids="-".join, indirect=True)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        own = Path(play.chromium.executable_path)
        found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
        path = found or (str(own) if own.exists() else None)
        if path is None:
            sentence = (
                "No Chromium here, so the browser tests did not run. "
                "Install it: apt install chromium, or playwright install chromium."
            )
            if os.environ.get(REQUIRED, "") not in ("", "0"):
                pytest.fail(sentence)
            pytest.skip(sentence)
        chromium = play.chromium.launch(executable_path=path, headless=True, args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a dashboard with no runs yet."""
    with _served(tmp_path_factory.mktemp("home")) as address:
        yield address


@contextmanager
def _served(home: Path) -> Iterator[str]:
    """The address of a dashboard over `home`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = home / "server.log"
    environment = os.environ | {"AIGC_REPORT_HOME": str(home), "AIGC_REPORT_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "aigc_report.cli", "dashboard", "--port", str(port)]
    with log.open("wb") as sink:
        process = subprocess.Popen(command, env=environment, cwd=home, stdout=sink, stderr=sink)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_until_healthy(address, process, log)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_until_healthy(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            pytest.fail(f"The server ended: {log.read_text(errors='replace')[-2000:]}")
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"The server did not answer: {log.read_text(errors='replace')[-2000:]}")


@pytest.fixture(scope="session")
def bureau(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bureau]:
    """A dashboard over a home with two short runs on digits, trained and measured, alike but for their seeds."""
    home = tmp_path_factory.mktemp("bureau")
    runs = [_trained(home, seed) for seed in ("1", "2")] if importlib.util.find_spec("torch") else []
    with _served(home) as address:
        yield Bureau(address, home, tuple(runs))
    _end_runs(Store(home / "runs"))


def _trained(home: Path, seed: str) -> str:
    asked = ("train", "--dataset", "digits", "--budget", "2s", "--seed", seed, "--country", "DEU", "--json")
    return str(json.loads(said("gan.cli", home, *asked))["run_id"])


def _end_runs(store: Store) -> None:
    """Cancel what a test left training: such a run is a process of its own."""
    for run in store.list():
        if run.status in ("queued", "running"):
            store.cancel(run.run_id)


@pytest.fixture
def analyst(browser: Browser, bureau: Bureau, request: pytest.FixtureRequest) -> Iterator[Analyst]:
    """Somebody who makes a journey through the pages; `--pictures FOLDER` keeps what they see at its end."""
    screen, lang = request.param
    somebody = Analyst(browser, bureau, screen, lang)
    yield somebody
    if folder := request.config.getoption("pictures"):
        somebody.page.screenshot(path=Path(folder) / f"{request.node.name}.png")
    somebody.leave()
    assert not somebody.left_the_machine


@pytest.fixture
def reader(browser: Browser, server: str) -> Iterator[Reader]:
    with browser.new_context(viewport={"width": 1440, "height": 900}) as context:
        somebody = Reader(context, server)
        yield somebody
        assert not somebody.left_the_machine


@pytest.fixture
def phone(browser: Browser, server: str) -> Iterator[Reader]:
    with browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True) as context:
        somebody = Reader(context, server)
        yield somebody
        assert not somebody.left_the_machine
