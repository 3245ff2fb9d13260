"""What a reader may choose of a chart is declared by it, and every choice says what is drawn."""

import itertools
from functools import partial

import pytest

from aigc_report import catalog
from aigc_report.charts import adoption, choices, costs, palette, plotly, quality, runs, vector
from aigc_report.charts.chart import Map
from aigc_report.charts.factors import demand, research
from aigc_report.i18n import LANGUAGES, texts
from aigc_report.technology import quality as published
from gan.record import CurvePoint

CAT = catalog.load()
T = texts("en")
RECORDS = published.comparisons(CAT, "fid")[0]
CHOOSING = {
    "firms_over_time": adoption.firms_over_time,
    "firms_by_country": adoption.firms_by_country,
    "makers": research.models,
    "largest": research.compute,
    "chatgpt": demand.chatgpt,
    "compute": partial(costs.training, indicator="training_compute_flop", domain="language"),
    "money": partial(costs.training, indicator="training_cost_usd2023", domain="image"),
    "records": partial(quality.published, comparison=RECORDS, labels=RECORDS.labels[0]),
    **{
        build.__name__: build
        for build in (costs.price_performance, costs.rents, costs.token_prices, costs.picture_prices, costs.energies)
    },
    **{f"map_{key}": partial(adoption.use_map, key=key) for key in ("ai_use_any", "ai_nlg")},
    **{f"ranking_{key}": partial(adoption.use_ranking, key=key) for key in ("ai_use_any", "ai_nlg")},
}
"""Charts that offer a choice, as a function of catalogue, texts and the choice."""
SCALED = [name for name in CHOOSING if not name.startswith(("firms", "makers", "map", "ranking"))]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", CHOOSING)
def test_every_option_of_a_chart_is_described_as_held_and_draws(name, lang):
    t = texts(lang)
    offered = CHOOSING[name](CAT, t).choices
    assert offered
    for choice in offered:
        codes = [code for code, _ in choice.options]
        assert set(choice.held) <= set(codes)
        assert all(words.strip() for _, words in choice.options)
        for code in codes if choice.kind != "several" else codes[:2]:
            asked = (code,) if choice.kind == "several" else code
            chart = CHOOSING[name](CAT, t, **{choice.name: asked})
            assert next(c for c in chart.choices if c.name == choice.name).held == (code,)
            assert plotly.render(chart).data
            if not any(isinstance(mark, Map) for mark in chart.marks):
                assert vector.render(chart)


@pytest.mark.parametrize("name", CHOOSING)
def test_an_option_that_a_chart_does_not_offer_is_refused(name):
    for choice in CHOOSING[name](CAT, T).choices:
        with pytest.raises(ValueError, match="nowhere"):
            CHOOSING[name](CAT, T, **{choice.name: ("nowhere",) if choice.kind == "several" else "nowhere"})


@pytest.mark.parametrize("name", SCALED)
def test_the_words_say_logarithmic_where_the_axis_is(name):
    for scale in choices.SCALES:
        chart = CHOOSING[name](CAT, T, scale=scale)
        axis = chart.x if chart.order else chart.y
        assert axis.log == (scale == choices.LOG) == ("logarithmic" in chart.subtitle)
        if scale == choices.LINEAR:
            assert axis.low == 0
            assert axis.high > axis.ticks[-1][0] > axis.high / 2


def test_a_share_of_judgements_has_no_logarithmic_scale():
    found = published.comparisons(CAT, "human_error_rate")[0]
    assert not quality.published(CAT, T, found, found.labels[0]).choices


def test_an_indexed_series_starts_at_a_hundred_and_keeps_its_figures():
    chart, plain = adoption.firms_over_time(CAT, T, choices.INDEX), adoption.firms_over_time(CAT, T)
    assert set(chart.frame.groupby("group")["index"].first()) == {100}
    assert chart.frame["value"].equals(plain.frame["value"])
    ratio = chart.frame["value"] / chart.frame.groupby("group")["value"].transform("first")
    assert (100 * ratio - chart.frame["index"]).abs().max() <= 0.05
    assert "2021 = 100" in chart.subtitle
    assert "2021 = 100" not in plain.subtitle


def test_shares_of_makers_add_up_to_the_models_of_a_year():
    chart = research.models(CAT, T, choices.SHARE)
    assert chart.frame.groupby("year")["share"].sum().round(9).eq(100).all()
    assert chart.y.high == 100


def test_a_line_breaks_where_its_series_does():
    chart = adoption.firms_by_country(CAT, T, ("FRA", "DEU"))
    rows = chart.data(0)
    french = rows[rows["geo"] == "FRA"]
    assert list(french["value"].isna()) == [False, True, False, False, False]
    assert not rows.loc[rows["geo"] == "DEU", "value"].isna().any()
    assert any("France 2023" in note for note in chart.notes)
    assert not chart.frame["value"].isna().any()


def test_countries_are_chosen_beside_the_union_and_no_more_than_can_be_told_apart():
    offered = [code for code, _ in adoption.firms_by_country(CAT, T).choices[0].options]
    most = adoption.firms_by_country(CAT, T, tuple(offered))
    assert most.frame["geo"].nunique() == choices.MOST_PLACES + 1
    assert set(adoption.firms_by_country(CAT, T, ()).frame["geo"]) == {"EU27"}


def test_a_country_keeps_its_colour_in_any_company():
    seen = {}
    for places in (("DEU", "FRA"), ("FRA", "SWE", "DEU"), ("POL", "FRA")):
        chart = adoption.firms_by_country(CAT, T, places)
        mark = chart.marks[0]
        for geo in places:
            name = CAT.name(geo, "en")
            look = (mark.roles[name], mark.dashes[name])
            assert seen.setdefault(geo, look) == look == palette.place(geo)
    assert len({palette.place(geo) for geo in palette.PLACES[:15]}) == 15
    assert palette.place("EU27") == ("context", "solid")


def test_maps_of_all_years_share_one_scale_and_only_comparable_years_are_offered():
    for key in adoption.MAPS:
        newest = adoption.use_map(CAT, T, key)
        years = [code for choice in newest.choices for code, _ in choice.options]
        assert len(years) == 0 or len(years) >= choices.LEAST_PERIODS
        maps = [adoption.use_map(CAT, T, key, year) for year in years]
        assert {(m.marks[0].least, m.marks[0].most) for m in maps} <= {(newest.marks[0].least, newest.marks[0].most)}
        for chart, year in zip(maps, years, strict=True):
            assert set(chart.frame["period"]) == {year}
            assert chart.frame["value"].max() <= chart.marks[0].most
    assert not adoption.use_map(CAT, T, "genai_individuals").choices


def test_a_broken_series_stands_hollow_and_is_named():
    chart = adoption.use_ranking(CAT, T, "ai_use_any", "2023")
    (hollow,) = [at for at, mark in enumerate(chart.marks) if getattr(mark, "shape", "") == "circle-open"]
    assert set(chart.data(hollow)["geo"]) == {"FRA", "SWE"}
    assert set(chart.data(hollow - 1)["geo"]).isdisjoint({"FRA", "SWE"})
    assert any("France" in note and "Sweden" in note for note in chart.notes)
    first = adoption.use_ranking(CAT, T, "ai_use_any", "2021")
    assert not first.notes
    assert any("Another definition" in note for note in adoption.use_ranking(CAT, T, "ai_use_any").notes)


@pytest.mark.parametrize(("generator", "discriminator"), [(0.7, 0.69), (1.0, 1.0), (2.0, 0.1)])
def test_the_names_of_two_losses_that_end_close_do_not_touch(generator, discriminator):
    curve = [
        CurvePoint(step=s, images=s, train_s=float(s), loss_g=generator + 3 / s, loss_d=discriminator)
        for s in range(1, 9)
    ]
    curve.append(CurvePoint(step=9, images=9, train_s=9.0, loss_g=generator, loss_d=discriminator))
    chart = runs.losses(T, "a-run", curve)
    figure = plotly.render(chart)
    low, high = plotly.span_of(chart, chart.y, upright=True)
    px = (figure.layout.height - plotly.CHROME_PX) / (high - low)
    heights = sorted(label.y * px + label.yshift for label in figure.layout.annotations)
    assert len(heights) == 2
    assert all(b - a >= plotly.LABEL_GAP_PX - 1e-6 for a, b in itertools.pairwise(heights))
