"""A measurement in the reader's words: what it says of the pictures, on what basis, within what limits; its tables."""

import json
import math
from typing import Any

import pandas as pd

from aigc_report import __version__
from aigc_report.i18n import N_, Texts
from aigc_report.measurements.store import Ended, Measurement, Request
from gan.measurement import GENERATED, PICTURES, REAL, REMARKS, Measured, Progress, Remark

STAGES: dict[str, str] = {
    "unpacking": N_("Unpacking and checking the pictures"),
    "starting": N_("Loading the programs that look at pictures"),
    "reading": N_("Reading the pictures: {done} of {total}"),
    "waiting": N_("Waiting: this machine trains or measures one thing at a time, so that none disturbs another"),
    "measuring": N_("Comparing the pictures"),
}
"""What a measurement is at, in the order in which it comes."""
COUNTED = N_("Comparing the pictures: {done} of {total}")
SIDES: dict[str, str] = {GENERATED: N_("generated"), REAL: N_("real")}

TOLD_APART = N_(
    "**These pictures can be told from real ones.** Their FID is {value} (95% interval {low} to {high}); real pictures "
    "reach {floor} against each other at the same number."
)
NOT_TOLD_APART = N_(
    "**At this number, FID does not tell these pictures from real ones.** It is {value} (95% interval {low} to "
    "{high}); real pictures reach {floor} against each other at the same number."
)
NEARER = N_(
    "**These pictures lie nearer to the real ones than real ones lie to each other.** Their FID is {value} (95% "
    "interval {low} to {high}), the floor {floor}: copies of the compared pictures would do that."
)
"""Verdicts by where the FID lies: above the floor, around it, below it (`verdict` says how far is far)."""

BASIS = N_(
    "Basis: {n} generated against {n} real pictures ({reference}), features of {extractor} ({digest}), measured "
    "{finished}."
)
COPIES = N_(
    "**Many look like copies.** {value} of them lie as near to a training picture as only {floor} of the unseen real "
    "pictures do (95% interval {low} to {high})."
)
"""Said beside the verdict where the interval of memorisation lies above its floor."""
REFERENCES: dict[str, str] = {
    "digits": N_("digits, held out from every training here"),
    "fashion-mnist": N_("fashion-mnist, the official test images"),
    PICTURES: N_("{name}, one half of it; the other half gives the floor"),
}
LIMITS = N_(
    "The floor is one draw of real pictures; its error is taken to be as large as theirs. Figures compare only at the "
    "same number of pictures, the same real ones and the same features; they say nothing of taste, truth or rights."
)
LIMITS_DATASET = N_(
    "They stand beside those of runs here that were measured with as many pictures. A generator that was shown the "
    "held-out pictures is flattered, and memorisation looks for copies of this data set's training pictures only."
)
LIMITS_PICTURES = N_(
    "The features know photographs and drawings of many things; how well they know yours is not measured. Whether your "
    "generator copied its training pictures cannot be seen here."
)


def verdict(t: Texts, measured: Measured) -> str:
    """What the FID says, by how far it is from the floor.

    The floor is one draw too and shares the compared pictures: its error is taken to be that of the FID, so a
    difference has to pass the root of two half-widths of the interval.
    """
    fid = measured.quality["fid"]
    value, low, high, floor = (_known(v) for v in (fid.value, fid.ci_low, fid.ci_high, fid.reference_floor))
    needed = math.sqrt(2) * (high - value)  # the lower end may be cut at zero
    message = TOLD_APART if value - floor > needed else NEARER if floor - value > needed else NOT_TOLD_APART
    return t(message, value=t.number(value), low=t.number(low), high=t.number(high), floor=t.number(floor))


def copies(t: Texts, measured: Measured) -> str | None:
    """A second verdict where more pictures than chance allows lie next to a training picture."""
    found = measured.quality.get("memorisation")
    if found is None or found.ci_low is None or found.ci_low <= _known(found.reference_floor):
        return None
    shares = {"value": found.value, "floor": found.reference_floor, "low": found.ci_low, "high": found.ci_high}
    return t(COPIES, **{name: t.value(100 * _known(share), "percent", 0) for name, share in shares.items()})


def _known(value: float | None) -> float:
    if value is None:
        raise ValueError("a measurement has a value, an interval and a floor")
    return value


def basis(t: Texts, request: Request, ended: Ended) -> str:
    """What the verdict rests on."""
    measured = ended.measured
    assert measured is not None
    assert measured.extractor is not None
    return t(
        BASIS,
        n=t.number(measured.n, 0),
        reference=reference(t, request),
        extractor=measured.extractor.name,
        digest=measured.extractor.digest[:12],
        finished=t.moment(ended.finished),
    )


def reference(t: Texts, request: Request) -> str:
    """What the pictures were compared with."""
    message = REFERENCES[request.real]
    return t(message, name=request.names[REAL]) if request.real == PICTURES else t(message)


def limits(t: Texts, request: Request) -> tuple[str, str]:
    """What the figures cannot say: in general, and of what was compared with."""
    return t(LIMITS), t(LIMITS_PICTURES if request.real == PICTURES else LIMITS_DATASET)


def remark(t: Texts, said: Remark) -> str:
    """A remark of the measurement."""
    values = {name: t.number(v, 0) if isinstance(v, int) else v for name, v in said.values.items()}
    return t(REMARKS[said.code], **values) if said.code in REMARKS else said.code


def at_work(t: Texts, progress: Progress | None) -> tuple[str, float]:
    """What is being done, and how much of it is done, 0..1."""
    stage = "unpacking" if progress is None else progress.stage
    done, total = (None, None) if progress is None else (progress.done, progress.total)
    if done is None or not total:
        message = STAGES["starting" if stage == "reading" else stage]
        return t(message), 0.0
    message = COUNTED if stage == "measuring" else STAGES[stage]
    return t(message, done=t.number(done, 0), total=t.number(total, 0)), min(1.0, done / total)


def why(t: Texts, ended: Ended) -> str:
    """Why a measurement failed."""
    fields = {name: t.number(v, 0) if isinstance(v, int) else v for name, v in ended.fields.items()}
    return t(ended.template, **fields)


def table(measurement: Measurement) -> pd.DataFrame:
    """A row per metric, with all that its figure rests on."""
    request, measured = measurement.request, _found(measurement)
    assert measured.extractor is not None
    return pd.DataFrame(
        [
            {
                "metric": name,
                "value": m.value,
                "ci_low": m.ci_low,
                "ci_high": m.ci_high,
                "floor": m.reference_floor,
                "images_a_side": m.n,
                "generated": request.names[GENERATED],
                "real": request.names.get(REAL, request.real),
                "real_digest": measured.reference,
                "extractor": measured.extractor.name,
                "extractor_digest": measured.extractor.digest,
                "settings": json.dumps(m.settings, sort_keys=True),
                "measurement": request.id,
            }
            for name, m in measured.quality.items()
        ]
    )


def document(measurement: Measurement) -> dict[str, Any]:
    """Everything that is known of a completed measurement, as JSON holds it."""
    assert measurement.ended is not None
    ended = measurement.ended.model_dump(mode="json", exclude={"template", "fields"})
    return {"request": measurement.request.model_dump(mode="json"), **ended, "software": f"aigc-report {__version__}"}


def left_out(t: Texts, ended: Ended) -> pd.DataFrame:
    """The files that were left out, and why, in the reader's language."""
    return pd.DataFrame(
        [
            {t("Side"): t(SIDES[side]), t("File"): name, t("Why it was left out"): t(reason)}
            for side, files in ended.left_out.items()
            for name, reason in files
        ]
    )


def _found(measurement: Measurement) -> Measured:
    if measurement.ended is None or measurement.ended.measured is None:
        raise LookupError(f"measurement {measurement.request.id} has no result")
    return measurement.ended.measured
