"""The ledger as documents to hand on: JSON for programs, a table for spreadsheets, a line to cite."""

import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

import aigc_report
from aigc_report import catalog
from aigc_report.claims import words
from aigc_report.claims.history import Event
from aigc_report.claims.schema import Claim, Condition, RuleVersion
from aigc_report.claims.standing import Standing
from aigc_report.claims.verdict import Outcome, Verdict
from aigc_report.document.schema import Text
from aigc_report.i18n import LANGUAGES, texts


def listed(standings: Iterable[Standing]) -> dict[str, Any]:
    """The contract's document: every claim with the verdict shown first and its evidence."""
    return {"claims": [short(standing) for standing in standings]}


def short(standing: Standing) -> dict[str, Any]:
    """A claim with the verdict shown first."""
    claim = standing.claim
    return {
        "id": claim.id,
        "section": claim.section,
        "kind": claim.kind,
        "factor": claim.factor,
        "readers": list(claim.readers),
        "about": list(claim.about),
        "own": standing.own,
        "statement": both(claim.statement),
        **verdict(standing.verdict),
    }


def whole(standing: Standing) -> dict[str, Any]:
    """A claim with everything that is known of it: reading, test, rule and every verdict there is."""
    claim = standing.claim
    norm = claim.test.norm
    return {
        **short(standing),
        "reading": both(claim.reading),
        "test": {
            "described": both(claim.test.described),
            "experiment": claim.test.experiment,
            "query": claim.test.query,
            "norm": norm and {"measure": both(norm.measure), "complies": norm.complies and both(norm.complies)},
        },
        "rule": _rule(claim),
        "limits": both(claim.limits),
        "changes_mind": both(claim.changes_mind),
        "refused": str(standing.refused) if standing.refused else None,
        "verdicts": [verdict(v) for v in standing.verdicts],
    }


def verdict(found: Verdict) -> dict[str, Any]:
    """A verdict with what it rests on; `evidence` holds a line for each condition or each fact."""
    evidence = found.evidence
    return {
        "verdict": found.code,
        "sentence": {lang: words.sentence(texts(lang), found) for lang in LANGUAGES},
        "size": found.size,
        "basis": found.basis,
        "tested": found.tested.isoformat() if found.tested else None,
        "rule": found.rule and {"version": found.rule.version, "digest": found.rule.digest},
        "adjusted_together": found.together,
        "notices": list(found.notices),
        "evidence": [_outcome(o) for o in found.outcomes] + [_fact(found, i) for i in range(len(found.facts))],
        "made": evidence.made.isoformat() if evidence else None,
        "machine": evidence.machine if evidence else None,
        "seeds": evidence.seeds if evidence else [],
        "settings": evidence.settings if evidence else {},
        "warnings": evidence.warnings if evidence else [],
        "code_digest": evidence.code_digest if evidence else None,
    }


def table(standings: Iterable[Standing]) -> pd.DataFrame:
    """A row a condition or fact, every claim with one row at least: what a spreadsheet needs."""
    rows = []
    for standing in standings:
        document = short(standing)
        about = {
            "claim": document["id"],
            "section": document["section"],
            "kind": document["kind"],
            "factor": document["factor"],
            "own": document["own"],
            **{f"statement_{lang}": said for lang, said in document["statement"].items()},
            "verdict": document["verdict"],
            "size": document["size"],
            "basis": document["basis"],
            "tested": document["tested"],
            "rule_version": document["rule"] and document["rule"]["version"],
        }
        for line in document["evidence"] or [{}]:
            rows.append({**about, **{column: _cell(line.get(column)) for column in _COLUMNS}})
    return pd.DataFrame(rows)


_COLUMNS = (
    "finding", "role", "value", "low", "high", "unit", "n", "of", "is", "threshold", "state", "p", "p_adjusted",
    "fact", "holds", "source", "runs", "rows",
)  # fmt: skip


def citation(standing: Standing, lang: str, verdict: Verdict | None = None, package: Path | None = None) -> str:
    """One line to quote a verdict with its provenance; the verdict that is shown first unless another is given."""
    t = texts(lang)
    found = verdict or standing.verdict
    rests = [f"{standing.claim.id}"]
    if found.rule is not None:
        rests.append(f"rule v{found.rule.version} {found.rule.digest}")
    if found.evidence is not None and found.evidence.code_digest:
        rests.append(f"code {found.evidence.code_digest[:12]}")
    if standing.claim.kind in ("data", "fact"):
        rests.append(f"data {catalog.load(package).digest[:12]}")
    return t(
        '"{statement}" {sentence} AIGC Report {version} ({provenance}).',
        statement=standing.claim.statement[lang],
        sentence=words.sentence(t, found),
        version=aigc_report.__version__,
        provenance=", ".join(rests),
    )


def both(text: Text) -> dict[str, str]:
    """A text in both languages."""
    return {"en": text.en, "zh": text.zh}


def _outcome(o: Outcome) -> dict[str, Any]:
    finding, ends = o.finding, o.interval or (None, None)
    return {
        **_condition(o.condition),
        "state": o.state,
        "why": o.why or None,
        "about": finding.about if finding else {},
        "value": finding.value if finding and math.isfinite(finding.value) else None,
        "low": ends[0],
        "high": ends[1],
        "unit": finding.unit if finding else None,
        "error": finding.error.kind if finding else None,
        "n": finding.n if finding else None,
        "of": finding.of if finding else None,
        "p": o.p,
        "p_adjusted": o.adjusted,
        "runs": finding.runs if finding else [],
        "rows": finding.rows if finding else [],
    }


def _condition(condition: Condition) -> dict[str, Any]:
    threshold = list(condition.bounds) if len(condition.bounds) > 1 else condition.bounds[0]
    return {
        "finding": condition.finding,
        "is": condition.relation,
        "threshold": threshold,
        "role": condition.role,
        "reason": both(condition.reason),
    }


def _fact(found: Verdict, place: int) -> dict[str, Any]:
    fact = found.facts[place]
    return {"fact": fact.about, "holds": fact.holds, "source": fact.source, "note": both(fact.note)}


def _rule(claim: Claim) -> dict[str, Any] | None:
    if claim.rule is None:
        return None
    return {
        "version": claim.rule.version,
        "declared": claim.rule.declared.isoformat(),
        "conditions": [_condition(condition) for condition in claim.rule.conditions],
        "versions": [version_of(v) for v in claim.rule.versions],
    }


def version_of(version: RuleVersion) -> dict[str, Any]:
    """A version of a rule as JSON."""
    return {
        "version": version.version,
        "declared": version.declared.isoformat(),
        "digest": version.digest,
        "replaced": version.replaced and both(version.replaced),
    }


def event(found: Event) -> dict[str, Any]:
    """A line of a claim's history as JSON."""
    day = {"date": found.day.isoformat(), "what": found.what}
    if found.rule is not None:
        return {**day, **version_of(found.rule), "recorded": found.recorded}
    assert found.test is not None
    return {**day, **found.test.model_dump(mode="json")}


def _cell(value: Any) -> Any:
    return " ".join(map(str, value)) if isinstance(value, list) else value
