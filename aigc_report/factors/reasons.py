"""Barriers: which reasons firms give for not using AI, in order, how that changed, and who gives them.

Two populations, never mixed: firms that considered AI and do not use it (`CONSIDERERS`, the ones asked), and all firms
(`ALL`). The first group grows as firms think about AI, so a reason can rise in it while as many firms name it.
"""

from functools import lru_cache

import pandas as pd

from aigc_report.breakdowns import parse
from aigc_report.catalog import Catalog
from aigc_report.errors import UserError
from aigc_report.factors.headlines import Point, every_series

CONSIDERERS, ALL = "ai_barrier_considerers", "ai_barrier_all"
GROUPS = ("size", "nace")
"""Keys by which reasons are broken down: size of the firm, section of industry."""


def ranked(cat: Catalog, indicator: str = CONSIDERERS, geo: str = "EU27", group: str = "") -> pd.DataFrame:
    """The reasons by how many firms name them, most named first.

    `group` is the rest of a breakdown (``"size=250+"``, ``"nace=C"``). Indexed by reason; columns value, period, rank,
    before, before_period, change (points since the period before), rank_before, first, first_period, change_first
    (since the first period), flag, source. A reason not asked in an earlier period has NaN there. Reasons that a group
    gives equally often share a rank. `UserError` where nobody was asked.
    """
    found = {
        parse(breakdown)["barrier"]: {point.period: point for point in points}
        for breakdown, points in _asked(cat, indicator, geo).items()
        if ";".join(sorted(_rest(breakdown))) == group
    }
    every = sorted({period for points in found.values() for period in points})
    if not every:
        raise UserError(
            "The data package has no reasons of {indicator} for {geo} {group}.",
            indicator=indicator,
            geo=geo,
            group=group,
        )
    now, before, first = every[-1], every[-2] if len(every) > 1 else "", every[0]
    table = pd.DataFrame(
        {
            reason: {
                "value": points[now].value,
                "period": now,
                "before": _value(points, before),
                "before_period": before,
                "first": _value(points, first),
                "first_period": first,
                "flag": points[now].flag,
                "source": points[now].source,
            }
            for reason, points in found.items()
            if now in points
        }
    ).T.rename_axis("reason")
    numbers = ["value", "before", "first"]
    table[numbers] = table[numbers].astype("float64")
    table["rank"] = table["value"].rank(ascending=False, method="min").astype("Int64")
    table["rank_before"] = table["before"].rank(ascending=False, method="min").astype("Int64")
    table["change"], table["change_first"] = table["value"] - table["before"], table["value"] - table["first"]
    return table.sort_values("value", ascending=False, kind="stable")


def by_group(cat: Catalog, key: str, indicator: str = CONSIDERERS, geo: str = "EU27") -> pd.DataFrame:
    """`ranked` for every value of `key` (one of `GROUPS`), one after another, with columns group and reason.

    Industries are sections (one letter), of which none holds another. Empty where the data have no such breakdown.
    """
    if key not in GROUPS:
        raise UserError('Reasons are not broken down by "{key}"; known are {known}.', key=key, known=", ".join(GROUPS))
    groups = dict.fromkeys(
        pair
        for b in _asked(cat, indicator, geo)
        for pair in _rest(b)
        if pair.startswith(f"{key}=") and len(_rest(b)) == 1
    )
    wanted = [pair for pair in groups if key != "nace" or len(pair) == len("nace=C")]
    parts = [
        ranked(cat, indicator, geo, pair).reset_index().assign(group=pair.removeprefix(f"{key}=")) for pair in wanted
    ]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["group", "reason", "value", "rank"])


@lru_cache(maxsize=16)
def _asked(cat: Catalog, indicator: str, geo: str) -> dict[str, tuple[Point, ...]]:
    """The breakdowns under which `geo` has reasons, each with its series."""
    return {b: points for b, points in every_series(cat, indicator, geo).items() if "barrier" in parse(b)}


def _rest(breakdown: str) -> list[str]:
    return [f"{key}={value}" for key, value in parse(breakdown).items() if key != "barrier"]


def _value(points: dict[str, Point], period: str) -> float:
    return points[period].value if period in points else float("nan")
