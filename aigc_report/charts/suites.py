"""Charts of a suite of runs: quality by method with its spread over seeds, and what a gain in quality costs."""

import re

import pandas as pd

from aigc_report.charts import tradeoff as tradeoffs
from aigc_report.charts.chart import Axis, Chart, Dots, Span
from aigc_report.charts.tradeoff import SCALES
from aigc_report.i18n import N_, Texts
from gan.suite.results import COSTS, QUALITY, Group, Results

COST_NAMES: dict[str, str] = {
    "train_s": N_("training time"),
    "flops_total": N_("operations"),
    "energy_kwh": N_("energy"),
    "peak_memory_bytes": N_("peak memory"),
}
"""Costs of `gan.suite.results.COSTS` in words."""


def label(group: Group) -> str:
    """A group within its data set: method and what varies."""
    return ", ".join([group.preset, *(f"{name} {value}" for name, value in group.variation.items())])


def quality(t: Texts, results: Results, dataset: str) -> Chart:
    """FID of every group on `dataset`, best first, with its interval over seeds and the floor of real images."""
    groups = [g for g in results.groups if g.dataset == dataset and QUALITY in g.metrics]
    rows = []
    for group in sorted(groups, key=lambda g: g.metrics[QUALITY].mean):
        fid = group.metrics[QUALITY]
        rows.append(
            {
                "group": label(group),
                "fid": fid.mean,
                "low": fid.low,
                "high": fid.high,
                "floor": fid.floor,
                "seeds": fid.n,
                "failed": group.failed,
                **{cost: group.cost[cost].mean if cost in group.cost else None for cost in COSTS},
                "text": t("{group}: {value}", group=label(group), value=t.number(fid.mean)),
                "floor_text": t("floor (real against real): {value}", value=t.number(fid.floor)),
            }
        )
    columns = ["group", "fid", "low", "high", "floor", "seeds", "failed", *COSTS, "text", "floor_text"]
    frame = pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(("fid", "low", "high", "floor"), float))
    top = frame[["fid", "high"]].max().max()
    return Chart(
        id=f"suite-quality-{_number(results, dataset)}",
        title=t("Quality by method"),
        subtitle=t(
            "FID on {dataset}, lower is better · mean over {n} seeds · {budget} · suite {suite}",
            dataset=dataset,
            n=_span(frame["seeds"]),
            budget=budget(t, results),
            suite=results.suite_id,
        ),
        frame=frame,
        marks=(
            Span("floor", "fid", "group"),
            Dots("floor", "group", "context", t("floor: real against real"), text="floor_text", shape="line-ns"),
            Dots("fid", "group", "point", t("mean, with 95% interval over seeds"), "low", "high", text="text", size=12),
        ),
        order=tuple(frame["group"]),
        x=Axis(low=0, high=float(top) * 1.06 if pd.notna(top) else 1.0),
        alt=t(
            "A dot for each method. Lowest FID: {best}. Highest: {worst}.",
            best=frame["text"].iloc[0] if rows else t.number(None),
            worst=frame["text"].iloc[-1] if rows else t.number(None),
        ),
        notes=(
            t(
                "Seeds differ in weights and order of images: the interval is chance of training on this machine, "
                "no more."
            ),
        ),
    )


def tradeoff(t: Texts, results: Results, dataset: str, cost: str) -> Chart:
    """Mean FID of every group on `dataset` against the mean of a cost, and the frontier of those that none beats."""
    scale, unit = SCALES[cost]
    groups = [g for g in results.groups if g.dataset == dataset and QUALITY in g.metrics and cost in g.cost]
    rows = [
        {
            "group": label(group),
            "fid": (fid := group.metrics[QUALITY]).mean,
            "low": fid.low,
            "high": fid.high,
            "floor": fid.floor,
            "n": fid.n,
            "cost": group.cost[cost].mean / scale,
            "text": t(
                "{run}: FID {fid}, {cost} {unit}",
                run=label(group),
                fid=t.number(fid.mean),
                cost=t.number(group.cost[cost].mean / scale),
                unit=unit,
            ),
        }
        for group in groups
    ]
    unbeaten = next((f.groups for f in results.frontiers if f.dataset == dataset and f.cost == cost), [])
    best = [label(group) for group in groups if group.group in unbeaten]
    points = tradeoffs.frame(rows, "group")
    roles = {label(group): "point" if group.group in unbeaten else "context" for group in groups}
    marks, frames = tradeoffs.marks(points, "group", best, roles)
    x, y = tradeoffs.axes(points, unit)
    return Chart(
        id=f"suite-cost-{_number(results, dataset)}",
        title=t("Quality and {cost}", cost=t(COST_NAMES[cost])),
        subtitle=t(
            "Mean FID on {dataset} with 95% interval over seeds, further left is better · {cost} in {unit}, "
            "further down is cheaper · {budget}",
            dataset=dataset,
            cost=t(COST_NAMES[cost]),
            unit=unit,
            budget=budget(t, results),
        ),
        frame=points,
        marks=marks,
        frames=frames,
        x=x,
        y=y,
        alt=t(
            "A dot for each of {n} methods. No other is both better and cheaper than: {best}.",
            n=len(points),
            best=t.join(best) or "–",
        ),
        notes=(
            t("Source: suite {suite}.", suite=results.suite_id),
            *([t("On the grey line lie the methods that no other beats in both.")] if len(best) > 1 else []),
            t("A cost that runs were given alike as their budget is left out: it ranks none of them."),
        ),
    )


def budget(t: Texts, results: Results) -> str:
    """What each run was given, in words."""
    amounts = {
        "s of training": N_("{n} s of training a run"),
        "steps": N_("{n} steps a run"),
        "images": N_("{n} images a run"),
        "operations": N_("{n} operations a run"),
    }
    amount, _, rest = results.budget.partition(" ")
    return (
        t(amounts[rest.removesuffix(" a run")], n=amount) if rest.removesuffix(" a run") in amounts else results.budget
    )


def machine(t: Texts, said: str) -> str:
    """A machine of `Results.machine`, ``cpu: name, 2 threads``, in words; as it is where it is written otherwise."""
    found = re.fullmatch(r"(\w+): (.+), (\d+) threads", said)
    return t("{name}, threads: {n}", name=found[2], n=found[3]) if found else said


def _span(counts: pd.Series) -> str:
    """``3``, or ``2–3`` while some groups have more runs than others."""
    return "–".join(str(n) for n in sorted({int(counts.min()), int(counts.max())})) if len(counts) else "0"


def _number(results: Results, dataset: str) -> int:
    """Tells the charts of one data set from those of another; a folder's name could not."""
    return list(dict.fromkeys(group.dataset for group in results.groups)).index(dataset)
