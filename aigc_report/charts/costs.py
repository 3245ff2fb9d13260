"""Charts of what the technology costs: training, accelerators, rent, prices and electricity, as published."""

import pandas as pd

from aigc_report.catalog import Catalog
from aigc_report.charts import choices, parts, scales, words
from aigc_report.charts.chart import Axis, Band, Chart, Dots, Lines, Mark, Span, Strip
from aigc_report.charts.choices import LINEAR, LOG
from aigc_report.i18n import N_, Texts
from aigc_report.technology import costs
from aigc_report.technology.costs import Trend

DOMAINS: dict[str, str] = {
    "image": N_("Image generation"),
    "language": N_("Language"),
    "vision": N_("Vision"),
    "sound": N_("Speech and sound"),
    "biology": N_("Biology"),
    "games": N_("Games"),
}
"""Domain of a model to its name."""
AMOUNTS: dict[str, tuple[str, str]] = {
    "training_compute_flop": (N_("Training compute"), N_("floating-point operations to train a model")),
    "training_cost_usd2023": (
        N_("Training cost"),
        N_("US dollars of 2023 to train a model: hardware used up, and energy"),
    ),
}
"""What training takes, by its indicator: title and unit."""


def training(cat: Catalog, t: Texts, indicator: str, domain: str, scale: str = LOG) -> Chart:
    """Compute or cost of training over the years: one domain in colour with its trend, all other models grey."""
    frame = costs.models(cat, indicator, domain)
    unit = "FLOP" if indicator == "training_compute_flop" else t("US dollars")
    frame["text"] = [
        f"{row['model']} ({row['organization']}), {t.period(row['period'])}: {_large(t, row['value'], indicator)}"
        for row in frame.to_dict("records")
    ]
    chosen, other = frame[frame["chosen"]], frame[~frame["chosen"]]
    firm, unsure = chosen[chosen["firm"]], chosen[~chosen["firm"]]
    found = costs.trend(firm["year"], firm["value"])
    shown: list[tuple[Mark, pd.DataFrame]] = [(Strip("year", "value", t("other domains"), "text"), other)]
    if found is not None:
        shown.append((Band("year", "low", "high"), found.line))
    shown.append((Dots("year", "value", "point", t(DOMAINS[domain]), text="text", size=8), firm))
    if len(unsure):
        shown.append(
            (Dots("year", "value", "point", t("speculative"), text="text", size=8, shape="circle-open"), unsure)
        )
    if found is not None:
        shown.append((Lines("year", "value", role="second", name=t("trend, 95% interval"), markers=False), found.line))
    ends = float(frame["value"].min()), float(frame["value"].max())
    y = (
        scales.linear(ends[1], lambda value: _large(t, value, indicator))
        if scale == LINEAR
        else scales.decades(t, *ends, powers=indicator == "training_compute_flop")
    )
    return Chart(
        id=f"training-{'compute' if indicator == 'training_compute_flop' else 'cost'}",
        title=t("{what}: {domain}", what=t(AMOUNTS[indicator][0]), domain=t(DOMAINS[domain])),
        subtitle=choices.scaled(
            t,
            t(
                "{unit} · models that Epoch AI lists as notable · estimates · {first}–{last}",
                unit=t(AMOUNTS[indicator][1]),
                first=frame["period"].min()[:4],
                last=frame["period"].max()[:4],
            ),
            y,
        ),
        frame=frame.drop(columns="text"),
        marks=tuple(mark for mark, _ in shown),
        frames={at: rows for at, (_, rows) in enumerate(shown)},
        x=scales.years(frame["year"].min() - 0.3, frame["year"].max() + 0.3),
        y=y,
        sources=parts.sources(frame),
        alt=t(
            "Points from {low} to {high} {unit}, one per model. {trend}",
            low=_large(t, frame["value"].min(), indicator),
            high=_large(t, frame["value"].max(), indicator),
            unit=unit,
            trend=growth(t, found, len(firm)),
        ),
        notes=(growth(t, found, len(firm)),),
        height=380,
        choices=(choices.scale(t, scale),),
    )


def growth(t: Texts, found: Trend | None, n: int) -> str:
    """A trend in words: the factor a year with its interval, and whether that says anything."""
    if found is None:
        return t(
            "Too few points for a trend ({n}); at least {least} over {years} years are asked for.",
            n=n,
            least=costs.LEAST_POINTS,
            years=t.number(costs.LEAST_YEARS, 0),
        )
    values = {"factor": t.number(found.factor, 2), "low": t.number(found.low, 2), "high": t.number(found.high, 2)}
    if found.low <= 1 <= found.high:
        return t("No clear trend: ×{factor} a year, 95% interval {low} to {high}, {n} points.", **values, n=found.n)
    return t("Trend: ×{factor} a year, 95% interval {low} to {high}, {n} points.", **values, n=found.n)


def price_performance(cat: Catalog, t: Texts, scale: str = LOG) -> Chart:
    """Peak speed per dollar of accelerators at their release, ordinary and 16-bit matrix arithmetic apart."""
    frame = costs.price_performance(cat)
    frame["text"] = [
        t(
            "{device}, {period}: {value} GFLOP/s per US dollar",
            device=row["device"],
            period=t.period(row["period"]),
            value=t.number(row["value"]),
        )
        for row in frame.to_dict("records")
    ]
    plain, matrix = (frame[frame["kind"] == kind] for kind in ("fp32", "matrix16"))
    found = costs.trend(plain["year"], plain["value"])
    low = list(found.line["low"]) if found is not None else []
    trended: list[tuple[Mark, pd.DataFrame]] = (
        [
            (Band("year", "low", "high"), found.line),
            (Lines("year", "value", role="point", name=t("trend of 32-bit, 95% interval"), markers=False), found.line),
        ]
        if found is not None
        else []
    )
    shown = [
        *trended,
        (Dots("year", "value", "point", t("32-bit"), text="text", size=8), plain),
        (Dots("year", "value", "second", t("16-bit matrix"), text="text", size=9, shape="diamond"), matrix),
    ]
    y = _axis(t, scale, min([*frame["value"], *low]), frame["value"].max())
    return Chart(
        id="price-performance",
        title=t("Accelerator speed per dollar"),
        subtitle=choices.scaled(
            t,
            t(
                "peak GFLOP/s per US dollar at release, prices of the year · {n} devices",
                n=frame["device"].nunique(),
            ),
            y,
        ),
        frame=frame.drop(columns="text"),
        marks=tuple(mark for mark, _ in shown),
        frames={at: rows for at, (_, rows) in enumerate(shown)},
        x=scales.years(frame["year"].min() - 0.5, frame["year"].max() + 0.5),
        y=y,
        sources=parts.sources(frame),
        alt=t(
            "Points, one per device. 32-bit: {first} GFLOP/s per dollar in {first_year}, {best} for the best. {trend}",
            first=t.number(plain["value"].iloc[0]),
            first_year=plain["period"].iloc[0][:4],
            best=t.number(plain["value"].max()),
            trend=growth(t, found, len(plain)),
        ),
        notes=(
            growth(t, found, len(plain)),
            t(
                "Cards for games and cards for data centres stand together; "
                "the latter cost several times more per operation."
            ),
        ),
        height=340,
        choices=(choices.scale(t, scale),),
    )


def rents(cat: Catalog, t: Texts, scale: str = LOG) -> Chart:
    """What an hour of an accelerator costs on demand: every offer grey, the median of each year in a line."""
    offers = costs.rents(cat)
    offers["text"] = [
        t(
            "{device} at {vendor}, {period}: {value} US dollars an hour",
            device=r["device"],
            vendor=r["vendor"],
            period=t.period(r["period"]),
            value=t.number(r["value"], 2),
        )
        for r in offers.to_dict("records")
    ]
    medians = costs.yearly_rents(offers)
    ends = medians.groupby("family", sort=False)["value"]
    y = _axis(t, scale, offers["value"].min(), offers["value"].max())
    return Chart(
        id="rents",
        title=t("Renting an accelerator for an hour"),
        subtitle=choices.scaled(
            t,
            t(
                "US dollars a chip-hour on demand · grey: an offer · "
                "line: median of a year with {least} offers or more",
                least=costs.LEAST_OFFERS,
            ),
            y,
        ),
        frame=offers.drop(columns="text"),
        marks=(
            Strip("year", "value", text="text"),
            Lines(
                "year",
                "value",
                "family",
                roles={"H100": "point", "A100": "second", "V100": "good"},
            ),
        ),
        frames={0: offers, 1: medians},
        x=scales.years(offers["year"].min() - 0.2, offers["year"].max() + 0.2),
        y=y,
        sources=parts.sources(offers),
        alt=t(
            "Medians from the first to the last year with enough offers: {medians}.",
            medians=t.join([f"{family} {t.number(v.iloc[0], 2)} → {t.number(v.iloc[-1], 2)}" for family, v in ends]),
        ),
        notes=(
            t("Who is listed changes from year to year: part of a fall is that cheaper providers joined the list."),
            t("{n} offers.", n=len(offers)),
        ),
        height=340,
        choices=(choices.scale(t, scale),),
    )


def token_prices(cat: Catalog, t: Texts, scale: str = LOG) -> Chart:
    """What a language model of a given ability costs at the least, at both ends of the span that was published."""
    frame = costs.token_prices(cat)
    range_of_falls = costs.token_price_falls(cat)
    frame["level"] = [words.value(t, "level", level) for level in frame["level"]]
    falls = [
        t(
            "{level}: {first} → {last}",
            level=level,
            first=t.number(float(rows["value"].iloc[0])),
            last=t.number(float(rows["value"].iloc[-1])),
        )
        for level, rows in frame.groupby("level", sort=False)
    ]
    y = _axis(t, scale, frame["value"].min(), frame["value"].max())
    return Chart(
        id="token-prices",
        title=t("Lowest price for the same ability"),
        subtitle=choices.scaled(
            t, t("lowest price of a language model that reaches a level, US dollars a million tokens"), y
        ),
        frame=frame,
        marks=(
            Lines(
                "year", "value", "level", roles=dict(zip(frame["level"].unique(), ("point", "second"), strict=False))
            ),
        ),
        x=scales.years(frame["year"].min() - 0.2, frame["year"].max() + 0.2),
        y=y,
        sources=parts.sources(pd.concat([frame, range_of_falls])),
        alt=t("Two lines of two points each: {falls}.", falls=t.join(falls)),
        notes=(
            t("Two points a line, each line from one publication; what lies between is not known."),
            t(
                "By the benchmark chosen, Epoch AI found falls of {slowest} to {fastest} times a year.",
                slowest=t.number(range_of_falls["value"].min()),
                fastest=t.number(range_of_falls["value"].max()),
            ),
        ),
        height=340,
        choices=(choices.scale(t, scale),),
    )


def picture_prices(cat: Catalog, t: Texts, scale: str = LINEAR) -> Chart:
    """List prices of one generated picture by model, from the cheapest to the dearest quality."""
    frame = costs.picture_prices(cat)
    frame["text"] = [
        f"{row['model']}{' ' + row['quality'] if row['quality'] else ''}: {t.number(row['value'])}"
        for row in frame.to_dict("records")
    ]
    order = tuple(dict.fromkeys(frame["model"]))
    cheap, dear = frame.iloc[frame["value"].argmin()], frame.iloc[frame["value"].argmax()]
    x = _axis(t, scale, frame["value"].min(), frame["value"].max())
    return Chart(
        id="picture-prices",
        title=t("What one generated picture costs"),
        subtitle=choices.scaled(
            t,
            t(
                "US dollars a picture, 1024×1024 or size not stated, list prices of {year}",
                year=frame["period"].max()[:4],
            ),
            x,
        ),
        frame=frame.drop(columns="text"),
        marks=(Span("low", "high", "model"), Dots("value", "model", "point", text="text", size=9)),
        frames={0: frame.drop_duplicates("model"), 1: frame},
        order=order,
        x=x,
        sources=parts.sources(frame),
        alt=t("Dots by model. Cheapest: {cheap}. Dearest: {dear}.", cheap=cheap["text"], dear=dear["text"]),
        notes=(t("A line joins the qualities of one model. Mostly read in compilations, not at the vendor."),),
        choices=(choices.scale(t, scale),),
    )


def energies(cat: Catalog, t: Texts, scale: str = LOG) -> Chart:
    """Electricity of one picture and of one text on the same machine, model by model."""
    frame = costs.energies(cat)
    frame["name"] = frame["model"].str.split("/").str[-1]
    picture = frame["task"] == "image generation"
    frame["text"] = [f"{row['model']}: {t.number(row['value'])} Wh" for row in frame.to_dict("records")]
    ratio = frame[picture]["value"].median() / frame[~picture]["value"].median()
    x = _axis(t, scale, frame["low"].min(), frame["high"].max())
    return Chart(
        id="energies",
        title=t("Electricity for one picture and one text"),
        subtitle=choices.scaled(
            t, t("Wh an inference · one study, one node of eight A100, machine idle power included · 2023"), x
        ),
        frame=frame.drop(columns="text"),
        marks=(
            Dots("value", "name", "second", t("a picture"), "low", "high", text="text", size=11),
            Dots("value", "name", "point", t("a text"), "low", "high", text="text", size=11),
        ),
        frames={0: frame[picture], 1: frame[~picture]},
        order=tuple(frame["name"]),
        x=x,
        sources=parts.sources(frame),
        alt=t(
            "Dots by model, least first: from {low} to {high}. The median picture took {ratio} times the median text.",
            low=frame["text"].iloc[0],
            high=frame["text"].iloc[-1],
            ratio=t.number(ratio, 0),
        ),
        notes=(
            t(
                "Mean over three sets of prompts, the line from the least to the most of them. "
                "The median picture took {ratio} times the median text.",
                ratio=t.number(ratio, 0),
            ),
            t(
                "Small models of their year. "
                "Figures of other studies measure other things and are not drawn beside them."
            ),
        ),
        choices=(choices.scale(t, scale),),
    )


def _axis(t: Texts, scale: str, low: float, high: float) -> Axis:
    """An axis for values from `low` to `high` on the scale that was asked for."""
    return scales.linear(high, t.number) if scale == LINEAR else scales.log(t, low, high)


def _large(t: Texts, value: float, indicator: str) -> str:
    """Compute in powers of ten, money in the short form of the language."""
    if indicator != "training_compute_flop":
        return t.short(float(f"{value:.2g}"))
    return scales.scientific(t, value)
