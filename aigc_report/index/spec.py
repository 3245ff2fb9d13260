"""An index as its author states it: a TOML file that names the tables, the steps and their methods.

A spec holds choices, not data: the same spec over another table is another index by the same method.
"""

import dataclasses
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aigc_report.errors import UserError
from aigc_report.index.aggregate import AGGREGATORS
from aigc_report.index.impute import IMPUTERS
from aigc_report.index.methods import Choice, bind
from aigc_report.index.normalise import NORMALISERS
from aigc_report.index.panel import PANELS
from aigc_report.index.screen import Limits
from aigc_report.index.treat import TREATERS
from aigc_report.index.weights import WEIGHERS
from aigc_report.paths import data_folder

if TYPE_CHECKING:
    from aigc_report.index.result import IndexResult

SPEC_FOLDER = "specs"
"""Where the data package keeps the specs it ships."""
STRUCTURE_FILE = "{name}.structure.csv"
"""What the structure table of a shipped spec is called."""
STAGES: dict[str, str] = {
    "denominated": "denominate",
    "imputed": "impute",
    "treated": "treat",
    "normalised": "normalise",
}
"""What the data is called after a step, and the step, in the order in which they run."""
METHODS: dict[str, Mapping[str, Any]] = {
    "panel": PANELS,
    "impute": IMPUTERS,
    "treat": TREATERS,
    "normalise": NORMALISERS,
    "aggregate": AGGREGATORS,
}
"""The table of methods of each step that takes one; a function added to a table can be named in a spec."""
KEYS: dict[str, tuple[str, ...]] = {
    "": ("name", "name_zh", "note", "note_zh", "data", "steps", "uncertainty", "not_scored"),
    "data": ("units", "structure", "unit", "unit_name", "time", "period", "catalogue", "exclude_flags"),
    "steps": ("screen", "panel", "denominate", "impute", "treat", "normalise", "weights", "aggregate"),
    "steps.screen": ("min_available", "min_nonzero", "min_units"),
    "steps.weights": ("method", "levels", "own"),
    "not_scored": ("factor", "reason_en", "reason_zh"),
}
REQUIRED: tuple[tuple[str, str], ...] = (("", "name"), ("", "data"), ("", "steps"), ("data", "structure"))


@dataclass(frozen=True)
class DataSource:
    """Where an index takes its values from: a table of units, or the catalogue for a group of countries.

    Observations of the catalogue that carry one of ``exclude_flags`` count as missing; doubtful ones always do.
    ``time`` names the column of periods of a panel, ``period`` the one the index is built for (the last, if empty).
    """

    structure: Path
    units: Path | None = None
    unit: str | None = None
    unit_name: str | None = None
    time: str | None = None
    period: str | None = None
    catalogue: str | None = None
    exclude_flags: str = ""


@dataclass(frozen=True)
class Steps:
    """The steps that are applied; ``None`` or ``False`` for a step left out.

    ``weights`` is the method of every level that ``weight_levels`` does not name, ``own_weights`` replaces single
    weights; ``aggregate_levels`` likewise. An aggregate needs the share ``min_available`` of its children.
    """

    screen: Limits | None = None
    panel: Choice | None = None
    denominate: bool = False
    impute: Choice | None = None
    treat: Choice | None = None
    normalise: Choice | None = None
    weights: str = "original"
    weight_levels: Mapping[int, str] = field(default_factory=dict)
    own_weights: Mapping[str, float] = field(default_factory=dict)
    aggregate: Choice | None = None
    aggregate_levels: Mapping[int, Choice] = field(default_factory=dict)
    min_available: float = 0.0


@dataclass(frozen=True)
class IndexSpec:
    """A checked spec. ``uncertainty`` is kept as written; ``not_scored``: the factors that stay monitors, and why.

    ``note``: what a reader must know before all else. ``path`` is the file it was read from, ``folder`` where the paths
    in it start.
    """

    name: str
    data: DataSource
    steps: Steps
    name_zh: str = ""
    note: str = ""
    note_zh: str = ""
    not_scored: tuple[dict[str, str], ...] = ()
    uncertainty: Mapping[str, Any] = field(default_factory=dict)
    folder: Path = Path()
    path: Path | None = None

    @classmethod
    def load(cls, spec: str) -> "IndexSpec":
        """The shipped spec of that name, or the one in the file of that name; `UserError` where there is none."""
        from aigc_report.index.build import find

        return find(spec)

    def build(self, uncertainty: int | None = None, seed: int | None = None) -> "IndexResult":
        """The index this spec describes; with `uncertainty`, its ranks carry intervals from so many replications."""
        from aigc_report.index.build import build

        return build(self, uncertainty=uncertainty, seed=seed)

    def where(self) -> str:
        """The file, for a sentence that says where a fault lies; the name of a spec that comes from no file."""
        return str(self.path) if self.path else f'the spec "{self.name}"'


def load(path: Path) -> IndexSpec:
    """The spec in the TOML file at `path`; paths in it count from its folder. `UserError` names the key at fault."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UserError("{file} does not exist.", file=path) from None
    except (OSError, UnicodeDecodeError) as error:
        reason = "it is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else (error.strerror or "").lower()
        raise UserError("{file} cannot be read: {reason}.", file=path, reason=reason) from None
    except tomllib.TOMLDecodeError as error:
        raise UserError("{file} is not valid TOML: {reason}.", file=path, reason=error) from None
    try:
        return dataclasses.replace(parse(document, path.parent), path=path)
    except UserError as error:
        raise UserError("{file}, {reason}", file=path, reason=error) from None


def parse(document: Mapping[str, Any], folder: Path) -> IndexSpec:
    """A spec from the content of a TOML file; `UserError` for what is missing, unknown or of the wrong kind."""
    _check_keys(document, "")
    for table, key in REQUIRED:
        if key not in (document[table] if table else document):
            raise UserError("{place}: {key} is missing.", place=f"[{table}]" if table else "top level", key=key)
        for name in ("data", "steps"):
            if name in document:
                _check_keys(_table(document[name], name), name)
    data = document["data"]
    if ("units" in data) == ("catalogue" in data):
        raise UserError("[data]: give either units, a table of your own, or catalogue, a group of countries.")
    for key, value in data.items():
        if not isinstance(value, str):
            raise UserError("[data]: {key} must be a text, not {value!r}.", key=key, value=value)
    not_scored = document.get("not_scored", [])
    for entry in not_scored:
        _check_keys(_table(entry, "not_scored"), "not_scored")
    return IndexSpec(
        name=str(document["name"]),
        name_zh=str(document.get("name_zh", "")),
        note=str(document.get("note", "")),
        note_zh=str(document.get("note_zh", "")),
        data=DataSource(
            structure=_structure(folder, data["structure"]),
            units=folder / data["units"] if "units" in data else None,
            unit=data.get("unit"),
            unit_name=data.get("unit_name"),
            time=data.get("time"),
            period=data.get("period"),
            catalogue=data.get("catalogue"),
            exclude_flags=data.get("exclude_flags", ""),
        ),
        steps=_steps(document["steps"]),
        not_scored=tuple(not_scored),
        uncertainty=_table(document.get("uncertainty", {}), "uncertainty"),
        folder=folder,
    )


def _structure(folder: Path, given: str) -> Path:
    """The structure table: a file, or that of the shipped index of this name."""
    path = folder / given
    shipped = data_folder() / SPEC_FOLDER / STRUCTURE_FILE.format(name=given)
    return shipped if not Path(given).suffix and not path.exists() and shipped.is_file() else path


def _steps(table: Mapping[str, Any]) -> Steps:
    denominate = table.get("denominate", False)
    if not isinstance(denominate, bool):
        raise UserError("step denominate: {value!r} is not true or false.", value=denominate)
    aggregate = dict(_table(table.get("aggregate", {}), "steps.aggregate"))
    levels = _levels(aggregate.pop("levels", {}), "aggregate")
    least = _share(aggregate.pop("min_available", 0), "step aggregate: min_available")
    plain = {**table, **({"aggregate": aggregate} if "aggregate" in table else {})}
    chosen: dict[str, Any] = {step: choice_of(plain[step], step) if step in plain else None for step in METHODS}
    return Steps(
        screen=_limits(table["screen"]) if "screen" in table else None,
        denominate=denominate,
        aggregate_levels={level: choice_of(value, "aggregate") for level, value in levels.items()},
        min_available=least,
        **_weights(table.get("weights", "original")),
        **chosen,
    )


def _limits(value: Any) -> Limits:
    table = _table(value, "steps.screen")
    _check_keys(table, "steps.screen")
    return Limits(**{key: _share(given, f"step screen: {key}") for key, given in table.items()})


def _weights(value: Any) -> dict[str, Any]:
    table = {"method": value} if isinstance(value, str) else _table(value, "steps.weights")
    _check_keys(table, "steps.weights")
    levels = _levels(table.get("levels", {}), "weights")
    for method in (table.get("method", "original"), *levels.values()):
        if method not in WEIGHERS:
            raise UserError('step weights: "{value}" is not one of {known}.', value=method, known=", ".join(WEIGHERS))
    own = _table(table.get("own", {}), "steps.weights.own")
    for code, weight in own.items():
        if isinstance(weight, bool) or not isinstance(weight, int | float) or not weight >= 0:
            raise UserError("step weights: {code} = {value!r} is not a number of 0 or more.", code=code, value=weight)
    return {
        "weights": table.get("method", "original"),
        "weight_levels": levels,
        "own_weights": {code: float(weight) for code, weight in own.items()},
    }


def _levels(value: Any, step: str) -> dict[int, Any]:
    """What a step says for single levels, by level."""
    table = _table(value, f"steps.{step}.levels")
    for level in table:
        if not str(level).isdecimal():
            raise UserError('step {step}: "{level}" is not the number of a level.', step=step, level=level)
    return {int(level): given for level, given in table.items()}


def _share(value: Any, what: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise UserError("{what} is {value!r}, but it must be a share from 0 to 1.", what=what, value=value)
    return float(value)


def choice_of(value: Any, step: str) -> Choice:
    """A method of a step, ``"minmax"`` or ``{ method = "minmax", lower = 0 }``, checked against the step's table."""
    options = {"method": value} if isinstance(value, str) else dict(_table(value, f"steps.{step}"))
    if not isinstance(method := options.pop("method", None), str):
        raise UserError(
            'step {step}: say which method, for example {{ method = "{example}" }}.',
            step=step,
            example=next(iter(METHODS[step])),
        )
    choice = Choice(method, options)
    bind(METHODS[step], choice, step)
    return choice


def _table(value: Any, name: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise UserError("[{name}] must be a table, not {value!r}.", name=name, value=value)
    return value


def _check_keys(table: Mapping[str, Any], name: str) -> None:
    for key in table:
        if key not in KEYS[name]:
            raise UserError(
                '{place}: there is no key "{key}"; known are {known}.',
                place=f"[{name}]" if name else "top level",
                key=key,
                known=", ".join(KEYS[name]),
            )
