"""The manifest beside a briefing: what went in, and every number with what it was derived from.

`OUT.manifest.json` is what `aigc-report verify` reads. It holds the digest of the file it describes, so that a briefing
and a manifest that do not belong together are told apart.
"""

import datetime
import hashlib
import json
import platform
import zlib
from importlib import metadata
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from aigc_report.briefing.model import Briefing, Figure, Number, Provenance, Setting, Verdict, parts
from aigc_report.errors import UserError

SUFFIX = ".manifest.json"
VERSION = 1
MAKERS: dict[str, tuple[str, ...]] = {
    "pdf": ("typst",),
    "docx": ("python-docx", "typst"),
    "pptx": ("python-pptx", "xlsxwriter"),
}
"""Packages that the bytes of a format depend on."""

Finite = Annotated[float, Field(allow_inf_nan=False)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Derived(_Model):
    """How a number was derived; see `model.Provenance`."""

    derivation: str
    rows: list[str] = []
    run: str = ""
    field: str = ""
    claim: str = ""
    spec: str = ""
    unit: str = ""
    settings: dict[str, Setting] = {}

    def provenance(self) -> Provenance:
        """The same as the model has it."""
        return Provenance(**{**dict(self), "rows": tuple(self.rows), "settings": tuple(self.settings.items())})


class Stated(_Model):
    """One number of the briefing; `text` is what the reader sees."""

    id: str
    value: Finite
    unit: str
    text: str
    provenance: Derived


class UsedRun(_Model):
    """A run that numbers rest on."""

    run_id: str
    digest: str
    basis: str


class Used(_Model):
    """What went in; `evidence` is a digest of what the verdicts rest on."""

    data: str
    spec: str
    runs: list[UsedRun] = []
    evidence: str = ""


class Output(_Model):
    """The file described: its name beside the manifest and the sha256 of its content."""

    file: str
    sha256: str


class Judged(_Model):
    """A verdict that stands in the briefing."""

    claim: str
    verdict: str


class Manifest(_Model):
    """`OUT.manifest.json`. `figures` maps a figure to the sha256 of the table it draws."""

    manifest_version: int = VERSION
    created: datetime.date
    audience: str
    lang: str
    format: str
    geo: list[str] = []
    sections: list[str] = []
    output: Output
    inputs: Used
    software: dict[str, str]
    numbers: list[Stated]
    verdicts: list[Judged] = []
    figures: dict[str, str] = {}


def describe(briefing: Briefing, format: str, name: str, content: bytes) -> Manifest:
    """The manifest of a briefing rendered as `content` into the file `name`."""
    inputs = briefing.inputs
    return Manifest(
        created=briefing.date,
        audience=briefing.audience,
        lang=briefing.lang,
        format=format,
        geo=list(briefing.geo),
        sections=[section.id for section in briefing.sections],
        output=Output(file=name, sha256=hashlib.sha256(content).hexdigest()),
        inputs=Used(
            data=inputs.data,
            spec=inputs.spec,
            runs=[UsedRun(run_id=run.run_id, digest=run.digest, basis=run.basis) for run in inputs.runs],
            evidence=inputs.evidence,
        ),
        software=dict(briefing.software) | makers(format),
        numbers=[_stated(number) for number in briefing.numbers()],
        verdicts=judgements(briefing),
        figures={figure.id: drawn(figure) for figure in briefing.figures()},
    )


def judgements(briefing: Briefing) -> list[Judged]:
    """The verdicts that stand in a briefing, in order."""
    return [Judged(claim=part.claim, verdict=part.verdict) for part in parts(briefing) if isinstance(part, Verdict)]


def makers(format: str) -> dict[str, str]:
    """What made the bytes of a file, by name and version: the format's packages and the machine's kind."""
    named = {package: metadata.version(package) for package in MAKERS.get(format, ())}
    return named | {"platform": f"{platform.system()} {platform.machine()}", "zlib": zlib.ZLIB_RUNTIME_VERSION}


def drawn(figure: Figure) -> str:
    """sha256 of the table that a figure draws, as CSV."""
    table = figure.chart.frame.to_csv(index=False, lineterminator="\n")
    return hashlib.sha256(table.encode()).hexdigest()


def written(manifest: Manifest) -> str:
    """The manifest as the JSON text that stands in its file."""
    document: dict[str, Any] = manifest.model_dump(mode="json")
    return json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def path_of(out: Path) -> Path:
    """Where the manifest of the file `out` stands."""
    return out.with_name(out.name + SUFFIX)


def read(path: Path) -> Manifest:
    """The manifest in a file; `UserError` where it cannot be read."""
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        raise UserError("{file} does not exist; give the manifest beside a briefing.", file=path) from None
    except OSError as error:
        raise UserError("{file} cannot be read: {reason}.", file=path, reason=(error.strerror or "").lower()) from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise UserError(
            "{file} is no manifest of a briefing ({where}{reason}); give the file that ends in .manifest.json.",
            file=path,
            where=f"{where}: " if where else "",
            reason=_lower(str(first["msg"])),
        ) from None


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _stated(number: Number) -> Stated:
    p = number.provenance
    return Stated(
        id=number.id,
        value=number.value,
        unit=number.unit,
        text=number.text,
        provenance=Derived(
            derivation=p.derivation,
            rows=list(p.rows),
            run=p.run,
            field=p.field,
            claim=p.claim,
            spec=p.spec,
            unit=p.unit,
            settings=dict(p.settings),
        ),
    )
