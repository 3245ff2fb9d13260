"""The steps of the Handbook in their order, from a spec to a result."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from aigc_report.errors import UserError
from aigc_report.i18n import N_
from aigc_report.index import aggregate, denominate, impute, normalise, panel, screen, structure, table, treat, weights
from aigc_report.index import spec as specs
from aigc_report.index.fault import Fault
from aigc_report.index.methods import Choice, bind
from aigc_report.index.result import IndexResult
from aigc_report.index.spec import SPEC_FOLDER, STAGES, IndexSpec, Steps
from aigc_report.index.structure import Structure
from aigc_report.index.table import Table
from aigc_report.paths import data_folder


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


def read(spec: str | IndexSpec | Inputs) -> Inputs:
    """The tables of a spec; `UserError`, with file, row and column, for those that cannot be read.

    `Inputs` come back as they are: tables that were read before, such as a reader's own, need no file any more.
    """
    if isinstance(spec, Inputs):
        return spec
    chosen = spec if isinstance(spec, IndexSpec) else find(spec)
    framework = structure.load(chosen.data.structure)
    benchmark = None
    if chosen.data.catalogue is None:
        data = table.load(chosen.data, framework)
    else:
        from aigc_report.index import catalogue

        data, benchmark = catalogue.load(chosen.data.catalogue, framework, chosen.data.exclude_flags)
    inputs = Inputs(chosen, data, framework, benchmark)
    with located(inputs):
        return _screened(inputs)


def build(
    spec: str | IndexSpec = "eu27",
    *,
    uncertainty: int | None = None,
    seed: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> IndexResult:
    """The index a spec describes: the name of a shipped one, the path of a TOML file, or a spec itself.

    With `uncertainty`, ranks carry intervals and the result says which choice moves them: so many replications, seeded
    by `seed` (the spec's own where left out), reported to `progress`, which may raise to cancel.

    Raises `UserError`, with file, row and column, for tables that cannot be read and steps that cannot be done.
    """
    if uncertainty is not None:
        from aigc_report.index.robustness import analyse

        return analyse(spec, uncertainty, seed, progress=progress)
    inputs = read(spec)
    with located(inputs):
        return score(inputs, prepare(inputs))


def stage(spec: str | IndexSpec, name: str) -> pd.DataFrame:
    """Units × indicators after one step: denominated, imputed, treated or normalised. `UserError` as in `build`."""
    inputs = read(spec)
    with located(inputs):
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


def gather(inputs: Inputs, steps: Steps) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The values to start from, after denomination: as observed, and with a unit's other periods standing in."""
    data, framework = inputs.data, inputs.structure
    observed = values = data.values
    denominators = data.denominators
    if steps.panel:
        values, denominators = _from_other_periods(inputs, steps.panel)
    screen.require_data(values)
    if not steps.denominate:
        return observed, values
    by = {code: line.denominator for code, line in framework.lines.items() if line.denominator and code in values}
    return (
        denominate.denominate(observed, data.denominators, by),
        denominate.denominate(values, denominators, by),
    )


def prepare(inputs: Inputs) -> Prepared:
    """The steps up to normalisation; a step left out changes nothing. Raises `Fault` where one cannot be done."""
    steps, framework = inputs.spec.steps, inputs.structure
    treatments = dict[str, treat.Treatment]()
    stages: dict[str, pd.DataFrame] = {}
    observed, values = gather(inputs, steps)
    if steps.denominate:
        stages["denominated"] = values
    if steps.impute:
        method = bind(impute.IMPUTERS, steps.impute, "impute")
        values = stages["imputed"] = impute.impute(values, inputs.data.groups, method)
    filled = values
    if steps.treat:
        values, treatments = treat.treat(values, bind(treat.TREATERS, steps.treat, "treat"))
        stages["treated"] = values
    if steps.normalise:
        normaliser = bind(normalise.NORMALISERS, steps.normalise, "normalise")
        values = stages["normalised"] = normalise.normalise(values, framework, normaliser)
    return Prepared(values, observed, filled, stages, treatments)


def score(inputs: Inputs, prepared: Prepared) -> IndexResult:
    """Weights and aggregation over prepared values. Raises `Fault` where they cannot be done."""
    spec, data, framework = inputs.spec, inputs.data, inputs.structure
    if spec.steps.aggregate is None:
        raise Fault(
            'the spec has no step aggregate, so there is nothing to rank; add aggregate = {{ method = "arithmetic" }}'
        )
    steps = spec.steps
    weight = weights.weigh(prepared.values, framework, steps.weights, steps.weight_levels, steps.own_weights)
    scores = aggregate.aggregate(
        prepared.values,
        framework,
        weight,
        spec.steps.aggregate,
        levels=steps.aggregate_levels,
        least=steps.min_available,
    )
    return IndexResult(
        spec=spec,
        names=data.names,
        raw=data.values,
        stages=prepared.stages,
        scores=scores,
        structure=_described(framework, weight, list(scores.columns)),
        coverage=screen.coverage(prepared.observed, prepared.filled),
        treatments=prepared.treatments,
        methods=_named(framework, spec.steps),
        screened=data.screened,
        sources=data.sources,
        flags=data.flags,
        benchmark=inputs.benchmark,
        digest=data.digest,
        warnings=(
            *([spec.note] if spec.note else []),
            *data.warnings,
            *_warnings(spec, framework, prepared, weight, data.screened),
        ),
    )


def _screened(inputs: Inputs) -> Inputs:
    """The inputs without what falls below the limits of the spec."""
    if inputs.spec.steps.screen is None:
        return inputs
    found = screen.screen(inputs.data.values, inputs.spec.steps.screen)
    return replace(inputs, data=inputs.data.without(found), structure=inputs.structure.without(set(found.indicators)))


def _from_other_periods(inputs: Inputs, choice: Choice) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Values and denominators with gaps filled from the units' own other periods."""
    data = inputs.data
    if data.panel is None or data.period is None:
        raise Fault("step panel: the table has one period only; name the column of periods in [data] time")
    filled = panel.fill(data.panel, data.period, bind(panel.PANELS, choice, "panel")).loc[data.values.index]
    return filled[list(data.values.columns)], filled[list(data.denominators.columns)]


@contextmanager
def located(inputs: Inputs) -> Iterator[None]:
    """A step's `Fault` becomes a `UserError` that says where in the user's files it lies."""
    try:
        yield
    except Fault as fault:
        where = inputs.data.locate(fault, inputs.structure)
        raise UserError(N_("{where}: {message}."), where=where, message=fault.phrase) from None


def _named(framework: Structure, steps: Steps) -> dict[str, str]:
    """The name of each aggregate's method; empty for one with options, which has no name of its own."""
    assert steps.aggregate is not None
    found = aggregate.methods(framework, steps.aggregate, steps.aggregate_levels)
    return {code: getattr(method, "__name__", "") for code, method in found.items()}


NAMED = 3
"""How many of what screening left out a warning names; all are in the result."""
_TRANSFORMED = {
    "log": "winsorising was not enough, its logarithm is used",
    "boxcox": "its Box-Cox transform is used",
}


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


def _warnings(
    spec: IndexSpec,
    framework: Structure,
    prepared: Prepared,
    weight: "pd.Series[float]",
    screened: screen.Screened,
) -> list[str]:
    """What a reader must know: what is left out, gaps, treated indicators, steps not taken, negative weights."""
    found = []
    cells = prepared.observed.size
    imputed = int((prepared.observed.isna() & prepared.filled.notna()).to_numpy().sum())
    missing = int(prepared.filled.isna().to_numpy().sum())
    for what, left_out in (("units", screened.units), ("indicators", screened.indicators)):
        if left_out:
            named = "; ".join(f"{name} ({reason})" for name, reason in list(left_out.items())[:NAMED])
            more = f"; and {len(left_out) - NAMED} more" if len(left_out) > NAMED else ""
            found.append(f"Screening left out {len(left_out)} {what}: {named}{more}.")
    if imputed:
        how = " and ".join(choice.method for choice in (spec.steps.panel, spec.steps.impute) if choice)
        found.append(f"{imputed} of {cells} values are imputed ({how}).")
    if missing:
        found.append(f"{missing} of {cells} values are missing; weights are rescaled over the values a unit has.")
    for code, done in prepared.treatments.items():
        points = f"{done.points} {'value' if done.points == 1 else 'values'} winsorised"
        how = points if done.action == "winsorised" else _TRANSFORMED[done.action]
        how += f" (power {done.power:g})" if done.power is not None else ""
        found.append(f"{code}: {how}{'' if done.passes else '; it still has outliers'}.")
    if spec.steps.normalise is None:
        found.append("No step normalise: scores are in the indicators' own units, and directions are not applied.")
    if (weight < 0).any():
        negative = ", ".join(map(str, weight.index[weight < 0]))
        found.append(f"Negative weights turn indicators round and can push scores off their scale: {negative}.")
    if not spec.steps.denominate and any(line.denominator for line in framework.lines.values()):
        found.append("The structure names denominators, but denominate is not among the steps.")
    return found
