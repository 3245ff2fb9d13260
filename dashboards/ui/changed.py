"""What changed since the last data update, in figures and by indicator; or that nothing earlier was recorded."""

import pandas as pd
import streamlit as st

from aigc_report import releases
from aigc_report.catalog import Catalog
from aigc_report.i18n import Texts
from aigc_report.releases import Changes


def show(t: Texts, cat: Catalog) -> None:
    """The section: a sentence, and where something changed, a table."""
    st.header(t("What changed since the last data update"))
    found = releases.changes(cat)
    st.markdown(_sentence(t, found))
    st.caption(_held(t, cat, found))
    if found.changes:
        with st.expander(t("Every indicator that changed ({n})", n=len(found.changes))):
            st.dataframe(_table(t, cat, found), hide_index=True, width="stretch")


def _sentence(t: Texts, found: Changes) -> str:
    if found.since is None:
        if found.release is None:
            return t("No release of these data is recorded, so nothing can be compared.")
        return t(
            "These data are the first recorded release ({release}). Earlier states were not recorded, so nothing can "
            "be compared yet; from the next release on, this place says what changed.",
            release=t.period(found.release),
        )
    since = t.period(found.since)
    if not found.changes:
        return t("Nothing changed since the release of {since}.", since=since)
    counted = [
        t("{n} {what}", n=len(found.of(kind)), what=t(message))
        for kind, message in releases.KINDS.items()
        if found.of(kind)
    ]
    assert found.observations_before is not None
    return t(
        "Since the release of {since}: {before} figures became {after}; {counted}.",
        since=since,
        before=t.number(found.observations_before, 0),
        after=t.number(found.observations, 0),
        counted=t.join(counted),
    )


def _held(t: Texts, cat: Catalog, found: Changes) -> str:
    """What the data hold now, and under which digest."""
    return t(
        "Now: {observations} figures for {indicators} indicators from {sources} sources; digest {digest}.",
        observations=t.number(found.observations, 0),
        indicators=t.number(len(cat.indicators), 0),
        sources=t.number(len(cat.sources), 0),
        digest=cat.digest[:12],
    )


def _table(t: Texts, cat: Catalog, found: Changes) -> pd.DataFrame:
    rows = []
    for change in found.changes:
        before, after = change.before, change.after
        known = change.indicator in cat.indicators.index
        rows.append(
            {
                t("Indicator"): cat.name(change.indicator, t.lang) if known else change.indicator,
                t("Change"): t(releases.KINDS[change.kind]),
                t("Figures before"): before.observations if before else None,
                t("Figures now"): after.observations if after else None,
                t("Latest before"): t.period(before.latest_period) if before else "",
                t("Latest now"): t.period(after.latest_period) if after else "",
            }
        )
    return pd.DataFrame(rows)
