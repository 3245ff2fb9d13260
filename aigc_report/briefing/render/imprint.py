"""What every format says around a briefing's own words: labels and numbers, the lines above and below, sources.

It is worked out once for a briefing, so that all formats number figures alike and name sources alike.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from aigc_report.briefing.model import Briefing, Cite, Figure, Number, Run, Runs, Table, parts
from aigc_report.i18n import N_, Texts, texts

Tone = Literal["good", "bad", "mixed", "open"]

TONES: dict[Tone, str] = {"good": "#08704f", "bad": "#b3261e", "mixed": "#7a5f00", "open": "#5a6472"}
"""Colours under white words: 4.5 to 1 or more, in print too."""

VERDICT_TONES: dict[str, Tone] = {
    "supported": "good",
    "partly_supported": "mixed",
    "contradicted": "bad",
    "inconclusive": "open",
    "untested": "open",
    "not_testable": "open",
}
"""Verdict to the tone in which its word stands; the word says it too."""

PRODUCT = "aigc-report"
Marks = tuple[str | int, ...]
"""A citation as it is printed; numbers lead to their references."""
NAMED = 3
"""Most sources that are named under a figure; beyond them their numbers say where to look."""
SEPARATORS: dict[str, tuple[str, str, str]] = {"en": ("; ", ".", " "), "zh": ("；", "。", "")}
"""What stands between two sources, after the last, and between sentences."""


@dataclass(frozen=True)
class Imprint:
    """Words and numbers around one briefing. `labels` maps the id of a figure or table to its label ("Figure 3")."""

    briefing: Briefing
    t: Texts
    labels: dict[str, str]
    numbers: dict[str, int]
    kicker: str
    facts: str
    foot: str
    description: str

    @property
    def keywords(self) -> tuple[str, ...]:
        """What a search among files may ask for."""
        return (self.t("generative AI"), self.t("adoption"), self.briefing.audience_name, *self.briefing.geo)

    def pieces(self, runs: Runs) -> Iterator[str | Number | Marks]:
        """The runs with citations that follow each other put together: 3, 5 to 8 instead of five marks in brackets."""
        for cited, some in groupby(runs, lambda run: isinstance(run, Cite)):
            if cited:
                yield marks(sorted({self.numbers[run.reference] for run in some if isinstance(run, Cite)}))
            else:
                yield from (run for run in some if not isinstance(run, Cite))

    def note(self, block: Figure | Table) -> Runs:
        """The line under a figure or table: where it comes from, and what to mind."""
        between, end, space = SEPARATORS[self.briefing.lang]
        cited: dict[str, list[Run]] = {}
        for source in block.sources:
            cited.setdefault(publisher(self.briefing.reference(source).text), []).append(Cite(source))
        found: list[Run] = []
        for n, (name, cites) in enumerate(cited.items()):
            if n < NAMED:
                found.append(between + name if n else self.t("Source: {sources}", sources=name))
            found += cites
        if found:
            found.append(end)
        notes = block.chart.notes if isinstance(block, Figure) else block.notes
        return (*found, space.join(("", *notes) if found else notes)) if notes else tuple(found)


def marks(numbers: Sequence[int]) -> Marks:
    """Rising numbers as a mark in brackets: ``[3,5–8]``, its words and numbers apart."""
    found: list[str | int] = []
    for _, run in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0]):
        members = [number for _, number in run]
        found += ["," if found else "[", members[0]]
        if len(members) > 1:
            found += ["," if len(members) == 2 else "–", members[-1]]
    return (*found, "]")


def publisher(reference: str) -> str:
    """Who stands first in a reference: what a line under a figure has room for."""
    return reference.partition(". ")[0].rstrip(" .。")


def of(briefing: Briefing) -> Imprint:
    """The imprint of `briefing`."""
    t = texts(briefing.lang)
    labels: dict[str, str] = {}
    for kind, name in ((Figure, N_("Figure {n}")), (Table, N_("Table {n}"))):
        blocks = [part for part in parts(briefing) if isinstance(part, kind)]
        labels |= {block.id: t(name, n=n) for n, block in enumerate(blocks, start=1)}
    day = t.period(briefing.date.isoformat())
    return Imprint(
        briefing,
        t,
        labels,
        {reference.id: reference.number for reference in briefing.references},
        kicker=t("AIGC adoption report"),
        facts=t(
            "{date} · {numbers} numbers, each derived again from data and runs by {command}",
            date=day,
            numbers=len(briefing.numbers()),
            command="aigc-report verify",
        ),
        foot=f"{PRODUCT} · {day} · {briefing.licence}",
        description=t("{title}. {subtitle}", title=briefing.title, subtitle=briefing.subtitle),
    )
