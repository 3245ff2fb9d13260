"""A forecast with everything it takes to judge it: parameters with limits, intervals, the back-test and its rival."""

from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from aigc_report.diffusion import backtest as backtests
from aigc_report.diffusion import fit as fitting
from aigc_report.diffusion import intervals
from aigc_report.diffusion.backtest import Backtest
from aigc_report.diffusion.bass import BASS
from aigc_report.diffusion.curve import Array, Curve
from aigc_report.diffusion.design import design, target
from aigc_report.diffusion.fit import Fit
from aigc_report.diffusion.gompertz import GOMPERTZ
from aigc_report.diffusion.intervals import Interval
from aigc_report.diffusion.logistic import LOGISTIC
from aigc_report.diffusion.notes import Note
from aigc_report.diffusion.reference import NAIVE, REFERENCES, is_even
from aigc_report.diffusion.scenario import held
from aigc_report.diffusion.series import Series
from aigc_report.errors import UserError
from aigc_report.factors import BREAKS

CURVES: dict[str, Curve] = {curve.name: curve for curve in (BASS, GOMPERTZ, LOGISTIC)}
MODELS: tuple[str, ...] = (*CURVES, *REFERENCES)
"""Every model there is; `auto` picks among them."""
AUTO = "auto"
LOSSES = ("per_period", "cumulative")
SATURATION = 0.9
"""The share of the ceiling at which a series counts as saturated."""
FEW_ORIGINS = 5
POOR_COVERAGE = 0.8
SCENARIO_PARTS = (0.25, 0.5, 1.0)
"""Shares of what is left up to the natural ceiling that the scenarios of a short series end at; the middle is shown."""


@dataclass(frozen=True)
class Candidate:
    """A model that was back-tested."""

    model: str
    backtest: Backtest | None


@dataclass(frozen=True)
class Scenario:
    """Where a short series would go if it ended at `ceiling`."""

    ceiling: float
    values: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class Forecast:
    """What `forecast` returns. Values are in the measure of the series; None stands where there is none.

    ``naive`` is the name and back-test of the better of `NAIVE`. ``milestones`` are times of the fitted curve: takeoff
    (fastest growth of adoptions), peak (most adoptions), saturation (90 % of the ceiling); empty where the ceiling is
    not known.
    """

    series: Series
    model: str
    loss: str
    sse: float | None
    parameters: dict[str, Interval]
    fitted: tuple[float | None, ...]
    periods: tuple[str, ...]
    t: Array
    value: tuple[float, ...]
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]
    backtest: Backtest | None = None
    naive: Candidate | None = None
    candidates: tuple[Candidate, ...] = ()
    milestones: dict[str, float] = field(default_factory=dict)
    scenarios: tuple[Scenario, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def beats_naive(self) -> bool | None:
        """Whether the back-test error is below the better naive model's; None without a back-test."""
        if self.backtest is None or self.naive is None or self.naive.backtest is None:
            return None
        return self.backtest.rmse < self.naive.backtest.rmse

    @property
    def warnings(self) -> list[str]:
        """The notes as English sentences."""
        return [note.text() for note in self.notes]

    def to_json(self) -> dict[str, Any]:
        """The document of ``aigc-report forecast --json``; see docs/contracts.md."""
        rows = zip(self.series.periods, self.fitted, strict=True)
        ahead = zip(self.periods, self.value, self.low, self.high, strict=True)
        document: dict[str, Any] = {
            "series": self.series.name,
            "model": self.model,
            "loss": self.loss,
            "sse": self.sse,
            "candidates": [
                {"model": each.model, "backtest": _backtest_json(each.backtest, self.naive)} for each in self.candidates
            ],
            "parameters": {
                name: {"value": found.value, "low": found.low, "high": found.high}
                for name, found in self.parameters.items()
            },
            "fitted": [{"period": period, "value": value} for period, value in rows],
            "forecast": [{"period": p, "value": v, "low": low, "high": high} for p, v, low, high in ahead],
            "backtest": _backtest_json(self.backtest, self.naive),
            "milestones": {name: {"t": t, "period": self.series.period_at(t)} for name, t in self.milestones.items()},
            "warnings": self.warnings,
        }
        if self.scenarios:
            document["scenarios"] = [{"ceiling": each.ceiling, "values": list(each.values)} for each in self.scenarios]
        return document

    def to_frame(self) -> pd.DataFrame:
        """A row per period: observed, fitted, value, low and high; NaN where there is none."""
        past = pd.DataFrame(
            {"period": self.series.periods, "t": self.series.t, "observed": self.series.values, "fitted": self.fitted}
        )
        ahead = pd.DataFrame(
            {"period": self.periods, "t": self.t, "value": self.value, "low": self.low, "high": self.high}
        )
        frame = pd.concat([past, ahead], ignore_index=True)
        numbers = ["observed", "fitted", "value", "low", "high"]
        return frame.astype(dict.fromkeys(numbers, float))


def forecast(
    series: Series,
    model: str = AUTO,
    *,
    loss: str | None = None,
    horizon: int | None = None,
    seed: int = 0,
    refits: int = intervals.REFITS,
) -> Forecast:
    """Forecast `series` with `model`, one of `MODELS`, or with the one that the back-test finds best.

    `loss` says what is fitted: what each period added, or the level reached; by default what the series was declared
    with. `horizon` is in rows. The same arguments give the same numbers. Raises `UserError` for an unknown model.
    """
    loss, horizon = loss or series.loss, horizon or series.horizon
    if model not in (AUTO, *MODELS):
        raise UserError(
            'There is no model "{model}"; choose one of {known}.', model=model, known=", ".join((AUTO, *MODELS))
        )
    if loss not in LOSSES:
        raise UserError('There is no loss "{loss}"; choose one of {known}.', loss=loss, known=", ".join(LOSSES))
    if series.scenario:
        return _scenario(series, horizon)
    notes = _about(series, loss)
    tried = _tried(series, model, notes)
    if model not in (AUTO, *tried):
        raise UserError("The damped trend needs evenly spaced rows; in {series} they are not.", series=series.name)
    sizes, _ = backtests.origins(series.values, horizon)
    candidates = {name: _back_tested(name, series, loss, horizon, seed) for name in tried}
    naive = min(NAIVE, key=lambda name: _error(candidates[name]))
    chosen = min(tried, key=lambda name: _error(candidates[name])) if model == AUTO else model
    if model == AUTO and not sizes:
        chosen = LOGISTIC.name
    _judge(notes, chosen, model, naive, candidates)
    names, ahead = series.ahead(horizon)
    if chosen in REFERENCES:
        found = _referenced(chosen, series, ahead)
    else:
        found = _curved(CURVES[chosen], series, loss, ahead, seed, refits, notes)
    return Forecast(
        series=series,
        model=chosen,
        loss=loss,
        sse=found.sse,
        parameters=found.parameters,
        fitted=_listed(found.fitted),
        periods=tuple(names),
        t=ahead,
        value=tuple(map(float, found.value)),
        low=_listed(found.low),
        high=_listed(found.high),
        backtest=candidates[chosen],
        naive=Candidate(naive, candidates[naive]) if sizes else None,
        candidates=tuple(Candidate(name, tested) for name, tested in candidates.items()),
        milestones=found.milestones,
        notes=tuple(notes),
    )


@dataclass(frozen=True, eq=False)
class _Model:
    """What one model says of the past and of the coming rows."""

    sse: float
    parameters: dict[str, Interval]
    fitted: Array
    value: Array
    low: Array
    high: Array
    milestones: dict[str, float] = field(default_factory=dict)


def _referenced(name: str, series: Series, ahead: Array) -> _Model:
    found = REFERENCES[name](series.values, series.t, ahead)
    residual = (found.fitted - series.values)[~np.isnan(found.fitted)]
    parameters = {name: Interval(value, None, None) for name, value in found.parameters.items()}
    low, high = backtests.bounded(series, found.low, found.high)
    return _Model(float(residual @ residual), parameters, found.fitted, found.value, low, high)


def _curved(curve: Curve, series: Series, loss: str, ahead: Array, seed: int, refits: int, notes: list[Note]) -> _Model:
    rows, sought = design(series.t, series.measure, loss), target(series.values, series.measure, loss)
    fit = fitting.fit(curve, rows, sought, series.ceiling)
    limits = intervals.profile(fit)
    known = _ceiling_notes(notes, series, fit, limits)
    coming = backtests.rows_at(series, np.append(series.t, ahead), len(series))
    value, low, high = backtests.curve_values(fit, series, loss, coming, refits, np.random.default_rng(seed))
    fitted = backtests.rows_at(series, series.t).predict(curve, fit.theta[None])[0]
    return _Model(fit.sse, limits, fitted, value, low, high, milestones(fit) if known else {})


def milestones(fit: Fit) -> dict[str, float]:
    """Times of takeoff, peak and saturation on the fitted curve."""
    curve, shape = fit.curve, fit.shape
    return {"takeoff": curve.takeoff(shape), "peak": curve.peak(shape), "saturation": curve.reach(shape, SATURATION)}


def _tried(series: Series, model: str, notes: list[Note]) -> list[str]:
    """The models to back-test: all that apply, or the one asked for beside the naive ones."""
    even = is_even(series.t)
    if model != AUTO:
        if model == BASS.name and not series.launched:
            notes.append(Note("no_launch"))
        return [name for name in dict.fromkeys((model, *NAIVE)) if name != "damped" or even]
    if not series.launched:
        notes.append(Note("bass_left_out"))
    if not even:
        notes.append(Note("damped_left_out"))
    return [name for name in MODELS if (name != BASS.name or series.launched) and (name != "damped" or even)]


_TESTED: WeakKeyDictionary[Series, dict[tuple[str, str, int, int], Backtest | None]] = WeakKeyDictionary()
"""What `_back_tested` found, for as long as the series lives: a reader's own is not kept when it is gone."""


def _back_tested(name: str, series: Series, loss: str, horizon: int, seed: int) -> Backtest | None:
    """The back-test of one model; None for a series too short. Two thirds of a forecast, and of use to every model."""
    found, asked = _TESTED.setdefault(series, {}), (name, loss, horizon, seed)
    if asked not in found:
        sizes, reach = backtests.origins(series.values, horizon)
        found[asked] = backtests.run(series.values, _forecaster(name, series, loss, sizes, seed), sizes, reach)
    return found[asked]


def _forecaster(name: str, series: Series, loss: str, sizes: list[int], seed: int) -> backtests.Forecaster:
    if name in REFERENCES:
        return backtests.reference_forecaster(REFERENCES[name], series)
    return backtests.curve_forecaster(CURVES[name], series, loss, sizes, seed) if sizes else _none


def _none(rows: int, steps: int) -> tuple[Array, Array, Array]:
    raise AssertionError("a back-test without origins asks for nothing")


def _error(found: Backtest | None) -> float:
    return np.inf if found is None else found.rmse


def _about(series: Series, loss: str) -> list[Note]:
    """What to mind about the rows themselves."""
    notes = []
    increments = series.values if series.measure == "per_period" else np.diff(series.values)
    if negative := int((increments < 0).sum()):
        fitted = series.measure == "per_period" or loss == "per_period"
        notes.append(Note("negative" if fitted else "falls", {"n": negative}))
    if series.time_unit == "row" and not series.timeline.even:
        notes.append(Note("uneven_rows"))
    if series.time_unit == "step":
        notes.append(Note("step", {"step": series.timeline.step_name()}))
    if series.time_unit == "year":
        notes.append(Note("year"))
    for period, letters in list(zip(series.periods, series.flags, strict=False))[1:]:
        if breaks := "".join(letter for letter in letters if letter in BREAKS):
            notes.append(Note("break", {"period": period, "flags": breaks}))
    return notes


def _judge(notes: list[Note], chosen: str, model: str, naive: str, candidates: dict[str, Backtest | None]) -> None:
    """What the back-test says of the chosen model."""
    tested, rival = candidates[chosen], candidates[naive]
    if tested is None or rival is None:
        return
    curves = [name for name in candidates if name in CURVES]
    best = min(curves, key=lambda name: _error(candidates[name]), default=None)
    if model == AUTO and chosen in NAIVE and best is not None:
        notes.append(
            Note("naive_wins", {"naive": naive, "rmse": rival.rmse, "model": best, "best": _error(candidates[best])})
        )
    elif model == AUTO and chosen in REFERENCES:
        notes.append(Note("reference_wins", {"model": chosen}))
    elif tested.rmse >= rival.rmse and chosen not in NAIVE:
        notes.append(
            Note("not_better", {"model": chosen, "rmse": tested.rmse, "naive": naive, "naive_rmse": rival.rmse})
        )
    if tested.origins < FEW_ORIGINS:
        notes.append(Note("few_origins", {"n": tested.origins}))
    if tested.coverage < POOR_COVERAGE:
        notes.append(Note("coverage", {"coverage": tested.coverage, "level": intervals.LEVEL}))


def _ceiling_notes(notes: list[Note], series: Series, fit: Fit, limits: dict[str, Interval]) -> bool:
    """Say what is known of the ceiling; whether it is bounded by the data."""
    found = limits[fit.curve.parameters[0]]
    if fit.curve.peak(fit.shape) > series.t[-1]:
        notes.append(Note("before_peak"))
    bounded = found.high is not None
    if series.ceiling is not None and not bounded:
        notes.append(Note("natural_ceiling", {"ceiling": (series.ceiling, series.unit)}))
    elif fit.at_bound:
        notes.append(Note("at_bound", {"ceiling": fit.ceiling}))
    elif not bounded:
        notes.append(Note("open_ceiling", {"low": found.low}) if found.low is not None else Note("open_ceiling_both"))
    return bounded


def _scenario(series: Series, horizon: int) -> Forecast:
    """Logistic curves through a short series for a few declared ceilings; the middle one stands as the value."""
    if series.ceiling is None:
        raise UserError(
            "The series {series} has {n} rows and no natural ceiling: too few for a forecast, and nothing for a "
            "scenario to end at.",
            series=series.name,
            n=len(series),
        )
    names, ahead = series.ahead(horizon)
    level = float(series.values.max())
    scenarios, shown = [], None
    for part in SCENARIO_PARTS:
        ceiling = level + part * (series.ceiling - level)
        fit = held(series, ceiling)
        values = backtests.rows_at(series, ahead).predict(LOGISTIC, fit.theta[None])[0]
        scenarios.append(Scenario(ceiling, tuple(map(float, values))))
        if part == SCENARIO_PARTS[1]:
            shown = fit
    assert shown is not None
    missing = (None,) * horizon
    return Forecast(
        series=series,
        model=LOGISTIC.name,
        loss="cumulative",
        sse=shown.sse,
        parameters={name: Interval(value, None, None) for name, value in shown.parameters.items()},
        fitted=_listed(backtests.rows_at(series, series.t).predict(LOGISTIC, shown.theta[None])[0]),
        periods=tuple(names),
        t=ahead,
        value=scenarios[1].values,
        low=missing,
        high=missing,
        scenarios=tuple(scenarios),
        notes=(
            Note("scenario", {"n": len(series), "ceiling": (series.ceiling, series.unit)}),
            *_about(series, "cumulative"),
        ),
    )


def _listed(values: Array) -> tuple[float | None, ...]:
    return tuple(float(value) if np.isfinite(value) else None for value in values)


def _backtest_json(found: Backtest | None, naive: Candidate | None) -> dict[str, Any] | None:
    if found is None:
        return None
    rival = None if naive is None or naive.backtest is None else {"name": naive.model, "rmse": naive.backtest.rmse}
    return {
        "origins": found.origins,
        "horizon": found.horizon,
        "mase": found.mase,
        "rmse": found.rmse,
        "coverage": found.coverage,
        "naive": rival,
        "steps": [
            {"step": s.step, "n": s.n, "rmse": s.rmse, "mase": s.mase, "coverage": s.coverage} for s in found.steps
        ],
    }
