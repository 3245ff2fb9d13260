"""What every chart of published figures needs: its subtitle, the rows that may stand in it, its sources."""

import pandas as pd

from aigc_report.catalog import Catalog
from aigc_report.flags import DOUBTFUL
from aigc_report.i18n import Texts


def subtitle(cat: Catalog, t: Texts, indicator: str, place: str, first: str, last: str | None = None) -> str:
    """Unit, population, place and period of an indicator, as every chart states them."""
    about = cat.indicators.loc[indicator]
    population = str(about["population_zh" if t.lang == "zh" else "population"])
    period = t.period(first) if last in (None, first) else f"{t.period(first)}–{t.period(str(last))}"
    share = (
        t("% of: {population}", population=population)
        if about["unit"] == "percent"
        else f"{t.unit(str(about['unit']))} · {population}"
    )
    return " · ".join([place, period, share])


def clean(frame: pd.DataFrame) -> pd.DataFrame:
    """Without doubtful values: those never stand in a headline chart."""
    kept: pd.DataFrame = frame[~frame["flag"].str.contains(DOUBTFUL)]
    return kept


def latest(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of the newest period."""
    newest: pd.DataFrame = frame[frame["period"] == frame["period"].max()]
    return newest.reset_index(drop=True)


def sources(frame: pd.DataFrame) -> tuple[str, ...]:
    """Every source of the rows, each once."""
    return tuple(dict.fromkeys(frame["source"]))


def run(t: Texts, run_id: str) -> str:
    """Where measured figures come from: the run, by its id."""
    return t("Source: run {run}.", run=run_id)
