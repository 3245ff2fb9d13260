"""Charts of policy: when instruments came, what is known of a set of them, and what they are about."""

import pandas as pd

from aigc_report import periods, policy
from aigc_report.catalog import Catalog
from aigc_report.charts import parts, words
from aigc_report.charts.chart import Axis, Bars, Chart, Dots, Lines
from aigc_report.i18n import N_, Texts

TRAITS: dict[str, str] = {
    "binding": N_("Binding rather than voluntary"),
    "labelling": N_("Oblige to label generated content"),
    "registration": N_("Oblige to register or file"),
    "risk_assessment": N_("Oblige to assess risks"),
    "funding": N_("Provide public funding"),
}
EVENTS: dict[str, str] = {"adopted": N_("adopted"), "in_force": N_("came into force")}
ABOVE_COUNTRIES: dict[str, str] = {"WLD": N_("International and regional"), "EU27": N_("European Union")}
TOPICS = 12
"""Topics drawn; the download holds all."""
WIDE_YEARS = 6
"""From so many years on, every second one is labelled."""
FEW_PLACES = 4
LOW_PX = 170
"""Height of a time line of so few jurisdictions: rows alone would leave no room for the axis."""


def place(cat: Catalog, t: Texts, geo: str) -> str:
    """A jurisdiction in words; the world stands for what no single one issued."""
    return t(ABOVE_COUNTRIES[geo]) if geo in ABOVE_COUNTRIES else cat.name(geo, t.lang)


def timeline(cat: Catalog, t: Texts, table: pd.DataFrame) -> Chart:
    """When the instruments of `table` were adopted and came into force, a row per jurisdiction."""
    frame = policy.timeline(table)
    frame["place"] = [place(cat, t, geo) for geo in frame["geo"]]
    frame["read"] = periods.decimal_year(policy.READ)
    frame["text"] = [
        t(
            "{title}: {event} {date}, {status}",
            title=title,
            event=t(EVENTS[event]),
            date=t.period(date),
            status=words.value(t, "status", status),
        )
        for title, event, date, status in zip(
            frame["name_en"], frame["event"], frame["date"], frame["status"], strict=True
        )
    ]
    adopted, in_force = (frame[frame["event"] == event].reset_index(drop=True) for event in EVENTS)
    counted = table["geo"].value_counts()
    order = sorted(dict.fromkeys(frame["geo"]), key=lambda geo: (-int(counted[geo]), place(cat, t, geo)))
    first, last = int(frame["at"].min()), int(frame["at"].max()) + 1
    step = 1 if last - first <= WIDE_YEARS else 2
    years = range(first + (last - first) % step, last + 1, step)
    return Chart(
        id="timeline",
        title=t("When instruments were adopted and came into force"),
        subtitle=t(
            "{n} dated events of {all} instruments · line: {read}, when statuses were read",
            n=len(frame),
            all=len(table),
            read=t.period(policy.READ),
        ),
        frame=frame,
        marks=(
            Lines("read", "place", role="context", markers=False),
            Dots("at", "place", "point", t("adopted"), text="text", size=11),
            Dots("at", "place", "second", t("came into force"), text="text", size=9, shape="diamond"),
        ),
        frames={1: adopted, 2: in_force},
        order=tuple(place(cat, t, geo) for geo in order),
        x=Axis(low=first - 0.15, high=last + 0.15, ticks=tuple((year, str(year)) for year in years)),
        sources=parts.sources(frame),
        alt=t(
            "Dots by jurisdiction and date: {adopted} adoptions and {in_force} entries into force, {first} to {last}.",
            adopted=len(adopted),
            in_force=len(in_force),
            first=t.period(str(frame["date"].iloc[0])),
            last=t.period(str(frame["date"].iloc[-1])),
        ),
        notes=(t("Dates known to the month only stand in its middle. Instruments without a date are named below."),),
        height=LOW_PX if len(order) <= FEW_PLACES else None,
    )


def shares(t: Texts, table: pd.DataFrame, name: str) -> Chart:
    """What share of the instruments of `table` has each trait, among those of which it is known."""
    found = policy.profile(table)
    frame = pd.DataFrame(
        [
            {
                "trait": share.trait,
                "yes": share.yes,
                "known": share.known,
                "not_known": share.unknown,
                "in_force": share.in_force,
                "share": share.share,
                "sources": ";".join(parts.sources(table)),
                "name": t(TRAITS[share.trait]),
                "text": t("{yes} of {known}", yes=share.yes, known=share.known),
            }
            for share in found.shares
        ]
    )
    unknown = [
        t("{trait} ({n})", trait=trait, n=n) for trait, n in zip(frame["name"], frame["not_known"], strict=True) if n
    ]
    return Chart(
        id="shares",
        title=t("{place}: what the instruments do", place=name),
        subtitle=t(
            "% of the instruments of which it is known · {n} instruments, those that have ended left out",
            n=found.instruments - found.states["ended"],
        ),
        frame=frame,
        marks=(Bars("share", "name", "policy", text="text"),),
        order=tuple(frame["name"]),
        x=Axis(low=0, high=135, ticks=((0, "0%"), (50, "50%"), (100, "100%"))),
        sources=parts.sources(table),
        alt=t("Bars: {bars}.", bars=t.join([f"{n} {v}" for n, v in zip(frame["name"], frame["text"], strict=True)])),
        notes=(
            *((t("Not known: {traits}.", traits=t.join(unknown)),) if unknown else ()),
            t("Counts of what was collected, not a score: one instrument can weigh more than ten."),
        ),
    )


def topics(t: Texts, table: pd.DataFrame, name: str) -> Chart:
    """How many instruments of `table` speak of each topic."""
    found = policy.profile(table)
    counts = pd.DataFrame({"topic": list(found.topics), "instruments": list(found.topics.values())})
    counts["name"] = [words.value(t, "provision", topic) for topic in counts["topic"]]
    counts["text"] = counts["instruments"].astype(str)
    counts["sources"] = ";".join(parts.sources(table))
    drawn = counts.head(TOPICS)
    return Chart(
        id="topics",
        title=t("{place}: what the instruments speak of", place=name),
        subtitle=t("number of instruments, those that have ended left out · several topics each"),
        frame=counts,
        marks=(Bars("instruments", "name", "policy", text="text"),),
        frames={0: drawn},
        order=tuple(drawn["name"]),
        x=Axis(low=0, high=float(drawn["instruments"].max()) * 1.15),
        sources=parts.sources(table),
        alt=t(
            "Bars, longest first: {bars}.",
            bars=t.join([f"{n} {v}" for n, v in zip(drawn["name"], drawn["text"], strict=True)]),
        ),
    )
