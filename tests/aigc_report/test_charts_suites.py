"""Charts of a suite: which methods none beats in quality and a cost. The results are made up for the test."""

import pytest

from aigc_report.charts import plotly, runs, suites
from aigc_report.charts.chart import Dots, Lines
from aigc_report.i18n import LANGUAGES, texts
from gan.record import CurvePoint
from gan.suite.results import Frontier, Group, Results, Spread


def group(name: str, fid: float, energy: float, dataset: str = "digits") -> Group:
    return Group(
        group=f"{name} on {dataset}",
        preset=name,
        dataset=dataset,
        runs=["a", "b"],
        completed=2,
        failed=0,
        metrics={"fid": Spread(mean=fid, low=fid - 1, high=fid + 1, n=2, floor=1.0)},
        cost={"energy_kwh": Spread(mean=energy, n=2)},
    )


GROUPS = [
    group("dcgan", 30, 1e-3),
    group("vae", 40, 5e-4),
    group("sngan", 50, 2e-3),
    group("vae", 9, 1e-3, "pictures/"),
]
RESULTS = Results(
    suite_id="toy",
    suite="toy",
    title="Toy",
    question="",
    created="2026-01-01T00:00:00.000Z",
    finished=None,
    planned=8,
    settled=8,
    budget="10 s of training a run",
    machine=["cpu"],
    groups=GROUPS,
    comparisons=[],
    frontiers=[Frontier(dataset="digits", cost="energy_kwh", groups=["vae on digits", "dcgan on digits"])],
    runs=[],
)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_line_joins_the_methods_that_none_beats_and_every_method_has_its_dot(lang: str) -> None:
    chart = suites.tradeoff(texts(lang), RESULTS, "digits", "energy_kwh")
    line = next(position for position, mark in enumerate(chart.marks) if isinstance(mark, Lines))
    assert list(chart.data(line)["group"]) == ["dcgan", "vae"]
    assert list(chart.frame["cost"]) == [1.0, 0.5, 2.0]  # Wh, best quality first
    assert "dcgan" in chart.alt
    assert "sngan" not in chart.alt
    assert len(plotly.render(chart).data) == 1 + 2 * 3  # the line; a dot and its label each


def test_labels_of_points_of_about_the_same_quality_stand_away_from_each_other() -> None:
    results = RESULTS.model_copy(update={"groups": [group("dcgan", 30, 2e-3), group("vae", 31, 1e-3)]})
    chart = suites.tradeoff(texts("en"), results, "digits", "energy_kwh")
    assert [mark.label_at for mark in chart.marks if isinstance(mark, Dots)] == ["above", "below"]


def test_charts_of_two_data_sets_have_names_of_their_own() -> None:
    t = texts("en")
    shown = [build(t, RESULTS, d) for build in (suites.quality,) for d in ("digits", "pictures/")]
    shown += [suites.tradeoff(t, RESULTS, d, "energy_kwh") for d in ("digits", "pictures/")]
    assert len({chart.id for chart in shown}) == 4


def test_labels_of_losses_stand_beyond_the_end_of_training_and_do_not_touch() -> None:
    curve = [CurvePoint(step=n, images=n, train_s=n, loss_g=7 if n == 1 else 0.90, loss_d=0.89) for n in range(1, 9)]
    figure = plotly.render(runs.losses(texts("en"), "toy", curve))
    assert figure.layout.xaxis.range == (0, 8)
    low, high = figure.layout.annotations
    assert abs(low.yshift - high.yshift) + abs(low.y - high.y) >= plotly.LABEL_GAP_PX - 1
