"""Trends of cost and size, in doublings a year (negative: halvings): models, accelerators, prices of answers.

A point is a model or a device, not a reading of one series, so lines have the error of points that scatter unequally.
"""

import numpy as np
import pandas as pd

from aigc_report.breakdowns import parse
from aigc_report.catalog import Catalog
from aigc_report.claims.queries import parts
from aigc_report.claims.queries.estimate import slope
from aigc_report.technology import costs
from gan.experiments.evidence import Evidence, Finding, Series

LEAST_POINTS, LEAST_YEARS = 6, 3.0
"""Fewer points or a shorter span make no trend."""
UNIT = "doublings a year"
PRECISIONS = {"fp32": "accelerator_fp32_tflops", "matrix16": "accelerator_fp16_tensor_tflops"}
"""Precision, as `costs.price_performance` names it, to the indicator of its peak throughput."""
_SLOWEST = "slowest benchmark milestone"
_YEAR = {"en": "Year", "zh": "年份"}
_PER_DOLLAR = {"en": "GFLOP/s per US dollar", "zh": "每美元GFLOP/s"}
_THROUGHPUT = {
    "fp32": {"en": "32-bit throughput a dollar", "zh": "每美元的32位算力"},
    "matrix16": {"en": "16-bit throughput a dollar", "zh": "每美元的16位算力"},
}


def cost_trends(cat: Catalog) -> Evidence:
    """`training_cost` (a trend), `compute_per_dollar` (a trend) and `slowest_token_price_fall` (times a year).

    Training cost of models of which the source is confident, in dollars of 2023; 16-bit matrix throughput per dollar of
    the price at release. The fall is the slowest of all milestones that one study looked at, so nothing was sampled.
    """
    trained = costs.models(cat, "training_cost_usd2023", "language")
    trained = parts.deciding(trained[trained["firm"]])
    bought, rows = _bought(cat, "matrix16")
    findings = [
        doublings("training_cost", trained, "models", {"en": "cost of training a model", "zh": "训练一个模型的成本"}),
        doublings("compute_per_dollar", bought, "accelerators", _THROUGHPUT["matrix16"], rows),
        _slowest_fall(cat),
    ]
    lines = [
        _points("training_cost", trained, {"en": "Training cost, USD of 2023", "zh": "训练成本（2023年美元）"}),
        _points("compute_per_dollar", bought, _PER_DOLLAR),
    ]
    return parts.evidence("cost_trends", {}, findings, lines, _missing(findings))


def price_performance(cat: Catalog) -> Evidence:
    """`fp32` and `matrix16`: trends of peak throughput per dollar of the price at release."""
    found = {kind: _bought(cat, kind) for kind in PRECISIONS}
    findings = [
        doublings(kind, bought, "accelerators", _THROUGHPUT[kind], rows) for kind, (bought, rows) in found.items()
    ]
    lines = [_points(kind, found[kind][0], _PER_DOLLAR) for kind in PRECISIONS]
    return parts.evidence("price_performance", {}, findings, lines, _missing(findings))


def model_weight(cat: Catalog, *, dataset: str) -> Evidence:
    """`size`, `passes` and `training_compute` of image generators: trends.

    Size: parameters of class-conditional generators on `dataset`. Passes: network evaluations a picture, on any data
    set. Authors publish families of models at once, so the models of one source and year make one point, the mean of
    their logarithms. Training compute: image generators of which the source is confident.
    """
    sizes = _with(cat, "model_parameters_m")
    sizes = sizes[(sizes["dataset"] == dataset) & (sizes["conditional"] == "yes")]
    trained = costs.models(cat, "training_compute_flop", "image")
    trained = parts.deciding(trained[trained["chosen"] & trained["firm"]])
    passes = _with(cat, "sampling_nfe")
    findings = [
        doublings("size", _by_source(sizes), "sources", {"en": "parameters", "zh": "参数量"}, parts.row_ids(sizes)),
        doublings(
            "passes",
            _by_source(passes),
            "sources",
            {"en": "passes a picture", "zh": "每张图的计算次数"},
            parts.row_ids(passes),
        ),
        doublings("training_compute", trained, "models", {"en": "training compute", "zh": "训练算力"}),
    ]
    lines = [
        _points("size", sizes, {"en": "Million parameters", "zh": "参数量（百万）"}),
        _points("passes", passes, {"en": "Network evaluations a picture", "zh": "每张图的网络计算次数"}),
        _points("training_compute", trained, {"en": "Training compute, FLOP", "zh": "训练算力（FLOP）"}),
    ]
    return parts.evidence("model_weight", {"dataset": dataset}, findings, lines, _missing(findings))


def doublings(
    name: str, points: pd.DataFrame, of: str, about: dict[str, str], rows: list[str] | None = None
) -> Finding | None:
    """The exponential trend of `value` over decimal `year`, or None where there are too few points or years."""
    kept = points[points["value"] > 0]
    year, value = kept["year"].to_numpy(float), kept["value"].to_numpy(float)
    if len(kept) < LEAST_POINTS or np.ptp(year) < LEAST_YEARS:
        return None
    found = slope(year, np.log2(value))
    if found is None:
        return None
    return parts.estimate(name, found, UNIT, len(kept), of, about, parts.row_ids(kept) if rows is None else rows)


def _bought(cat: Catalog, kind: str) -> tuple[pd.DataFrame, list[str]]:
    """Accelerators with throughput per dollar in one precision, and the observations both rest on."""
    prices = parts.deciding(costs.price_performance(cat))
    prices = prices[prices["kind"] == kind]
    peaks = parts.deciding(cat.observations(PRECISIONS[kind], breakdown=None))
    devices = [parse(b).get("device", "") for b in peaks["breakdown"]]
    peaks = peaks.assign(device=devices).drop_duplicates("device")
    return prices, [*parts.row_ids(prices), *parts.row_ids(peaks[peaks["device"].isin(prices["device"])])]


def _slowest_fall(cat: Catalog) -> Finding | None:
    """The slowest fall of a price that one study found, as a factor a year; None where the catalogue lacks it."""
    rows = parts.deciding(cat.observations("llm_price_decline_factor", breakdown=None))
    wanted = {"level": _SLOWEST, "span": "per year"}
    rows = rows[np.array([parse(b) == wanted for b in rows["breakdown"]], dtype=bool)]
    if len(rows) != 1:
        return None
    about = {
        "en": "slowest fall of a price of answers, all milestones of one study",
        "zh": "一项研究各能力水平中价格的最慢降幅",
    }
    value = float(rows["value"].iloc[0])
    return parts.exact("slowest_token_price_fall", value, "times a year", 1, "studies", about, parts.row_ids(rows))


def _with(cat: Catalog, indicator: str) -> pd.DataFrame:
    """The deciding rows of `indicator` with data set, condition and a decimal year in columns."""
    rows = parts.deciding(cat.observations(indicator, breakdown=None))
    keys = [parse(b) for b in rows["breakdown"]]
    return rows.assign(
        dataset=[k.get("dataset", "") for k in keys],
        conditional=[k.get("conditional", "") for k in keys],
        model=[k.get("model", "") for k in keys],
        year=[costs.decimal_year(p) for p in rows["period"]],
    )


def _by_source(rows: pd.DataFrame) -> pd.DataFrame:
    """One point per source and year: the geometric mean of its models."""
    logs = rows[rows["value"] > 0].assign(log=lambda frame: np.log2(frame["value"]))
    means = logs.groupby(["source", "year"])["log"].mean().reset_index()
    return means.assign(value=2 ** means["log"])


def _points(name: str, rows: pd.DataFrame, y_name: dict[str, str]) -> Series:
    labels = rows["model"] if "model" in rows else rows["device"]
    points: list[dict[str, float | str | None]] = [
        {"x": float(x), "y": float(y), "label": str(label)}
        for x, y, label in zip(rows["year"], rows["value"], labels, strict=True)
    ]
    return Series(name=name, x_name=_YEAR, y_name=y_name, points=points, log_y=True)


def _missing(findings: list[Finding | None]) -> list[str]:
    return [parts.TOO_FEW] if None in findings else []
