"""Charts across members and industries: how far apart they are, and how many firms stop at considering AI."""

import pandas as pd

from aigc_report.catalog import Catalog
from aigc_report.charts import parts, words
from aigc_report.charts.chart import Axis, Chart, Dots, Span, Strip
from aigc_report.factors import interest, members, reasons, series
from aigc_report.factors.members import Across, Question
from aigc_report.i18n import N_, Texts

ROLE = "barriers"
NOTES: dict[str, str] = {
    "business": N_("These are choices, not grades: a high share of one way is no lead."),
    "policy": N_(
        "Research spending is general, not about AI: no measure of AI policy covers the members, to which one law "
        "applies."
    ),
}
"""What to mind about the question shown for a factor."""


def asked(cat: Catalog, t: Texts, question: Question) -> str:
    """A question in words: the indicator, and what its breakdown narrows it to."""
    name = cat.name(question.indicator, t.lang)
    narrowed = [words.value(t, key, code) for key, code in words.parse(question.breakdown).items()]
    return t("{name}: {part}", name=name, part=t.join(narrowed)) if narrowed else name


def apart(cat: Catalog, t: Texts, factor: str) -> Chart:
    """Every member on the first question of `factor`, a row per period, with the EU as a whole."""
    question = members.QUESTIONS[factor][0]
    found = members.ask(cat, factor, question)
    spread = found.spread.iloc[::-1]
    every = members.panel(cat, question)
    wide = every[every["period"].isin(spread.index)].pivot_table(index="geo", columns="period", values="value")
    counted = every[every["geo"].isin(wide.dropna().index) & every["period"].isin(spread.index)]
    frame = _rows(cat, t, counted, found.unit)
    whole = pd.DataFrame(
        [vars(point) | {"geo": members.EU} for point in series(cat, question.indicator, members.EU, question.breakdown)]
    )
    whole = _rows(cat, t, whole[whole["period"].isin(spread.index)], found.unit)
    newest = frame[frame["period"] == spread.index[0]].sort_values("value", ascending=False)
    return Chart(
        id=f"apart-{factor}",
        title=t("How far apart EU members are"),
        subtitle=asked(cat, t, question)
        + " · "
        + parts.subtitle(
            cat,
            t,
            question.indicator,
            t("{n} members of the EU", n=int(spread["n"].iloc[0])),
            str(spread.index[-1]),
            str(spread.index[0]),
        ),
        frame=frame.sort_values(["period", "value"], ascending=False, ignore_index=True),
        marks=(
            Strip("value", "label", t("one member each"), text="text"),
            Dots("value", "label", factor, t("EU as a whole"), text="text", size=13),
        ),
        frames={1: whole},
        order=tuple(t.period(str(period)) for period in spread.index),
        x=Axis(low=0, high=float(frame["value"].max()) * 1.06, suffix="%" if found.unit == "percent" else ""),
        sources=parts.sources(pd.concat([frame, whole])),
        alt=t(
            "One mark per member and period. In {period}, highest: {high}; lowest: {low}.",
            period=t.period(str(spread.index[0])),
            high=newest["text"].iloc[0],
            low=newest["text"].iloc[-1],
        ),
        notes=(*_spread_notes(t, found), *((t(NOTES[factor]),) if factor in NOTES else ())),
    )


def _spread_notes(t: Texts, found: Across) -> tuple[str, ...]:
    """What the spread did, and what breaks between its years."""
    spread, unit = found.spread, found.unit
    first, last = spread.iloc[0], spread.iloc[-1]
    at, to = t.period(str(spread.index[0])), t.period(str(spread.index[-1]))
    if len(spread) == 1:
        said = t(
            "Coefficient of variation {cv}, highest minus lowest {range}; one year only, so no trend.",
            cv=t.number(first["cv"], 2),
            range=_range(t, first["range"], unit),
        )
        return (said,)
    notes = [
        t(
            "Coefficient of variation {cv_first} in {first}, {cv_last} in {last}; highest minus lowest {range_first} "
            "and {range_last}. Only members with a figure in every period shown are counted.",
            cv_first=t.number(first["cv"], 2),
            cv_last=t.number(last["cv"], 2),
            range_first=_range(t, first["range"], unit),
            range_last=_range(t, last["range"], unit),
            first=at,
            last=to,
        )
    ]
    for period, row in spread.iloc[1:].iterrows():
        if row["redefined"]:
            notes.append(
                t(
                    "Another definition in {period} for {n} members.",
                    period=t.period(str(period)),
                    n=int(row["redefined"]),
                )
            )
    broken = {t.period(str(period)): int(n) for period, n in spread["broken"].items() if n}
    if broken:
        listed = t.join([t("{period}: {n}", period=period, n=n) for period, n in broken.items()])
        notes.append(t("Members with a break in their series: {listed}.", listed=listed))
    return tuple(notes)


def _range(t: Texts, value: float, unit: str) -> str:
    """A difference of two figures: of two percentages, in points."""
    return t("{n} points", n=t.number(value, 1)) if unit == "percent" else t.value(value, unit)


def gap(cat: Catalog, t: Texts) -> Chart:
    """Members with both figures: firms that use AI, and those that considered it and do not."""
    table = interest.gap(cat).reset_index()
    period = str(table["period"].iloc[0])
    table["label"] = [cat.name(geo, t.lang) for geo in table["geo"]]
    table["text"] = [
        t(
            "{place}: {use} use AI, {waiting} considered it and do not",
            place=place,
            use=t.value(use, "percent"),
            waiting=t.value(waiting, "percent"),
        )
        for place, use, waiting in zip(table["label"], table["use"], table["waiting"], strict=True)
    ]
    table = table.sort_values("interested", ascending=False, ignore_index=True)
    whole = table[table["geo"] == members.EU].iloc[0]
    widest = table.iloc[int(table["waiting"].to_numpy().argmax())]
    n = len(table) - 1
    return Chart(
        id="interest-gap",
        title=t("Considered AI, and not using it"),
        subtitle=t(
            "EU and {n} members · {period} · % of: {population}",
            n=n,
            period=t.period(period),
            population=str(cat.indicators.at[interest.USE, "population_zh" if t.lang == "zh" else "population"]),
        ),
        frame=table,
        marks=(
            Span("use", "interested", "label"),
            Dots("use", "label", ROLE, t("use AI"), text="text", size=12),
            Dots(
                "interested", "label", "context", t("use or considered it"), text="text", size=11, shape="circle-open"
            ),
        ),
        order=tuple(table["label"]),
        x=Axis(low=0, high=float(table["interested"].max()) * 1.06, suffix="%"),
        sources=tuple(dict.fromkeys([*table["source"], *table["use_source"]])),
        alt=t(
            "Two dots per place. EU: {eu}. Widest gap: {widest}.",
            eu=whole["text"],
            widest=widest["text"],
        ),
        notes=(
            t(
                "Those who considered AI are asked as a share of firms without it ({considered} in the EU); here they "
                "are put on all firms: share × (100 − use) / 100. {n} of 27 members publish both.",
                considered=t.value(float(whole["considered"]), "percent"),
                n=n,
            ),
        ),
        height=620,
    )


def industries(cat: Catalog, t: Texts) -> Chart:
    """The reasons firms give, with the spread between industries."""
    whole = reasons.ranked(cat).reset_index()
    split = reasons.by_group(cat, "nace")
    whole["label"] = [words.value(t, "barrier", reason) for reason in whole["reason"]]
    split["label"] = [words.value(t, "barrier", reason) for reason in split["reason"]]
    split["name"] = [words.value(t, "nace", group) for group in split["group"]]
    split["text"] = [
        t("{name}: {part}", name=name, part=t.value(value, "percent"))
        for name, value in zip(split["name"], split["value"], strict=True)
    ]
    whole["text"] = [t.value(value, "percent") for value in whole["value"]]
    period = str(whole["period"].iloc[0])
    split = split[split["period"] == period].reset_index(drop=True)
    first = split[split["rank"] == 1]["reason"].value_counts()
    ends = split.groupby("label")["value"].agg(lambda values: values.max() - values.min())
    widest = split[split["label"] == ends.idxmax()].sort_values("value")
    return Chart(
        id="barriers-industry",
        title=t("What holds firms back, by industry"),
        subtitle=parts.subtitle(cat, t, reasons.CONSIDERERS, cat.name(members.EU, t.lang), period),
        frame=split.drop(columns=["before", "before_period", "rank_before", "first", "first_period"]),
        marks=(
            Strip("value", "label", t("one industry each ({n})", n=split["group"].nunique()), text="text"),
            Dots("value", "label", ROLE, t("all industries"), text="text", size=13),
        ),
        frames={1: whole},
        order=tuple(whole["label"]),
        x=Axis(low=0, high=float(split["value"].max()) * 1.06, suffix="%"),
        sources=parts.sources(pd.concat([split, whole])),
        alt=t(
            "A mark per industry and reason. Widest apart: {reason}, from {low} to {high}.",
            reason=ends.idxmax(),
            low=widest["text"].iloc[0],
            high=widest["text"].iloc[-1],
        ),
        notes=(
            t(
                "{reason} comes first in {n} of {all} industries. Industries are sections of the classification NACE.",
                reason=words.value(t, "barrier", str(first.index[0])),
                n=int(first.iloc[0]),
                all=split["group"].nunique(),
            ),
        ),
    )


def _rows(cat: Catalog, t: Texts, frame: pd.DataFrame, unit: str) -> pd.DataFrame:
    """`frame` with the words of each row and of each mark."""
    return frame.assign(
        label=[t.period(str(period)) for period in frame["period"]],
        text=[
            t("{name}: {part}", name=cat.name(str(geo), t.lang), part=t.value(float(value), unit))
            for geo, value in zip(frame["geo"], frame["value"], strict=True)
        ],
    ).reset_index(drop=True)
