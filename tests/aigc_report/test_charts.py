"""Every chart says what it shows, in both languages, and its picture shows just that."""

import itertools
import json
import math
from xml.etree import ElementTree

import pytest

from aigc_report import catalog, document, fonts, index, policy, sectors
from aigc_report.charts import adoption, concepts, costs, countries, labels, palette, plotly, quality, runs, vector
from aigc_report.charts import policy as policy_charts
from aigc_report.charts import sectors as sector_charts
from aigc_report.charts.chart import Arrows, Axis, Band, Bars, Boxes, Chart, Dots, Lines, Map
from aigc_report.i18n import LANGUAGES, texts
from aigc_report.technology import costs as trends
from aigc_report.technology import quality as published
from gan.config import TrainConfig
from gan.record import CurvePoint, Metric, RunRecord

CAT = catalog.load()
CURVE = [
    CurvePoint(step=s, images=32 * s, train_s=s / 10, loss_g=1.0, loss_d=0.5, fid=90 / s, n=200) for s in range(1, 9)
]
RECORD = RunRecord(
    run_id="a-run",
    status="completed",
    created="2026-11-24T00:00:00Z",
    config=TrainConfig(steps=8),
    quality={
        "fid": Metric(value=40.0, ci_low=38.0, ci_high=42.0, n=500, reference_floor=2.0),
        "precision": Metric(value=0.7, ci_low=0.6, ci_high=0.8, n=500, reference_floor=0.95),
        "recall": Metric(value=0.4, n=500),
        "density": Metric(value=None),
    },
    curve=CURVE,
    class_shares={"0": {"generated": 0.7, "real": 0.5}, "1": {"generated": 0.3, "real": 0.5}},
)
QUESTIONS = {question.kind: question for question in sectors.questions(CAT, "health")}
INSTRUMENTS = policy.instruments(CAT)
BUILDERS = {
    "firms_over_time": lambda t: adoption.firms_over_time(CAT, t),
    "people": lambda t: adoption.people(CAT, t),
    "barriers": lambda t: adoption.barriers(CAT, t),
    "reasons": lambda t: adoption.reasons(CAT, t),
    **{f"map_{key}": lambda t, key=key: adoption.use_map(CAT, t, key) for key in adoption.MAPS},
    **{f"ranking_{key}": lambda t, key=key: adoption.use_ranking(CAT, t, key) for key in adoption.MAPS},
    **{
        f"industries_{key}": lambda t, key=key: sector_charts.industries(CAT, t, key, "sections", "ecommerce")
        for key in sectors.MEASURES
    },
    "industries_groups": lambda t: sector_charts.industries(CAT, t, "eu_any", "groups", "media"),
    "question_answers": lambda t: sector_charts.question(CAT, t, QUESTIONS["answers"]),
    "question_over_time": lambda t: sector_charts.question(CAT, t, QUESTIONS["over_time"]),
    "sectors_compared": lambda t: sector_charts.comparable(
        CAT, t, sectors.side_by_side(CAT, "genai_traffic_growth_yoy").comparable[0]
    ),
    "policy_timeline": lambda t: policy_charts.timeline(CAT, t, INSTRUMENTS),
    "policy_timeline_of_one": lambda t: policy_charts.timeline(CAT, t, INSTRUMENTS[INSTRUMENTS["geo"] == "KOR"]),
    "policy_shares": lambda t: policy_charts.shares(t, INSTRUMENTS, "all"),
    "policy_topics": lambda t: policy_charts.topics(t, INSTRUMENTS, "all"),
    "index_ranking": lambda t: countries.ranking(index.build("eu27"), t, "TOTAL", "GRC"),
    "index_intervals": lambda t: countries.ranking(index.build("eu27", uncertainty=64), t, "TOTAL", "GRC"),
    "index_sensitivity": lambda t: countries.sensitivity(index.build("eu27", uncertainty=64), t),
    "index_map": lambda t: countries.score_map(index.build("eu27"), t, "ADOPTION"),
    "profile": lambda t: countries.profile(index.build("eu27"), t, "LUX"),
    **{
        f"published_{c.indicator}_{c.dataset}_{c.code}": lambda t, c=c: quality.published(CAT, t, c, c.labels[0])
        for measure in published.MEASURES
        for c in (published.comparisons(CAT, measure)[0], published.comparisons(CAT, measure)[-1])
    },
    **{
        f"training_{amount}_{domain}": lambda t, a=amount, d=domain: costs.training(CAT, t, a, d)
        for amount, domain in (*((a, "image") for a in costs.AMOUNTS), ("training_cost_usd2023", "games"))
    },
    **{
        f"costs_{chart.__name__}": lambda t, chart=chart: chart(CAT, t)
        for chart in (
            costs.price_performance,
            costs.rents,
            costs.token_prices,
            costs.picture_prices,
            costs.energies,
        )
    },
    "concepts": lambda t: concepts.graph(document.load(), t),
    "losses": lambda t: runs.losses(t, "a-run", CURVE),
    "quality_over_time": lambda t: runs.quality_over_time(t, "a-run", CURVE),
    "distance": lambda t: runs.distance(t, "a-run", "fid", RECORD.quality["fid"]),
    "shares": lambda t: runs.shares(t, RECORD),
    "classes": lambda t: runs.classes(t, RECORD),
}


@pytest.fixture(params=BUILDERS, scope="module")
def build(request):
    return BUILDERS[request.param]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_chart_has_its_words_and_draws(build, lang):
    chart = build(texts(lang))
    assert chart.title
    assert chart.subtitle
    assert len(chart.alt) > 12
    drawn = json.loads(plotly.render(chart).to_json())
    assert drawn["data"] or drawn["layout"]["annotations"]
    if any(isinstance(mark, Map | Boxes | Arrows) for mark in chart.marks):
        return  # no drawing for paper: a ranking says what a map says
    paper = ElementTree.fromstring(vector.render(chart))
    width, height = (float(paper.get(side)) for side in ("width", "height"))
    for text in paper.iter("{http://www.w3.org/2000/svg}text"):
        wide = fonts.width(text.text or "", float(text.get("font-size")))
        left = float(text.get("x")) - wide * {"end": 1, "middle": 0.5}.get(text.get("text-anchor"), 0)
        assert left >= -12, text.text
        assert left + wide <= width + 12, text.text
        assert 0 < float(text.get("y")) <= height


@pytest.mark.parametrize(
    "name",
    [
        n
        for n in BUILDERS
        if n.split("_")[0]
        in (
            *(
                "firms",
                "people",
                "barriers",
                "reasons",
                "map",
                "profile",
                "industries",
                "question",
                "sectors",
                "policy",
            ),
            *("published", "training", "costs"),
        )
    ],
)
def test_a_chart_of_published_figures_names_its_sources(name):
    chart = BUILDERS[name](texts("en"))
    assert chart.sources
    assert set(chart.sources) <= set(CAT.sources.index)


def test_a_chart_says_the_same_figures_in_both_languages(build):
    english, chinese = (build(texts(lang)) for lang in ("en", "zh"))
    numeric = english.frame.select_dtypes("number")
    assert numeric.equals(chinese.frame[numeric.columns])


def test_bars_start_at_zero(build):
    chart = build(texts("en"))
    if any(isinstance(mark, Bars) for mark in chart.marks):
        assert chart.x.low == 0


def test_no_doubtful_figure_stands_in_a_chart_of_adoption():
    for name in ("firms_over_time", "people", "barriers", "reasons", *(f"map_{key}" for key in adoption.MAPS)):
        assert not BUILDERS[name](texts("en")).frame["flag"].str.contains("u").any()


def test_a_map_covers_every_member():
    for key in adoption.MAPS:
        assert adoption.use_map(CAT, texts("en"), key).frame["geo"].nunique() == 27


def test_the_chosen_country_stands_out_and_the_others_do_not():
    chart = BUILDERS["index_ranking"](texts("en"))
    roles = chart.frame.set_index("unit")["role"]
    assert roles["GRC"] == "point"
    assert set(roles.drop("GRC")) == {"context"}


def test_an_interval_is_drawn_from_its_low_to_its_high_end():
    figure = plotly.render(BUILDERS["distance"](texts("en")))
    (dot,) = [trace for trace in figure.data if trace.error_x.array is not None]
    value = dot.x[0]
    assert (value - dot.error_x.arrayminus[0], value + dot.error_x.array[0]) == pytest.approx((38.0, 42.0))


def test_a_quality_figure_that_is_missing_is_left_out_and_not_zero():
    assert list(BUILDERS["shares"](texts("en")).frame["metric"]) == ["Precision", "Recall"]


def test_labels_at_the_ends_of_lines_never_touch():
    t = texts("en")
    figure = plotly.render(adoption.firms_over_time(CAT, t))
    top = adoption.firms_over_time(CAT, t).y.high
    px = (figure.layout.height - plotly.CHROME_PX) / top
    heights = sorted(a.y * px + a.yshift for a in figure.layout.annotations)
    assert all(b - a >= plotly.LABEL_GAP_PX - 1e-9 for a, b in itertools.pairwise(heights))


def test_long_labels_of_rows_are_broken_and_lose_nothing():
    for label in (
        "Firms buying intermediate or sophisticated cloud services",
        "购买中级或高级云服务的企业以及其他一些企业",
        "Malta",
    ):
        broken = labels.broken(label)
        assert broken.replace("<br>", " ").replace(" ", "") == label.replace(" ", "")
        assert all(labels.width(line) <= labels.ROW_PX for line in broken.split("<br>"))


def test_a_logarithmic_axis_places_its_range_and_its_labels_in_powers_of_ten():
    chart = costs.token_prices(CAT, texts("en"))
    figure = plotly.render(chart)
    assert tuple(figure.layout.yaxis.range) == pytest.approx((math.log10(chart.y.low), math.log10(chart.y.high)))
    ends = [rows["value"].iloc[-1] for _, rows in chart.frame.groupby("level")]
    assert {round(10**label.y, 6) for label in figure.layout.annotations} == set(ends)
    assert all(figure.layout.yaxis.range[0] < math.log10(v) < figure.layout.yaxis.range[1] for v, _ in chart.y.ticks)


def test_the_band_of_a_trend_lies_around_its_line():
    chart = costs.training(CAT, texts("en"), "training_compute_flop", "language")
    (position,) = [at for at, mark in enumerate(chart.marks) if isinstance(mark, Band)]
    rows = chart.data(position)
    (band,) = [trace for trace in plotly.render(chart).data if trace.fill == "toself"]
    assert list(band.y) == [*rows["high"], *rows["low"][::-1]]


def test_a_trend_whose_interval_holds_no_change_is_called_none():
    t = texts("en")
    line = trends.pd.DataFrame()
    assert "No clear trend" in costs.growth(t, trends.Trend(1.2, 0.9, 1.5, 30, line), 30)
    assert costs.growth(t, trends.Trend(1.2, 1.1, 1.5, 30, line), 30).startswith("Trend")
    assert "Too few points" in costs.growth(t, None, 3)


def test_three_boxes_of_the_graph_stand_side_by_side_on_a_phone():
    for lang in LANGUAGES:
        chart = concepts.graph(document.load(), texts(lang))
        boxes = chart.data(1)
        widest = boxes.groupby("y")["x"].apply(lambda x: x.sort_values().diff().min()).min()
        assert widest * 358 > concepts.NODE_PX
        for text in boxes["label"]:
            assert all(labels.width(line) <= concepts.NODE_PX for line in text.split("<br>"))


def test_maps_ask_only_this_server_for_outlines():
    assert "://" not in plotly.CONFIG["topojsonURL"]


def test_a_mark_may_draw_a_table_of_its_own(build):
    chart = build(texts("en"))
    for position, mark in enumerate(chart.marks):
        frame = chart.data(position)
        named = [
            getattr(mark, field)
            for field in ("x", "y", "low", "high", "geo", "value", "text", "label", "to_x", "to_y")
            if getattr(mark, field, "")
        ]
        assert set(named) <= set(frame.columns)


def test_an_unknown_role_of_colour_is_an_error_and_not_a_grey_dot():
    import pandas as pd

    frame = pd.DataFrame({"x": [1.0], "y": ["a"]})
    for mark in (Dots("x", "y", "no-role"), Lines("x", "x", role="no-role"), Bars("x", "y", "no-role")):
        with pytest.raises(KeyError, match="no-role"):
            plotly.render(Chart("c", "t", "s", frame, (mark,), "alt", Axis()))
    assert "no-role" not in palette.ROLES
    assert Map in plotly._TRACES
