"""The disk fills up, or may no longer be written, while a run trains: one sentence, nothing lost, and on it goes.

With a real small disk where the system lends one (a tmpfs in a user namespace of its own, reached through /proc), and
everywhere on POSIX with a limit on the size of files, which fails writes in the middle just as a full disk does.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from processes import Forker

from gan import checkpoint, events, files
from gan.config import resolve
from gan.store import Store

pytestmark = pytest.mark.torch

CFG = resolve(steps=60, width=8, deterministic=True, seed=3)


@dataclass
class Disk:
    """A disk of 2 MB in a namespace of its own; commands to it are lines for the shell that holds it."""

    shell: "subprocess.Popen[str]"
    mount: Path

    @property
    def home(self) -> Path:
        return Path(f"/proc/{self.shell.pid}/root{self.mount}")

    def do(self, command: str) -> bool:
        assert self.shell.stdin
        assert self.shell.stdout
        self.shell.stdin.write(f"{command} 2>&1 && echo done || echo failed\n")
        self.shell.stdin.flush()
        lines = iter(self.shell.stdout.readline, "")
        return next((line.strip() for line in lines if line.strip() in ("done", "failed")), "failed") == "done"

    def fill(self, leave: int) -> None:
        """Leave about so many bytes free."""
        free = os.statvfs(self.home).f_bavail * os.statvfs(self.home).f_frsize
        (self.home / "ballast").write_bytes(b"\0" * max(0, free - leave))

    def empty(self) -> None:
        (self.home / "ballast").unlink()


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, forker: Forker) -> Iterator[Disk]:
    if sys.platform != "linux" or not shutil.which("unshare"):
        pytest.skip("no namespaces on this system")
    mount = tmp_path / "disk"
    mount.mkdir()
    pipe = subprocess.PIPE
    shell = subprocess.Popen(["unshare", "-rm", "sh"], stdin=pipe, stdout=pipe, stderr=pipe, text=True)
    made = Disk(shell, mount)
    try:
        if not made.do(f"mount -t tmpfs -o size=2m tmpfs {mount}") or not os.access(made.home, os.W_OK):
            pytest.skip("this system lends no namespaces to its users")
        monkeypatch.setenv("AIGC_REPORT_HOME", str(made.home))
        yield made
    finally:
        shell.communicate()


def assert_ended_in_a_sentence(forker: Forker, store: Store, run_id: str, what: str) -> None:
    assert forker.wait() == 2, forker.said()
    assert "Traceback" not in forker.said()
    said = forker.said().strip().splitlines()[-1]
    assert what in said
    assert store.survey()[1] == []
    record = store.read(run_id)
    assert record.status in ("failed", "interrupted")
    assert not list(store.path(run_id).rglob(".*.part"))
    if record.status == "failed":
        assert said in record.warnings
        assert f"gan-bench resume {run_id} goes on" in said


UNDISTURBED: dict[str, Any] = {}
"""Weights and quality of the run when nothing goes wrong."""


def assert_goes_on(forker: Forker, store: Store, run_id: str) -> None:
    record, _ = forker.finish(store, run_id)
    got = ((store.path(run_id) / checkpoint.FINAL).read_bytes(), record.quality)
    if not UNDISTURBED:
        other, _ = forker.finish(store, store.create(CFG))
        UNDISTURBED["end"] = ((store.path(other.run_id) / checkpoint.FINAL).read_bytes(), other.quality)
    assert got == UNDISTURBED["end"]


FILL = """
import os
from pathlib import Path
from gan import checkpoint, paths
saved = checkpoint.{write}
count = 0
def fill_and_save(*arguments):
    global count
    count += 1
    if count == {nth}:
        space = os.statvfs(paths.home())
        with (paths.home() / "ballast").open("wb") as file:
            file.write(b"0" * max(0, space.f_bavail * space.f_frsize - 20_000))
    return saved(*arguments)
checkpoint.{write} = fill_and_save
"""
"""Fills the disk to 20 kB when a checkpoint is about to be written: its write fails in the middle."""


@pytest.mark.parametrize(("write", "nth"), [("save_last", 1), ("save_last", 2), ("save_final", 1)])
def test_a_disk_that_is_full_in_the_middle_of_a_run_ends_it_in_a_sentence(
    disk: Disk, forker: Forker, write: str, nth: int
) -> None:
    store = Store()
    run_id = store.create(CFG)
    forker.start(run_id, FILL.format(write=write, nth=nth))
    assert_ended_in_a_sentence(forker, store, run_id, "safetensors: No space left on device. Make room on that disk.")
    assert (store.path(run_id) / checkpoint.LAST).exists() == (nth > 1 or write == "save_final")
    disk.empty()
    assert_goes_on(forker, store, run_id)


def test_a_disk_without_any_room_refuses_a_run_and_lets_a_waiting_one_be_taken_up_later(
    disk: Disk, forker: Forker
) -> None:
    store = Store()
    run_id = store.create(CFG)
    disk.fill(leave=0)
    forker.start(run_id)
    assert_ended_in_a_sentence(forker, store, run_id, "No space left on device. Make room on that disk.")
    created = subprocess.run(
        [sys.executable, "-m", "gan.cli", "train", "--steps", "2"], capture_output=True, text=True, check=False
    )
    assert created.returncode == 2
    assert "No space left on device" in created.stderr
    assert "Traceback" not in created.stderr
    disk.empty()
    assert_goes_on(forker, store, run_id)


def test_a_folder_that_turns_read_only_ends_a_run_in_a_sentence(disk: Disk, forker: Forker) -> None:
    store = Store()
    run_id = store.create(CFG)
    assert disk.do(f"mount -o remount,ro {disk.mount}")
    forker.start(run_id)
    told = "Read-only file system. Is AIGC_REPORT_HOME a folder you may write to?"
    assert_ended_in_a_sentence(forker, store, run_id, told)
    assert store.status(run_id) == "interrupted"
    assert disk.do(f"mount -o remount,rw {disk.mount}")
    assert_goes_on(forker, store, run_id)


LIMIT = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, ({most}, resource.RLIM_INFINITY))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit on Windows")
@pytest.mark.parametrize("most", [700, 3_000, 30_000])
def test_a_file_that_may_not_grow_ends_a_run_in_a_sentence(store: Store, forker: Forker, most: int) -> None:
    """700 bytes refuse the record, 3,000 the events or a picture, 30,000 the checkpoint."""
    run_id = store.create(CFG)
    forker.start(run_id, LIMIT.format(most=most))
    assert_ended_in_a_sentence(forker, store, run_id, "File too large. Make room on that disk.")
    assert_goes_on(forker, store, run_id)


def test_a_line_that_does_not_fit_is_taken_back(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    events.append(path, "state", status="running")
    code = (
        LIMIT.format(most=60)
        + f"""
from pathlib import Path
from gan import events
for _ in range(3):
    try:
        events.append(Path({str(path)!r}), "notice", code="x", values={{}})
    except OSError as error:
        print(error.filename)
"""
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert str(path) in done.stdout
    text = path.read_text()
    assert text.endswith("\n")
    assert len(events.read(path)) == len(text.splitlines())


def test_an_error_of_the_system_is_told_with_what_to_do() -> None:
    import errno

    def told(number: int) -> str:
        return files.explain(OSError(number, os.strerror(number), "/a/record.json"))

    assert told(errno.ENOSPC) == "/a/record.json: No space left on device. Make room on that disk."
    assert told(errno.EACCES).endswith("Is AIGC_REPORT_HOME a folder you may write to?")
    assert told(errno.EIO).endswith("Is the disk in order?")
