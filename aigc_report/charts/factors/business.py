"""Business models: who invests, what a unit of the service costs, what firms use it for and how they get it."""

import pandas as pd

from aigc_report.catalog import Catalog
from aigc_report.charts import parts, words
from aigc_report.charts.chart import Axis, Chart, Columns, Dots, Lines, Strip
from aigc_report.charts.factors import rows, years
from aigc_report.factors import series
from aigc_report.i18n import N_, Texts

ROLE = "business"

QUALITY_LEVELS: dict[str, str] = {
    "GPT-3.5 (MMLU 64.8)": N_("as good as GPT-3.5"),
    "MMLU 42 or more": N_("MMLU 42 or more"),
}
"""Levels of quality at which a price is known on two dates, and their names."""


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


def prices(cat: Catalog, t: Texts) -> Chart:
    """The lowest price of a language model of a given quality, when it was first reached and later."""
    frame = parts.clean(cat.observations("llm_price_at_quality_usd_per_mtok", breakdown=None))
    levels = [words.parse(breakdown)["level"] for breakdown in frame["breakdown"]]
    frame = frame.assign(level=[t(QUALITY_LEVELS[level]) for level in levels], time=years.decimals(frame))
    frame = frame.sort_values(["breakdown", "time"], ignore_index=True)
    frame["text"] = [
        f"{level}, {t.period(period)}: {t.value(value, unit)}"
        for level, period, value, unit in zip(
            frame["level"], frame["period"], frame["value"], frame["unit"], strict=True
        )
    ]
    factors = frame.groupby("level", sort=False)["value"].agg(lambda prices: prices.iloc[0] / prices.iloc[-1])
    return Chart(
        id="prices",
        title=t("What a text model of the same quality costs"),
        subtitle=t(
            "world · {first}–{last} · US dollars a million tokens, lowest price found, logarithmic",
            first=t.period(min(frame["period"])),
            last=t.period(max(frame["period"])),
        ),
        frame=frame,
        marks=(Lines("time", "value", "level", roles={frame["level"].iloc[0]: ROLE}, text="text"),),
        x=years.axis(2022, 2024, margin=0.95),
        y=Axis(low=0.03, high=100, log=True, ticks=tuple((v, t.number(v)) for v in (0.1, 1.0, 10.0, 100.0))),
        sources=parts.sources(frame),
        alt=t(
            "Two falling lines. {changes}.",
            changes=t.join(
                [t("{level}: {times} times cheaper", level=level, times=t.number(f)) for level, f in factors.items()]
            ),
        ),
        notes=(t("Two sources, each with two dates; nothing is known of the way between them."),),
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
        role=ROLE,
        notes=(t("Several answers were possible."),),
    )


def rental(cat: Catalog, t: Texts) -> Chart:
    """What an hour on an accelerator costs on demand: every listed price of two generations of one maker."""
    frame = parts.clean(cat.observations("gpu_rental_usd_per_chip_hour", breakdown=None))
    pairs = [words.parse(breakdown) for breakdown in frame["breakdown"]]
    frame = frame.assign(
        device=[pair.get("device", "") for pair in pairs],
        vendor=[pair.get("vendor", "") for pair in pairs],
        commitment=[pair.get("commitment", "") for pair in pairs],
        time=years.decimals(frame),
    )
    frame = frame[(frame["commitment"] == "on-demand") & frame["device"].str.contains("A100|H100")]
    frame = frame.assign(
        text=[
            f"{device}, {vendor}, {t.period(period)}: {t.value(value, unit)}"
            for device, vendor, period, value, unit in zip(
                frame["device"], frame["vendor"], frame["period"], frame["value"], frame["unit"], strict=True
            )
        ]
    ).sort_values("period", ignore_index=True)
    older, newer = (frame[frame["device"].str.contains(name)] for name in ("A100", "H100"))
    month = str(newer["period"].str[:7].mode().iloc[-1])
    return Chart(
        id="rental",
        title=t("What an hour on an accelerator costs"),
        subtitle=t(
            "world · {first}–{last} · US dollars a chip-hour, list prices on demand",
            first=t.period(frame["period"].iloc[0][:7]),
            last=t.period(frame["period"].iloc[-1][:7]),
        ),
        frame=frame,
        marks=(
            Strip("time", "value", t("NVIDIA A100 ({n} prices)", n=len(older)), text="text"),
            Dots("time", "value", ROLE, t("NVIDIA H100 ({n} prices)", n=len(newer)), text="text", size=8),
        ),
        frames={0: older, 1: newer},
        x=years.axis(int(frame["period"].iloc[0][:4]), int(frame["period"].iloc[-1][:4]), margin=0.6),
        y=Axis(low=0, high=float(frame["value"].max()) * 1.08),
        sources=parts.sources(frame),
        alt=t(
            "Dots by date. A100: {older}; H100: {newer} US dollars a chip-hour.",
            older=_range(t, older),
            newer=_range(t, newer),
        ),
        notes=(
            t(
                "Vendors differ more than years do: in {month} alone the H100 was listed at {range} US dollars.",
                month=t.period(month),
                range=_range(t, newer[newer["period"].str.startswith(month)]),
            ),
        ),
        height=300,
    )


def _range(t: Texts, frame: pd.DataFrame) -> str:
    return f"{t.number(frame['value'].min())}–{t.number(frame['value'].max())}"
