"""Work through a suite on a Ray cluster: one task a run, with its own share of processors or boards.

A task trains in a store of its own on whatever node Ray puts it and sends the run's folder back, so nodes need no
common file system; they need this package and the data set. `RAY_ADDRESS` (or `ray.init`'s own search) finds an
existing cluster; where there is none, Ray starts one on this machine.
"""

import io
import os
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from gan import runner
from gan.errors import UsageError
from gan.record import Notice
from gan.store import Store
from gan.suite import ledger as ledgers
from gan.suite.carry_out import Executor, Progress
from gan.suite.ledger import Ledger
from gan.suite.plan import Member

INSTALL = 'Running a suite on Ray needs the extra: pip install "aigc-report[ray]".'


@dataclass(frozen=True)
class Share:
    """What Ray sets aside for one run."""

    cpus: float = 1.0
    gpus: float = 0.0


def on_ray(share: Share) -> Executor:
    """The executor for Ray. `UsageError` where Ray is not installed."""
    if find_spec("ray") is None:
        raise UsageError(INSTALL)

    def work(ledger: Ledger, open_: list[Member], store: Store, progress: Progress) -> Iterator[None]:
        import ray

        started_here = not ray.is_initialized()
        if started_here:
            ray.init(address=os.environ.get("RAY_ADDRESS"), log_to_driver=False, configure_logging=False)
        try:
            train = ray.remote(num_cpus=share.cpus, num_gpus=share.gpus, max_retries=1)(_train)
            waiting: dict[Any, str] = {}
            for member in open_:
                run_id = ledger.runs.get(member.key) or store.create(member.config)
                ledger.runs[member.key] = run_id
                begun = _pack(store.path(run_id))
                waiting[train.remote(run_id, begun, share.cpus)] = member.key
            ledgers.write(ledger)
            progress.line(progress.done_before, f"{len(waiting)} runs handed to Ray, {share.cpus:g} processors each")
            while waiting:
                (done,), _ = ray.wait(list(waiting), num_returns=1)
                key = waiting.pop(done)
                try:
                    _unpack(ray.get(done), store.path(ledger.runs[key]))
                except ray.exceptions.RayError as error:
                    _fail(store, ledger.runs[key], f"Ray could not finish the run: {type(error).__name__}.")
                yield
        finally:
            if started_here:
                ray.shutdown()

    return work


def _train(run_id: str, begun: bytes, cpus: float) -> bytes:
    """The task, on a node: carry the run out in a store of its own and return the run's folder as a tar archive."""
    with tempfile.TemporaryDirectory(prefix="aigc-report-") as scratch:
        node_home = Path(tempfile.gettempdir()) / "aigc-report-node"  # keeps downloads and floors for next time
        store = Store(Path(scratch) / "runs")
        folder = store.root / run_id
        folder.mkdir(parents=True)
        _unpack(begun, folder)
        for kept in ("datasets", "floors"):
            (node_home / kept).mkdir(parents=True, exist_ok=True)
            (Path(scratch) / kept).symlink_to(node_home / kept)
        environment = {runner.SLOT: run_id, "OMP_NUM_THREADS": str(max(1, int(cpus)))}
        runner.spawn(store, run_id, **environment).wait()
        return _pack(folder)


def _pack(folder: Path) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz", compresslevel=1) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.name != "run.lock":
                archive.add(path, path.relative_to(folder).as_posix(), recursive=False)
    return out.getvalue()


def _unpack(content: bytes, folder: Path) -> None:
    """The archive's plain files into `folder`; the record last, so that a reader never sees a half-arrived run."""
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        inside = [m for m in archive.getmembers() if m.isfile()]
        for member in sorted(inside, key=lambda m: m.name == "record.json"):
            archive.extract(member, folder, filter="data")


def _fail(store: Store, run_id: str, message: str) -> None:
    record = store.read(run_id)
    notices = [*record.notices, Notice(code="error", values={"message": message})]
    store.write(record.model_copy(update={"status": "failed", "finished": store.now(), "notices": notices}))
