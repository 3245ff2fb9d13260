"""Claims of a user's own: files of the ledger's shape, checked, and kept in ``$AIGC_REPORT_HOME/claims/``."""

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from aigc_report import catalog
from aigc_report.claims import declared, evidence
from aigc_report.claims.read import Known, claims_of
from aigc_report.claims.schema import Claim
from aigc_report.errors import UserError
from gan.files import write_atomically
from gan.paths import home

SUFFIX = ".yaml"


def folder() -> Path:
    """Where a user's files of claims are kept; it need not exist."""
    return home() / "claims"


def signature() -> tuple[tuple[Path, int], ...]:
    """The files that are kept, each with the moment of its last change."""
    return tuple((path, path.stat().st_mtime_ns) for path in sorted(folder().glob(f"*{SUFFIX}")))


def read(paths: Sequence[Path], shipped: Sequence[Claim]) -> tuple[list[Claim], list[str]]:
    """The claims of the kept files, and a sentence for each file that cannot be taken in as a whole."""
    taken = [claim.id for claim in shipped]
    claims: list[Claim] = []
    problems: list[str] = []
    for path in paths:
        found, faults = claims_of(path, str(path), _known())
        clash = _clash(found, taken)
        if faults or clash:
            problems.append(str(faults[0]) if faults else f"{path}: {clash}")
        else:
            claims += found
            taken += [claim.id for claim in found]
    return claims, problems


def add(path: Path, shipped: Sequence[Claim], others: Iterable[Claim] = ()) -> tuple[list[Claim], Path]:
    """Check the claims in the file `path`, keep the file, and return them with where it is kept now.

    A file of the same name is replaced; a rule that changed needs a new version. `others` are claims kept from before.
    Raises `UserError` with the first fault; nothing is kept then.
    """
    if path.suffix != SUFFIX:
        raise UserError("{file} must end in .yaml.", file=path)
    if not path.is_file():
        raise UserError("{file} is not a file; give a YAML file with claims in it.", file=path)
    kept = folder() / path.name
    before = claims_of(kept, str(kept), Known())[0] if kept.is_file() else []
    rules = {(c.id, v.version): v.digest for c in before if c.rule is not None for v in c.rule.versions}
    found, faults = claims_of(path, str(path), _known(rules))
    if faults:
        raise UserError(
            "{problem} Faults in all: {count}; nothing was added.", problem=str(faults[0]), count=len(faults)
        )
    if not found:
        raise UserError("{file} holds no claim.", file=path)
    again = {claim.id for claim in before}
    clash = _clash(found, [c.id for c in shipped] + [c.id for c in others if c.id not in again])
    if clash:
        raise UserError("{file}: {clash}", file=path, clash=clash)
    for claim in found:
        if claim.kind == "data":
            evidence.ask(claim, catalog.load())  # refuses an indicator or a place that the data do not have
    folder().mkdir(parents=True, exist_ok=True)
    if kept.resolve() != path.resolve():
        write_atomically(kept, path.read_bytes())
    return found, kept


def _known(rules: dict[tuple[str, int], str] | None = None) -> Known:
    """What a user's claims may refer to: the same experiments, queries, statements and sources as the shipped ones."""
    from aigc_report import document

    return Known(
        statements={*(s.id for s in document.load()), *(f"factor.{f.id}" for f in catalog.load().factors)},
        sources=frozenset(catalog.load().sources.index),
        experiments=declared.experiments(),
        queries=declared.queries(),
        rules=rules or {},
        own=True,
    )


def _clash(found: Sequence[Claim], taken: Collection[str]) -> str:
    """What is wrong where an id belongs to another claim already; empty where none does."""
    double = next((claim.id for claim in found if claim.id in taken), None)
    return f"the id {double} belongs to another claim already. Give yours another one." if double else ""
