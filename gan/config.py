"""What a run is asked to do: one frozen, validated configuration, saved beside its result.

Presets are a table: a name, where the method comes from, where its code is, and the settings in which it differs from
the defaults. Nothing here loads a method's code: that is done where something is trained (`gan.method`).
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from gan.errors import UsageError

DeviceChoice = Literal["auto", "cpu", "cuda", "mps"]
CompileChoice = Literal["auto", "on", "off"]
DATASETS: tuple[str, ...] = ("digits", "fashion-mnist", "mnist", "cifar10")
"""Names of the built-in data sets, the default first. Any other data set is a folder of images, named by its path."""
FOLDER_RESOLUTION = 32
"""Side to which the images of a folder are resized unless a preset or a user says otherwise."""
NATIVE_RESOLUTION: dict[str, int] = {"digits": 16, "fashion-mnist": 32, "mnist": 32, "cifar10": 32}
"""Side at which a built-in data set is trained on unless a preset or a user says otherwise."""
RESOLUTIONS: tuple[int, ...] = (16, 32, 64)
"""Sides of training images the networks can make: 4 pixels, doubled two to four times."""


class HourlyPrice(BaseModel):
    """What an hour of a named accelerator costs to rent, over the offers of several vendors."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    device: str = Field(description="the accelerator as the table of prices calls it")
    per_hour: float = Field(ge=0, description="median of the vendors' latest on-demand prices, in `currency`")
    low: float = Field(ge=0, description="the lowest of them")
    high: float = Field(ge=0, description="the highest of them")
    currency: str
    vendors: int
    first: str = Field(description="date of the oldest of these prices")
    last: str = Field(description="date of the newest")
    source: str = Field(description="source ids in data/sources.csv, separated by commas")


class Tariff(BaseModel):
    """What a kilowatt-hour emits and costs in one place, and an hour of the device where its price is known; handed to
    ``gan`` by its caller, who knows the tables."""

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
    hardware: HourlyPrice | None = Field(default=None, description="rent of the device; None where no price is known")


Option = bool | int | float
"""A setting of a method's own; which ones there are, its docstring says."""

BUDGETS: tuple[str, ...] = ("budget_s", "steps", "budget_images", "budget_flops")
"""What can end a run. Exactly one is set."""


COMPILE_LEAST_S = 60.0
"""Least budget in seconds for which networks are compiled, were it only to see how: less would go into compiling."""


class TrainConfig(BaseModel):
    """All settings of one run. Exactly one of `BUDGETS` is set."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)  # JSON has neither

    preset: str = "dcgan"
    dataset: str = Field(default="digits", description="a name in DATASETS, or the absolute path of a folder of images")
    budget_s: float | None = Field(default=None, gt=0, description="seconds of optimisation (train_s)")
    steps: int | None = Field(default=None, gt=0, description="updates of the network that makes the images")
    budget_images: int | None = Field(default=None, gt=0, description="real images seen, rounded up to whole steps")
    budget_flops: float | None = Field(
        default=None, gt=0, description="floating-point operations of optimisation, rounded up to whole steps"
    )
    seed: int = Field(default=0, ge=0)
    device: DeviceChoice = "auto"
    deterministic: bool = False
    compile: CompileChoice = Field(
        default="auto", description="torch.compile: auto where the budget repays it; never in deterministic mode"
    )
    tariff: Tariff | None = None

    resolution: int = Field(default=16, description="height = width of the training images, pixels")
    latent_dim: int = Field(default=100, gt=0)
    width: int = Field(default=32, gt=0, description="channels of the widest-resolution layer (ngf = ndf)")
    batch_size: int = Field(default=32, gt=1)
    critic_steps: int = Field(default=1, gt=0, description="discriminator updates per step, a batch of images each")
    lr_g: float = Field(default=1e-3, gt=0, description="learning rate of whatever is not the discriminator")
    lr_d: float = Field(default=1e-3, gt=0, description="learning rate of the discriminator, where there is one")
    beta1: float = Field(default=0.5, ge=0, lt=1)
    beta2: float = Field(default=0.999, ge=0, lt=1)
    loss: str = Field(default="non_saturating", description="what is minimised; one of the preset's `losses`")
    conditional: bool = Field(default=False, description="the networks are told the class of each image")
    options: dict[str, Option] = Field(default_factory=dict, description="settings of the method's own")
    train_images: int | None = Field(
        default=None, gt=1, description="train on so many of the training images, the same ones every time; None: all"
    )
    class_images: dict[int, int] | None = Field(
        default=None, description="train on so many images of each class named by its number, and on no other class"
    )
    balanced: bool = Field(
        default=False, description="images of rarer classes are repeated until every class is seen equally often"
    )
    label_share: float | None = Field(
        default=None,
        gt=0,
        lt=1,
        description="share of each class's images whose class is told; the others are of unknown class. None: all",
    )
    choice: int = Field(
        default=0, ge=0, description="which images and labels a part of the data set is: another number, other ones"
    )
    ema_half_life_images: int | None = Field(
        default=5_000, description="half-life of the averaged generator, in images; None samples from the raw weights"
    )
    measure_images: int | None = Field(
        default=None,
        gt=5,
        description="quality rests on so many images a side, fewer where fewer are held out; None: all",
    )
    measure_along: bool = Field(default=True, description="pictures and quick figures of quality during training too")

    @property
    def images_per_step(self) -> int:
        """Real images that a step sees."""
        return self.batch_size * self.critic_steps

    @model_validator(mode="after")
    def _coherent(self) -> "TrainConfig":
        if sum(getattr(self, budget) is not None for budget in BUDGETS) != 1:
            raise ValueError("give one budget: seconds, steps, images seen or operations")
        if self.compile == "on" and self.deterministic:
            raise ValueError("compiled networks do not give the same bits; choose --compile or --deterministic")
        if self.compile == "on" and self.budget_s is not None and self.budget_s < COMPILE_LEAST_S:
            raise ValueError(
                f"compiling takes about half a minute of the budget; give it {COMPILE_LEAST_S:g} s or more, "
                "or leave out --compile"
            )
        if self.resolution not in RESOLUTIONS:
            raise ValueError(f"resolution must be one of {', '.join(map(str, RESOLUTIONS))}, not {self.resolution}")
        preset = PRESETS.get(self.preset)  # a record may be of a method that this installation does not know
        if preset and self.loss not in preset.losses:
            raise ValueError(f"loss must be {' or '.join(preset.losses)} for {self.preset}, not {self.loss}")
        if preset and self.conditional and not preset.conditional:
            able = ", ".join(p.name for p in PRESETS.values() if p.conditional)
            raise ValueError(f"{self.preset} has no conditional variant; these have: {able}")
        if self.label_share is not None and not self.conditional:
            raise ValueError("label_share is a share of the labels that conditional networks are told; add conditional")
        if self.class_images is not None and self.train_images is not None:
            raise ValueError("give train_images or class_images, not both")
        counts = self.class_images
        if counts is not None and not (counts and all(k >= 0 and n > 0 for k, n in counts.items())):
            raise ValueError("class_images takes numbers of classes from 0 on and numbers of images from 1 on")
        return self


@dataclass(frozen=True)
class Preset:
    """A named method: its origin, its code, and the settings in which it differs from `TrainConfig`'s defaults."""

    name: str
    title: str
    reference: str
    method: str
    """Where its class is, as "module:class"; a subclass of `gan.method.Method`."""
    settings: dict[str, Any] = field(default_factory=dict)
    per_dataset: dict[str, dict[str, Any]] = field(default_factory=dict)
    losses: tuple[str, ...] = ("non_saturating", "saturating")
    """Names of what it can minimise, the default first."""
    options: dict[str, Option] = field(default_factory=dict)
    """The method's own settings and their defaults, all of them."""
    conditional: bool = False
    """Can it be told the class of each image?"""
    family: str = "gan"
    """What kind of model it is, as model hubs tag it."""


PRESETS: dict[str, Preset] = {
    p.name: p
    for p in (
        Preset(
            "dcgan",
            "DCGAN, tuned for small budgets",
            "Radford, Metz & Chintala 2015, arXiv:1511.06434",
            "gan.methods.dcgan:DCGAN",
            per_dataset={"digits": {"lr_d": 1e-4}},
            conditional=True,
        ),
        Preset(
            "dcgan-document",
            "DCGAN with the founding document's settings",
            "Radford, Metz & Chintala 2015, arXiv:1511.06434",
            "gan.methods.dcgan:DCGAN",
            {"resolution": 32, "width": 64, "batch_size": 64, "lr_g": 2e-4, "lr_d": 2e-4, "ema_half_life_images": None},
            conditional=True,
        ),
        Preset(
            "wgan-gp",
            "WGAN-GP: a critic with a gradient penalty",
            "Gulrajani, Ahmed, Arjovsky, Dumoulin & Courville 2017, arXiv:1704.00028",
            "gan.methods.wgan_gp:WGANGP",
            {"critic_steps": 5, "lr_g": 2e-3, "lr_d": 2e-3, "beta1": 0.0, "beta2": 0.9},
            losses=("wasserstein",),
            options={"penalty": 10.0},
        ),
        Preset(
            "sngan",
            "SNGAN: hinge loss and spectral normalisation",
            "Miyato, Kataoka, Koyama & Yoshida 2018, arXiv:1802.05957",
            "gan.methods.sngan:SNGAN",
            losses=("hinge",),
        ),
        Preset(
            "r3gan",
            "R3GAN: relativistic pairs, penalties on both sides",
            "Huang, Gokaslan, Kuleshov & Tompkin 2024, arXiv:2501.05441",
            "gan.methods.r3gan:R3GAN",
            {"batch_size": 16, "lr_g": 2e-3, "lr_d": 2e-3, "beta1": 0.0, "beta2": 0.99},
            per_dataset={"digits": {"options": {"gamma": 0.1}}, "fashion-mnist": {"width": 16}},
            losses=("relativistic",),
            options={"gamma": 1.0},
            conditional=True,
        ),
        Preset(
            "rpgan",
            "RpGAN: R3GAN's loss in DCGAN's networks",
            "Jolicoeur-Martineau 2018, arXiv:1807.00734; Huang et al. 2024, arXiv:2501.05441",
            "gan.methods.rpgan:RpGAN",
            {"lr_g": 2e-3, "lr_d": 2e-3, "beta1": 0.0, "beta2": 0.99},
            per_dataset={"digits": {"options": {"gamma": 0.1}}, "fashion-mnist": {"width": 16}},
            losses=("relativistic",),
            options={"gamma": 1.0},
            conditional=True,
        ),
        Preset(
            "vae",
            "VAE: a variational autoencoder",
            "Kingma & Welling 2013, arXiv:1312.6114",
            "gan.methods.vae:VAE",
            {"latent_dim": 32, "beta1": 0.9},
            losses=("evidence_bound",),
            options={"pixel_sd": 0.5},
            family="vae",
        ),
        Preset(
            "flow-matching",
            "Flow matching: straight paths from noise to images",
            "Lipman, Chen, Ben-Hamu, Nickel & Le 2022, arXiv:2210.02747",
            "gan.methods.flow_matching:FlowMatching",
            {"lr_g": 2e-3, "beta1": 0.9},
            per_dataset={"fashion-mnist": {"width": 24}},
            losses=("velocity",),
            options={"sampling_steps": 5},
            family="flow-matching",
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

    Unknown names, folders that do not exist and settings that cannot be raise `UsageError`.
    `options` among the overrides need name only what shall differ. Without any budget, training takes 60 seconds.
    """
    if preset not in PRESETS:
        raise UsageError(f'There is no preset "{preset}". Choose one of: {", ".join(PRESETS)}.')
    dataset = find_dataset(dataset)
    chosen = PRESETS[preset]
    native = {"resolution": NATIVE_RESOLUTION.get(dataset, FOLDER_RESOLUTION), "loss": chosen.losses[0]}
    tuned = chosen.per_dataset.get(dataset, {})
    settings = {**native, **chosen.settings, **tuned, **overrides}
    settings["options"] = {**chosen.options, **tuned.get("options", {}), **overrides.get("options", {})}
    for name in settings["options"]:
        if name not in chosen.options:
            known = ", ".join(chosen.options) or "none"
            raise UsageError(f'{preset} has no option "{name}"; its options: {known}.')
    if all(settings.get(budget) is None for budget in BUDGETS):
        settings["budget_s"] = 60.0
    try:
        return TrainConfig(preset=preset, dataset=dataset, **settings)
    except ValidationError as error:
        raise UsageError("; ".join(_said(fault["loc"], fault["msg"]) for fault in error.errors()) + ".") from error


def _said(where: tuple[int | str, ...], message: str) -> str:
    """What is wrong with a setting, behind its name where the message does not hold it."""
    setting = ".".join(map(str, where))
    return (f"{setting}: " if setting else "") + message.removeprefix("Value error, ")
