"""Time on an axis: dates as decimal years, and the axes on which the charts of factors stand."""

import pandas as pd

from aigc_report import periods
from aigc_report.charts import scales
from aigc_report.charts.chart import Axis
from aigc_report.i18n import Texts


def decimal(period: str) -> float:
    """A period as a year with decimals: its last day, except that a whole year stands at its own number."""
    if len(period) == len("2025"):
        return float(period)
    day = periods.last_day(period)
    return round(day.year + (day.timetuple().tm_yday - 1) / 365.25, 3)


def decimals(frame: pd.DataFrame) -> list[float]:
    """The periods of `frame` as decimal years."""
    return [decimal(str(period)) for period in frame["period"]]


def axis(first: int, last: int, step: int = 1, margin: float = 0.3) -> Axis:
    """An axis from year `first` to year `last` with a tick every `step` years, counted back from the last."""
    ticks = tuple((float(year), str(year)) for year in range(last, first - 1, -step))
    return Axis(low=first - margin, high=last + margin, ticks=ticks[::-1])


def model_texts(t: Texts, frame: pd.DataFrame) -> list[str]:
    """What a label says of each model in `frame` (of `factors.models`): name, maker, date, computation."""
    return [
        t(
            "{model} ({organization}), {period}: {value} FLOP",
            model=model,
            organization=organization or t("unknown"),
            period=t.period(period),
            value=scales.scientific(t, value),
        )
        for model, organization, period, value in zip(
            frame["model"], frame["organization"], frame["period"], frame["value"], strict=True
        )
    ]
