"""A spec as the text of a TOML file that `aigc-report index --spec` takes."""

import json
from collections.abc import Mapping
from typing import Any

from aigc_report.index.methods import Choice
from aigc_report.index.spec import IndexSpec


def toml(spec: IndexSpec, comment: str = "") -> str:
    """`spec` as TOML. Tables of one's own are named without their folder: they belong beside the file.

    A spec over the catalogue names the shipped structure, so that the file stands alone.
    """
    lines = [f"# {line}" for line in comment.splitlines()]
    lines += [f"name = {_value(spec.name)}"]
    lines += [f"{key} = {_value(text)}" for key in ("name_zh", "note", "note_zh") if (text := getattr(spec, key))]
    lines += ["", "[data]", *_data(spec), "", "[steps]", *_steps(spec)]
    if spec.uncertainty:
        lines += ["", "[uncertainty]", *(f"{key} = {_value(value)}" for key, value in spec.uncertainty.items())]
    for entry in spec.not_scored:
        lines += ["", "[[not_scored]]", *(f"{key} = {_value(value)}" for key, value in entry.items())]
    return "\n".join(lines) + "\n"


def _data(spec: IndexSpec) -> list[str]:
    data = spec.data
    if data.catalogue is not None:
        entries: dict[str, Any] = {
            "catalogue": data.catalogue,
            "structure": data.structure.name.removesuffix(".structure.csv"),
            "exclude_flags": data.exclude_flags,
        }
    else:
        assert data.units is not None
        names = {key: getattr(data, key) for key in ("unit", "unit_name", "time", "period")}
        entries = {"units": data.units.name, "structure": data.structure.name, **names}
    return [f"{key} = {_value(value)}" for key, value in entries.items() if value]


def _steps(spec: IndexSpec) -> list[str]:
    steps = spec.steps
    entries: dict[str, Any] = {}
    if steps.screen is not None:
        entries["screen"] = {key: value for key, value in vars(steps.screen).items() if value}
    if steps.denominate:
        entries["denominate"] = True
    for step in ("panel", "impute", "treat", "normalise"):
        if (choice := getattr(steps, step)) is not None:
            entries[step] = choice
    entries["weights"] = steps.weights
    if steps.weight_levels or steps.own_weights:
        levels = {str(level): method for level, method in steps.weight_levels.items()}
        entries["weights"] = {
            "method": steps.weights,
            **({"levels": levels} if levels else {}),
            **({"own": dict(steps.own_weights)} if steps.own_weights else {}),
        }
    if steps.aggregate is not None:
        by_level = {str(level): choice for level, choice in steps.aggregate_levels.items()}
        entries["aggregate"] = {
            **_table(steps.aggregate),
            **({"levels": by_level} if by_level else {}),
            **({"min_available": steps.min_available} if steps.min_available else {}),
        }
    return [f"{key} = {_value(value)}" for key, value in entries.items()]


def _table(choice: Choice) -> dict[str, Any]:
    return {"method": choice.method, **choice.options}


def _value(value: Any) -> str:
    """A value in TOML's inline notation; a JSON string is a TOML string but for DEL, which no spec holds."""
    if isinstance(value, Choice):
        return _value(_table(value))
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(key)} = {_value(each)}" for key, each in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    return json.dumps(str(value), ensure_ascii=False)


def _key(key: object) -> str:
    text = str(key)
    return text if text.isascii() and text.replace("_", "").replace("-", "").isalnum() else json.dumps(text)
