"""The chart of a forecast: what was observed, what the model says of it, what it expects, and how sure it may be."""

import math

import numpy as np
import pandas as pd

from aigc_report.charts.chart import Axis, Band, Chart, Lines, Mark
from aigc_report.charts.factors import years
from aigc_report.diffusion.backtest import Backtest
from aigc_report.diffusion.forecast import CURVES, Forecast
from aigc_report.diffusion.intervals import LEVEL
from aigc_report.diffusion.notes import MODEL_NAMES
from aigc_report.diffusion.series import Series
from aigc_report.i18n import Texts

_QUARTERS_BELOW = 2.2
"""Years; a shorter axis is divided into quarters."""


def forecast(found: Forecast, t: Texts) -> Chart:
    """Observed rows, the model's account of them, the forecast with its band; or scenarios for a short series."""
    series = found.series
    frame = found.to_frame().drop(columns="t")
    frame["date"] = [date(str(period)) for period in frame["period"]]
    missing = [""] * len(found.periods)
    if series.sources:
        frame["source"], frame["flag"] = [*series.sources, *missing], [*series.flags, *missing]
    past, coming = frame[frame["observed"].notna()], frame[frame["value"].notna()]
    marks: list[Mark] = [Lines("date", "observed", name=t("observed"), role="context")]
    frames = {0: past}
    if found.scenarios:
        _add_scenarios(found, t, frame, marks, frames)
    else:
        _add_model(found, t, past, coming, marks, frames)
    first, last = series.periods[0], found.periods[-1]
    share = series.unit == "percent"
    return Chart(
        id=f"forecast-{series.name}",
        title=t("{series}: scenarios", series=series.title[t.lang])
        if found.scenarios
        else t("{series}: forecast", series=series.title[t.lang]),
        subtitle=f"{t.period(first)}–{t.period(last)} · {counted(series, t)}".rstrip(" ·"),
        frame=frame,
        marks=tuple(marks),
        frames=frames,
        x=time_axis(t, series, frame["date"]),
        y=Axis(low=0, high=_top(frame, found), suffix="%" if share else ""),
        sources=tuple(dict.fromkeys(series.sources)),
        alt=_alt(found, t),
        notes=tuple(filter(None, (series.caveat[t.lang], verdict(found, t)))),
        height=360,
    )


def counted(series: Series, t: Texts) -> str:
    """What a value of `series` counts: unit and population; empty for an own series, which says neither."""
    if series.unit == "percent":
        return t("% of: {population}", population=series.population[t.lang])
    return " · ".join(filter(None, (t.unit(series.unit), series.population[t.lang])))


def date(period: str) -> float:
    """Where a period lies on the axis: a count at itself, everything else at its last day as a year with decimals."""
    return float(period) if period.isdigit() else years.decimal(period)


def time_axis(t: Texts, series: Series, dates: "pd.Series[float]") -> Axis:
    """Years, or quarters of few years; plain numbers for rows that are counted."""
    counts = series.timeline.kind == "count" and not all(1000 <= value < 3000 for value in dates)
    return Axis() if counts else Axis(ticks=_ticks(t, dates))


def verdict(found: Forecast, t: Texts) -> str:
    """The back-test in words: the model's error beside the naive model's, on how many forecasts, with its coverage."""
    if found.scenarios:
        return t("Scenarios, no forecast: {n} rows cannot be back-tested.", n=len(found.series))
    tested, naive = found.backtest, found.naive
    if tested is None or naive is None or naive.backtest is None:
        return t("No back-test: the series is too short.")
    unit = found.series.unit
    values = {
        "model": t(MODEL_NAMES[found.model]),
        "error": _error(t, tested, unit),
        "naive": t(MODEL_NAMES[naive.model]),
        "naive_error": _error(t, naive.backtest, unit),
        "n": tested.n,
        "origins": tested.origins,
        "horizon": tested.horizon,
        "coverage": t.value(100 * tested.coverage, "percent", 0),
        "level": t.value(100 * LEVEL, "percent", 0),
    }
    if found.model == naive.model:
        return t(
            "Back-test, {n} values from {origins} earlier points in time, up to {horizon} rows ahead: no curve beat "
            "the naive model, {naive}, with a typical error of {naive_error}; {coverage} of what came lay inside the "
            "{level} intervals.",
            **{name: values[name] for name in ("n", "origins", "horizon", "naive", "naive_error", "coverage", "level")},
        )
    return t(
        "Back-test, {n} values from {origins} earlier points in time, up to {horizon} rows ahead: typical error "
        "{error} ({model}) against {naive_error} of the naive model, {naive}; {coverage} of what came lay inside the "
        "{level} intervals.",
        **values,
    )


def _error(t: Texts, tested: Backtest, unit: str) -> str:
    return t("{n} points", n=t.number(tested.rmse, 2)) if unit == "percent" else t.value(tested.rmse, unit)


def _add_model(
    found: Forecast,
    t: Texts,
    past: pd.DataFrame,
    coming: pd.DataFrame,
    marks: list[Mark],
    frames: dict[int, pd.DataFrame],
) -> None:
    """The fitted line, the forecast joined to its end, and the band."""
    model = t(MODEL_NAMES[found.model])
    fitted = past[past["fitted"].notna()]
    curved = found.model in CURVES  # a curve goes on where it is, a reference model from the last value
    end = float(fitted["fitted"].iloc[-1] if curved else past["observed"].iloc[-1])
    join = pd.DataFrame({"date": [past["date"].iloc[-1]], "value": [end], "low": [end], "high": [end]})
    ahead = pd.concat([join, coming[["date", "value", "low", "high"]]], ignore_index=True)
    label = t("{level} interval", level=t.value(100 * LEVEL, "percent", 0))
    drawn: list[tuple[Mark, pd.DataFrame]] = [(Band("date", "low", "high", "second", label), ahead)]
    if curved:  # a reference model has no curve of its own in the past
        drawn.append((Lines("date", "fitted", name=t("fitted: {model}", model=model), markers=False), fitted))
    drawn.append(
        (Lines("date", "value", name=t("forecast: {model}", model=model), role="second", markers=False), ahead)
    )
    for mark, frame in drawn:
        frames[len(marks)] = frame
        marks.append(mark)


def _add_scenarios(
    found: Forecast, t: Texts, frame: pd.DataFrame, marks: list[Mark], frames: dict[int, pd.DataFrame]
) -> None:
    """A line per ceiling, from the last row on."""
    past, coming = frame[frame["observed"].notna()], frame[frame["value"].notna()]
    lines = []
    for scenario in found.scenarios:
        label = t("ends at {ceiling}", ceiling=t.value(scenario.ceiling, found.series.unit, 0))
        dates = [past["date"].iloc[-1], *coming["date"]]
        values = [past["observed"].iloc[-1], *scenario.values]
        lines.append(pd.DataFrame({"date": dates, "value": values, "scenario": label}))
    frames[len(marks)] = pd.concat(lines, ignore_index=True)
    roles = {str(label): "second" for label in frames[len(marks)]["scenario"].unique()}
    marks.append(Lines("date", "value", "scenario", t("scenarios"), "second", roles, markers=False))
    frame[[f"scenario_{each.ceiling:.1f}" for each in found.scenarios]] = np.column_stack(
        [[np.nan] * len(past) + list(each.values) for each in found.scenarios]
    )


def _alt(found: Forecast, t: Texts) -> str:
    series, unit = found.series, found.series.unit
    said = t(
        "Line from {first}, {start}, to {last}, {end}; expected for {ahead}: {value}",
        first=t.period(series.periods[0]),
        start=t.value(float(series.values[0]), unit),
        last=t.period(series.periods[-1]),
        end=t.value(float(series.values[-1]), unit),
        ahead=t.period(found.periods[-1]),
        value=t.value(found.value[-1], unit),
    )
    low, high = found.low[-1], found.high[-1]
    if low is None or high is None:
        return said
    return t("{said} ({low} to {high}).", said=said, low=t.value(low, unit), high=t.value(high, unit))


def _top(frame: pd.DataFrame, found: Forecast) -> float:
    """The upper end of the axis: room above everything drawn."""
    drawn = [frame[column].max() for column in ("observed", "fitted", "value", "high")]
    drawn += [max(scenario.values) for scenario in found.scenarios]
    return float(np.nanmax(drawn)) * 1.08


def _ticks(t: Texts, dates: pd.Series) -> tuple[tuple[float, str], ...]:
    """Ticks at the turn of each year in `dates`, or of each quarter where they are few years."""
    first, last = float(dates.min()), float(dates.max())
    if last - first > _QUARTERS_BELOW:
        return tuple((float(year), str(year)) for year in range(math.ceil(first), math.floor(last) + 1))
    quarters = range(math.ceil(first * 4), math.floor(last * 4) + 1)
    return tuple((q / 4, t.period(f"{q // 4}-{q % 4 * 3 + 1:02}")) for q in quarters)
