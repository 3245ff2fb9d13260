"""What is uncertain about an index: the table ``[uncertainty]`` of a spec, read as sources with their alternatives.

A list under a step names alternative methods (``aggregate = ["arithmetic", "geometric"]``), a list under an option of
the spec's own method names alternative values (``treat.max_points = [1, 2, 3]``). ``weights`` holds noise, methods or
expert sets, ``leave_out`` indicators that are left out one at a time. Alternatives have equal chances.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from aigc_report.errors import UserError
from aigc_report.index import read
from aigc_report.index.methods import Choice, bind
from aigc_report.index.spec import METHODS, IndexSpec, choice_of
from aigc_report.index.structure import Structure
from aigc_report.index.weights import WEIGHERS

DEFAULTS: dict[str, Any] = {"replications": 1000, "seed": 42, "percentiles": [5, 50, 95]}
WEIGHT_KEYS: tuple[str, ...] = ("noise", "levels", "methods", "sets")
SET_COLUMNS: tuple[str, ...] = ("set", "iCode", "Weight")
NONE = "none"
"""The alternative that leaves a step out; only steps an index can be built without take it."""


@dataclass(frozen=True)
class Source:
    """One uncertain choice: its key under ``[uncertainty]`` and its alternatives, of which each is as likely.

    ``step`` is the step it belongs to. ``option`` is empty where whole methods are the alternatives.
    """

    key: str
    step: str
    alternatives: tuple[Any, ...]
    option: str = ""

    def labels(self) -> list[str]:
        """The alternatives in words, as a spec would name them."""
        return [label(alternative) for alternative in self.alternatives]


@dataclass(frozen=True)
class Weights:
    """How weights vary: the methods or the expert sets they start from, and the noise on top, by level.

    Noise f multiplies a weight by 1 + f·u, u uniform on -1..1, drawn afresh for every weight and replication: what
    COINr 1.1.14's `get_noisy_weights` does, without drawing from a finite list.
    """

    methods: tuple[str, ...] = ()
    sets: Mapping[str, Mapping[str, float]] | None = None
    noise: Mapping[int, float] | None = None


@dataclass(frozen=True)
class Choices:
    """All sources of a spec, in the order in which the steps run, and how often and from which seed they are drawn."""

    sources: tuple[Source, ...]
    weights: Weights
    replications: int
    seed: int
    percentiles: tuple[float, float, float]


def parse(spec: IndexSpec, structure: Structure) -> Choices:
    """The choices of `spec`; `UserError` names the key of ``[uncertainty]`` at fault."""
    table = dict(spec.uncertainty)
    known = (*DEFAULTS, *METHODS, "weights", "leave_out")
    for key in table:
        if key not in known:
            raise _refusal(spec, f'there is no key "{key}"; known are {", ".join(known)}')
    sources = [source for step in METHODS if step in table for source in _of_step(spec, step, table[step])]
    weights = Weights()
    if "weights" in table:
        weights, source = _weights(spec, structure, table["weights"])
        sources.append(source)
    if table.get("leave_out", False) is not False:
        sources.append(_leave_out(spec, structure, table["leave_out"]))
    if not sources:
        raise _refusal(
            spec, 'nothing is uncertain; name alternatives, for example aggregate = ["arithmetic", "geometric"]'
        )
    numbers = {key: table.get(key, default) for key, default in DEFAULTS.items()}
    for key, least in (("replications", 1), ("seed", 0)):
        if type(numbers[key]) is not int or numbers[key] < least:
            raise _refusal(spec, f"{key} is {numbers[key]!r}, but it must be a whole number from {least} up")
    shares = numbers["percentiles"]
    if not (
        isinstance(shares, list)
        and len(shares) == 3
        and all(type(share) in (int, float) and 0 <= share <= 100 for share in shares)
        and shares == sorted(shares)
    ):
        raise _refusal(spec, f"percentiles is {shares!r}, but it must be three numbers from 0 to 100, in order")
    return Choices(tuple(sources), weights, numbers["replications"], numbers["seed"], (shares[0], shares[1], shares[2]))


def apply(spec: IndexSpec, sources: tuple[Source, ...], drawn: tuple[int, ...]) -> IndexSpec:
    """`spec` with the alternative drawn for each of `sources`; weights and indicators left out are not part of it."""
    changed: dict[str, Any] = {}
    for source, position in zip(sources, drawn, strict=True):
        if source.step not in METHODS:
            continue
        alternative = source.alternatives[position]
        if source.option:
            own = changed.get(source.step, getattr(spec.steps, source.step))
            changed[source.step] = replace(own, options={**own.options, source.option: alternative})
        else:
            changed[source.step] = alternative
    return replace(spec, steps=replace(spec.steps, **changed))


def label(alternative: Any) -> str:
    """An alternative in words: ``minmax(lower=1, upper=100)``."""
    if alternative is None:
        return NONE
    if isinstance(alternative, Choice):
        options = ", ".join(f"{key}={value}" for key, value in alternative.options.items())
        return f"{alternative.method}({options})" if options else alternative.method
    return str(alternative)


def _of_step(spec: IndexSpec, step: str, value: Any) -> list[Source]:
    if isinstance(value, list):
        skippable = step in ("panel", "impute", "treat")
        return [
            Source(
                step,
                step,
                tuple(
                    None if skippable and entry == NONE else _choice(spec, entry, step)
                    for entry in _alternatives(spec, step, value)
                ),
            )
        ]
    if not isinstance(value, dict):
        raise _refusal(spec, f"{step} must be a list of alternatives, not {value!r}")
    own = getattr(spec.steps, step)
    if own is None:
        raise _refusal(spec, f"{step}.{next(iter(value), '')} varies a step that [steps] does not have")
    found = []
    for option, entries in value.items():
        key = f"{step}.{option}"
        for entry in _alternatives(spec, key, entries):
            _choice(spec, {"method": own.method, **own.options, option: entry}, step)
        found.append(Source(key, step, tuple(entries), option))
    return found


def _choice(spec: IndexSpec, entry: Any, step: str) -> Choice:
    try:
        choice = choice_of(entry, step)
        bind(METHODS[step], choice, step)
    except UserError as error:
        raise _refusal(spec, str(error).removesuffix(".")) from None
    return choice


def _alternatives(spec: IndexSpec, key: str, value: Any) -> list[Any]:
    if not isinstance(value, list) or not value:
        raise _refusal(spec, f"{key} must be a list of alternatives, not {value!r}")
    return value


def _weights(spec: IndexSpec, structure: Structure, value: Any) -> tuple[Weights, Source]:
    table = {"methods": value} if isinstance(value, list) else value
    if not isinstance(table, dict) or not table:
        raise _refusal(spec, f"weights must name noise, methods or sets, not {value!r}")
    for key in table:
        if key not in WEIGHT_KEYS:
            raise _refusal(spec, f'weights: there is no key "{key}"; known are {", ".join(WEIGHT_KEYS)}')
    if "methods" in table and "sets" in table:
        raise _refusal(spec, "weights: give either methods or sets")
    methods = tuple(_alternatives(spec, "weights.methods", table["methods"])) if "methods" in table else ()
    for method in methods:
        if method not in WEIGHERS:
            raise _refusal(spec, f'weights: "{method}" is not one of {", ".join(WEIGHERS)}')
    sets = _sets(structure, spec.folder / str(table["sets"])) if "sets" in table else None
    if "levels" in table and "noise" not in table:
        raise _refusal(spec, "weights: levels says where noise is added; say how much, for example noise = 0.25")
    noise = _noise(spec, structure, table) if "noise" in table else None
    alternatives: tuple[Any, ...] = methods or tuple(sets or ()) or ("noise",)
    return Weights(methods, sets, noise), Source("weights", "weights", alternatives)


def _noise(spec: IndexSpec, structure: Structure, table: Mapping[str, Any]) -> dict[int, float]:
    known = sorted({int(line.level) for line in structure.lines.values() if line.scored})
    levels = table.get("levels", known)
    if not isinstance(levels, list) or not levels or any(level not in known for level in levels):
        there = ", ".join(map(str, known))
        raise _refusal(spec, f"weights: levels is {levels!r}, but it must list levels of the structure ({there})")
    factors = table["noise"] if isinstance(table["noise"], list) else [table["noise"]] * len(levels)
    if len(factors) != len(levels) or any(
        isinstance(f, bool) or not isinstance(f, int | float) or not 0 <= f <= 1 for f in factors
    ):
        raise _refusal(
            spec, f"weights: noise is {table['noise']!r}, but it must be a share from 0 to 1, or one per level"
        )
    return dict(zip(levels, map(float, factors), strict=True))


def _sets(structure: Structure, path: Path) -> dict[str, dict[str, float]]:
    """Weights by set and code from an experts' table; a code that a set does not list keeps its weight."""
    text = read.cells(path)
    for column in SET_COLUMNS:
        if column not in text.columns:
            raise UserError(
                "{file} has no column {column}; it needs {all}.", file=path, column=column, all=", ".join(SET_COLUMNS)
            )
    weights = read.numbers(text, ["Weight"], path)["Weight"]
    codes = set(structure.ordered())
    found: dict[str, dict[str, float]] = {}
    for row, name, code, weight in zip(read.lines(text), text["set"], text["iCode"], weights, strict=True):
        faults = (
            ("set", name == "", "the name of the set is missing"),
            ("iCode", code not in codes, f'the structure has no code "{code}"'),
            ("iCode", code in found.get(name, {}), f'the set "{name}" has "{code}" twice'),
            ("Weight", pd.isna(weight) or weight < 0, "it must be a number of 0 or more"),
        )
        for column, wrong, message in faults:
            if wrong:
                raise UserError(
                    "{file}, row {row}, column {column}: {message}.", file=path, row=row, column=column, message=message
                )
        found.setdefault(name, {})[code] = float(weight)
    return found


def _leave_out(spec: IndexSpec, structure: Structure, value: Any) -> Source:
    """None left out, or one of the indicators named (all of them for ``true``)."""
    codes = structure.indicators if value is True else value
    if not isinstance(codes, list) or not codes:
        raise _refusal(spec, f"leave_out is {value!r}, but it must be true or a list of indicators")
    for code in codes:
        if code not in structure.indicators:
            raise _refusal(spec, f'leave_out: there is no indicator "{code}"')
    return Source("leave_out", "leave_out", (None, *codes))


def _refusal(spec: IndexSpec, reason: str) -> UserError:
    return UserError("{file}, [uncertainty]: {reason}.", file=spec.where(), reason=reason)
