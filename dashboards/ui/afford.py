"""The affordability of one run on a page: emissions elsewhere, its place on the scale, money, and what is absent."""

from functools import lru_cache

import pandas as pd
import streamlit as st

from aigc_report import affordability, catalog
from aigc_report.affordability import Affordability, Spread
from aigc_report.catalog import Catalog
from aigc_report.charts import affordability as pictures
from aigc_report.charts import scales
from aigc_report.charts.chart import Chart
from aigc_report.i18n import N_, Texts
from dashboards.ui import charts, downloads, sources
from dashboards.ui.boundary import boundary
from dashboards.ui.runs import Ended

PAYERS: dict[str, str] = {"household": N_("household"), "business": N_("business")}
CURRENCIES: dict[str, str] = {"EUR": N_("euros"), "USD": N_("US dollars")}

TINY = 0.001
"""Smaller amounts are written with a power of ten: nobody counts six zeros."""
SHORT_S = 0.1


def show(t: Texts, run: Ended) -> None:
    """What `run` would emit and cost elsewhere, and how far it is from published ones."""
    with boundary(t, "affordability"):
        found, cat = _found(run), catalog.load()
        left, right = st.columns(2, gap="large")
        if found.emissions:
            with left:
                charts.show(t, _emissions, t, run, mapped=_emissions_map)
        if found.scale:
            with right:
                charts.show(t, _scale, t, run)
        if found.bills:
            _bills(t, cat, found)
        if found.rental is not None:
            _rent(t, cat, found)
        with st.expander(t("What is not compared, and why")):
            for absent in found.absent:
                st.markdown(f"- {t(absent)}")


@lru_cache(maxsize=64)
def _found(run: Ended) -> Affordability:
    """The affordability of a run that ended, which does not change while this process lives."""
    return affordability.of(run.record)


def _emissions(t: Texts, run: Ended) -> Chart:
    return pictures.emissions(_found(run), catalog.load(), t)


def _emissions_map(t: Texts, run: Ended) -> Chart:
    return pictures.emissions_map(_found(run), catalog.load(), t)


def _scale(t: Texts, run: Ended) -> Chart:
    return pictures.scale(_found(run), t)


def _bills(t: Texts, cat: Catalog, found: Affordability) -> None:
    """The electricity bill wherever a price is known, in its own currency."""
    st.markdown("#### " + t("The electricity bill of this run, where a price is known"))
    bills = sorted(found.bills, key=lambda bill: (bill.currency, bill.payer, -bill.amount.high))
    rows = {
        t("Place"): [cat.name(bill.geo, t.lang) for bill in bills],
        t("Who pays"): [t(PAYERS[bill.payer]) for bill in bills],
        t("Amount"): [f"{_ends(t, bill.amount)} {t(CURRENCIES[bill.currency])}" for bill in bills],
        t("Period of the price"): [t.period(bill.period) for bill in bills],
        t("Source"): [sources.cite(t, cat, bill.source) for bill in bills],
    }
    st.table(pd.DataFrame(rows).set_index(t("Place")))
    frame = pd.DataFrame([{**vars(bill), **bill.amount.to_json()} for bill in bills]).drop(columns="amount")
    downloads.button(t, frame, "electricity-bills", cat)


def _rent(t: Texts, cat: Catalog, found: Affordability) -> None:
    """What the same work would cost on a rented accelerator, and where that weighs least and most."""
    rent = found.rental
    assert rent is not None
    shares = {
        geo: share.high
        for geo in found.output
        if cat.geographies.at[geo, "kind"] == "country" and (share := found.rent_share(geo)) is not None
    }
    least, most = (pick(shares, key=shares.__getitem__) for pick in (min, max))
    st.markdown(
        t(
            "**On a rented {device}**: {usd} US dollars ({hours} at {price} US dollars an hour, {vendors} vendors). At "
            "the upper end that is {least}% of a month's GDP per head in {least_place} and {most}% in {most_place}.",
            device=rent.device,
            usd=_ends(t, rent.usd),
            hours=_hours(t, rent.hours),
            price=_ends(t, rent.price),
            vendors=rent.vendors,
            least=t.number(100 * shares[least]),
            least_place=cat.name(least, t.lang),
            most=t.number(100 * shares[most]),
            most_place=cat.name(most, t.lang),
        )
    )
    used = dict.fromkeys([*rent.sources, found.output[least].source, found.output[most].source])
    st.caption(
        t(
            "List prices on demand, {first} to {last}. Source: {sources}.",
            first=t.period(rent.listed[0]),
            last=t.period(rent.listed[1]),
            sources="; ".join(sources.cite(t, cat, source) for source in used),
        )
    )


def _ends(t: Texts, spread: Spread) -> str:
    """A figure, or its two ends."""
    low, high = (t.number(end) if end >= TINY else scales.scientific(t, end) for end in (spread.low, spread.high))
    return low if spread.low == spread.high else t("{low} to {high}", low=low, high=high)


def _hours(t: Texts, hours: Spread) -> str:
    """The two ends of a time, of which the lower one may be next to nothing."""
    low, high = hours.low * 3600, hours.high * 3600
    shortest = t.duration(low) if low >= SHORT_S else t("under {time}", time=t.duration(SHORT_S))
    return t("{low} to {high}", low=shortest, high=t.duration(high))
