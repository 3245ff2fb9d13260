"""What a run is asked to do: one frozen, validated configuration, saved beside its result.

Presets are a table: a name, where the method comes from, and the settings in which it differs from the defaults.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from gan.errors import UsageError

DeviceChoice = Literal["auto", "cpu", "cuda", "mps"]
DATASETS: tuple[str, ...] = ("digits", "fashion-mnist", "mnist", "cifar10")
"""Names of the built-in data sets, the default first. Any other data set is a folder of images, named by its path."""
FOLDER_RESOLUTION = 32
"""Side to which the images of a folder are resized unless a preset or a user says otherwise."""
NATIVE_RESOLUTION: dict[str, int] = {"digits": 16, "fashion-mnist": 32, "mnist": 32, "cifar10": 32}
"""Side at which a built-in data set is trained on unless a preset or a user says otherwise."""
RESOLUTIONS: tuple[int, ...] = (16, 32, 64)
"""Sides of training images the networks can make: 4 pixels, doubled two to four times."""


class Tariff(BaseModel):
    """What a kilowatt-hour emits and costs in one place; handed to ``gan`` by its caller, who knows the tables."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    country: str = Field(description="ISO 3166-1 alpha-3 code, or WLD for the world average")
    grid_g_per_kwh: float | None = Field(ge=0, description="grams of CO2-equivalent per kWh of electricity")
    grid_period: str | None
    grid_source: str | None = Field(description="source id in data/sources.csv")
    price_per_kwh: float | None = Field(ge=0, description="electricity price in `currency` per kWh")
    price_period: str | None
    price_source: str | None
    price_geo: str | None = Field(
        default=None, description="the place the price is for, where the country has none of its own"
    )
    currency: str | None


class TrainConfig(BaseModel):
    """All settings of one run. Exactly one of `budget_s` and `steps` is set."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    preset: str = "dcgan"
    dataset: str = Field(default="digits", description="a name in DATASETS, or the absolute path of a folder of images")
    budget_s: float | None = Field(default=None, gt=0, description="seconds of optimisation (train_s)")
    steps: int | None = Field(default=None, gt=0, description="generator updates")
    seed: int = Field(default=0, ge=0)
    device: DeviceChoice = "auto"
    deterministic: bool = False
    tariff: Tariff | None = None

    resolution: int = Field(default=16, description="height = width of the training images, pixels")
    latent_dim: int = Field(default=100, gt=0)
    width: int = Field(default=32, gt=0, description="channels of the widest-resolution layer (ngf = ndf)")
    batch_size: int = Field(default=32, gt=1)
    lr_g: float = Field(default=1e-3, gt=0)
    lr_d: float = Field(default=1e-3, gt=0)
    beta1: float = Field(default=0.5, ge=0, lt=1)
    beta2: float = Field(default=0.999, ge=0, lt=1)
    loss: Literal["non_saturating", "saturating"] = "non_saturating"
    ema_half_life_images: int | None = Field(
        default=5_000, description="half-life of the averaged generator, in images; None samples from the raw weights"
    )

    @model_validator(mode="after")
    def _coherent(self) -> "TrainConfig":
        if (self.budget_s is None) == (self.steps is None):
            raise ValueError("give a budget in seconds or a number of steps, not both")
        if self.resolution not in RESOLUTIONS:
            raise ValueError(f"resolution must be one of {', '.join(map(str, RESOLUTIONS))}, not {self.resolution}")
        return self


@dataclass(frozen=True)
class Preset:
    """A named method: its origin and the settings in which it differs from `TrainConfig`'s defaults."""

    name: str
    title: str
    reference: str
    settings: dict[str, Any] = field(default_factory=dict)
    per_dataset: dict[str, dict[str, Any]] = field(default_factory=dict)


PRESETS: dict[str, Preset] = {
    p.name: p
    for p in (
        Preset(
            "dcgan",
            "DCGAN, tuned for small budgets",
            "Radford, Metz & Chintala 2015, arXiv:1511.06434",
            per_dataset={"digits": {"resolution": 16}, "fashion-mnist": {"resolution": 32}},
        ),
        Preset(
            "dcgan-document",
            "DCGAN with the founding document's settings",
            "Radford, Metz & Chintala 2015, arXiv:1511.06434",
            {"resolution": 32, "width": 64, "batch_size": 64, "lr_g": 2e-4, "lr_d": 2e-4, "ema_half_life_images": None},
        ),
    )
}


def is_folder(dataset: str) -> bool:
    """Is the data set of a configuration a folder of images? Names have no separator, absolute paths have one."""
    return dataset not in DATASETS and Path(dataset).is_absolute()


def dataset_label(dataset: str) -> str:
    """The data set of a configuration as tables and titles show it: its name, or that of its folder with a slash."""
    return f"{Path(dataset).name}/" if is_folder(dataset) else dataset


def find_dataset(asked: str) -> str:
    """What a configuration holds for the data set a user asked for: a built-in name, or a folder's absolute path.

    A built-in name wins over a folder of that name; write ./digits for the folder. Raises `UsageError` for anything
    else, naming what exists.
    """
    if asked in DATASETS:
        return asked
    choice = f"Choose one of: {', '.join(DATASETS)}; or give the path of a folder of images."
    try:
        folder = Path(asked).expanduser()
        if asked and folder.is_dir():
            return str(folder.resolve())
        is_file = bool(asked) and folder.is_file()
    except (OSError, ValueError, RuntimeError):  # a name no file system takes, an unknown ~user
        is_file = False
    if is_file:
        raise UsageError(f"{asked} is a file; give the folder that holds the images.")
    if any(sign in asked for sign in "/\\~"):
        raise UsageError(f"There is no folder {asked}. {choice}")
    raise UsageError(f'There is no data set "{asked}". {choice}')


def resolve(preset: str = "dcgan", dataset: str = "digits", **overrides: Any) -> TrainConfig:
    """The full configuration of `preset` on `dataset`, a name or a folder; `overrides` win.

    Unknown names and folders that do not exist raise `UsageError`.
    """
    if preset not in PRESETS:
        raise UsageError(f'There is no preset "{preset}". Choose one of: {", ".join(PRESETS)}.')
    dataset = find_dataset(dataset)
    chosen = PRESETS[preset]
    native = {"resolution": NATIVE_RESOLUTION.get(dataset, FOLDER_RESOLUTION)}
    settings = {**native, **chosen.settings, **chosen.per_dataset.get(dataset, {}), **overrides}
    if settings.get("budget_s") is None and settings.get("steps") is None:
        settings["budget_s"] = 60.0
    return TrainConfig(preset=preset, dataset=dataset, **settings)
