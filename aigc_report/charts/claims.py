"""Charts of a claim's evidence: what a test recorded against a setting, and its findings beside their thresholds."""

import dataclasses
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import pandas as pd

from aigc_report import catalog
from aigc_report.catalog import Catalog
from aigc_report.charts import scales
from aigc_report.charts import words as coded
from aigc_report.charts.chart import Axis, Band, Chart, Dots, Lines, Mark
from aigc_report.claims import words
from aigc_report.claims.schema import Claim
from aigc_report.claims.verdict import Outcome, Verdict
from aigc_report.i18n import Texts
from gan.experiments.evidence import Evidence, Series

ROLES = ("point", "second", "good", "barriers", "business", "bad")
"""Colours of the groups of a series, in their order; further groups are grey."""
_COLUMNS = ("x", "y", "low", "high", "group", "label")
_KEYS = ("barrier", "reason", "nace", "size")
"""Keys of breakdowns whose values stand alone as settings or groups."""
_MANY_DECADES = 1e4
_LONG = 1e7
"""Numbers on an axis above this are written as powers of ten."""


def evidence(t: Texts, claim: Claim, verdict: Verdict, series: str) -> Chart:
    """One series of the evidence of `verdict`: lines over a setting that is a number, rows over named ones."""
    assert verdict.evidence is not None
    found = next(s for s in verdict.evidence.series if s.name == series)
    frame = _frame(t, found)
    named = any(isinstance(point["x"], str) for point in found.points)
    x_name, y_name = _said(t, found.x_name, "x"), _said(t, found.y_name, "y")
    about: dict[str, Any] = {
        "id": f"{claim.id.replace('.', '-')}-{series}",
        "title": t("{y} by {x}", y=y_name, x=x_name),
        "subtitle": subtitle(t, verdict),
        "alt": _alt(t, frame, x_name, y_name),
        "sources": sources(catalog.load(), verdict.evidence) if verdict.size is None else (),
        "notes": _notes(t, verdict),
    }
    return _rows(t, frame, y_name, about) if named else _plane(t, frame, found, x_name, y_name, about)


def findings(t: Texts, claim: Claim, verdict: Verdict) -> Chart:
    """The findings that a verdict is about, each with its interval, beside what the rule asks for. One unit only."""
    shown = comparable(verdict)
    rows = [
        {
            "name": name,
            "value": o.finding.value,
            "low": o.interval[0] if o.interval else None,
            "high": o.interval[1] if o.interval else None,
            "threshold": bound,
            "state": o.state,
            "text": words.outcome(t, o),
        }
        for o, name in zip(shown, words.names(t, shown), strict=True)
        for bound in o.condition.bounds
        if o.finding is not None
    ]
    frame = pd.DataFrame(rows).astype({"low": float, "high": float})
    ends = pd.concat([frame[c] for c in ("value", "low", "high", "threshold")]).dropna()
    margin = float(ends.max() - ends.min()) * 0.06 or 1.0
    unit = shown[0].finding.unit if shown and shown[0].finding else "1"
    return Chart(
        id=f"{claim.id.replace('.', '-')}-findings",
        title=t("What was found beside what the rule asks for"),
        subtitle=subtitle(t, verdict),
        frame=frame,
        marks=(
            Dots("threshold", "name", "reference", t("threshold"), text="text", shape="line-ns", size=14),
            Dots("value", "name", "point", t("found, with 95% interval"), "low", "high", text="text", size=12),
        ),
        order=tuple(dict.fromkeys(frame["name"])),
        x=Axis("" if unit in words.PLAIN else t.unit(unit), float(ends.min()) - margin, float(ends.max()) + margin),
        alt=" ".join(dict.fromkeys(frame["text"])),
        sources=sources(catalog.load(), verdict.evidence) if verdict.size is None and verdict.evidence else (),
        notes=_notes(t, verdict),
    )


def comparable(verdict: Verdict) -> tuple[Outcome, ...]:
    """The main outcomes that can stand on one axis: those in the unit of the first."""
    found = [o for o in verdict.main if o.finding is not None]
    return tuple(o for o in found if o.finding and found[0].finding and o.finding.unit == found[0].finding.unit)


def subtitle(t: Texts, verdict: Verdict) -> str:
    """What the figures rest on: size, seeds, day, where they were made."""
    found = verdict.evidence
    assert found is not None
    parts = [t("published figures") if verdict.size is None else t("size {size}", size=t(words.SIZES[verdict.size]))]
    if found.seeds:
        parts.append(t("{n} seeds", n=len(found.seeds)))
    parts.append(t.period(found.made.date().isoformat()))
    if verdict.size and verdict.basis:
        parts.append(t(words.BASES[verdict.basis]))
    return " · ".join(parts)


def sources(cat: Catalog, found: Evidence) -> tuple[str, ...]:
    """The sources of the observations that findings were computed from, each once."""
    known = _source_of(cat)
    rows = (row for finding in found.findings for row in finding.rows)
    return tuple(dict.fromkeys(known[row] for row in rows if row in known))


@lru_cache(maxsize=4)
def _source_of(cat: Catalog) -> Mapping[str, str]:
    """Observation as findings name it (``indicator|geo|period|breakdown``) to its source."""
    table = cat.all_observations
    columns = ("indicator", "geo", "period", "breakdown")
    keys = map("|".join, zip(*(table[column] for column in columns), strict=True))
    return dict(zip(keys, table["source"], strict=True))


def _notes(t: Texts, verdict: Verdict) -> tuple[str, ...]:
    found = verdict.evidence
    if found is None or verdict.size is None:
        return ()
    return (t("Source: experiment {name} on {machine}.", name=found.test, machine=found.machine or t.number(None)),)


def _frame(t: Texts, found: Series) -> pd.DataFrame:
    frame = pd.DataFrame([{column: point.get(column) for column in _COLUMNS} for point in found.points])
    for column in ("y", "low", "high"):
        frame[column] = frame[column].astype(float)
    for column in ("group", "label"):
        frame[column] = [_called(t, point, column) for point in found.points]
    frame["text"] = [_point(t, row) for row in frame.to_dict("records")]
    return frame


def _called(t: Texts, point: Mapping[str, float | str | None], column: str) -> str:
    """The group or label of a point: experiments name it in both languages, queries by a code of the tables."""
    words, code = point.get(f"{column}_{t.lang}"), point.get(column)
    return str(words) if words else named(t, str(code)) if code is not None else ""


def named(t: Texts, code: str) -> str:
    """What a setting or group is called: a place, a breakdown of the tables, or as it is."""
    cat = catalog.load()
    if code in cat.geographies.index:
        return cat.name(code, t.lang)
    if "=" in code:
        return coded.breakdown(t, code)
    known = (coded.VALUES[key, code] for key in _KEYS if (key, code) in coded.VALUES)
    return t(next(known, code))


def _plane(t: Texts, frame: pd.DataFrame, found: Series, x_name: str, y_name: str, about: dict[str, Any]) -> Chart:
    """Over a number: points where each has a name of its own, else lines with their intervals.

    A logarithmic axis shows what lies above zero.
    """
    frame = frame.assign(x=frame["x"].astype(float))
    if found.log_x:
        frame = frame[frame["x"] > 0]
    if found.log_y:
        frame = frame[frame["y"] > 0]
    marks: list[Mark] = []
    frames: dict[int, pd.DataFrame] = {}
    for role, group, rows in _groups(frame):
        sure = rows.dropna(subset=["low", "high"])
        if found.log_y:
            sure = sure.assign(low=sure["low"].clip(lower=float(frame["y"].min()) / 10))
        drawn: tuple[tuple[Mark, pd.DataFrame], ...] = (
            (Band("x", "low", "high", role), sure),
            (Lines("x", "y", "", group, role, text="text"), rows.sort_values("x")),
        )
        if (rows["label"] != "").all():
            drawn = ((Dots("x", "y", role, group, text="text", size=8), rows),)
        for mark, table in drawn:
            if len(table):
                frames[len(marks)] = table
                marks.append(mark)
    low, high = _reach(frame)
    x_low, x_high = float(frame["x"].min()), float(frame["x"].max())
    least = max(low, float(frame["y"].min()) / 10)
    y = _logarithmic(t, least, high) if found.log_y else Axis(low=min(0.0, low * 1.05), high=max(high * 1.05, 1e-9))
    margin = (x_high - x_low) * 0.04 or 1.0
    year = found.x_name.get("en") == "Year"
    plain = scales.years(x_low - margin, x_high + margin) if year else Axis("", x_low - margin, x_high + margin)
    x = _logarithmic(t, x_low, x_high) if found.log_x else plain
    return Chart(
        **about,
        frame=frame,
        marks=tuple(marks),
        frames=frames,
        x=dataclasses.replace(x, title=x_name),
        y=dataclasses.replace(y, title=y_name),
    )


def _rows(t: Texts, frame: pd.DataFrame, y_name: str, about: dict[str, Any]) -> Chart:
    """A dot with its interval for each named setting and group, in the order of the evidence."""
    frame = frame.assign(name=[row["label"] or named(t, str(row["x"])) for row in frame.to_dict("records")])
    groups = list(_groups(frame))
    low, high = (choose(0.0, end) for choose, end in zip((min, max), _reach(frame), strict=True))
    margin = (high - low) * 0.05 or 1.0
    return Chart(
        **about,
        frame=frame,
        marks=tuple(Dots("y", "name", role, group, "low", "high", text="text", size=11) for role, group, _ in groups),
        frames={place: rows for place, (_, _, rows) in enumerate(groups)},
        order=tuple(dict.fromkeys(frame["name"])),
        x=Axis(y_name, low - (margin if low < 0 else 0), high + margin),
    )


def _groups(frame: pd.DataFrame) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Colour, name and rows of each group, in the order of the evidence."""
    for place, group in enumerate(dict.fromkeys(frame["group"])):
        yield ROLES[place] if place < len(ROLES) else "context", str(group), frame[frame["group"] == group]


def _logarithmic(t: Texts, low: float, high: float) -> Axis:
    """Over many decades powers of ten, else the numbers themselves."""
    many = high / low > _MANY_DECADES or high > _LONG
    return scales.decades(t, low, high, powers=True) if many else scales.log(t, low, high)


def _reach(frame: pd.DataFrame) -> tuple[float, float]:
    """The least and the greatest that is drawn, intervals included."""
    ends = pd.concat([frame[column] for column in ("y", "low", "high")]).dropna()
    return float(ends.min()), float(ends.max())


def _point(t: Texts, row: Mapping[Any, Any]) -> str:
    value = t.number(row["y"])
    where = row["label"] or (named(t, row["x"]) if isinstance(row["x"], str) else t.number(row["x"]))
    ends = "" if pd.isna(row["low"]) or pd.isna(row["high"]) else f" [{t.number(row['low'])}, {t.number(row['high'])}]"
    return f"{t.join([part for part in (row['group'], where) if part])}: {value}{ends}"


def _alt(t: Texts, frame: pd.DataFrame, x_name: str, y_name: str) -> str:
    return t("{y} by {x}: {points}.", y=y_name, x=x_name, points="; ".join(frame["text"].head(12)))


def _said(t: Texts, text: Mapping[str, str], otherwise: str) -> str:
    return text.get(t.lang) or text.get("en") or otherwise
