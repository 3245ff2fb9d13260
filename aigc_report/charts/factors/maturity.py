"""Technology maturity: quality within one protocol, which technologies firms use, what training takes."""

import pandas as pd

from aigc_report import factors
from aigc_report.catalog import Catalog
from aigc_report.charts import parts, words
from aigc_report.charts.chart import Axis, Chart, Dots, Lines, Strip
from aigc_report.charts.factors import rows, years
from aigc_report.i18n import N_, Texts

ROLE = "maturity"

QUALITY: dict[str, tuple[str, str, dict[str, str]]] = {
    "imagenet256": (
        N_("Quality of generated images, ImageNet"),
        N_("256 × 256 pixels, class given · each project's own repository reports it"),
        {"dataset": "imagenet256", "protocol": "official_repo", "conditional": "yes"},
    ),
    "cifar10": (
        N_("Quality of generated images, CIFAR-10"),
        N_("32 × 32 pixels, class given · adversarial networks retrained in one harness (StudioGAN)"),
        {"dataset": "cifar10", "protocol": "studiogan2023", "conditional": "yes"},
    ),
}
"""Key to title, setting in words, and the breakdown that keeps within one data set, task and protocol."""


def quality(cat: Catalog, t: Texts, key: str) -> Chart:
    """FID of published models over the years within one protocol, and the best so far; `key` is one of `QUALITY`."""
    title, setting, wanted = QUALITY[key]
    frame = parts.clean(cat.observations("fid", breakdown=None))
    pairs = [words.parse(breakdown) for breakdown in frame["breakdown"]]
    kept = [all(pair.get(name) == code for name, code in wanted.items()) for pair in pairs]
    frame = frame[kept].assign(model=[pair["model"] for pair, keep in zip(pairs, kept, strict=True) if keep])
    frame = frame.assign(year=frame["period"].str[:4].astype(int)).sort_values(["year", "value"], ignore_index=True)
    frame["text"] = [
        t("{model}, {period}: {value}", model=model, period=t.period(period), value=t.number(value))
        for model, period, value in zip(frame["model"], frame["period"], frame["value"], strict=True)
    ]
    best = frame.loc[frame.groupby("year")["value"].idxmin()].reset_index(drop=True)
    # A year without a new record carries the last one on: the line is the best so far, not the best of the year.
    best = best.loc[best["value"].cummin().drop_duplicates().index]
    last = best.iloc[[-1]].assign(year=frame["year"].max())
    line = pd.concat([best, last], ignore_index=True) if last["year"].iloc[0] > best["year"].iloc[-1] else best
    first, final = int(frame["year"].min()), int(frame["year"].max())
    low, high = 1.0, float(frame["value"].max()) * 1.25
    ticks = tuple((v, t.number(v)) for v in (1.0, 2.0, 5.0, 10.0, 20.0, 50.0) if low <= v <= high)
    return Chart(
        id=f"quality-{key}",
        title=t(title),
        subtitle=t(
            "{setting} · {first}–{last} · Fréchet distance (FID) to real images, lower is better, logarithmic",
            setting=t(setting),
            first=t.period(str(first)),
            last=t.period(str(final)),
        ),
        frame=frame,
        marks=(
            Lines("year", "value", role=ROLE, name=t("best so far"), text="text"),
            Strip("year", "value", t("published results ({n})", n=len(frame)), text="text"),
        ),
        frames={0: line},
        x=years.axis(first, final),
        y=Axis(low=low, high=high, log=True, ticks=ticks),
        sources=parts.sources(frame),
        alt=t(
            "Best published FID within one protocol: {first}, then falling to {last}.",
            first=best["text"].iloc[0],
            last=best["text"].iloc[-1],
        ),
        notes=(
            t(
                "One data set, one task, one protocol: a FID measured another way does not compare, and none of these "
                "compares with the GAN Lab's."
            ),
        ),
        height=340,
    )


def technologies(cat: Catalog, t: Texts) -> Chart:
    """Which AI technologies EU firms use, when the survey began to ask and now."""
    labels = {f"tech={code}": words.value(t, key, code) for key, code in words.VALUES if key == "tech"}
    return rows.change(
        cat,
        t,
        id="technologies",
        title=t("Firms using AI, by technology"),
        indicator="ai_tech_use",
        labels=labels,
        since="2023",
        role=ROLE,
        notes=(t("Generating pictures, video or sound was asked for the first time in 2025."),),
    )


def compute(cat: Catalog, t: Texts) -> Chart:
    """Training compute of notable models by date, those that make images in colour."""
    frame = factors.models(cat)
    frame = frame.assign(
        time=years.decimals(frame),
        text=years.model_texts(t, frame),
    )
    images, others = frame[frame["image"]], frame[~frame["image"]]
    largest = frame.iloc[int(frame["value"].to_numpy().argmax())]
    return Chart(
        id="compute",
        title=t("What training takes: computation of notable models"),
        subtitle=t(
            "world · {first}–{last} · operations to train, estimated, logarithmic · {n} models with a known figure",
            first=t.period(str(frame["year"].min())),
            last=t.period(str(frame["period"].iloc[-1])[:7]),
            n=len(frame),
        ),
        frame=frame,
        marks=(
            Strip("time", "value", t("other models ({n})", n=len(others)), text="text"),
            Dots("time", "value", ROLE, t("models that make images ({n})", n=len(images)), text="text", size=8),
        ),
        frames={0: others, 1: images},
        x=years.axis(int(frame["year"].min()), int(frame["year"].max()), step=2),
        y=years.powers(14, 27, step=3),
        sources=parts.sources(frame),
        alt=t("Dots by date, rising by many powers of ten. Largest: {largest}.", largest=largest["text"]),
        notes=(t("Estimates by Epoch AI; of these {speculative} are speculative.", speculative=_speculative(frame)),),
        height=340,
    )


def _speculative(frame: pd.DataFrame) -> int:
    """How many estimates their author calls speculative."""
    return int((frame["confidence"] == "Speculative").sum())
