"""Charts of a suite of runs: quality by method with its spread over seeds, and what a gain in quality costs."""

import pandas as pd

from aigc_report.charts.chart import Axis, Chart, Dots, Span
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
        id="suite-quality",
        title=t("Quality by method"),
        subtitle=t(
            "FID on {dataset}, lower is better · mean over {n} seeds · {budget} · suite {suite}",
            dataset=dataset,
            n=t.join(sorted({str(n) for n in frame["seeds"]})) or "0",
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
