"""Barriers to use: the reasons firms give, a year apart and by size, and what the dearest training costs."""

from aigc_report.catalog import Catalog
from aigc_report.charts import parts, words
from aigc_report.charts.chart import Axis, Chart, Dots, Strip
from aigc_report.charts.factors import rows, years
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
        role=ROLE,
        notes=(t("Several answers were possible."),),
    )


def training_cost(cat: Catalog, t: Texts) -> Chart:
    """What training a notable model cost, by date; those that make images in colour."""
    frame = parts.clean(cat.observations("training_cost_usd2023", breakdown=None))
    pairs = [words.parse(breakdown) for breakdown in frame["breakdown"]]
    frame = frame.assign(
        image=["Image generation" in pair.get("domain", "") for pair in pairs],
        time=years.decimals(frame),
        text=[
            t(
                "{model} ({organization}), {period}: {value} US dollars",
                model=pair.get("model", ""),
                organization=pair.get("organization") or t("unknown"),
                period=t.period(period),
                value=t.compact(value),
            )
            for pair, period, value in zip(pairs, frame["period"], frame["value"], strict=True)
        ],
    ).sort_values("period", ignore_index=True)
    images, others = frame[frame["image"]], frame[~frame["image"]]
    first, last = (int(frame["period"].iloc[end][:4]) for end in (0, -1))
    return Chart(
        id="training-cost",
        title=t("What training a notable model costs"),
        subtitle=t(
            "world · {first}–{last} · US dollars of 2023, hardware and energy, logarithmic · {n} models with a known "
            "figure",
            first=t.period(str(first)),
            last=t.period(str(last)),
            n=len(frame),
        ),
        frame=frame,
        marks=(
            Strip("time", "value", t("other models ({n})", n=len(others)), text="text"),
            Dots("time", "value", ROLE, t("models that make images ({n})", n=len(images)), text="text", size=8),
        ),
        frames={0: others, 1: images},
        x=years.axis(first, last, step=2),
        y=Axis(low=10, high=1e8, log=True, ticks=tuple((10.0**n, t.compact(10.0**n)) for n in range(1, 9))),
        sources=parts.sources(frame),
        alt=t(
            "Dots by date over many powers of ten. Dearest: {dearest}.",
            dearest=frame["text"].iloc[int(frame["value"].to_numpy().argmax())],
        ),
        notes=(
            t(
                "Estimates by Epoch AI: hardware written off and electricity, no salaries. Doubtful ones are left out. "
                "The GAN Lab shows what a small model costs here."
            ),
        ),
        height=340,
    )
