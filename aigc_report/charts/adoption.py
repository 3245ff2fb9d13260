"""Charts of adoption: firms by size over the years, people by age and purpose, what holds them back, the EU mapped."""

import pandas as pd

from aigc_report.catalog import Catalog
from aigc_report.charts import choices, palette, parts, words
from aigc_report.charts.chart import Axis, Bars, Chart, Choice, Dots, Lines, Map, Mark, Span
from aigc_report.charts.choices import INDEX, TOTAL
from aigc_report.i18n import N_, Texts

MAPS: dict[str, tuple[str, str]] = {
    "ai_use_any": (N_("Firms using AI"), ""),
    "ai_nlg": (N_("Firms generating text or speech with AI"), "tech=nlg"),
    "genai_individuals": (N_("People using generative AI"), ""),
    "genai_young": (N_("Young people (16–24) using generative AI"), "age=16-24"),
}
"""Map on the Overview: key of the choice to its title and the breakdown shown."""
_MAP_INDICATORS: dict[str, str] = {"ai_nlg": "ai_tech_use", "genai_young": "genai_individuals"}

COMPARED = ("DEU", "FRA", "ITA", "ESP", "POL")
"""Members of the EU with most people: those that a comparison opens with."""
_UNION = "EU27"

BOUNDARIES = N_("Boundaries: Natural Earth, no position implied.")


def firms_over_time(cat: Catalog, t: Texts, measure: str = TOTAL) -> Chart:
    """Share of EU firms using AI, in total and by size, over the years; or how each grew since the first of them."""
    frame = cat.observations(indicator="ai_use_any", geo="EU27", breakdown=None)
    sizes = ("", "size=10-49", "size=50-249", "size=250+")
    frame = parts.clean(frame[frame["breakdown"].isin(sizes)])
    names = {"": t("all firms"), **{s: words.value(t, "size", s.removeprefix("size=")) for s in sizes[1:]}}
    frame = frame.assign(group=frame["breakdown"].map(names), year=frame["period"].astype(int))
    frame = frame.sort_values(["group", "year"], ignore_index=True)
    latest = frame[frame["period"] == frame["period"].max()].set_index("breakdown")["value"]
    years = sorted(frame["period"].unique())
    grown = measure == INDEX
    first_of_each = frame.groupby("group")["value"].transform("first")
    frame["index"] = (100 * frame["value"] / first_of_each).round(1)
    frame["text"] = [
        t(
            "{group}, {year}: {value} ({first} = 100: {index})",
            group=row["group"],
            year=row["year"],
            value=t.value(row["value"], "percent"),
            first=years[0],
            index=t.number(row["index"], 0),
        )
        for row in frame.to_dict("records")
    ]
    column = "index" if grown else "value"
    about = parts.subtitle(cat, t, "ai_use_any", t("EU-27"), years[0], years[-1])
    return Chart(
        id="firms-over-time",
        title=t("Firms using AI, by size"),
        subtitle=t("{subtitle} · share in {first} = 100", subtitle=about, first=years[0]) if grown else about,
        frame=frame,
        marks=(
            Lines(
                "year",
                column,
                "group",
                roles={names[""]: palette.GROUPS["all firms"], names["size=250+"]: palette.GROUPS["large firms"]},
                text="text",
            ),
        ),
        x=_years(years),
        y=Axis(low=0, high=float(frame[column].max()) * 1.12, suffix="" if grown else "%"),
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
        choices=(choices.measure(t, {TOTAL: t("share of firms"), INDEX: t("{first} = 100", first=years[0])}, measure),),
    )


def firms_by_country(cat: Catalog, t: Texts, places: tuple[str, ...] = COMPARED) -> Chart:
    """Firms using AI in chosen countries over the years, beside the EU; a series that breaks is drawn in parts."""
    every = parts.clean(cat.observations("ai_use_any"))
    counted = every.groupby("geo")["period"].nunique()
    known = {geo: cat.name(geo, t.lang) for geo in counted.index[counted >= choices.LEAST_PERIODS] if geo != _UNION}
    offered = dict(sorted(known.items(), key=lambda pair: pair[1]))
    chosen = [choices.one_of(geo, offered) for geo in dict.fromkeys(places)][: choices.MOST_PLACES]
    names = {_UNION: cat.name(_UNION, t.lang), **offered}
    frame = every[every["geo"].isin([_UNION, *chosen])].sort_values(["geo", "period"], ignore_index=True)
    frame = frame.assign(
        place=frame["geo"].map(names),
        year=frame["period"].astype(int),
        breaks=frame["flag"].str.contains("b") & (frame["period"] > frame.groupby("geo")["period"].transform("min")),
    )
    frame["text"] = [
        f"{place}, {year}: {t.value(value, 'percent')}"
        for place, year, value in zip(frame["place"], frame["year"], frame["value"], strict=True)
    ]
    years = sorted(frame["period"].unique())
    newest = frame[frame["period"] == years[-1]].sort_values("value", ascending=False)
    broken = [f"{row['place']} {row['period']}" for row in frame[frame["breaks"]].to_dict("records")]
    drawn = {names[geo]: palette.place(geo) for geo in chosen}
    return Chart(
        id="firms-by-country",
        title=t("Firms using AI, country by country"),
        subtitle=parts.subtitle(cat, t, "ai_use_any", t.join([names[_UNION], *drawn]), years[0], years[-1]),
        frame=frame,
        marks=(
            Lines(
                "year",
                "value",
                "place",
                roles={name: role for name, (role, _) in drawn.items()},
                dashes={name: dash for name, (_, dash) in drawn.items()},
                text="text",
            ),
        ),
        frames={0: _parted(frame)},
        x=_years(years),
        y=Axis(low=0, high=float(frame["value"].max()) * 1.12, suffix="%"),
        sources=parts.sources(frame),
        alt=t(
            "A line per country from {first} to {last}. In {last}: {figures}.",
            first=years[0],
            last=years[-1],
            figures=t.join(
                [f"{n} {t.value(v, 'percent')}" for n, v in zip(newest["place"], newest["value"], strict=True)]
            ),
        ),
        notes=(
            t("From 2025 the survey lists eight technologies instead of seven; part of the last step is that change."),
            *((t("Where a series breaks, its line does: {places}.", places=t.join(broken)),) if broken else ()),
        ),
        height=360,
        choices=(choices.places(t, offered, chosen, choices.MOST_PLACES),),
    )


def _parted(frame: pd.DataFrame) -> pd.DataFrame:
    """`frame` with an empty row before each figure that does not compare with the one before, so that lines part."""
    gaps = frame[frame["breaks"]].assign(value=float("nan"))
    return pd.concat([gaps, frame]).sort_values(["geo", "period", "value"], na_position="first", ignore_index=True)


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
            Dots("value", "purpose", palette.GROUPS["everyone"], t("all, aged 16–74"), text="text", size=13),
            Dots("value", "purpose", palette.GROUPS["young"], t("aged 16–24"), text="text", size=13),
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


def use_map(cat: Catalog, t: Texts, key: str, period: str = "") -> Chart:
    """The EU-27 coloured by one measure of use in `period` (the newest unless given); `key` is one of `MAPS`."""
    every = _members(cat, t, key)
    frame, choice = _at(t, every, period)
    ranked = frame.sort_values("value", ascending=False)
    return Chart(
        id="use-map",
        title=t(MAPS[key][0]),
        subtitle=parts.subtitle(cat, t, _MAP_INDICATORS.get(key, key), t("EU-27"), str(frame["period"].max())),
        frame=frame,
        marks=(Map("geo", "value", "text", "%", least=0.0, most=float(every["value"].max())),),
        sources=parts.sources(frame),
        alt=t(
            "Map of the EU-27. Highest: {high}. Lowest: {low}.",
            high=ranked["text"].iloc[0],
            low=ranked["text"].iloc[-1],
        ),
        notes=(*_steps(t, every, frame), t(BOUNDARIES)),
        height=620,
        choices=choice,
    )


def use_ranking(cat: Catalog, t: Texts, key: str, period: str = "") -> Chart:
    """The EU-27 ranked by one measure of use in `period`, beside the EU's own figure; `key` is one of `MAPS`.

    A member whose series breaks in that period stands hollow, unless all do.
    """
    title, breakdown = MAPS[key]
    indicator = _MAP_INDICATORS.get(key, key)
    every = _members(cat, t, key)
    frame, choice = _at(t, every, period)
    frame = frame.sort_values(["value", "geo"], ascending=[False, True], ignore_index=True)
    held = str(frame["period"].iloc[0])
    union = parts.clean(cat.observations(indicator, "EU27", held, breakdown=breakdown))
    frame["eu"] = float(union["value"].iloc[0])
    broken = frame["breaks"]
    dots: list[tuple[Mark, pd.DataFrame]] = [(Dots("value", "name", text="text", size=11), frame[~broken])]
    if broken.any():
        name = t("break in series")
        dots.append((Dots("value", "name", name=name, text="text", size=11, shape="circle-open"), frame[broken]))
    return Chart(
        id="use-ranking",
        title=t("{measure}: member by member", measure=t(title)),
        subtitle=t(
            "{period} · in % · line: EU-27, {value}",
            period=t.period(held),
            value=t.value(frame["eu"].iloc[0], "percent"),
        ),
        frame=frame,
        marks=(
            Span("eu", "value", "name"),
            *(mark for mark, _ in dots),
            Lines("eu", "name", role="context", markers=False),
        ),
        frames={at: rows for at, (_, rows) in enumerate(dots, start=1)},
        order=tuple(frame["name"]),
        x=Axis(low=0, high=float(every["value"].max()) * 1.06, suffix="%"),
        sources=parts.sources(frame),
        alt=t(
            "Dots, one per country. Highest: {high}. Lowest: {low}.",
            high=frame["text"].iloc[0],
            low=frame["text"].iloc[-1],
        ),
        notes=_steps(t, every, frame),
        choices=choice,
    )


def _members(cat: Catalog, t: Texts, key: str) -> pd.DataFrame:
    """One measure of use in each member of the EU and each period that most of them answered, with hover texts.

    `breaks` marks a figure that does not compare with the one before: flag `b` after the first period.
    """
    members = list(cat.geographies.index[cat.geographies["eu27"]])
    indicator, breakdown = _MAP_INDICATORS.get(key, key), MAPS[key][1]
    frame = parts.clean(cat.observations(indicator, members, breakdown=breakdown))
    frame = frame[frame.groupby("period")["geo"].transform("nunique") >= choices.LEAST_PLACES]
    frame = frame.assign(
        name=[cat.name(geo, t.lang) for geo in frame["geo"]],
        breaks=frame["flag"].str.contains("b") & (frame["period"] > frame["period"].min()),
    )
    said = [f"{n}: {t.value(v, 'percent')}" for n, v in zip(frame["name"], frame["value"], strict=True)]
    return frame.assign(
        text=[
            t("{figure} (break in series)", figure=text) if broken else text
            for text, broken in zip(said, frame["breaks"], strict=True)
        ]
    ).reset_index(drop=True)


def _at(t: Texts, every: pd.DataFrame, period: str) -> tuple[pd.DataFrame, tuple[Choice, ...]]:
    """The rows of `period`, and the choice between the periods where there are enough of them."""
    periods = sorted(every["period"].unique())
    held = choices.one_of(period or periods[-1], periods)
    rows = every[every["period"] == held].reset_index(drop=True)
    if len(periods) < choices.LEAST_PERIODS:
        return rows, ()
    return rows, (choices.period(t, {each: t.period(each) for each in periods}, held),)


def _steps(t: Texts, every: pd.DataFrame, frame: pd.DataFrame) -> tuple[str, ...]:
    """What to mind when the shown period is compared with the one before: another definition, broken series."""
    held = str(frame["period"].iloc[0])
    if held == every["period"].min():
        return ()
    notes = []
    if frame["flag"].str.contains("d").mean() > 0.5:
        notes.append(
            t(
                "Another definition in {period} than in the years before: part of the step is that change.",
                period=t.period(held),
            )
        )
    if frame["breaks"].any():
        names = t.join(sorted(frame.loc[frame["breaks"], "name"]))
        notes.append(
            t(
                "Series that break in {period}: {places}. They do not compare with before.",
                period=t.period(held),
                places=names,
            )
        )
    return tuple(notes)


def _years(years: list[str]) -> Axis:
    """The years of a survey, each with its tick."""
    return Axis(low=int(years[0]) - 0.15, high=int(years[-1]) + 0.15, ticks=tuple((int(year), year) for year in years))


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
