"""Policy instruments over the years: a collection, so counts say what was collected."""

from aigc_report import policy
from aigc_report.catalog import Catalog
from aigc_report.claims.queries import parts
from aigc_report.errors import UserError
from aigc_report.i18n import N_
from gan.experiments.evidence import Evidence, Finding, Series

LEAST_INSTRUMENTS = 6
"""With fewer, even all of them in one half would not exclude chance (2 · 0.5⁵ > 0.05)."""
_OF = "instruments"


def instruments(cat: Catalog, *, duty: str, first: int, last: int) -> Evidence:
    """`later_half`: share of the instruments with `duty` adopted in the later half of the years `first` to `last`.

    `duty` is one of `policy.DUTIES`. Proposals are left out, what has ended since is not. `known` is the share of the
    instruments of those years of which it is known whether they have the duty. A steady stream gives one half.
    """
    if duty not in policy.DUTIES:
        raise UserError(N_('There is no duty "{duty}"; there are {known}.'), duty=duty, known=", ".join(policy.DUTIES))
    if (last - first) % 2 == 0:
        raise UserError(
            N_("From {first} to {last} is an odd number of years, which has no half."), first=first, last=last
        )
    table = policy.instruments(cat)
    table = table[(table["state"] != "proposed") & (table["year"] != policy.NO_YEAR)]
    table = table.assign(number=table["year"].astype(int))
    table = table[table["number"].between(first, last)]
    answers = table[policy.DUTIES[duty]]
    having = table[answers == "yes"]
    findings: list[Finding | None] = []
    if len(table):
        known = int((answers != "unknown").sum())
        about = {"en": "instruments of which it is known", "zh": "已知是否如此的工具比例"}
        findings.append(parts.exact("known", known / len(table), "share", len(table), _OF, about, list(table["id"])))
    if len(having) >= LEAST_INSTRUMENTS:
        late = int((having["number"] > (first + last) / 2).sum())
        half = {"en": "adopted in the later half of the years", "zh": "后一半年份通过的比例"}
        findings.append(parts.proportion("later_half", late, len(having), _OF, half, list(having["id"])))
    counts = having["number"].value_counts()
    figure = Series(
        name="by_year",
        x_name={"en": "Year", "zh": "年份"},
        y_name={"en": "Instruments adopted", "zh": "通过的工具数"},
        points=[{"x": float(year), "y": float(counts.get(year, 0))} for year in range(first, last + 1)],
    )
    settings = {"duty": duty, "first": first, "last": last}
    warnings = [parts.TOO_FEW] if len(having) < LEAST_INSTRUMENTS else []
    return parts.evidence("instruments", settings, findings, [figure], warnings)
