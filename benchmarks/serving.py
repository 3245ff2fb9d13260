"""What the benchmarks of pages share: our dashboard and a plain Streamlit page with three charts, really served."""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PLAIN = """
import pandas as pd
import plotly.express as px
import streamlit as st

st.set_page_config(layout="wide")
rows = pd.read_csv({table!r})
year = st.selectbox("Indicator", sorted(rows["indicator"].unique()), key="pick")
shown = rows[rows["indicator"] == year]


def draw(rows):
    return (
        px.line(rows, x="period", y="value", color="geo"),
        px.bar(rows, x="geo", y="value"),
        px.scatter(rows, x="period", y="value", color="geo"),
    )


{keep}
for number, figure in enumerate(draw(shown)):
    st.plotly_chart(figure, key=f"chart-{{number}}")
"""
"""The page an analyst writes in ten minutes; `keep` caches its figures or not."""
CACHED = "draw = st.cache_data(draw, show_spinner=False)"


@dataclass(frozen=True)
class Served:
    """A served app: its address and its process."""

    address: str
    process: subprocess.Popen[bytes]


@contextlib.contextmanager
def dashboard(home: Path | None = None) -> Iterator[Served]:
    """Our dashboard, with a home of its own unless one is given."""
    with tempfile.TemporaryDirectory() as temporary:
        port = _port()
        command = [sys.executable, "-m", "aigc_report.cli", "dashboard", "--port", str(port)]
        environment = {"AIGC_REPORT_HOME": str(home or temporary), "AIGC_REPORT_OFFLINE": "1"}
        with _served(command, port, environment) as served:
            yield served


@contextlib.contextmanager
def plain(cached: bool) -> Iterator[Served]:
    """The plain page over the same data: five indicators of the EU's members."""
    from aigc_report import catalog

    cat = catalog.load()
    members = list(cat.geographies.index[cat.geographies["eu27"]])
    rows = cat.observations(breakdown="")
    rows = rows[rows["geo"].isin(members)]
    largest = rows["indicator"].value_counts().index[:5]
    with tempfile.TemporaryDirectory() as temporary:
        table, script = Path(temporary) / "rows.csv", Path(temporary) / "page.py"
        rows[rows["indicator"].isin(largest)].to_csv(table, index=False)
        script.write_text(PLAIN.format(table=str(table), keep=CACHED if cached else ""), encoding="utf-8")
        port = _port()
        settings = {"port": port, "address": "127.0.0.1", "headless": "true", "fileWatcherType": "none"}
        command = [sys.executable, "-m", "streamlit", "run", str(script)]
        command += [f"--server.{name}={value}" for name, value in settings.items()]
        command.append("--browser.gatherUsageStats=false")
        with _served(command, port, {}) as served:
            yield served


@contextlib.contextmanager
def _served(command: list[str], port: int, environment: dict[str, str]) -> Iterator[Served]:
    address = f"http://127.0.0.1:{port}"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, env=os.environ | environment, **quiet)
    try:
        _await(address, process)
        yield Served(address, process)
    finally:
        process.terminate()
        process.wait(timeout=20)


def _await(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise SystemExit(f"{address}: the server ended with status {process.returncode}")
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/_stcore/health", timeout=5):
            return
        time.sleep(0.1)
    raise SystemExit(f"{address} did not answer")


def _port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
