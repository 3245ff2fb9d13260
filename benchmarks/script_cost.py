"""What a page, and each change of it, costs the server: processor time, messages and bytes, over one WebSocket.

python benchmarks/script_cost.py [--repeats 10] [--pages countries,…] [--home FOLDER]

Processor time hardly depends on what else the machine does, so it shows what a change of the code gains where times by
the clock do not. First run: of the first reader after a start. Every control that chooses between texts is changed in
turn; a whole page runs again where it stands in no fragment. Options are chosen once before they are counted, as they
are for the second reader. Times are of the whole server process; the clock of processes ticks every 10 ms, so small
figures need repeats.
"""

import argparse
import asyncio
import time
from pathlib import Path

import psutil
from pages import PAGES
from serving import dashboard
from viewer import Offered, Viewer

MOST_OPTIONS = 4
"""So many options of a control are chosen in turn."""
SETTLED_S = 1.0
PATIENCE_S = 120
"""Times by the clock do not count here, so that a busy machine may take long."""


class Meter:
    """Processor seconds of a process, all its threads, since it was asked last."""

    def __init__(self, pid: int) -> None:
        self.process = psutil.Process(pid)
        self.read()

    def read(self) -> float:
        """Seconds since the last reading."""
        times = self.process.cpu_times()
        before, self.before = getattr(self, "before", 0.0), times.user + times.system
        return self.before - before

    async def settle(self) -> None:
        """Wait until the process rests, as it does when it has warmed up."""
        while True:
            self.read()
            await asyncio.sleep(SETTLED_S)
            if self.read() < 0.02 * SETTLED_S:
                return


async def page(viewer: Viewer, socket, meter: Meter, name: str, repeats: int) -> None:
    """Print what a page and its changes cost."""
    address = PAGES[name].path.lstrip("/")
    begun = time.monotonic()
    await viewer.go(socket, address)
    await asyncio.sleep(0.05)
    first, waited = meter.read(), time.monotonic() - begun - 0.05
    for _ in range(repeats):
        await viewer.go(socket, address)
    again, messages, size = meter.read() / repeats, viewer.messages, viewer.bytes
    print(
        f"{name:<40}{1000 * again:8.1f} ms{messages:8}{size / 1000:9.0f} kB   first run {first:.2f} s",
        f"({waited:.2f} s)",
    )
    for control in sorted(viewer.controls.values(), key=lambda each: each.key):
        if len(control.options) > 1:
            await change(viewer, socket, meter, control, address, repeats)


async def change(viewer: Viewer, socket, meter: Meter, control: Offered, address: str, repeats: int) -> None:
    """Print what a change of `control` costs."""
    await viewer.go(socket, address)
    options = [control.options[n % len(control.options)] for n in range(1, 1 + min(MOST_OPTIONS, len(control.options)))]
    for option in options:
        await viewer.choose(socket, control, option)
    meter.read()
    for n in range(repeats):
        await viewer.choose(socket, control, options[n % len(options)])
    spent = meter.read() / repeats
    whole = "" if control.fragment else "   whole page"
    print(
        f"  {control.key:<38}{1000 * spent:8.1f} ms{viewer.messages:8}{viewer.bytes / 1000:9.0f} kB{whole}", flush=True
    )


async def measure(address: str, pid: int, names: list[str], repeats: int) -> None:
    viewer, meter = Viewer(address), Meter(pid)
    viewer.patience_s = PATIENCE_S
    async with viewer.connect() as socket:
        await viewer.run(socket)
        await meter.settle()
        for name in names:
            try:
                await page(viewer, socket, meter, name, repeats)
            except TimeoutError:
                raise SystemExit(f"{name}: no answer in {PATIENCE_S} s") from None
    print(f"errors shown: {', '.join(viewer.errors) or 'none'}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=10)
    parser.add_argument("--pages", default=",".join(PAGES))
    parser.add_argument("--home", type=Path, help="a home with runs, else an empty one")
    asked = parser.parse_args()
    with dashboard(asked.home) as served:
        asyncio.run(measure(served.address, served.process.pid, asked.pages.split(","), asked.repeats))


if __name__ == "__main__":
    main()
