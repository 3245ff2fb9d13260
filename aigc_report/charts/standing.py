"""Charts of units against each other: who is likely among the first, and up to six of them side by side."""

from collections.abc import Sequence
from typing import Literal

import pandas as pd

from aigc_report.charts.chart import Axis, Bars, Chart, Dots, Mark
from aigc_report.charts.countries import name, place, sources
from aigc_report.i18n import Texts
from aigc_report.index import IndexResult

MOST = 6
"""Units that can be told apart by colour and shape."""
_LOOKS: tuple[tuple[str, Literal["circle", "diamond"]], ...] = (
    ("point", "circle"),
    ("demand", "diamond"),
    ("policy", "circle"),
    ("barriers", "diamond"),
    ("business", "circle"),
    ("context", "diamond"),
)
_LEAST_SHARE = 0.005
"""Rarer than one in two hundred is not drawn."""


def top(result: IndexResult, t: Texts, code: str, k: int, unit: str) -> Chart:
    """Each unit's share of replications among the first `k` by `code`; `unit` in colour. Needs an uncertainty."""
    assert result.uncertainty is not None
    share = result.uncertainty.top(k, code)
    order = [
        str(u) for u in share.sort_values(ascending=False, kind="stable").index if share[u] >= _LEAST_SHARE or u == unit
    ]
    frame = pd.DataFrame({"unit": order, "chance": [100 * float(share[u]) for u in order]})
    frame["name"] = [place(result, t, u) for u in order]
    frame["role"] = ["point" if u == unit else "context" for u in order]
    frame["text"] = [t.value(chance, "percent", 0) for chance in frame["chance"]]
    return Chart(
        id="top",
        title=t("{name}: who is among the first {k}", name=name(result, t, code), k=k),
        subtitle=t(
            "share of {n} replications with other defensible methods and weights in which it is among the first {k}",
            n=t.number(result.uncertainty.replications, 0),
            k=k,
        ),
        frame=frame,
        marks=(Bars("chance", "name", role_column="role", text="text"),),
        order=tuple(frame["name"]),
        x=Axis(low=0, high=112, suffix="%", ticks=tuple((float(v), f"{v}%") for v in (0, 25, 50, 75, 100))),
        sources=sources(result),
        alt=t(
            "Bars. {sure} are among the first {k} in 19 of 20 replications or more; {all} in some. "
            "Most often: {first}, {share}.",
            sure=int((frame["chance"] >= 95).sum()),
            k=k,
            all=int((frame["chance"] > 0).sum()),
            first=frame["name"].iloc[0],
            share=frame["text"].iloc[0],
        ),
    )


def compared(result: IndexResult, t: Texts, units: Sequence[str]) -> Chart:
    """Up to `MOST` units on every part and indicator of the index, as scores."""
    codes = list(map(str, result.scores.columns))
    labels = [name(result, t, code) for code in codes]
    frames, marks = dict[int, pd.DataFrame](), list[Mark]()
    for position, (unit, (role, shape)) in enumerate(zip(units, _LOOKS, strict=False)):
        scores, ranks = result.scores.loc[unit].to_dict(), result.ranks.loc[unit].to_dict()
        frame = pd.DataFrame({"unit": unit, "name": place(result, t, unit), "code": codes, "part": labels})
        frame["score"] = [float(scores[code]) for code in codes]
        frame["rank"] = [ranks[code] for code in codes]
        frame["text"] = [
            t(
                "{name}, {part}: {score}, rank {rank}",
                name=row["name"],
                part=row["part"],
                score=t.number(row["score"], 1),
                rank=t.number(None) if pd.isna(row["rank"]) else row["rank"],
            )
            for row in frame.to_dict("records")
        ]
        frames[position] = frame.dropna(subset=["score"])
        marks.append(Dots("score", "part", role, place(result, t, unit), text="text", size=12, shape=shape))
    whole = pd.concat(frames.values(), ignore_index=True)
    low, high = float(whole["score"].min()), float(whole["score"].max())
    margin = 0.04 * ((high - low) or 1)
    names = t.join([place(result, t, unit) for unit in units[:MOST]])
    return Chart(
        id="compared",
        title=t("{names} side by side", names=names),
        subtitle=t("score on the total, its parts and every indicator, under the weights and methods chosen above"),
        frame=whole,
        marks=tuple(marks),
        frames=frames,
        order=tuple(dict.fromkeys(labels)),
        x=Axis(low=low - margin, high=high + margin),
        sources=sources(result),
        alt=t("Dots in rows, one per unit: {names}. Values in the table.", names=names),
    )
