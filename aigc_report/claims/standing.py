"""Where every claim stands: its verdict by each body of evidence there is, and the one that is shown first.

Evidence of one basis at one size is judged together, and apart from the rest, so that what a reader runs here does not
move what ships. Shown first is the largest size there is evidence for, and within a size what this machine found.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from aigc_report import catalog
from aigc_report.claims import evidence, history, ledger
from aigc_report.claims.ledger import Ledger
from aigc_report.claims.schema import SIZES, Claim, Size
from aigc_report.claims.verdict import Basis, Verdict, judge, noticed, weigh
from aigc_report.errors import UserError
from gan.experiments.evidence import Evidence


@dataclass(frozen=True, eq=False)
class Standing:
    """One claim with all its verdicts, the one shown first in front. `refused` says why a query gave no evidence."""

    claim: Claim
    verdicts: tuple[Verdict, ...]
    own: bool = False
    refused: UserError | None = None

    @property
    def verdict(self) -> Verdict:
        """The verdict that is shown first."""
        return self.verdicts[0]

    def by(self, basis: Basis, size: Size | None = None) -> Verdict | None:
        """The verdict of one basis: at `size`, or at the largest size there is."""
        return next((v for v in self.verdicts if v.basis == basis and size in (None, v.size)), None)


def stand(size: Size | None = None, package: Path | None = None) -> tuple[Standing, ...]:
    """Where every claim of the ledger stands, in its order; experiments only at `size` where that is given.

    Kept until a claim, a piece of evidence or the history changes.
    """
    folder = package.resolve() if package else catalog.folder()
    return _stand(ledger.load(folder), size, folder, (*evidence.signature(folder), *history.signature()))


@lru_cache(maxsize=16)
def _stand(
    claims: Ledger, size: Size | None, package: Path, read: tuple[tuple[Path, int], ...]
) -> tuple[Standing, ...]:
    """`read` only tells newer files from those that were read before."""
    found = _verdicts(claims, [size] if size else list(reversed(SIZES)), package)
    data = evidence.answers(claims.claims, catalog.load(package))
    changed = history.changed_in_silence(claims.claims)
    return tuple(
        Standing(
            claim,
            tuple(noticed(v, "rule_changed") if claim.id in changed else v for v in verdicts),
            claim.id in claims.own,
            data.refused.get(claim.id),
        )
        for claim in claims
        for verdicts in [found.get(claim.id) or (_untested(claim, size, package),)]
    )


def select(
    standings: Iterable[Standing],
    *,
    verdict: str = "",
    factor: str = "",
    reader: str = "",
    kind: str = "",
    words: str = "",
) -> tuple[Standing, ...]:
    """Those that meet every filter given; an empty one asks for nothing."""
    return tuple(
        s
        for s in standings
        if verdict in ("", s.verdict.code)
        and factor in ("", s.claim.factor)
        and (not reader or reader in s.claim.readers)
        and kind in ("", s.claim.kind)
        and ledger.holds_words(s.claim, words)
    )


def _verdicts(claims: Ledger, sizes: list[Size], package: Path) -> dict[str, tuple[Verdict, ...]]:
    """Claim to its verdicts by evidence, the largest size first and what was found here before what ships."""
    found: dict[str, tuple[Verdict, ...]] = {}
    answers = evidence.answers(claims.claims, catalog.load(package)).evidence
    bodies = [_judged(claims, answers, None, "reference")]
    for size in sizes:
        for basis in evidence.BASES:
            left = evidence.shelf(size, basis, package).evidence
            by_claim = {c.id: left[c.test.name] for c in claims if c.kind == "experiment" and c.test.name in left}
            bodies.append(_judged(claims, by_claim, size, basis))
    for body in bodies:
        for id, verdict in body.items():
            found[id] = (*found.get(id, ()), verdict)
    return found


def _judged(claims: Ledger, by_claim: Mapping[str, Evidence], size: Size | None, basis: Basis) -> dict[str, Verdict]:
    """Verdicts on the shipped claims by themselves, and on a user's own beside them."""
    shipped = [(c, by_claim[c.id]) for c in claims.shipped if c.id in by_claim]
    own = [(c, by_claim[c.id]) for c in claims if c.id in claims.own and c.id in by_claim]
    return judge(shipped, size=size, basis=basis) | judge(own, beside=shipped, size=size, basis=basis)


def _untested(claim: Claim, size: Size | None, package: Path) -> Verdict:
    """The verdict on a claim without evidence of its own: facts and norms as they are, the rest untested."""
    return weigh(claim, _looked_up(claim, package), size if claim.kind == "experiment" else None)


def _looked_up(claim: Claim, package: Path) -> datetime.date | None:
    """The last day on which the facts of a claim were looked up, as the document's statements note it."""
    from aigc_report import document

    if not claim.test.facts:
        return None
    statements = {s.id: s for s in document.load(package)}
    checks = [statements[f.about].check for f in claim.test.facts if f.about in statements]
    days = [check.checked for check in checks if check is not None and len(check.checked) == len("2026-11-24")]
    return datetime.date.fromisoformat(max(days)) if days else None
