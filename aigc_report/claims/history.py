"""Rules and the tests that ran under them, in the order of time: a rule has to stand before its test does.

Versions of a rule are in its claim, each with the day it was declared and the digest of its conditions. Every test on
this machine adds lines to ``$AIGC_REPORT_HOME/claims/history.jsonl``; evidence that ships carries the day it was made.
"""

import datetime
from collections.abc import Iterable
from pathlib import Path
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, ValidationError

from aigc_report.claims import declared
from aigc_report.claims.schema import Claim, RuleVersion, Size
from aigc_report.claims.verdict import Basis, Code, Verdict
from gan.files import append_line
from gan.paths import home

FILE = "history.jsonl"


class Tested(BaseModel):
    """A line of the history: one claim tested once, under which rule, with which result."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    claim: str
    tested: datetime.datetime
    size: Size | None = None
    basis: Basis = "local"
    rule_version: int
    rule_digest: str
    evidence_made: datetime.datetime
    verdict: Code
    machine: str = ""
    conditions: dict[str, str] = {}


class Event(NamedTuple):
    """Something that happened to a claim: a rule declared, or a test run. `recorded`: was the rule's digest kept?"""

    day: datetime.date
    what: Literal["declared", "tested"]
    rule: RuleVersion | None = None
    recorded: bool = False
    test: Tested | None = None


def path() -> Path:
    """The file of the tests on this machine; it need not exist."""
    return home() / "claims" / FILE


def signature() -> tuple[tuple[Path, int], ...]:
    """The file with the moment of its last change; nothing where there is none."""
    return ((path(), path().stat().st_mtime_ns),) if path().is_file() else ()


def record(verdicts: Iterable[Verdict], now: datetime.datetime) -> None:
    """Add a line for each verdict that rests on evidence."""
    lines = [tested(verdict, now) for verdict in verdicts]
    path().parent.mkdir(parents=True, exist_ok=True)
    for line in lines:
        if line is not None:
            append_line(path(), line.model_dump_json())


def tested(verdict: Verdict, now: datetime.datetime) -> Tested | None:
    """The line that says how a verdict came about; None where it rests on no evidence."""
    if verdict.evidence is None or verdict.rule is None:
        return None
    return Tested(
        claim=verdict.claim,
        tested=now,
        size=verdict.size,
        basis=verdict.basis or "local",
        rule_version=verdict.rule.version,
        rule_digest=verdict.rule.digest,
        evidence_made=verdict.evidence.made,
        verdict=verdict.code,
        machine=verdict.evidence.machine,
        conditions={o.condition.finding: o.state for o in verdict.outcomes},
    )


def read() -> list[Tested]:
    """The tests on this machine, the oldest first; a line that a crash cut off is passed over."""
    if not path().is_file():
        return []
    found = []
    for line in path().read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            found.append(Tested.model_validate_json(line))
        except ValidationError:
            continue  # half a line: the test it was about left its evidence all the same
    return found


def of(claim: Claim, shipped: Iterable[Verdict], package: Path) -> list[Event]:
    """What happened to a claim, the oldest first; on one day the rule comes before the test.

    `shipped` are its verdicts by evidence that came with the product.
    """
    kept = declared.recorded(package)
    versions = claim.rule.versions if claim.rule else ()
    rules = [Event(v.declared, "declared", v, kept.get((claim.id, v.version)) == v.digest) for v in versions]
    runs = [line for line in read() if line.claim == claim.id]
    runs += [line for v in shipped if v.evidence and (line := tested(v, v.evidence.made)) is not None]
    events = rules + [Event(line.tested.date(), "tested", test=line) for line in runs]
    return sorted(events, key=lambda event: (event.day, event.what == "tested"))


def changed_in_silence(claims: Iterable[Claim]) -> frozenset[str]:
    """Claims that were tested here under a rule whose version still stands but whose conditions do not."""
    versions = {(c.id, v.version): v.digest for c in claims if c.rule is not None for v in c.rule.versions}
    return frozenset(
        line.claim
        for line in read()
        if versions.get((line.claim, line.rule_version), line.rule_digest) != line.rule_digest
    )
