"""Where evidence is read from: experiments left it on this machine or ship with the product, data are asked live.

Experiments write ``$AIGC_REPORT_HOME/experiments/<size>/<name>.json`` (basis ``local``); the same files of a named
machine ship in ``data/reference/evidence/`` (basis ``reference``). A query over published figures is computed from the
catalogue whenever it is needed and kept for as long as the process lives.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError

from aigc_report import catalog
from aigc_report.catalog import Catalog
from aigc_report.claims import declared
from aigc_report.claims.schema import SIZES, Claim, Size
from aigc_report.claims.verdict import Basis
from aigc_report.errors import UserError
from gan.experiments.evidence import Evidence
from gan.paths import home

BASES: tuple[Basis, ...] = ("local", "reference")
PROGRESS = "progress.json"
"""A file beside the evidence that says how far the experiments of a size are."""


@dataclass(frozen=True)
class Shelf:
    """The evidence of one basis at one size: experiment to what it left, and what could not be read, in sentences."""

    size: Size
    basis: Basis
    evidence: Mapping[str, Evidence]
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answers:
    """The evidence of data claims by claim, and for those whose query refused, why."""

    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    refused: Mapping[str, UserError] = field(default_factory=dict)


def folder(basis: Basis, package: Path | None = None) -> Path:
    """Where experiments of this basis keep what they left, a folder a size; it need not exist."""
    if basis == "local":
        return home() / "experiments"
    return (package or catalog.folder()) / "reference" / "evidence"


def signature(package: Path | None = None) -> tuple[tuple[Path, int], ...]:
    """Every file of evidence, each with the moment of its last change."""
    return tuple(
        (path, path.stat().st_mtime_ns) for size in SIZES for basis in BASES for path in _files(size, basis, package)
    )


def shelf(size: Size, basis: Basis, package: Path | None = None) -> Shelf:
    """What the experiments of one basis left at one size."""
    evidence: dict[str, Evidence] = {}
    problems: list[str] = []
    for path in _files(size, basis, package):
        found = _read(path, path.stat().st_mtime_ns)
        fault = found if isinstance(found, str) else _misfiled(found, path, size)
        if fault or isinstance(found, str):
            problems.append(f"{path}: {fault}. Run the experiment again.")
        else:
            evidence[path.stem] = found
    return Shelf(size, basis, evidence, tuple(problems))


def answers(claims: tuple[Claim, ...], cat: Catalog) -> Answers:
    """The evidence of every data claim among `claims`, computed from `cat`."""
    evidence: dict[str, Evidence] = {}
    refused: dict[str, UserError] = {}
    for claim in claims:
        if claim.kind == "data" and claim.test.name in declared.queries():
            try:
                evidence[claim.id] = ask(claim, cat)
            except UserError as error:
                refused[claim.id] = error
    return Answers(evidence, refused)


def ask(claim: Claim, cat: Catalog) -> Evidence:
    """What the query of a data claim finds in `cat`; `UserError` where the query refuses its arguments."""
    return _asked(cat, claim.test.name, json.dumps(claim.test.arguments, sort_keys=True, default=str))


@lru_cache(maxsize=512)
def _asked(cat: Catalog, name: str, arguments: str) -> Evidence:
    found: Evidence = declared.queries()[name](cat, **json.loads(arguments))
    return found


def _files(size: Size, basis: Basis, package: Path | None) -> list[Path]:
    """The files of evidence of one basis at one size, in the order of their names."""
    return [path for path in sorted((folder(basis, package) / size).glob("*.json")) if path.name != PROGRESS]


@lru_cache(maxsize=256)
def _read(path: Path, changed_ns: int) -> Evidence | str:
    """The evidence in a file, or what is wrong with it; `changed_ns` tells a newer file from the one kept."""
    try:
        return Evidence.model_validate_json(path.read_bytes())
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    except ValidationError as error:
        first = error.errors()[0]
        return f"{'.'.join(map(str, first['loc'])) or 'the file'}: {first['msg']}"


def _misfiled(found: Evidence, path: Path, size: Size) -> str:
    """Why evidence must not be taken for what its place says; empty where it may."""
    if (found.test, found.size) != (path.stem, size):
        return f"it is evidence of {found.test} at size {found.size}"
    wrong = [f.name for f in found.findings if f.error.kind == "proportion" and f.error.successes > f.error.trials]
    return f"{wrong[0]} has more successes than trials" if wrong else ""
