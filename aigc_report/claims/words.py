"""Verdicts, conditions and evidence in words, in the reader's language: one wording for command line, page and report.

A verdict's sentence names what it rests on: the conditions that hold, the size of the sample, the day, the size of the
experiments, the version of the rule, and whether the evidence was made here or ships with the product.
"""

from collections import Counter
from collections.abc import Sequence

from aigc_report.claims.history import Event
from aigc_report.claims.schema import Claim, Condition, Kind, Relation, Role, Size
from aigc_report.claims.verdict import Basis, Code, Notice, Outcome, State, Verdict, Why
from aigc_report.i18n import N_, Texts
from gan.experiments.evidence import Finding

VERDICTS: dict[Code, str] = {
    "supported": N_("Supported"),
    "partly_supported": N_("Partly supported"),
    "contradicted": N_("Contradicted"),
    "inconclusive": N_("Inconclusive"),
    "untested": N_("Untested"),
    "not_testable": N_("Not testable"),
}
SIGNS: dict[Code, str] = {
    "supported": "✓",
    "partly_supported": "◐",
    "contradicted": "✗",
    "inconclusive": "≈",
    "untested": "○",
    "not_testable": "◇",
}
"""A sign for each verdict, which says it without colour."""
MEANINGS: dict[Code, str] = {
    "supported": N_("every condition of the rule holds"),
    "partly_supported": N_("some conditions of the rule hold and some fail"),
    "contradicted": N_("every condition of the rule fails"),
    "inconclusive": N_("chance explains what was found, or the test could not have shown the effect"),
    "untested": N_("no evidence yet"),
    "not_testable": N_("it says what ought to be, not what is"),
}
KINDS: dict[Kind, str] = {
    "experiment": N_("experiment"),
    "data": N_("published figures"),
    "fact": N_("looked up"),
    "norm": N_("norm"),
}
SIZES: dict[Size, str] = {"quick": N_("quick"), "standard": N_("standard"), "full": N_("full")}
BASES: dict[Basis, str] = {"local": N_("made on this machine"), "reference": N_("shipped with the product")}
STATES: dict[State, str] = {"holds": N_("holds"), "fails": N_("fails"), "undecided": N_("undecided")}
RELATIONS: dict[Relation, str] = {
    "above": N_("above {threshold}"),
    "below": N_("below {threshold}"),
    "within": N_("between {low} and {high}"),
}
HOLDS: dict[bool, str] = {True: N_("holds"), False: N_("does not hold")}
ROLES: dict[Role, str] = {"main": N_("decides"), "guard": N_("guard")}
WHY: dict[Why, str] = {
    "chance": N_("chance explains the distance from the threshold"),
    "missing": N_("the evidence does not have this finding"),
    "single": N_("one repetition says nothing about chance"),
    "not_a_number": N_("the experiment found no number"),
}
NOTICES: dict[Notice, str] = {
    "rule_after_evidence": N_(
        "The rule was declared after this evidence was made: the test was not blind to the result. Run it again."
    ),
    "rule_changed": N_(
        "The conditions of this rule are not those it had when it was tested here under the same version: "
        "the change was not declared."
    ),
}
SAMPLES: dict[str, str] = {
    "seeds": N_("{n} seeds"),
    "runs": N_("{n} runs"),
    "images": N_("{n} images"),
    "rows": N_("{n} observations"),
    "cases": N_("{n} cases"),
    "years": N_("{n} years"),
    "countries": N_("{n} countries"),
    "members": N_("{n} member states"),
    "models": N_("{n} models"),
    "points": N_("{n} points"),
    "pairs": N_("{n} pairs"),
    "records": N_("{n} records"),
    "generators": N_("{n} generators"),
    "settings": N_("{n} settings"),
    "calculations": N_("{n} calculations"),
    "timed stretches": N_("{n} timed stretches"),
    "member states": N_("{n} member states"),
    "instruments": N_("{n} instruments"),
    "respondents": N_("{n} respondents"),
    "industries": N_("{n} industries"),
    "pairs of years": N_("{n} pairs of years"),
    "readings": N_("{n} readings"),
    "makers": N_("{n} makers"),
    "accelerators": N_("{n} accelerators"),
    "figures": N_("{n} figures"),
    "sources": N_("{n} sources"),
    "studies": N_("{n} studies"),
}
"""What a finding counts (`Finding.of`) to the words for so many of them."""
SINGLE: dict[str, str] = {
    "seeds": N_("one seed"),
    "runs": N_("one run"),
    "years": N_("one year"),
    "countries": N_("one country"),
    "cases": N_("one case"),
    "settings": N_("one setting"),
    "instruments": N_("one instrument"),
    "generators": N_("one generator"),
    "pairs of years": N_("one pair of years"),
    "readings": N_("one reading"),
    "figures": N_("one figure"),
    "sources": N_("one source"),
    "studies": N_("one study"),
    "calculations": N_("one calculation"),
}
"""The same where it counts one."""
PLAIN = ("1", "", "ratio", "log10 s", "log10 images")
"""Units of numbers that stand by themselves, or that the name of the finding says."""
SHARE = "share"
"""Unit of a part of one."""
AMOUNTS: dict[str, str] = {
    "times": N_("{n} times"),
    "times a year": N_("a factor of {n} a year"),
    "doublings": N_("{n} doublings"),
    "doublings a year": N_("{n} doublings a year"),
    "percentage points a year": N_("{n} percentage points a year"),
}
"""Units that do not simply follow their number in every language."""
ONE: dict[str, str] = {
    "percentage points": N_("1 percentage point"),
    "percentage points a year": N_("1 percentage point a year"),
    "doublings": N_("1 doubling"),
    "powers of ten": N_("1 power of ten"),
}
"""One of a unit that is a plural."""


def sentence(t: Texts, verdict: Verdict) -> str:
    """The verdict with all that it rests on, in one or two sentences."""
    head = t(VERDICTS[verdict.code])
    if parts := _parts(t, verdict):
        return _joined(t, [t("{verdict}: {counted}", verdict=head, counted=parts[0]), *parts[1:]])
    return _without_evidence(t, verdict, head)


def basis(t: Texts, verdict: Verdict) -> str:
    """The same where the verdict itself stands beside it: what it rests on, alone.

    Published figures are asked anew each time, so the day on which that was done is no part of it.
    """
    parts = _parts(t, verdict, dated=verdict.size is not None)
    said = _joined(t, parts) if parts else sentence(t, verdict)
    return said[:1].upper() + said[1:]


def findings(t: Texts, verdict: Verdict) -> list[str]:
    """Each finding that the verdict is about, with its interval and what it had to be."""
    found = [o for o in verdict.main if o.finding is not None]
    return [outcome(t, o, called) for o, called in zip(found, names(t, found), strict=True)]


def outcome(t: Texts, found: Outcome, called: str = "") -> str:
    """One condition with what was found; `called` is what the finding is called where its own words do not tell."""
    if found.finding is None:
        return t("{name}: {why}", name=found.condition.finding, why=t(WHY["missing"]))
    return t(
        "{name}: {value}; needed: {wanted} ({state})",
        name=called or name(t, found.finding),
        value=measured(t, found),
        wanted=wanted(t, found.condition, found.finding.unit),
        state=t(STATES[found.state]),
    )


def name(t: Texts, finding: Finding) -> str:
    """What a finding is, in words where it has any."""
    return finding.about.get(t.lang) or finding.name


def names(t: Texts, outcomes: Sequence[Outcome]) -> list[str]:
    """What the findings of several outcomes are, each told from the others."""
    said = [name(t, o.finding) if o.finding else o.condition.finding for o in outcomes]
    times = Counter(said)
    return [f"{one} ({o.condition.finding})" if times[one] > 1 else one for one, o in zip(said, outcomes, strict=True)]


def measured(t: Texts, found: Outcome) -> str:
    """Value and 95% interval of a finding."""
    assert found.finding is not None
    value = amount(t, found.finding.value, found.finding.unit)
    if found.interval is None:
        return value
    share = found.finding.unit == SHARE
    low, high = (amount(t, end, SHARE) if share else t.number(end) for end in found.interval)
    return t("{value} [{low}, {high}]", value=value, low=low, high=high)


def wanted(t: Texts, condition: Condition, unit: str = "1") -> str:
    """What a condition asks for."""
    ends = [_bound(t, bound, unit) for bound in condition.bounds]
    return t(RELATIONS[condition.relation], threshold=ends[0], low=ends[0], high=ends[-1])


def _bound(t: Texts, bound: float, unit: str) -> str:
    """A threshold: nought needs no unit, and a whole percentage no decimals."""
    if bound == 0:
        return t("zero")
    return t.value(bound, unit, 0) if unit == "percent" and bound == int(bound) else amount(t, bound, unit)


def amount(t: Texts, value: float, unit: str) -> str:
    """A number with its unit; a share as a percentage, ratios by themselves."""
    if unit == SHARE:
        return t.value(100 * value, "percent")
    if value == 1 and unit in ONE:
        return t(ONE[unit])
    if unit in AMOUNTS:
        return t(AMOUNTS[unit], n=t.number(value))
    return t.number(value) if unit in PLAIN else t.value(value, unit)


def sample(t: Texts, finding: Finding) -> str:
    """What a finding rests on."""
    if finding.n == 1 and finding.of in SINGLE:
        return t(SINGLE[finding.of])
    return t(SAMPLES[finding.of], n=t.number(finding.n, 0)) if finding.of in SAMPLES else f"{finding.n} {finding.of}"


def rule(t: Texts, claim: Claim) -> list[str]:
    """The conditions of a claim's rule, each with the reason for its threshold; empty where there is no rule."""
    if claim.rule is None:
        return []
    said = [
        t(
            "{finding} {wanted} ({role}): {reason}",
            finding=condition.finding,
            wanted=wanted(t, condition),
            role=t(ROLES[condition.role]),
            reason=condition.reason[t.lang],
        )
        for condition in claim.rule.conditions
    ]
    declared = t.period(claim.rule.declared.isoformat())
    return [t("version {version}, declared on {date}", version=claim.rule.version, date=declared), *said]


def norm(t: Texts, claim: Claim) -> list[str]:
    """What would show that a norm is kept, and how this product keeps it; empty where the claim is none."""
    found = claim.test.norm
    if found is None:
        return []
    said = [t("What would show it: {measure}", measure=found.measure[t.lang])]
    return [*said, t("This product: {complies}", complies=found.complies[t.lang])] if found.complies else said


def facts(t: Texts, verdict: Verdict) -> list[str]:
    """What was looked up, statement by statement."""
    return [
        t(
            "{about} {holds}: {note} (source {source})",
            about=fact.about,
            holds=t(HOLDS[fact.holds]),
            note=fact.note[t.lang],
            source=fact.source,
        )
        for fact in verdict.facts
    ]


def event(t: Texts, found: Event) -> str:
    """A line of a claim's history."""
    day = t.period(found.day.isoformat())
    if found.rule is not None:
        said = t("{date}: version {version} of the rule declared, digest {digest}", date=day, **_version(found))
        said += "; " + t("the digest is on record") if found.recorded else ""
        why = found.rule.replaced
        return f"{said}. " + t("Replaced later: {why}", why=why[t.lang]) if why else f"{said}."
    assert found.test is not None
    size = t(SIZES[found.test.size]) if found.test.size else t("published figures")
    return t(
        "{date}: tested ({size}, {basis}) under version {version}: {verdict}.",
        date=day,
        size=size,
        basis=t(BASES[found.test.basis]),
        version=found.test.rule_version,
        verdict=t(VERDICTS[found.test.verdict]),
    )


def _version(found: Event) -> dict[str, object]:
    assert found.rule is not None
    return {"version": found.rule.version, "digest": found.rule.digest}


def _parts(t: Texts, verdict: Verdict, dated: bool = True) -> list[str]:
    """What a verdict rests on: what came out, how much there is of it, from where and when; empty for untested ones."""
    if verdict.facts:
        when = t("looked up on {date}", date=t.period(verdict.tested.isoformat())) if verdict.tested else ""
        return [part for part in (_looked_up(t, verdict), when) if part]
    if verdict.evidence is None or verdict.code == "untested":
        return []
    assert verdict.rule is not None
    parts = [_counted(t, verdict), _sample(t, verdict)]
    if verdict.size and verdict.basis:
        parts += [t("size {size}", size=t(SIZES[verdict.size])), t(BASES[verdict.basis])]
    version = verdict.rule.version
    if dated:
        date = t.period(verdict.evidence.made.date().isoformat())
        parts.append(t("tested on {date} under version {version} of the rule", date=date, version=version))
    else:
        parts.append(t("rule version {version}", version=version))
    return [part for part in parts if part]


def _counted(t: Texts, verdict: Verdict) -> str:
    """How many conditions came out how; a guard that does not hold goes before everything."""
    if any(o.state != "holds" for o in verdict.guards):
        return t("the test could not have shown the effect (a guard does not hold)")
    states = Counter(o.state for o in verdict.main)
    n = len(verdict.main)
    if len(states) == 1:
        alike = {1: _ONE, 2: _BOTH}.get(n, _ALL)
        return t(alike[verdict.main[0].state], n=n)
    counts = [t(said, n=states[state]) for state, said in _OF_MANY.items() if states[state]]
    return t("of {n} conditions, {counts}", n=n, counts=t.join(counts))


def _looked_up(t: Texts, verdict: Verdict) -> str:
    """How many of the statements that were looked up hold."""
    n, hold = len(verdict.facts), sum(fact.holds for fact in verdict.facts)
    if n == 1:
        return t(_LOOKED_UP[hold > 0])
    if hold in (0, n):
        return t((_BOTH_LOOKED_UP if n == 2 else _ALL_LOOKED_UP)[hold > 0], n=n)
    return t("{hold} of {n} statements hold up", n=n, hold=hold)


_ONE: dict[State, str] = {
    "holds": N_("its one condition holds"),
    "fails": N_("its one condition fails"),
    "undecided": N_("its one condition is undecided"),
}
_BOTH: dict[State, str] = {
    "holds": N_("both conditions hold"),
    "fails": N_("both conditions fail"),
    "undecided": N_("neither condition could be decided"),
}
_ALL: dict[State, str] = {
    "holds": N_("all {n} conditions hold"),
    "fails": N_("all {n} conditions fail"),
    "undecided": N_("none of {n} conditions could be decided"),
}
_OF_MANY: dict[State, str] = {
    "holds": N_("{n} held"),
    "fails": N_("{n} failed"),
    "undecided": N_("{n} stayed undecided"),
}
"""What became of one condition, of two or more alike, or of some of several."""

_LOOKED_UP: dict[bool, str] = {True: N_("it holds"), False: N_("it does not hold")}
_BOTH_LOOKED_UP: dict[bool, str] = {True: N_("both statements hold up"), False: N_("neither statement holds up")}
_ALL_LOOKED_UP: dict[bool, str] = {
    True: N_("all {n} statements hold up"),
    False: N_("none of {n} statements holds up"),
}


def _sample(t: Texts, verdict: Verdict) -> str:
    """What the findings rest on; of many sizes of one kind of sample the smallest and the largest."""
    found = sorted((o.finding for o in verdict.main if o.finding is not None), key=lambda finding: finding.n)
    said = list(dict.fromkeys(sample(t, finding) for finding in found))
    alike = len({finding.of for finding in found}) == 1
    return t("{first} to {last}", first=said[0], last=said[-1]) if alike and len(said) > 2 else t.join(said)


def _without_evidence(t: Texts, verdict: Verdict, head: str) -> str:
    if verdict.evidence is not None:
        why = " ".join(t(warning) for warning in verdict.evidence.warnings)
        return t("{verdict}: the test left nothing that the rule could judge. {why}", verdict=head, why=why).strip()
    if verdict.size and verdict.code == "untested":
        return t("{verdict} at size {size}: no evidence yet.", verdict=head, size=t(SIZES[verdict.size]))
    return t("{verdict}: {meaning}.", verdict=head, meaning=t(MEANINGS[verdict.code]))


def _joined(t: Texts, parts: list[str]) -> str:
    return t("{parts}.", parts=("；" if t.lang == "zh" else "; ").join(parts))
