"""What claims may name and others keep: experiments, queries, and the rules as they were recorded before any test.

``data/reference/rules.csv`` holds a line for every version of every rule: claim, version, declared, digest. It is
written by ``tools/record_rules.py`` before a test is run, so that a rule changed afterwards shows.
"""

import csv
import inspect
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from aigc_report.claims.queries import QUERIES
from aigc_report.claims.schema import Claim
from gan.experiments import design
from gan.experiments.design import Experiment, Size
from gan.experiments.evidence import Evidence

RULES = "reference/rules.csv"
COLUMNS = ("claim", "version", "declared", "digest")


def experiments() -> Mapping[str, Experiment]:
    """Name to experiment."""
    return design.EXPERIMENTS


def estimate_s(experiments: Iterable[Experiment], size: Size) -> float:
    """Seconds that experiments take together on two quiet cores, from nothing."""
    return design.estimate_s(experiments, size)


def queries() -> Mapping[str, Callable[..., Evidence]]:
    """Name to query: a function of the catalogue and the claim's arguments that returns evidence."""
    return QUERIES


def misasked(query: Callable[..., Any], arguments: Mapping[str, Any]) -> str:
    """Why `query` cannot be asked with `arguments`; empty where it can."""
    try:
        inspect.signature(query).bind(None, **arguments)
    except TypeError as error:
        return str(error)
    return ""


def recorded(package: Path) -> dict[tuple[str, int], str]:
    """Claim and version of a rule to the digest recorded for it in the data package at `package`."""
    path = package / RULES
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return {(row["claim"], int(row["version"])): row["digest"] for row in csv.DictReader(file)}


def record(claims: Iterable[Claim]) -> str:
    """The content of ``rules.csv`` for `claims`: a line a version, sorted."""
    lines = sorted(
        (claim.id, v.version, v.declared.isoformat(), v.digest)
        for claim in claims
        if claim.rule is not None
        for v in claim.rule.versions
    )
    return "\n".join([",".join(COLUMNS), *(",".join(map(str, line)) for line in lines)]) + "\n"
