"""Fifty readers at once: real WebSocket sessions that look, think and change a page, while a run trains or not.

python benchmarks/load.py [--viewers 50] [--seconds 60] [--think 10] [--training [page|terminal]] [--app NAME]

Each viewer opens the Overview; when all have been served, each changes a control or the page after every pause
(exponential, mean --think), as a browser would ask for it. A change is served when its last message has come. What is
printed: how long the first views took, all coming at once after a start; median and 95th percentile of a change; and
errors (a lost session, a script that failed, no answer within 30 s). Bounded by --viewers and --seconds. The plain page
is the reference. The run is started as a page starts it, in a process that yields to others, or as gan-bench train does
in a terminal, which yields to nobody.
"""

import argparse
import asyncio
import contextlib
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import websockets
from serving import dashboard, plain
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from gan import config, runner
from gan.store import Store

PATIENCE_S = 30
MOST_VIEWERS, MOST_S = 200, 600
ARRIVAL_S = 60
"""The run trains so much longer than the viewers change, as they first have to arrive."""
ENDING_S = 60


class Viewer:
    """One session: asks for runs of the script and knows the controls and pages that were sent."""

    def __init__(self, address: str, seed: int) -> None:
        self.address = address.replace("http", "ws", 1) + "/_stcore/stream"
        self.random = random.Random(seed)
        self.controls: dict[str, tuple[list[str], str]] = {}
        self.grouped: set[str] = set()
        self.pages: list[str] = []
        self.page = ""
        self.states: dict[str, WidgetState] = {}
        self.kept: set[str] = set()
        self.first = 0.0
        self.changes: list[float] = []
        self.errors: list[str] = []

    async def live(self, arrivals: "Arrivals", seconds: float, think: float) -> None:
        """Look once; when everybody has looked, think and change for `seconds`."""
        try:
            with arrivals:
                socket = await websockets.connect(self.address, subprotocols=["streamlit"], max_size=None)
                self.first = await self.run(socket)
            async with socket:
                await arrivals.all.wait()
                until = time.monotonic() + seconds
                while time.monotonic() < until:
                    await asyncio.sleep(min(self.random.expovariate(1 / think), max(0.0, until - time.monotonic())))
                    if time.monotonic() < until:
                        self.changes.append(await self.change(socket))
        except (OSError, TimeoutError, websockets.WebSocketException) as error:
            self.errors.append(type(error).__name__)

    async def change(self, socket) -> float:
        """Another option of a control, or, one time in four, another page."""
        if self.pages and (not self.controls or self.random.random() < 0.25):
            self.page = self.random.choice(self.pages)
            self.controls.clear()
            self.states.clear()
            return await self.run(socket)
        name = self.random.choice(sorted(self.controls))
        options, fragment = self.controls[name]
        state = WidgetState(id=name)
        option = self.random.choice(options)
        if name in self.grouped:
            state.string_array_value.data.append(option)
        else:
            state.string_value = option
        self.states[name] = state
        return await self.run(socket, fragment)

    async def run(self, socket, fragment: str = "") -> float:
        """Ask for a run; seconds until its last message."""
        message = BackMsg()
        message.rerun_script.query_string = "lang=en"
        message.rerun_script.page_script_hash = self.page
        message.rerun_script.fragment_id = fragment
        message.rerun_script.widget_states.widgets.extend(self.states.values())
        message.rerun_script.cached_message_hashes.extend(self.kept)
        begun = time.monotonic()
        await socket.send(message.SerializeToString())
        while True:
            frame = await asyncio.wait_for(socket.recv(), PATIENCE_S)
            if self.read(ForwardMsg.FromString(frame)):
                return time.monotonic() - begun

    def read(self, message: ForwardMsg) -> bool:
        """Note controls and pages; is this the last message of a run?"""
        kind = message.WhichOneof("type")
        if message.metadata.cacheable and message.hash:
            self.kept.add(message.hash)
        if kind == "navigation":
            self.pages = [page.page_script_hash for page in message.navigation.app_pages]
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            if element.WhichOneof("type") == "selectbox":
                self.controls[element.selectbox.id] = (list(element.selectbox.options), message.delta.fragment_id)
            elif element.WhichOneof("type") == "button_group":
                options = [option.content for option in element.button_group.options]
                self.controls[element.button_group.id] = (options, message.delta.fragment_id)
                self.grouped.add(element.button_group.id)
            elif element.WhichOneof("type") == "exception":
                self.errors.append(element.exception.type)
        return kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN


class Arrivals:
    """Counts first views, served or failed; `all` is set when nobody is still waiting for one."""

    def __init__(self, awaited: int) -> None:
        self.awaited = awaited
        self.all = asyncio.Event()

    def __enter__(self) -> None:
        pass

    def __exit__(self, *error: object) -> None:
        self.awaited -= 1
        if self.awaited == 0:
            self.all.set()


async def crowd(address: str, viewers: int, seconds: float, think: float) -> list[Viewer]:
    """`viewers` sessions that all begin at once."""
    everyone = [Viewer(address, seed) for seed in range(viewers)]
    arrivals = Arrivals(viewers)
    await asyncio.gather(*(viewer.live(arrivals, seconds, think) for viewer in everyone))
    return everyone


@contextlib.contextmanager
def training(home: Path, seconds: float, started_from: str):
    """A run that trains beside the viewers, in a process of its own."""
    budget = seconds + ARRIVAL_S
    if started_from == "page":
        store = Store(home / "runs")
        run_id = runner.submit(config.resolve(budget_s=budget), store)
        try:
            yield
        finally:
            store.cancel(run_id)
            _until_ended(store, run_id)
    elif started_from == "terminal":
        command = [sys.executable, "-m", "gan.cli", "train", "--dataset", "digits", "--budget", f"{budget:.0f}s"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        process = subprocess.Popen(command, env=os.environ | {"AIGC_REPORT_HOME": str(home)}, **quiet)
        try:
            yield
        finally:
            process.terminate()
            process.wait(timeout=ENDING_S)
    else:
        yield


def _until_ended(store: Store, run_id: str) -> None:
    """Wait for a cancelled run: it writes what it has before it goes."""
    give_up = time.monotonic() + ENDING_S
    while store.status(run_id) in ("queued", "running") and time.monotonic() < give_up:
        time.sleep(0.1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--viewers", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--think", type=float, default=10)
    parser.add_argument("--training", choices=("page", "terminal"), nargs="?", const="page", default="")
    parser.add_argument("--app", choices=("dashboard", "plain", "cached"), action="append")
    asked = parser.parse_args()
    viewers, seconds = min(asked.viewers, MOST_VIEWERS), min(asked.seconds, MOST_S)
    print(f"{viewers} viewers, {seconds:g} s, thinking {asked.think:g} s, ", end="")
    print(f"a run from a {asked.training} trains" if asked.training else "idle")
    for app in asked.app or ("plain", "cached", "dashboard"):
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder)
            served_by = dashboard(home) if app == "dashboard" else plain(cached=app == "cached")
            with served_by as served, training(home, seconds, asked.training):
                everyone = asyncio.run(crowd(served.address, viewers, seconds, asked.think))
                memory = psutil.Process(served.process.pid).memory_info().rss / 1e6
        report(app, everyone, memory)


def report(app: str, everyone: list[Viewer], memory_mb: float) -> None:
    """One line: first views, changes, errors, memory."""
    firsts = sorted(viewer.first for viewer in everyone if viewer.first)
    changes = sorted(seconds for viewer in everyone for seconds in viewer.changes)
    errors = [error for viewer in everyone for error in viewer.errors]
    first = f"first view {statistics.median(firsts):.2f} s, last {firsts[-1]:.2f} s" if firsts else "no first view"
    later = "no change"
    if len(changes) >= 2:
        p95 = statistics.quantiles(changes, n=20)[-1]
        later = f"change p50 {statistics.median(changes):.3f} s, p95 {p95:.3f} s (n = {len(changes)})"
    named = f": {', '.join(sorted(set(errors)))}" if errors else ""
    print(f"{app:<10} {first}; {later}; {len(errors)} errors{named}; {memory_mb:.0f} MB")


if __name__ == "__main__":
    main()
