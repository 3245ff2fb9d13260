"""A chart on paper shows what its table says: lengths, places and gaps are read back from the drawing."""

import itertools
import math
from xml.etree import ElementTree

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aigc_report import catalog, fonts
from aigc_report.charts import adoption, costs, vector
from aigc_report.charts.chart import Axis, Band, Bars, Boxes, Chart, Columns, Dots, Lines, Span
from aigc_report.charts.labels import apart
from aigc_report.charts.plane import ends, ticks
from aigc_report.i18n import LANGUAGES, texts

SVG = "{http://www.w3.org/2000/svg}"
CAT = catalog.load()


def chart(frame: dict, *marks, **more) -> Chart:
    """A chart of made-up figures (a test's, nobody else's)."""
    table = pd.DataFrame(frame)
    return Chart("made-up", "Title", "subtitle", table, marks, "what it shows, in words", **more)


def drawn(of: Chart) -> ElementTree.Element:
    return ElementTree.fromstring(vector.render(of))


def found(picture: ElementTree.Element, tag: str, **wanted: str) -> list[ElementTree.Element]:
    return [e for e in picture.iter(SVG + tag) if all(e.get(k.replace("_", "-")) == v for k, v in wanted.items())]


def places(picture: ElementTree.Element, labels: list[str]) -> list[float]:
    """Where the ticks with these labels stand on the level axis."""
    at = {e.text: float(e.get("x")) for e in found(picture, "text", text_anchor="middle")}
    return [at[label] for label in labels]


def test_bars_are_as_long_as_their_values() -> None:
    of = chart({"n": ["a", "b", "c"], "v": [10.0, 25.0, -5.0]}, Bars("v", "n"), order=("a", "b", "c"))
    lengths = [float(bar.get("width")) for bar in found(drawn(of), "rect")]
    assert lengths[1] / lengths[0] == pytest.approx(2.5, rel=0.01)
    assert lengths[2] / lengths[0] == pytest.approx(0.5, rel=0.01)


def test_dots_and_their_intervals_lie_between_the_ticks_where_their_values_say() -> None:
    row = {"n": ["a"], "v": [30.0], "low": [25.0], "high": [45.0]}
    of = chart(row, Dots("v", "n", low="low", high="high"), order=("a",), x=Axis(low=0, high=100, suffix="%"))
    picture = drawn(of)
    zero, hundred = places(picture, ["0%", "100%"])
    dot = float(found(picture, "circle")[0].get("cx"))
    line = next(e for e in found(picture, "line") if e.get("stroke-opacity"))
    said = [(at - zero) / (hundred - zero) * 100 for at in (dot, float(line.get("x1")), float(line.get("x2")))]
    assert said == pytest.approx([30, 25, 45], abs=0.05)


def test_a_logarithmic_axis_counts_in_factors() -> None:
    of = costs.training(CAT, texts("en"), "training_compute_flop", "image")
    low, high = ends(of, of.y, upright=True)
    marks = ticks(of.y, low, high)
    heights = {e.text: float(e.get("y")) for e in found(drawn(of), "text", text_anchor="end")}
    at = [(math.log10(value), heights[label]) for value, label in marks]
    slopes = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in itertools.pairwise(at)]
    assert slopes == pytest.approx([slopes[0]] * len(slopes), rel=0.02)
    assert slopes[0] < 0  # more lies higher


def test_columns_stand_on_each_other() -> None:
    rows = {0: pd.DataFrame({"x": [1, 2], "y": [3.0, 4.0]}), 1: pd.DataFrame({"x": [1, 2], "y": [6.0, 2.0]})}
    of = chart({"x": [1], "y": [9.0]}, Columns("x", "y"), Columns("x", "y", "second"), frames=rows)
    first, second, third, _ = found(drawn(of), "rect")
    assert float(third.get("y")) + float(third.get("height")) == pytest.approx(float(first.get("y")), abs=0.11)
    assert float(third.get("height")) / float(first.get("height")) == pytest.approx(2, rel=0.01)
    assert float(second.get("height")) / float(first.get("height")) == pytest.approx(4 / 3, rel=0.01)


def test_a_gap_in_the_data_is_a_gap_in_the_line() -> None:
    of = chart({"x": [1, 2, 3, 4, 5], "y": [1.0, 2.0, math.nan, 4.0, 5.0]}, Lines("x", "y"))
    assert [len(line.get("points").split()) for line in found(drawn(of), "polyline")] == [2, 2]


def test_a_missing_interval_is_not_drawn() -> None:
    rows = {"n": ["a", "b"], "v": [1.0, 2.0], "low": [0.5, math.nan], "high": [1.5, math.nan]}
    picture = drawn(chart(rows, Dots("v", "n", low="low", high="high"), order=("a", "b")))
    assert len(found(picture, "circle")) == 2
    assert len([e for e in found(picture, "line") if e.get("stroke-opacity")]) == 1


def test_a_mark_without_a_drawing_is_refused_by_name() -> None:
    with pytest.raises(vector.NotDrawn, match=r"made-up.*Boxes"):
        vector.render(chart({"x": [0], "y": [0], "t": ["a"]}, Boxes("x", "y", "t", 100)))
    with pytest.raises(vector.NotDrawn, match="Map"):
        vector.render(adoption.use_map(CAT, texts("en"), "ai_use_any"))


def test_words_are_text_and_never_markup() -> None:
    of = chart({"n": ["<b>&"], "v": [1.0]}, Bars("v", "n"), order=("<b>&",))
    assert "<b>&" in [e.text for e in found(drawn(of), "text")]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_same_chart_is_the_same_drawing_and_its_words_can_be_printed(lang) -> None:
    once, again = (vector.render(adoption.firms_over_time(CAT, texts(lang))) for _ in range(2))
    assert once == again
    assert not fonts.missing(once)


def test_every_series_of_lines_is_named_at_its_end() -> None:
    of = adoption.firms_over_time(CAT, texts("en"))
    said = {e.text for e in found(drawn(of), "text", font_weight="700")}
    assert said == set(of.frame["group"])


def test_bands_and_spans_reach_from_low_to_high() -> None:
    of = chart(
        {"x": [0.0, 1.0], "low": [10.0, 20.0], "high": [30.0, 60.0]}, Band("x", "low", "high"), y=Axis(low=0, high=100)
    )
    points = [tuple(map(float, p.split(","))) for p in found(drawn(of), "polygon")[0].get("points").split()]
    heights = [y for _, y in points]
    assert (heights[3] - heights[0]) / (heights[2] - heights[1]) == pytest.approx(20 / 40, rel=0.02)
    of = chart(
        {"n": ["a"], "low": [10.0], "high": [30.0]}, Span("low", "high", "n"), order=("a",), x=Axis(low=0, high=40)
    )
    picture = drawn(of)
    zero, twenty = places(picture, ["0", "20"])
    line = next(e for e in found(picture, "line") if e.get("stroke-opacity"))
    assert float(line.get("x1")) == pytest.approx((zero + twenty) / 2, abs=0.2)


@given(st.lists(st.floats(-1e4, 1e4), max_size=30))
def test_labels_are_moved_apart_no_more_than_needed_and_keep_their_order(wanted: list[float]) -> None:
    placed = apart(wanted, 14)
    order = sorted(range(len(wanted)), key=lambda at: wanted[at])
    gaps = [placed[b] - placed[a] for a, b in itertools.pairwise(order)]
    assert all(gap >= 14 - 1e-6 for gap in gaps)
    assert sum(placed) == pytest.approx(sum(wanted), abs=1e-3)  # nothing drifts
    if all(wanted[b] - wanted[a] >= 14 for a, b in itertools.pairwise(order)):
        assert placed == pytest.approx(wanted)
