"""Policy instruments on generative content: who demands what, since when, and how much of it is known.

The table is a collection, not a census: counts say what was collected. Statuses are as read in `READ`; nothing here
knows what happened since. No score is made of them: `profile` gives counts and shares of what is known.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pandas as pd

from aigc_report import periods
from aigc_report.catalog import Catalog
from aigc_report.errors import UserError

READ = "2026-07"
"""The month in which the statuses were read (`data/schemas/policy_instrument.json`)."""

TYPES: dict[str, bool] = {
    "law": True,
    "regulation": True,
    "administrative_measure": True,
    "executive_order": True,
    "treaty": True,
    "standard": False,
    "guideline": False,
    "strategy": False,
}
"""Type of instrument to whether it binds by its nature; a standard that obliges counts as binding too."""

STATES: dict[str, str] = {
    "in_force": "in_force",
    "partly_in_force": "in_force",
    "adopted": "pending",
    "proposed": "proposed",
    "expired": "ended",
    "repealed": "ended",
}
"""Status to one of four states: in force, adopted but not confirmed in force, proposed, ended."""

DUTIES: dict[str, str] = {
    "labelling": "obliges_labelling",
    "registration": "obliges_registration",
    "risk_assessment": "obliges_risk_assessment",
    "funding": "supports_funding",
}
"""What an instrument may bring: three obligations and public money, each with its column (yes, no, unknown)."""

NO_YEAR = "none"


def instruments(cat: Catalog) -> pd.DataFrame:
    """All instruments with what follows from their columns, the newest first.

    Adds state (`STATES`), binding (bool), year (of adoption, else of entry into force, else `NO_YEAR`) and first (the
    date behind the year, "" where none is known).
    """
    table = cat.policy.reset_index()
    duties = [column for duty, column in DUTIES.items() if duty != "funding"]
    first = table["date_adopted"].where(table["date_adopted"] != "", table["date_in_force"])
    table = table.assign(
        state=table["status"].map(STATES),
        binding=table["instrument_type"].map(TYPES) | (table[duties] == "yes").any(axis=1),
        first=first,
        year=first.str[:4].where(first != "", NO_YEAR),
    )
    return table.sort_values(["first", "id"], ascending=[False, True], ignore_index=True)


@dataclass(frozen=True)
class Filters:
    """What a reader asks for; an empty string leaves a choice open. `duty` asks for the answer "yes"."""

    geo: str = ""
    type: str = ""
    status: str = ""
    duty: str = ""
    year: str = ""
    words: str = ""


def select(table: pd.DataFrame, filters: Filters, haystack: "pd.Series[str] | None" = None) -> pd.DataFrame:
    """The rows of `table` (from `instruments`) that match every filter, in their order.

    Every word of `filters.words` must stand in the row's entry of `haystack` (by id; made by `text_of`).
    Raises `UserError` for a duty that does not exist.
    """
    keep = pd.Series(True, index=table.index)
    for column, wanted in (
        ("geo", filters.geo),
        ("instrument_type", filters.type),
        ("status", filters.status),
        ("year", filters.year),
    ):
        if wanted:
            keep &= table[column] == wanted
    if filters.duty:
        keep &= table[_duty(filters.duty)] == "yes"
    if filters.words:
        texts = list((haystack if haystack is not None else text_of(table)).reindex(table["id"]))
        for word in filters.words.casefold().split():
            keep &= pd.Series([word in text for text in texts], index=table.index)
    found: pd.DataFrame = table[keep]
    return found.reset_index(drop=True)


def text_of(table: pd.DataFrame, words: Callable[[str, str], Iterable[str]] = lambda key, code: ()) -> "pd.Series[str]":
    """All words of each instrument in one case-folded string, by id.

    `words(key, code)` adds what a code is called in any language; keys are geo, type, status, duty and provision.
    """

    def line(row: dict[str, str]) -> str:
        codes = [("geo", row["geo"]), ("type", row["instrument_type"]), ("status", row["status"])]
        codes += [("duty", duty) for duty, column in DUTIES.items() if row[column] == "yes"]
        codes += [("provision", code) for code in provisions(row["aigc_provisions"])]
        named = [name for key, code in codes for name in words(key, code)]
        columns = ("id", "name_en", "name_local", "issuer", "scope", "note")
        return " ".join([*(row[c] for c in columns), *(code for _, code in codes), *named]).casefold()

    rows = table.astype(str).to_dict("records")
    return pd.Series([line({str(k): str(v) for k, v in row.items()}) for row in rows], index=table["id"])


def provisions(text: str) -> list[str]:
    """The words of a cell of `aigc_provisions`."""
    return [word for word in text.split(";") if word]


def obligations(table: pd.DataFrame) -> pd.DataFrame:
    """Who demands what: one row per jurisdiction and duty.

    Columns: geo, instruments (all of that place), duty, in_force, pending, proposed, ended (instruments that answer
    yes, by state), no and unknown (instruments that have not ended and answer so). Places with the most instruments
    first.
    """
    states, answers = list(dict.fromkeys(STATES.values())), ["no", "unknown"]
    instruments = Counter(table["geo"])
    rows = []
    for geo in sorted(instruments, key=lambda geo: (-instruments[geo], geo)):
        own = table[table["geo"] == geo]
        for duty, column in DUTIES.items():
            given = list(zip(own[column], own["state"], strict=True))
            yes = Counter(state for answer, state in given if answer == "yes")
            other = Counter(answer for answer, state in given if state != "ended")
            counts = {state: yes[state] for state in states} | {answer: other[answer] for answer in answers}
            rows.append({"geo": geo, "instruments": len(own), "duty": duty, **counts})
    return pd.DataFrame(rows, columns=["geo", "instruments", "duty", *states, *answers])


def by_type_and_year(table: pd.DataFrame) -> pd.DataFrame:
    """Numbers of instruments: a row per type in the order of `TYPES`, a column per year, `NO_YEAR` last."""
    counts = table.groupby(["instrument_type", "year"]).size().unstack(fill_value=0)
    years = sorted(counts.columns, key=lambda year: (year == NO_YEAR, year))
    return counts.reindex(index=[code for code in TYPES if code in counts.index], columns=years)


@dataclass(frozen=True)
class Share:
    """`yes` of `known` instruments have a trait, `unknown` more do not say; `in_force` of the `yes` are in force."""

    trait: str
    yes: int
    known: int
    unknown: int
    in_force: int

    @property
    def share(self) -> float | None:
        """Percent of what is known; None where nothing is."""
        return 100 * self.yes / self.known if self.known else None


@dataclass(frozen=True)
class Profile:
    """What a set of instruments consists of. `shares` and `topics` leave out those that have ended."""

    instruments: int
    states: dict[str, int]
    shares: tuple[Share, ...]
    topics: dict[str, int]


def profile(table: pd.DataFrame) -> Profile:
    """Counts and shares of what is known of the instruments in `table` (from `instruments`); never a score.

    `topics` counts the words of `aigc_provisions`, most frequent first.
    """
    standing = table[table["state"] != "ended"]
    in_force = standing["state"] == "in_force"
    binding = standing["binding"].astype(bool)
    shares = [Share("binding", int(binding.sum()), len(standing), 0, int((binding & in_force).sum()))]
    for duty, column in DUTIES.items():
        yes, unknown = standing[column] == "yes", int((standing[column] == "unknown").sum())
        shares.append(Share(duty, int(yes.sum()), len(standing) - unknown, unknown, int((yes & in_force).sum())))
    topics = standing["aigc_provisions"].map(provisions).explode().dropna().value_counts()
    ordered = sorted(topics.items(), key=lambda item: (-item[1], str(item[0])))
    states = table["state"].value_counts()
    return Profile(
        instruments=len(table),
        states={state: int(states.get(state, 0)) for state in dict.fromkeys(STATES.values())},
        shares=tuple(shares),
        topics={str(topic): int(count) for topic, count in ordered},
    )


@dataclass(frozen=True, eq=False)
class Undated:
    """Instruments without a date of entry into force, by why that may be. Each is a part of the table."""

    guidance: pd.DataFrame
    pending: pd.DataFrame
    unread: pd.DataFrame
    undated: pd.DataFrame

    def __len__(self) -> int:
        return len(self.guidance) + len(self.pending) + len(self.unread)


def undated(table: pd.DataFrame) -> Undated:
    """The instruments without a date of entry into force.

    ``guidance``: guidelines, strategies and standards, which often have none; ``pending``: proposed, or adopted and
    not confirmed in force; ``unread``: binding ones that are or were in force, whose date was not read. ``undated``
    (part of the others) have no date at all and stand on no time line.
    """
    missing = table[table["date_in_force"] == ""]
    soft = ~missing["instrument_type"].map(TYPES).astype(bool)
    waiting = ~soft & missing["state"].isin(["pending", "proposed"])
    return Undated(
        guidance=missing[soft],
        pending=missing[waiting],
        unread=missing[~soft & ~waiting],
        undated=missing[missing["first"] == ""],
    )


def scheduled(table: pd.DataFrame) -> pd.DataFrame:
    """The instruments whose entry into force was set for after `READ`: whether it happened was not read."""
    due: pd.DataFrame = table[table["date_in_force"] > READ + "~"]
    return due


def surveyed(cat: Catalog, table: pd.DataFrame) -> tuple[str, ...]:
    """The single countries in `table` whose firms one survey asks the same question (Eurostat, use of any AI)."""
    asked = set(cat.observations("ai_use_any")["geo"])
    return tuple(geo for geo in sorted(table["geo"].unique()) if geo in asked and geo != "EU27")


EVENTS: dict[str, str] = {"adopted": "date_adopted", "in_force": "date_in_force"}


def timeline(table: pd.DataFrame) -> pd.DataFrame:
    """The dated events of `table`: one row per instrument and event, earliest first.

    Columns: id, geo, name_en, instrument_type, status, source, event (adopted, in_force), date (as known), at (decimal
    year) and exact (False where only the month or year is known; such an event stands in its middle).
    """
    kept = ["id", "geo", "name_en", "instrument_type", "status", "source"]
    parts = []
    for event, column in EVENTS.items():
        rows = table.loc[table[column] != "", [*kept, column]].rename(columns={column: "date"})
        parts.append(rows.assign(event=event))
    events = pd.concat(parts, ignore_index=True)
    events["at"] = [periods.decimal_year(text) for text in events["date"]]
    events["exact"] = events["date"].str.len() == len("2026-07-01")
    return events.sort_values(["at", "id"], ignore_index=True)


def _duty(duty: str) -> str:
    if duty not in DUTIES:
        raise UserError('There is no obligation "{duty}"; there are {known}.', duty=duty, known=", ".join(DUTIES))
    return DUTIES[duty]
