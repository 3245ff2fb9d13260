"""What is known by sector: the founding document's five, and the industries of official statistics.

Figures compare only where one survey put one question to one population in one period. So a ranking exists inside such
a set alone: `industries` (one official survey, all its industries) and the answers of a `Question`. Everything else is
laid side by side by `side_by_side`, with the reasons why it cannot be ranked.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import pandas as pd

from aigc_report import document, periods
from aigc_report.breakdowns import join, parse
from aigc_report.catalog import Catalog
from aigc_report.document.schema import Example, Remark
from aigc_report.errors import UserError
from aigc_report.flags import DOUBTFUL, PROJECTION

SECTORS: dict[str, str] = {
    "media": "media",
    "games": "games",
    "advertising": "advertising",
    "ecommerce": "ecommerce",
    "health": "healthcare",
}
"""The document's five sectors, in its order, to the value of the breakdown key ``sector``."""

BREAKS = ("b", "d")
"""Flags that say a value does not continue the ones before it."""


@dataclass(frozen=True)
class Measure:
    """One question of one official survey, asked in every industry: `key` is its classification (nace, naics)."""

    indicator: str
    geo: str
    key: str
    fixed: str = ""


MEASURES: dict[str, Measure] = {
    "eu_any": Measure("ai_use_any", "EU27", "nace"),
    "eu_text": Measure("ai_tech_use", "EU27", "nace", "tech=nlg"),
    "eu_pictures": Measure("ai_tech_use", "EU27", "nace", "tech=image_video_audio_generation"),
    "us_any": Measure("btos_ai_use_any_function", "USA", "naics"),
}

LEVELS: dict[str, tuple[str, ...]] = {
    "sections": ("C", "D", "E", "F", "G", "H", "I", "J", "L", "M", "N", "S951"),
    "groups": (
        *("C10-C12", "C13-C15", "C16-C18", "C19", "C20", "C21", "C22_C23", "C24_C25", "C26", "C27", "C28", "C29_C30"),
        *("C31-C33", "D", "E", "F", "G45", "G46", "G47", "H", "I55", "J58-J60", "J61", "J62_J63", "L", "M69-M71"),
        *("M72", "M73-M75", "N77-N82_X_N79", "N79", "S951"),
    ),
}
"""Levels of NACE Rev. 2 whose members do not overlap; aggregates such as C-F or ICT stand in neither.

The groups are the finest Eurostat publishes. I56 (food and drink service) is not published, so `groups` hold I55 alone.
"""

NEAREST: dict[str, dict[str, tuple[str, ...]]] = {
    "media": {"nace": ("J", "J58-J60"), "naics": ("51",)},
    "games": {"nace": ("J", "J58-J60", "J62_J63"), "naics": ("51",)},
    "advertising": {"nace": ("M", "M73-M75"), "naics": ("54",)},
    "ecommerce": {"nace": ("G", "G47"), "naics": ("44-45",)},
    "health": {"nace": (), "naics": ("62",)},
}
"""Sector to the industries of either classification that hold it; all are wider. The EU survey leaves out health (Q).

NACE Rev. 2: publishing of computer games is 58.21, programming 62.01; advertising and market research is division 73.
NAICS: advertising is group 5418 of 54, publishing and software are in 51.
"""


def industries(cat: Catalog, measure: str, level: str = "sections") -> pd.DataFrame:
    """The industries of one `Measure`, ranked by its latest figures, with the period before.

    Columns: industry (code), period, value, rank (1 = highest), before and before_period (NaN and "" where there is no
    figure), total (all industries, same period), unit, source, flag, note. Doubtful figures are left out. `level`
    counts for NACE only. Raises `UserError` for a measure or level that does not exist or has no figures.
    """
    _known("measure", measure, MEASURES)
    _known("level", level, LEVELS)
    asked = MEASURES[measure]
    rows = _sound(cat.observations(asked.indicator, asked.geo, breakdown=None))
    parts = rows["breakdown"].map(parse)
    fixed = parse(asked.fixed)
    rows = rows.assign(industry=[p.get(asked.key, "") for p in parts])
    rows = rows.loc[[i for i, p in parts.items() if {k: v for k, v in p.items() if k != asked.key} == fixed]]
    total = rows[rows["industry"] == ""].drop_duplicates("period", keep="last").set_index("period")["value"]
    rows = rows[rows["industry"].isin(LEVELS[level]) if asked.key == "nace" else rows["industry"] != ""]
    if rows.empty:
        raise UserError("There are no figures by industry of {indicator}.", indicator=asked.indicator)
    dates = sorted(rows["period"].unique(), key=periods.last_day)
    latest = rows[rows["period"] == dates[-1]].copy()
    before = rows[rows["period"] == dates[-2]].set_index("industry")["value"] if len(dates) > 1 else {}
    latest["before"] = latest["industry"].map(before).astype(float)
    latest["before_period"] = dates[-2] if len(dates) > 1 else ""
    latest["total"] = total.get(dates[-1], float("nan"))
    latest["rank"] = latest["value"].rank(ascending=False, method="min").astype(int)
    columns = ["industry", "period", "value", "rank", "before", "before_period", "total", "unit", "source", "flag"]
    ranked: pd.DataFrame = latest[[*columns, "note", "indicator", "geo", "breakdown"]]
    return ranked.sort_values(["value", "industry"], ascending=[False, True], ignore_index=True)


def nearest(sector: str, measure: str) -> tuple[str, ...]:
    """The industries of `measure` that hold `sector`; empty where the survey does not ask them."""
    _known("sector", sector, SECTORS)
    _known("measure", measure, MEASURES)
    return NEAREST[sector][MEASURES[measure].key]


IDENTITY = ("survey", "base", "view", "window", "countries", "industry", "function", "series", "round", "edition")
"""Breakdown keys that make another question, another population or another survey; what is left are answers."""

Kind = Literal["answers", "over_time", "single"]


@dataclass(frozen=True, eq=False)
class Question:
    """One question of one survey in one sector, with all its figures.

    `frame` has the columns of observations and `answer`, the part of the breakdown that varies ("" for a total).
    `current` are the rows that compare with each other: the answers of the latest period (`kind` "answers"), one
    answer over the years since the last break ("over_time"), or one figure ("single").
    """

    id: str
    sector: str
    indicator: str
    survey: str
    fixed: str
    frame: pd.DataFrame
    kind: Kind
    current: pd.DataFrame

    @property
    def period(self) -> str:
        """The latest period that is no projection."""
        return str(self.current["period"].iloc[-1])


@lru_cache(maxsize=32)
def questions(cat: Catalog, sector: str) -> tuple[Question, ...]:
    """What surveys asked in `sector`: questions with the most figures first.

    Raises `UserError` for a sector that does not exist.
    """
    _known("sector", sector, SECTORS)
    rows = _of_sectors(cat)
    rows = rows[rows["sector"] == sector]
    asked = [
        _question(sector, str(indicator), str(fixed), str(keys), frame.reset_index(drop=True))
        for (indicator, fixed, keys), frame in rows.groupby(["indicator", "fixed", "keys"], sort=False)
    ]
    return tuple(sorted(asked, key=lambda q: (-len(q.current), q.id)))


def _question(sector: str, indicator: str, fixed: str, keys: str, frame: pd.DataFrame) -> Question:
    firm = frame[~frame["flag"].str.contains(PROJECTION)]
    firm = firm if not firm.empty else frame
    last = max(firm["period"], key=periods.last_day)
    now = firm[firm["period"] == last]
    kind: Kind = "answers" if len(now) > 1 else "single"
    current = now.sort_values(["value", "answer"], ascending=[False, True])
    if kind == "single":
        same = firm[(firm["answer"] == now["answer"].iloc[0]) & (firm["geo"] == now["geo"].iloc[0])]
        current = _since_break(same)
        kind = "over_time" if len(current) > 1 else "single"
    survey = parse(fixed).get("survey", "")
    code = "~".join([indicator, *(f"{k}.{v}" for k, v in parse(fixed).items()), *([keys] if keys else [])])
    return Question(code, sector, indicator, survey, fixed, frame, kind, current.reset_index(drop=True))


def _since_break(rows: pd.DataFrame) -> pd.DataFrame:
    """One series, earliest first, from its last break on."""
    ordered = rows.sort_values("period", key=lambda column: column.map(periods.last_day), ignore_index=True)
    broken = [i for i, flag in enumerate(ordered["flag"]) if any(letter in flag for letter in BREAKS)]
    return ordered.iloc[broken[-1] if broken else 0 :]


@dataclass(frozen=True, eq=False)
class Comparison:
    """One indicator as different surveys of different sectors report it: side by side, not ranked.

    `frame` holds the latest figures of each question, by sector in the document's order and then by survey. The counts
    are the reasons: so many surveys, places and periods. `comparable` are the sets inside it that do compare: one
    survey, place, period and question with more than one sector, highest first.
    """

    indicator: str
    frame: pd.DataFrame
    surveys: tuple[str, ...]
    places: tuple[str, ...]
    periods: tuple[str, ...]
    comparable: tuple[pd.DataFrame, ...]


@lru_cache(maxsize=4)
def shared(cat: Catalog) -> tuple[str, ...]:
    """The indicators reported for more than one of the five sectors, those of most sectors first."""
    count = _of_sectors(cat).groupby("indicator")["sector"].nunique()
    count = count[count > 1]
    return tuple(sorted(map(str, count.index), key=lambda code: (-int(count[code]), code)))


def side_by_side(cat: Catalog, indicator: str) -> Comparison:
    """The latest figures of `indicator` in every sector that has one; `UserError` where fewer than two have."""
    _known("indicator reported for several sectors", indicator, shared(cat))
    rows = _of_sectors(cat)
    rows = rows[rows["indicator"] == indicator]
    latest = [
        frame[frame["period"] == max(frame["period"], key=periods.last_day)]
        for _, frame in rows.groupby(["sector", "fixed", "keys"], sort=False)
    ]
    frame = pd.concat(latest)
    order = {sector: place for place, sector in enumerate(SECTORS)}
    frame = frame.sort_values(
        ["sector", "survey", "answer", "geo"], key=lambda c: c.map(order) if c.name == "sector" else c
    ).reset_index(drop=True)
    return Comparison(
        indicator=indicator,
        frame=frame,
        surveys=tuple(dict.fromkeys(frame["survey"])),
        places=tuple(dict.fromkeys(frame["geo"])),
        periods=tuple(sorted(frame["period"].unique(), key=periods.decimal_year)),
        comparable=_comparable(frame),
    )


def _comparable(frame: pd.DataFrame) -> tuple[pd.DataFrame, ...]:
    """The sets of one survey, place, period and question with more than one sector."""
    question = [
        ";".join(f"{k}={v}" for k, v in parse(b).items() if k not in ("sector", "industry")) for b in frame["breakdown"]
    ]
    groups = frame.assign(question=question).groupby(["question", "geo", "period"], sort=False)
    return tuple(
        rows.sort_values("value", ascending=False, ignore_index=True).drop(columns="question")
        for (asked, _, _), rows in groups
        if "survey=" in str(asked) and rows["sector"].nunique() > 1
    )


@dataclass(frozen=True)
class Claim:
    """What the document says of a sector: the statement, and its examples, each with what was found."""

    statement: Remark
    examples: tuple[Example, ...]


def claim(doc: document.Document, sector: str) -> Claim:
    """The document's statement on `sector` and its examples; `UserError` for a sector that does not exist."""
    _known("sector", sector, SECTORS)
    statement = doc[f"sector.{sector}"]
    assert isinstance(statement, Remark)
    return Claim(statement, tuple(e for e in doc.of(Example) if e.sector == statement.id))


@lru_cache(maxsize=4)
def _of_sectors(cat: Catalog) -> pd.DataFrame:
    """All sound figures of the five sectors with sector, survey, fixed (identity), keys (of the answer) and answer."""
    rows = _sound(cat.all_observations)
    rows = rows[rows["breakdown"].str.contains(r"(?:^|;)sector=")].reset_index(drop=True)
    code = {value: sector for sector, value in SECTORS.items()}
    parts = [parse(b) for b in rows["breakdown"]]
    answers = [{k: v for k, v in p.items() if k != "sector" and k not in IDENTITY} for p in parts]
    rows = rows.assign(
        sector=[code.get(p["sector"], "") for p in parts],
        survey=[p.get("survey", "") for p in parts],
        fixed=[join((k, v) for k, v in p.items() if k in IDENTITY) for p in parts],
        keys=["+".join(a) for a in answers],
        answer=[join(a.items()) for a in answers],
    )
    return rows[rows["sector"] != ""].reset_index(drop=True)


def _sound(rows: pd.DataFrame) -> pd.DataFrame:
    """Without doubtful figures."""
    kept: pd.DataFrame = rows[~rows["flag"].str.contains(DOUBTFUL)]
    return kept


def _known(what: str, asked: str, known: Iterable[str]) -> None:
    if asked not in known:
        raise UserError(
            'There is no {what} "{asked}"; there are {known}.', what=what, asked=asked, known=", ".join(known)
        )
