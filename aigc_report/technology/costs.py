"""What the technology costs: training compute and money, accelerators, rent, prices and energy, as published.

Trends are straight lines through the logarithm, so a trend is a factor a year. They describe the rows at hand, models
and offers that somebody found notable, and no sample of all.
"""

import re
from calendar import isleap
from dataclasses import dataclass

import numpy as np
import pandas as pd

from aigc_report import periods
from aigc_report.catalog import Catalog
from aigc_report.flags import DOUBTFUL

DOMAINS: dict[str, frozenset[str]] = {
    "image": frozenset({"Image generation"}),
    "language": frozenset({"Language"}),
    "vision": frozenset({"Vision"}),
    "sound": frozenset({"Speech", "Audio"}),
    "biology": frozenset({"Biology"}),
    "games": frozenset({"Games"}),
}
"""Domain of a model to the source's words for it; a model of several domains belongs to each of them."""
FIRM = frozenset({"Confident", "Likely"})
"""The source's own confidence in an estimate, of which a trend may be made."""
LEAST_POINTS, LEAST_YEARS = 10, 3.0
"""Fewer points or a shorter span make no trend."""
RESAMPLES, SEED = 2000, 0
LEAST_OFFERS = 3
"""Fewer offers in a year make no median."""
FAMILIES = ("V100", "A100", "H100")
"""Accelerators on offer for several years; a device is of a family when its name holds that word."""
ENERGY_SOURCE = "gh_co2_inference"
"""The one study with pictures and texts on the same machine; figures of other studies do not compare with it."""


@dataclass(frozen=True, eq=False)
class Trend:
    """A factor a year with its 95% interval, and the line with its band: columns year, value, low, high."""

    factor: float
    low: float
    high: float
    n: int
    line: pd.DataFrame


def trend(year: pd.Series, value: pd.Series) -> Trend | None:
    """The exponential trend of positive `value` over decimal `year`; None where there are too few points.

    Least squares on log10(value). The interval holds the middle 95% of 2,000 fits to points drawn anew with replacement
    (pairs bootstrap, Efron and Tibshirani 1993, section 9.5; fixed seed): it assumes no equal spread around the line.
    """
    x, y = year.to_numpy(float), np.log10(value.to_numpy(float))
    if len(x) < LEAST_POINTS or x.max() - x.min() < LEAST_YEARS:
        return None
    grid = np.linspace(x.min(), x.max(), 40)
    slope, level = _fit(x[None, :], y[None, :])
    drawn = np.random.default_rng(SEED).integers(0, len(x), (RESAMPLES, len(x)))
    slopes, levels = _fit(x[drawn], y[drawn])
    low, high = np.quantile(levels[:, None] + slopes[:, None] * grid, [0.025, 0.975], axis=0)
    slope_low, slope_high = np.quantile(slopes, [0.025, 0.975])
    line = pd.DataFrame({"year": grid, "value": 10 ** (level + slope * grid), "low": 10**low, "high": 10**high})
    return Trend(float(10 ** slope[0]), float(10**slope_low), float(10**slope_high), len(x), line)


def _fit(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Slope and intercept of each row of `x` and `y`."""
    mean_x, mean_y = x.mean(axis=1), y.mean(axis=1)
    off = x - mean_x[:, None]
    slope = (off * (y - mean_y[:, None])).sum(axis=1) / (off**2).sum(axis=1)
    return slope, mean_y - slope * mean_x


def models(cat: Catalog, indicator: str, domain: str) -> pd.DataFrame:
    """Models with a training cost or compute, oldest first: year (decimal), model, organization, value, chosen, firm.

    `chosen` says whether a model belongs to `domain` (a key of `DOMAINS`), `firm` whether the source is confident.
    """
    rows = _with_keys(cat, indicator, ("domain", "model", "organization", "confidence"))
    chosen = [bool(DOMAINS[domain] & set(text.split(","))) for text in rows["domain"]]
    rows = rows.assign(chosen=chosen, firm=rows["confidence"].isin(FIRM))
    return rows.sort_values(["year", "model"], ignore_index=True)


def price_performance(cat: Catalog) -> pd.DataFrame:
    """Accelerators by release: year, device, kind (fp32 | matrix16), value (GFLOP/s per US dollar), price, source.

    Peak throughput over the price at release, in dollars of that year; a device without either is left out.
    """
    prices = _with_keys(cat, "accelerator_release_price_usd", ("device",))
    parts = []
    for kind, indicator in (("fp32", "accelerator_fp32_tflops"), ("matrix16", "accelerator_fp16_tensor_tflops")):
        speeds = _with_keys(cat, indicator, ("device",)).drop_duplicates("device").set_index("device")["value"]
        rows = prices.assign(kind=kind, price=prices["value"], tflops=prices["device"].map(speeds)).dropna(
            subset="tflops"
        )
        parts.append(rows.assign(value=1000 * rows["tflops"] / rows["price"]))
    return pd.concat(parts).sort_values(["kind", "year"], ignore_index=True)


def rents(cat: Catalog) -> pd.DataFrame:
    """On-demand offers of the accelerators in `FAMILIES`: year, family, device, vendor, value (USD a chip-hour)."""
    rows = _with_keys(cat, "gpu_rental_usd_per_chip_hour", ("device", "commitment", "vendor"))
    rows = rows[rows["commitment"] == "on-demand"]
    family = [next((f for f in FAMILIES if re.search(rf"\b{f}\b", d)), "") for d in rows["device"]]
    rows = rows.assign(family=family)
    return rows[rows["family"] != ""].sort_values(["family", "year"], ignore_index=True)


def yearly_rents(offers: pd.DataFrame) -> pd.DataFrame:
    """The median offer of each family and calendar year with enough of them: family, year (its middle), value, n."""
    groups = offers.assign(calendar=offers["period"].str[:4].astype(int)).groupby(["family", "calendar"])["value"]
    medians = groups.agg(value="median", n="size").reset_index()
    medians = medians[medians["n"] >= LEAST_OFFERS]
    medians["year"] = medians["calendar"] + 0.5
    order = {family: at for at, family in enumerate(FAMILIES)}
    return medians.sort_values(
        ["family", "year"], key=lambda c: c.map(order) if c.name == "family" else c, ignore_index=True
    )


def token_prices(cat: Catalog) -> pd.DataFrame:
    """The lowest price for a language model of one level of ability, at both ends of a span: level, year, value."""
    return _with_keys(cat, "llm_price_at_quality_usd_per_mtok", ("level",)).sort_values(
        ["level", "year"], ignore_index=True
    )


def token_price_falls(cat: Catalog) -> pd.DataFrame:
    """The slowest and the fastest fall of such a price that one study found, a row each: value, source."""
    rows = _with_keys(cat, "llm_price_decline_factor", ("level",)).set_index("level")
    return rows.loc[["slowest benchmark milestone", "fastest benchmark milestone"]]


def picture_prices(cat: Catalog) -> pd.DataFrame:
    """List prices of one generated picture in the newest year: model, quality, value, low, high, period, source, flag.

    A row per listing, the models with the lowest top price first. Pictures of 1024×1024 or of a size that the list does
    not state; `low` and `high` are the cheapest and the dearest of the model. Where lists disagree, both stay.
    """
    rows = _with_keys(cat, "image_api_price_usd", ("model", "resolution", "quality"))
    rows = rows[rows["resolution"].isin(["", "1024x1024"])]
    rows = rows[rows["period"].str[:4] == rows["period"].max()[:4]]
    by_model = rows.groupby("model")["value"]
    rows = rows.assign(low=by_model.transform("min"), high=by_model.transform("max"))
    listed: pd.DataFrame = rows.sort_values(["high", "low", "model", "value"], ignore_index=True)
    return listed


def energies(cat: Catalog) -> pd.DataFrame:
    """Electricity of one inference in the one study that ran many models on one machine, least first.

    Columns: task, model, value (mean over sets of prompts, Wh), low, high, n, period, source, flag. kWh per 1,000
    inferences is Wh per inference.
    """
    rows = _with_keys(cat, "energy_kwh_per_1000_inferences", ("task", "model", "prompts", "hardware"))
    rows = rows[rows["source"] == ENERGY_SOURCE]
    groups = rows.groupby(["task", "model", "hardware"])
    found = groups.agg(value=("value", "mean"), low=("value", "min"), high=("value", "max"), n=("value", "size"))
    first = groups[["period", "source", "flag"]].first()
    return found.join(first).reset_index().sort_values("value", ignore_index=True)


def _with_keys(cat: Catalog, indicator: str, keys: tuple[str, ...]) -> pd.DataFrame:
    """The undoubted rows of `indicator` with these keys of the breakdown as columns and a decimal `year`."""
    rows = cat.observations(indicator=indicator, breakdown=None)
    rows = rows[~rows["flag"].str.contains(DOUBTFUL)].reset_index(drop=True)
    parsed = [dict(pair.split("=", 1) for pair in text.split(";") if pair) for text in rows["breakdown"]]
    return rows.assign(
        **{key: [p.get(key, "") for p in parsed] for key in keys}, year=[decimal_year(p) for p in rows["period"]]
    )


def decimal_year(period: str) -> float:
    """The end of a period as a year with a fraction; a whole year stands at its middle."""
    if re.fullmatch(r"\d{4}", period):
        return int(period) + 0.5
    day = periods.last_day(period)
    return day.year + (day.timetuple().tm_yday - 0.5) / (366 if isleap(day.year) else 365)
