"""From evidence to verdicts: conditions tested with the error of their findings, adjusted together, and combined.

A condition *holds* or *fails* where chance is an unlikely explanation (adjusted p below `inference.LEVEL`) and is
*undecided* otherwise; an exact finding decides by comparison. `within` holds where both ends are excluded from without
(two tests, the weaker counts) and fails where the nearer end is excluded from beyond.

A rule then says: a guard that does not hold, inconclusive; else all main conditions hold, supported; all fail,
contradicted; some hold and some fail, partly supported; otherwise inconclusive. Evidence without a single
finding that the rule is about leaves a claim untested. Nothing here is written by hand.
"""

import datetime
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from aigc_report.claims.inference import LEVEL, Interval, benjamini_hochberg, exact, interval, p_value
from aigc_report.claims.schema import Claim, Condition, Fact, Rule, RuleVersion, Size
from gan.experiments.evidence import Evidence, Finding

Code = Literal["supported", "partly_supported", "contradicted", "inconclusive", "untested", "not_testable"]
Basis = Literal["reference", "local"]
State = Literal["holds", "fails", "undecided"]
Why = Literal["", "chance", "missing", "single", "not_a_number"]
Notice = Literal["rule_after_evidence", "rule_changed"]

CODES: tuple[Code, ...] = (
    "supported", "partly_supported", "contradicted", "inconclusive", "untested", "not_testable",
)  # fmt: skip


class Outcome(NamedTuple):
    """What became of one condition. `why` says what left it undecided.

    `p` is the two-sided p-value of the finding against the threshold, `adjusted` the same adjusted for all conditions
    that were judged together; both None where the finding is exact, missing, or of unknown error.
    """

    condition: Condition
    state: State
    finding: Finding | None = None
    interval: Interval | None = None
    p: float | None = None
    adjusted: float | None = None
    why: Why = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Verdict:
    """The verdict on one claim, with all it rests on.

    `size` is None for data, facts and norms; `tested` the day of the evidence; `together` how many p-values were
    adjusted together; `notices` what a reader must know about rule and evidence.
    """

    claim: str
    code: Code
    size: Size | None = None
    basis: Basis | None = None
    tested: datetime.date | None = None
    outcomes: tuple[Outcome, ...] = ()
    facts: tuple[Fact, ...] = ()
    evidence: Evidence | None = None
    rule: RuleVersion | None = None
    together: int = 0
    notices: tuple[Notice, ...] = ()

    @property
    def main(self) -> tuple[Outcome, ...]:
        """The outcomes that the verdict is about."""
        return tuple(o for o in self.outcomes if o.condition.role == "main")

    @property
    def guards(self) -> tuple[Outcome, ...]:
        """The outcomes that had to hold first."""
        return tuple(o for o in self.outcomes if o.condition.role == "guard")


def judge(
    tested: Iterable[tuple[Claim, Evidence]],
    beside: Iterable[tuple[Claim, Evidence]] = (),
    *,
    size: Size | None = None,
    basis: Basis | None = None,
) -> dict[str, Verdict]:
    """The verdicts on claims with a rule, whose conditions are adjusted together, by id.

    Conditions of `beside` count in the adjustment but get no verdict: claims of a user's own are judged beside those
    of the shipped ledger, whose verdicts they must not move.
    """
    asked = [(claim, claim.rule, evidence) for claim, evidence in tested if claim.rule is not None]
    others = [o for claim, evidence in beside if claim.rule is not None for o in _outcomes(claim.rule, evidence)]
    raw = [_outcomes(rule, evidence) for _, rule, evidence in asked]
    final, together = _adjusted([*raw, others])
    return {
        claim.id: Verdict(
            claim=claim.id,
            code=combine(outcomes),
            size=size,
            basis=basis,
            tested=evidence.made.date(),
            outcomes=tuple(outcomes),
            evidence=evidence,
            rule=rule.versions[-1],
            together=together,
            notices=tuple(_notices(rule, evidence)),
        )
        for (claim, rule, evidence), outcomes in zip(asked, final[: len(raw)], strict=True)
    }


def combine(outcomes: Iterable[Outcome]) -> Code:
    """The verdict that a rule's outcomes add up to."""
    found = list(outcomes)
    if all(o.why == "missing" for o in found if o.condition.role == "main"):
        return "untested"  # the test could not be carried out: its evidence says why
    if any(o.state != "holds" for o in found if o.condition.role == "guard"):
        return "inconclusive"
    states = {o.state for o in found if o.condition.role == "main"}
    if states == {"holds"}:
        return "supported"
    if states == {"fails"}:
        return "contradicted"
    return "partly_supported" if {"holds", "fails"} <= states else "inconclusive"


def weigh(claim: Claim, tested: datetime.date | None = None, size: Size | None = None) -> Verdict:
    """The verdict on a claim that needs no evidence of its own: facts, norms, and whatever was not tested."""
    if claim.kind == "norm":
        return Verdict(claim=claim.id, code="not_testable")
    if claim.test.facts is None:
        rule = claim.rule.versions[-1] if claim.rule is not None else None
        return Verdict(claim=claim.id, code="untested", size=size, rule=rule)
    hold = {fact.holds for fact in claim.test.facts}
    code: Code = "partly_supported" if len(hold) == 2 else "supported" if hold == {True} else "contradicted"
    return Verdict(claim=claim.id, code=code, basis="reference", tested=tested, facts=claim.test.facts)


def _outcomes(rule: Rule, evidence: Evidence) -> list[Outcome]:
    """Every condition tested by itself; what needs a p-value is left undecided until all are adjusted."""
    return [_outcome(condition, evidence.finding(condition.finding)) for condition in rule.conditions]


def _outcome(condition: Condition, finding: Finding | None) -> Outcome:
    if finding is None:
        return Outcome(condition, "undecided", why="missing")
    if not math.isfinite(finding.value):
        return Outcome(condition, "undecided", finding, why="not_a_number")
    if exact(finding):
        return Outcome(condition, "holds" if condition.met_by(finding.value) else "fails", finding)
    p = _p(condition, finding)
    return Outcome(condition, "undecided", finding, interval(finding), p, why="single" if p is None else "chance")


def _p(condition: Condition, finding: Finding) -> float | None:
    """How likely chance explains on which side of the threshold the finding lies."""
    if condition.relation != "within":
        return p_value(finding, condition.bounds[0])
    low, high = condition.bounds
    if finding.value < low:
        return p_value(finding, low)
    if finding.value > high:
        return p_value(finding, high)
    both = [p_value(finding, end) for end in (low, high)]
    return None if None in both else max(p for p in both if p is not None)


def _adjusted(groups: list[list[Outcome]]) -> tuple[list[list[Outcome]], int]:
    """The same outcomes, decided with all their p-values adjusted together, and how many those were."""
    flat = [outcome.p for outcomes in groups for outcome in outcomes if outcome.p is not None]
    adjusted = iter(benjamini_hochberg(flat))
    return [[_decided(outcome, adjusted) for outcome in outcomes] for outcomes in groups], len(flat)


def _decided(outcome: Outcome, adjusted: Iterator[float]) -> Outcome:
    if outcome.p is None or outcome.finding is None:
        return outcome
    p = next(adjusted)
    if p >= LEVEL:
        return outcome._replace(adjusted=p)
    state: State = "holds" if outcome.condition.met_by(outcome.finding.value) else "fails"
    return outcome._replace(adjusted=p, state=state, why="")


def _notices(rule: Rule, evidence: Evidence) -> Iterator[Notice]:
    """An experiment whose evidence is older than the rule that judges it. Data are always older than their rule."""
    if evidence.size is not None and evidence.made.date() < rule.declared:
        yield "rule_after_evidence"


def noticed(verdict: Verdict, notice: Notice) -> Verdict:
    """`verdict` with one more notice."""
    return replace(verdict, notices=(*verdict.notices, notice))


def by_code(verdicts: Mapping[str, Verdict]) -> dict[Code, int]:
    """How many verdicts of each kind there are, kinds without any included."""
    return {code: sum(v.code == code for v in verdicts.values()) for code in CODES}
