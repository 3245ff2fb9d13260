"""A factor across the EU's members: each comparable question in a row, the composite view, and why firms hold back."""

from functools import cache, lru_cache

import pandas as pd
import streamlit as st

from aigc_report import factors
from aigc_report.catalog import Catalog
from aigc_report.charts import words
from aigc_report.charts.factors.members import asked
from aigc_report.charts.factors.rows import signed
from aigc_report.factors import Across, Composite, reasons
from aigc_report.i18n import Texts
from dashboards.ui import downloads
from dashboards.ui.boundary import boundary


@cache
def _across(factor: str) -> list[Across]:
    return factors.across(factor)


@cache
def _composite(factor: str) -> Composite:
    return factors.composite(factor)


def show(t: Texts, cat: Catalog, factor: str) -> None:
    """The members on every question of `factor`; on barriers, the reasons of firms in order as well."""
    st.header(t("The members of the EU compared"))
    with boundary(t, "members"):
        _questions(t, cat, factor)
    with boundary(t, "composite"):
        _together(t, cat, _composite(factor))
    if factor == "barriers":
        with boundary(t, "reasons"):
            _reasons(t, cat)


def _questions(t: Texts, cat: Catalog, factor: str) -> None:
    """State, trend, spread, highest and lowest, a row per question."""
    st.table(_table(t, cat, factor))
    st.caption(
        t(
            "Spread is the coefficient of variation (standard deviation over mean, every member counting alike), over "
            "the members with a figure in every year. A year counts from {n} members. † part of the change is a break "
            "in the series or a new definition.",
            n=factors.members.COVERED,
        )
    )
    downloads.button(t, _values(factor), f"members-{factor}", cat)


@lru_cache(maxsize=32)
def _table(t: Texts, cat: Catalog, factor: str) -> pd.DataFrame:
    """The questions of `factor` in words; neither figures nor words change while this process lives."""
    rows = [
        {
            t("Question"): asked(cat, t, found.question),
            t("EU as a whole"): _state(t, found),
            t("Change a year"): _trend(t, found),
            t("Spread"): _spread(t, found),
            t("Highest"): _named(t, cat, found.highest, found.unit),
            t("Lowest"): _named(t, cat, found.lowest, found.unit),
        }
        for found in _across(factor)
    ]
    return pd.DataFrame(rows).set_index(t("Question"))


@cache
def _values(factor: str) -> pd.DataFrame:
    """The values of every member on every question of `factor`."""
    return pd.concat(
        [
            found.values.assign(indicator=found.question.indicator, breakdown=found.question.breakdown)
            for found in _across(factor)
        ]
    )


def _state(t: Texts, found: Across) -> str:
    if found.state is None:
        return t.number(None)
    return t("{value} ({period})", value=t.value(found.state.value, found.unit), period=t.period(found.state.period))


def _trend(t: Texts, found: Across) -> str:
    if found.trend is None:
        return t.number(None)
    mark = "†" if found.trend.breaks else ""
    return t(
        "{change}{mark} since {period}",
        change=signed(t, found.trend.per_year),
        mark=mark,
        period=t.period(found.trend.first.period),
    )


def _spread(t: Texts, found: Across) -> str:
    first, last = (found.spread.iloc[end] for end in (0, -1))
    years = [t.period(str(period)) for period in found.spread.index]
    if len(years) == 1:
        return t("{cv} in {last}, {n} members", cv=t.number(last["cv"], 2), last=years[-1], n=int(last["n"]))
    return t(
        "{before} in {first}, {cv} in {last}, {n} members",
        before=t.number(first["cv"], 2),
        first=years[0],
        cv=t.number(last["cv"], 2),
        last=years[-1],
        n=int(last["n"]),
    )


def _named(t: Texts, cat: Catalog, rows: pd.DataFrame, unit: str) -> str:
    shown = [t.value(v, unit) if unit == "percent" else t.number(v) for v in rows["value"].astype(float)]
    return t.join([f"{cat.name(str(geo), t.lang)} {value}" for geo, value in zip(rows["geo"], shown, strict=True)])


def _together(t: Texts, cat: Catalog, found: Composite) -> None:
    """The composite view, or why there is none."""
    if found.absent is not None:
        st.markdown(t("**No composite view.** {reason}", reason=found.absent[t.lang]))
        return
    ends = (found.scores.head(3), found.scores.tail(3).iloc[::-1])
    first, last = (
        t.join([f"{cat.name(str(g), t.lang)} {t.number(v, 0)}" for g, v in e["score"].items()]) for e in ends
    )
    st.markdown(
        t(
            "**Put together**, {n} indicators of the index in equally weighted pillars (0 = lowest, 100 = highest "
            "member on every one): first {first}; last {last}. How sure such ranks are stands on the page Countries.",
            n=len(found.indicators),
            first=first,
            last=last,
        )
    )


def _reasons(t: Texts, cat: Catalog) -> None:
    """Reasons of firms in order, on both populations, with the place they take in large and small firms."""
    st.subheader(t("The reasons of firms, in order"))
    st.table(_ordered(t, cat))
    asked_firms, every = _both(cat)
    st.caption(
        t(
            "EU, {period}, changes in points. The firms asked considered AI and do not use it. That group grew, so a "
            "reason can fall among them while more firms name it: the columns for all firms say which.",
            period=t.period(str(asked_firms["period"].iloc[0])),
        )
    )
    both = pd.concat([asked_firms.assign(indicator=reasons.CONSIDERERS), every.assign(indicator=reasons.ALL)])
    downloads.button(t, both.reset_index(), "barriers-ranked", cat)


@lru_cache(maxsize=4)
def _both(cat: Catalog) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The reasons of the firms asked, most named first, and those of all firms in the same order."""
    asked_firms = reasons.ranked(cat)
    return asked_firms, reasons.ranked(cat, reasons.ALL).loc[asked_firms.index]


@lru_cache(maxsize=4)
def _ordered(t: Texts, cat: Catalog) -> pd.DataFrame:
    """The reasons in words."""
    asked_firms, every = _both(cat)
    sizes = reasons.by_group(cat, "size").set_index(["group", "reason"])["rank"]
    sections = reasons.by_group(cat, "nace")
    first = sections[sections["rank"] == 1]["reason"].value_counts()
    before, start = (t.period(str(asked_firms[column].iloc[0])) for column in ("before_period", "first_period"))
    shown = pd.DataFrame(
        {
            t("Reason"): [words.value(t, "barrier", str(reason)) for reason in asked_firms.index],
            t("Of firms that considered AI"): [t.value(value, "percent") for value in asked_firms["value"]],
            t("Since {period}", period=before): [signed(t, change) for change in asked_firms["change"]],
            t("Since {period}", period=start): [signed(t, change) for change in asked_firms["change_first"]],
            t("Of all firms"): [t.value(value, "percent") for value in every["value"]],
            t("All firms, since {period}", period=start): [signed(t, change) for change in every["change_first"]],
            t("Place among small and large firms"): [
                t("{small} and {large}", small=small, large=large)
                for small, large in zip(
                    sizes["10-49"][asked_firms.index], sizes["250+"][asked_firms.index], strict=True
                )
            ],
            t("First in industries"): [t.number(first.get(reason, 0), 0) for reason in asked_firms.index],
        }
    )
    return shown.set_index(t("Reason"))
