"""Charts of sectors: the industries of one survey, and one question of one survey. Nothing here mixes two."""

import pandas as pd

from aigc_report import periods, sectors
from aigc_report.breakdowns import parse
from aigc_report.catalog import Catalog
from aigc_report.charts import parts, words
from aigc_report.charts.chart import Axis, Bars, Chart, Dots, Lines, Span
from aigc_report.i18n import N_, Texts
from aigc_report.sectors import Question

MEASURES: dict[str, str] = {
    "eu_any": N_("EU firms using any AI"),
    "eu_text": N_("EU firms generating text or speech"),
    "eu_pictures": N_("EU firms generating pictures, video or sound"),
    "us_any": N_("US firms using AI in any function"),
}
"""Measure of `sectors.MEASURES` to its title."""

NOTES: dict[str, str] = {
    "us_any": N_("Agriculture and the management of companies are suppressed by the source."),
}
SIGNED = ("percent change", "percent difference")
TICK_GAP = 0.17
"""Least distance of two labels on a time axis, as a part of its length."""


def industries(cat: Catalog, t: Texts, measure: str, level: str, sector: str) -> Chart:
    """The industries of one survey, ranked, with the period before; those that hold `sector` in colour."""
    frame = sectors.industries(cat, measure, level)
    asked, near = sectors.MEASURES[measure], sectors.nearest(sector, measure)
    frame["name"] = [words.value(t, asked.key, code) for code in frame["industry"]]
    frame["holds"] = frame["industry"].isin(near)
    now, before = t.period(str(frame["period"].iloc[0])), t.period(str(frame["before_period"].iloc[0]))
    earlier = frame.dropna(subset=["before"]).reset_index(drop=True)
    frame["text"] = [f"{n}: {t.value(v, 'percent')}" for n, v in zip(frame["name"], frame["value"], strict=True)]
    earlier["text"] = [f"{n}: {t.value(v, 'percent')}" for n, v in zip(earlier["name"], earlier["before"], strict=True)]
    holding, others = (frame[frame["holds"] == holds].reset_index(drop=True) for holds in (True, False))
    high = float(frame[["value", "before"]].max().max()) * 1.06
    return Chart(
        id="industries",
        title=t("{measure}, by industry", measure=t(MEASURES[measure])),
        subtitle=parts.subtitle(cat, t, asked.indicator, cat.name(asked.geo, t.lang), str(frame["period"].iloc[0]))
        + " · "
        + t("line: all industries, {value}", value=t.value(float(frame["total"].iloc[0]), "percent")),
        frame=frame,
        marks=(
            Span("before", "value", "name"),
            Lines("total", "name", role="context", markers=False),
            Dots("before", "name", "context", before if len(earlier) else "", text="text", size=8, shape="circle-open"),
            Dots("value", "name", "context", now, text="text", size=12),
            Dots("value", "name", "point", t("{period}, holds the sector", period=now), text="text", size=13),
        )[: 5 if len(holding) else 4],
        frames={0: earlier, 2: earlier, 3: others, 4: holding},
        order=tuple(frame["name"]),
        x=Axis(low=0, high=high, suffix="%"),
        sources=parts.sources(frame),
        alt=t(
            "Dots, one per industry. Highest: {high}. Lowest: {low}.",
            high=frame["text"].iloc[0],
            low=frame["text"].iloc[-1],
        ),
        notes=_notes(t, measure, frame),
    )


def _notes(t: Texts, measure: str, frame: pd.DataFrame) -> tuple[str, ...]:
    notes = [t(NOTES[measure])] if measure in NOTES else []
    if frame["flag"].str.contains("d").any():
        notes.append(
            t("From 2025 the survey lists eight technologies instead of seven; part of the last step is that change.")
        )
    return tuple(notes)


def question(cat: Catalog, t: Texts, asked: Question) -> Chart:
    """One question of one survey: its answers in the latest period, or its one answer over time."""
    return _over_time(cat, t, asked) if asked.kind == "over_time" else _answers(cat, t, asked)


def comparable(cat: Catalog, t: Texts, frame: pd.DataFrame) -> Chart:
    """One set of `sectors.Comparison.comparable`: the sectors that one survey asked one question in one period."""
    first = frame.iloc[0]
    indicator, unit = str(first["indicator"]), str(first["unit"])
    names = [words.value(t, "sector", sectors.SECTORS[sector]) for sector in frame["sector"]]
    frame = frame.assign(name=names, text=[amount(t, float(value), unit) for value in frame["value"]])
    return Chart(
        id="comparable",
        title=cat.name(indicator, t.lang),
        subtitle=parts.subtitle(cat, t, indicator, place(cat, t, str(first["geo"])), str(first["period"])),
        frame=frame,
        marks=(Bars("value", "name", text="text"),),
        order=tuple(names),
        x=Axis(low=0, high=float(frame["value"].max()) * 1.3),
        sources=parts.sources(frame),
        alt=_bars_alt(t, frame["name"], frame["text"]),
    )


def amount(t: Texts, value: float, unit: str) -> str:
    """A value with its unit; a change or difference in percent carries its sign instead of a word."""
    return f"{'+' if value > 0 else ''}{t.number(value)}%" if unit in SIGNED else t.value(value, unit)


def place(cat: Catalog, t: Texts, geo: str) -> str:
    """A place in words: in these surveys the world means respondents in several countries."""
    return t("several countries") if geo == "WLD" else cat.name(geo, t.lang)


def answer(cat: Catalog, t: Texts, asked: Question, geo: str, code: str) -> str:
    """One answer in words: what varies between the answers, the place included."""
    varies = _varying(asked)
    said = [words.value(t, key, value) for key, value in parse(code).items() if key in varies]
    if asked.current["geo"].nunique() > 1:
        said.insert(0, place(cat, t, geo))
    return t.join(said) or t("total")


def wording(t: Texts, asked: Question) -> str:
    """What all answers have in common beside the survey, in words: base, view, countries; empty where nothing is."""
    varies = _varying(asked)
    common = parse(asked.fixed) | parse(str(asked.current["answer"].iloc[-1]))
    said = [words.value(t, key, value) for key, value in common.items() if key not in varies and key != "survey"]
    return t.join(said)


def _varying(asked: Question) -> set[str]:
    """The keys of the breakdown in which the answers differ."""
    answers = [parse(code) for code in asked.current["answer"]]
    return {key for one in answers for key in one if any(other.get(key) != one[key] for other in answers)}


def _answers(cat: Catalog, t: Texts, asked: Question) -> Chart:
    rows = asked.current
    unit = str(rows["unit"].iloc[0])
    names = [answer(cat, t, asked, geo, code) for geo, code in zip(rows["geo"], rows["answer"], strict=True)]
    frame = rows.assign(name=names, text=[amount(t, float(value), unit) for value in rows["value"]])
    return Chart(
        id="question",
        title=title(cat, t, asked),
        subtitle=_subtitle(cat, t, asked),
        frame=frame,
        marks=(Bars("value", "name", text="text"),),
        order=tuple(names),
        x=Axis(low=0, high=float(frame["value"].max()) * 1.25, suffix="%" if unit == "percent" else ""),
        sources=parts.sources(frame),
        alt=_bars_alt(t, frame["name"], frame["text"]),
    )


def _over_time(cat: Catalog, t: Texts, asked: Question) -> Chart:
    rows = asked.current
    unit = str(rows["unit"].iloc[0])
    frame = rows.assign(at=[periods.decimal_year(period) for period in rows["period"]])
    frame["text"] = [
        f"{t.period(period)}: {amount(t, float(value), unit)}"
        for period, value in zip(frame["period"], frame["value"], strict=True)
    ]
    first, last = float(frame["at"].iloc[0]), float(frame["at"].iloc[-1])
    margin = (last - first) * 0.06
    return Chart(
        id="question",
        title=title(cat, t, asked),
        subtitle=_subtitle(cat, t, asked),
        frame=frame,
        marks=(Lines("at", "value"), Dots("at", "value", text="text", size=9)),
        x=Axis(low=first - margin, high=last + margin, ticks=_ticks(t, frame)),
        y=Axis(low=0, high=float(frame["value"].max()) * 1.15, suffix="%" if unit == "percent" else ""),
        sources=parts.sources(frame),
        alt=t("A line: {points}.", points=t.join(list(frame["text"]))),
        height=300,
    )


def title(cat: Catalog, t: Texts, asked: Question) -> str:
    """The indicator, and what else is fixed in the question."""
    fixed = wording(t, asked)
    name = cat.name(asked.indicator, t.lang)
    return t("{name} ({which})", name=name, which=fixed) if fixed else name


def _subtitle(cat: Catalog, t: Texts, asked: Question) -> str:
    places = list(dict.fromkeys(asked.current["geo"]))
    where = place(cat, t, places[0]) if len(places) == 1 else t("by country")
    first, last = str(asked.current["period"].iloc[0]), str(asked.current["period"].iloc[-1])
    return parts.subtitle(cat, t, asked.indicator, where, first, last)


def _ticks(t: Texts, frame: pd.DataFrame) -> tuple[tuple[float, str], ...]:
    """The last period and as many before it as leave room for their labels."""
    span = float(frame["at"].iloc[-1] - frame["at"].iloc[0])
    kept: list[tuple[float, str]] = []
    for at, period in zip(reversed(list(frame["at"])), reversed(list(frame["period"])), strict=True):
        if not kept or kept[-1][0] - at >= TICK_GAP * span:
            kept.append((float(at), t.period(str(period))))
    return tuple(reversed(kept))


def _bars_alt(t: Texts, names: "pd.Series[str]", texts: "pd.Series[str]") -> str:
    return t("Bars, longest first: {bars}.", bars=t.join([f"{name} {v}" for name, v in zip(names, texts, strict=True)]))
