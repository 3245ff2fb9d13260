"""Runs in words for a terminal: one record, a list, a comparison. Imports no torch."""

from collections.abc import Mapping, Sequence
from typing import Any

from gan.config import TrainConfig, dataset_label
from gan.errors import UsageError
from gan.record import Metric, RunRecord
from gan.store import RunSummary

COST_ROWS: dict[str, tuple[str, str]] = {
    "train_s": ("training time", "s"),
    "wall_s": ("wall time", "s"),
    "images_per_s": ("speed", "images/s"),
    "flops_total": ("operations", "FLOP"),
    "peak_flops_share": ("share of measured peak", ""),
    "peak_memory_bytes": ("peak memory", "bytes"),
    "energy_kwh": ("energy", "kWh"),
    "co2_g": ("emissions", "g CO2e"),
}
"""The figures of a record's cost that are printed: field to label and unit."""


def describe(record: RunRecord) -> str:
    """The record on a screenful."""
    cfg = record.config
    lines = [
        f"Run {record.run_id}: {record.status}",
        f"  {'conditional ' if cfg.conditional else ''}{cfg.preset} on {dataset_label(cfg.dataset)} "
        f"at {cfg.resolution} pixels, budget {budget(cfg)}, seed {cfg.seed}",
        f"  {record.steps_done:,} steps, {record.images_seen:,} images seen",
    ]
    if record.device:
        threads = f", {record.device.threads} threads" if record.device.threads else ""
        compiled = ", compiled" if record.compiled else ""
        lines.append(f"  {record.device.type}: {record.device.name}{threads}, {record.device.precision}{compiled}")
    if record.parameters:
        sizes = ", ".join(f"{name} {count:,}" for name, count in record.parameters.items())
        lines.append(f"  parameters: {sizes}")
    if record.flops_per_image:
        per_image = record.flops_per_image
        passes = f" in {record.evaluations_per_image} passes" if (record.evaluations_per_image or 1) > 1 else ""
        lines.append(
            f"  operations per image: {short(per_image['training'])} training, "
            f"{short(per_image['generating'])} generating{passes}"
        )
    if record.quality:
        lines += ["", "Quality (95 % interval; floor: real images against real ones, same number)"]
        header = ("", "value", "from", "to", "floor", "images a side")
        lines += table(header, [(name, *_metric_cells(metric)) for name, metric in record.quality.items()])
    if record.extractor:
        lines.append(f"  features: {record.extractor.name}, digest {record.extractor.digest[:12]}")
    cost = record.cost
    rows = [(label, short(getattr(cost, name)), unit) for name, (label, unit) in COST_ROWS.items()]
    if cost.money:
        rows.append(("electricity bill", short(cost.money.amount), f"{cost.money.currency} ({cost.money.basis})"))
    if cost.rent:
        rows.append(
            ("rental instead", short(cost.rent.amount), f"{cost.rent.currency or ''} ({cost.rent.basis})".strip())
        )
    lines += ["", "Cost", *(f"  {label:<24}{value:>13} {unit}".rstrip() for label, value, unit in rows)]
    if cost.energy_method:
        lines.append(f"  Energy is {cost.energy_method}{_energy_range(record)}.")
    if record.warnings:
        lines += ["", *(f"Note: {warning}" for warning in record.warnings)]
    return "\n".join(lines)


def budget(cfg: TrainConfig) -> str:
    """What ends the run, in words."""
    if cfg.budget_images:
        return f"{cfg.budget_images:,} images"
    if cfg.budget_flops:
        return f"{cfg.budget_flops:.3g} operations"
    return f"{cfg.budget_s:g} s of training" if cfg.budget_s else f"{cfg.steps:,} steps"


def describe_list(runs: Sequence[RunSummary], called: Mapping[str, str]) -> str:
    """A line a run, newest first; `called` holds their names by id, most of them empty."""
    if not runs:
        return "No runs yet. Start one: gan-bench train"
    header: tuple[str, ...] = ("run", "status", "data set", "device", "images", "train s", "FID", "floor")
    rows: list[tuple[str, ...]] = [
        (r.run_id, r.status, r.dataset, r.device, f"{r.images:,}", short(r.train_s), short(r.fid), short(r.fid_floor))
        for r in runs
    ]
    if any(called.values()):
        header, rows = (*header, "name"), [(*row, called[row[0]]) for row in rows]
    return "\n".join(table(header, rows))


def compare(records: Sequence[RunRecord]) -> dict[str, Any]:
    """Quality, cost and differing settings side by side, by run.

    `quality` is null, and `notes` says why, where the runs' figures do not compare: another extractor or other data.
    """
    if len({record.run_id for record in records}) < max(2, len(records)):
        raise UsageError("A comparison needs two different runs or more; gan-bench list shows those that exist.")
    notes = []
    measured = [record for record in records if record.quality]
    digests = {record.extractor.digest for record in measured if record.extractor}
    data = {record.dataset.digest for record in measured if record.dataset}
    sizes = {metric.n for record in measured for metric in record.quality.values()}
    comparable = len(digests) <= 1 and len(data) <= 1
    if not comparable:
        notes.append("Quality is not compared: figures hold only within one feature extractor and one data set.")
    elif len(sizes) > 1:
        notes.append("Quality rests on different numbers of images: compare each figure with its own floor first.")
    notes += [f"Run {record.run_id} has no quality figures." for record in records if not record.quality]
    settings = {record.run_id: record.config.model_dump(mode="json") for record in records}
    names = next(iter(settings.values()))
    return {
        "runs": [
            {"run_id": r.run_id, "status": r.status, "steps": r.steps_done, "images": r.images_seen} for r in records
        ],
        "quality": {r.run_id: {k: m.model_dump() for k, m in r.quality.items()} for r in records}
        if comparable
        else None,
        "cost": {record.run_id: record.cost.model_dump() for record in records},
        "differences": {
            name: {run_id: config[name] for run_id, config in settings.items()}
            for name in names
            if len({repr(config[name]) for config in settings.values()}) > 1
        },
        "notes": notes,
    }


def describe_comparison(result: dict[str, Any]) -> str:
    """`compare` as a table, a column a run."""
    ids = [run["run_id"] for run in result["runs"]]
    rows: list[tuple[str, ...]] = [("status", *(run["status"] for run in result["runs"]))]
    rows.append(("images", *(f"{run['images']:,}" for run in result["runs"])))
    quality = result["quality"] or {}
    for name in dict.fromkeys(name for figures in quality.values() for name in figures):
        rows.append((name, *(short(quality[i].get(name, {}).get("value")) for i in ids)))
    for name, (label, unit) in COST_ROWS.items():
        rows.append((f"{label} {f'[{unit}]' if unit else ''}".strip(), *(short(result["cost"][i][name]) for i in ids)))
    for name, values in result["differences"].items():
        if name != "tariff":
            rows.append((f"setting {name}", *(str(values[i]) for i in ids)))
    return "\n".join([*table(("", *ids), rows), *(f"Note: {note}" for note in result["notes"])])


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Aligned lines, indented by two: first column to the left, the others to the right."""
    widths = [max(len(row[i]) for row in [header, *rows]) for i in range(len(header))]
    return [
        "  " + "  ".join(c.ljust(w) if i == 0 else c.rjust(w) for i, (c, w) in enumerate(zip(row, widths, strict=True)))
        for row in [header, *rows]
    ]


def short(value: float | None) -> str:
    """Four digits, or a dash for what was not measured."""
    if value is None:
        return "-"
    return f"{value:,.0f}" if 1000 <= abs(value) < 1e9 else f"{value:.4g}"


def _energy_range(record: RunRecord) -> str:
    low, high = record.cost.energy_kwh_low, record.cost.energy_kwh_high
    between = "" if low is None or high is None or low == high else f", between {short(low)} and {short(high)} kWh"
    return between + ("; idle power is in it" if record.cost.energy_includes_idle else "")


def _metric_cells(metric: Metric) -> tuple[str, ...]:
    count = "-" if metric.n is None else f"{metric.n:,}"
    return (short(metric.value), short(metric.ci_low), short(metric.ci_high), short(metric.reference_floor), count)
