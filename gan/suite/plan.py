"""What a suite asks for: presets x data sets x settings x seeds under one budget, read from a TOML file.

    title    = "A decade of methods"
    question = "What did ten years of progress buy at one minute of training?"
    presets  = ["dcgan", "r3gan"]
    datasets = ["fashion-mnist"]
    seeds    = [0, 1, 2]
    budget   = "60s"                    # or steps = 500, images = 50000, flops = 1e13: the same for every run
    baseline = { preset = "dcgan" }     # the group that others are compared with; the first one where left out
    [[settings]]                        # optional: each table is one variation, combined with every preset and data set
    width = 16                          # any setting of a run; a budget of its own (steps, budget_images …) wins
    [scaling]                           # optional: fit how time and energy grow with these settings
    factors = ["width"]

A *group* is what remains when seeds are put together: one preset on one data set with one variation.
"""

import hashlib
import json
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from gan.config import BUDGETS, DeviceChoice, Tariff, TrainConfig, resolve
from gan.durations import parse_seconds
from gan.errors import UsageError

SHIPPED = "gan.suites"
"""The package whose TOML files are the named suites."""

ScalingFactor = Literal["resolution", "width", "batch_size", "latent_dim", "train_images"]


class Scaling(BaseModel):
    """Settings over which growth is fitted, one at a time, all others at their value in the first variation."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    factors: tuple[ScalingFactor, ...] = Field(min_length=1)


class Baseline(BaseModel):
    """Which group the others are compared with, within each data set."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    preset: str
    settings: dict[str, Any] = {}


class Plan(BaseModel):
    """A suite as its file says it. Exactly one of `budget`, `steps`, `images` and `flops` is given."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: str
    question: str = ""
    presets: tuple[str, ...] = Field(min_length=1)
    datasets: tuple[str, ...] = Field(min_length=1)
    seeds: tuple[int, ...] = Field(min_length=1)
    budget: str | float | None = None
    steps: int | None = Field(default=None, gt=0)
    images: int | None = Field(default=None, gt=0)
    flops: float | None = Field(default=None, gt=0)
    settings: tuple[dict[str, Any], ...] = ({},)
    baseline: Baseline | None = None
    scaling: Scaling | None = None

    @model_validator(mode="after")
    def _coherent(self) -> "Plan":
        if sum(given is not None for given in (self.budget, self.steps, self.images, self.flops)) != 1:
            raise ValueError("give exactly one of budget, steps, images and flops")
        if len(set(self.seeds)) < len(self.seeds):
            raise ValueError("a seed stands twice in seeds")
        return self

    @property
    def budgets(self) -> dict[str, Any]:
        """The budget of a run as `TrainConfig` names it."""
        seconds = None if self.budget is None else parse_seconds(str(self.budget))
        given = {"budget_s": seconds, "steps": self.steps, "budget_images": self.images, "budget_flops": self.flops}
        return {name: value for name, value in given.items() if value is not None}

    def digest(self, device: DeviceChoice, tariff: Tariff | None) -> str:
        """Tells one plan on one kind of device and tariff from another; equal plans continue each other's work."""
        asked = {**self.model_dump(mode="json"), "device": device, "tariff": tariff and tariff.model_dump(mode="json")}
        return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()


class Member(BaseModel):
    """One run of a suite: its place in the plan and its full configuration."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    group: str
    variation: dict[str, Any]
    config: TrainConfig

    @property
    def key(self) -> str:
        """Group and seed: unique within a suite."""
        return f"{self.group} seed {self.config.seed}"


def shipped() -> dict[str, Path]:
    """The named suites, by name."""
    return {Path(str(entry)).stem: Path(str(entry)) for entry in _folder() if str(entry).endswith(".toml")}


def _folder() -> list[Any]:
    return sorted(files(SHIPPED).iterdir(), key=str)


def load(name: str) -> Plan:
    """The suite called `name`, or the one in the TOML file of that name. `UsageError` says what is wrong with it."""
    known = shipped()
    path = known.get(name, Path(name))
    if name not in known and path.suffix != ".toml":
        raise UsageError(f'There is no suite "{name}". Choose one of: {", ".join(known)}, or give a .toml file.')
    try:
        asked = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is not a TOML file: {error}.") from error
    try:
        plan = Plan.model_validate({"name": path.stem, **asked})
        members(plan)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        said = first["msg"].removeprefix("Value error, ")
        raise UsageError(f"{path}{', ' + where if where else ''}: {said}.") from error
    except UsageError as error:
        raise UsageError(f"{path}: {error}") from error
    return plan


def members(plan: Plan, device: DeviceChoice = "auto", tariff: Tariff | None = None) -> list[Member]:
    """Every run of `plan`: seed by seed, so that an interrupted suite has seen all groups equally often."""
    found = []
    for seed in plan.seeds:
        for dataset in plan.datasets:
            for preset in plan.presets:
                for variation in plan.settings:
                    budgets = {} if variation.keys() & set(BUDGETS) else plan.budgets
                    settings = {**variation, **budgets, "seed": seed, "device": device, "tariff": tariff}
                    config = resolve(preset, dataset, **settings)
                    found.append(
                        Member(group=group_name(preset, dataset, variation), variation=variation, config=config)
                    )
    groups = {member.group for member in found}
    if plan.baseline is not None:
        for dataset in plan.datasets:
            wanted = group_name(plan.baseline.preset, dataset, plan.baseline.settings)
            if wanted not in groups:
                raise UsageError(
                    f'the baseline "{wanted}" is none of its groups; they are: {", ".join(sorted(groups))}.'
                )
    return found


def group_name(preset: str, dataset: str, variation: dict[str, Any]) -> str:
    """How a group is called: ``r3gan on digits, width 16``."""
    parts = [f"{name} {value}" for name, value in variation.items()]
    return ", ".join([f"{preset} on {dataset}", *parts])


def baseline_of(plan: Plan, dataset: str) -> str:
    """The group that the others on `dataset` are compared with."""
    if plan.baseline is not None:
        return group_name(plan.baseline.preset, dataset, plan.baseline.settings)
    return group_name(plan.presets[0], dataset, plan.settings[0])
