"""A finished run in words, in the Hugging Face model card format: what it is, how good, what it cost, its limits.

Its YAML header has no `model-index`: hubs rank what stands there as FID among figures in Inception's features, which
these are not.
"""

from gan.config import PRESETS, dataset_label, is_folder
from gan.record import RunRecord
from gan.store import FINAL
from gan.summary import budget


def model_card(record: RunRecord) -> str:
    """Markdown with a YAML header. Figures that were not measured are left out."""
    config, cost = record.config, record.cost
    preset = PRESETS.get(config.preset)  # a run of another version may name one that is gone
    tags = [preset.family if preset else "generative-model", "image-generation"]
    lines = [
        "---",
        "library_name: pytorch",
        *([] if config.conditional else ["pipeline_tag: unconditional-image-generation"]),
        *([] if is_folder(config.dataset) else [f"datasets: [{config.dataset}]"]),
        f"tags: [{', '.join([*tags, 'class-conditional'] if config.conditional else tags)}]",
        "---",
        "",
        f"# {preset.title if preset else config.preset} on {dataset_label(config.dataset)}"
        + (", told the classes" if config.conditional else ""),
        "",
        f"Run `{record.run_id}`, {record.status}." + (f" Method: {preset.reference}." if preset else ""),
        "",
        f"{record.images_seen:,} images of {config.resolution} x {config.resolution} pixels seen in "
        f"{record.steps_done:,} steps.",
        "",
    ]
    lines += [
        "## Settings",
        "",
        f"Budget {budget(config)}, seed {config.seed}, width {config.width}, {config.images_per_step} images a step, "
        f"loss {config.loss}, learning rates {config.lr_g:g} and {config.lr_d:g} (discriminator, where there is one). "
        "`config.json` has all of them.",
        "",
    ]
    if record.quality:
        lines += [
            "## Quality",
            "",
            "| metric | value | 95 % interval | real against real | images a side |",
            "|---|---|---|---|---|",
        ]
        for name, metric in record.quality.items():
            low_high = f"{_short(metric.ci_low)} to {_short(metric.ci_high)}"
            lines.append(
                f"| {name} | {_short(metric.value)} | {low_high} | {_short(metric.reference_floor)} | {metric.n} |"
            )
        extractor = record.extractor
        if extractor:
            lines += [
                "",
                f"Features of the extractor `{extractor.name}` (sha256 {extractor.digest[:16]}…): figures compare "
                "only with others measured in the same one, not with published Inception figures.",
            ]
        lines.append("")
    lines += ["## Cost", ""]
    facts = (
        ("Training time", cost.train_s, "s"),
        ("Speed", cost.images_per_s, "images/s"),
        ("Operations", cost.flops_total, "FLOP"),
        ("Peak memory", cost.peak_memory_bytes, "bytes"),
        ("Energy", cost.energy_kwh, f"kWh ({cost.energy_method})"),
        ("Emissions", cost.co2_g, "g CO2e"),
    )
    lines += [f"- {name}: {_short(value)} {unit}" for name, value, unit in facts if value is not None]
    if cost.money and cost.money.amount is not None:
        lines.append(f"- Money: {_short(cost.money.amount)} {cost.money.currency} ({cost.money.basis})")
    if cost.rent:
        amount = "" if cost.rent.amount is None else f"{_short(cost.rent.amount)} {cost.rent.currency} "
        lines.append(f"- Rental instead: {amount}({cost.rent.basis})")
    if record.device:
        threads = f"{record.device.threads} threads, " if record.device.threads else ""
        compiled = ", compiled" if record.compiled else ""
        lines.append(f"- Machine: {record.device.name}, {threads}{record.device.precision}{compiled}")
    lines += [
        "",
        "## Use",
        "",
        f"`{FINAL.as_posix()}` holds the network that makes images, and in its header what it takes to build it. With",
        "the run's folder among the runs of `gan-bench`:",
        "",
        "```",
        f"gan-bench sample {record.run_id} --count 100 --out images/",
        "```",
    ]
    if record.warnings:
        lines += ["", "## Warnings", "", *(f"- {text}" for text in record.warnings)]
    lines += [
        "",
        "## Limits",
        "",
        "A small model on small images, trained for minutes: it measures cost and quality on one machine and is meant",
        "for no other use. Images resemble the training data and may repeat it.",
        *_nearness(record),
        "",
    ]
    return "\n".join(lines)


def _nearness(record: RunRecord) -> list[str]:
    """What was measured about repeating the training data."""
    found = record.quality.get("memorisation")
    if found is None or found.value is None or found.reference_floor is None:
        return ["Whether they do was not measured."]
    return [
        f"{found.value:.1%} of them lie as near to a training image as only {found.reference_floor:.1%} of unseen real "
        "images do (memorisation)."
    ]


def _short(value: float | None) -> str:
    return "-" if value is None else f"{value:.4g}"
