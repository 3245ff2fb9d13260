"""The Sectors page: what the document claims, what surveys report, industries ranked, and what cannot be ranked."""

import html

import streamlit as st

from aigc_report import breakdowns, catalog, document, sectors
from aigc_report.catalog import Catalog
from aigc_report.charts import sectors as drawn
from aigc_report.charts import words
from aigc_report.charts.chart import Chart
from aigc_report.i18n import N_, Texts
from aigc_report.sectors import Comparison, Question
from dashboards.ui import charts, checks, claims_badge, downloads, figures, language, observations

LEVELS: dict[str, str] = {"sections": N_("Main industries"), "groups": N_("Finer groups")}

HOLDS: dict[tuple[str, str], str] = {
    ("media", "nace"): N_(
        "In colour, information and communication (J), which holds the media; publishing, film, music and broadcasting "
        "(J58–J60) come closest. Computer games are published there too."
    ),
    ("games", "nace"): N_(
        "In colour, information and communication (J), which holds the makers of games: their publishers in J58–J60, "
        "their programmers in J62–J63. Neither is counted alone."
    ),
    ("advertising", "nace"): N_(
        "In colour, professional services (M), which hold advertising. The closest group, M73–M75, counts it together "
        "with design and veterinary services."
    ),
    ("ecommerce", "nace"): N_(
        "In colour, trade (G); retail (G47) comes closest and holds online shops together with every other shop."
    ),
    ("health", "nace"): N_("The EU survey does not ask health care (section Q), so nothing is in colour."),
    ("media", "naics"): N_("In colour, information (51), which holds the media together with software and telecoms."),
    ("games", "naics"): N_(
        "In colour, information (51), which holds publishers of games together with all other media, software and "
        "telecoms."
    ),
    ("advertising", "naics"): N_(
        "In colour, professional services (54), which hold advertising together with law, accounting and engineering."
    ),
    ("ecommerce", "naics"): N_("In colour, retail (44–45), which holds online shops together with every other shop."),
    ("health", "naics"): N_("In colour, health care (62), counted together with social assistance."),
}
"""Sector and classification to where the sector is in it: official industries are wider than the document's sectors."""


def name(t: Texts, sector: str) -> str:
    """A sector of the document in words."""
    return words.value(t, "sector", sectors.SECTORS[sector])


def claims(t: Texts, sector: str) -> None:
    """What the document says of `sector`, and each example beside what was found."""
    claim = sectors.claim(document.load(), sector)
    st.markdown(t("The document says of this sector: {statement}", statement=claim.statement.text[t.lang]))
    known = claims_badge.looked_up()
    for example in claim.examples:
        checks.beside(t, example, known)


def questions(t: Texts, cat: Catalog, sector: str) -> dict[str, str]:
    """The questions asked in `sector`: id to what the choice shows."""
    return {
        q.id: f"{drawn.title(cat, t, q)} · {t.join([words.value(t, 'survey', q.survey), t.period(q.period)])}"
        for q in sectors.questions(cat, sector)
    }


def question(t: Texts, cat: Catalog, sector: str, code: str) -> None:
    """One question: the picture or the figure on the left, whom it asks and what it counts on the right."""
    asked = next(q for q in sectors.questions(cat, sector) if q.id == code)
    left, right = st.columns([3, 2], gap="large")
    with left:
        if asked.kind == "single":
            _single(t, cat, asked)
        else:
            charts.show(t, _question, t, sector, code)
    with right:
        _about(t, cat, asked)


def _question(t: Texts, sector: str, code: str) -> Chart:
    cat = catalog.load()
    return drawn.question(cat, t, next(q for q in sectors.questions(cat, sector) if q.id == code))


def _single(t: Texts, cat: Catalog, asked: Question) -> None:
    row = asked.current.iloc[-1]
    where = t.join([drawn.place(cat, t, str(row["geo"])), t.period(str(row["period"]))])
    value = drawn.amount(t, float(row["value"]), str(row["unit"]))
    figures.show(
        t,
        cat,
        figures.Figure(where, drawn.title(cat, t, asked), ((value, ""),), sources=(str(row["source"]),)),
    )
    st.caption(t("One figure: there is nothing to compare it with."))


def _about(t: Texts, cat: Catalog, asked: Question) -> None:
    """Definition, survey, population, flags and remarks of one question."""
    about, zh = cat.indicators.loc[asked.indicator], t.lang == "zh"
    # Under a chart the flags stand already.
    flags = catalog.flag_texts(str(asked.current["flag"].iloc[-1]), t.lang) if asked.kind == "single" else []
    rows = {
        t("Counted"): html.escape(str(about["definition_zh" if zh else "definition_en"])),
        t("Asked by"): html.escape(words.value(t, "survey", asked.survey)),
        t("Of whom"): html.escape(str(about["population_zh" if zh else "population"])),
        t("Read as"): html.escape(t.join(flags)),
        t("Remarks"): "<br>".join(_remarks(t, cat, asked)),
    }
    body = "".join(f"<dt>{html.escape(key)}</dt><dd>{text}</dd>" for key, text in rows.items() if text)
    st.html(f'<dl class="about">{body}</dl>')


def _remarks(t: Texts, cat: Catalog, asked: Question) -> list[str]:
    """What was noted beside the figures, each with the period or answer it belongs to; once where it is the same."""
    rows = asked.current
    if rows["note"].nunique() == 1:
        return [note for note in [language.english(str(rows["note"].iloc[0]))] if note]
    said = []
    for row in rows[rows["note"] != ""].to_dict("records"):
        over_time = asked.kind == "over_time"
        which = t.period(row["period"]) if over_time else drawn.answer(cat, t, asked, row["geo"], row["answer"])
        said.append(f"{html.escape(which)}: {language.english(row['note'])}")
    return said


def figures_of(t: Texts, cat: Catalog, sector: str) -> None:
    """Every figure of `sector`, with flags, sources and the download."""
    asked = sectors.questions(cat, sector)
    rows = cat.observations(indicator=sorted({q.indicator for q in asked}), breakdown=None)
    wanted = f"sector={sectors.SECTORS[sector]}"
    rows = rows[[wanted in breakdown.split(";") for breakdown in rows["breakdown"]]]
    with st.expander(t("All figures of this sector ({n})", n=len(rows))):
        observations.table(t, cat, rows)
        downloads.button(t, rows, f"sector-{sector}", cat)


def industries(t: Texts, measure: str, level: str, sector: str) -> None:
    """The industries of one survey, and where `sector` is among them."""
    st.markdown(t(HOLDS[sector, sectors.MEASURES[measure].key]))
    charts.show(t, _industries, t, measure, level, sector)


def _industries(t: Texts, measure: str, level: str, sector: str) -> Chart:
    return drawn.industries(catalog.load(), t, measure, level, sector)


def has_levels(measure: str) -> bool:
    """Whether the survey publishes finer groups for `measure`."""
    return measure == "eu_any"


def side_by_side(t: Texts, cat: Catalog, indicator: str) -> None:
    """One indicator in several sectors: why it is not ranked, the figures with who was asked, and what does compare."""
    found = sectors.side_by_side(cat, indicator)
    st.markdown(str(cat.indicators.at[indicator, f"definition_{t.lang}"]))
    st.markdown(t("**Not ranked, because**") + "\n" + "\n".join(f"- {reason}" for reason in reasons(t, cat, found)))
    st.html(_rows(t, cat, found))
    downloads.button(t, found.frame, f"side-by-side-{indicator}", cat)
    for rows in found.comparable:
        st.markdown(
            t(
                "One set does compare: {survey} asked the same question in the same period of more than one sector.",
                survey=words.value(t, "survey", str(rows["survey"].iloc[0])),
            )
        )
        charts.show(t, drawn.comparable, cat, t, rows)


def reasons(t: Texts, cat: Catalog, found: Comparison) -> list[str]:
    """Why the figures of a comparison make no ranking, in words."""
    said = []
    if len(found.surveys) > 1:
        names = " · ".join(words.value(t, "survey", survey) for survey in found.surveys)
        said.append(
            t(
                "{n} surveys asked, each in its own words and of its own respondents: {surveys}",
                n=len(found.surveys),
                surveys=names,
            )
        )
    if len(found.places) > 1:
        said.append(t("the places differ: {places}", places=t.join([drawn.place(cat, t, g) for g in found.places])))
    if len(found.periods) > 1:
        said.append(t("the periods differ: {periods}", periods=t.join([t.period(p) for p in found.periods])))
    if found.frame["answer"].nunique() > 1:
        said.append(t("the answers differ: each row says what was asked for"))
    return said


def _rows(t: Texts, cat: Catalog, found: Comparison) -> str:
    """The figures as a table that becomes cards on a phone, by sector in the document's order."""
    heads = [
        t("Sector"),
        t("Value"),
        t("What was asked"),
        t("Survey"),
        t("Place and period"),
        t("Remarks"),
        t("Source"),
    ]
    body = []
    for row in found.frame.to_dict("records"):
        asked = {**breakdowns.parse(row["fixed"]), **breakdowns.parse(row["answer"])}
        which = t.join([words.value(t, key, value) for key, value in asked.items() if key != "survey"])
        cells = [
            html.escape(words.value(t, "sector", sectors.SECTORS[row["sector"]])),
            f"<b>{html.escape(drawn.amount(t, row['value'], row['unit']))}</b>",
            html.escape(which or t("total")),
            html.escape(words.value(t, "survey", row["survey"])),
            html.escape(t.join([drawn.place(cat, t, row["geo"]), t.period(row["period"])])),
            language.english(row["note"]),
            figures.link(t, cat, row["source"]),
        ]
        body.append(
            "<tr>"
            + "".join(
                f'<td data-head="{html.escape(head)}">{cell}</td>' for head, cell in zip(heads, cells, strict=True)
            )
            + "</tr>"
        )
    head = "".join(f"<th>{html.escape(text)}</th>" for text in heads)
    return f'<table class="rows"><thead><tr>{head}</tr></thead><tbody>{"".join(body)}</tbody></table>'
