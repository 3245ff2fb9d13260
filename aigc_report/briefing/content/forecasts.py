"""Forecasts of adoption, each with its interval, its back-test and the naive model it has to beat."""

from aigc_report import diffusion
from aigc_report.briefing import sentences
from aigc_report.briefing.content.figures import placed
from aigc_report.briefing.desk import Desk, difference_unit
from aigc_report.briefing.model import Block, Bullets, Finding, Number, Run, Runs
from aigc_report.charts import diffusion as drawn
from aigc_report.diffusion.forecast import Forecast
from aigc_report.diffusion.intervals import LEVEL
from aigc_report.diffusion.notes import MODEL_NAMES
from aigc_report.i18n import N_

OF_PLACES: dict[str, str] = {"CHN": "china-users", "USA": "us-firms"}
"""Countries outside the EU to their series; each member has ``eu-firms-<code>``."""
MEMBERS = "eu-firms"
"""The series of the EU as a whole; those of its members are called after it and carry their place in their titles."""
HEADLINES: dict[str, str] = {
    "up": N_("{title}: {last}, with {value} expected for {period}"),
    "down": N_("{title}: {last}, a fall to {value} expected for {period}"),
    "same": N_("{title}: {last}, no change expected for {period}"),
    "scenario": N_("{title}: {last}; too few figures for a forecast"),
}
MINDED = ("naive_wins", "not_better", "open_ceiling", "open_ceiling_both", "before_peak", "few_origins", "coverage")
"""Notes of a forecast that a reader must know to judge its curve."""


def forecasts(
    desk: Desk, series: tuple[str, ...] = ("eu-firms",), figures: int = 1, most: int = 4
) -> tuple[Block, ...]:
    """A finding per series: those asked for, then those of the chosen countries; figures of the first ones."""
    known = set(diffusion.names())
    own = [OF_PLACES.get(geo, f"{MEMBERS}-{geo.lower()}") for geo in desk.geo]
    names = [name for name in dict.fromkeys([*series, *own]) if name in known][:most]
    found = [desk.ground.forecast(name) for name in names]
    blocks: list[Block] = [_finding(desk, one) for one in found]
    if minded := list(dict.fromkeys(_minded(desk, one) for one in found)):
        blocks.append(Bullets(tuple(runs for runs in minded if runs)))
    return (*blocks, *(placed(drawn.forecast(one, desk.t)) for one in found[:figures]))


def _finding(desk: Desk, found: Forecast) -> Finding:
    case = case_of(desk, found)
    words = _words(desk, found)
    headline = HEADLINES["up" if case == "open" else case]
    message = sentences.FORECASTS[case]  # type: ignore[index]
    sentence = desk.say(message, **sentences.chosen(message, words))
    runs = desk.together(sentence, () if case == "scenario" else backtest(desk, found))
    return Finding(
        f"forecast.{found.series.name}",
        desk.say(headline, **sentences.chosen(headline, words)),
        desk.cited(runs, *found.series.sources[-1:]),
    )


def case_of(desk: Desk, found: Forecast) -> str:
    """Which case of `sentences.FORECASTS` a forecast is: the way from the last figure to the last forecast one."""
    if found.scenarios:
        return "scenario"
    if found.low[-1] is None or found.high[-1] is None:
        return "open"
    return sentences.direction(desk.t, found.value[-1], float(found.series.values[-1]), found.series.unit)


def _words(desk: Desk, found: Forecast) -> dict[str, Run | Runs]:
    series, t = found.series, desk.t

    def number(statistic: str, unit: str = series.unit, digits: int | None = None) -> Number:
        return desk.of_settings(
            "forecast", unit, digits, series=series.name, statistic=statistic, period=found.periods[-1]
        )

    title = series.title[t.lang]
    if series.name == MEMBERS:
        title = t(N_("{name} ({place})"), name=title, place=desk.name("EU27"))
    words: dict[str, Run | Runs] = {
        "series": title,
        "title": title,
        "last": number("last"),
        "now": t.period(series.periods[-1]),
        "value": number("value"),
        "period": t.period(found.periods[-1]),
    }
    if found.scenarios:
        return words | {"rows": number("rows", "1", 0), "ceiling": number("ceiling")}
    if found.low[-1] is not None and found.high[-1] is not None:
        words |= {"low": number("low"), "high": number("high")}
    return words


def backtest(desk: Desk, found: Forecast) -> Runs:
    """How far off the model was when it was tested on the past, beside the naive model."""
    tested, naive = found.backtest, found.naive
    if tested is None or naive is None or naive.backtest is None:
        return desk.say(sentences.BACKTESTS["none"])
    unit = difference_unit(found.series.unit)

    def number(statistic: str, unit: str = "1", digits: int | None = 0) -> Number:
        return desk.of_settings("backtest", unit, digits, series=found.series.name, statistic=statistic)

    words: dict[str, Run | Runs] = {
        "n": number("n"),
        "origins": number("origins"),
        "model": desk.t(MODEL_NAMES[found.model]),
        "error": number("rmse", unit, 2),
        "naive": desk.t(MODEL_NAMES[naive.model]),
        "naive_error": number("naive", unit, 2),
        "coverage": number("coverage", "percent"),
        "level": desk.t.value(100 * LEVEL, "percent", 0),
    }
    message = sentences.BACKTESTS["beats" if found.beats_naive else "naive"]
    return desk.say(message, **sentences.chosen(message, words))


def _minded(desk: Desk, found: Forecast) -> Runs:
    """What to mind about a series and its curve, in the words of its notes."""
    notes = [note.text(desk.t) for note in found.notes if note.code in MINDED and note.code != "naive_wins"]
    return desk.together((found.series.caveat[desk.t.lang],), *((note,) for note in notes))
