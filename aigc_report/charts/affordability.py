"""Charts of affordability: what a run would emit and cost in each country, and how far it is from published ones."""

import math
from collections.abc import Mapping

import pandas as pd

from aigc_report.affordability import Affordability
from aigc_report.affordability.published import Burden, Published
from aigc_report.catalog import Catalog
from aigc_report.charts import parts, scales
from aigc_report.charts.adoption import BOUNDARIES
from aigc_report.charts.chart import Axis, Chart, Dots, Map, Strip
from aigc_report.i18n import N_, Texts

CONFIDENCE: dict[str, str] = {
    "Confident": N_("confident"),
    "Likely": N_("likely"),
    "Speculative": N_("speculative"),
    "Unknown": N_("unknown"),
}
"""Epoch AI's word for how sure it is of an estimate."""
EXAMPLES = ("NOR", "FRA", "USA", "DEU", "CHN", "IND", "ZAF")
"""Countries named among the field of all, from much to little electricity of low carbon."""
_YEAR = 12


def scale(found: Affordability, t: Texts) -> Chart:
    """Published runs as multiples of this run's compute; `found` must have a scale."""
    this = t("this run")
    rows = [{"model": this, "times": 1.0, "said": this, "role": "second", "period": "", "flop": None, "source": ""}]
    for rung in found.scale:
        said = t(
            "{model}: {times} times this run; {flop} FLOP ({confidence})",
            model=rung.model,
            times=scales.scientific(t, rung.times),
            flop=scales.scientific(t, rung.flop),
            confidence=t(CONFIDENCE[rung.confidence]),
        )
        about = {"period": rung.period, "flop": rung.flop, "confidence": rung.confidence, "source": rung.source}
        rows.append({"model": rung.model, "times": rung.times, "said": said, "role": "point", **about})
    frame = pd.DataFrame(rows)
    largest = found.scale[-1]
    return Chart(
        id="scale",
        title=t("From this run to a frontier model"),
        subtitle=t("training compute as multiples of this run, logarithmic"),
        frame=frame,
        marks=(Dots("times", "model", role_column="role", text="said", size=11),),
        order=tuple(frame["model"]),
        x=scales.decades(t, 1, largest.times, powers=True),
        sources=tuple(dict.fromkeys(rung.source for rung in found.scale)),
        alt=t(
            "Dots on a logarithmic line, from this run to {model} with {times} times its compute.",
            model=largest.model,
            times=scales.scientific(t, largest.times),
        ),
        notes=(
            parts.run(t, found.run_id),
            t(
                "Compute of published runs is estimated by Epoch AI. At this run's speed {model} would take {years} "
                "years here: it shows distance and is no plan, for it would not fit into this machine's memory.",
                model=largest.model,
                years="–" if largest.years_here is None else t.short(float(f"{largest.years_here:.1g}")),
            ),
        ),
    )


def emissions_map(found: Affordability, cat: Catalog, t: Texts) -> Chart:
    """What the run would emit in every country, on the map; `found` must have emissions."""
    frame = _emitted(found, cat, t)
    return Chart(
        id="emissions-map",
        title=t("The same run elsewhere: emissions on the map"),
        subtitle=t("g CO₂e in {n} countries, latest year of each", n=len(frame)),
        frame=frame,
        marks=(
            Map(
                "geo",
                "grams",
                "said",
                area="world",
                ends=(t.number(float(frame["grams"].min())), t.number(float(frame["grams"].max()))),
            ),
        ),
        sources=tuple(dict.fromkeys(frame["source"])),
        alt=t("World map. Lowest: {low}. Highest: {high}.", low=frame["said"].iloc[0], high=frame["said"].iloc[-1]),
        notes=(parts.run(t, found.run_id), t(BOUNDARIES)),
        height=420,
    )


def burden(burdens: Mapping[str, Burden], run: Published, place: str, cat: Catalog, t: Texts) -> Chart:
    """What a published run costs in months of GDP per head, in every country; `place` and a few others named."""
    frame = _borne(burdens, cat, t)
    named = frame[frame["geo"].isin({place, *EXAMPLES})].reset_index(drop=True)
    named["role"] = ["point" if geo == place else "context" for geo in named["geo"]]
    own = named[named["geo"] == place].to_dict("records")
    months = float(own[0]["months"]) if own else float("nan")
    title = (
        t(
            "{model}: {duration} of GDP per head in {place}",
            model=run.model,
            duration=duration(t, months),
            place=own[0]["name"],
        )
        if own
        else t("{model} in GDP per head", model=run.model)
    )
    return Chart(
        id="burden",
        title=title,
        subtitle=t(
            "how long GDP per head takes to add up to the estimated cost of the final training run, {usd} US dollars "
            "of 2023 · {n} countries, logarithmic",
            usd=t.compact(run.usd2023, "long"),
            n=len(frame),
        ),
        frame=frame,
        marks=(
            Strip("months", "row", text="said"),
            Dots("months", "said", role_column="role", text="said", size=12),
        ),
        frames={1: named},
        order=(t("all countries"), *named["said"]),
        x=_durations(t, float(frame["months"].min()), float(frame["months"].max())),
        sources=tuple(dict.fromkeys([run.source, *frame["source"]])),
        alt=t(
            "Every country as a mark, from {low} to {high}; a few are named.",
            low=frame["said"].iloc[0],
            high=frame["said"].iloc[-1],
        ),
        notes=(_estimate(t, run),),
    )


def burden_map(burdens: Mapping[str, Burden], run: Published, place: str, cat: Catalog, t: Texts) -> Chart:
    """What a published run costs in months of GDP per head, on the map in logarithms."""
    frame = _borne(burdens, cat, t)
    frame["log_months"] = [math.log10(months) for months in frame["months"]]
    low, high = float(frame["months"].min()), float(frame["months"].max())
    return Chart(
        id="burden-map",
        title=t("{model} in GDP per head, on the map", model=run.model),
        subtitle=t("months of GDP per head, colours in logarithms · {n} countries", n=len(frame)),
        frame=frame,
        marks=(Map("geo", "log_months", "said", area="world", ends=(duration(t, low), duration(t, high))),),
        sources=tuple(dict.fromkeys([run.source, *frame["source"]])),
        alt=t("World map. Lowest: {low}. Highest: {high}.", low=frame["said"].iloc[0], high=frame["said"].iloc[-1]),
        notes=(_estimate(t, run), t(BOUNDARIES)),
        height=420,
    )


def duration(t: Texts, months: float) -> str:
    """Months in the unit that keeps the number readable."""
    if months >= _YEAR:
        return t("1 year") if months == _YEAR else t("{n} years", n=t.number(months / _YEAR))
    if months >= 1:
        return t("1 month") if months == 1 else t("{n} months", n=t.number(months))
    return t("{n}% of a month", n=t.number(100 * months))


def _durations(t: Texts, low: float, high: float) -> Axis:
    """A logarithmic axis of months, with ticks that are decades of years, or of months below one year."""
    years = scales.decades(t, low / _YEAR, high / _YEAR, powers=False)
    ticks = [_YEAR * year for year, _ in years.ticks if year >= 1]
    if low < _YEAR:
        ticks += [month for month, _ in scales.decades(t, low, min(high, _YEAR / 1.6), powers=False).ticks]
    assert years.low is not None
    assert years.high is not None
    shown = tuple((months, duration(t, months)) for months in sorted(ticks))
    return Axis(low=_YEAR * years.low, high=_YEAR * years.high, log=True, ticks=shown)


def _estimate(t: Texts, run: Published) -> str:
    said = t(
        "An estimate by Epoch AI ({confidence}) of the final run alone: hardware written off and energy, no staff, no "
        "failed runs. Dollars of 2023 stand beside GDP per head of its latest year.",
        confidence=t(CONFIDENCE.get(run.confidence, CONFIDENCE["Unknown"])),
    )
    return said


def _borne(burdens: Mapping[str, Burden], cat: Catalog, t: Texts) -> pd.DataFrame:
    """Every country with its months, the least first."""
    rows = [
        {
            "geo": geo,
            "name": cat.name(geo, t.lang),
            "row": t("all countries"),
            "months": found.months,
            "gdp_per_head_month_usd": found.output.usd,
            "period": found.output.period,
            "source": found.output.source,
        }
        for geo, found in burdens.items()
    ]
    frame = pd.DataFrame(rows).sort_values("months", ignore_index=True)
    frame["said"] = [
        f"{name}: {duration(t, months)}" for name, months in zip(frame["name"], frame["months"], strict=True)
    ]
    return frame


def _emitted(found: Affordability, cat: Catalog, t: Texts) -> pd.DataFrame:
    """Every country with the grams of the run, the least first."""
    rows = [
        {
            "geo": geo,
            "name": cat.name(geo, t.lang),
            "row": t("all countries"),
            "grams": place.grams.value,
            "low": place.grams.low,
            "high": place.grams.high,
            "period": place.period,
            "source": place.source,
        }
        for geo, place in found.emissions.items()
        if cat.geographies.at[geo, "kind"] == "country"
    ]
    frame = pd.DataFrame(rows).sort_values("grams", ignore_index=True)
    frame["said"] = [
        f"{name}: {t.value(grams, 'gCO2e')}" for name, grams in zip(frame["name"], frame["grams"], strict=True)
    ]
    return frame


def emissions(found: Affordability, cat: Catalog, t: Texts) -> Chart:
    """What the run would emit in every country, a few of them named; `found` must have emissions."""
    frame = _emitted(found, cat, t)
    named = frame[frame["geo"].isin(EXAMPLES)].reset_index(drop=True)
    return Chart(
        id="emissions",
        title=t("The same run elsewhere: emissions"),
        subtitle=t("g CO₂e in {n} countries, latest year of each", n=len(frame)),
        frame=frame,
        marks=(
            Strip("grams", "row", text="said"),
            Dots("grams", "name", low="low", high="high", text="said"),
        ),
        frames={1: named},
        order=(t("all countries"), *named["name"]),
        x=Axis(low=0),
        sources=tuple(dict.fromkeys(frame["source"])),
        alt=t(
            "Every country as a mark, from {low} to {high}; a few are named.",
            low=frame["said"].iloc[0],
            high=frame["said"].iloc[-1],
        ),
        notes=(
            parts.run(t, found.run_id),
            t("Lines span the range of the energy figure; intensities of electricity have none."),
        ),
    )
