"""The claims ledger as a briefing needs it: what stands for one group of readers, and the findings verdicts rest on.

A ledger that holds nothing for a group of readers gives nothing: the briefing says so in a sentence.
"""

import hashlib
import json
from functools import lru_cache

from aigc_report.briefing.ground import Missing
from aigc_report.claims.schema import Size
from aigc_report.claims.standing import Standing, stand
from aigc_report.claims.verdict import Basis

DECIDED = ("contradicted", "partly_supported", "supported", "inconclusive")
"""Verdicts in the order in which a reader should meet them: what the evidence says against comes first."""


def standing(readers: str = "") -> tuple[Standing, ...]:
    """Every claim that concerns a group of readers with its verdict."""
    return tuple(one for one in stand() if not readers or readers in one.claim.readers)


def rests(one: Standing) -> tuple[Basis, Size] | None:
    """Basis and size of the experiments on which a verdict rests; None where it rests on none."""
    found = one.verdict
    return (found.basis, found.size) if found.evidence is not None and found.basis and found.size else None


def digest() -> str:
    """sha256 over all verdicts and the evidence behind them: where it is another one, a briefing may be."""
    return _digest(standing())


@lru_cache(maxsize=4)
def _digest(found: tuple[Standing, ...]) -> str:
    told = hashlib.sha256()
    for one in found:
        verdict = one.verdict
        said = [one.claim.id, verdict.code, verdict.basis, verdict.size, str(verdict.tested if verdict.size else "")]
        if verdict.evidence is not None:  # figures are asked anew each time: when that was moves no word
            said.append(verdict.evidence.model_dump_json(include={"findings", "warnings"}))
        told.update(json.dumps(said).encode())
    return told.hexdigest()


def named(claim: str) -> Standing:
    """Where the claim with this id stands; `Missing` where the ledger has none."""
    for one in standing():
        if one.claim.id == claim:
            return one
    raise Missing("The ledger has no claim {claim}.", claim=claim)


def measured(claim: str, finding: str, statistic: str) -> float:
    """A finding on which the verdict on a claim rests: its `value`, the `low` or `high` end of its interval, or `n`."""
    for outcome in named(claim).verdict.outcomes:
        if outcome.finding is None or outcome.finding.name != finding:
            continue
        if statistic in ("value", "n"):
            return float(getattr(outcome.finding, statistic))
        if outcome.interval is not None:
            return float(outcome.interval[("low", "high").index(statistic)])
    raise Missing(
        "The evidence on {claim} has no {statistic} of {finding}.", claim=claim, statistic=statistic, finding=finding
    )
