"""Academia against industry: what either makes, and what firms use and investors pay, over the same years.

Small pictures with one time axis and units of their own; a year without a figure stays empty.
"""

import pandas as pd

from aigc_report import factors
from aigc_report.catalog import Catalog
from aigc_report.charts import choices, parts, scales
from aigc_report.charts.chart import Axis, Chart, Columns, Lines, Strip
from aigc_report.charts.choices import LINEAR, LOG, SHARE, TOTAL
from aigc_report.charts.factors import business, years
from aigc_report.i18n import Texts

SPAN = (2014, 2025)
"""First and last year of all pictures: the founding document's own network is from the first."""
HEIGHT = 300
_ROLES: dict[str, str] = {"industry": "second", "joint": "context", "academia": "point", "public": "good"}


def models(cat: Catalog, t: Texts, measure: str = TOTAL) -> Chart:
    """Notable models per year by who made them, in numbers or as a share of the year's."""
    all_models = factors.models(cat)
    table = factors.yearly(all_models)
    table["share"] = 100 * table["models"] / table.groupby("year")["models"].transform("sum")
    table["text"] = [
        t(
            "{year}, {maker}: {n} models, {share} of the year's",
            year=year,
            maker=t(factors.KINDS[maker]),
            n=n,
            share=t.value(share, "percent", 0),
        )
        for year, maker, n, share in zip(table["year"], table["maker"], table["models"], table["share"], strict=True)
    ]
    counts = {(year, maker): n for year, maker, n in zip(table["year"], table["maker"], table["models"], strict=True)}
    first, last = int(table["year"].min()), int(table["year"].max())
    return Chart(
        id="makers",
        title=t("Notable models, by who made them"),
        subtitle=t(
            "world · {first}–{last} · {unit}",
            first=t.period(str(first)),
            last=t.period(str(last)),
            unit=t("% of the year's models whose training compute is known")
            if measure == SHARE
            else t("models a year whose training compute is known"),
        ),
        frame=table,
        marks=tuple(
            Columns("year", "share" if measure == SHARE else "models", _ROLES[maker], t(name), text="text")
            for maker, name in factors.KINDS.items()
        ),
        frames={i: table[table["maker"] == maker] for i, maker in enumerate(factors.KINDS)},
        x=_axis(),
        y=Axis(low=0, high=100, suffix="%")
        if measure == SHARE
        else Axis(low=0, high=float(table.groupby("year")["models"].sum().max()) * 1.08),
        sources=parts.sources(table),
        alt=t(
            "Stacked columns by year. {first}: {a} by universities alone, {b} by companies alone; {last}: {c} and {d}.",
            first=first,
            last=last,
            a=counts[first, "academia"],
            b=counts[first, "industry"],
            c=counts[last, "academia"],
            d=counts[last, "industry"],
        ),
        height=HEIGHT,
        choices=(choices.measure(t, {TOTAL: t("number"), SHARE: t("share")}, measure),),
    )


def compute(cat: Catalog, t: Texts, scale: str = LOG) -> Chart:
    """The largest training run of each year, of companies alone and of universities alone."""
    every = factors.models(cat)
    every = every.assign(time=years.decimals(every), text=years.model_texts(t, every))
    table = factors.largest(every)
    top = {maker: table[table["maker"] == maker].iloc[-1] for maker in ("industry", "academia")}
    y = (
        scales.linear(float(every["value"].max()), lambda value: scales.scientific(t, value))
        if scale == LINEAR
        else scales.powers(15, 27, step=3)
    )
    return Chart(
        id="makers-compute",
        title=t("The largest training run of a year, by who made it"),
        subtitle=choices.scaled(
            t, t("world · operations to train, estimated · grey: every model with a known figure"), y
        ),
        frame=table,
        marks=(
            Strip("time", "value", text="text"),
            *(Lines("year", "value", role=_ROLES[maker], name=t(factors.KINDS[maker]), text="text") for maker in top),
        ),
        frames={0: every, **{i: table[table["maker"] == maker] for i, maker in enumerate(top, start=1)}},
        x=_axis(),
        y=y,
        sources=parts.sources(table),
        alt=t(
            "Two lines. In the last year, companies: {industry}; universities: {academia}.",
            industry=top["industry"]["text"],
            academia=top["academia"]["text"],
        ),
        height=HEIGHT,
        choices=(choices.scale(t, scale),),
    )


def firms(cat: Catalog, t: Texts) -> Chart:
    """EU firms using AI in the years in which they were asked."""
    points = factors.series(cat, "ai_use_any", "EU27")
    frame = pd.DataFrame([vars(point) for point in points])
    frame = frame.assign(
        year=frame["period"].astype(int),
        text=[f"{t.period(p)}: {t.value(v, 'percent')}" for p, v in zip(frame["period"], frame["value"], strict=True)],
    )
    return Chart(
        id="firms-beside",
        title=t("Firms using AI"),
        subtitle=parts.subtitle(cat, t, "ai_use_any", t("EU-27"), points[0].period, points[-1].period),
        frame=frame,
        marks=(Columns("year", "value", "demand", text="text"),),
        x=_axis(),
        y=Axis(low=0, high=float(frame["value"].max()) * 1.12, suffix="%"),
        sources=parts.sources(frame),
        alt=t("Columns by year: {columns}.", columns=t.join(list(frame["text"]))),
        notes=(
            t("No figure before 2021 and for 2022; from 2025 the survey lists eight technologies instead of seven."),
        ),
        height=HEIGHT,
    )


def investment(cat: Catalog, t: Texts) -> Chart:
    """Private investment on the same years."""
    return business.investment(cat, t, SPAN)


def _axis() -> Axis:
    return years.axis(*SPAN, step=2, margin=0.6)
