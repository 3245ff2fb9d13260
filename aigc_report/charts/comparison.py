"""Charts of several runs: quality and losses along images or time, and what quality cost."""

from collections.abc import Sequence

import pandas as pd

from aigc_report.charts.chart import Axis, Chart, Dots, Lines, Mark
from aigc_report.charts.palette import SERIES
from aigc_report.charts.suites import COST_NAMES
from aigc_report.comparison import Along, Compared, Group, frontier
from aigc_report.i18n import N_, Texts
from gan.suite.results import COSTS, QUALITY

ALONG: dict[Along, str] = {"images": N_("images seen"), "train_s": N_("seconds of training")}
"""What a curve runs along, in words."""
SCALES: dict[str, tuple[float, str]] = {
    "train_s": (1, "s"),
    "flops_total": (1e12, "TFLOP"),
    "energy_kwh": (1e-3, "Wh"),
    "peak_memory_bytes": (1e6, "MB"),
}
"""Cost to the unit in which runs of this size are read, and its size."""


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
        x=Axis(t(ALONG[along]), low=0),
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
        x=Axis(t(ALONG[along]), low=0),
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
    colours = roles(everyone)
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
    columns = ["run", "fid", "low", "high", "floor", "n", "cost", "text"]
    frame = pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(("fid", "low", "high", "cost"), float))
    best = [run.label for run in frontier(group.runs, cost)]
    line = frame[frame["run"].isin(best)].sort_values("fid")
    # neighbours have their labels on different sides, so that two of about the same quality can both be read
    dots = [
        (
            Dots(
                "fid",
                "cost",
                colours[str(name)],
                low="low",
                high="high",
                text="text",
                label="run",
                label_at="above" if place % 2 else "below",
            ),
            mine,
        )
        for place, (name, mine) in enumerate(frame.sort_values("fid").groupby("run", sort=False))
    ]
    marks: tuple[Mark, ...] = (
        Lines("fid", "cost", role="context", markers=False, text="text", step=True),
        *(dot for dot, _ in dots),
    )
    right = frame[["fid", "high"]].max().max()
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
        frame=frame,
        marks=marks,
        frames={0: line, **{i + 1: mine for i, (_, mine) in enumerate(dots)}},
        x=Axis("FID", low=0, high=float(right) * 1.12 if pd.notna(right) else 1),
        y=Axis(unit, low=0, high=float(frame["cost"].max()) * 1.15 if len(frame) else 1),
        alt=t(
            "A dot for each of {n} runs. No other is both better and cheaper than: {best}.",
            n=len(frame),
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


def cost_unit(cost: str) -> str:
    """The unit in which a cost is read."""
    return SCALES[cost][1] if cost in SCALES else COSTS[cost][1]


def _number(group: Group, everyone: Sequence[Compared]) -> int:
    """Tells the charts of one group from those of another: the place of its first run."""
    return list(everyone).index(group.runs[0])


def _source(t: Texts, runs: Sequence[Compared]) -> str:
    """Where the figures come from: the runs, by their ids."""
    return t("Source: runs {runs}.", runs=t.join([run.run_id for run in runs]))
