"""Verdicts in a briefing: counted as they stand, what speaks against first, and an empty ledger said in a sentence.

The claims here are synthetic.
"""

import dataclasses
from types import SimpleNamespace

import pytest

from aigc_report import i18n
from aigc_report.briefing import claims
from aigc_report.briefing.content import verdicts
from aigc_report.briefing.derivations import derive
from aigc_report.briefing.desk import Desk
from aigc_report.briefing.ground import Ground, Missing
from aigc_report.briefing.model import Finding, Number, Paragraph, Provenance, Verdict, plain

CODES = ("supported", "untested", "contradicted", "inconclusive", "supported", "not_testable")


def claim(number: int, code: str) -> SimpleNamespace:
    both = SimpleNamespace(en=f"Made-up claim {number}", zh=f"虚构论断{number}")
    texts = {"en": both.en, "zh": both.zh}
    finding = SimpleNamespace(name="ratio", value=1.25, n=5, unit="1", of="seeds", about={})
    outcome = SimpleNamespace(finding=finding, interval=(1.1, 1.4), condition=None)
    kind = "fact" if number == 0 else "data"
    about = SimpleNamespace(id=f"claim.made_up_{number}", readers=("public",), kind=kind, statement=texts, limits=texts)
    tested = number % 2 == 0
    verdict = SimpleNamespace(
        code=code,
        outcomes=(outcome,),
        main=(outcome,),
        evidence=object() if tested else None,
        basis="local" if number else "reference",
        size="quick" if number else "standard",
    )
    return SimpleNamespace(claim=about, verdict=verdict, own=False)


@pytest.fixture
def ledger(monkeypatch):
    made = tuple(claim(number, code) for number, code in enumerate(CODES))
    kept = lambda readers="": tuple(one for one in made if not readers or readers in one.claim.readers)  # noqa: E731
    monkeypatch.setattr(claims, "standing", kept)
    words = SimpleNamespace(
        VERDICTS={code: code for code in CODES},
        PLAIN=("1",),
        SIZES={"quick": "quick", "standard": "standard"},
        BASES={"local": "here", "reference": "shipped"},
        basis=lambda t, verdict: f"{verdict.code}: made up.",
        names=lambda t, outcomes: [outcome.finding.name for outcome in outcomes],
        wanted=lambda t, condition, unit: "above 1",
    )
    monkeypatch.setattr(verdicts, "words", words)
    return made


def desk(lang: str = "en", audience: str = "public") -> Desk:
    return Desk(Ground(), i18n.texts(lang), audience)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_verdicts_are_counted_as_they_stand(ledger, lang):
    head, *shown = verdicts.verdicts(desk(lang), most=3)
    assert isinstance(head, Finding)
    counts = {n.provenance.setting("verdict"): n.value for n in head.headline if isinstance(n, Number)}
    assert counts == {code: CODES.count(code) for code in dict.fromkeys(CODES)}
    total, *resting = (n for n in head.runs if isinstance(n, Number))
    assert total.value == len(CODES)
    assert [n.value for n in resting] == [2, 1]  # on experiments made here, and on those that ship
    assert [v.verdict for v in shown if isinstance(v, Verdict)] == ["contradicted", "supported", "inconclusive"]


def test_some_of_every_verdict_are_shown_and_measured_claims_before_looked_up_ones(ledger):
    shown = [block for block in verdicts.verdicts(desk(), most=4) if isinstance(block, Verdict)]
    assert [one.claim[-1] for one in shown] == ["2", "4", "0", "3"]


def test_a_briefing_says_of_which_size_its_experiments_are_and_where_they_were_made(ledger):
    said = plain(next(block for block in verdicts.verdicts(desk()) if isinstance(block, Finding)).runs)
    assert "2 of size “quick”, here; 1 of size “standard”, shipped" in said


def test_a_verdict_carries_its_findings_as_numbers_that_derive_again(ledger):
    shown = [block for block in verdicts.verdicts(desk(), most=1) if isinstance(block, Verdict)]
    numbers = [run for run in shown[0].basis if isinstance(run, Number)]
    assert [number.value for number in numbers] == [1.25, 1.1, 1.4]
    assert [derive(Ground(), number.provenance) for number in numbers] == [1.25, 1.1, 1.4]
    assert plain(shown[0].limits) == "Made-up claim 2"


def test_readers_without_a_claim_are_told_so(ledger):
    (said,) = verdicts.verdicts(desk(audience="research"))
    assert isinstance(said, Paragraph)
    assert plain(said.runs) == verdicts.NONE


def test_a_claim_or_finding_that_is_not_there_is_missing(ledger):
    asked = Provenance("finding", claim="claim.none", settings=(("finding", "ratio"), ("statistic", "value")))
    with pytest.raises(Missing, match=r"no claim claim\.none"):
        derive(Ground(), asked)
    with pytest.raises(Missing, match="no value of other"):
        derive(
            Ground(),
            dataclasses.replace(
                asked, claim="claim.made_up_0", settings=(("finding", "other"), ("statistic", "value"))
            ),
        )


def test_the_ledger_that_ships_is_worded_by_the_ledger():
    for audience in ("government", "enterprise", "research", "practitioner", "public"):
        for lang in ("en", "zh"):
            found = claims.standing(audience)
            blocks = verdicts.verdicts(desk(lang, audience), most=100)
            decided = [one for one in found if one.verdict.code in claims.DECIDED]
            assert len([b for b in blocks if isinstance(b, Verdict)]) == len(decided)
