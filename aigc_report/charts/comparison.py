"""Charts of several runs: quality and losses along images or time, and what quality cost."""

from collections.abc import Sequence

import pandas as pd

from aigc_report.charts import tradeoff as tradeoffs
from aigc_report.charts.chart import Axis, Chart, Lines
from aigc_report.charts.palette import SERIES
from aigc_report.charts.suites import COST_NAMES
from aigc_report.charts.tradeoff import SCALES
from aigc_report.comparison import Along, Compared, Group, frontier
from aigc_report.i18n import N_, Texts
from gan.suite.results import QUALITY

ALONG: dict[Along, str] = {"images": N_("images seen"), "train_s": N_("seconds of training")}
"""What a curve runs along, in words."""


def quality(t: Texts, group: Group, everyone: tuple[Compared, ...], along: Along) -> Chart:
    """FID at the moments of training at which it was measured, a line a run."""
    rows = [
        {"run": run.label, "images": p.images, "train_s": p.train_s, "fid": p.fid, "n": p.n}
        for run in group.runs
        for p in run.record.curve
        if p.fid is not None
    ]
    frame = pd.DataFrame(rows, columns=["run", "images", "train_s", "fid", "n"])
    counts = sorted({int(n) for n in frame["n"].dropna()})
    return Chart(
        id=f"compare-quality-{_number(group, everyone)}",
        title=t("Quality during training"),
        subtitle=t(
            "FID on {dataset}, lower is better · {n} images a point",
            dataset=group.dataset,
            n=t.join([t.number(n, 0) for n in counts]) or "–",
        ),
        frame=frame,
        marks=(Lines(along, "fid", "run", roles=roles(everyone)),),
        x=_axis(t, frame, along),
        y=Axis(low=0, high=float(frame["fid"].max()) * 1.06 if len(frame) else 1),
        alt=t("A line for each of {n} runs: its FID over the course of training.", n=frame["run"].nunique()),
        notes=(
            _source(t, group.runs),
            t("Few images a point: these figures show the direction and do not compare with the final one."),
        ),
    )


def losses(t: Texts, runs: tuple[Compared, ...], along: Along) -> Chart:
    """The loss of what generates, a line a run."""
    rows = [
        {"run": run.label, "images": p.images, "train_s": p.train_s, "loss": p.loss_g}
        for run in runs
        for p in run.record.curve
        if p.loss_g is not None
    ]
    frame = pd.DataFrame(rows, columns=["run", "images", "train_s", "loss"])
    kinds = len({run.record.config.loss for run in runs})
    return Chart(
        id="compare-losses",
        title=t("Losses of the generators"),
        subtitle=t("mean since the previous point, no unit"),
        frame=frame,
        marks=(Lines(along, "loss", "run", roles=roles(runs), markers=False),),
        x=_axis(t, frame, along),
        alt=t("A line for each of {n} runs: the loss of its generator.", n=frame["run"].nunique()),
        notes=(
            _source(t, runs),
            t("These runs minimise different losses: their heights do not compare, only whether they settle.")
            if kinds > 1
            else t("A loss is a score in a game of two, not a quality: judge by the quality figures."),
        ),
    )


def tradeoff(t: Texts, group: Group, everyone: tuple[Compared, ...], cost: str) -> Chart:
    """Final FID with its interval against a cost, a dot a run, and the frontier through those that none beats."""
    scale, unit = SCALES[cost]
    rows = [
        {
            "run": run.label,
            "fid": fid.value,
            "low": fid.ci_low,
            "high": fid.ci_high,
            "floor": fid.reference_floor,
            "n": fid.n,
            "cost": getattr(run.record.cost, cost) / scale,
            "text": t(
                "{run}: FID {fid}, {cost} {unit}",
                run=run.label,
                fid=t.number(fid.value),
                cost=t.number(getattr(run.record.cost, cost) / scale),
                unit=unit,
            ),
        }
        for run in group.runs
        if (fid := run.record.quality.get(QUALITY)) is not None
        and fid.value is not None
        and getattr(run.record.cost, cost) is not None
    ]
    points = tradeoffs.frame(rows, "run")
    best = [run.label for run in frontier(group.runs, cost)]
    marks, frames = tradeoffs.marks(points, "run", best, roles(everyone))
    x, y = tradeoffs.axes(points, unit)
    return Chart(
        id=f"compare-cost-{_number(group, everyone)}",
        title=t("Quality and {cost}", cost=t(COST_NAMES[cost])),
        subtitle=t(
            "FID on {dataset} with 95% interval over images, further left is better · {cost} in {unit}, "
            "further down is cheaper · {n} images a side",
            dataset=group.dataset,
            cost=t(COST_NAMES[cost]),
            unit=unit,
            n=t.join([t.number(n, 0) for n in group.sizes]) or "–",
        ),
        frame=points,
        marks=marks,
        frames=frames,
        x=x,
        y=y,
        alt=t(
            "A dot for each of {n} runs. No other is both better and cheaper than: {best}.",
            n=len(points),
            best=t.join(best) or "–",
        ),
        notes=(
            _source(t, group.runs),
            *([t("On the grey line lie the runs that no other beats in both.")] if len(best) > 1 else []),
            t("One run each: another seed ends elsewhere; a suite says how far."),
        ),
    )


def roles(runs: Sequence[Compared]) -> dict[str, str]:
    """Label to role: a run keeps its colour in all charts of a comparison."""
    return {run.label: SERIES[i % len(SERIES)] for i, run in enumerate(runs)}


def _axis(t: Texts, frame: pd.DataFrame, along: Along) -> Axis:
    """What curves run along, to the end of the longest: the labels of lines stand beyond it."""
    return Axis(t(ALONG[along]), low=0, high=float(frame[along].max()) if len(frame) else None)


def _number(group: Group, everyone: Sequence[Compared]) -> int:
    """Tells the charts of one group from those of another: the place of its first run."""
    return list(everyone).index(group.runs[0])


def _source(t: Texts, runs: Sequence[Compared]) -> str:
    """Where the figures come from: the runs, by their ids."""
    return t("Source: runs {runs}.", runs=t.join([run.run_id for run in runs]))
