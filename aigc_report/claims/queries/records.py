"""Published measurements of models: their trend under one protocol, and pairs that differ in one thing alone."""

from aigc_report.breakdowns import join, parse
from aigc_report.catalog import Catalog
from aigc_report.claims.queries import parts
from aigc_report.claims.queries.costs import LEAST_POINTS, doublings
from aigc_report.errors import UserError
from aigc_report.i18n import N_
from aigc_report.technology import quality
from gan.experiments.evidence import Evidence, Series

LEAST_PAIRS = 3
"""Fewer pairs leave the spread between them to one difference."""
_ANSWERS = ("yes", "no")


def record_trend(cat: Catalog, *, indicator: str, dataset: str, protocol: str, labels: str) -> Evidence:
    """`per_year`: doublings of a measure a year, over the models that one protocol measured on one data set.

    `labels`: told the class (yes), not told (no), not stated (an empty string). A model is one point, at the year in
    which its method was proposed. Raises `UserError` where nothing compares.
    """
    comparison = next(
        (
            c
            for c in quality.comparisons(cat, indicator)
            if (c.dataset, c.protocol, c.setting) == (dataset, protocol, "")
        ),
        None,
    )
    if comparison is None:
        raise UserError(
            N_("No published {indicator} on {dataset} by {protocol} compares."),
            indicator=indicator,
            dataset=dataset,
            protocol=protocol,
        )
    records = parts.deciding(quality.records(cat, comparison, labels))
    name = {lang: cat.name(indicator, lang) for lang in ("en", "zh")}
    about = {"en": "trend over the years of the methods", "zh": "按方法提出年份的趋势"}
    finding = doublings("per_year", records, "models", about)
    figure = Series(
        name="records",
        x_name={"en": "Year", "zh": "年份"},
        y_name=name,
        points=[
            {"x": float(x), "y": float(y), "label": str(model)}
            for x, y, model in zip(records["year"], records["value"], records["model"], strict=True)
        ],
        log_y=True,
    )
    asked = {"indicator": indicator, "dataset": dataset, "protocol": protocol, "labels": labels}
    warnings = [parts.TOO_FEW] if len(records) < LEAST_POINTS or finding is None else []
    return parts.evidence("record_trend", asked, [finding], [figure], warnings)


def paired_records(cat: Catalog, *, key: str) -> Evidence:
    """`mean_gain`: how much better, in percent, figures with ``key=yes`` are than the same with ``key=no``.

    A pair agrees in indicator, place, period, source and all else of the breakdown. Better is what the indicator's
    direction says; indicators without one, and pairs whose figure without is 0, do not count.
    """
    rows = cat.all_observations
    rows = parts.deciding(rows[rows["breakdown"].str.contains(rf"(?:^|;){key}=(?:yes|no)(?:;|$)")])
    halves: dict[tuple[str, ...], dict[str, float]] = {}
    for row in rows.itertuples(index=False):
        pairs = parse(str(row.breakdown))
        rest = join((k, v) for k, v in pairs.items() if k != key)
        same = (str(row.indicator), str(row.geo), str(row.period), str(row.source), rest)
        halves.setdefault(same, {})[pairs[key]] = float(str(row.value))
    gains, used = {}, []
    for measured, half in halves.items():
        direction = int(str(cat.indicators.at[measured[0], "direction"]))
        if set(half) != set(_ANSWERS) or direction == 0 or half["no"] == 0:
            continue
        gains["|".join(measured)] = 100 * direction * (half["yes"] - half["no"]) / abs(half["no"])
        used += [f"{measured[0]}|{measured[1]}|{measured[2]}|{measured[4]}"]
    if len(gains) < LEAST_PAIRS:
        return parts.evidence("paired_records", {"key": key}, [], warnings=[parts.NO_PAIRS])
    about = {"en": "better with than without", "zh": "有相对于无的提升"}
    finding = parts.replicates("mean_gain", gains, "percent", "pairs", about, used)
    return parts.evidence("paired_records", {"key": key}, [finding])
