"""Charts of adoption: firms by size over the years, people by age and purpose, what holds them back, the EU mapped."""

import pandas as pd

from aigc_report.catalog import Catalog
from aigc_report.charts import parts, words
from aigc_report.charts.chart import Axis, Bars, Chart, Dots, Lines, Map, Span
from aigc_report.i18n import N_, Texts

MAPS: dict[str, tuple[str, str]] = {
    "ai_use_any": (N_("Firms using AI"), ""),
    "ai_nlg": (N_("Firms generating text or speech with AI"), "tech=nlg"),
    "genai_individuals": (N_("People using generative AI"), ""),
    "genai_young": (N_("Young people (16–24) using generative AI"), "age=16-24"),
}
"""Map on the Overview: key of the choice to its title and the breakdown shown."""
_MAP_INDICATORS: dict[str, str] = {"ai_nlg": "ai_tech_use", "genai_young": "genai_individuals"}

BOUNDARIES = N_("Boundaries: Natural Earth, no position implied.")


def firms_over_time(cat: Catalog, t: Texts) -> Chart:
    """Share of EU firms using AI, in total and by size, over the years."""
    frame = cat.observations(indicator="ai_use_any", geo="EU27", breakdown=None)
    sizes = ("", "size=10-49", "size=50-249", "size=250+")
    frame = parts.clean(frame[frame["breakdown"].isin(sizes)])
    names = {"": t("all firms"), **{s: words.value(t, "size", s.removeprefix("size=")) for s in sizes[1:]}}
    frame = frame.assign(group=frame["breakdown"].map(names), year=frame["period"].astype(int))
    frame = frame.sort_values(["group", "year"], ignore_index=True)
    latest = frame[frame["period"] == frame["period"].max()].set_index("breakdown")["value"]
    years = sorted(frame["period"].unique())
    return Chart(
        id="firms-over-time",
        title=t("Firms using AI, by size"),
        subtitle=parts.subtitle(cat, t, "ai_use_any", t("EU-27"), years[0], years[-1]),
        frame=frame,
        marks=(Lines("year", "value", "group", roles={names[""]: "point", names["size=250+"]: "second"}),),
        x=Axis(low=int(years[0]) - 0.15, high=int(years[-1]) + 0.15, ticks=tuple((int(year), year) for year in years)),
        y=Axis(low=0, high=float(frame["value"].max()) * 1.12, suffix="%"),
        sources=parts.sources(frame),
        alt=t(
            "Lines from {first} to {last}. In {last}, {large} of firms with 250 or more employees and {small} of firms "
            "with 10 to 49 used AI; all firms: {all}.",
            first=years[0],
            last=years[-1],
            large=t.value(latest.get("size=250+"), "percent"),
            small=t.value(latest.get("size=10-49"), "percent"),
            all=t.value(latest.get(""), "percent"),
        ),
        notes=(
            t("From 2025 the survey lists eight technologies instead of seven; part of the last step is that change."),
        ),
        height=340,
    )


def people(cat: Catalog, t: Texts) -> Chart:
    """Share of people using generative AI: everybody against the young, by purpose."""
    frame = parts.latest(parts.clean(cat.observations(indicator="genai_individuals", geo="EU27", breakdown=None)))
    labels = {"": t("any purpose"), **{p: words.value(t, "purpose", p) for p in ("private", "work", "education")}}
    parsed = frame["breakdown"].map(words.parse)
    frame = frame.assign(
        age=[p.get("age", "") for p in parsed],
        purpose=[labels.get(p.get("purpose", ""), "") for p in parsed],
    )
    frame = frame[frame["age"].isin(["", "16-24"])].reset_index(drop=True)
    frame["text"] = [f"{p}: {t.value(v, 'percent')}" for p, v in zip(frame["purpose"], frame["value"], strict=True)]
    everyone, young = (frame[frame["age"] == age].reset_index(drop=True) for age in ("", "16-24"))
    gaps = everyone.merge(young, on="purpose", suffixes=("", "_young"))
    total = everyone.set_index("purpose")["value"]
    return Chart(
        id="people",
        title=t("People using generative AI, by age and purpose"),
        subtitle=parts.subtitle(cat, t, "genai_individuals", t("EU-27"), str(frame["period"].iloc[0])),
        frame=frame,
        marks=(
            Span("value", "value_young", "purpose"),
            Dots("value", "purpose", "point", t("all, aged 16–74"), text="text", size=13),
            Dots("value", "purpose", "second", t("aged 16–24"), text="text", size=13),
        ),
        frames={0: gaps, 1: everyone, 2: young},
        order=tuple(labels.values()),
        x=Axis(low=0, high=100, suffix="%"),
        sources=parts.sources(frame),
        alt=t(
            "Two dots per purpose. Any purpose: {all} of everyone and {young} of people aged 16 to 24.",
            all=t.value(total.get(labels[""]), "percent"),
            young=t.value(young.set_index("purpose")["value"].get(labels[""]), "percent"),
        ),
        height=250,
    )


def barriers(cat: Catalog, t: Texts) -> Chart:
    """Why firms that considered AI do not use it, ranked."""
    return _reasons(cat, t, "ai_barrier_considerers", "barrier", "barriers-firms", t("What holds firms back"))


def reasons(cat: Catalog, t: Texts) -> Chart:
    """Why people do not use generative AI, ranked."""
    return _reasons(cat, t, "genai_nonuse_reason", "reason", "barriers-people", t("Why people do not use it"))


def use_map(cat: Catalog, t: Texts, key: str) -> Chart:
    """The EU-27 coloured by one measure of use; `key` is one of `MAPS`."""
    frame = _members(cat, t, key)
    ranked = frame.sort_values("value", ascending=False)
    return Chart(
        id="use-map",
        title=t(MAPS[key][0]),
        subtitle=parts.subtitle(cat, t, _MAP_INDICATORS.get(key, key), t("EU-27"), str(frame["period"].max())),
        frame=frame,
        marks=(Map("geo", "value", "text", "%"),),
        sources=parts.sources(frame),
        alt=t(
            "Map of the EU-27. Highest: {high}. Lowest: {low}.",
            high=ranked["text"].iloc[0],
            low=ranked["text"].iloc[-1],
        ),
        notes=(t(BOUNDARIES),),
        height=620,
    )


def use_ranking(cat: Catalog, t: Texts, key: str) -> Chart:
    """The EU-27 ranked by one measure of use, beside the EU's own figure; `key` is one of `MAPS`."""
    title, breakdown = MAPS[key]
    indicator = _MAP_INDICATORS.get(key, key)
    frame = _members(cat, t, key).sort_values(["value", "geo"], ascending=[False, True], ignore_index=True)
    union = parts.latest(parts.clean(cat.observations(indicator, "EU27", breakdown=breakdown)))
    frame["eu"] = float(union["value"].iloc[0])
    return Chart(
        id="use-ranking",
        title=t("{measure}: member by member", measure=t(title)),
        subtitle=t(
            "{period} · in % · line: EU-27, {value}",
            period=t.period(str(frame["period"].iloc[0])),
            value=t.value(frame["eu"].iloc[0], "percent"),
        ),
        frame=frame,
        marks=(
            Span("eu", "value", "name"),
            Dots("value", "name", text="text", size=11),
            Lines("eu", "name", role="context", markers=False),
        ),
        order=tuple(frame["name"]),
        x=Axis(low=0, high=float(frame["value"].max()) * 1.06, suffix="%"),
        sources=parts.sources(frame),
        alt=t(
            "Dots, one per country. Highest: {high}. Lowest: {low}.",
            high=frame["text"].iloc[0],
            low=frame["text"].iloc[-1],
        ),
    )


def _members(cat: Catalog, t: Texts, key: str) -> pd.DataFrame:
    """The latest value of one measure of use in each member of the EU, with names and hover texts."""
    members = list(cat.geographies.index[cat.geographies["eu27"]])
    indicator, breakdown = _MAP_INDICATORS.get(key, key), MAPS[key][1]
    frame = parts.latest(parts.clean(cat.observations(indicator, members, breakdown=breakdown)))
    frame = frame.assign(name=[cat.name(geo, t.lang) for geo in frame["geo"]])
    return frame.assign(
        text=[f"{n}: {t.value(v, 'percent')}" for n, v in zip(frame["name"], frame["value"], strict=True)]
    )


def _reasons(cat: Catalog, t: Texts, indicator: str, key: str, chart_id: str, title: str) -> Chart:
    frame = parts.latest(parts.clean(cat.observations(indicator=indicator, geo="EU27", breakdown=None)))
    parsed = frame["breakdown"].map(words.parse)
    frame = frame[[set(p) == {key} for p in parsed]].sort_values("value", ascending=False, ignore_index=True)
    frame["reason"] = [words.value(t, key, words.parse(b)[key]) for b in frame["breakdown"]]
    frame["text"] = [t.value(v, "percent", 0) for v in frame["value"]]
    return Chart(
        id=chart_id,
        title=title,
        subtitle=parts.subtitle(cat, t, indicator, t("EU-27"), str(frame["period"].iloc[0])),
        frame=frame,
        marks=(Bars("value", "reason", "barriers", text="text"),),
        order=tuple(frame["reason"]),
        x=Axis(low=0, high=float(frame["value"].max()) * 1.15, suffix="%"),
        sources=parts.sources(frame),
        alt=t(
            "Bars, longest first: {bars}.",
            bars=t.join([f"{r} {v}" for r, v in zip(frame["reason"], frame["text"], strict=True)]),
        ),
        notes=(t("Several answers were possible."),),
    )
