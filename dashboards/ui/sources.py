"""Where a figure comes from, in one line: publisher with link, date, licence, and what its flags say."""

import re
from collections.abc import Iterable

import pandas as pd

from aigc_report import catalog
from aigc_report.catalog import Catalog
from aigc_report.charts.chart import Chart
from aigc_report.i18n import Texts

NAMED = 4
"""Most sources that stand by name under a chart; the rest are counted, and named in its data."""


def line(t: Texts, cat: Catalog, chart: Chart) -> str:
    """The source line under `chart`, in Markdown."""
    parts = []
    if chart.sources:
        named = chart.sources if len(chart.sources) <= NAMED + 1 else chart.sources[:NAMED]
        cited = "; ".join(cite(t, cat, source) for source in named)
        if len(named) < len(chart.sources):
            cited = t("{named}; {n} more, named in the data", named=cited, n=len(chart.sources) - len(named))
        terms = unique(t.licence(cat.source(source)["licence"]) for source in chart.sources)
        parts.append(t("Source: {sources}. Licence: {licences}.", sources=cited, licences="; ".join(terms)))
    flags = flag_words(chart.frame, t.lang)
    if flags:
        parts.append(t("Flags: {flags}", flags=" · ".join(flags)))
    return "  \n".join([*parts, *chart.notes])


def plain(t: Texts, cat: Catalog, chart: Chart) -> str:
    """The source line without links, for a picture that leaves the page."""
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", line(t, cat, chart)).replace("  \n", " ")


def listing(t: Texts, cat: Catalog, chart: Chart) -> str:
    """Every source of `chart` with title, date and licence, then what to mind, in Markdown."""
    items = []
    for source in chart.sources:
        row = cat.source(source)
        title = row["title"].replace("[", "(").replace("]", ")")
        items.append(f"- {cite(t, cat, source)}: {title}. {t.licence(row['licence'])}")
    if flags := flag_words(chart.frame, t.lang):
        said = t("Flags: {flags}", flags=" · ".join(flags))
        items.append(f"- {said}")
    return "\n".join([*items, *(f"- {note}" for note in chart.notes)]) or t("No source is named.")


def cite(t: Texts, cat: Catalog, source: str) -> str:
    """Publisher (linked) and date of one source, in Markdown."""
    row = cat.source(source)
    name, url = row["publisher"].replace("[", "(").replace("]", ")"), row["url"]
    linked = f"[{name}]({url})" if url.startswith(("https://", "http://")) else name
    when = published(t, row["published"])
    return f"{linked} ({when})" if when else linked


def published(t: Texts, date: object) -> str:
    """The date of a source as the language writes it; empty where none is known."""
    return t.period(str(date)) if date else ""


def flag_words(frame: pd.DataFrame, lang: str) -> list[str]:
    """What the flags in `frame` say, each once."""
    if "flag" not in frame.columns:
        return []
    return unique(text for flag in frame["flag"].unique() for text in catalog.flag_texts(str(flag), lang))


def unique(items: Iterable[str]) -> list[str]:
    """`items` in order, each once."""
    return list(dict.fromkeys(items))
