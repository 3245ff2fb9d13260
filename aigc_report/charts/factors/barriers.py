"""Barriers to use: the reasons firms give, a year apart and by size."""

from aigc_report.catalog import Catalog
from aigc_report.charts import words
from aigc_report.charts.chart import Chart
from aigc_report.charts.factors import rows
from aigc_report.factors import series
from aigc_report.i18n import Texts

ROLE = "barriers"


def firms(cat: Catalog, t: Texts) -> Chart:
    """Why firms that considered AI do not use it, now and the year before."""
    labels = {f"barrier={code}": words.value(t, key, code) for key, code in words.VALUES if key == "barrier"}
    before, now = series(cat, "ai_considered_nonusers", "EU27")[-2:]
    return rows.change(
        cat,
        t,
        id="barriers-change",
        title=t("What holds firms back, and what changed in a year"),
        indicator="ai_barrier_considerers",
        labels=labels,
        since=before.period,
        role=ROLE,
        notes=(
            t(
                "Several answers were possible. Those asked are a growing group: {now} of the firms without AI had "
                "considered it in {last}, {before} in {first}; a reason may rise because other firms now answer.",
                now=t.value(now.value, "percent"),
                last=t.period(now.period),
                before=t.value(before.value, "percent"),
                first=t.period(before.period),
            ),
        ),
    )


def sizes(cat: Catalog, t: Texts) -> Chart:
    """The same reasons by size of the firm."""
    return rows.by_size(
        cat,
        t,
        id="barriers-size",
        title=t("What holds firms back, by size"),
        indicator="ai_barrier_considerers",
        key="barrier",
        notes=(t("Several answers were possible."),),
    )
