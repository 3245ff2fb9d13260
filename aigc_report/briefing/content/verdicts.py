"""The claims of the founding document that matter to these readers, with verdict, basis and limits."""

from collections import Counter

from aigc_report.briefing import claims
from aigc_report.briefing.desk import PLAIN, Desk
from aigc_report.briefing.model import Block, Cite, Finding, Number, Paragraph, Provenance, Runs, Verdict
from aigc_report.claims import words
from aigc_report.claims.standing import Standing
from aigc_report.claims.verdict import Code, Outcome
from aigc_report.i18n import N_

COUNTS: dict[Code, str] = {
    "contradicted": N_("{n} contradicted"),
    "partly_supported": N_("{n} partly supported"),
    "supported": N_("{n} supported"),
    "inconclusive": N_("{n} inconclusive"),
    "untested": N_("{n} untested"),
    "not_testable": N_("{n} not testable"),
}
NONE = N_("The claims ledger holds no claim for these readers, so this briefing gives no verdict.")


def verdicts(desk: Desk, most: int = 4) -> tuple[Block, ...]:
    """How many claims have which verdict, then up to `most` of them, what the evidence says against first."""
    found = claims.standing(desk.audience)
    if not found:
        return (Paragraph(desk.say(NONE)),)
    counted = Counter(one.verdict.code for one in found)
    items = [desk.say(message, n=_number(desk, verdict)) for verdict, message in COUNTS.items() if counted[verdict]]
    headline = desk.say(N_("Claims of the founding document for these readers: {counts}"), counts=desk.listed(items))
    about = desk.say(
        N_(
            "Of {n} claims, each with a test and a rule declared before it was run. Small models on small images, and "
            "surveys of single years: a verdict holds for its test."
        ),
        n=_number(desk, ""),
    )
    decided = sorted(
        (one for one in found if one.verdict.code in claims.DECIDED),
        key=lambda one: claims.DECIDED.index(one.verdict.code),
    )
    return (Finding("verdicts.counts", headline, about), *(_verdict(desk, one) for one in decided[:most]))


def _number(desk: Desk, verdict: str) -> Number:
    return desk.of_settings("claims", digits=0, readers=desk.audience, verdict=verdict)


def _verdict(desk: Desk, one: Standing) -> Verdict:
    t, claim = desk.t, one.claim
    found = [_finding(desk, claim.id, outcome) for outcome in one.verdict.main if outcome.finding is not None]
    basis = desk.together((words.sentence(t, one.verdict),), *found)
    return Verdict(
        id=f"verdict.{claim.id}",
        claim=claim.id,
        verdict=one.verdict.code,
        name=t(words.VERDICTS[one.verdict.code]),
        statement=claim.statement[t.lang],
        basis=(*basis, Cite(f"claim:{claim.id}")),
        limits=(claim.limits[t.lang],),
    )


def _finding(desk: Desk, claim: str, outcome: Outcome) -> Runs:
    """One finding with its interval and what the rule asks of it."""
    finding = outcome.finding
    assert finding is not None
    unit = PLAIN if finding.unit in words.PLAIN else str(finding.unit)

    def number(statistic: str, unit: str = unit) -> Number:
        settings = (("finding", finding.name), ("statistic", statistic))
        return desk.number(Provenance("finding", claim=claim, settings=settings), unit)

    said: dict[str, str | Number] = {
        "name": words.name(desk.t, finding),
        "value": number("value"),
        "wanted": words.wanted(desk.t, outcome.condition, finding.unit),
    }
    if outcome.interval is None:
        return desk.say(N_("{name}: {value}; the rule asks for {wanted}."), **said)
    ends = {"low": number("low"), "high": number("high")}
    return desk.say(N_("{name}: {value} (95% interval {low} to {high}); the rule asks for {wanted}."), **said, **ends)
