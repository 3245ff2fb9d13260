"""Runs beside each other: what compares, at which cost, and which none beats. The records are made by hand."""

from typing import Any

import pytest

from aigc_report import comparison
from aigc_report.charts import comparison as charts
from aigc_report.charts.chart import Dots
from aigc_report.comparison import Compared
from aigc_report.i18n import LANGUAGES, texts
from gan.config import resolve
from gan.record import Cost, CurvePoint, DatasetInfo, Extractor, Metric, RunRecord, SampleGrid


def record(run_id: str, data: str = "d", features: str = "e", fid: float | None = 10, **fields: Any) -> RunRecord:
    settings = fields.pop("settings", {"steps": 10})
    spent = Cost(**{"train_s": 10.0, "flops_total": 1e12, "energy_kwh": 1e-3} | fields.pop("cost", {}))
    return RunRecord(
        run_id=run_id,
        status="completed",
        created="2026-01-01T00:00:00.000Z",
        config=resolve(**settings),
        dataset=DatasetInfo(name="digits", digest=data, size=1, held_out=1, resolution=16, channels=1),
        extractor=Extractor(name="x", digest=features),
        quality={} if fid is None else {"fid": Metric(value=fid, ci_low=fid - 1, ci_high=fid + 1, n=590)},
        cost=spent,
        **fields,
    )


def runs(*records: RunRecord) -> tuple[Compared, ...]:
    return comparison.compared(records, [""] * len(records))


def test_only_runs_on_the_same_images_in_the_same_features_share_an_axis_of_quality() -> None:
    found = runs(
        record("a"), record("b", data="other"), record("c"), record("d", features="other"), record("e", fid=None)
    )
    assert [[run.run_id for run in group.runs] for group in comparison.groups(found)] == [["a", "c"], ["b"], ["d"]]
    t = texts("en")
    for group in comparison.groups(found):
        shown = charts.tradeoff(t, group, found, "train_s").frame["run"]
        assert set(shown) == {run.label for run in group.runs}
    ids = {charts.tradeoff(t, group, found, "train_s").id for group in comparison.groups(found)}
    assert len(ids) == 3


def test_every_run_has_a_label_of_its_own() -> None:
    same = [record(f"run-{n:04}", settings={"steps": 10, "seed": n // 2}) for n in range(3)]
    other = record("other", settings={"preset": "vae", "steps": 10})
    found = comparison.compared([*same, other, same[0]][:4], ["", "", "mine", ""])
    assert [run.label for run in found] == ["dcgan · 0000", "dcgan · 0001", "mine", "vae"]
    assert [run.label for run in runs(same[0], same[2])] == ["dcgan, seed 0", "dcgan, seed 1"]


def test_a_run_keeps_its_colour_in_every_chart() -> None:
    found = runs(*(record(f"r{n}", data=str(n % 2), settings={"steps": 10, "seed": n}) for n in range(6)))
    assert len(set(charts.roles(found).values())) == 6
    t = texts("en")
    seen = charts.roles(found)
    for group in comparison.groups(found):
        chart = charts.tradeoff(t, group, found, "flops_total")
        dots = {chart.data(i)["run"].item(): mark.role for i, mark in enumerate(chart.marks) if isinstance(mark, Dots)}
        assert dots == {run.label: seen[run.label] for run in group.runs}


def test_the_frontier_holds_what_none_beats_in_both_and_leaves_out_what_the_budget_fixes() -> None:
    found = runs(
        record("cheap", fid=20, cost={"train_s": 1.0}),
        record("middling", fid=20, cost={"train_s": 5.0}),
        record("good", fid=5, cost={"train_s": 9.0}),
        record("unknown", fid=1, cost={"train_s": None}),
    )
    assert [run.run_id for run in comparison.frontier(found, "train_s")] == ["cheap", "good"]
    assert "train_s" in comparison.costs(found)
    timed = runs(*(record(f"r{n}", settings={"budget_s": 10, "seed": n}) for n in range(2)))
    assert "train_s" not in comparison.costs(timed)
    mixed = runs(record("a", settings={"budget_s": 10}), record("b", settings={"budget_s": 20}))
    assert "train_s" in comparison.costs(mixed)


def grids(*images: int) -> list[SampleGrid]:
    made = [SampleGrid(file=f"samples/{n}.png", step=n, images=n, columns=8) for n in images]
    return [*made, SampleGrid(file="samples/real.png", step=0, images=0, real=True, columns=8)]


def test_pictures_at_equal_cost_are_the_nearest_each_run_has() -> None:
    curve = [CurvePoint(step=n, images=n, train_s=n / 100) for n in (100, 1_000)]
    slow = [CurvePoint(step=n, images=n, train_s=n / 10) for n in (100, 1_000)]
    long, short = runs(
        record("long", samples=grids(100, 500, 1_000), curve=curve, settings={"steps": 10, "seed": 1}),
        record("short", samples=grids(90, 480), curve=slow, settings={"steps": 10, "seed": 2}),
    )
    assert comparison.moments([long, short], "images") == [90, 480]  # as far as all of them reach
    grid, when = comparison.nearest(long, 480, "images") or pytest.fail("it has pictures")
    assert (grid.images, when) == (500, 500)
    assert comparison.moments([long, short], "train_s") == [1, 5, 10]  # the fast one ended first
    grid, when = comparison.nearest(short, 10, "train_s") or pytest.fail("it has pictures")
    assert (grid.images, when) == (90, pytest.approx(9))
    assert comparison.nearest(runs(record("none"), record("x"))[0], 1, "images") is None


def test_what_was_set_differently_is_listed_and_nothing_else() -> None:
    found = runs(record("a", settings={"steps": 10}), record("b", settings={"steps": 20, "seed": 3}))
    assert comparison.differences(found) == {"seed": {"a": 0, "b": 3}, "steps": {"a": 10, "b": 20}}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_charts_of_a_comparison_stand_without_intervals_curves_or_costs(lang: str) -> None:
    t = texts(lang)
    bare = [
        record(f"r{n}", settings={"steps": 10, "seed": n}, cost={"flops_total": None, "train_s": None})
        for n in range(2)
    ]
    for each in bare:
        each.quality["fid"] = Metric(value=3.0)
    found = runs(*bare)
    (group,) = comparison.groups(found)
    for cost in charts.SCALES:
        assert charts.tradeoff(t, group, found, cost).alt
    for along in charts.ALONG:
        assert charts.quality(t, group, found, along).alt
        assert charts.losses(t, found, along).alt
