"""The ledger: all claims, those that ship with the product and those that a user added, to find and to filter."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property, lru_cache
from pathlib import Path

from aigc_report import catalog
from aigc_report.claims import declared, own
from aigc_report.claims.read import FILE, Known, claims_of
from aigc_report.claims.schema import Claim
from aigc_report.document.schema import Text
from aigc_report.errors import UserError


@dataclass(frozen=True, eq=False)
class Ledger:
    """All claims in the order of their files, the shipped ones first; `own` holds the ids of those a user added.

    `problems` says in sentences which files of the user's own could not be taken in, and why.
    """

    claims: tuple[Claim, ...]
    own: frozenset[str] = frozenset()
    problems: tuple[str, ...] = ()

    def __getitem__(self, id: str) -> Claim:
        """The claim with this id; `UserError` that names the closest where there is none."""
        if id not in self._by_id:
            close = get_close_matches(id, self._by_id, n=3, cutoff=0.4)
            raise UserError(
                'There is no claim "{id}"; the closest are {close}.'
                if close
                else 'There is no claim "{id}"; aigc-report claims list shows them all.',
                id=id,
                close=", ".join(close),
            )
        return self._by_id[id]

    def __iter__(self) -> Iterator[Claim]:
        return iter(self.claims)

    def __len__(self) -> int:
        return len(self.claims)

    def about(self, statement: str) -> tuple[Claim, ...]:
        """The claims that test a statement of the founding document."""
        return self._about.get(statement, ())

    @property
    def shipped(self) -> tuple[Claim, ...]:
        """The claims that came with the product."""
        return tuple(claim for claim in self if claim.id not in self.own)

    @cached_property
    def _by_id(self) -> dict[str, Claim]:
        return {claim.id: claim for claim in self}

    @cached_property
    def _about(self) -> dict[str, tuple[Claim, ...]]:
        found: dict[str, tuple[Claim, ...]] = {}
        for claim in self:
            named = [*claim.about, *(fact.about for fact in claim.test.facts or ())]
            for statement in dict.fromkeys(named):
                found[statement] = (*found.get(statement, ()), claim)
        return found


def holds_words(claim: Claim, words: str) -> bool:
    """Does the claim hold every word of `words`, in its id or in a text, in either language?"""
    said = _said(claim)
    return all(word in said for word in words.casefold().split())


def load(package: Path | None = None) -> Ledger:
    """The claims of the data package at `package` (default: the one installed) and those that a user added.

    `UserError` with the first fault of the shipped file and the number of further ones.
    """
    folder = package.resolve() if package else catalog.folder()
    path = folder / FILE
    return _load(folder, path.stat().st_mtime_ns if path.is_file() else 0, own.signature())


@lru_cache(maxsize=8)
def _load(package: Path, changed_ns: int, kept: tuple[tuple[Path, int], ...]) -> Ledger:
    """`changed_ns` and `kept` only tell newer files from those in the cache."""
    if not changed_ns:
        return Ledger(())
    tables = Known(experiments=declared.experiments(), queries=declared.queries())
    shipped, faults = claims_of(package / FILE, FILE, tables)
    if faults:
        raise UserError(
            "{problem} Faults in all: {count}; aigc-report data check lists them.",
            problem=str(faults[0]),
            count=len(faults),
        )
    added, problems = own.read([path for path, _ in kept], shipped)
    return Ledger((*shipped, *added), frozenset(claim.id for claim in added), tuple(problems))


@lru_cache(maxsize=1024)
def _said(claim: Claim) -> str:
    """Everything that a search looks through."""
    texts: list[Text] = [claim.statement, claim.reading, claim.test.described, claim.limits, claim.changes_mind]
    return " ".join([claim.id, *claim.about, *(words for text in texts for words in (text.en, text.zh))]).casefold()
