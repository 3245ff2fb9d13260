"""Forecasts of adoption, each with its interval, its back-test and the naive model it has to beat."""

from collections.abc import Iterator

from aigc_report import diffusion
from aigc_report.briefing import sentences
from aigc_report.briefing.content.figures import placed
from aigc_report.briefing.desk import POINTS, Desk, difference_unit
from aigc_report.briefing.model import Block, Bullets, Finding, Number, Run, Runs
from aigc_report.charts import diffusion as drawn
from aigc_report.diffusion.forecast import Forecast
from aigc_report.diffusion.intervals import LEVEL
from aigc_report.diffusion.notes import MODEL_NAMES
from aigc_report.i18n import N_
from aigc_report.periods import last_day

OF_PLACES: dict[str, str] = {"CHN": "china-users", "USA": "us-firms"}
"""Countries outside the EU to their series; each member has ``eu-firms-<code>``."""
MEMBERS = "eu-firms"
"""The series of the EU as a whole; those of its members are called after it and carry their place in their titles."""
HEADLINES: dict[str, str] = {
    "up": N_("{title}: {last} ({now}), with {value} expected for {period}"),
    "down": N_("{title}: {last} ({now}), a fall to {value} expected for {period}"),
    "same": N_("{title}: {last} ({now}), no change expected for {period}"),
    "scenario": N_("{title} ({places}): too few figures for a forecast"),
    "scenario_alone": N_("{title}: too few figures for a forecast"),
}
PLACES = 4
"""Most chosen countries whose own series is looked at."""
MINDED = ("naive_wins", "not_better", "open_ceiling", "open_ceiling_both", "before_peak", "few_origins", "coverage")
"""Notes of a forecast that a reader must know to judge its curve."""


def forecasts(
    desk: Desk, series: tuple[str, ...] = ("eu-firms",), figures: tuple[str, ...] = ("eu-firms",)
) -> tuple[Block, ...]:
    """A finding per series asked for and per chosen country, one for all too short; `figures` of some series."""
    known = set(diffusion.names())
    own = [OF_PLACES.get(geo, f"{MEMBERS}-{geo.lower()}") for geo in desk.geo[:PLACES]]
    found = [desk.ground.forecast(name) for name in dict.fromkeys([*series, *own]) if name in known]
    short = [one for one in found if one.scenarios and _of_member(one)]
    blocks: list[Block] = []
    for one in found:
        if not one.scenarios:
            blocks.append(_finding(desk, one))
        elif not _of_member(one):  # another question than that of the members: never in one sentence with them
            blocks += _scenarios(desk, [one])
        elif one is short[0]:
            blocks += _scenarios(desk, short)
    if minded := list(dict.fromkeys(_minded(desk, one) for one in found)):
        blocks.append(Bullets(tuple(runs for runs in minded if runs)))
    return (*blocks, *(placed(drawn.forecast(one, desk.t)) for one in found if one.series.name in figures))


def _finding(desk: Desk, found: Forecast) -> Finding:
    series, t = found.series, desk.t
    values = [_number(desk, found, statistic) for statistic in ("last", "value")]
    words: dict[str, Run | Runs] = {
        "title": series.title[t.lang],
        "last": values[0],
        "value": values[1],
        "now": t.period(series.periods[-1]),
        "period": t.period(found.periods[-1]),
        "level": t.value(100 * LEVEL, "percent", 0),
    }
    bounded = found.low[-1] is not None and found.high[-1] is not None
    if bounded:
        words |= {"low": _number(desk, found, "low"), "high": _number(desk, found, "high")}
    headline = HEADLINES[sentences.direction(t, found.value[-1], float(series.values[-1]), series.unit)]
    message = sentences.FORECASTS["interval" if bounded else "open"]
    passed = desk.day is not None and last_day(found.periods[-1]) < desk.day
    runs = desk.together(
        desk.say(message, **sentences.chosen(message, words)),
        desk.say(sentences.PASSED) if passed else (),
        backtest(desk, found),
    )
    return Finding(
        f"forecast.{series.name}",
        desk.say(headline, **sentences.chosen(headline, words)),
        desk.cited(runs, *series.sources[-1:]),
    )


def _scenarios(desk: Desk, short: list[Forecast]) -> Iterator[Block]:
    """Series of one question that are too short, in one finding: each with the middle one of its scenarios."""
    alone = not _of_member(short[0])
    asked = short[0] if alone else desk.ground.forecast(MEMBERS)
    places = [_place(desk, one) for one in short]
    said = desk.say(
        N_(
            "A series of fewer than five figures gives scenarios alone: each supposes where use levels off, and none "
            "was tested on the past."
        )
    )
    title = asked.series.title[desk.t.lang]
    headline = (
        desk.say(HEADLINES["scenario_alone"], title=title)
        if alone
        else desk.say(HEADLINES["scenario"], title=title, places=desk.t.join(places))
    )
    ident = f"forecast.scenarios{f'.{asked.series.name}' if alone else ''}"
    yield Finding(ident, headline, desk.cited(said, *(one.series.sources[-1] for one in short)))
    yield Bullets(
        tuple(
            desk.say(
                sentences.SCENARIOS,
                place=place,
                last=_number(desk, one, "last"),
                now=desk.t.period(one.series.periods[-1]),
                ceiling=_number(desk, one, "ceiling"),
                value=_number(desk, one, "value"),
                period=desk.t.period(one.periods[-1]),
            )
            for place, one in zip(places, short, strict=True)
        )
    )


def _of_member(one: Forecast) -> bool:
    """Whether a series is that of firms in the EU or one of its members."""
    return one.series.name.startswith(MEMBERS)


def _place(desk: Desk, one: Forecast) -> str:
    """What tells a short series from the others: its place, or its title where it is of no member of the EU."""
    name = one.series.name
    if name == MEMBERS:
        return desk.name("EU27")
    return desk.name(name.removeprefix(f"{MEMBERS}-").upper()) if _of_member(one) else one.series.title[desk.t.lang]


def _number(desk: Desk, found: Forecast, statistic: str) -> Number:
    """A figure of a forecast, at its last period."""
    series = found.series
    return desk.of_settings(
        "forecast", series.unit, None, series=series.name, statistic=statistic, period=found.periods[-1]
    )


def backtest(desk: Desk, found: Forecast) -> Runs:
    """How far off the model was when it was tested on the past, beside the naive model."""
    tested, naive = found.backtest, found.naive
    if tested is None or naive is None or naive.backtest is None:
        return desk.say(sentences.BACKTESTS["none"])
    unit = difference_unit(found.series.unit)
    digits = 2 if unit == POINTS else None

    def number(statistic: str, unit: str = "1", digits: int | None = 0) -> Number:
        return desk.of_settings("backtest", unit, digits, series=found.series.name, statistic=statistic)

    words: dict[str, Run | Runs] = {
        "n": number("n"),
        "origins": number("origins"),
        "model": desk.t(MODEL_NAMES[found.model]),
        "error": number("rmse", unit, digits),
        "naive": desk.t(MODEL_NAMES[naive.model]),
        "naive_error": number("naive", unit, digits),
        "coverage": number("coverage", "percent"),
        "level": desk.t.value(100 * LEVEL, "percent", 0),
    }
    message = sentences.BACKTESTS["beats" if found.beats_naive else "naive"]
    return desk.say(message, **sentences.chosen(message, words))


def _minded(desk: Desk, found: Forecast) -> Runs:
    """What to mind about a series and its curve, in the words of its notes."""
    notes = [note.text(desk.t) for note in found.notes if note.code in MINDED and note.code != "naive_wins"]
    said = desk.together((found.series.caveat[desk.t.lang],), *((note,) for note in notes))
    whole = desk.ground.forecast(MEMBERS) if _of_member(found) else found
    return desk.say(N_("{title}: {minded}"), title=whole.series.title[desk.t.lang], minded=said) if said else ()
