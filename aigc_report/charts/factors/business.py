"""Business models: who invests, what firms use AI for and how they get it."""

from aigc_report.catalog import Catalog
from aigc_report.charts import parts, words
from aigc_report.charts.chart import Axis, Chart, Columns
from aigc_report.charts.factors import rows, years
from aigc_report.factors import series
from aigc_report.i18n import Texts

ROLE = "business"


def investment(cat: Catalog, t: Texts, span: tuple[int, int] | None = None) -> Chart:
    """Private investment in AI worldwide per year; `span` are the first and last year of the axis."""
    frame = parts.clean(cat.observations("ai_private_investment_usd_bn", "WLD", breakdown=None))
    frame = frame.assign(
        edition=[words.parse(breakdown).get("edition", "") for breakdown in frame["breakdown"]],
        year=frame["period"].astype(int),
    ).sort_values("year", ignore_index=True)
    frame["text"] = [
        t("{period}: {value} ({edition})", period=t.period(period), value=t.value(value, unit), edition=edition)
        for period, value, unit, edition in zip(
            frame["period"], frame["value"], frame["unit"], frame["edition"], strict=True
        )
    ]
    first, last = span or (int(frame["year"].min()), int(frame["year"].max()))
    return Chart(
        id="investment" if span is None else "investment-beside",
        title=t("Private investment in AI worldwide"),
        subtitle=parts.subtitle(
            cat, t, "ai_private_investment_usd_bn", t("world"), frame["period"].iloc[0], frame["period"].iloc[-1]
        ),
        frame=frame,
        marks=(Columns("year", "value", ROLE, text="text"),),
        x=years.axis(first, last, step=1 if span is None else 2, margin=0.6),
        y=Axis(low=0, high=float(frame["value"].max()) * 1.1),
        sources=parts.sources(frame),
        alt=t("Columns by year: {columns}.", columns=t.join(list(frame["text"]))),
        notes=(
            t(
                "Each year stands in an edition of the AI Index of its own, and editions revise: read the order of "
                "magnitude, not the rate."
            ),
        ),
        height=300,
    )


def purposes(cat: Catalog, t: Texts) -> Chart:
    """What firms that use AI use it for, in 2023 and now."""
    labels = {f"purpose={code}": words.value(t, "purpose", code) for code in words.FIRM_PURPOSES}
    used = {point.period: point.value for point in series(cat, "ai_use_any", "EU27")}
    return rows.change(
        cat,
        t,
        id="purposes",
        title=t("What firms use AI for"),
        indicator="ai_purpose_users",
        labels=labels,
        since="2023",
        role=ROLE,
        notes=(
            t(
                "Several answers were possible. Shares of the firms that use AI, and those grew from {before} to {now} "
                "of all firms: a falling share need not mean fewer firms.",
                before=t.value(used["2023"], "percent"),
                now=t.value(used["2025"], "percent"),
            ),
        ),
    )


def routes(cat: Catalog, t: Texts) -> Chart:
    """How firms that use AI got it, by size."""
    return rows.by_size(
        cat,
        t,
        id="routes",
        title=t("How firms get their AI, by size"),
        indicator="ai_acquisition_users",
        key="route",
        notes=(t("Several answers were possible."),),
    )
