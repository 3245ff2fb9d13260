"""Events: every line is readable at once, and what is no event harms nobody."""

import json
from pathlib import Path

from gan import events


def test_a_number_that_is_not_finite_is_written_as_null(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    events.append(path, "progress", step=1, loss_g=float("nan"), loss_d=float("inf"), images_per_s=3.5)
    line = json.loads(path.read_text())
    assert line == {"type": "progress", "step": 1, "loss_g": None, "loss_d": None, "images_per_s": 3.5}


def test_a_reader_that_remembers_its_line_gets_only_what_is_new(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    assert events.read(path) == []
    for step in range(3):
        events.append(path, "progress", step=step)
    assert [event["step"] for event in events.read(path, after=2)] == [2]
    assert events.read(path, after=3) == []
    events.append(path, "progress", step=3)
    assert [event["step"] for event in events.read(path, after=3)] == [3]


def test_lines_that_are_no_events_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    events.append(path, "progress", step=1)
    with path.open("ab") as file:
        file.write(
            b'\n\xff\xfe\n[1, 2]\n"progress"\n{"step": 9}\n{"type": 3}\nnull\n{"type": "progress", "step": 2}\n{"typ'
        )
    assert [event["step"] for event in events.read(path)] == [1, 2]
    assert events.latest_progress(path).step == 2


def test_the_latest_progress_of_a_long_run_is_found_from_its_end(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    assert events.latest_progress(path) == events.Progress()
    told = [{"type": "progress", "step": i, "images": 32 * i, "train_s": i / 2, "unknown": 1} for i in range(5_000)]
    told += [{"type": "sample", "step": 5_000, "file": "samples/x.png"}, {"type": "notice", "code": "collapse"}]
    path.write_text("".join(json.dumps(event) + "\n" for event in told))
    assert path.stat().st_size > 10 * events._TAIL_BYTES
    now = events.latest_progress(path)
    assert (now.step, now.images, now.train_s) == (4_999, 32 * 4_999, 2_499.5)


def test_curve_and_samples_are_what_the_lines_say(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    events.append(path, "state", status="running", time="2026-01-01T00:00:00.000Z")
    events.append(path, "sample", file="samples/real.png", step=0, images=0, real=True, columns=8)
    events.append(path, "progress", step=4, images=128, train_s=0.5, loss_g=1.0, loss_d=0.7, fraction=0.5, eta_s=0.5)
    events.append(path, "quality", step=4, images=128, train_s=0.5, fid=80.0, n=590)
    told = events.read(path)
    assert [(point.step, point.loss_g, point.fid, point.n) for point in events.curve(told)] == [
        (4, 1.0, None, None),
        (4, None, 80.0, 590),
    ]
    assert [(grid.file, grid.real) for grid in events.samples(told)] == [("samples/real.png", True)]
