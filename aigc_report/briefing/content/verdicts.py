"""The claims of the founding document that matter to these readers, with verdict, basis and limits."""

from collections import Counter
from dataclasses import replace
from itertools import zip_longest

from aigc_report.briefing import claims
from aigc_report.briefing.desk import PLAIN, Desk
from aigc_report.briefing.model import Block, Cite, Finding, Number, Paragraph, Provenance, Runs, Verdict
from aigc_report.briefing.sentences import opened
from aigc_report.claims import words
from aigc_report.claims.schema import Kind
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
KINDS: tuple[Kind, ...] = ("experiment", "data", "fact", "norm")
"""Kinds of claims in the order in which a briefing shows them."""
ALL = N_("All that could be tested follow.")
SOME = N_("Some of each kind of verdict follow; the dashboard's page Claims has all.")
NONE = N_("The claims ledger holds no claim for these readers, so this briefing gives no verdict.")


def verdicts(desk: Desk, most: int = 4, first: Kind = "experiment") -> tuple[Block, ...]:
    """How many claims have which verdict and on what they rest, then up to `most` of them: some of every verdict.

    Within a verdict, claims of the kind `first` stand first.
    """
    found = claims.standing(desk.audience)
    if not found:
        return (Paragraph(desk.say(NONE)),)
    counted = Counter(one.verdict.code for one in found)
    items = [desk.say(message, n=_number(desk, verdict)) for verdict, message in COUNTS.items() if counted[verdict]]
    headline = desk.say(
        N_("Claims about generative AI that concern these readers: {counts}"), counts=desk.listed(items)
    )
    shown = _some(found, most, first)
    about = desk.together(
        desk.say(
            N_(
                "The document on which this report is founded makes {n} such claims. Where a rule decides, it was "
                "declared before the test was run. Tests are small models on small images and surveys of single "
                "years: a verdict holds for its test."
            ),
            n=_number(desk, ""),
        ),
        _experiments(desk, found),
        desk.say(ALL if len(shown) == sum(one.verdict.code in claims.DECIDED for one in found) else SOME),
    )
    return (Finding("verdicts.counts", headline, about), *(_verdict(desk, one) for one in shown))


def _some(found: tuple[Standing, ...], most: int, first: Kind) -> list[Standing]:
    """Up to `most` claims with a verdict, as even over the verdicts as there are any: measured before looked up."""
    ranked = sorted(found, key=lambda one: (one.claim.kind != first, KINDS.index(one.claim.kind)))
    of_verdict = [[one for one in ranked if one.verdict.code == code] for code in claims.DECIDED]
    in_turn = [one for turn in zip_longest(*of_verdict) for one in turn if one is not None]
    return sorted(in_turn[:most], key=lambda one: claims.DECIDED.index(one.verdict.code))


def _experiments(desk: Desk, found: tuple[Standing, ...]) -> Runs:
    """How many verdicts rest on experiments, of which size and made where; nothing where none does."""
    kinds = sorted({rests for one in found if (rests := claims.rests(one))}, key=str)
    items = [
        desk.say(
            N_("{n} of size “{size}”, {basis}"),
            n=desk.of_settings("claims", digits=0, readers=desk.audience, verdict="", basis=basis, size=size),
            size=desk.t(words.SIZES[size]),
            basis=desk.t(words.BASES[basis]),
        )
        for basis, size in kinds
    ]
    return desk.say(N_("Verdicts that rest on experiments: {items}."), items=desk.listed(items, "; ")) if items else ()


def _number(desk: Desk, verdict: str) -> Number:
    return desk.of_settings("claims", digits=0, readers=desk.audience, verdict=verdict)


def _verdict(desk: Desk, one: Standing) -> Verdict:
    t, claim = desk.t, one.claim
    tested = [outcome for outcome in one.verdict.main if outcome.finding is not None]
    called = words.names(t, tested)
    found = [_finding(desk, claim.id, *each) for each in zip(tested, called, strict=True)]
    basis = desk.together((words.basis(t, one.verdict),), *found)
    return Verdict(
        id=f"verdict.{claim.id}",
        claim=claim.id,
        verdict=one.verdict.code,
        name=t(words.VERDICTS[one.verdict.code]),
        statement=claim.statement[t.lang],
        basis=(*basis, Cite(f"claim:{claim.id}")),
        limits=(claim.limits[t.lang],),
    )


def _finding(desk: Desk, claim: str, outcome: Outcome, called: str) -> Runs:
    """One finding, by what it is called, with its interval and what the rule asks of it."""
    finding = outcome.finding
    assert finding is not None
    unit = PLAIN if finding.unit in words.PLAIN else str(finding.unit)

    def number(statistic: str) -> Number:
        settings = (("finding", finding.name), ("statistic", statistic))
        made = desk.number(Provenance("finding", claim=claim, settings=settings), unit)
        share = finding.unit == "share"
        return replace(made, text=words.amount(desk.t, made.value, finding.unit)) if share else made

    said: dict[str, str | Number] = {
        "name": opened(called),
        "value": number("value"),
        "wanted": words.wanted(desk.t, outcome.condition, finding.unit),
    }
    if outcome.interval is None:
        return desk.say(N_("{name}: {value}; the rule asks for {wanted}."), **said)
    ends = {end: number(end) for end in ("low", "high")}
    if finding.unit != "share" and desk.t.amount(1.0, unit)[0] == desk.t.number(
        1.0
    ):  # the value before them has the unit already
        ends = {end: replace(at, text=desk.t.number(at.value)) for end, at in ends.items()}
    return desk.say(N_("{name}: {value} (95% interval {low} to {high}); the rule asks for {wanted}."), **said, **ends)
