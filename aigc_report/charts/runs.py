"""Charts of a training run: how the losses went, how quality grew, and where it ended against the floor.

What they show of quality they show of pictures that a reader brought, too: a `Subject` has the words that differ.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from aigc_report.charts import parts
from aigc_report.charts.chart import Axis, Bars, Chart, Dots, Lines, Span
from aigc_report.i18n import N_, Texts
from gan.record import CurvePoint, Metric, RunRecord

METRICS: dict[str, tuple[str, str]] = {
    "fid": (N_("Fréchet distance (FID)"), N_("lower is better; 0 means equal statistics")),
    "kid": (N_("Kernel distance (KID)"), N_("lower is better")),
    "inception_score": (N_("Inception Score"), N_("higher is better; at most the number of classes")),
    "precision": (N_("Precision"), N_("share of generated images that look real")),
    "recall": (N_("Recall"), N_("share of real images the generator could make")),
    "density": (N_("Density"), N_("how deep generated images lie among real ones; about 1 is good")),
    "coverage": (N_("Coverage"), N_("share of real images with a generated one nearby")),
    "memorisation": (
        N_("Memorisation"),
        N_("share of generated images as near to a training image as few unseen real ones are; good: at the floor"),
    ),
    "class_coverage": (N_("Classes generated"), N_("share of the classes that appear")),
    "class_balance": (N_("Balance of classes"), N_("1 means the same mix as in the real data")),
}
"""Quality metric to its name and to how it reads, in the order of the table."""

SHARES = ("precision", "recall", "density", "coverage", "class_coverage", "class_balance")


@dataclass(frozen=True)
class Subject:
    """Whose quality a chart shows: messages, and what tells the chart's id from that of another subject."""

    value: str
    interval: str
    alt: str
    source: str
    prefix: str = ""


RUN = Subject(
    N_("this run: {value}"),
    N_("this run, with 95% interval"),
    N_("{metric} of this run: {value}; floor {floor}."),
    N_("Source: run {run}."),
)
PICTURES = Subject(
    N_("these pictures: {value}"),
    N_("these pictures, with 95% interval"),
    N_("{metric} of these pictures: {value}; floor {floor}."),
    N_("Source: measurement {run}."),
    prefix="own-",
)


def metric_name(t: Texts, metric: str) -> str:
    """The name of a quality metric; one this version does not know keeps its code."""
    return t(METRICS[metric][0]) if metric in METRICS else metric


def losses(t: Texts, run_id: str, curve: list[CurvePoint]) -> Chart:
    """Both losses over training time, or the one loss of a method that is no game of two."""
    alone = any(p.loss_g is not None for p in curve) and all(p.loss_d is None for p in curve)
    names = {"loss_g": t("model") if alone else t("generator"), "loss_d": t("discriminator")}
    frame = pd.DataFrame(
        [{"train_s": p.train_s, "images": p.images, "loss_g": p.loss_g, "loss_d": p.loss_d} for p in curve]
    )
    long = frame.melt(["train_s", "images"], list(names), "network", "loss").dropna(subset=["loss"])
    long["network"] = long["network"].map(names)
    seconds = t.number(_last(frame, "train_s"), 0)
    return Chart(
        id="losses",
        title=t("Losses during training"),
        subtitle=t("mean since the previous point, no unit"),
        frame=long,
        marks=(
            Lines(
                "train_s", "loss", "network", roles={names["loss_g"]: "point", names["loss_d"]: "second"}, markers=False
            ),
        ),
        x=Axis(t("seconds of training"), low=0, high=_last(frame, "train_s")),
        alt=t("One line: the loss over {s} seconds of training.", s=seconds)
        if alone
        else t(
            "Two lines: the loss of the generator and of the discriminator over {s} seconds of training.", s=seconds
        ),
        notes=(
            parts.run(t, run_id),
            *(
                ()
                if alone
                else (t("A loss is a score in a game of two, not a quality: judge by the quality figures."),)
            ),
        ),
        height=300,
    )


def quality_over_time(t: Texts, run_id: str, curve: list[CurvePoint]) -> Chart:
    """FID at the moments at which it was measured."""
    rows = [{"train_s": p.train_s, "images": p.images, "fid": p.fid, "n": p.n} for p in curve if p.fid is not None]
    frame = pd.DataFrame(rows, columns=["train_s", "images", "fid", "n"])
    counts = sorted({int(n) for n in frame["n"].dropna()})
    return Chart(
        id="quality-curve",
        title=t("Quality during training"),
        subtitle=t(
            "FID, lower is better · {n} images a point",
            n=t.join([str(n) for n in counts]) or "–",
        ),
        frame=frame,
        marks=(Lines("train_s", "fid", role="good"),),
        x=Axis(t("seconds of training"), low=0),
        y=Axis(low=0, high=float(frame["fid"].max()) * 1.08 if len(frame) else 1),
        alt=t("A line: the FID at {n} moments of training.", n=len(frame)),
        notes=(
            parts.run(t, run_id),
            t("Few images a point: these figures show the direction and do not compare with the final one."),
        ),
        height=300,
    )


def distance(t: Texts, run_id: str, metric: str, quality: Metric, subject: Subject = RUN) -> Chart:
    """One distance on its own axis: the value with its interval, and the floor that real images reach."""
    label = metric_name(t, metric)
    frame = pd.DataFrame(
        [
            {
                "metric": label,
                "value": quality.value,
                "ci_low": quality.ci_low,
                "ci_high": quality.ci_high,
                "floor": quality.reference_floor,
                "n": quality.n,
            }
        ]
    ).astype({"value": float, "ci_low": float, "ci_high": float, "floor": float})
    frame["text"] = t(subject.value, value=t.number(quality.value))
    frame["floor_text"] = t("floor (real against real): {value}", value=t.number(quality.reference_floor))
    starts, ends = frame[["value", "ci_low", "floor"]].min().min(), frame[["value", "ci_high", "floor"]].max().max()
    return Chart(
        id=f"{subject.prefix}quality-{metric}",
        title=label,
        subtitle=t("lower is better · {n} images a side", n=t.number(quality.n, 0)),
        frame=frame,
        marks=(
            Span("floor", "value", "metric"),
            Dots(
                "floor", "metric", "context", t("floor: real against real"), text="floor_text", shape="line-ns", size=18
            ),
            Dots("value", "metric", "point", t(subject.interval), "ci_low", "ci_high", text="text", size=13),
        ),
        order=(label,),
        x=Axis(low=min(0.0, float(starts) * 1.5), high=float(ends) * 1.08) if pd.notna(ends) else Axis(low=0, high=1),
        y=Axis(ticks=((0, " "),)),
        alt=t(
            subject.alt,
            metric=label,
            value=t.number(quality.value),
            floor=t.number(quality.reference_floor),
        ),
        notes=(t(subject.source, run=run_id),),
        height=130,
    )


def shares(t: Texts, record: RunRecord) -> Chart:
    """Precision, recall, density, coverage and the classes of a run."""
    return fidelity(t, record.run_id, record.quality)


def fidelity(t: Texts, run_id: str, quality: Mapping[str, Metric], subject: Subject = RUN) -> Chart:
    """Precision, recall, density, coverage and the classes: value, interval and floor on one axis."""
    rows = [
        {
            "metric": metric_name(t, name),
            "value": m.value,
            "ci_low": m.ci_low,
            "ci_high": m.ci_high,
            "floor": m.reference_floor,
            "n": m.n,
            "text": f"{metric_name(t, name)}: {t.number(m.value, 3)}",
            "floor_text": t("floor (real against real): {value}", value=t.number(m.reference_floor, 3)),
        }
        for name in SHARES
        if (m := quality.get(name)) is not None and m.value is not None
    ]
    columns = ["metric", "value", "ci_low", "ci_high", "floor", "n", "text", "floor_text"]
    frame = pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(("value", "ci_low", "ci_high", "floor"), float))
    top = frame[["value", "ci_high", "floor"]].max().max()
    return Chart(
        id=f"{subject.prefix}quality-shares",
        title=t("Fidelity and diversity"),
        subtitle=t("0 to 1, higher is better"),
        frame=frame,
        marks=(
            Dots("floor", "metric", "context", t("real against real"), text="floor_text", shape="line-ns", size=14),
            Dots("value", "metric", "point", t(subject.interval), "ci_low", "ci_high", text="text", size=12),
        ),
        order=tuple(frame["metric"]),
        x=Axis(low=0, high=max(1.02, float(top) * 1.05) if pd.notna(top) else 1.02),
        alt=t(
            "A dot for each of {n} measures between 0 and 1, with the value that real images reach beside it.",
            n=len(frame),
        ),
        notes=(t(subject.source, run=run_id),),
    )


def classes(t: Texts, record: RunRecord) -> Chart:
    """Which classes a run generates."""
    return generated(t, record.run_id, record.class_shares)


def generated(t: Texts, run_id: str, class_shares: Mapping[str, Mapping[str, float]], subject: Subject = RUN) -> Chart:
    """Which classes the generator makes, against their share among real images: collapse shows as one long line."""
    rows = [
        {"class": name, "generated": 100 * share["generated"], "real": 100 * share["real"]}
        for name, share in class_shares.items()
    ]
    frame = pd.DataFrame(rows)
    frame["text"] = [t.value(value, "percent", 0) for value in frame["generated"]]
    frame["real_text"] = [t("real images: {value}", value=t.value(value, "percent", 0)) for value in frame["real"]]
    most = max(class_shares, key=lambda name: class_shares[name]["generated"])
    share = t.value(100 * class_shares[most]["generated"], "percent", 0)
    return Chart(
        id=f"{subject.prefix}classes",
        title=t("What it generates"),
        subtitle=t("% of images by class, as the extractor's classifier sees them"),
        frame=frame,
        marks=(
            Bars("generated", "class", "point", t("generated"), text="text"),
            Dots("real", "class", "second", t("real images"), text="real_text", shape="line-ns", size=14),
        ),
        order=tuple(frame["class"]),
        x=Axis(low=0, high=float(frame[["generated", "real"]].max().max()) * 1.15, suffix="%"),
        alt=t("Bars, one per class. Most often generated: {name}, {value}.", name=most, value=share),
        notes=(t(subject.source, run=run_id),),
    )


def _last(frame: pd.DataFrame, column: str) -> float | None:
    return float(frame[column].iloc[-1]) if len(frame) else None
