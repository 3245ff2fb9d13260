"""The Policy page: instruments to filter and read, when they came, who demands what, and what is known of a place."""

import html
from collections.abc import Hashable, Mapping
from functools import lru_cache

import pandas as pd
import streamlit as st

from aigc_report import catalog, policy
from aigc_report.catalog import Catalog
from aigc_report.charts import palette, words
from aigc_report.charts import policy as drawn
from aigc_report.charts.chart import Chart
from aigc_report.i18n import LANGUAGES, N_, Texts, texts
from aigc_report.policy import Filters
from dashboards.ui import downloads, figures, language
from dashboards.ui.filters import ALL

STATES: dict[str, tuple[str, str, str]] = {
    "in_force": ("●", "policy", N_("in force")),
    "pending": ("◐", "point", N_("adopted, not confirmed in force")),
    "proposed": ("○", "second", N_("proposed")),
    "ended": ("✗", "context", N_("ended")),
    "unknown": ("?", "context", N_("not known")),
}
"""State of an instrument, or that an answer is not known: sign, colour and words."""

HEADS: dict[str, str] = {
    "labelling": N_("Labelling"),
    "registration": N_("Registration"),
    "risk_assessment": N_("Risk assessment"),
    "funding": N_("Funding"),
}


@lru_cache(maxsize=4)
def table(cat: Catalog) -> pd.DataFrame:
    """All instruments, the newest first."""
    return policy.instruments(cat)


@lru_cache(maxsize=4)
def _obligations(cat: Catalog) -> pd.DataFrame:
    """Who demands what; kept, so nobody may change it."""
    return policy.obligations(table(cat))


@lru_cache(maxsize=4)
def _profile(cat: Catalog) -> policy.Profile:
    """What is known of all instruments."""
    return policy.profile(table(cat))


@lru_cache(maxsize=4)
def _haystack(cat: Catalog) -> "pd.Series[str]":
    """What a search looks through: the columns, and every code in words of each language."""

    def named(key: str, code: str) -> list[str]:
        if key == "geo":
            return [drawn.place(cat, texts(lang), code) for lang in LANGUAGES]
        return [words.value(texts(lang), key, code) for lang in LANGUAGES]

    return policy.text_of(table(cat), named)


def select(cat: Catalog, filters: Filters) -> pd.DataFrame:
    """The instruments that match."""
    return policy.select(table(cat), filters, _haystack(cat))


def places(t: Texts, cat: Catalog) -> list[str]:
    """The jurisdictions, sorted by their names in the reader's language, those above countries last."""
    return sorted(table(cat)["geo"].unique(), key=lambda geo: (geo == "WLD", drawn.place(cat, t, geo)))


def years(cat: Catalog) -> list[str]:
    """The years in which instruments were adopted, newest first, and the word for those without a date."""
    return sorted(
        table(cat)["year"].unique(), key=lambda year: (year == policy.NO_YEAR, -int(year.replace("none", "0")))
    )


def place_name(t: Texts, cat: Catalog, geo: str) -> str:
    """A jurisdiction, or all of them, in words."""
    return t("all jurisdictions") if geo == ALL else drawn.place(cat, t, geo)


def summary(t: Texts, cat: Catalog) -> None:
    """What the table holds, when it was read, and what is missing, in two sentences."""
    rows = table(cat)
    found = _profile(cat)
    st.markdown(
        t(
            "{n} instruments: {single} from {places} jurisdictions and {world} international or regional. {in_force} "
            "were in force, {pending} adopted and not confirmed in force, {proposed} proposed and {ended} ended.",
            n=len(rows),
            single=int((rows["geo"] != "WLD").sum()),
            places=rows.loc[rows["geo"] != "WLD", "geo"].nunique(),
            world=int((rows["geo"] == "WLD").sum()),
            in_force=found.states["in_force"],
            pending=found.states["pending"],
            proposed=found.states["proposed"],
            ended=found.states["ended"],
        )
    )
    due = policy.scheduled(rows)
    st.info(
        t(
            "Every status is as read in {read}; what happened since is not in here. {due} instruments were to come "
            "into force later: {names}. The table is a collection, not a census.",
            read=t.period(policy.READ),
            due=len(due),
            names=t.join(
                [
                    f"[{_short(title)}](?lang={t.lang}&instrument={code}) ({t.period(when)})"
                    for code, title, when in zip(due["id"], due["name_en"], due["date_in_force"], strict=True)
                ]
            ),
        ),
        icon=":material/event:",
    )


def _short(title: str) -> str:
    """The first words of a title, enough to tell it by."""
    return " ".join(title.split()[:3])


def listing(t: Texts, cat: Catalog, rows: pd.DataFrame) -> None:
    """The instruments as a table with links to the sources, and the download."""
    st.dataframe(
        readable(t, cat, rows),
        hide_index=True,
        key="instruments",
        height=min(460, 38 + 35 * len(rows)),
        alt=t("Table of policy instruments with jurisdiction, type, status, dates, obligations and source."),
        column_config={
            t("Title as published"): st.column_config.TextColumn(width=300),
            t("Type"): st.column_config.TextColumn(width=175),
            t("Status"): st.column_config.TextColumn(width=230),
            t("Address"): st.column_config.LinkColumn(display_text=r"https?://(?:www\.)?([^/]+)"),
        },
    )
    downloads.button(t, rows, "policy-instruments", cat)


def readable(t: Texts, cat: Catalog, rows: pd.DataFrame) -> pd.DataFrame:
    """`rows` with fixed words, places and dates in the reader's language; titles stay as published."""
    about = cat.sources.loc[rows["source"]]
    duties = {
        t(HEADS[duty]): [words.value(t, "answer", answer) for answer in rows[column]]
        for duty, column in policy.DUTIES.items()
    }
    return pd.DataFrame(
        {
            t("Title as published"): rows["name_en"].to_numpy(),
            t("Jurisdiction"): [drawn.place(cat, t, geo) for geo in rows["geo"]],
            t("Type"): [words.value(t, "type", code) for code in rows["instrument_type"]],
            t("Status"): [words.value(t, "status", code) for code in rows["status"]],
            t("Adopted"): [_date(t, text) for text in rows["date_adopted"]],
            t("In force from"): [_date(t, text) for text in rows["date_in_force"]],
            **duties,
            t("Local title"): rows["name_local"].to_numpy(),
            t("Source"): about["publisher"].to_numpy(),
            t("Address"): about["url"].to_numpy(),
        }
    )


def _date(t: Texts, text: str) -> str:
    return t.period(text) if text else t.number(None)


def instrument(t: Texts, cat: Catalog, code: str) -> None:
    """Everything known of one instrument."""
    row = {str(key): str(value) for key, value in cat.policy.loc[code].items()}
    topics = t.join([words.value(t, "provision", topic) for topic in policy.provisions(row["aigc_provisions"])])
    duties = t.join(
        [
            t("{key}: {value}", key=t(HEADS[duty]), value=words.value(t, "answer", row[column]))
            for duty, column in policy.DUTIES.items()
        ]
    )
    facts = {
        t("Jurisdiction"): html.escape(drawn.place(cat, t, row["geo"])),
        t("Issued by"): language.english(row["issuer"]),
        t("Type"): html.escape(words.value(t, "type", row["instrument_type"])),
        t("Status"): html.escape(words.value(t, "status", row["status"])),
        t("Adopted"): html.escape(_date(t, row["date_adopted"])),
        t("In force from"): html.escape(_date(t, row["date_in_force"])),
        t("Obligations and support"): html.escape(duties),
        t("Speaks of"): html.escape(topics),
        t("Covers"): language.english(row["scope"]),
        t("Remarks"): language.english(_remark(cat, row["note"])),
        t("Read in"): figures.link(t, cat, row["source"]),
        t("Also read in"): "; ".join(figures.link(t, cat, source) for source in _also(cat, row["note"])),
    }
    body = "".join(f"<dt>{html.escape(key)}</dt><dd>{text}</dd>" for key, text in facts.items() if text)
    local = f' · <span lang="und">{html.escape(row["name_local"])}</span>' if row["name_local"] else ""
    st.html(f'<p><b lang="en">{html.escape(row["name_en"])}</b>{local}</p><dl class="about facts">{body}</dl>')


def _remark(cat: Catalog, note: str) -> str:
    """A remark of the table with names of publishers for ids of sources."""
    for source in _also(cat, note):
        note = note.replace(source, str(cat.sources.at[source, "publisher"]))
    return note.replace("verified2", "confirmed in a second place")


def _also(cat: Catalog, note: str) -> list[str]:
    """Further sources that a remark names by their ids."""
    found = [word.strip(".,;:()") for word in note.split()]
    return list(dict.fromkeys(word for word in found if word in cat.sources.index))


def timeline(t: Texts, filters: Filters) -> Chart:
    """The dated events of the instruments that match."""
    cat = catalog.load()
    return drawn.timeline(cat, t, select(cat, filters))


def shares(t: Texts, geo: str) -> Chart:
    """What the instruments of one jurisdiction, or of all, do."""
    cat = catalog.load()
    return drawn.shares(t, _of(cat, geo), _name(t, cat, geo))


def topics(t: Texts, geo: str) -> Chart:
    """What the instruments of one jurisdiction, or of all, speak of."""
    cat = catalog.load()
    return drawn.topics(t, _of(cat, geo), _name(t, cat, geo))


def _of(cat: Catalog, geo: str) -> pd.DataFrame:
    return select(cat, Filters(geo="" if geo == ALL else geo))


def _name(t: Texts, cat: Catalog, geo: str) -> str:
    return t("All jurisdictions") if geo == ALL else drawn.place(cat, t, geo)


def matrix(t: Texts, cat: Catalog, chosen: str) -> None:
    """Jurisdictions by obligations: how many instruments, and in which state."""
    st.html(_matrix(t, cat, chosen))
    downloads.button(t, _obligations(cat), "policy-obligations")


@lru_cache(maxsize=128)
def _matrix(t: Texts, cat: Catalog, chosen: str) -> str:
    """The matrix as HTML, with its legend and the row of `chosen` marked."""
    legend = "".join(
        f'<span><i style="color:{palette.colour(role)}">{sign}</i> {html.escape(t(text))}</span>'
        for sign, role, text in STATES.values()
    )
    heads = [t("Jurisdiction (instruments)"), *(t(text) for text in HEADS.values())]
    head = "".join(f'<th scope="col">{html.escape(text)}</th>' for text in heads)
    body = []
    for geo, rows in _obligations(cat).groupby("geo", sort=False):
        name = f"{drawn.place(cat, t, str(geo))} ({rows['instruments'].iloc[0]})"
        cells = "".join(f"<td>{_cell(t, row)}</td>" for row in rows.to_dict("records"))
        marked = ' class="chosen"' if geo == chosen else ""
        body.append(f'<tr{marked}><th scope="row">{html.escape(name)}</th>{cells}</tr>')
    nothing = html.escape(t("none of its instruments"))
    return (
        f'<div class="legend">{legend}<span>{t.number(None)} {nothing}</span></div>'
        f'<table class="matrix"><thead><tr>{head}</tr></thead><tbody>{"".join(body)}</tbody></table>'
    )


def _cell(t: Texts, row: Mapping[Hashable, object]) -> str:
    """The states that occur, each with its sign and count."""
    said = [
        f'<span title="{html.escape(t(text))}"><i style="color:{palette.colour(role)}">{sign}</i> {row[state]}</span>'
        for state, (sign, role, text) in STATES.items()
        if row[state]
    ]
    return " ".join(said) or t.number(None)


@lru_cache(maxsize=4)
def surveyed(cat: Catalog) -> tuple[str, ...]:
    """The countries of the collection whose firms one survey asks the same question."""
    return policy.surveyed(cat, cat.policy)


def by_type(t: Texts, rows: pd.DataFrame) -> None:
    """How many instruments of each type came in each year."""
    counts = policy.by_type_and_year(rows)
    named = counts.rename(
        index=lambda code: words.value(t, "type", code),
        columns=lambda year: t("no date known") if year == policy.NO_YEAR else year,
    )
    with st.expander(t("By type and year of adoption")):
        st.table(named.rename_axis(t("Type")).astype(str).replace("0", t.number(None)))
        downloads.button(t, counts.reset_index(), "policy-types")


def undated(t: Texts, rows: pd.DataFrame) -> None:
    """The instruments without a date of entry into force, counted and named by why that may be."""
    found = policy.undated(rows)
    groups = (
        (t("Guidelines, strategies and standards, which often have none"), found.guidance),
        (t("Proposed, or adopted and not confirmed in force"), found.pending),
        (t("Binding ones whose date was not read, or that never came into force"), found.unread),
    )
    with st.expander(t("Without a date of entry into force: {n} of {all}", n=len(found), all=len(rows))):
        for title, part in groups:
            if part.empty:
                continue
            names = "".join(f'<li lang="en">{html.escape(str(name))}</li>' for name in part["name_en"])
            st.html(f'<b>{html.escape(title)} ({len(part)})</b><ul class="names">{names}</ul>')
        if len(found.undated):
            st.caption(t("{n} of them have no date at all and do not stand on the time line.", n=len(found.undated)))
