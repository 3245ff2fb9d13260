"""Industries as one official survey asks them all: how far apart they are, and whether use grows where need is."""

import numpy as np
import pandas as pd

from aigc_report import periods, sectors
from aigc_report.breakdowns import parse
from aigc_report.catalog import Catalog
from aigc_report.claims.queries import parts
from aigc_report.claims.queries.estimate import rank_correlation, slope
from aigc_report.claims.queries.panels import LEAST_MEMBERS
from aigc_report.errors import UserError
from aigc_report.factors.interest import CONSIDERED, USE
from aigc_report.factors.members import EU, Question, panel
from aigc_report.i18n import N_
from gan.experiments.evidence import Evidence, Finding, Series

LEAST_PERIODS = 3
"""Fewer years leave the spread between them to one difference."""
LEAST_INDUSTRIES = 8
_BREAKS = "".join(sectors.BREAKS)


def industry_spread(cat: Catalog, *, measure: str, level: str = "sections") -> Evidence:
    """`highest_over_lowest` and `rank_agreement` of the industries of one `sectors.MEASURES`, years as repetitions.

    Over the industries with a figure in every year. Agreement is Spearman's coefficient of a year with the one before.
    """
    wide = _industries(cat, measure, level)
    settings = {"measure": measure, "level": level, "industries": len(wide)}
    if len(wide) < LEAST_INDUSTRIES or wide.shape[1] < LEAST_PERIODS or bool((wide <= 0).to_numpy().any()):
        return parts.evidence("industry_spread", settings, [], warnings=[parts.TOO_FEW])
    asked = sectors.MEASURES[measure]
    rows = [f"{asked.indicator}|{asked.geo}|{p}|{asked.key}={i}" for p in wide.columns for i in wide.index]
    ratios = {str(p): float(wide[p].max() / wide[p].min()) for p in wide.columns}
    steps = list(zip(wide.columns[:-1], wide.columns[1:], strict=True))
    agreement = {f"{a}-{b}": rank_correlation(wide[a].to_numpy(float), wide[b].to_numpy(float)) for a, b in steps}
    about = {"en": "highest share over lowest", "zh": "最高占比与最低占比之比"}
    order = {"en": "rank correlation with the year before", "zh": "与上一年的秩相关"}
    findings = [
        parts.replicates("highest_over_lowest", ratios, "times", "years", about, rows),
        parts.replicates("rank_agreement", agreement, "1", "pairs of years", order, rows),
    ]
    figure = Series(
        name="industries",
        x_name={"en": "Industry", "zh": "行业"},
        y_name={lang: cat.name(asked.indicator, lang) for lang in ("en", "zh")},
        points=[{"x": str(i), "y": float(y), "group": str(p)} for p in wide.columns for i, y in wide[p].items()],
    )
    return parts.evidence("industry_spread", settings, findings, [figure])


def growth_on_need(cat: Catalog, *, need: str, first: str, last: str) -> Evidence:
    """`slope_industries` and `slope_members`: points of use gained from `first` to `last` a point of need.

    Need is the share of firms without AI that considered it, in period `need`; between sections of industry of the EU,
    and between member states. Units with a break after `first` are left out.
    """
    findings: list[Finding | None] = []
    points: list[dict[str, float | str | None]] = []
    frames = {
        "industries": _need_by_industry(cat, need, first, last),
        "members": _need_by_member(cat, need, first, last),
    }
    least = {"industries": LEAST_INDUSTRIES, "members": LEAST_MEMBERS}
    about = {
        "industries": {
            "en": "points of use gained a point of need, across industries",
            "zh": "各行业之间，需求每高一点，使用率多升的百分点",
        },
        "members": {
            "en": "points of use gained a point of need, across member states",
            "zh": "各成员国之间，需求每高一点，使用率多升的百分点",
        },
    }
    for kind, frame in frames.items():
        found = (
            slope(frame["need"].to_numpy(float), frame["growth"].to_numpy(float)) if len(frame) >= least[kind] else None
        )
        rows = [
            f"{indicator}|{geo}|{period}|{breakdown}"
            for geo, breakdown in zip(frame["geo"], frame["breakdown"], strict=True)
            for indicator, period in ((CONSIDERED, need), (USE, first), (USE, last))
        ]
        findings.append(
            None if found is None else parts.estimate(f"slope_{kind}", found, "1", len(frame), kind, about[kind], rows)
        )
        points += [
            {"x": float(x), "y": float(y), "label": str(label), "group": kind}
            for x, y, label in zip(frame["need"], frame["growth"], frame.index, strict=True)
        ]
    figure = Series(
        name="need_and_growth",
        x_name={"en": "Firms without AI that considered it, %", "zh": "未使用而考虑过的企业（%）"},
        y_name={"en": "Rise of use, points", "zh": "使用率升幅（百分点）"},
        points=points,
    )
    settings = {"need": need, "first": first, "last": last}
    warnings = [parts.TOO_FEW] if None in findings else []
    return parts.evidence("growth_on_need", settings, findings, [figure], warnings)


def _industries(cat: Catalog, measure: str, level: str) -> pd.DataFrame:
    """Industries of one level by period, those with a figure in every period, periods in order."""
    if measure not in sectors.MEASURES or level not in sectors.LEVELS:
        raise UserError(N_('There is no measure "{measure}" at level "{level}".'), measure=measure, level=level)
    asked = sectors.MEASURES[measure]
    rows = parts.deciding(cat.observations(asked.indicator, asked.geo, breakdown=None))
    keys = [parse(b) for b in rows["breakdown"]]
    rows = rows.assign(industry=[k.get(asked.key, "") for k in keys])
    rest = [{k: v for k, v in pairs.items() if k != asked.key} == parse(asked.fixed) for pairs in keys]
    rows = rows[np.array(rest, dtype=bool) & (rows["industry"] != "").to_numpy()]
    if asked.key == "nace":
        rows = rows[rows["industry"].isin(sectors.LEVELS[level])]
    wide = rows.pivot_table(index="industry", columns="period", values="value")
    dates = sorted((str(period) for period in wide.columns), key=periods.last_day)
    return wide[dates].dropna()


def _need_by_industry(cat: Catalog, need: str, first: str, last: str) -> pd.DataFrame:
    """Need and growth of the EU's sections of industry, indexed by section."""
    columns = {}
    for name, indicator, period in (("need", CONSIDERED, need), ("first", USE, first), ("last", USE, last)):
        rows = parts.deciding(cat.observations(indicator, EU, period, breakdown=None))
        rows = rows.assign(section=[_section(b) for b in rows["breakdown"]])
        rows = rows[rows["section"] != ""].drop_duplicates("section").set_index("section")
        columns[name] = (
            rows.loc[~rows["flag"].str.contains(f"[{_BREAKS}]"), "value"] if name == "last" else rows["value"]
        )
    frame = pd.DataFrame(columns).dropna()
    return frame.assign(
        growth=frame["last"] - frame["first"], geo=EU, breakdown=[f"nace={section}" for section in frame.index]
    )


def _need_by_member(cat: Catalog, need: str, first: str, last: str) -> pd.DataFrame:
    """Need and growth of the member states, indexed by place."""
    considered, used = panel(cat, Question(CONSIDERED)), panel(cat, Question(USE))
    broken = used[(used["period"] == last) & used["flag"].str.contains(f"[{_BREAKS}]")]["geo"]
    used = used[~used["geo"].isin(broken)]
    frame = pd.DataFrame(
        {
            "need": considered[considered["period"] == need].set_index("geo")["value"],
            "first": used[used["period"] == first].set_index("geo")["value"],
            "last": used[used["period"] == last].set_index("geo")["value"],
        }
    ).dropna()
    return frame.assign(growth=frame["last"] - frame["first"], geo=frame.index, breakdown="")


def _section(breakdown: str) -> str:
    """The section of NACE that a breakdown consists of, or an empty string."""
    pairs = parse(breakdown)
    code = pairs.get("nace", "")
    return code if len(pairs) == 1 and code in sectors.LEVELS["sections"] else ""
