"""The claims ledger as a briefing needs it: what stands for one group of readers, and the findings verdicts rest on.

A ledger that holds nothing, or that this installation lacks, gives nothing: the briefing says so in a sentence.
"""

import importlib
import importlib.util
from typing import Any

from aigc_report.briefing.ground import Missing

DECIDED = ("contradicted", "partly_supported", "supported", "inconclusive")
"""Verdicts in the order in which a reader should meet them: what the evidence says against comes first."""


def standing(readers: str = "") -> tuple[Any, ...]:
    """Every claim that concerns a group of readers with its verdict (`aigc_report.claims.standing.Standing`)."""
    if importlib.util.find_spec("aigc_report.claims") is None:
        return ()
    found: tuple[Any, ...] = importlib.import_module("aigc_report.claims.standing").stand()
    return tuple(one for one in found if not readers or readers in one.claim.readers)


def named(claim: str) -> Any:
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


def words() -> Any:
    """How the ledger words verdicts and evidence."""
    return importlib.import_module("aigc_report.claims.words")
