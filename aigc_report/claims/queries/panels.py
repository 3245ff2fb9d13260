"""Questions that one survey puts in every member state of the EU: a member state is one repetition.

The 27 are not drawn from anything, so this is no sampling error of the EU's own figure. It asks how alike the members
show an effect, each counting once whatever its size: the spread between them holds the sampling error of each national
survey and what differs from country to country. The EU's figure, weighted by firms or people, may lie elsewhere.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from aigc_report import periods
from aigc_report.catalog import Catalog
from aigc_report.charts import words
from aigc_report.claims.queries import parts
from aigc_report.claims.queries.trends import known_scale
from aigc_report.factors.headlines import BREAKS
from aigc_report.factors.members import Question, panel
from aigc_report.i18n import LANGUAGES, N_, texts
from gan.experiments.evidence import Evidence, Finding, Series

LEAST_MEMBERS = 10
"""Fewer members do not stand for the EU."""
OF = "member states"


def panel_level(cat: Catalog, *, indicator: str, breakdown: str = "", period: str) -> Evidence:
    """`level`: the figure of one period over the members."""
    values = _column(cat, indicator, breakdown, period)
    about = {"en": "mean over the member states", "zh": "各成员国均值"}
    finding = _over_members("level", values, _unit(cat, indicator), about, _rows(values, indicator, period, breakdown))
    asked = {"indicator": indicator, "breakdown": breakdown, "period": period}
    return _evidence("panel_level", cat, asked, [finding], {"": values})


def panel_change(
    cat: Catalog, *, indicator: str, breakdown: str = "", first: str, last: str, among: str = ""
) -> Evidence:
    """`change_per_year` and `share_rising` from period `first` to `last`, over members with both.

    With `among`, an indicator whose figure says what share of all are asked at all, also `reach_per_year`: the same of
    the product, the share of all. Members with a break or a new definition after `first` are left out.
    """
    years = (periods.last_day(last) - periods.last_day(first)).days / 365.25
    unit, warnings = parts.apart(_unit(cat, indicator)), []
    before, after, broken = _both(cat, indicator, breakdown, first, last)
    change = (after - before) / years
    rows = [*_rows(change, indicator, first, breakdown), *_rows(change, indicator, last, breakdown)]
    findings = [
        _over_members("change_per_year", change, f"{unit} a year", {"en": "change a year", "zh": "年均变化"}, rows),
        _rising(change, rows),
    ]
    if among:
        base_before, base_after, base_broken = _both(cat, among, "", first, last)
        reach = ((after * base_after - before * base_before) / 100 / years).dropna()
        base = [*_rows(reach, among, first, ""), *_rows(reach, among, last, "")]
        about = {"en": "change a year of the share of all", "zh": "占全体比例的年均变化"}
        findings.append(_over_members("reach_per_year", reach, f"{unit} a year", about, [*rows, *base]))
        broken = broken or base_broken
    if broken:
        warnings.append(parts.BROKEN)
    asked = {"indicator": indicator, "breakdown": breakdown, "first": first, "last": last, "among": among}
    return _evidence("panel_change", cat, asked, findings, {first: before, last: after}, warnings)


def panel_difference(
    cat: Catalog, *, indicator: str, breakdown: str, than: str, period: str, scale: str = "points"
) -> Evidence:
    """`difference` and `share_higher` of two breakdowns in one period, within each member.

    In `points` of the unit, or in `doublings`: the base-2 logarithm of the ratio, for which both have to be positive.
    """
    known_scale(scale)
    one, other = (_column(cat, indicator, b, period) for b in (breakdown, than))
    both = pd.DataFrame({"one": one, "other": other}).dropna()
    if scale == "doublings":
        both = both[(both > 0).all(axis=1)]
        apart = pd.Series(np.log2(both["one"] / both["other"]), index=both.index)
    else:
        apart = both["one"] - both["other"]
    rows = [r for b in (breakdown, than) for r in _rows(apart, indicator, period, b)]
    unit = "doublings" if scale == "doublings" else parts.apart(_unit(cat, indicator))
    about = {"en": "difference within the member states", "zh": "成员国内部差异"}
    higher = (
        parts.proportion(
            "share_higher",
            int((apart > 0).sum()),
            len(apart),
            OF,
            {"en": "member states where the first is higher", "zh": "前者较高的成员国比例"},
            rows,
        )
        if len(apart) >= LEAST_MEMBERS
        else None
    )
    findings = [_over_members("difference", apart, unit, about, rows), higher]
    asked = {"indicator": indicator, "breakdown": breakdown, "than": than, "period": period, "scale": scale}
    return _evidence("panel_difference", cat, asked, findings, {breakdown: both["one"], than: both["other"]})


def panel_ranking(
    cat: Catalog, *, indicator: str, key: str, period: str, pairs: Iterable[tuple[str, str] | list[str]]
) -> Evidence:
    """`A_over_B` for each of `pairs`: how much more often A is named than B, within each member.

    Answers are values of the breakdown's `key`. An order is as sure as the differences of its neighbours.
    """
    asked = [(str(a), str(b)) for a, b in pairs]
    columns = {v: _column(cat, indicator, f"{key}={v}", period) for pair in asked for v in pair}
    findings = []
    for a, b in asked:
        apart = (columns[a] - columns[b]).dropna()
        rows = [r for v in (a, b) for r in _rows(apart, indicator, period, f"{key}={v}")]
        about = {
            lang: texts(lang)(
                N_("“{one}” named more often than “{other}”, within the member states"),
                one=words.value(texts(lang), key, a),
                other=words.value(texts(lang), key, b),
            )
            for lang in LANGUAGES
        }
        findings.append(_over_members(f"{a}_over_{b}", apart, parts.apart(_unit(cat, indicator)), about, rows))
    settings = {"indicator": indicator, "key": key, "period": period}
    return _evidence("panel_ranking", cat, settings, findings, columns)


def _column(cat: Catalog, indicator: str, breakdown: str, period: str) -> "pd.Series[float]":
    """The members' figures of one period, by place; neither doubtful ones nor projections."""
    rows = panel(cat, Question(indicator, breakdown))
    return rows[rows["period"] == period].set_index("geo")["value"].astype(float)


def _both(
    cat: Catalog, indicator: str, breakdown: str, first: str, last: str
) -> "tuple[pd.Series[float], pd.Series[float], bool]":
    """The figures of two periods for the members with both and no break between them, and whether one had a break."""
    rows = panel(cat, Question(indicator, breakdown))
    start, end = periods.last_day(first), periods.last_day(last)
    between = np.array([start < periods.last_day(p) <= end for p in rows["period"]], dtype=bool)
    within = rows[between]
    broken = set(within.loc[within["flag"].str.contains(f"[{''.join(BREAKS)}]"), "geo"])
    wide = rows[~rows["geo"].isin(broken)].pivot_table(index="geo", columns="period", values="value")
    wide = wide.reindex(columns=[first, last]).dropna()
    return wide[first], wide[last], bool(broken)


def _over_members(
    name: str, values: "pd.Series[float]", unit: str, about: dict[str, str], rows: list[str]
) -> Finding | None:
    kept = values.dropna()
    if len(kept) < LEAST_MEMBERS:
        return None
    return parts.replicates(name, {str(geo): float(v) for geo, v in kept.items()}, unit, OF, about, rows)


def _rising(change: "pd.Series[float]", rows: list[str]) -> Finding | None:
    if len(change) < LEAST_MEMBERS:
        return None
    about = {"en": "member states with a rise", "zh": "上升的成员国比例"}
    return parts.proportion("share_rising", int((change > 0).sum()), len(change), OF, about, rows)


def _rows(values: "pd.Series[float]", indicator: str, period: str, breakdown: str) -> list[str]:
    return [f"{indicator}|{geo}|{period}|{breakdown}" for geo in values.index]


def _unit(cat: Catalog, indicator: str) -> str:
    return str(cat.indicators.at[indicator, "unit"])


def _evidence(
    test: str,
    cat: Catalog,
    asked: dict[str, str],
    findings: list[Finding | None],
    columns: "dict[str, pd.Series[float]]",
    warnings: Iterable[str] = (),
) -> Evidence:
    """Evidence with the members' figures as a series, a group a column."""
    points: list[dict[str, float | str | None]] = [
        {"x": str(geo), "y": float(value), "group": group}
        for group, values in columns.items()
        for geo, value in values.sort_values(ascending=False).items()
    ]
    figure = Series(
        name="members",
        x_name={"en": "Member state", "zh": "成员国"},
        y_name={lang: cat.name(asked["indicator"], lang) for lang in ("en", "zh")},
        points=points,
    )
    missing = [parts.TOO_FEW] if any(f is None for f in findings) else []
    return parts.evidence(test, asked, findings, [figure], [*warnings, *missing])
