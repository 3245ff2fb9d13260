"""An index as its author states it: a TOML file that names the tables, the steps and their methods.

A spec holds choices, not data: the same spec over another table is another index by the same method.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aigc_report.errors import UserError
from aigc_report.index.aggregate import AGGREGATORS
from aigc_report.index.impute import IMPUTERS
from aigc_report.index.methods import Choice, bind
from aigc_report.index.normalise import NORMALISERS
from aigc_report.index.treat import TREATERS
from aigc_report.index.weights import WEIGHERS

STAGES: dict[str, str] = {
    "denominated": "denominate",
    "imputed": "impute",
    "treated": "treat",
    "normalised": "normalise",
}
"""What the data is called after a step, and the step, in the order in which they run."""
METHODS: dict[str, Mapping[str, Any]] = {
    "impute": IMPUTERS,
    "treat": TREATERS,
    "normalise": NORMALISERS,
    "aggregate": dict.fromkeys(AGGREGATORS, lambda: None),
}
"""The table of methods of each step that takes one; aggregators take no options."""
KEYS: dict[str, tuple[str, ...]] = {
    "": ("name", "name_zh", "data", "steps", "uncertainty", "not_scored"),
    "data": ("units", "structure", "unit", "unit_name", "catalogue"),
    "steps": ("denominate", "impute", "treat", "normalise", "weights", "aggregate"),
    "not_scored": ("factor", "reason_en", "reason_zh"),
}
REQUIRED: tuple[tuple[str, str], ...] = (("", "name"), ("", "data"), ("", "steps"), ("data", "structure"))


@dataclass(frozen=True)
class DataSource:
    """Where an index takes its values from: a table of units, or the catalogue for a group of countries."""

    structure: Path
    units: Path | None = None
    unit: str | None = None
    unit_name: str | None = None
    catalogue: str | None = None


@dataclass(frozen=True)
class Steps:
    """The steps that are applied; ``None`` or ``False`` for a step left out."""

    denominate: bool = False
    impute: Choice | None = None
    treat: Choice | None = None
    normalise: Choice | None = None
    weights: str = "original"
    aggregate: Choice | None = None


@dataclass(frozen=True)
class IndexSpec:
    """A checked spec. ``uncertainty`` is kept as written; ``not_scored``: the factors that stay monitors, and why."""

    name: str
    data: DataSource
    steps: Steps
    name_zh: str = ""
    not_scored: tuple[dict[str, str], ...] = ()
    uncertainty: Mapping[str, Any] = field(default_factory=dict)


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
        return parse(document, path.parent)
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
        data=DataSource(
            structure=folder / data["structure"],
            units=folder / data["units"] if "units" in data else None,
            unit=data.get("unit"),
            unit_name=data.get("unit_name"),
            catalogue=data.get("catalogue"),
        ),
        steps=_steps(document["steps"]),
        not_scored=tuple(not_scored),
        uncertainty=_table(document.get("uncertainty", {}), "uncertainty"),
    )


def _steps(table: Mapping[str, Any]) -> Steps:
    denominate, weights = table.get("denominate", False), table.get("weights", "original")
    if not isinstance(denominate, bool):
        raise UserError("step denominate: {value!r} is not true or false.", value=denominate)
    if weights not in WEIGHERS:
        raise UserError('step weights: "{value}" is not one of {known}.', value=weights, known=", ".join(WEIGHERS))
    return Steps(denominate=denominate, weights=weights, **{step: _choice(table, step) for step in METHODS})


def _choice(table: Mapping[str, Any], step: str) -> Choice | None:
    """The method of a step, checked against the step's table, or None where the step is left out."""
    if step not in table:
        return None
    options = dict(_table(table[step], f"steps.{step}"))
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
