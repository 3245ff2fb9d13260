"""Verification: every number of a briefing derived again, and what differs with the reason.

A number agrees where its derivation gives its value again. What is looked at beside the numbers: the file the manifest
describes, the runs, the verdicts, the tables that figures draw, and the words in which a number is shown. Where nothing
that went in has changed, the whole briefing is written again, its file included.
"""

import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from aigc_report.briefing import claims
from aigc_report.briefing.compose import Request, compose, software
from aigc_report.briefing.derivations import derive
from aigc_report.briefing.ground import Ground, Missing
from aigc_report.briefing.manifest import Manifest, Stated, drawn, judgements, makers, read
from aigc_report.briefing.render import RENDERERS
from aigc_report.errors import UserError
from aigc_report.i18n import N_, Texts, texts

TOLERANCE = 1e-9
"""Relative; what another processor's last bits may move. Far below any figure that is printed."""

WHY: dict[str, str] = {
    "data": N_("the data package is another one than when the briefing was made"),
    "run": N_("the record of run {run} is another one than when the briefing was made"),
    "missing": N_("{reason}"),
    "altered": N_("what it stands on is unchanged, so the number was altered after the briefing was made"),
    "text": N_("it is shown as {text}, but a briefing from the same inputs shows {expected}"),
    "absent": N_("a briefing from the same inputs has no such number"),
    "left_out": N_("a briefing from the same inputs has this number, and the manifest leaves it out"),
    "file": N_("the file is another one than the manifest describes"),
    "made": N_("the file made again from the same inputs is another one, so it was altered together with its manifest"),
    "request": N_("no briefing can be written from what it says it was asked for: {reason}"),
    "verdict_out": N_("a briefing from the same inputs holds other verdicts"),
    "no_file": N_("the file is not beside the manifest"),
    "verdict": N_("the verdict is now {now}"),
    "figure": N_("its table is another one than when the briefing was made"),
}
"""Why something differs, by code."""


@dataclass(frozen=True)
class Difference:
    """One thing that differs: a number, a verdict, a figure or the file itself."""

    kind: str
    id: str
    code: str
    recorded: float | str | None = None
    derived: float | str | None = None
    details: tuple[tuple[str, str], ...] = ()

    def why(self, t: Texts | None = None) -> str:
        """The reason in words, in English by default."""
        t = t or texts("en")
        return t(WHY[self.code], **dict(self.details))


@dataclass(frozen=True)
class Verification:
    """What a verification found. `numbers` were looked at; `notes` are codes of what changed without moving any."""

    manifest: Manifest
    numbers: int
    differences: tuple[Difference, ...]
    notes: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether everything agrees."""
        return not self.differences

    def to_json(self) -> dict[str, Any]:
        """The document of ``aigc-report verify --json``; see docs/briefings.md."""
        return {
            "ok": self.ok,
            "file": self.manifest.output.file,
            "created": self.manifest.created.isoformat(),
            "audience": self.manifest.audience,
            "lang": self.manifest.lang,
            "format": self.manifest.format,
            "numbers": self.numbers,
            "agree": self.numbers - sum(d.kind == "number" for d in self.differences),
            "differences": [
                {"kind": d.kind, "id": d.id, "recorded": d.recorded, "derived": d.derived, "why": d.why()}
                for d in self.differences
            ],
            "notes": list(self.notes),
        }


def verify(path: Path, ground: Ground | None = None) -> Verification:
    """Derive every number of the manifest at `path` again; `UserError` where it cannot be read."""
    ground = ground or Ground()
    manifest = read(path)
    changed = {run.run_id for run in manifest.inputs.runs if not _same(ground, run.run_id, run.digest)}
    now = {**dict(software()), **makers(manifest.format)}
    notes = {
        "data_changed": manifest.inputs.data != ground.cat.digest,
        "evidence_changed": manifest.inputs.evidence != claims.digest(),
        "software_changed": manifest.software != now,
    }
    found = [
        difference
        for number in manifest.numbers
        if (difference := _number(ground, number, not notes["data_changed"], changed)) is not None
    ]
    found += _file(path, manifest)
    found += _verdicts(manifest)
    if manifest.software.get("aigc-report") == now["aigc-report"]:
        same = not (changed or notes["data_changed"] or notes["evidence_changed"])
        known = {difference.id for difference in found}
        again = _again(path, manifest, ground, same, same and not notes["software_changed"])
        found += [difference for difference in again if difference.id not in known]
    return Verification(manifest, len(manifest.numbers), tuple(found), tuple(note for note in notes if notes[note]))


def _number(ground: Ground, stated: Stated, same_data: bool, changed: set[str]) -> Difference | None:
    run = stated.provenance.run
    try:
        value = derive(ground, stated.provenance.provenance())
    except (UserError, LookupError, ValueError, TypeError, AttributeError) as error:  # a provenance edited by hand
        reason = str(error) if isinstance(error, UserError) else f"{type(error).__name__}: {error}"
        said = (("reason", reason.removesuffix(".")),)
        return Difference("number", stated.id, "missing", stated.value, None, said)
    if _close(value, stated.value):
        return None
    if run in changed:
        return Difference("number", stated.id, "run", stated.value, value, (("run", run),))
    return Difference("number", stated.id, "altered" if same_data else "data", stated.value, value)


def _same(ground: Ground, run: str, digest: str) -> bool:
    try:
        return ground.run(run).digest == digest
    except Missing:
        return False


def _file(path: Path, manifest: Manifest) -> Iterator[Difference]:
    """The file that the manifest describes, where it should lie."""
    described = path.parent / Path(manifest.output.file).name
    if not described.is_file():
        yield Difference("file", manifest.output.file, "no_file", manifest.output.sha256)
        return
    digest = hashlib.sha256(described.read_bytes()).hexdigest()
    if digest != manifest.output.sha256:
        yield Difference("file", manifest.output.file, "file", manifest.output.sha256, digest)


def _verdicts(manifest: Manifest) -> Iterator[Difference]:
    for judged in manifest.verdicts:
        try:
            now = str(claims.named(judged.claim).verdict.code)
        except Missing as error:
            yield Difference("verdict", judged.claim, "missing", judged.verdict, None, (("reason", str(error)),))
            continue
        if now != judged.verdict:
            yield Difference("verdict", judged.claim, "verdict", judged.verdict, now, (("now", now),))


def _again(path: Path, manifest: Manifest, ground: Ground, same: bool, to_the_byte: bool) -> Iterator[Difference]:
    """The briefing written again from what the manifest says it was asked for, on the run it rested on.

    The words of a number whose value is as it was have to be as they were. Where what went in is the `same`, so have
    the numbers there are, the verdicts and the figures; where the software is too, the file, `to_the_byte`.
    """
    run = next((run.run_id for run in manifest.inputs.runs), "")
    request = Request(
        manifest.audience,
        "zh" if manifest.lang == "zh" else "en",
        tuple(manifest.geo),
        tuple(manifest.sections),
        manifest.created,
    )
    try:
        briefing = compose(request, replace(ground, measured=run))
    except Missing:  # the run it rested on is gone: its numbers are named already
        return
    except UserError as error:
        yield Difference("file", manifest.output.file, "request", details=(("reason", _clause(error)),))
        return
    now = {number.id: number for number in briefing.numbers()}
    stated = {number.id: number for number in manifest.numbers}
    for ident, number in stated.items():
        there = now.get(ident)
        if there is not None and _close(there.value, number.value) and there.text != number.text:
            said = (("text", number.text), ("expected", there.text))
            yield Difference("number", ident, "text", number.text, there.text, said)
    if not same:
        return
    yield from (Difference("number", each, "absent", stated[each].text) for each in stated if each not in now)
    yield from (Difference("number", each, "left_out", None, now[each].text) for each in now if each not in stated)
    for figure in briefing.figures():
        if manifest.figures.get(figure.id) != drawn(figure):
            yield Difference("figure", figure.id, "figure", manifest.figures.get(figure.id), drawn(figure))
    held, shown = ([judged.claim for judged in each] for each in (manifest.verdicts, judgements(briefing)))
    if held != shown:
        yield Difference("verdict", manifest.audience, "verdict_out", ", ".join(held), ", ".join(shown))
    if to_the_byte and manifest.format in RENDERERS:
        digest = hashlib.sha256(RENDERERS[manifest.format](briefing)).hexdigest()
        if digest != manifest.output.sha256:
            yield Difference("file", manifest.output.file, "made", manifest.output.sha256, digest)


def _close(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=TOLERANCE, abs_tol=1e-12)


def _clause(error: UserError) -> str:
    """What an error says, to stand within a sentence."""
    return str(error).removesuffix(".")


NOTES: dict[str, str] = {
    "data_changed": N_("The data package is another one than when the briefing was made."),
    "evidence_changed": N_("The evidence behind the verdicts is another one than when the briefing was made."),
    "software_changed": N_("The software is another one than when the briefing was made."),
}
"""What changed without moving a number by itself, by code."""


def lines(found: Verification, t: Texts | None = None) -> list[str]:
    """What a reader sees on the command line or a page: what agrees, and each difference with its reason."""
    t = t or texts("en")
    differing = sum(difference.kind == "number" for difference in found.differences)
    said = [
        t(
            N_("{agree} of {n} numbers of {file} were derived again."),
            agree=found.numbers - differing,
            n=found.numbers,
            file=found.manifest.output.file,
        )
    ]
    for each in found.differences:
        shown = " → ".join(_shown(value) for value in (each.recorded, each.derived) if value is not None)
        said.append(t(N_("{id}: {why} ({values})"), id=each.id, why=each.why(t), values=shown or "–"))
    return [*said, *(t(NOTES[note]) for note in found.notes)]


def _shown(value: float | str) -> str:
    return f"{value:.6g}" if isinstance(value, float) else value[:16] if len(value) == 64 else value
