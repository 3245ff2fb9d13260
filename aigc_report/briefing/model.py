"""The document model of a briefing: what it says and where every number comes from, without how it is drawn.

A `Briefing` is plain, frozen data: the same inputs and date give an equal one. A back end of `render` takes it and
nothing else. Text is a tuple of runs (`Runs`): words, `Number`s and `Cite`s in their order, in the briefing's language
already; a back end adds only its own labels ("Figure 1", "Contents").

A deck has one slide for the title, one for the summary, one per section (the headlines of its findings beside its first
figure or table; all else goes to the notes) and one for the references.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Literal

from aigc_report.charts.chart import Chart

Setting = str | int | float
Language = Literal["en", "zh"]
VERDICTS = ("supported", "partly_supported", "contradicted", "inconclusive", "untested", "not_testable")


@dataclass(frozen=True)
class Provenance:
    """What a number rests on, and the name of the calculation that leads from there to its value.

    ``rows`` are observations ``indicator|geo|period|breakdown|source``. ``run`` is the id of a run and ``field`` a path
    into its record (``quality.fid.value``). ``claim`` is the id of a claim. ``spec`` is the name of an index and
    ``unit`` one of its units. ``settings`` are the remaining arguments of the derivation, sorted by name. What does
    not apply is empty.
    """

    derivation: str
    rows: tuple[str, ...] = ()
    run: str = ""
    field: str = ""
    claim: str = ""
    spec: str = ""
    unit: str = ""
    settings: tuple[tuple[str, Setting], ...] = ()

    def setting(self, name: str) -> Setting:
        """One argument of the derivation; raises ``KeyError`` where it is missing."""
        return dict(self.settings)[name]


@dataclass(frozen=True)
class Number:
    """A number in a briefing. ``value`` is unrounded and in ``unit`` (a unit of `data/units.csv`, ``1`` for a ratio).

    ``text`` is what the reader sees, unit included, rounded and worded as the briefing's language does. ``id`` is
    unique in the briefing and the same in every format and both languages.
    """

    id: str
    value: float
    unit: str
    text: str
    provenance: Provenance


@dataclass(frozen=True)
class Cite:
    """A citation mark: the id of one of the briefing's references, set as its number in brackets."""

    reference: str


Run = str | Number | Cite
Runs = tuple[Run, ...]


@dataclass(frozen=True)
class Paragraph:
    """Running text."""

    runs: Runs


@dataclass(frozen=True)
class Bullets:
    """A list without order."""

    items: tuple[Runs, ...]


@dataclass(frozen=True)
class Finding:
    """What was found: a headline that can stand alone on a slide, and what must be known to judge it."""

    id: str
    headline: Runs
    runs: Runs = ()


@dataclass(frozen=True)
class Figure:
    """A chart with its words. Title, subtitle (unit, population, period), notes and alt text are those of the chart.

    ``sources`` are ids of references; ``caption`` adds a sentence to the chart's own words, or is empty.
    """

    id: str
    chart: Chart
    caption: Runs
    sources: tuple[str, ...]

    @property
    def alt(self) -> str:
        """What the picture shows, for those who do not see it."""
        return self.chart.alt


@dataclass(frozen=True)
class Column:
    """A column of a table; numbers are set flush right. ``share`` is its part of the width, of the sum of all."""

    title: str
    numeric: bool = False
    share: float = 1.0


@dataclass(frozen=True)
class Table:
    """A table; the first cell of each row is its heading. ``sources`` are ids of references."""

    id: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Runs, ...], ...]
    sources: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """A claim of the founding document and what its test gave.

    ``verdict`` is one of `VERDICTS` and ``name`` its word in the briefing's language. ``basis`` says on what and on how
    much it rests, ``limits`` what it cannot say.
    """

    id: str
    claim: str
    verdict: str
    name: str
    statement: str
    basis: Runs
    limits: Runs = ()


@dataclass(frozen=True)
class Option:
    """A course of action that a reader may take, with the evidence on both sides; never a recommendation alone."""

    id: str
    title: str
    what: Runs
    speaks_for: tuple[Runs, ...]
    speaks_against: tuple[Runs, ...]


@dataclass(frozen=True)
class Options:
    """Courses of action side by side, in no order of preference."""

    id: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Box:
    """A framed text set apart from the argument."""

    id: str
    kind: Literal["note", "method", "gaps"]
    title: str
    items: tuple[Runs, ...]


Block = Paragraph | Bullets | Finding | Figure | Table | Verdict | Options | Box


@dataclass(frozen=True)
class Section:
    """A part of the briefing under one heading: the question this audience asks, then what is known of it."""

    id: str
    title: str
    blocks: tuple[Block, ...]

    def findings(self) -> tuple[Finding, ...]:
        """Its findings in order: the points of its slide."""
        return tuple(block for block in self.blocks if isinstance(block, Finding))


@dataclass(frozen=True)
class Reference:
    """A numbered source. ``kind`` says what it is: a published source, a run on a machine, or a claim's test."""

    number: int
    id: str
    kind: Literal["source", "run", "claim"]
    text: str
    url: str = ""
    licence: str = ""


@dataclass(frozen=True)
class RunUsed:
    """A run whose figures stand in the briefing. ``digest`` is the sha256 of its record file."""

    run_id: str
    digest: str
    basis: Literal["local", "reference"]


@dataclass(frozen=True)
class Inputs:
    """All that went in: digest of the data package, index, runs, and digest of what verdicts rest on."""

    data: str
    spec: str
    runs: tuple[RunUsed, ...] = ()
    evidence: str = ""


@dataclass(frozen=True)
class Briefing:
    """A whole briefing in one language for one audience.

    ``summary`` fits on a page: what the sections found, in the order in which this audience asks. ``geo`` are the
    chosen countries (ISO 3166-1 alpha-3). ``software`` maps name to version.
    """

    title: str
    subtitle: str
    audience: str
    audience_name: str
    lang: Language
    date: datetime.date
    author: str
    licence: str
    geo: tuple[str, ...]
    summary: tuple[Block, ...]
    sections: tuple[Section, ...]
    gaps: Box
    method: Box
    references: tuple[Reference, ...]
    inputs: Inputs
    software: tuple[tuple[str, str], ...]

    def __post_init__(self) -> None:
        """Refuse a briefing whose ids are not unique or that cites what it does not list."""
        known = {reference.id for reference in self.references}
        if missing := [cited for cited in cited_references(self) if cited not in known]:
            raise ValueError(f"cited, but not among the references: {', '.join(dict.fromkeys(missing))}")
        seen: dict[str, Number] = {}
        for number in all_numbers(self):
            if seen.setdefault(number.id, number) != number:
                raise ValueError(f"two different numbers have the id {number.id}")

    def reference(self, ident: str) -> Reference:
        """The reference with this id."""
        return next(reference for reference in self.references if reference.id == ident)

    def numbers(self) -> tuple[Number, ...]:
        """Every number once, in the order in which a reader meets them."""
        return tuple(dict.fromkeys(all_numbers(self)))

    def figures(self) -> tuple[Figure, ...]:
        """Every figure, in order."""
        return tuple(part for part in parts(self) if isinstance(part, Figure))

    def to_json(self) -> dict[str, Any]:
        """The briefing as JSON: every field by its name, every block with its ``kind``; a chart with its table."""
        document = _json(self)
        assert isinstance(document, dict)
        return document


def parts(value: Any) -> Iterator[Any]:
    """`value` and everything inside it that belongs to the model, depth first, in the order of the fields."""
    yield value
    if isinstance(value, tuple):
        for part in value:
            yield from parts(part)
    elif is_dataclass(value) and not isinstance(value, Chart):
        for each in fields(value):
            yield from parts(getattr(value, each.name))


def all_numbers(value: Any) -> Iterator[Number]:
    """The numbers in a briefing or a part of one, as often as they stand there."""
    return (part for part in parts(value) if isinstance(part, Number))


def cited_references(value: Any) -> Iterator[str]:
    """Ids of the references that a briefing or a part of one cites, as often as it does."""
    for part in parts(value):
        if isinstance(part, Cite):
            yield part.reference
        elif isinstance(part, Figure | Table):
            yield from part.sources


def plain(runs: Runs, briefing: Briefing | None = None) -> str:
    """The runs as one text; with a briefing its citation marks are set as ``[3]``, without one they are left out."""
    words = []
    for run in runs:
        if isinstance(run, Cite):
            words.append(f"[{briefing.reference(run.reference).number}]" if briefing else "")
        else:
            words.append(run.text if isinstance(run, Number) else run)
    return "".join(words)


def _json(value: Any) -> Any:
    if isinstance(value, Chart):
        return {
            "kind": "Chart",
            "id": value.id,
            "title": value.title,
            "subtitle": value.subtitle,
            "alt": value.alt,
            "notes": list(value.notes),
            "data": value.frame.to_csv(index=False, lineterminator="\n"),
        }
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_json(part) for part in value]
    if is_dataclass(value):
        kind = {} if isinstance(value, Briefing) else {"kind": type(value).__name__}
        # a box has a kind of its own: the name of its class stands first, the field under `box`
        return kind | {
            ("box" if each.name == "kind" else each.name): _json(getattr(value, each.name)) for each in fields(value)
        }
    return value
