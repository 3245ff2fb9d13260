"""What an experiment, or a query over published figures, found: named quantities with what is known of their error.

A finding says nothing about what it means. Claims are judged elsewhere, by rules declared before the finding existed.
Imports no torch, so that the ledger reads evidence in milliseconds.
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

EVIDENCE_VERSION = 1


class _Model(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Replicates(_Model):
    """Independent repetitions of the quantity itself (one per seed, or one paired difference per seed)."""

    kind: Literal["replicates"] = "replicates"
    values: list[float] = Field(min_length=1)
    labels: list[str] = Field(default=[], description="what each value is: the seed, the run")


class Proportion(_Model):
    """A count of independent yes/no outcomes; its error is binomial."""

    kind: Literal["proportion"] = "proportion"
    successes: int = Field(ge=0)
    trials: int = Field(ge=1)


class Estimate(_Model):
    """A value with a standard error, from a regression or a bootstrap; `df` None stands for the normal law."""

    kind: Literal["estimate"] = "estimate"
    se: float = Field(ge=0)
    df: float | None = None


class Exact(_Model):
    """Nothing was sampled: a count of cases that were all looked at, or a calculation."""

    kind: Literal["exact"] = "exact"


Error = Annotated[Replicates | Proportion | Estimate | Exact, Field(discriminator="kind")]


class Finding(_Model):
    """One named quantity that a rule can test. `value` is the mean of replicates, or the share of a proportion."""

    name: str
    value: float
    unit: str = Field(description="as in data/units.csv where it stands there; `1` for a ratio, `FID`, `s`, …")
    error: Error
    n: int = Field(description="what the value rests on: seeds, runs, images, rows; `of` says which")
    of: str = "seeds"
    about: dict[str, str] = Field(default={}, description="what it is, in one short sentence a language (en, zh)")
    runs: list[str] = Field(default=[], description="runs of the pool it was computed from")
    rows: list[str] = Field(default=[], description="observations it was computed from: indicator|geo|period|breakdown")


class Series(_Model):
    """What a chart of the evidence draws: a quantity against a setting, with an interval where one is known."""

    name: str
    x_name: dict[str, str]
    y_name: dict[str, str]
    points: list[dict[str, float | str | None]] = Field(description="x, y, and where known low, high, label, group")
    log_x: bool = False
    log_y: bool = False


class Evidence(_Model):
    """All that one test of one experiment (or query) left. Written as JSON, one file a test."""

    evidence_version: int = EVIDENCE_VERSION
    test: str = Field(description="name of the experiment or the query")
    size: Literal["quick", "standard", "full"] | None = Field(default=None, description="None for data")
    made: datetime
    machine: str = Field(description="in words: processor or board, cores, memory; empty for data")
    took_s: float | None = None
    seeds: list[int] = []
    settings: dict[str, float | int | str | bool | None] = {}
    findings: list[Finding] = []
    series: list[Series] = []
    warnings: list[str] = []
    code_digest: str = Field(default="", description="sha256 over the program of the experiment")

    def finding(self, name: str) -> Finding | None:
        """The finding of this name, or None."""
        return next((f for f in self.findings if f.name == name), None)
