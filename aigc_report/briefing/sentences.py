"""Sentences that facts assemble: a table of cases for each kind of statement, and what decides between them.

A case is chosen by what a reader will see: figures that are printed alike count as alike, so that no sentence says
"rose" between two equal numbers. What a break in the series makes doubtful is never called a change.
"""

from typing import Literal

from aigc_report.briefing.desk import Desk, difference_unit, worded
from aigc_report.briefing.ground import key_of
from aigc_report.briefing.model import Run, Runs
from aigc_report.catalog import Observation
from aigc_report.factors import Headline, Point
from aigc_report.i18n import N_, Texts

Direction = Literal["up", "down", "same"]
Case = Literal["up", "down", "same", "broken", "first", "missing"]

CHANGES: dict[Case, str] = {
    "up": N_("{label}: {value} ({period}), {change} more than before ({before}, {before_period})."),
    "down": N_("{label}: {value} ({period}), {change} less than before ({before}, {before_period})."),
    "same": N_("{label}: {value} ({period}), no change from {before_period} at the precision shown."),
    "broken": N_(
        "{label}: {value} ({period}), before that {before} ({before_period}); the series breaks or is defined anew in "
        "between, so the difference is not change alone."
    ),
    "first": N_("{label}: {value} ({period})."),
    "missing": N_("{label}: no figure is known."),
}
"""One figure and the one before it, in one sentence."""
FURTHER: dict[Case, str] = {
    "up": N_("Up from {before} in {before_period}."),
    "down": N_("Down from {before} in {before_period}."),
    "same": N_("At the precision shown that is what it was before ({before_period})."),
    "broken": N_(
        "The series breaks or is defined anew between {before_period} and {period}, so the difference is not change "
        "alone."
    ),
    "first": N_("No earlier figure compares with it."),
    "missing": N_("No figure is known."),
}
"""What is said under a headline, which holds the figure already."""
HEADLINES: dict[Case, str] = {
    "up": N_("{label}: {value} ({period}), up {change} from {before_period}"),
    "down": N_("{label}: {value} ({period}), down {change} from {before_period}"),
    "same": N_("{label}: {value} ({period}), as in {before_period}"),
    "broken": N_("{label}: {value} ({period}); {before} in {before_period}, by an earlier definition"),
    "first": N_("{label}: {value} ({period})"),
    "missing": N_("{label}: no figure known"),
}
"""The same as a headline."""
BESIDE: dict[Direction | Literal["missing"], str] = {
    "up": N_("That is {gap} above the figure for {second} ({b})."),
    "down": N_("That is {gap} below the figure for {second} ({b})."),
    "same": N_("That is the same as for {second}."),
    "missing": N_("For {second} no figure is known."),
}
"""The second of two figures after a sentence that holds the first."""
COMPARISONS: dict[Direction | Literal["missing"], str] = {
    "up": N_("{first} {a}, {gap} above {second} ({b})."),
    "down": N_("{first} {a}, {gap} below {second} ({b})."),
    "same": N_("{first} {a}, the same as {second}."),
    "missing": N_("{first} {a}; for {second} no figure is known."),
}
"""Two figures of one question in one period."""
ENDS: dict[Literal["apart", "alike", "missing"], str] = {
    "apart": N_("{name}, across {n} EU members in {period}: from {low} ({lowest}) to {high} ({highest})."),
    "alike": N_("{name}, across {n} EU members in {period}: {high} everywhere."),
    "missing": N_("{name}: for single members no figure is known."),
}
"""The members of the EU on one question."""
RANKS: dict[Literal["alone", "tied", "absent", "absents"], str] = {
    "alone": N_("{place}: rank {rank} of {all} in the index {index}, {range}"),
    "tied": N_("{place}: rank {rank} of {all} in the index {index}, shared by {tied}, {range}"),
    "absent": N_("{place} is not in the index, which covers the {all} members of the European Union."),
    "absents": N_("{place} are not in the index, which covers the {all} members of the European Union."),
}
INTERVALS: dict[Literal["point", "range"], str] = {
    "point": N_("the same in nine of ten replications"),
    "range": N_("{low} to {high} in nine of ten replications"),
}
ORDERS: dict[Literal["first", "second", "open"], str] = {
    "first": N_("{first} stands above {second} in {share} of the replications: that order is a finding."),
    "second": N_("{first} stands above {second} in only {share} of the replications: the reverse order is a finding."),
    "open": N_("{first} stands above {second} in {share} of the replications: their order is not a finding."),
}
"""Two units of an index."""
FORECASTS: dict[Literal["interval", "open"], str] = {
    "interval": N_("The {level} interval of the forecast runs from {low} to {high}."),
    "open": N_("The model gives no interval."),
}
"""What is said under the headline of a forecast, which holds the last figure and the expected one."""
SCENARIOS = N_("{place}: {last} ({now}); if use levelled off at {ceiling}, it would be {value} in {period}.")
"""One series that is too short for a forecast."""
PASSED = N_("That date has passed; figures from it on are not in the data yet.")
"""A forecast whose last date lies before that of the briefing."""
BACKTESTS: dict[Literal["beats", "naive", "none"], str] = {
    "beats": N_(
        "Tested on {n} values from {origins} earlier points in time, the model ({model}) was off by {error} as a rule, "
        "the naive model ({naive}) by {naive_error}; {coverage} of what came lay inside the {level} intervals."
    ),
    "naive": N_(
        "Tested on {n} values from {origins} earlier points in time, no curve beat the naive model ({naive}), which "
        "was off by {naive_error} as a rule: read the forecast as that. {coverage} of what came lay inside the {level} "
        "intervals."
    ),
    "none": N_("The series is too short for a back-test."),
}


def direction(t: Texts, value: float, before: float, unit: str) -> Direction:
    """Whether a reader who sees both figures, and their difference, sees a rise, a fall or neither."""
    apart = worded(t, abs(value - before), difference_unit(unit))
    if apart == worded(t, 0.0, difference_unit(unit)) or worded(t, value, unit) == worded(t, before, unit):
        return "same"
    return "up" if value > before else "down"


def case_of(t: Texts, headline: Headline) -> Case:
    """Which case of `CHANGES` and `HEADLINES` a headline is."""
    if headline.change is None or headline.change_from is None:
        return "first"
    if headline.change_breaks:
        return "broken"
    return direction(t, headline.value, headline.value - headline.change, headline.unit)


def changed(desk: Desk, found: Headline) -> tuple[Runs, Runs, Runs]:
    """A factor's headline figure as a headline, as what stands under it, and as one sentence by itself."""
    t, case = desk.t, case_of(desk.t, found)
    now = Point(found.period, found.value, found.source, found.flag, found.note)
    value = desk.point(found.indicator, found.geo, found.breakdown, now, found.unit)
    words: dict[str, Run | Runs] = {
        "label": found.label[t.lang],
        "value": value,
        "period": t.period(found.period),
    }
    numbers = [value]
    if found.change_from is not None:
        earlier = next(point for point in found.series if point.period == found.change_from)
        rows = tuple(key_of(found.indicator, found.geo, found.breakdown, point) for point in (now, earlier))
        before = desk.point(found.indicator, found.geo, found.breakdown, earlier, found.unit)
        numbers.append(before)
        words |= {
            "before": before,
            "before_period": t.period(earlier.period),
            "change": desk.of_rows("gap", rows, difference_unit(found.unit)),
        }
    headline = desk.say(HEADLINES[case], **chosen(HEADLINES[case], words))
    further, sentence = (desk.say(cases[case], **chosen(cases[case], words)) for cases in (FURTHER, CHANGES))
    sources = desk.sources(*numbers)
    return headline, desk.cited(further, *sources), desk.cited(sentence, *sources)


def compared(desk: Desk, first: tuple[str, Observation], second: tuple[str, Observation | None]) -> Runs:
    """One figure against another of the same indicator and unit, each with what it is called."""
    return _against(desk, COMPARISONS, first, second)


def beside(desk: Desk, first: Observation, second: tuple[str, Observation | None]) -> Runs:
    """The same where the first figure was said just before."""
    return _against(desk, BESIDE, ("", first), second)


def _against(
    desk: Desk,
    cases: dict[Direction | Literal["missing"], str],
    first: tuple[str, Observation],
    second: tuple[str, Observation | None],
) -> Runs:
    (first_name, a), (second_name, b) = first, second
    words: dict[str, Run | Runs] = {"first": opened(first_name), "second": second_name, "a": desk.observed(a)}
    sources, message = [a.source], cases["missing"]
    if b is not None:
        message = cases[direction(desk.t, a.value, b.value, a.unit)]
        rows = tuple(key_of(each.indicator, each.geo, each.breakdown, as_point(each)) for each in (a, b))
        words |= {"b": desk.observed(b), "gap": desk.of_rows("gap", rows, difference_unit(a.unit))}
        sources.append(b.source)
    return desk.cited(desk.say(message, **chosen(message, words)), *sources)


def opened(text: str) -> str:
    """`text` as a sentence begins."""
    return text[:1].upper() + text[1:]


def as_point(found: Observation) -> Point:
    """An observation as a point of its series."""
    return Point(found.period, found.value, found.source, found.flag, found.note)


def chosen(message: str, words: dict[str, Run | Runs]) -> dict[str, Run | Runs]:
    """Those of `words` that have a place in `message`."""
    return {name: value for name, value in words.items() if f"{{{name}}}" in message}
