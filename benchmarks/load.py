"""Fifty readers at once: real WebSocket sessions that look, think and change a page, while a run trains or not.

python benchmarks/load.py [--viewers 50] [--seconds 60] [--think 10] [--training [page|terminal]] [--app NAME]

Each viewer opens the Overview; when all have been served, each changes a control or the page after every pause
(exponential, mean --think), as a browser would ask for it. A change is served when its last message has come. What is
printed: how long the first views took, all coming at once after a start; median and 95th percentile of a change; and
errors (a lost session, a script that failed, no answer within 30 s). The plain page is the reference. The run is
started as a page starts it, in a process that yields to others, or as gan-bench train does in a terminal, which yields
to nobody. Bounded by --viewers and --seconds: with the defaults about 80 s an app, at most four minutes where nobody is
served.
"""

import argparse
import asyncio
import contextlib
import math
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
from viewer import PATIENCE_S, Viewer

from gan import config, runner
from gan.store import Store

MOST_VIEWERS, MOST_S = 200, 600
ARRIVAL_S = 60
"""The run trains so much longer than the viewers change, as they first have to arrive."""
ENDING_S = 60
GOAL_S = 0.8
"""What the 95th percentile of a change should stay below with fifty viewers and a run on two cores."""


class Visitor(Viewer):
    """A viewer who looks, thinks and changes until time is over."""

    def __init__(self, address: str, seed: int) -> None:
        super().__init__(address)
        self.random = random.Random(seed)
        self.first = 0.0
        self.changes: list[float] = []

    async def live(self, arrivals: "Arrivals", seconds: float, think: float) -> None:
        """Look once; when everybody has looked, think and change for `seconds`."""
        try:
            with arrivals:
                socket = await self.connect()
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
            return await self.go(socket, self.random.choice(sorted(self.pages)))
        control = self.controls[self.random.choice(sorted(self.controls))]
        return await self.choose(socket, control, self.random.choice(control.options))


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


async def crowd(address: str, viewers: int, seconds: float, think: float) -> list[Visitor]:
    """`viewers` sessions that all begin at once; those that have not ended when they should are cut off."""
    everyone = [Visitor(address, seed) for seed in range(viewers)]
    arrivals = Arrivals(viewers)
    visits = [asyncio.create_task(viewer.live(arrivals, seconds, think)) for viewer in everyone]
    _, late = await asyncio.wait(visits, timeout=seconds + ARRIVAL_S + PATIENCE_S)
    for visit, viewer in zip(visits, everyone, strict=True):
        if visit in late:
            visit.cancel()
            viewer.errors.append("not served in time")
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
    print(f"a run from a {asked.training} trains" if asked.training else "idle", flush=True)
    p95: dict[str, float] = {}
    for app in asked.app or ("plain", "cached", "dashboard"):
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder)
            served_by = dashboard(home) if app == "dashboard" else plain(cached=app == "cached")
            with served_by as served, training(home, seconds, asked.training):
                everyone = asyncio.run(crowd(served.address, viewers, seconds, asked.think))
                memory = psutil.Process(served.process.pid).memory_info().rss / 1e6
        p95[app] = report(app, everyone, memory)
    if {"plain", "dashboard"} <= set(p95):
        print(f"p95 of a change against the plain page: {p95['dashboard'] / p95['plain']:.2f}x; goal {GOAL_S} s")


def report(app: str, everyone: list[Visitor], memory_mb: float) -> float:
    """Print a line: first views, changes, errors, memory. Returns the 95th percentile of a change in seconds."""
    firsts = sorted(viewer.first for viewer in everyone if viewer.first)
    changes = sorted(seconds for viewer in everyone for seconds in viewer.changes)
    errors = [error for viewer in everyone for error in viewer.errors]
    first = f"first view {statistics.median(firsts):.2f} s, last {firsts[-1]:.2f} s" if firsts else "no first view"
    later, p95 = "no change", math.nan
    if len(changes) >= 2:
        p95 = statistics.quantiles(changes, n=20)[-1]
        later = f"change p50 {statistics.median(changes):.3f} s, p95 {p95:.3f} s (n = {len(changes)})"
    named = f": {', '.join(sorted(set(errors)))}" if errors else ""
    print(f"{app:<10} {first}; {later}; {len(errors)} errors{named}; {memory_mb:.0f} MB", flush=True)
    return p95


if __name__ == "__main__":
    main()
