"""The state of one of the founding document's five factors: its headline figures, and how far apart the members are."""

from dataclasses import dataclass
from typing import Any

from aigc_report.briefing import sentences
from aigc_report.briefing.content.figures import figure
from aigc_report.briefing.desk import Desk
from aigc_report.briefing.ground import Missing
from aigc_report.briefing.model import Block, Bullets, Finding, Paragraph, Run, Runs
from aigc_report.catalog import Observation
from aigc_report.charts import words
from aigc_report.factors import Headline, reasons
from aigc_report.factors.members import QUESTIONS, ask
from aigc_report.i18n import N_

PURPOSES = "ai_purpose_users"
"""Share of the firms that use AI which use it for a purpose."""
NONUSE = "genai_nonuse_reason"
"""Share of the people that do not use generative AI who name a reason."""


def factor(
    desk: Desk, factor: str, findings: int = 1, more: int = 2, figures: tuple[str, ...] = (), apart: bool = False
) -> tuple[Block, ...]:
    """The first `findings` headline figures as findings, `more` of the rest as a list, then figures by name.

    With `apart`, a sentence on the ends of the EU's members; for barriers, the reasons in their order.
    """
    found = desk.ground.headlines(factor)
    blocks: list[Block] = []
    for one in found[:findings]:
        headline, said, _ = sentences.changed(desk, one)
        first = sentences.case_of(desk.t, one) == "first"
        further = desk.together(*(() if first and one.comparison else (said,)), _beside(desk, one), _minded(desk, one))
        blocks.append(Finding(f"{factor}.{one.indicator}.{one.breakdown or 'all'}", headline, further))
    rest = [desk.together(sentences.changed(desk, one)[2], _beside(desk, one)) for one in found[findings:][:more]]
    if factor == "barriers":
        rest.insert(0, reasons_in_order(desk))
    if apart:
        blocks.append(Paragraph(ends(desk, factor)))
    if rest:
        blocks.append(Bullets(tuple(rest)))
    return (*blocks, *(figure(desk, name) for name in figures))


def purposes(desk: Desk, figures: tuple[str, ...] = ("purposes",)) -> tuple[Block, ...]:
    """What firms in the EU that use AI use it for: the three most named purposes, then figures by name."""
    return (_most_named(desk, MOST_NAMED["purposes"]), *(figure(desk, name) for name in figures))


def nonuse(desk: Desk, figures: tuple[str, ...] = ("reasons_people",)) -> tuple[Block, ...]:
    """Why people in the EU do not use generative AI: the three most named reasons, then figures by name."""
    return (_most_named(desk, MOST_NAMED["nonuse"]), *(figure(desk, name) for name in figures))


@dataclass(frozen=True)
class MostNamed:
    """A question with answers to choose from: the indicator of their shares, and what is said of the first and next."""

    ident: str
    indicator: str
    key: str
    headline: str
    further: str


MOST_NAMED: dict[str, MostNamed] = {
    "purposes": MostNamed(
        f"business.{PURPOSES}",
        PURPOSES,
        "purpose",
        N_("EU firms with AI use it most for {first} in {period}"),
        N_("Next come {others}. Shares of the firms that use AI; several answers were possible."),
    ),
    "nonuse": MostNamed(
        f"barriers.{NONUSE}",
        NONUSE,
        "reason",
        N_("People in the EU who do not use generative AI name {first} most often in {period}"),
        N_("Next come {others}. Shares of those who do not use it."),
    ),
}


def _most_named(desk: Desk, asked: MostNamed) -> Finding:
    """The most named answer as a headline, the next two below it; answers that say nothing are left out."""
    codes = [code for key, code in words.VALUES if key == asked.key and code not in ("any", "other", "total")]
    found = [desk.cat.latest(asked.indicator, "EU27", f"{asked.key}={code}") for code in codes]
    ranked = sorted((one for one in found if one is not None), key=lambda one: -one.value)[:3]
    if len(ranked) < 3:
        raise Missing("The data package has fewer than three answers of {indicator}.", indicator=asked.indicator)
    first, *others = [
        desk.say(
            N_("“{reason}” ({value})"),
            reason=words.value(desk.t, asked.key, words.parse(one.breakdown)[asked.key]),
            value=desk.observed(one),
        )
        for one in ranked
    ]
    period = desk.t.period(ranked[0].period)
    headline = desk.say(asked.headline, first=first, period=period)
    further = desk.say(asked.further, others=desk.listed(others))
    return Finding(asked.ident, headline, desk.cited(further, *(o.source for o in ranked)))


def _beside(desk: Desk, one: Headline) -> Runs:
    """The figure that a headline is compared with, where it is no earlier one."""
    if one.comparison is None:
        return ()
    other = one.comparison
    first = Observation(
        one.indicator, one.geo, one.period, one.breakdown, one.value, one.unit, one.source, one.flag, one.note
    )
    second = Observation(
        one.indicator, other.geo, other.point.period, other.breakdown, other.point.value, one.unit,
        other.point.source, other.point.flag, other.point.note,
    )  # fmt: skip
    name = _called(desk, one, second)
    if first.period != second.period:
        name = desk.t(N_("{name} in {period}"), name=name, period=desk.t.period(second.period))
    return sentences.beside(desk, first, (name, second))


def _called(desk: Desk, one: Headline, found: Observation) -> str:
    """What the other side of a comparison is called: the place, or the breakdown."""
    if found.geo != one.geo:
        return desk.name(found.geo)
    values = [words.value(desk.t, key, code) for key, code in words.parse(found.breakdown).items()]
    return desk.t(N_("“{name}”"), name=desk.t.join(values)) if values else desk.t(N_("all groups together"))


def _minded(desk: Desk, one: Headline) -> Runs:
    """What to mind when a figure and the one beside it are read together."""
    note = one.comparison_note.get(desk.t.lang, "")
    return (note,) if note else ()


def ends(desk: Desk, factor: str) -> Runs:
    """The members of the EU on the first question of a factor: from the lowest to the highest, and how many."""
    asked = QUESTIONS[factor][0]
    found = ask(desk.cat, factor, asked)
    name = desk.cat.name(asked.indicator, desk.t.lang)
    if found.values.empty:
        return desk.say(sentences.ENDS["missing"], name=name)
    rows = found.values.to_dict("records")
    period = str(rows[0]["period"])
    highest, lowest = (
        desk.row("|".join((asked.indicator, str(row["geo"]), period, asked.breakdown, str(row["source"]))), found.unit)
        for row in (rows[0], rows[-1])
    )
    about: dict[str, Any] = {
        "indicator": asked.indicator,
        "breakdown": asked.breakdown,
        "period": period,
    }
    said: dict[str, Run | Runs] = {
        "name": name,
        "n": desk.of_settings("members", digits=0, statistic="n", **about),
        "period": desk.t.period(period),
        "high": highest,
        "low": lowest,
        "highest": _named(desk, [str(row["geo"]) for row in rows if row["value"] == rows[0]["value"]]),
        "lowest": _named(desk, [str(row["geo"]) for row in rows if row["value"] == rows[-1]["value"]]),
    }
    message = sentences.ENDS["alike" if highest.text == lowest.text else "apart"]
    sentence = desk.say(message, **sentences.chosen(message, said))
    return desk.cited(sentence, *desk.sources(highest, lowest))


def _named(desk: Desk, places: list[str]) -> str:
    return desk.t.join([desk.name(geo) for geo in places])


def reasons_in_order(desk: Desk) -> Runs:
    """The three reasons that firms in the EU that considered AI give most often."""
    table = desk.ground.reasons()
    if len(table) < 2:
        raise Missing("The data package has fewer than two reasons for not using AI.")
    items = []
    used = []
    for row in table.head(3).reset_index().to_dict("records"):
        key = "|".join(
            (reasons.CONSIDERERS, "EU27", str(row["period"]), f"barrier={row['reason']}", str(row["source"]))
        )
        number = desk.row(key, "percent")
        used.append(number)
        items.append(
            desk.say(N_("{reason} ({value})"), reason=words.value(desk.t, "barrier", str(row["reason"])), value=number)
        )
    sentence = desk.say(
        N_("Why EU firms that considered AI do not use it, most named first: {reasons}."), reasons=desk.listed(items)
    )
    return desk.cited(sentence, *desk.sources(*used))
