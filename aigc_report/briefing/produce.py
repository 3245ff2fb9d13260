"""From a request to a file and its manifest, and the briefings kept on this machine."""

from dataclasses import dataclass
from pathlib import Path

from aigc_report.briefing import manifest as manifests
from aigc_report.briefing.compose import Request, compose
from aigc_report.briefing.ground import Ground
from aigc_report.briefing.manifest import Manifest
from aigc_report.briefing.model import Briefing
from aigc_report.briefing.render import MEDIA_TYPES, RENDERERS
from aigc_report.errors import UserError
from gan.files import explain, write_atomically
from gan.paths import home

FORMATS: tuple[str, ...] = tuple(MEDIA_TYPES)
NAMED = 6
"""Countries that a file's name holds."""


@dataclass(frozen=True, eq=False)
class Made:
    """A rendered briefing: the name of its file, its content, and the manifest that describes both."""

    name: str
    content: bytes
    manifest: Manifest

    def write(self, out: Path) -> Path:
        """Write the file to `out` and its manifest beside it, whose path comes back; `UserError` where it cannot be."""
        described = self.manifest.model_copy(
            update={"output": self.manifest.output.model_copy(update={"file": out.name})}
        )
        beside = manifests.path_of(out)
        try:
            write_atomically(out, self.content)
            write_atomically(beside, manifests.written(described))
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise UserError("{file} cannot be written: {reason}.", file=error.filename or out, reason=reason) from None
        return beside


def render(briefing: Briefing, format: str, name: str = "") -> Made:
    """A briefing in one of `FORMATS`; `UserError` for another one, and where a format's package is not installed."""
    if format not in FORMATS:
        raise UserError('There is no format "{format}"; there are {known}.', format=format, known=", ".join(FORMATS))
    name = name or f"{stem(briefing)}.{format}"
    content = RENDERERS[format](briefing)
    return Made(name, content, manifests.describe(briefing, format, name, content))


def media_type(format: str) -> str:
    """The type under which a file of this format is handed to a browser."""
    return MEDIA_TYPES[format]


def make(request: Request, format: str, ground: Ground | None = None) -> Made:
    """Compose and render."""
    return render(compose(request, ground), format)


def stem(of: Briefing | Manifest) -> str:
    """The name of a briefing's files: audience, language, countries (the first few of many) and date."""
    day = of.date if isinstance(of, Briefing) else of.created
    more = [f"and-{len(of.geo) - NAMED}-more"] if len(of.geo) > NAMED else []
    return "-".join([of.audience, of.lang, *of.geo[:NAMED], *more, day.isoformat()])


# ---- the briefings kept on this machine ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Entry:
    """A briefing kept in the history."""

    file: Path
    manifest: Path
    described: Manifest


def folder() -> Path:
    """Where briefings are kept that the page and the command line made."""
    return home() / "briefings"


def keep(made: Made) -> Entry:
    """Put a briefing into the history; one of the same request, date and content replaces itself."""
    digest = made.manifest.output.sha256[:8]
    out = folder() / f"{stem(made.manifest)}-{digest}.{made.manifest.format}"
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError("{reason}", reason=explain(error)) from None
    beside = made.write(out)
    return Entry(out, beside, manifests.read(beside))


def history() -> tuple[Entry, ...]:
    """The briefings kept on this machine, the newest first; what cannot be read is left out."""
    found: list[tuple[float, Entry]] = []
    for path in folder().glob(f"*{manifests.SUFFIX}"):
        file = path.with_name(path.name.removesuffix(manifests.SUFFIX))
        try:
            entry = Entry(file, path, manifests.read(path))
            found.append((file.stat().st_mtime, entry))
        except (UserError, OSError):  # half deleted by hand, or no manifest of ours: nothing to offer
            continue
    return tuple(entry for _, entry in sorted(found, key=lambda pair: (-pair[0], pair[1].file.name)))
