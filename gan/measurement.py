"""A measurement of pictures that somebody brought: what was asked, how far it is, what was found. Imports no torch.

`python -m gan.measure FOLDER` carries it out. In the folder lie

    asked.json      what is compared with what (Asked)
    generated/      the pictures to measure
    real/           the pictures to compare with, where that is no data set
    progress.json   how far it is (Progress), replaced as a whole
    measured.json   what was found (Measured), or why nothing was (Remark in `refused`)
"""

from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from gan.files import write_atomically
from gan.record import DeviceInfo, Extractor, Metric, Notice

ASKED, PROGRESS, MEASURED = "asked.json", "progress.json", "measured.json"
GENERATED, REAL = "generated", "real"
PICTURES = "pictures"
"""What `Asked.real` holds where the real pictures are brought along."""

LEAST = 50
"""Pictures a side: the interval of a nearest-neighbour figure rests on fifths of the set with ten pictures or more."""

Stage = Literal["unpacking", "starting", "reading", "waiting", "measuring"]

REMARKS: dict[str, str] = {
    "too_few_generated": (
        "{n} of the generated pictures can be read; at least {least} are needed, so that every figure has an interval."
    ),
    "too_few_real": (
        "{n} of the real pictures can be read; at least {least} are needed: one half to compare with, "
        "the other to show how far real pictures are from each other."
    ),
    "drawn": "Of {given} generated pictures {n} were measured, drawn by lot: as many as there are real ones beside.",
    "drawn_real": "Of {given} real pictures {n} were used, drawn by lot.",
    "resized": (
        "{count} of the generated pictures had another size; their middle square was brought to {side} × {side} pixels."
    ),
    "made_grey": "{count} of the generated pictures have colours; the real ones are grey, so they were made grey.",
    "mixed": "{grey} pictures are grey and {coloured} have colours; all were looked at as they are.",
    "sizes": "The pictures have {count} different sizes; all were brought to the size that the features need.",
    "error": "{message}",
}
"""What can be said of a measurement beside the notices of `gan.record`, by code: the English sentence."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Remark(_Model):
    """A sentence with a code and its values, so that any reader can word it in their language."""

    code: str
    values: dict[str, Any] = Field(default_factory=dict)


class Asked(_Model):
    """What is compared: `real` is a data set with an extractor of its own, or `PICTURES`."""

    real: str
    seed: int = Field(default=0, ge=0, description="of the random subsets behind the intervals")


class Progress(_Model):
    """How far it is: pictures of the stage, where they can be counted."""

    stage: Stage
    done: int | None = None
    total: int | None = None


class Measured(_Model):
    """What was found. `n` counts pictures a side; files are named by their path in the folder."""

    quality: dict[str, Metric] = {}
    n: int | None = None
    given: dict[str, int] = Field(default_factory=dict, description="side -> pictures that could be read")
    extractor: Extractor | None = None
    reference: str = Field(default="", description="sha256 of the data set compared with, where it is one")
    class_shares: dict[str, dict[str, float]] = {}
    notices: list[Notice] = []
    remarks: list[Remark] = []
    unreadable: dict[str, list[tuple[str, str]]] = Field(default_factory=dict, description="side -> (file, reason)")
    device: DeviceInfo | None = None
    software: dict[str, str] = {}
    seconds: float | None = Field(default=None, description="from the end of waiting to the last figure")
    refused: Remark | None = None


def tell(folder: Path, stage: Stage, done: int | None = None, total: int | None = None) -> None:
    """Write down how far the measurement in `folder` is."""
    write_atomically(folder / PROGRESS, Progress(stage=stage, done=done, total=total).model_dump_json())
