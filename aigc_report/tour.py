"""A guided tour by reader: what each group asks, where the answer stands, and how it stands today.

The questions and their order are those of the group's briefing (`briefing.audiences`), the answers its first findings,
so that the page and the paper cannot disagree; beside them stand the document's own questions for that group. A tour
is composed once for as long as the data, the evidence and the runs stay as they are.
"""

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlencode

from aigc_report import catalog, document
from aigc_report.briefing import audiences
from aigc_report.briefing.audiences import Asked
from aigc_report.briefing.compose import Request, compose
from aigc_report.briefing.model import Briefing, Cite, Number, Paragraph, Reference, Runs, Section
from aigc_report.claims import evidence, history
from aigc_report.document.schema import READERS, AnyStatement, Reader, ReaderGroup
from aigc_report.i18n import LANGUAGES, N_
from gan.record import FINISHED
from gan.store import Store

NAMES: dict[Reader, str] = {reader: audiences.NAMES[reader] for reader in READERS}
"""Reader to its name, in the order of the founding document."""

PAGES: dict[str, str] = {
    "factor": "factors",
    "position": "countries",
    "industries": "sectors",
    "rules": "policy",
    "published": "technology",
    "purposes": "factors",
    "nonuse": "factors",
    "forecasts": "diffusion",
    "measurement": "gan-lab",
    "verdicts": "claims",
    "options": "briefings",
}
"""Part of a briefing to the page on which it can be looked into."""

TITLES: dict[str, str] = {
    "factors": N_("Five factors"),
    "countries": N_("Countries"),
    "sectors": N_("Sectors"),
    "policy": N_("Policy"),
    "technology": N_("Technology"),
    "diffusion": N_("Diffusion"),
    "gan-lab": N_("GAN Lab"),
    "claims": N_("Claims"),
    "briefings": N_("Briefings"),
}
"""Page to its title, as the bar has it."""


@dataclass(frozen=True)
class Place:
    """Where an answer can be looked into: a page, and the address that shows it."""

    page: str
    query: tuple[tuple[str, str], ...] = ()

    def address(self, lang: str) -> str:
        """The address, relative to any page."""
        return f"{self.page}?{urlencode({'lang': lang, **dict(self.query)})}"


@dataclass(frozen=True)
class Stop:
    """A question with its state: the headline of what was found, what it rests on, and where to look further.

    `headline` is empty where nothing was found that answers by itself; `basis` then says what the section holds.
    """

    id: str
    question: str
    headline: str
    basis: str
    references: tuple[Reference, ...]
    places: tuple[Place, ...]


def stops(reader: str, lang: str) -> tuple[Stop, ...]:
    """The questions of `reader`, a key of `NAMES`, in their order."""
    if lang not in LANGUAGES:
        raise KeyError(lang)
    ended = tuple((run.run_id, run.finished) for run in Store().list() if run.status in FINISHED)
    return _stops(reader, lang, (*evidence.signature(catalog.folder()), *history.signature(), *ended))


def questions(reader: Reader) -> tuple[audiences.Question, ...]:
    """What a group asks, in its order, without the answers."""
    return audiences.load(reader).sections


def group(reader: Reader) -> ReaderGroup:
    """What the founding document says to a group of readers."""
    return next(found for found in document.load().of(ReaderGroup) if found.audience == reader)


def asked(reader: Reader) -> tuple[AnyStatement, ...]:
    """The questions that the founding document answers for `reader`."""
    return tuple(s for s in document.load().for_reader(reader) if s.kind == "question")


@lru_cache(maxsize=32)
def _stops(reader: str, lang: str, read: tuple[object, ...]) -> tuple[Stop, ...]:
    """`read` only tells newer evidence and runs from those that were read before."""
    briefing = compose(Request(reader, "zh" if lang == "zh" else "en"))
    template = audiences.load(reader)
    return tuple(
        _stop(section, question.parts, briefing)
        for section, question in zip(briefing.sections, template.sections, strict=True)
    )


def _stop(section: Section, parts: tuple[Asked, ...], briefing: Briefing) -> Stop:
    found = section.findings()
    headline, basis = (found[0].headline, found[0].runs) if found else ((), _first_words(section))
    cited = dict.fromkeys(run.reference for run in (*headline, *basis) if isinstance(run, Cite))
    by_id = {reference.id: reference for reference in briefing.references}
    return Stop(
        section.id,
        section.title,
        _words(headline),
        _words(basis),
        tuple(by_id[reference] for reference in cited),
        tuple(dict.fromkeys(_place(part, briefing.audience) for part in parts)),
    )


def _first_words(section: Section) -> Runs:
    return next((block.runs for block in section.blocks if isinstance(block, Paragraph)), ())


def _words(runs: Runs) -> str:
    """The words and numbers of a text; its citations stand apart."""
    return "".join(run.text if isinstance(run, Number) else run for run in runs if not isinstance(run, Cite)).strip()


def _place(part: Asked, reader: str) -> Place:
    page = PAGES[part.part]
    settings = dict(part.settings)
    if part.part == "factor":
        return Place(page, (("factor", str(settings["factor"])),))
    if part.part == "nonuse":
        return Place(page, (("factor", "barriers"),))
    if part.part == "verdicts":
        return Place(page, (("reader", reader),))
    if part.part == "options":
        return Place(page, (("audience", reader),))
    if part.part == "rules" and settings.get("duties"):
        return Place(page, (("duty", str(settings["duties"][0])),))
    return Place(page)
