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
from aigc_report.document.schema import SECTIONS, AnyStatement, Reader, Statement, Text
from aigc_report.errors import UserError

__all__ = ["Document", "Problem", "SectionCoverage", "load", "problems"]

S = TypeVar("S", bound=Statement)


@dataclasses.dataclass(frozen=True)
class SectionCoverage:
    """How much of a section stands as data: statements that belong to it, and those from elsewhere it repeats."""

    section: str
    title: Text
    statements: int
    repeated: int
    bilingual: bool


@dataclasses.dataclass(frozen=True)
class Document:
    """All statements, in the order of the files. `factors` counts those the catalogue reads from ``factors.yaml``."""

    statements: tuple[AnyStatement, ...]
    factors: int = 0

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

    def coverage(self) -> tuple[SectionCoverage, ...]:
        """One line per section of the document, in its order, empty sections included."""
        own = Counter(s.section for s in self) + Counter({"1.2": self.factors})
        repeated = Counter(number for s in self for number in s.also)
        missing = {s.section for s in self for _ in read.untranslated(s)}
        return tuple(
            SectionCoverage(number, Text(en=en, zh=zh), own[number], repeated[number], number not in missing)
            for number, (en, zh) in SECTIONS.items()
        )

    @cached_property
    def _by_id(self) -> dict[str, AnyStatement]:
        return {s.id: s for s in self}


def load(path: Path | None = None) -> Document:
    """The document in the data package at `path` (default: the package that came with the product), cached per folder.

    Raises `UserError` with the first fault and the number of further ones; `problems` lists them all.
    """
    return _load((path or paths.data_folder()).resolve())


@cache
def _load(package: Path) -> Document:
    statements, faults = read.read(package)
    if faults:
        raise UserError(
            "{problem} Faults in all: {count}; aigc-report data check lists them.",
            problem=str(faults[0]),
            count=len(faults),
        )
    return Document(tuple(statements), read.count_factors(package))
