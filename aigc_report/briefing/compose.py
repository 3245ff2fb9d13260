"""A briefing from a request: the template of its audience filled with what the data say today.

The same request on the same data gives the same briefing, to the letter.
"""

import datetime
import os
import platform
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata

from aigc_report import __version__
from aigc_report.briefing import audiences, claims
from aigc_report.briefing.content import PARTS
from aigc_report.briefing.content.notes import gaps, method
from aigc_report.briefing.desk import Desk
from aigc_report.briefing.ground import INDEX, Basis, Ground
from aigc_report.briefing.model import (
    Block,
    Box,
    Briefing,
    Finding,
    Inputs,
    Language,
    Options,
    Paragraph,
    Reference,
    RunUsed,
    Section,
    all_numbers,
    cited_references,
)
from aigc_report.claims.words import SIZES
from aigc_report.errors import UserError
from aigc_report.i18n import LANGUAGES, N_, Texts, texts

AUTHOR = "aigc-report"
LIBRARIES = ("numpy", "pandas", "scipy")
"""What computes the numbers, beside this program and Python."""
MOST_SUMMARY = 8
"""Findings on the page of the summary."""
RUNS: dict[Basis, str] = {
    "local": N_("Run {run} on this machine"),
    "reference": N_("Reference run {run} (size {size}), shipped with aigc-report"),
}


@dataclass(frozen=True)
class Request:
    """What a briefing is asked for; without `sections` all of the template, without `geo` the EU alone."""

    audience: str
    lang: Language = "en"
    geo: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    date: datetime.date | None = None


def compose(request: Request, ground: Ground | None = None) -> Briefing:
    """The briefing; `UserError` for an audience, language, country or section that does not exist."""
    ground = ground or Ground()
    _check(request, ground)
    t = texts(request.lang)
    template = audiences.load(request.audience)
    day = request.date or today()
    desk = Desk(ground, t, request.audience, request.geo, day)
    questions = template.only(request.sections)
    sections = tuple(
        Section(
            asked.id,
            asked.title[t.lang],
            _once(tuple(block for each in asked.parts for block in PARTS[each.part](desk, **dict(each.settings)))),
        )
        for asked in questions
    )
    summary = _summary(desk, template.lead[t.lang], sections)
    known, made = gaps(desk, {each.part for asked in questions for each in asked.parts}), method(desk)
    return Briefing(
        title=template.title[t.lang],
        subtitle=_subtitle(desk, request),
        audience=request.audience,
        audience_name=t(audiences.NAMES[request.audience]),
        lang=request.lang,
        date=day,
        author=AUTHOR,
        licence=t(N_("Figures under the terms of their sources, which each reference names")),
        geo=request.geo,
        summary=summary,
        sections=sections,
        gaps=known,
        method=made,
        references=_references(desk, summary, sections, known, made),
        inputs=_inputs(desk, sections),
        software=software(),
    )


def today() -> datetime.date:
    """The day of the briefing where none is asked for: that of SOURCE_DATE_EPOCH, else this one, in UTC."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdigit():
        return datetime.datetime.fromtimestamp(int(epoch), datetime.UTC).date()
    return datetime.datetime.now(datetime.UTC).date()


def software() -> tuple[tuple[str, str], ...]:
    """What made the numbers, by name and version."""
    return (
        ("aigc-report", __version__),
        ("python", platform.python_version()),
        *((name, metadata.version(name)) for name in LIBRARIES),
    )


def _check(request: Request, ground: Ground) -> None:
    if request.lang not in LANGUAGES:
        raise UserError(
            'There is no language "{lang}"; there are {known}.', lang=request.lang, known=", ".join(LANGUAGES)
        )
    places = ground.cat.geographies
    for geo in request.geo:
        if geo not in places.index:
            raise UserError('There is no country "{geo}"; give ISO 3166-1 alpha-3 codes such as DEU,FRA.', geo=geo)


def _subtitle(desk: Desk, request: Request) -> str:
    for_whom = desk.t(N_("Briefing: {audience}"), audience=desk.t(audiences.NAMES[request.audience]))
    places = desk.places(request.geo or ("EU27",))
    return f"{for_whom} · {places}"


def _once(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """The blocks without a second one of the same id: two parts of a section may ask for the same figure."""
    seen: set[str] = set()
    kept = []
    for block in blocks:
        ident = getattr(block, "id", "")
        if not ident or ident not in seen:
            kept.append(block)
        seen.add(ident)
    return tuple(kept)


def _summary(desk: Desk, lead: str, sections: tuple[Section, ...]) -> tuple[Block, ...]:
    """The lead, the first finding of every section as its headline, and the options by name: one page.

    While there is room, chosen countries that the first findings leave out follow the first that they name.
    """
    first = [section.findings()[0] for section in sections if section.findings()]
    room = MOST_SUMMARY - len(first)
    further = [
        found
        for section in sections
        for found in section.findings()[1:]
        if found.id.removeprefix("position.") in desk.geo
    ][: max(room, 0)]
    ordered = [found for section in sections for found in section.findings() if found in (*first, *further)]
    return (
        Paragraph((lead,)),
        *(Finding(f"summary.{found.id}", found.headline) for found in ordered[:MOST_SUMMARY]),
        *_weighed(desk, sections),
    )


def _weighed(desk: Desk, sections: tuple[Section, ...]) -> Iterator[Paragraph]:
    """The options by their titles; nothing where no section has any."""
    blocks = (block for section in sections for block in section.blocks if isinstance(block, Options))
    titles = [option.title for block in blocks for option in block.options]
    if titles:
        said = N_("Options weighed at the end, each with the evidence for and against it: {options}.")
        yield Paragraph(desk.say(said, options=desk.t.join([desk.t(N_("“{name}”"), name=title) for title in titles])))


def _references(
    desk: Desk, summary: tuple[Block, ...], sections: tuple[Section, ...], known: Box, made: Box
) -> tuple[Reference, ...]:
    """Every reference that is cited, numbered in the order in which a reader meets it."""
    cited = dict.fromkeys(cited_references((summary, sections, known, made)))
    return tuple(_reference(desk, number, ident) for number, ident in enumerate(cited, 1))


def _reference(desk: Desk, number: int, ident: str) -> Reference:
    t: Texts = desk.t
    kind, _, name = ident.partition(":")
    if kind == "run":
        kept = desk.ground.run(name)
        size = t(SIZES[kept.size]) if kept.size else ""
        return Reference(number, ident, "run", t(RUNS[kept.basis], run=name, size=size))
    if kind == "claim":
        claim = claims.named(name).claim
        return Reference(
            number,
            ident,
            "claim",
            t(N_("Claims ledger, {claim}: {test}"), claim=name, test=claim.test.described[t.lang]),
        )
    about = desk.cat.sources.loc[ident]
    published = t.period(str(about["published"]))
    parts = [str(about["publisher"]), str(about["title"]), published]
    return Reference(
        number,
        ident,
        "source",
        ". ".join(part for part in parts if part) + ".",
        str(about["url"]),
        t.licence(str(about["licence"])),
    )


def _inputs(desk: Desk, sections: tuple[Section, ...]) -> Inputs:
    ground = desk.ground
    named = dict.fromkeys(number.provenance.run for number in all_numbers(sections) if number.provenance.run)
    kept = [ground.run(run) for run in named]
    runs = tuple(RunUsed(each.record.run_id, each.digest, each.basis) for each in kept)
    return Inputs(ground.cat.digest, INDEX, runs, claims.digest())
