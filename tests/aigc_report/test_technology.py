"""What the Technology page says is what the data say: arrows point down, records compare, trends follow the formula."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from aigc_report import catalog, document
from aigc_report.charts import concepts
from aigc_report.document import schema
from aigc_report.errors import UserError
from aigc_report.technology import costs, graph, quality

CAT = catalog.load()
COMPARISONS = [c for measure in quality.MEASURES for c in quality.comparisons(CAT, measure)]
PAIRS = [(c, labels) for c in COMPARISONS for labels in c.labels]


@st.composite
def acyclic(draw):
    """Nodes, and arrows that only go from an earlier to a later one; handed over in any order."""
    n = draw(st.integers(1, 9))
    possible = list(itertools.combinations([f"n{i}" for i in range(n)], 2))
    arrows = draw(st.lists(st.sampled_from(possible), unique=True)) if possible else []
    return draw(st.permutations([f"n{i}" for i in range(n)])), arrows


@given(acyclic())
def test_every_arrow_points_to_a_later_layer_and_every_node_stands_once(drawn):
    nodes, arrows = drawn
    layout = graph.layered(nodes, arrows)
    assert sorted(node for layer in layout.layers for node in layer) == sorted(nodes)
    assert all(layer for layer in layout.layers)
    assert all(layout.place(a)[1] < layout.place(b)[1] for a, b in arrows)
    assert layout.arrows == tuple(arrows)


@given(acyclic())
def test_a_node_without_arrows_to_it_stands_on_top_and_others_as_high_as_they_can(drawn):
    nodes, arrows = drawn
    layout = graph.layered(nodes, arrows)
    for node in nodes:
        above = [layout.place(a)[1] for a, b in arrows if b == node]
        assert layout.place(node)[1] == max(above, default=-1) + 1


def test_arrows_that_need_not_cross_do_not():
    layout = graph.layered(["a", "b", "c", "x", "y", "z"], [("a", "z"), ("b", "y"), ("c", "x")])
    assert layout.crossings() == 0


@pytest.mark.parametrize("arrows", [[("a", "a")], [("a", "b"), ("b", "a")], [("a", "b"), ("b", "c"), ("c", "b")]])
def test_arrows_in_a_circle_are_refused(arrows):
    with pytest.raises(UserError, match="circle"):
        graph.layered(["a", "b", "c"], arrows)


def test_an_arrow_to_nowhere_is_refused_by_name():
    with pytest.raises(UserError, match="nowhere"):
        graph.layered(["a"], [("a", "nowhere")])


def test_the_documents_graph_is_drawn_whole_and_three_nodes_wide():
    doc = document.load()
    layout = concepts.layout(doc)
    assert {(c.id, to) for c in doc.of(schema.Concept) for to in c.leads_to} == set(layout.arrows)
    assert layout.layers[0] == ("concept.deep_learning",)
    assert layout.widest == 3
    assert layout.crossings() == 0


@pytest.mark.parametrize(
    "drawn", PAIRS, ids=lambda d: f"{d[0].indicator}-{d[0].dataset}-{d[0].code}-{d[1] or 'unstated'}"
)
def test_a_line_of_records_holds_one_measure_data_set_protocol_and_task(drawn):
    comparison, labels = drawn
    rows = quality.records(CAT, comparison, labels)
    broken = [dict(pair.split("=", 1) for pair in text.split(";")) for text in rows["breakdown"]]
    same = {(b["dataset"], b["protocol"], b.get("conditional", ""), b.get("samples"), b.get("data")) for b in broken}
    assert len(same) == 1
    assert set(rows["indicator"]) == {comparison.indicator}
    assert not rows["flag"].str.contains("u").any()
    assert not (rows["family"] == "real").any()
    assert rows["model"].nunique() >= quality.LEAST_MODELS
    assert rows["year"].nunique() >= quality.LEAST_YEARS


@pytest.mark.parametrize(
    "drawn", PAIRS, ids=lambda d: f"{d[0].indicator}-{d[0].dataset}-{d[0].code}-{d[1] or 'unstated'}"
)
def test_the_best_so_far_is_what_the_plain_definition_says(drawn):
    comparison, labels = drawn
    rows = quality.records(CAT, comparison, labels)
    better = min if quality.lower_is_better(CAT, comparison.indicator) else max
    best = rows[rows["best"]].set_index("year")["value"]
    for year in sorted(set(rows["year"])):
        until = better(rows[rows["year"] <= year]["value"])
        before = rows[rows["year"] < year]["value"]
        assert best[best.index <= year].iloc[-1] == until
        assert (year in best.index) == (before.empty or until != better(before))
    assert best.index.is_unique


def test_a_record_is_the_value_that_was_published():
    comparison = next(
        c for c in quality.comparisons(CAT, "fid") if c.code == "studiogan2023" and c.dataset == "cifar10"
    )
    rows = quality.records(CAT, comparison, "no").set_index("model")
    assert rows.at["DCGAN", "value"] == 48.29
    assert rows.at["LOGAN", "best"]


def test_real_images_are_the_floor_and_no_record():
    comparison = next(c for c in quality.comparisons(CAT, "fd_dinov2") if c.dataset == "cifar10")
    assert quality.floor(CAT, comparison) == 31.07
    assert "held-out real images" not in set(quality.records(CAT, comparison, "")["model"])


def test_measured_comparisons_come_before_what_authors_say_of_themselves():
    for measure in quality.MEASURES:
        order = [c.reported for c in quality.comparisons(CAT, measure)]
        assert order == sorted(order)


def test_a_comparison_that_holds_nothing_is_refused():
    nothing = quality.Comparison("fid", "cifar10", "no-such", "", ("",), 0, "", "")
    with pytest.raises(UserError, match="no-such"):
        quality.records(CAT, nothing, "")


def test_a_trend_finds_the_factor_that_made_the_points():
    year = pd.Series(np.linspace(2015, 2025, 40))
    found = costs.trend(year, 3 * 2.5 ** (year - 2015))
    assert (found.factor, found.low, found.high) == pytest.approx((2.5, 2.5, 2.5))
    assert found.line["value"].iloc[[0, -1]].tolist() == pytest.approx([3, 3 * 2.5**10])


def test_a_trend_agrees_with_scipy_and_with_the_classical_interval():
    models = costs.models(CAT, "training_compute_flop", "language")
    rows = models[models["chosen"] & models["firm"]]
    found = costs.trend(rows["year"], rows["value"])
    line = stats.linregress(rows["year"], np.log10(rows["value"]))
    half = stats.t.ppf(0.975, len(rows) - 2) * line.stderr
    assert np.log10(found.factor) == pytest.approx(line.slope)
    assert np.log10(found.low) == pytest.approx(line.slope - half, abs=0.3 * half)
    assert np.log10(found.high) == pytest.approx(line.slope + half, abs=0.3 * half)
    assert (found.line["low"] <= found.line["value"]).all()
    assert (found.line["value"] <= found.line["high"]).all()


@pytest.mark.parametrize(("n", "span"), [(costs.LEAST_POINTS - 1, 9), (40, costs.LEAST_YEARS - 0.1)])
def test_too_few_points_or_years_make_no_trend(n, span):
    year = pd.Series(np.linspace(2020, 2020 + span, n))
    assert costs.trend(year, year) is None


def test_no_doubtful_cost_stands_anywhere():
    doubtful = CAT.observations(indicator="training_cost_usd2023", breakdown=None)
    assert doubtful["flag"].str.contains("u").any()
    assert not costs.models(CAT, "training_cost_usd2023", "image")["flag"].str.contains("u").any()
    assert not costs.rents(CAT)["flag"].str.contains("u").any()


def test_speed_per_dollar_is_speed_over_price():
    rows = costs.price_performance(CAT).set_index(["kind", "device"])
    assert rows.at[("fp32", "NVIDIA GeForce GTX 1080 Ti"), "value"] == pytest.approx(1000 * 11.34 / 699)
    assert rows.at[("matrix16", "NVIDIA A100 SXM4 40 GB"), "value"] == pytest.approx(1000 * 312 / 15000)


def test_a_median_rent_rests_on_enough_offers_of_one_family():
    offers = costs.rents(CAT)
    for row in costs.yearly_rents(offers).to_dict("records"):
        rows = offers[(offers["family"] == row["family"]) & (offers["year"] // 1 == row["calendar"])]
        assert (len(rows), rows["value"].median()) == (row["n"], pytest.approx(row["value"]))
        assert row["n"] >= costs.LEAST_OFFERS


def test_the_range_of_falling_prices_goes_from_the_slowest_to_the_fastest():
    falls = costs.token_price_falls(CAT)
    assert falls["value"].tolist() == [9, 900]
    assert falls["source"].nunique() == 1


def test_energies_are_of_one_study_on_one_machine():
    rows = costs.energies(CAT)
    assert rows["source"].nunique() == 1
    assert rows["hardware"].nunique() == 1
    assert set(rows["task"]) == {"image generation", "text generation"}
    assert ((rows["low"] <= rows["value"]) & (rows["value"] <= rows["high"])).all()


@pytest.mark.parametrize(
    ("period", "year"), [("2020", 2020.5), ("2020-12-31", 2020.99), ("2021-01", 2021.08), ("2021-S1", 2021.49)]
)
def test_a_period_has_its_place_on_an_axis_of_years(period, year):
    assert costs.decimal_year(period) == pytest.approx(year, abs=0.01)
