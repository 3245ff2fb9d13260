"""Charts beside a forecast: how each model would have done, a course with a chosen end, and who leads by how long."""

import pandas as pd

from aigc_report.charts.chart import Axis, Chart, Dots, Lines
from aigc_report.charts.diffusion import counted, date, time_axis
from aigc_report.diffusion import Course, Forecast, Lead, Series
from aigc_report.diffusion.notes import MODEL_NAMES
from aigc_report.diffusion.reference import NAIVE
from aigc_report.i18n import Texts


def backtests(found: Forecast, t: Texts) -> Chart:
    """The typical error of every model that was back-tested, smallest first; the naive ones in grey."""
    tested = [(each.model, each.backtest) for each in found.candidates if each.backtest is not None]
    tested.sort(key=lambda pair: pair[1].rmse)
    frame = pd.DataFrame(
        {
            "model": [model for model, _ in tested],
            "name": [t(MODEL_NAMES[model]) for model, _ in tested],
            "rmse": [backtest.rmse for _, backtest in tested],
            "mase": [backtest.mase for _, backtest in tested],
            "coverage": [100 * backtest.coverage for _, backtest in tested],
        }
    )
    frame["role"] = [
        "second" if model == found.model else "context" if model in NAIVE else "point" for model in frame["model"]
    ]
    frame["said"] = [
        t(
            "{name}: typical error {error}; {coverage} of what came lay inside its intervals",
            name=row["name"],
            error=_error(t, found.series, row["rmse"]),
            coverage=t.value(row["coverage"], "percent", 0),
        )
        for row in frame.to_dict("records")
    ]
    best = tested[0][1]
    return Chart(
        id="backtests",
        title=t("How each model would have forecast the past"),
        subtitle=t(
            "typical error (RMSE{unit}) of {n} values forecast from {origins} earlier points in time, up to {horizon} "
            "rows ahead · orange: the model shown · grey: naive models",
            unit=_unit(t, found.series),
            n=best.n,
            origins=best.origins,
            horizon=best.horizon,
        ),
        frame=frame,
        marks=(Dots("rmse", "name", role_column="role", text="said", size=13),),
        order=tuple(frame["name"]),
        x=Axis(low=0, high=float(frame["rmse"].max()) * 1.06),
        sources=tuple(dict.fromkeys(found.series.sources)),
        alt=t(
            "Dots in rows. Smallest error: {first}. Largest: {last}.",
            first=frame["said"].iloc[0],
            last=frame["said"].iloc[-1],
        ),
    )


def course(series: Series, chosen: Course, t: Texts) -> Chart:
    """A series and the course to a chosen ceiling at a chosen speed."""
    past = pd.DataFrame({"period": series.periods, "observed": series.values})
    coming = pd.DataFrame({"period": [series.periods[-1], *chosen.periods]})
    coming["value"] = [float(series.values[-1]), *chosen.values]
    for frame in (past, coming):
        frame["date"] = [date(str(period)) for period in frame["period"]]
    whole = pd.concat([past, coming.iloc[1:]], ignore_index=True)
    whole["source"] = [*(series.sources or [""] * len(past)), *([""] * len(chosen.periods))]
    percent = series.unit == "percent"
    highest = max(float(whole["observed"].max()), float(whole["value"].max()))
    ceiling = t.value(chosen.ceiling, series.unit)
    when = t.period(chosen.saturated) if chosen.saturated else t("beyond the calendar")
    reached = t("90% of that reached already in {period}", period=when)
    return Chart(
        id="course",
        title=t("{series}: if it ended at {ceiling}", series=series.title[t.lang], ceiling=ceiling),
        subtitle=" · ".join(
            filter(
                None,
                (
                    reached if chosen.passed else t("90% of that in: {period}", period=when),
                    t("speed {n} times what the rows say", n=t.number(chosen.speed)),
                    counted(series, t),
                ),
            )
        ),
        frame=whole,
        marks=(
            Lines("date", "observed", name=t("observed"), role="context"),
            Lines("date", "value", name=t("scenario"), role="second", markers=False),
        ),
        frames={0: past, 1: coming},
        x=time_axis(t, series, whole["date"]),
        y=Axis(low=0, high=highest * 1.08, suffix="%" if percent else ""),
        sources=tuple(dict.fromkeys(series.sources)),
        alt=t(
            "Line to {last}, {end}, and a course to {value} in {ahead}.",
            last=t.period(series.periods[-1]),
            end=t.value(float(series.values[-1]), series.unit),
            value=t.value(chosen.values[-1], series.unit),
            ahead=t.period(chosen.periods[-1]),
        ),
        notes=(t("A scenario, no forecast: its end and its speed are chosen, and it has no interval."),),
        height=340,
    )


def lead(first: Series, second: Series, found: Lead | None, t: Texts) -> Chart:
    """Two series of one survey and the time between them at the levels both have reached."""
    rows = [
        {"place": _short(series.title[t.lang]), "period": period, "value": float(value), "source": source}
        for series in (first, second)
        for period, value, source in zip(series.periods, series.values, series.sources, strict=True)
    ]
    frame = pd.DataFrame(rows)
    frame["date"] = [date(str(period)) for period in frame["period"]]
    places = {series.name: series.title[t.lang] for series in (first, second)}
    if found is None:
        title = t("No level was reached by both, so neither leads by a time")
        said = title
    else:
        title = t(
            "{ahead} is {years} years ahead of {behind}",
            ahead=_short(places[found.ahead]),
            behind=_short(places[found.behind]),
            years=t.number(found.years, 1),
        )
        said = t(
            "{title} (median); {least} to {most} years over the levels both have reached, {low} to {high}",
            title=title,
            least=t.number(found.least, 1),
            most=t.number(found.most, 1),
            low=t.value(found.level_from, first.unit),
            high=t.value(found.level_to, first.unit),
        )
    return Chart(
        id="lead",
        title=title,
        subtitle=f"{_asked(first.title[t.lang])} · {counted(first, t)}",
        frame=frame,
        marks=(
            Lines(
                "date",
                "value",
                "place",
                roles={_short(first.title[t.lang]): "point", _short(second.title[t.lang]): "second"},
            ),
        ),
        x=time_axis(t, first, frame["date"]),
        y=Axis(low=0, high=float(frame["value"].max()) * 1.1, suffix="%"),
        sources=tuple(dict.fromkeys((*first.sources, *second.sources))),
        alt=said,
        notes=(said + ("。" if t.lang == "zh" else "."), first.caveat[t.lang]),
        height=340,
    )


def _asked(title: str) -> str:
    """The question in the title of a member's series: what stands before its colon."""
    return title.replace("：", ":").rpartition(":")[0].strip()


def _short(title: str) -> str:
    """The place in the title of a member's series: what follows its colon."""
    return title.replace("：", ":").rpartition(":")[2].strip()


def _unit(t: Texts, series: Series) -> str:
    """What errors are counted in, as it follows their name; empty for an own series, which does not say."""
    unit = t("percentage points") if series.unit == "percent" else t.unit(series.unit)
    return t(", {unit}", unit=unit) if unit else ""


def _error(t: Texts, series: Series, rmse: float) -> str:
    return t("{n} points", n=t.number(rmse, 2)) if series.unit == "percent" else t.value(rmse, series.unit)
