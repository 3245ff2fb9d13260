"""Charts of published quality: all records of one comparison by year, and the best of them so far."""

from collections.abc import Hashable, Mapping

import pandas as pd

from aigc_report.catalog import Catalog
from aigc_report.charts import choices, parts, scales, words
from aigc_report.charts.chart import Chart, Dots, Lines, Mark
from aigc_report.charts.choices import LOG
from aigc_report.i18n import N_, Texts
from aigc_report.technology import quality
from aigc_report.technology.quality import Comparison

DATASETS: dict[str, str] = {
    "afhqv2_512": "AFHQ v2 512×512",
    "cifar10": "CIFAR-10",
    "cifar10_testref": "CIFAR-10 (test)",
    "ffhq1024": "FFHQ 1024×1024",
    "ffhq256": "FFHQ 256×256",
    "imagenet128": "ImageNet 128×128",
    "imagenet256": "ImageNet 256×256",
    "imagenet512": "ImageNet 512×512",
    "imagenet64": "ImageNet 64×64",
    "lsun_bedroom256": "LSUN Bedroom 256×256",
    "lsun_church256": "LSUN Church 256×256",
    "stl10_48": "STL-10 48×48",
}
"""Data sets by the names that every language shares."""
MEASURES: dict[str, tuple[str, str]] = {
    "fid": ("FID", N_("lower is better")),
    "fd_dinov2": ("FD-DINOv2", N_("lower is better")),
    "clean_fid": ("Clean-FID", N_("lower is better")),
    "inception_score": ("Inception Score", N_("higher is better")),
    "human_error_rate": (
        N_("People's errors"),
        N_("share of judgements that took generated for real or real for generated"),
    ),
}
"""Measure of quality to its short name and how it reads."""
LABELS: dict[str, str] = {
    "yes": N_("told the class"),
    "no": N_("not told the class"),
    "": N_("not stated"),
}
"""Whether a generator was told which class to make."""


def name(t: Texts, measure: str) -> str:
    """The short name of a measure of quality."""
    return t(MEASURES[measure][0])


def dataset(code: str) -> str:
    """The name of a data set."""
    return DATASETS.get(code, code)


def protocol(t: Texts, comparison: Comparison) -> str:
    """Who measured, and what else is fixed, in words."""
    said = words.value(t, "protocol", comparison.protocol)
    return f"{said}, {comparison.setting.replace('=', ' ')}" if comparison.setting else said


def published(
    cat: Catalog, t: Texts, comparison: Comparison, labels: str, named: bool = True, scale: str = LOG
) -> Chart:
    """Every record of one comparison by year, adversarial networks apart from the rest, and the best so far.

    `named` writes its model at each record; half a page has no room for that. A share of judgements is always linear.
    """
    frame = quality.records(cat, comparison, labels)
    frame = frame.assign(text=[_record(t, row) for row in frame.to_dict("records")])
    lower = quality.lower_is_better(cat, comparison.indicator)
    adversarial = frame["family"] == "gan"
    best = frame[frame["best"]]
    steps = pd.concat([best, best.tail(1).assign(year=int(frame["year"].max()))], ignore_index=True)
    steps["series"] = t("lowest so far") if lower else t("highest so far")
    marks: list[Mark] = [
        Lines("year", "value", name=str(steps["series"].iloc[0]), role="context", markers=False, step=True),
        Dots("year", "value", "point", t("adversarial networks"), text="text", size=9),
        Dots("year", "value", "second", t("other methods"), text="text", size=9, shape="diamond"),
        Dots(
            "year",
            "value",
            "context",
            text="text",
            label="model" if named else "",
            label_at="below" if lower else "above",
            size=1,
        ),
    ]
    frames = {0: steps, 1: frame[adversarial], 2: frame[~adversarial], 3: best}
    real = quality.floor(cat, comparison)
    values = [*frame["value"], *([real] if real else [])]
    first_year, last_year = int(frame["year"].min()), int(frame["year"].max())
    if real is not None:
        frames[4] = pd.DataFrame(
            {"year": [first_year, last_year], "value": real, "series": t("held-out real images: {n}", n=t.number(real))}
        )
        marks.append(Lines("year", "value", name=str(frames[4]["series"].iloc[0]), role="good", markers=False))
    grows = comparison.indicator != "human_error_rate"
    y = (
        scales.log(t, min(values), max(values))
        if grows and scale == LOG
        else scales.linear(max(0.5, *values), t.number)
    )
    notes = [
        t("{n} records of {models} models, as published.", n=len(frame), models=frame["model"].nunique()),
        t("The year is that of the method, not of the measurement.")
        if not comparison.reported
        else t(
            "Authors measured their own models: code, samples and reference images can differ, so this is a record of "
            "claims and no contest under equal conditions."
        ),
    ]
    return Chart(
        id=f"published-{comparison.dataset}",
        title=t(
            "{measure} on {dataset}, year by year",
            measure=name(t, comparison.indicator),
            dataset=dataset(comparison.dataset),
        ),
        subtitle=choices.scaled(
            t,
            t(
                "{reads} · {protocol} · generators {labels}",
                reads=t(MEASURES[comparison.indicator][1]),
                protocol=protocol(t, comparison),
                labels=t(LABELS[labels]),
            ),
            y,
        ),
        frame=frame,
        marks=tuple(mark for at, mark in enumerate(marks) if len(frames[at])),
        frames=dict(enumerate(rows for rows in frames.values() if len(rows))),
        x=scales.years(first_year - 0.4, last_year + 0.4),
        y=y,
        sources=parts.sources(frame),
        alt=t(
            "A point for each of {n} records from {first} to {last}. The line of the best so far goes from "
            "{from_value} ({from_model}, {from_year}) to {to_value} ({to_model}, {to_year}).",
            n=len(frame),
            first=first_year,
            last=last_year,
            from_value=t.number(best["value"].iloc[0]),
            from_model=best["model"].iloc[0],
            from_year=best["period"].iloc[0],
            to_value=t.number(best["value"].iloc[-1]),
            to_model=best["model"].iloc[-1],
            to_year=best["period"].iloc[-1],
        ),
        notes=tuple(notes),
        height=360,
        choices=(choices.scale(t, scale),) if grows else (),
    )


def _record(t: Texts, row: Mapping[Hashable, object]) -> str:
    """One record in words, for the hover label."""
    family = words.value(t, "family", str(row["family"]))
    details = f" ({row['details']})" if row["details"] else ""
    return f"{row['model']}, {row['period']}: {t.number(float(str(row['value'])))}<br>{family}{details}"
