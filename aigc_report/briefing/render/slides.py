"""Which slides a briefing becomes: one for the summary, for each section, for what is not known, and for sources.

With the title that makes 8 to 12. A section's slide is headed by its first finding, with the section's question as a
line above; it shows the first figure or table, or the verdicts or options, beside the other findings; everything the
section says stands in the notes. Where a briefing has few sections, further figures get slides of their own.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from aigc_report.briefing.model import (
    Block,
    Box,
    Briefing,
    Bullets,
    Figure,
    Finding,
    Option,
    Options,
    Paragraph,
    Runs,
    Section,
    Table,
    Verdict,
    plain,
)
from aigc_report.briefing.render.imprint import Imprint

LEAST, MOST = 8, 12
"""Slides, the title included."""
VERDICTS, OPTIONS = 4, 3
"""As many as one slide can show."""
TITLE_LETTERS = 110
"""Longest sentence that heads a slide where its section has no finding."""


@dataclass(frozen=True)
class Slide:
    """One slide: its title, what it shows (blocks of one kind), the points beside that, and the speaker's notes.

    `asked` is the question that the title answers, where it is an answer. `details` are what stands under each point
    where there is room; empty where points stand by themselves. A point without words is the title: its details are
    the title's.
    """

    title: str
    shows: tuple[Block | Option, ...] = ()
    points: tuple[Runs, ...] = ()
    notes: tuple[str, ...] = ()
    details: tuple[Runs, ...] = ()
    asked: str = ""


def plan(of: Imprint) -> list[Slide]:
    """The slides after the title and before the sources, in order."""
    briefing = of.briefing
    summary = Slide(of.t("Summary"), (), _points(briefing.summary), tuple(_spoken(of, briefing.summary)))
    notes = (*_spoken(of, (briefing.gaps,)), *_spoken(of, (briefing.method,)))
    unknown = Slide(briefing.gaps.title, (), briefing.gaps.items, notes)
    sections = [list(_section(of, section)) for section in briefing.sections]
    return [summary, *_chosen(sections), unknown]


def _chosen(sections: list[list[Slide]]) -> Iterator[Slide]:
    """The first slide of every section, and further ones where there would be too few."""
    room = LEAST - 4 - len(sections)
    for slides in sections:
        more = slides[1 : 1 + max(room, 0)]
        room -= len(more)
        yield from (slides[0], *more)


def _section(of: Imprint, section: Section) -> Iterator[Slide]:
    notes = tuple(_spoken(of, section.blocks))
    pictures = [(block,) for block in section.blocks if isinstance(block, Figure | Table)]
    verdicts = tuple(block for block in section.blocks if isinstance(block, Verdict))
    options = tuple(option for block in section.blocks if isinstance(block, Options) for option in block.options)
    shown: list[tuple[Block | Option, ...]] = list(pictures)
    shown += [verdicts[at : at + VERDICTS] for at in range(0, len(verdicts), VERDICTS)]
    shown += [options[at : at + OPTIONS] for at in range(0, len(options), OPTIONS)]
    yield _headed(section, shown[0] if shown else (), notes)
    for blocks in shown[1:]:
        first = blocks[0]
        title = first.chart.title if isinstance(first, Figure) else section.title
        yield Slide(first.caption if isinstance(first, Table) else title, blocks, (), notes)


def _headed(section: Section, shows: tuple[Block | Option, ...], notes: tuple[str, ...]) -> Slide:
    """A section's first slide: headed by its first finding, else a short sentence that leads in, else its question."""
    findings, points = section.findings(), _points(section.blocks)
    if findings:
        details = tuple(finding.runs for finding in findings)
        return Slide(plain(points[0]), shows, ((), *points[1:]), notes, details, section.title)
    lead = plain(points[0]) if points else ""
    if shows and 0 < len(lead) <= TITLE_LETTERS:
        return Slide(lead.rstrip(".。"), shows, points[1:], notes, asked=section.title)
    return Slide(section.title, shows, points, notes)


def _points(blocks: Iterable[Block]) -> tuple[Runs, ...]:
    """The headlines of the findings; where there are none, what else is said."""
    blocks = tuple(blocks)
    if found := tuple(block.headline for block in blocks if isinstance(block, Finding)):
        return found
    said: list[Runs] = []
    for block in blocks:
        match block:
            case Paragraph(runs):
                said.append(runs)
            case Bullets(items) | Box(items=items):
                said += items
            case _:
                continue
    return tuple(said)


def _spoken(of: Imprint, blocks: Iterable[Block]) -> Iterator[str]:
    """All that the blocks say, line by line, with the numbers of their sources."""
    briefing = of.briefing
    for block in blocks:
        match block:
            case Paragraph(runs):
                yield plain(runs, briefing)
            case Bullets(items):
                yield from _lines(items, briefing)
            case Finding():
                yield plain((*block.headline, " ", *block.runs), briefing).rstrip()
            case Figure():
                said = plain(block.caption, briefing)
                yield f"{of.labels[block.id]}. {block.chart.title}. {block.alt} {said}".rstrip()
                yield plain(of.note(block), briefing)
            case Table():
                yield f"{of.labels[block.id]}. {block.caption}"
                yield from (" · ".join(plain(cell) for cell in row) for row in block.rows)
                yield plain(of.note(block), briefing)
            case Verdict():
                yield f"{block.name}: {block.statement} {plain((*block.basis, ' ', *block.limits), briefing)}".rstrip()
            case Options():
                for option in block.options:
                    yield f"{option.title}. {plain(option.what, briefing)}".rstrip()
                    for side, items in ((of.t("For"), option.speaks_for), (of.t("Against"), option.speaks_against)):
                        yield f"{side}:"
                        yield from _lines(items, briefing)
            case Box():
                yield block.title
                yield from _lines(block.items, briefing)


def _lines(items: Iterable[Runs], briefing: Briefing) -> Iterator[str]:
    return (f"• {plain(item, briefing)}" for item in items)


def sentences(text: str) -> list[str]:
    """`text` in sentences, each with the space that follows it; a point within a number ends none."""
    return [part for part in re.split(r"(?<=[。！？])|(?<=[.!?]\s)", text) if part]
