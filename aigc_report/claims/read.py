"""Reads files of claims and says everything that is wrong with them, each fault with its file, line and field."""

import csv
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

import yaml

from aigc_report.check import documents
from aigc_report.claims import declared, reach
from aigc_report.claims.schema import KINDS, RULED, TESTS, Claim, Rule
from aigc_report.document.entries import LOADER, Placed, Problem, fault, mistranslated, of_file
from aigc_report.document.schema import SECTIONS, Factor

FILE = documents.CLAIMS
EVIDENCE = "reference/evidence"
_FORMS = {"above": "one number", "below": "one number", "within": "two numbers, the lower first"}
_ADDRESS = re.compile(r"https?://\S+$")


@dataclass(frozen=True)
class Known:
    """What claims may refer to. `statements` None: nothing is known of the document, so nothing is checked."""

    statements: Collection[str] | None = None
    sources: Collection[str] | None = None
    experiments: Mapping[str, Any] = field(default_factory=dict)
    queries: Mapping[str, Any] = field(default_factory=dict)
    rules: Mapping[tuple[str, int], str] = field(default_factory=dict)
    settled: Collection[str] = ()
    """Experiments of which evidence ships."""
    own: bool = False
    """A user's own claims: a fact may rest on a web address, and a text may stand in one language twice."""


def problems(package: Path, statements: Collection[str]) -> list[Problem]:
    """Every fault of the claims of the data package at `package`, whose document has these `statements`.

    A package without the file has no claims, which is no fault.
    """
    if not (package / FILE).is_file():
        return []
    return claims_of(package / FILE, FILE, _known(package, statements))[1]


def _known(package: Path, statements: Collection[str]) -> Known:
    """What the claims of a data package may refer to."""
    return Known(
        statements={*statements, *(f"factor.{name}" for name in get_args(Factor))},
        sources=_sources(package),
        experiments=declared.experiments(),
        queries=declared.queries(),
        rules=declared.recorded(package),
        settled={path.stem for path in (package / EVIDENCE).glob("*/*.json")},
    )


def _sources(package: Path) -> set[str] | None:
    """The ids of ``sources.csv``; None where it cannot be read, which its own check reports."""
    try:
        with (package / "sources.csv").open(encoding="utf-8", newline="") as file:
            return {row.get("source") or "" for row in csv.DictReader(file)}
    except (OSError, UnicodeDecodeError, csv.Error):
        return None


def claims_of(path: Path, name: str, refer: Known) -> tuple[list[Claim], list[Problem]]:
    """The claims of a file, and every fault; `name` is how faults call the file."""
    placed, faults = of_file(path, name, dict.fromkeys(KINDS, Claim))
    first: dict[str, str] = {}
    for one in placed:
        if one.entry.id in first:
            faults.append(fault("id-duplicate", name, one.node, ("id",), value=one.entry.id, first=first[one.entry.id]))
        first.setdefault(one.entry.id, name)
        faults += [*_references(one, refer), *_tested(one, refer), *_ruled(one, refer)]
        faults += [] if refer.own else mistranslated(one)
    return [one.entry for one in placed], faults


def sections(package: Path) -> Counter[str]:
    """How many claims there are on each section of the document."""
    return Counter(str(entry.get("section")) for entry in _entries(package))


def _entries(package: Path) -> list[dict[str, Any]]:
    """The entries of the claims file as they stand; none where it cannot be read, which its own check reports."""
    try:
        content = yaml.load((package / FILE).read_bytes(), LOADER)
    except (OSError, yaml.YAMLError, ValueError):
        return []
    entries = content if isinstance(content, list) else []
    return [entry for entry in entries if isinstance(entry, dict) and isinstance(entry.get("test", {}), dict)]


def _references(one: Placed, refer: Known) -> Iterator[Problem]:
    claim, file, node = one
    if claim.section is not None and claim.section not in SECTIONS:
        yield fault("section", file, node, ("section",), value=claim.section, expected=", ".join(SECTIONS))
    if refer.statements is not None:
        for place, id in enumerate(claim.about):
            if id not in refer.statements:
                yield fault("id-unknown", file, node, ("about", place), value=id, field="about")
        for place, fact in enumerate(claim.test.facts or ()):
            if fact.about not in refer.statements:
                where = ("test", "facts", place, "about")
                yield fault("id-unknown", file, node, where, value=fact.about, field="about")
    if refer.sources is not None:
        for place, fact in enumerate(claim.test.facts or ()):
            if fact.source not in refer.sources and not (refer.own and _ADDRESS.match(fact.source)):
                where = ("test", "facts", place, "source")
                yield fault("reference", file, node, where, value=fact.source, table="sources.csv")


def _tested(one: Placed, refer: Known) -> Iterator[Problem]:
    claim, file, node = one
    wanted = TESTS[claim.kind]
    if claim.test.given != (wanted,):
        given = ", ".join(claim.test.given) or "none"
        yield fault("claim-test", file, node, ("test",), kind=claim.kind, expected=wanted, value=given)
        return
    if claim.kind == "experiment" and claim.test.name not in refer.experiments:
        where, names = ("test", "experiment"), ", ".join(refer.experiments)
        yield fault("claim-experiment", file, node, where, value=claim.test.name, expected=names)
    if claim.kind == "data":
        if claim.test.name not in refer.queries:
            where, names = ("test", "query"), ", ".join(refer.queries)
            yield fault("claim-query", file, node, where, value=claim.test.name, expected=names)
        elif reason := declared.misasked(refer.queries[claim.test.name], claim.test.arguments):
            yield fault("claim-arguments", file, node, ("test", "query"), value=claim.test.name, reason=reason)


def _ruled(one: Placed, refer: Known) -> Iterator[Problem]:
    claim, file, node = one
    rule = claim.rule
    if claim.kind not in RULED:
        if rule is not None:
            yield fault("claim-rule-surplus", file, node, ("rule",), kind=claim.kind)
        return
    if rule is None:
        yield fault("claim-rule-missing", file, node, (), kind=claim.kind)
        return
    crooked = [place for place, condition in enumerate(rule.conditions) if not condition.sound]
    for place in crooked:
        relation = rule.conditions[place].relation
        where = ("rule", "conditions", place, "threshold")
        yield fault("claim-threshold", file, node, where, value=relation, expected=_FORMS[relation])
    if not rule.main:
        yield fault("claim-no-main", file, node, ("rule", "conditions"))
    elif not crooked:
        possible = reach.codes(rule)
        if never := [code for code in ("supported", "contradicted") if code not in possible]:
            yield fault("claim-one-sided", file, node, ("rule", "conditions"), value=", ".join(never))
    yield from _versions(one, rule, refer)


def _versions(one: Placed, rule: Rule, refer: Known) -> Iterator[Problem]:
    """Faults in the history of a rule: a version left out, days that run backwards, conditions changed in silence."""
    claim, file, node = one
    earlier = sorted(change.version for change in rule.changes)
    if earlier != list(range(1, rule.version)):
        wanted = ", ".join(map(str, range(1, rule.version))) or "none"
        yield fault("claim-versions", file, node, ("rule", "version"), value=rule.version, expected=wanted)
        return
    versions = rule.versions
    for before, after in pairwise(versions):
        if after.declared < before.declared:
            yield fault("claim-version-date", file, node, ("rule",), value=after.version)
    for version in versions:
        kept = refer.rules.get((claim.id, version.version))
        if kept is not None and kept != version.digest:
            yield fault("claim-rule-changed", file, node, ("rule",), value=version.version)
        elif kept is None and claim.test.experiment in refer.settled:
            yield fault("claim-rule-unrecorded", file, node, ("rule",), value=version.version)
