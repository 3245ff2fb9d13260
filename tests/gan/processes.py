"""Processes that run the real program, for tests to start, wait for and kill."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gan.record import RunRecord
from gan.store import Store


def bench(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    """Run `gan-bench` to its end."""
    command = [sys.executable, "-m", "gan.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, env=dict(os.environ), check=False)


def bench_json(*arguments: str | Path) -> Any:
    """Run `gan-bench … --json`, which must succeed, and return its one document."""
    done = bench(*arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def start_bench(*arguments: str) -> "subprocess.Popen[str]":
    """Start `gan-bench` and return at once."""
    command = [sys.executable, "-m", "gan.cli", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ))


def wait_for(condition: Callable[[], Any], seconds: float = 60) -> Any:
    """The first true value of `condition`; fails the test where there is none in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if value := condition():
            return value
        time.sleep(0.05)
    raise AssertionError(f"nothing within {seconds} s: {condition}")


FORKER = """
import json, os, sys
from gan import datasets, loop, run, worker
loop.REPORT_S, run.CHECKPOINT_S = 0.03, (0.03, 0.03)  # many writes, so that many kills hit one
datasets.load("digits", 16)
lines = iter(sys.stdin)
for line in lines:
    run_id, home, prelude = json.loads(line)
    if pid := os.fork():
        print(pid, flush=True)
        next(lines)  # until it is asked for, a process that has ended keeps its number
        print(os.waitpid(pid, 0)[1], flush=True)
        continue
    os.environ["AIGC_REPORT_HOME"] = home
    exec(prelude)
    sys.argv[1:] = [run_id]
    worker.main()
"""


class Forker:
    """Starts `python -m gan.worker` one after the other, by forking a process that has the libraries loaded."""

    def __init__(self, log: Path) -> None:
        self._log = log
        with log.open("wb") as out:
            command = [sys.executable, "-c", FORKER]
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=out, text=True, env=dict(os.environ)
            )

    def start(self, run_id: str, prelude: str = "") -> int:
        """Carry the run out, or on, in a new process, which first executes `prelude`; the process's number."""
        self._said = self._log.stat().st_size
        self._tell(json.dumps([run_id, os.environ["AIGC_REPORT_HOME"], prelude]))
        return self._number()

    def wait(self) -> int:
        """How the process ended: its exit status, or minus the signal that killed it."""
        self._tell("wait")
        return os.waitstatus_to_exitcode(self._number())

    def said(self) -> str:
        """What the last process printed on stderr."""
        return self._log.read_text()[self._said :]

    def finish(self, store: Store, run_id: str) -> tuple[RunRecord, float]:
        """Carry the run out, or on, to its end; its record and the seconds it took."""
        begun = time.monotonic()
        self.start(run_id)
        assert self.wait() == 0, self.said()
        return store.read(run_id), time.monotonic() - begun

    def close(self) -> None:
        with self._process:  # closes the pipes; it has nothing left to do
            self._process.kill()

    def _tell(self, line: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()

    def _number(self) -> int:
        assert self._process.stdout
        line = self._process.stdout.readline()
        assert line, self._log.read_text()
        return int(line)
