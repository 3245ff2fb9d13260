"""A record for tests of briefings: synthetic, no run was measured."""

from gan.config import TrainConfig
from gan.record import Cost, DatasetInfo, DeviceInfo, Metric, RunRecord
from gan.store import Store

RUN = "20261125-101500-dcgan-digits-0000"


def synthetic(fid: float = 42.5) -> RunRecord:
    """A completed run with made-up figures."""
    return RunRecord(
        run_id=RUN,
        status="completed",
        created="2026-11-25T10:15:00.000Z",
        config=TrainConfig(steps=1),
        dataset=DatasetInfo(name="digits", digest="0" * 64, size=1000, held_out=797, resolution=8, channels=1),
        device=DeviceInfo(type="cpu", name="a made-up processor"),
        quality={"fid": Metric(value=fid, ci_low=fid - 2, ci_high=fid + 2, n=797, reference_floor=3.1)},
        cost=Cost(
            train_s=60.0,
            images_per_s=1234.0,
            flops_total=5e12,
            energy_kwh=0.0004,
            energy_kwh_low=0.0003,
            energy_kwh_high=0.0006,
            energy_method="estimated: 2 processors idle plus own load (made up)",
            co2_g=0.19,
        ),
    )


def kept(store: Store, record: RunRecord | None = None) -> Store:
    """The store with the synthetic run in it."""
    record = record or synthetic()
    folder = store.root / record.run_id
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "record.json").write_text(record.model_dump_json(indent=1), encoding="utf-8")
    return store
