"""The steps of the Handbook in their order, from a spec to a result."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from aigc_report.errors import UserError
from aigc_report.index import aggregate, denominate, impute, normalise, screen, structure, table, treat, weights
from aigc_report.index import spec as specs
from aigc_report.index.fault import Fault
from aigc_report.index.methods import bind
from aigc_report.index.result import IndexResult
from aigc_report.index.spec import STAGES, IndexSpec
from aigc_report.index.structure import Structure
from aigc_report.index.table import Table
from aigc_report.paths import data_folder

SPEC_FOLDER = "specs"
"""Where the data package keeps the specs it ships."""


@dataclass(frozen=True)
class Inputs:
    """What a spec points to, read and checked; ``benchmark`` holds the published figures of the group as a whole."""

    spec: IndexSpec
    data: Table
    structure: Structure
    benchmark: "pd.Series[float] | None" = None


@dataclass(frozen=True)
class Prepared:
    """Units × indicators, ready to be aggregated, and how they came about.

    ``stages`` holds the values after each step that was applied; ``observed`` those before anything was filled in,
    ``filled`` those after.
    """

    values: pd.DataFrame
    observed: pd.DataFrame
    filled: pd.DataFrame
    stages: dict[str, pd.DataFrame]
    treatments: dict[str, treat.Treatment]


def shipped() -> dict[str, Path]:
    """The specs of the data package by name."""
    return {path.stem: path for path in sorted((data_folder() / SPEC_FOLDER).glob("*.toml"))}


def find(spec: str) -> IndexSpec:
    """The spec of that name in the data package, or the one in the file of that name."""
    known = shipped()
    if spec in known:
        return specs.load(known[spec])
    if Path(spec).suffix == "" and not Path(spec).exists():
        raise UserError(
            'There is no index "{name}"; known are {known}, or give a .toml file.', name=spec, known=", ".join(known)
        )
    return specs.load(Path(spec))


def read(spec: str | IndexSpec) -> Inputs:
    """The tables of a spec; `UserError`, with file, row and column, for those that cannot be read."""
    chosen = spec if isinstance(spec, IndexSpec) else find(spec)
    framework = structure.load(chosen.data.structure)
    if chosen.data.catalogue is None:
        return Inputs(chosen, table.load(chosen.data, framework), framework)
    from aigc_report.index import catalogue

    data, benchmark = catalogue.load(chosen.data.catalogue, framework)
    return Inputs(chosen, data, framework, benchmark)


def build(spec: str | IndexSpec = "eu27") -> IndexResult:
    """The index a spec describes: the name of a shipped one, the path of a TOML file, or a spec itself.

    Raises `UserError`, with file, row and column, for tables that cannot be read and steps that cannot be done.
    """
    inputs = read(spec)
    with _located(inputs):
        return score(inputs, prepare(inputs))


def stage(spec: str | IndexSpec, name: str) -> pd.DataFrame:
    """Units × indicators after one step: denominated, imputed, treated or normalised. `UserError` as in `build`."""
    inputs = read(spec)
    with _located(inputs):
        stages = prepare(inputs).stages
    if name not in stages:
        raise UserError(
            'The index "{index}" has no step {step}, so there are no {stage} values; it gives: {stages}.',
            index=inputs.spec.name,
            step=STAGES[name],
            stage=name,
            stages=", ".join(stages) or "none",
        )
    return stages[name]


def prepare(inputs: Inputs) -> Prepared:
    """The steps up to normalisation; a step left out changes nothing. Raises `Fault` where one cannot be done."""
    steps, data, framework = inputs.spec.steps, inputs.data, inputs.structure
    values, treatments = data.values, dict[str, treat.Treatment]()
    stages: dict[str, pd.DataFrame] = {}
    screen.require_data(values)
    if steps.denominate:
        by = {code: line.denominator for code, line in framework.lines.items() if line.denominator}
        values = stages["denominated"] = denominate.denominate(values, data.denominators, by)
    observed = values
    if steps.impute:
        values = stages["imputed"] = impute.impute(values, data.groups, bind(impute.IMPUTERS, steps.impute, "impute"))
    filled = values
    if steps.treat:
        values, treatments = treat.treat(values, bind(treat.TREATERS, steps.treat, "treat"))
        stages["treated"] = values
    if steps.normalise:
        method = bind(normalise.NORMALISERS, steps.normalise, "normalise")
        values = stages["normalised"] = normalise.normalise(values, framework, method)
    return Prepared(values, observed, filled, stages, treatments)


def score(inputs: Inputs, prepared: Prepared) -> IndexResult:
    """Weights and aggregation over prepared values. Raises `Fault` where they cannot be done."""
    spec, data, framework = inputs.spec, inputs.data, inputs.structure
    if spec.steps.aggregate is None:
        raise Fault(
            'the spec has no step aggregate, so there is nothing to rank; add aggregate = {{ method = "arithmetic" }}'
        )
    weight = weights.WEIGHERS[spec.steps.weights](prepared.values, framework)
    scores = aggregate.aggregate(prepared.values, framework, weight, spec.steps.aggregate.method)
    return IndexResult(
        spec=spec,
        names=data.names,
        raw=data.values,
        stages=prepared.stages,
        scores=scores,
        structure=_described(framework, weight, list(scores.columns)),
        coverage=screen.coverage(prepared.observed, prepared.filled),
        treatments=prepared.treatments,
        sources=data.sources,
        flags=data.flags,
        benchmark=inputs.benchmark,
        digest=data.digest,
        warnings=(*data.warnings, *_warnings(spec, framework, prepared, weight)),
    )


@contextmanager
def _located(inputs: Inputs) -> Iterator[None]:
    """A step's `Fault` becomes a `UserError` that says where in the user's files it lies."""
    try:
        yield
    except Fault as fault:
        where = inputs.data.locate(fault, inputs.structure)
        raise UserError("{where}: " + fault.template + ".", where=where, **fault.fields) from None


def _described(framework: Structure, weight: "pd.Series[float]", codes: list[str]) -> pd.DataFrame:
    """The structure as a reader wants it: names in both languages, the weight in use, what each indicator is."""
    lines = [framework.lines[code] for code in codes]
    columns: dict[str, list[Any]] = {
        "level": [int(line.level) for line in lines],
        "parent": [line.parent for line in lines],
        "name_en": [line.name for line in lines],
        "name_zh": [line.other.get("iName_zh") or line.name for line in lines],
        "weight": [float(weight[line.code]) for line in lines],
        "direction": [line.direction for line in lines],
    }
    described = ("Factor", "Indicator", "Breakdown", "Period", "Reason_en", "Reason_zh")
    columns |= {column.lower(): [line.other.get(column, "") for line in lines] for column in described}
    return pd.DataFrame(columns, index=pd.Index(codes, name="code"))


def _warnings(spec: IndexSpec, framework: Structure, prepared: Prepared, weight: "pd.Series[float]") -> list[str]:
    """What a reader must know: gaps, treated indicators, steps that were not taken, negative weights."""
    found = []
    cells = prepared.observed.size
    imputed = int((prepared.observed.isna() & prepared.filled.notna()).to_numpy().sum())
    missing = int(prepared.filled.isna().to_numpy().sum())
    if imputed and spec.steps.impute:
        found.append(f"{imputed} of {cells} values are imputed ({spec.steps.impute.method}).")
    if missing:
        found.append(f"{missing} of {cells} values are missing; weights are rescaled over the values a unit has.")
    for code, done in prepared.treatments.items():
        points = f"{done.points} {'value' if done.points == 1 else 'values'} winsorised"
        how = points if done.action == "winsorised" else "winsorising was not enough, its logarithm is used"
        found.append(f"{code}: {how}{'' if done.passes else '; it still has outliers'}.")
    if spec.steps.normalise is None:
        found.append("No step normalise: scores are in the indicators' own units, and directions are not applied.")
    if (weight < 0).any():
        negative = ", ".join(map(str, weight.index[weight < 0]))
        found.append(f"Negative weights turn indicators round and can push scores off their scale: {negative}.")
    if not spec.steps.denominate and any(line.denominator for line in framework.lines.values()):
        found.append("The structure names denominators, but denominate is not among the steps.")
    return found
