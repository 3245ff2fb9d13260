"""Time the list of 1,000 runs against a plain loop that opens and parses each record with `json.load`.

    python benchmarks/list_runs.py

The records are made up and as long as those of real runs: 300 points of a curve, all figures, a quarter unfinished with
an event log, a few folders broken. The best of several rounds is taken. Prints seconds and the ratio, and fails where
the list takes a second or more.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from gan import config, record, store

SECONDS = 1.0
"""What listing 1,000 runs must stay below."""


def fill(runs: store.Store, count: int) -> None:
    """`count` runs; every fourth looks killed, every hundredth folder is no run."""
    curve = [record.CurvePoint(step=i, images=32 * i, train_s=i / 5, loss_g=1.234567, loss_d=0.7) for i in range(300)]
    quality = {
        name: record.Metric(value=12.34, ci_low=11.0, ci_high=13.0, n=10_000, n_real=10_000, reference_floor=1.0)
        for name in ("fid", "kid", "inception_score", "precision", "recall", "density", "coverage")
    }
    for i in range(count):
        run_id = runs.create(config.resolve(seed=i))
        whole = runs.read(run_id).model_copy(update={"curve": curve, "quality": quality, "steps_done": 300})
        whole.status = "running" if i % 4 == 0 else "completed"
        runs.write(whole)
        if i % 4 == 0:
            line = json.dumps({"type": "progress", "step": 300, "images": 9_600, "train_s": 60.0}) + "\n"
            (runs.path(run_id) / store.EVENTS).write_text(line * 100)
            runs.lock(run_id).acquire()  # released with this object at once: the file stays, as after a kill
        if i % 100 == 0:
            (runs.root / f"broken-{i}").mkdir()


def plain_loop(root: Path) -> int:
    """The reference: open, parse, take what a list shows."""
    shown = []
    for path in root.glob("*/record.json"):
        with path.open(encoding="utf-8") as file:
            parsed = json.load(file)
        shown.append((parsed["run_id"], parsed["status"], parsed["quality"].get("fid")))
    return len(shown)


def best(action: Callable[[], object], rounds: int = 5) -> float:
    """Seconds of the quickest of `rounds`."""
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        action()
        times.append(time.perf_counter() - begun)
    return min(times)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--runs", type=int, default=1_000)
    count = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        runs = store.Store(Path(folder) / "runs")
        fill(runs, count)
        listed, problems = runs.survey()
        assert (len(listed), len(problems)) == (count, -(-count // 100))
        assert plain_loop(runs.root) == count
        size = sum(path.stat().st_size for path in runs.root.glob("*/record.json")) / count / 1024
        ours, plain = best(runs.survey), best(lambda: plain_loop(runs.root))
    print(f"{count} runs, {size:.0f} KiB a record: list {ours:.3f} s, json.load in a loop {plain:.3f} s")
    print(f"ratio {ours / plain:.2f} (list / loop; below 1 is faster)")
    if ours >= SECONDS * count / 1_000:
        print(f"Too slow: {SECONDS} s for 1,000 runs is the most.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
