"""The founding document as data: statements with stable ids, their sections, both languages, and what checks found.

``data/document/*.yaml`` hold lists of statements of one shape (`schema`). The words are ours: the document is
paraphrased, never quoted. ``factors.yaml`` (section 1.2) is the catalogue's and is only counted here.
"""

import dataclasses
from collections import Counter
from collections.abc import Iterator
from functools import cache, cached_property
from pathlib import Path
from typing import TypeVar

from aigc_report import paths
from aigc_report.document import read
from aigc_report.document.read import Problem, problems
from aigc_report.document.schema import FILES, SECTIONS, AnyStatement, Defect, Reader, Statement, Text
from aigc_report.errors import UserError

__all__ = ["FILES", "Document", "Problem", "SectionCoverage", "examine", "load", "problems"]

S = TypeVar("S", bound=Statement)


@dataclasses.dataclass(frozen=True)
class SectionCoverage:
    """How much of a section stands as data: statements that belong to it, and those from elsewhere it repeats.

    `checked` counts those of its own that were looked up or run; a defect of the listing is one that was run. `claims`
    counts the claims of the ledger that put the section to the test.
    """

    section: str
    title: Text
    statements: int
    repeated: int
    bilingual: bool
    checked: int
    claims: int = 0


@dataclasses.dataclass(frozen=True, eq=False)
class Document:
    """All statements, in the order of the files.

    `factors` counts those the catalogue reads from ``factors.yaml``, `claims` the claims of the ledger by section.
    """

    statements: tuple[AnyStatement, ...]
    factors: int = 0
    claims: Counter[str] = dataclasses.field(default_factory=Counter)

    def __getitem__(self, id: str) -> AnyStatement:
        """The statement with this id; ``KeyError`` where there is none."""
        return self._by_id[id]

    def __iter__(self) -> Iterator[AnyStatement]:
        return iter(self.statements)

    def __len__(self) -> int:
        return len(self.statements)

    def of(self, cls: type[S], kind: str | None = None) -> tuple[S, ...]:
        """The statements of one class, and of one kind where `kind` is given."""
        return tuple(s for s in self if isinstance(s, cls) and kind in (None, s.kind))

    def section(self, number: str) -> tuple[AnyStatement, ...]:
        """The statements of section `number` ("8.2") or of all its parts ("8"), those it repeats included."""
        return tuple(s for s in self if any(n == number or n.startswith(f"{number}.") for n in (s.section, *s.also)))

    def for_reader(self, audience: Reader) -> tuple[AnyStatement, ...]:
        """The statements that concern this group most."""
        return tuple(s for s in self if audience in s.readers)

    def search(self, text: str) -> tuple[AnyStatement, ...]:
        """The statements that hold every word of `text` in id, name, words or note, in either language."""
        wanted = text.casefold().split()
        return tuple(s for s in self if all(word in self._words[s.id] for word in wanted))

    def verdicts(self) -> Counter[str]:
        """How many statements were checked with each verdict; defects of the listing, each of them run, left out."""
        return Counter(s.check.verdict for s in self if s.check and not isinstance(s, Defect))

    def coverage(self) -> tuple[SectionCoverage, ...]:
        """One line per section of the document, in its order, empty sections included."""
        return self._coverage

    @cached_property
    def _coverage(self) -> tuple[SectionCoverage, ...]:
        own = Counter(s.section for s in self) + Counter({"1.2": self.factors})
        repeated = Counter(number for s in self for number in s.also)
        missing = {s.section for s in self for _ in read.untranslated(s)}
        checked = Counter(s.section for s in self if s.check or isinstance(s, Defect))
        return tuple(
            SectionCoverage(
                number,
                Text(en=en, zh=zh),
                own[number],
                repeated[number],
                number not in missing,
                checked[number],
                self.claims[number],
            )
            for number, (en, zh) in SECTIONS.items()
        )

    @cached_property
    def _by_id(self) -> dict[str, AnyStatement]:
        return {s.id: s for s in self}

    @cached_property
    def _words(self) -> dict[str, str]:
        """Everything a search looks through, by id."""
        return {s.id: " ".join(_said(s)).casefold() for s in self}


def _said(statement: AnyStatement) -> Iterator[str]:
    texts = [statement.name, statement.text, *([statement.check.note] if statement.check else [])]
    yield statement.id
    for text in texts:
        yield from (text.en, text.zh)


def load(path: Path | None = None) -> Document:
    """The document in the data package at `path` (default: the package that came with the product), cached per folder.

    Raises `UserError` with the first fault and the number of further ones; `problems` lists them all.
    """
    return _load(path.resolve() if path else paths.data_folder())


def examine(package: Path) -> tuple[list[Problem], tuple[SectionCoverage, ...]]:
    """Every fault of a package's document and of the claims about it, and how far what can be read covers it.

    Both are empty where it has none: a package of somebody else's figures needs no founding document.
    """
    if not any((package / read.FOLDER / name).is_file() for name in FILES):
        return [], ()
    statements, faults = read.read(package)
    from aigc_report.claims import read as claims  # claims are made of statements, so it cannot be named above

    faults += claims.problems(package, {s.id for s in statements})
    return faults, Document(tuple(statements), read.count_factors(package), claims.sections(package)).coverage()


@cache
def _load(package: Path) -> Document:
    statements, faults = read.read(package)
    if faults:
        raise UserError(
            "{problem} Faults in all: {count}; aigc-report data check lists them.",
            problem=str(faults[0]),
            count=len(faults),
        )
    from aigc_report.claims import read as claims

    return Document(tuple(statements), read.count_factors(package), claims.sections(package))
