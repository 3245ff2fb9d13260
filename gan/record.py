"""What a run is, on disk and in memory: `record.json` as a versioned model. Imports no torch.

Missing figures are null, never zero and never NaN. Units are in the names.
"""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, computed_field

from gan.config import HourlyPrice, TrainConfig

SCHEMA_VERSION = 1
RunStatus = Literal["queued", "running", "completed", "cancelled", "interrupted", "failed"]
FINISHED: frozenset[str] = frozenset({"completed", "cancelled", "interrupted", "failed"})

NOTICES: dict[str, str] = {
    "diverged": "Training produced a value that is not finite at step {step}; the last finite weights were kept.",
    "collapse": "Generated images hardly differ from each other (coverage {coverage:.2f}): the generator collapsed.",
    "foreign_load": (
        "Other processes used {percent:.0f} % of the processors of this run while it trained; "
        "time, speed and energy are disturbed."
    ),
    "energy_estimated": "Energy is an estimate ({method}); no meter was readable.",
    "small_sample": "Quality rests on {n} images a side; differences close to the floor mean little.",
    "high_floor": (
        "{extractor} gives {features} features an image: at {n} images a side even real images stand far apart in "
        "them. Read every distance beside its floor, which is high below {least} images."
    ),
    "unreadable_files": (
        "{count} files of the folder cannot be read as images and were left out, {example} among them; "
        "unreadable.csv in the run's folder lists them."
    ),
    "not_compiled": "The networks were not compiled ({reason}); training went on without.",
    "no_price": "No electricity price is known for {country}; the money figure is missing.",
    "stopped_early": "The run was stopped at step {step}, before its budget was used.",
    "error": "{message}",
}
"""Every warning a run can carry, by code. The English sentence; translations live with the reader."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="ignore")


class Notice(_Model):
    """A warning with a code and the values its sentence needs, so that any reader can word it in their language."""

    code: str
    values: dict[str, Any] = Field(default_factory=dict)

    def text(self) -> str:
        """The English sentence; the bare code where this program does not know it or a value is missing."""
        try:
            return NOTICES[self.code].format(**self.values)
        except (KeyError, ValueError, TypeError):  # a record of another version, or edited by hand
            return self.code


class DatasetInfo(_Model):
    """The images a run learned from and was measured against."""

    name: str = Field(description="a built-in data set, or a folder's own name with a slash at its end")
    digest: str = Field(description="sha256 over the images and labels used, training and held-out")
    size: int = Field(description="training images")
    held_out: int = Field(description="images that neither training nor tuning saw; quality is measured against them")
    resolution: int
    channels: int
    classes: list[str] = Field(default=[], description="empty where the images have no classes")
    folder: str | None = Field(default=None, description="path of the folder the images were read from")
    unreadable: int = Field(default=0, description="files of the folder that could not be read as images")


class DeviceInfo(_Model):
    """What computed."""

    type: Literal["cpu", "cuda", "mps"]
    name: str
    cores: int | None = None
    threads: int | None = None
    memory_bytes: int | None = None
    precision: str = "float32"


class Metric(_Model):
    """One quality figure. `n` counts images a side; the floor compares disjoint real images at the same n."""

    value: float | None
    ci_low: float | None = None
    ci_high: float | None = None
    n: int | None = None
    n_real: int | None = None
    reference_floor: float | None = None
    settings: dict[str, Any] = Field(default_factory=dict)


class Extractor(_Model):
    """The network in whose features quality was measured; figures compare only within one digest."""

    name: str
    digest: str


class Money(_Model):
    """An amount with its range and what it covers. Records of earlier versions have no range."""

    amount: float | None
    currency: str | None
    basis: str
    amount_low: float | None = None
    amount_high: float | None = None


class Rent(Money):
    """What renting the device for `train_s` would have cost; without an amount where no price of it is known."""

    price: HourlyPrice | None = None


class Cost(_Model):
    """What optimisation used (`wall_s` covers the whole run)."""

    wall_s: float | None = None
    train_s: float | None = None
    images_per_s: float | None = None
    flops_total: float | None = Field(default=None, description="operations of optimisation, 2 per multiply-add")
    peak_flops_share: float | None = Field(default=None, description="achieved over the measured matmul peak, 0..1")
    peak_flops_per_s: float | None = None
    peak_memory_bytes: int | None = None
    energy_kwh: float | None = None
    energy_kwh_low: float | None = None
    energy_kwh_high: float | None = None
    energy_method: str | None = None
    energy_includes_idle: bool | None = Field(
        default=None, description="is the power the device draws without work in it, and so in `co2_g` and `money`?"
    )
    co2_g: float | None = None
    co2_g_low: float | None = None
    co2_g_high: float | None = None
    money: Money | None = Field(default=None, description="electricity alone, with the range of `energy_kwh`")
    rent: Rent | None = Field(default=None, description="instead of `money`, not on top: a vendor's price covers both")
    foreign_cpu_share: float | None = Field(
        default=None, description="share (0..1) of the processors the run may use that others used"
    )


class CurvePoint(_Model):
    """A moment of training. Losses are means since the previous point; quality is filled where it was measured."""

    step: int
    images: int
    train_s: float
    loss_g: float | None = None
    loss_d: float | None = None
    images_per_s: float | None = None
    fid: float | None = None
    n: int | None = Field(default=None, description="generated images behind `fid`")


class SampleGrid(_Model):
    """A picture of generated images from fixed noise; `real` marks the grid of real images beside them."""

    file: str = Field(description="path inside the run folder")
    step: int
    images: int
    real: bool = False
    columns: int


class RunRecord(_Model):
    """`record.json`. Figures that were not measured are null."""

    schema_version: int = SCHEMA_VERSION
    run_id: str
    status: RunStatus
    created: str
    started: str | None = None
    finished: str | None = None
    config: TrainConfig
    dataset: DatasetInfo | None = None
    device: DeviceInfo | None = None
    software: dict[str, str] = {}
    compiled: bool | None = Field(default=None, description="did the losses call networks compiled by torch.compile")
    steps_done: int = 0
    images_seen: int = 0
    parameters: dict[str, int] = Field(default_factory=dict, description="parameter counts by network")
    flops_per_image: dict[str, float] = Field(
        default_factory=dict, description="operations per image, 2 per multiply-add: training, generating"
    )
    evaluations_per_image: int | None = Field(default=None, description="passes of the network for one generated image")
    quality: dict[str, Metric] = {}
    extractor: Extractor | None = None
    class_shares: dict[str, dict[str, float]] = Field(
        default_factory=dict, description="class -> {generated, real}: shares judged by the extractor's classifier"
    )
    cost: Cost = Cost()
    curve: list[CurvePoint] = []
    samples: list[SampleGrid] = []
    notices: list[Notice] = []

    @computed_field  # type: ignore[prop-decorator]
    @property
    def warnings(self) -> list[str]:
        """The notices as English sentences."""
        return [n.text() for n in self.notices]
