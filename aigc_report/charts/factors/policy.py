"""Policy environment, in short: instruments by year and kind, and research money. The Policy page has the rest."""

import pandas as pd

from aigc_report.catalog import Catalog
from aigc_report.charts import parts
from aigc_report.charts.chart import Axis, Chart, Columns, Dots
from aigc_report.charts.factors import years
from aigc_report.i18n import N_, Texts

ROLE = "policy"

GROUPS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "binding": (
        N_("binding rules"),
        ROLE,
        ("law", "regulation", "administrative_measure", "executive_order", "treaty"),
    ),
    "guidance": (N_("guidelines and standards"), "second", ("guideline", "standard")),
    "strategy": (N_("strategies"), "context", ("strategy",)),
}
"""Group of instruments to its name, its colour and the types it holds."""

_YEAR = "2022"
"""The last year for which research expenditure is known in every member of the EU."""
_OTHERS = ("USA", "CHN", "JPN", "KOR")


def instruments(cat: Catalog, t: Texts) -> Chart:
    """Instruments per year of adoption and kind."""
    frame = cat.policy.reset_index()
    dated = frame[frame["date_adopted"] != ""]
    dated = dated.assign(year=dated["date_adopted"].str[:4].astype(int))
    first, last = int(dated["year"].min()), int(dated["year"].max())
    group = {kind: name for name, (_, _, kinds) in GROUPS.items() for kind in kinds}
    counts = dated.assign(group=dated["instrument_type"].map(group)).groupby(["year", "group"]).size()
    pairs = pd.MultiIndex.from_product([range(first, last + 1), list(GROUPS)], names=["year", "group"])
    table = counts.reindex(pairs, fill_value=0).rename("instruments").reset_index()
    table["text"] = [
        t("{year}, {group}: {n}", year=year, group=t(GROUPS[name][0]), n=n)
        for year, name, n in zip(table["year"], table["group"], table["instruments"], strict=True)
    ]
    status = frame["status"].value_counts()
    return Chart(
        id="instruments",
        title=t("Rules and programmes on AI, by year of adoption"),
        subtitle=t(
            "{places} places · {first}–{last} · number of instruments collected",
            places=frame["geo"].nunique(),
            first=t.period(str(first)),
            last=t.period(str(last)),
        ),
        frame=dated,
        marks=tuple(
            Columns("year", "instruments", colour, t(name), text="text") for name, colour, _ in GROUPS.values()
        ),
        frames={i: table[table["group"] == name] for i, name in enumerate(GROUPS)},
        x=years.axis(first, last, margin=0.6),
        y=Axis(low=0, high=float(table.groupby("year")["instruments"].sum().max()) * 1.1),
        alt=t(
            "Stacked columns by year. Most in {year}: {n}. Of all {all} instruments {force} are in force.",
            year=t.period(str(dated["year"].mode().iloc[0])),
            n=int(dated["year"].value_counts().iloc[0]),
            all=len(frame),
            force=int(status.get("in_force", 0)),
        ),
        notes=(
            t(
                "Of {all} instruments {force} are in force, {proposed} proposed, {ended} expired or repealed; "
                "{undated} without a date of adoption are not in the picture. A collection of what was found, not a "
                "census: early years are thin, the last is incomplete. Each row of the data has its source.",
                all=len(frame),
                force=int(status.get("in_force", 0)),
                proposed=int(status.get("proposed", 0)),
                ended=int(status.get("expired", 0) + status.get("repealed", 0)),
                undated=len(frame) - len(dated),
            ),
        ),
        height=320,
    )


def research(cat: Catalog, t: Texts) -> Chart:
    """Research and development as a share of GDP in the members of the EU and four other countries."""
    members = list(cat.geographies.index[cat.geographies["eu27"]])
    frame = parts.clean(cat.observations("gerd_gdp", [*members, *_OTHERS], _YEAR))
    frame = frame.assign(
        name=[cat.name(geo, t.lang) for geo in frame["geo"]],
        role=["context" if geo in _OTHERS else ROLE for geo in frame["geo"]],
    ).sort_values(["value", "geo"], ascending=[False, True], ignore_index=True)
    frame["text"] = [
        f"{name}: {t.value(value, unit)}"
        for name, value, unit in zip(frame["name"], frame["value"], frame["unit"], strict=True)
    ]
    return Chart(
        id="research-money",
        title=t("Research and development, all fields"),
        subtitle=parts.subtitle(cat, t, "gerd_gdp", t("EU-27, in grey four other countries"), _YEAR),
        frame=frame,
        marks=(Dots("value", "name", role_column="role", text="text", size=11),),
        order=tuple(frame["name"]),
        x=Axis(low=0, high=float(frame["value"].max()) * 1.08, suffix="%"),
        sources=parts.sources(frame),
        alt=t(
            "Dots, one per country. Highest: {high}. Lowest: {low}.",
            high=frame["text"].iloc[0],
            low=frame["text"].iloc[-1],
        ),
        notes=(t("How much of it goes into AI is not in the data."),),
    )
