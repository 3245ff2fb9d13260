"""The gap between firms that thought about AI and firms that use it.

Users are asked as a share of all firms; those who considered it, as a share of the firms *without* AI. Put on one
population: considered, of all firms = considered, of non-users × (100 - use) / 100.
"""

import pandas as pd

from aigc_report.catalog import Catalog
from aigc_report.factors.members import EU, Question, panel

USE, CONSIDERED = "ai_use_any", "ai_considered_nonusers"
GROUPS = ("", "size=10-49", "size=50-249", "size=250+")


def gap(cat: Catalog, period: str = "") -> pd.DataFrame:
    """Members with both figures in `period` (the newest where left out) and the EU as a whole, widest gap first.

    Indexed by place; columns use (% of all firms), considered (% of firms without AI), waiting (% of all firms:
    considered, not using), interested (use + waiting, % of all firms), taken (use as % of interested), flag (of both
    figures together), source, use_source, period. A member without one of the two is left out, never filled.
    """
    whole = {i: cat.observations(i, EU) for i in (USE, CONSIDERED)}
    parts = {
        indicator: pd.concat(
            [panel(cat, Question(indicator)), whole[indicator][["geo", "period", "value", "flag", "source"]]]
        )
        for indicator in (USE, CONSIDERED)
    }
    wanted = period or str(parts[CONSIDERED]["period"].max())
    use, considered = (part[part["period"] == wanted].set_index("geo") for part in parts.values())
    return _joined(use, considered).assign(period=wanted).sort_values("waiting", ascending=False, kind="stable")


def over_time(cat: Catalog, geo: str = EU, breakdown: str = "") -> pd.DataFrame:
    """The same columns for one place and breakdown (one of `GROUPS`), by period; periods without both are left out."""
    use, considered = (
        cat.observations(indicator, geo, breakdown=breakdown).set_index("period") for indicator in (USE, CONSIDERED)
    )
    return _joined(use, considered).sort_index()


def _joined(use: pd.DataFrame, considered: pd.DataFrame) -> pd.DataFrame:
    """Both figures on the population of all firms, for the labels that have both and neither doubtful."""
    both = use.add_suffix("_use").join(considered.add_suffix("_considered"), how="inner")
    both = both[~(both["flag_use"] + both["flag_considered"]).str.contains("u")]
    waiting = both["value_considered"] * (100 - both["value_use"]) / 100
    interested = both["value_use"] + waiting
    flags = ["".join(dict.fromkeys(a + b)) for a, b in zip(both["flag_use"], both["flag_considered"], strict=True)]
    return pd.DataFrame(
        {
            "use": both["value_use"],
            "considered": both["value_considered"],
            "waiting": waiting,
            "interested": interested,
            "taken": 100 * both["value_use"] / interested,
            "flag": flags,
            "source": both["source_considered"],
            "use_source": both["source_use"],
        }
    )
