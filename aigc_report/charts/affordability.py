"""Charts of affordability: what a run would emit in each country, and how far it is from published training runs."""

import pandas as pd

from aigc_report.affordability import Affordability
from aigc_report.catalog import Catalog
from aigc_report.charts import parts, scales
from aigc_report.charts.chart import Axis, Chart, Dots, Strip
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


def emissions(found: Affordability, cat: Catalog, t: Texts) -> Chart:
    """What the run would emit in every country, a few of them named; `found` must have emissions."""
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
