"""Market demand: people by place and age, firms by size and industry, US firms, the users of one product."""

from aigc_report.catalog import Catalog
from aigc_report.charts import choices, palette, parts, scales, words
from aigc_report.charts.chart import Axis, Chart, Dots, Lines, Span
from aigc_report.charts.choices import LINEAR, LOG
from aigc_report.charts.factors import rows, years
from aigc_report.i18n import N_, Texts

ROLE = "demand"
_SECTIONS = ("C", "D", "E", "F", "G", "H", "I", "J", "L", "M", "N")
"""Sections of NACE that the survey covers; their parts are left out, so that no firm stands in two rows of a kind."""

US_QUESTIONS: dict[str, str] = {
    "btos_ai_use_production": N_("in production"),
    "btos_ai_use_any_function": N_("in any function"),
}
"""The two questions of the US survey, never joined into one line, and the words at the ends of theirs."""


def firms(cat: Catalog, t: Texts) -> Chart:
    """Firms using AI by size and by industry, in 2023 and now."""
    labels = {"": t("All firms")}
    labels |= {f"size={size}": words.value(t, "size", size) for size in rows.SIZES}
    labels |= {f"nace={section}": words.value(t, "nace", section) for section in _SECTIONS}
    return rows.change(
        cat,
        t,
        id="firms-by-kind",
        title=t("Firms using AI, by size and industry"),
        indicator="ai_use_any",
        labels=labels,
        since="2023",
        role=ROLE,
        notes=(
            t("In 2025 the list of AI technologies grew from seven to eight, so part of each step is that change."),
        ),
    )


def places(cat: Catalog, t: Texts) -> Chart:
    """People using generative AI in each member of the EU: all of them, and the young."""
    members = list(cat.geographies.index[cat.geographies["eu27"]])
    young = "age=16-24"
    frame = parts.latest(parts.clean(cat.observations("genai_individuals", members, breakdown=["", young])))
    frame = frame.assign(name=[cat.name(geo, t.lang) for geo in frame["geo"]])
    frame = frame.assign(
        text=[f"{n}: {t.value(v, 'percent')}" for n, v in zip(frame["name"], frame["value"], strict=True)]
    )
    everyone = frame[frame["breakdown"] == ""].sort_values(["value", "geo"], ascending=[False, True])
    youth = frame[frame["breakdown"] == young]
    gaps = everyone.merge(youth, on="name", suffixes=("", "_young"))
    return Chart(
        id="people-by-country",
        title=t("People using generative AI, by country and age"),
        subtitle=parts.subtitle(cat, t, "genai_individuals", t("EU-27"), str(frame["period"].iloc[0])),
        frame=frame,
        marks=(
            Span("value", "value_young", "name"),
            Dots("value", "name", palette.GROUPS["everyone"], t("all, aged 16–74"), text="text", size=12),
            Dots("value", "name", palette.GROUPS["young"], t("aged 16–24"), text="text", size=10),
        ),
        frames={0: gaps, 1: everyone, 2: youth},
        order=tuple(everyone["name"]),
        x=Axis(low=0, high=100, suffix="%"),
        sources=parts.sources(frame),
        alt=t(
            "Two dots per country. Of everybody: highest {high}, lowest {low}. The young lead in {n} of {all} "
            "countries.",
            high=everyone["text"].iloc[0],
            low=everyone["text"].iloc[-1],
            n=int((gaps["value_young"] > gaps["value"]).sum()),
            all=len(gaps),
        ),
    )


def us_firms(cat: Catalog, t: Texts) -> Chart:
    """US firms using AI every two weeks: two questions of one survey, two lines that do not join."""
    frame = parts.clean(cat.observations(list(US_QUESTIONS), "USA"))
    frame = frame.sort_values(["indicator", "period"], ascending=[False, True], ignore_index=True)
    frame = frame.assign(
        question=[t(US_QUESTIONS[indicator]) for indicator in frame["indicator"]],
        time=years.decimals(frame),
        text=[f"{t.period(p)}: {t.value(v, 'percent')}" for p, v in zip(frame["period"], frame["value"], strict=True)],
    )
    old, new = (frame[frame["indicator"] == indicator] for indicator in US_QUESTIONS)
    asked_now = str(new["question"].iloc[0])
    return Chart(
        id="us-firms",
        title=t("US firms using AI, every two weeks"),
        subtitle=parts.subtitle(
            cat,
            t,
            "btos_ai_use_production",
            cat.name("USA", t.lang),
            old["period"].iloc[0][:7],
            new["period"].iloc[-1][:7],
        ),
        frame=frame,
        marks=(
            Lines(
                "time",
                "value",
                "question",
                roles={asked_now: ROLE},
                markers=False,
                text="text",
            ),
        ),
        x=years.axis(2024, 2026, margin=0.7),
        y=Axis(low=0, high=float(frame["value"].max()) * 1.12, suffix="%"),
        sources=parts.sources(frame),
        alt=t(
            "Two lines that do not join. In producing goods or services: {a}, then {b}. In any function: {c}, then "
            "{d}.",
            a=old["text"].iloc[0],
            b=old["text"].iloc[-1],
            c=new["text"].iloc[0],
            d=new["text"].iloc[-1],
        ),
        notes=(
            t(
                "The survey changed its question in November 2025, from use in producing goods or services to use in "
                "any function: the step between the lines is the question, not growth."
            ),
        ),
        height=340,
    )


def chatgpt(cat: Catalog, t: Texts, scale: str = LINEAR) -> Chart:
    """Weekly users of ChatGPT as its maker announced them."""
    frame = parts.clean(cat.observations("chatgpt_wau", "WLD")).sort_values("period", ignore_index=True)
    frame = frame.assign(
        time=years.decimals(frame),
        text=[
            f"{t.period(p)}: {t.value(v, u)}"
            for p, v, u in zip(frame["period"], frame["value"], frame["unit"], strict=True)
        ],
    )
    ends = float(frame["value"].min()), float(frame["value"].max())
    y = scales.log(t, *ends) if scale == LOG else scales.linear(ends[1], t.number)
    months = str(frame["period"].iloc[0])[:7], str(frame["period"].iloc[-1])[:7]
    return Chart(
        id="chatgpt",
        title=t("Weekly users of ChatGPT, as the company states them"),
        subtitle=choices.scaled(t, parts.subtitle(cat, t, "chatgpt_wau", t("world"), *months), y),
        frame=frame,
        marks=(Lines("time", "value", role=ROLE, text="text"),),
        x=years.axis(2024, 2026, margin=0.4),
        y=y,
        sources=parts.sources(frame),
        alt=t("A line from {first} to {last}.", first=frame["text"].iloc[0], last=frame["text"].iloc[-1]),
        notes=(t("Claims of the company, reported by the press and audited by nobody."),),
        height=300,
        choices=(choices.scale(t, scale),),
    )
