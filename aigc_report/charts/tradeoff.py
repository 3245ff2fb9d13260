"""Quality against a cost as points in a plane, with the line through those that no other beats in both."""

from collections.abc import Mapping, Sequence
from typing import Literal

import pandas as pd

from aigc_report.charts.chart import Axis, Dots, Lines, Mark

SCALES: dict[str, tuple[float, str]] = {
    "train_s": (1, "s"),
    "flops_total": (1e12, "TFLOP"),
    "energy_kwh": (1e-3, "Wh"),
    "peak_memory_bytes": (1e6, "MB"),
}
"""Cost to the unit in which runs of this size are read, and its size."""
COLUMNS = ("name", "fid", "low", "high", "floor", "n", "cost", "text")
_NUMBERS = ("fid", "low", "high", "floor", "cost")


def frame(rows: Sequence[Mapping[str, object]], name: str) -> pd.DataFrame:
    """The points as a table, best first; `name` is the column of what they stand for."""
    columns = [name, *COLUMNS[1:]]
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(_NUMBERS, float)).sort_values("fid")


def marks(
    points: pd.DataFrame, name: str, best: Sequence[str], roles: Mapping[str, str]
) -> tuple[tuple[Mark, ...], dict[int, pd.DataFrame]]:
    """A dot for each of `points` in the role of its name, the line through the `best` behind them, and their tables.

    Neighbours have their labels on the sides away from each other, so that two of about the same quality can be read.
    """
    dots: list[Mark] = []
    frames = {0: points[points[name].isin(best)]}
    for place, (one, mine) in enumerate(points.groupby(name, sort=False)):
        dots.append(
            Dots(
                "fid",
                "cost",
                roles[str(one)],
                low="low",
                high="high",
                text="text",
                label=name,
                label_at=_side(place, list(zip(points["fid"], points["cost"], strict=True))),
            )
        )
        frames[place + 1] = mine
    line = Lines("fid", "cost", role="context", markers=False, text="text", step=True)
    return (line, *dots), frames


def _side(place: int, points: Sequence[tuple[float, float]]) -> Literal["above", "below"]:
    """Where the label of a point stands: away from the point nearest to it in quality, by turns at the same cost."""
    fid, cost = points[place]
    others = [(abs(fid - quality), spent) for n, (quality, spent) in enumerate(points) if n != place]
    nearest = min(others, default=(0.0, cost))[1]
    if cost == nearest:
        return "above" if place % 2 else "below"
    return "above" if cost > nearest else "below"


def axes(points: pd.DataFrame, unit: str) -> tuple[Axis, Axis]:
    """Quality across and cost upwards, both from zero, with room for labels."""
    right, top = points[["fid", "high"]].max().max(), points["cost"].max()
    return (
        Axis("FID", low=0, high=float(right) * 1.12 if pd.notna(right) else 1),
        Axis(unit, low=0, high=float(top) * 1.15 if pd.notna(top) else 1),
    )
