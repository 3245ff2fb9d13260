"""Two kinds of comparison that several factors need: two periods of the same question, and firms of three sizes."""

import pandas as pd

from aigc_report.catalog import Catalog
from aigc_report.charts import palette, parts, words
from aigc_report.charts.chart import Axis, Chart, Dots, Span
from aigc_report.i18n import Texts

SIZES = ("10-49", "50-249", "250+")


def change(
    cat: Catalog,
    t: Texts,
    *,
    id: str,
    title: str,
    indicator: str,
    labels: dict[str, str],
    since: str,
    role: str,
    geo: str = "EU27",
    notes: tuple[str, ...] = (),
) -> Chart:
    """Two dots per row: one question in the period `since` and in its newest one, rows sorted by the newer.

    `labels` maps a breakdown to the words of its row. A row that was not asked in `since` has one dot.
    """
    found = parts.clean(cat.observations(indicator, geo, breakdown=list(labels)))
    last = str(found["period"].max())
    frame = found[found["period"].isin([since, last])]
    frame = frame.assign(
        label=frame["breakdown"].map(labels),
        text=[
            f"{labels[b]}, {t.period(p)}: {t.value(v, u)}"
            for b, p, v, u in zip(frame["breakdown"], frame["period"], frame["value"], frame["unit"], strict=True)
        ],
    )
    newer = frame[frame["period"] == last].sort_values(["value", "breakdown"], ascending=[False, True])
    older = frame[frame["period"] == since]
    both = newer.merge(older, on=["breakdown", "label"], suffixes=("", "_older"))
    both = both.assign(change=both["value"] - both["value_older"])
    widest = both.iloc[int(both["change"].abs().to_numpy().argmax())]
    return Chart(
        id=id,
        title=title,
        subtitle=parts.subtitle(cat, t, indicator, cat.name(geo, t.lang), since, last),
        frame=pd.concat([newer, older], ignore_index=True),
        marks=(
            Span("value_older", "value", "label"),
            Dots("value", "label", "context", t.period(since), text="text", size=11),
            Dots("value", "label", role, t.period(last), text="text", size=13),
        ),
        frames={0: both, 1: older, 2: newer},
        order=tuple(newer["label"]),
        x=Axis(low=0, high=float(frame["value"].max()) * 1.06, suffix="%"),
        sources=parts.sources(frame),
        alt=t(
            "Two dots per row, {first} and {last}. Highest: {high}. Lowest: {low}. Largest change: {widest}, {change} "
            "points.",
            first=t.period(since),
            last=t.period(last),
            high=newer["text"].iloc[0],
            low=newer["text"].iloc[-1],
            widest=widest["label"],
            change=signed(t, float(widest["change"])),
        ),
        notes=notes,
    )


def by_size(
    cat: Catalog,
    t: Texts,
    *,
    id: str,
    title: str,
    indicator: str,
    key: str,
    geo: str = "EU27",
    notes: tuple[str, ...] = (),
) -> Chart:
    """Three dots per value of the breakdown `key` in its newest period, one per size of firm; large firms in colour."""
    codes = [code for name, code in words.VALUES if name == key]
    wanted = [f"{key}={code};size={size}" for code in codes for size in SIZES]
    frame = parts.latest(parts.clean(cat.observations(indicator, geo, breakdown=wanted)))
    pairs = [words.parse(breakdown) for breakdown in frame["breakdown"]]
    frame = frame.assign(
        label=[words.value(t, key, pair[key]) for pair in pairs],
        size=[pair["size"] for pair in pairs],
        text=[
            f"{words.value(t, key, pair[key])}, {words.value(t, 'size', pair['size'])}: {t.value(value, 'percent')}"
            for pair, value in zip(pairs, frame["value"], strict=True)
        ],
    )
    frames = [frame[frame["size"] == size].reset_index(drop=True) for size in SIZES]
    large = frames[-1].sort_values("value", ascending=False)
    ends = frame.groupby("label", sort=False)["value"].agg(["min", "max"]).reset_index()
    gaps = frames[-1].merge(frames[0], on="label", suffixes=("", "_small"))
    widest = gaps.iloc[int((gaps["value"] - gaps["value_small"]).abs().to_numpy().argmax())]
    large_role = palette.GROUPS["large firms"]
    shapes = (("context", "circle-open", 11), ("context", "circle", 10), (large_role, "circle", 13))
    return Chart(
        id=id,
        title=title,
        subtitle=parts.subtitle(cat, t, indicator, cat.name(geo, t.lang), str(frame["period"].iloc[0])),
        frame=frame,
        marks=(
            Span("min", "max", "label"),
            *(
                Dots("value", "label", colour, words.value(t, "size", size), text="text", size=px, shape=shape)  # type: ignore[arg-type]
                for size, (colour, shape, px) in zip(SIZES, shapes, strict=True)
            ),
        ),
        frames={0: ends, **{i + 1: table for i, table in enumerate(frames)}},
        order=tuple(large["label"]),
        x=Axis(low=0, high=float(frame["value"].max()) * 1.06, suffix="%"),
        sources=parts.sources(frame),
        alt=t(
            "Three dots per row, one per size of firm. Large firms name most often: {high}. Widest gap between large "
            "and small: {widest}, {large} against {small}.",
            high=large["label"].iloc[0],
            widest=widest["label"],
            large=t.value(widest["value"], "percent"),
            small=t.value(widest["value_small"], "percent"),
        ),
        notes=notes,
    )


def signed(t: Texts, points: float, digits: int = 1) -> str:
    """A change with its sign."""
    return ("+" if points >= 0 else "−") + t.number(abs(points), digits)
