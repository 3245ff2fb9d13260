"""The wheel is complete: it works from any folder, and without torch."""

import json
import os
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
GAN_EXTRA = ("torch", "functorch", "sklearn", "scikit_learn", "safetensors", "scipy")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)]
    done = subprocess.run(build, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def core(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel and its core dependencies, linked from this one: no torch, nothing downloaded."""
    env = tmp_path_factory.mktemp("core") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(env)], check=True, timeout=60)
    site = next(env.glob("lib/python*/site-packages"))
    for entry in Path(sysconfig.get_paths()["purelib"]).iterdir():
        name = entry.name.lower()
        ours = "aigc_report" in name or name in {"gan", "dashboards"}
        if not ours and not name.startswith(GAN_EXTRA) and not name.endswith(".pth"):
            (site / entry.name).symlink_to(entry)
    python = str(env / "bin" / "python")
    install = [sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index", "-q", str(wheel)]
    done = subprocess.run(install, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return env


@pytest.fixture
def run(core: Path, tmp_path: Path):
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "STREAMLIT"))}
    environment |= {"AIGC_REPORT_HOME": str(tmp_path / "home"), "AIGC_REPORT_OFFLINE": "1"}

    def call(command: str, *args: str) -> subprocess.CompletedProcess[str]:
        line = [str(core / "bin" / command), *args]
        return subprocess.run(line, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120)

    call.environment = environment  # type: ignore[attr-defined]
    return call


def test_the_core_environment_has_no_torch(run) -> None:
    assert run("python", "-c", "import torch").returncode != 0


def test_the_packages_come_from_the_wheel_and_no_top_level_data_is_installed(run, core: Path) -> None:
    code = "import aigc_report, gan, dashboards; print(aigc_report.__file__, gan.__file__, dashboards.__file__)"
    done = run("python", "-c", code)
    assert done.stdout.count(str(core)) == 3, done.stdout + done.stderr
    site = next(core.glob("lib/python*/site-packages"))
    assert (site / "aigc_report" / "_data" / "indicators.csv").exists()
    assert (site / "aigc_report" / "_docs" / "index.md").exists()
    assert not (site / "data").exists()


def test_the_installed_data_package_is_sound(run) -> None:
    done = run("aigc-report", "data", "check", "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["ok"]
    assert report["rows"] > 10_000


def test_the_index_ranks_27_countries_from_the_wheel(run) -> None:
    done = run("aigc-report", "index", "--json")
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)["units"]) == 27


def test_training_without_torch_says_how_to_add_it(run) -> None:
    done = run("gan-bench", "train", "--steps", "2")
    assert done.returncode == 2
    assert "aigc-report[gan]" in done.stderr
    assert "Traceback" not in done.stderr


def test_runs_are_listed_without_torch(run) -> None:
    done = run("gan-bench", "list", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["runs"] == []


def test_the_dashboard_serves_from_the_wheel(run, core: Path, tmp_path: Path) -> None:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    server = subprocess.Popen(
        [str(core / "bin" / "aigc-report"), "dashboard", "--port", str(port)],
        cwd=tmp_path,
        env=run.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        deadline = time.monotonic() + 60
        while True:
            assert server.poll() is None, server.stderr.read() if server.stderr else ""
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=5) as answer:
                    assert answer.status == 200
                break
            except (urllib.error.URLError, ConnectionError):
                assert time.monotonic() < deadline, "the server did not answer within a minute"
                time.sleep(0.3)
        served = {
            "/app/static/topo/world_50m.json": b'"type"',
            "/countries?lang=zh": b'<html lang="zh-CN">',
            "/page.js": b"chart-menu",
            "/charts/adoption.people.csv?lang=en": b"genai_individuals",
        }
        for address, holds in served.items():
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{address}", timeout=30) as answer:
                assert holds in answer.read(), address
    finally:
        server.terminate()
        server.wait(20)
