"""Diffusion on a page: which series, which model, its back-test, saturation, a scenario, and who is ahead."""

from functools import cache, lru_cache
from typing import Any

import pandas as pd
import streamlit as st

from aigc_report import catalog, diffusion, uploads
from aigc_report.charts import diffusion as forecasts
from aigc_report.charts import outlook
from aigc_report.charts.chart import Chart
from aigc_report.diffusion import Forecast, Saturation, Series, own
from aigc_report.diffusion.notes import MODEL_NAMES
from aigc_report.errors import UserError
from aigc_report.i18n import N_, Texts
from dashboards.ui import charts, state
from dashboards.ui.boundary import boundary
from dashboards.ui.plain import plain

OWN = "own"
GROUPS: dict[str, str] = {
    "firms": N_("Firms"),
    "employees": N_("Employees"),
    "people": N_("People"),
    "content": N_("Content"),
    "members": N_("Firms, EU members"),
    "other": N_("Other series"),
    OWN: N_("A series of your own"),
}
AUTO = diffusion.AUTO
_MOST_TIMES = 5.0
"""Without a natural ceiling, a scenario ends at most at so many times the level reached."""
_AHEAD = 3
"""A scenario looks so many times as far ahead as the forecast, whose interval ends where it stops meaning much."""
TEMPLATE = "us-employees"
"""The series whose rows are offered as a table to start from."""


@cache
def series(name: str) -> Series:
    """A shipped series."""
    return diffusion.load(name)


@lru_cache(maxsize=256)
def forecast(name: str, model: str = AUTO) -> Forecast:
    """The forecast of a shipped series; the data it rests on do not change while this process lives."""
    return diffusion.forecast(series(name), model)


@lru_cache(maxsize=256)
def saturation(name: str, model: str = AUTO) -> Saturation | None:
    """When a shipped series will be saturated."""
    return diffusion.saturation(forecast(name, model))


def chart(t: Texts, name: str, model: str = AUTO) -> Chart:
    """The forecast of a shipped series."""
    return forecasts.forecast(forecast(name, model), t)


def backtests(t: Texts, name: str, model: str = AUTO) -> Chart:
    """How each model would have forecast a shipped series."""
    return outlook.backtests(forecast(name, model), t)


def course(t: Texts, name: str, ceiling: float, speed: float) -> Chart:
    """A scenario of a shipped series."""
    return outlook.course(
        series(name), diffusion.course(series(name), ceiling, speed, _AHEAD * series(name).horizon), t
    )


def lead(t: Texts, first: str, second: str) -> Chart:
    """Two members of the EU."""
    return outlook.lead(series(first), series(second), diffusion.lead(series(first), series(second)), t)


@st.fragment
def show(t: Texts) -> None:
    """The chosen series with its forecast, back-test, saturation and scenario."""
    groups = diffusion.groups(catalog.load())
    asked = st.query_params.get("series", "")
    first = next((group for group, names in groups.items() if asked in names), next(iter(groups)))
    left, right = st.columns([2, 3], gap="large", vertical_alignment="bottom")
    with left:
        group = state.choice(
            st.selectbox,
            t("Who adopts"),
            [*groups, OWN],
            key="who",
            default=first,
            format_func=lambda code: t(GROUPS[code]),
        )
    if group == OWN:
        _own(t)
        return
    with right:
        name = state.choice(
            st.selectbox,
            t("Series"),
            groups[group],
            key="series",
            explicit=True,
            format_func=lambda each: series(each).title[t.lang],
        )
    found_series = series(name)
    model = _model(t, found_series)
    with boundary(t, "forecast"):
        charts.show(t, chart, t, name, model)
        found = forecast(name, model)
        _judged(t, found, saturation(name, model))
        if not found.scenarios:
            charts.show(t, backtests, t, name, model)
            _steps(t, found)
        ceiling, speed = _sliders(t, found_series)
        charts.show(t, course, t, name, ceiling, speed)


def _model(t: Texts, found: Series) -> str:
    """The model to show; a series too short for any has none to choose."""
    if found.scenario:
        return AUTO
    models = [AUTO, *(m for m in diffusion.MODELS if m != "bass" or found.launched)]
    if not found.timeline.even:
        models.remove("damped")
    return state.choice(
        st.segmented_control,
        t("Model"),
        models,
        key="model",
        required=True,
        format_func=lambda model: t("the best in the back-test") if model == AUTO else t(MODEL_NAMES[model]),
    )


def _judged(t: Texts, found: Forecast, when: Saturation | None) -> None:
    """When it will be saturated, and what to mind."""
    if when is not None:
        said = t(
            "**Saturation**: {share} of the ceiling is passed in {period}, between {low} and {high} (95% interval, if "
            "the curve is right).",
            share=t.value(100 * when.share, "percent", 0),
            period=_period(t, when.period),
            low=_period(t, when.low),
            high=_period(t, when.high),
        )
    elif found.scenarios:
        said = t("**Saturation**: not determined. Too few rows to fit a ceiling; the scenarios each assume one.")
    elif found.model in diffusion.CURVES:
        said = t("**Saturation**: not determined. The data do not bound the ceiling, and 90% of an unknown is nothing.")
    else:
        said = t(
            "**Saturation**: not determined. {model} has no ceiling.", model=t(MODEL_NAMES[found.model]).capitalize()
        )
    st.markdown(said)
    with st.expander(t("What to mind about this forecast")):
        for note in found.notes:
            st.markdown(f"- {plain(note.text(t))}")


def _period(t: Texts, period: str | None) -> str:
    return t.period(period) if period else t("beyond the calendar")


def _steps(t: Texts, found: Forecast) -> None:
    """The back-test of the model shown, by how far ahead."""
    tested, naive = found.backtest, found.naive
    if tested is None or naive is None or naive.backtest is None:
        return
    columns = {
        t("Rows ahead"): [str(step.step) for step in tested.steps],
        t("Forecasts"): [str(step.n) for step in tested.steps],
        t("Error: {model}", model=t(MODEL_NAMES[found.model])): [t.number(step.rmse) for step in tested.steps],
    }
    if naive.model != found.model:
        rival = {step.step: step for step in naive.backtest.steps}
        label = t("Naive: {model}", model=t(MODEL_NAMES[naive.model]))
        columns[label] = [t.number(rival[step.step].rmse) for step in tested.steps]
    inside = [t.value(100 * step.coverage, "percent", 0) for step in tested.steps]
    columns[t("Inside the interval")] = inside
    st.table(pd.DataFrame(columns).set_index(t("Rows ahead")))


def _sliders(t: Texts, found: Series, *, own: bool = False) -> tuple[float, float]:
    """The end and the speed of a scenario; the end of a reader's `own` series means nothing in a link."""
    st.header(t("What if it ended there?"))
    reached = float(found.levels.max())
    top = found.ceiling or reached * _MOST_TIMES
    low, step = _round_above(reached, top)
    start = min(top, low + round((top - low) / 2 / step) * step)
    left, right = st.columns(2, gap="large")
    with left:
        ceiling = st.slider(
            t("It ends at"),
            low,
            float(top),
            value=float(start),
            step=step,
            key=f"end-own-{low:g}-{top:g}" if own else f"end-{found.name}",
            format="%g",
            bind=None if own else "query-params",
        )
    with right:
        speed = st.slider(
            t("Speed, times what the rows say"),
            0.25,
            4.0,
            value=1.0,
            step=0.25,
            key="speed",
            format="%g",
            bind="query-params",
        )
    return float(ceiling), float(speed)


def _round_above(reached: float, top: float) -> tuple[float, float]:
    """The lowest end that can be chosen, and the step: round numbers, some hundred of them."""
    step = 10.0 ** (len(str(int(top))) - 3) if top >= 1 else top / 100
    low = (int(reached * 1.01 / step) + 1) * step
    return (low, step) if low < top else (reached + (top - reached) / 2, (top - reached) / 10)


def _own(t: Texts) -> None:
    """A reader's own series: brought, checked, and shown the same way; kept in this visit only."""
    st.markdown(
        t(
            "A CSV file with the columns `period` and `value`, the earliest first. Periods are counts, years, quarters "
            "(2025-Q1), months (2025-03) or days; at most {most} rows. The series is read on this server and stays in "
            "this visit alone, until you remove it or close the page.",
            most=own.MOST_ROWS,
        )
    )
    left, right = st.columns(2, gap="large")
    with left:
        file = st.file_uploader(t("Series (CSV)"), type=["csv", "tsv", "txt"], key="series-file", max_upload_size=10)
    with right:
        levels = st.toggle(t("Values are levels reached, not what each period added"), value=True, key="levels")
        dated = st.toggle(t("Time follows the periods, not the rows"), value=True, key="dated")
    st.download_button(
        t("Template (CSV)"),
        _template(),
        "series.csv",
        "text/csv",
        key="series-template",
        on_click="ignore",
        type="tertiary",
    )
    if file is None:
        return
    try:
        brought = uploads.table(file.getvalue(), file.name)
        found = own.series(brought, levels=levels, time_from_period=dated)
        model = _model(t, found)
        kept = st.session_state.setdefault("own-forecasts", {})
        key = (brought.csv(), levels, dated, model)
        if key not in kept:
            made = diffusion.forecast(found, model)
            kept.clear()
            kept[key] = made, diffusion.saturation(made)
        forecast_of, when = kept[key]
    except UserError as error:
        st.error(plain(error.text(t)), icon=":material/error:")
        return
    for message, values in brought.notes:
        st.caption(plain(t(message, **values)))
    charts.show(t, own_chart, [forecast_of], t)
    _judged(t, forecast_of, when)
    if any(each.backtest for each in forecast_of.candidates):
        charts.show(t, own_backtests, [forecast_of], t)
        _steps(t, forecast_of)
    ceiling, speed = _sliders(t, found, own=True)
    charts.show(t, own_course, [found], t, ceiling, speed)


def _template() -> str:
    """A table of periods and values to start from, of a series that ships."""
    found = series(TEMPLATE)
    rows = [f"{period},{value:g}" for period, value in zip(found.periods, found.values, strict=True)]
    return "\n".join(["period,value", *rows]) + "\n"


# A reader's own series comes in a list, which no cache can take as a key and no address can write.


def own_chart(held: Any, t: Texts) -> Chart:
    """The forecast of a reader's own series."""
    return forecasts.forecast(_held(held), t)


def own_backtests(held: Any, t: Texts) -> Chart:
    """How each model would have forecast a reader's own series."""
    return outlook.backtests(_held(held), t)


def own_course(held: Any, t: Texts, ceiling: float, speed: float) -> Chart:
    """A scenario of a reader's own series."""
    found: Series = held[0]
    return outlook.course(found, diffusion.course(found, ceiling, speed, _AHEAD * found.horizon), t)


def _held(held: Any) -> Forecast:
    found: Forecast = held[0]
    return found


@st.fragment
def compare(t: Texts) -> None:
    """Two members of the EU: who is ahead, and by how many years."""
    members = diffusion.groups(catalog.load())["members"]
    cat = catalog.load()
    names = {name: cat.name(name.removeprefix(diffusion.MEMBERS).upper(), t.lang) for name in members}
    ordered = sorted(names, key=names.__getitem__)
    left, right = st.columns(2, gap="large")
    with left:
        first = state.choice(
            st.selectbox, t("Country"), ordered, key="a", default="eu-firms-deu", format_func=names.__getitem__
        )
    with right:
        second = state.choice(
            st.selectbox, t("Compared with"), ordered, key="b", default="eu-firms-fra", format_func=names.__getitem__
        )
    if first == second:
        st.info(t("Choose two different countries."), icon=":material/info:")
        return
    charts.show(t, lead, t, first, second)
