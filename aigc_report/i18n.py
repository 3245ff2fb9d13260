"""All words of the product in the reader's language, and numbers and dates as that language writes them.

The English sentence is the message id, so sources stay readable; translations live in gettext catalogues at
``locale/<lang>/LC_MESSAGES/aigc_report.po``. The `.po` file itself is read, once per process (about 30 ms): a compiled
`.mo` would be a second copy to keep in step and a build step between an edit and what the reader sees.

Mark a text where it is shown, ``t("Adoption")``, or where it waits in a table, ``N_("Adoption")``.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from importlib import resources
from typing import Any, Literal

from babel import Locale, dates, numbers
from babel.messages.pofile import read_po

from gan import config, measurement, record, runner
from gan.errors import UsageError

LANGUAGES: dict[str, str] = {"en": "English", "zh": "中文"}
"""Language code to the language's own name; the first is the source language."""
LOCALES: dict[str, str] = {"en": "en_GB", "zh": "zh_Hans_CN"}
HTML_LANG: dict[str, str] = {"en": "en", "zh": "zh-CN"}


def N_(message: str) -> str:
    """Mark `message` for translation where it is defined; it is translated where it is shown."""
    return message


DASH = "–"
"""What stands in a cell without a figure."""

_PERIOD = re.compile(
    r"(?P<year>\d{4})(?:-(?:Q(?P<quarter>[1-4])|S(?P<half>[12])|(?P<month>\d{2})(?:-(?P<day>\d{2}))?))?"
)


@dataclass(frozen=True)
class Texts:
    """One language: call it with an English sentence and its named values to get the sentence in that language."""

    lang: str

    def __call__(self, message: str, /, **values: Any) -> str:
        """`message` in this language with `values` in place; a sentence without a translation stays English."""
        text = _catalogue(self.lang).get(message, message)
        return text.format(**values) if values else text

    @property
    def locale(self) -> Locale:
        """Babel's description of this language."""
        return _locale(self.lang)

    def number(self, value: float | None, digits: int | None = None) -> str:
        """`value` with `digits` decimals, or a dash; by default the three figures it has at most."""
        if value is None or not math.isfinite(value):
            return DASH
        return _number(self.lang, float(value), digits)

    def short(self, value: float) -> str:
        """A round number as an axis shows it: ``1K``, ``100M``, ``1万``, ``1亿``."""
        return str(numbers.format_compact_decimal(value, locale=self.locale, fraction_digits=3 if value < 1 else 1))

    def value(self, value: float | None, unit: str, digits: int | None = None) -> str:
        """`value` with its unit as this language writes it: ``20.0%``, ``602 million users``, ``6.02亿用户``."""
        number, name = self.amount(value, unit, digits)
        apart = " " if name[:1].isascii() else ""  # Chinese sets no space before a word of its own
        return f"{number}{apart}{name}".strip()

    def amount(self, value: float | None, unit: str, digits: int | None = None) -> tuple[str, str]:
        """The two parts of `value`: the number, and its unit where the number does not carry it already."""
        if value is None or not math.isfinite(value):
            return DASH, ""
        if unit == "percent" or unit in SHARES:
            return self.number(value, 1 if digits is None else digits) + "%", self(SHARES.get(unit, ""))
        if (self.lang, unit) in RESCALED:
            factor, name = RESCALED[self.lang, unit]
            return self.number(value * factor, digits), self(name)
        return self.number(value, digits), self.unit(unit)

    def compact(self, value: float, form: Literal["short", "long"] = "short") -> str:
        """`value` shortened as this language does: ``1.2M`` (long: ``1.2 million``) or, in either form, ``120万``."""
        form = form if form in self.locale.compact_decimal_formats else "short"
        return str(numbers.format_compact_decimal(value, format_type=form, locale=self.locale, fraction_digits=1))

    def unit(self, unit: str) -> str:
        """The name of `unit`; one without a name of its own is shown as the data spell it."""
        return self(UNITS[unit]) if unit in UNITS else unit

    def licence(self, text: str) -> str:
        """A licence as the reader's language says it; names of licences stay as they are."""
        return self(LICENCES[text]) if text in LICENCES else text

    def period(self, period: str) -> str:
        """An SDMX period (``2025``, ``2025-Q1``, ``2025-S1``, ``2025-03``, ``2025-03-14``) in words."""
        match = _PERIOD.fullmatch(period)
        if match is None:
            return period
        year, quarter, half, month, day = match.group("year", "quarter", "half", "month", "day")
        if quarter:
            return self(N_("Q{quarter} {year}"), quarter=quarter, year=year)
        if half:
            return self(N_("first half of {year}") if half == "1" else N_("second half of {year}"), year=year)
        return _date(self.lang, "yMMMd" if day else "yMMM" if month else "y", int(year), int(month or 1), int(day or 1))

    def moment(self, iso: str | None) -> str:
        """An ISO 8601 time as a short date and time in UTC, or a dash."""
        if not iso:
            return DASH
        when = datetime.fromisoformat(iso).astimezone(UTC)
        return str(dates.format_datetime(when, "yyyy-MM-dd HH:mm", locale=self.locale)) + " UTC"

    def duration(self, seconds: float | None) -> str:
        """Seconds as ``48 s``, ``1 min 20 s`` or ``2 h 5 min``, or a dash."""
        if seconds is None or not math.isfinite(seconds):
            return DASH
        whole = round(seconds)
        if whole < 10:
            return self(N_("{n} s"), n=self.number(seconds, 1))
        if whole < 60:
            return self(N_("{n} s"), n=whole)
        if whole < 3600 and whole % 60 == 0:
            return self(N_("{n} min"), n=whole // 60)
        if whole < 3600:
            return self(N_("{minutes} min {seconds} s"), minutes=whole // 60, seconds=whole % 60)
        return self(N_("{hours} h {minutes} min"), hours=whole // 3600, minutes=whole % 3600 // 60)

    def bytes(self, count: float | None) -> str:
        """A number of bytes in kB, MB or GB (powers of ten), or a dash."""
        if count is None:
            return DASH
        if count >= 1e9:
            return f"{self.number(count / 1e9, 2)} GB"
        return f"{self.number(count / 1e6, 0 if count >= 1e7 else 1)} MB" if count >= 1e6 else self._kilobytes(count)

    def _kilobytes(self, count: float) -> str:
        return f"{self.number(count / 1e3, 0 if count >= 1e4 else 1)} kB"

    def join(self, parts: list[str]) -> str:
        """Items in a row, separated as the language does."""
        return ("、" if self.lang == "zh" else ", ").join(parts)

    def notice(self, notice: record.Notice) -> str:
        """A run's warning in this language."""
        template = record.NOTICES.get(notice.code)
        if template is None:
            return notice.code
        values = {k: self.energy_method(v) if k == "method" else v for k, v in notice.values.items()}
        return self(template).format(**values)

    def refusal(self, error: UsageError) -> str:
        """Why `gan` refuses something, in this language; a sentence that it gives whole stays English."""
        fields = {k: self(STATUS[str(v)]) if k == "status" else v for k, v in error.fields.items()}
        return self(error.template, **fields)

    def energy_method(self, method: str) -> str:
        """How a run's energy was found, as `gan.energy` says it, in this language; unknown wording is left alone."""
        for pattern, message in ENERGY_METHODS:
            if found := pattern.fullmatch(method):
                values = {k: self.energy_method(v) if k == "rest" else v for k, v in found.groupdict().items()}
                return self(message).format(**values)
        return method


@cache
def _locale(lang: str) -> Locale:
    return Locale.parse(LOCALES[lang])


@lru_cache(maxsize=8192)
def _number(lang: str, value: float, digits: int | None) -> str:
    """A finite number as `lang` writes it; kept, because a page writes hundreds, and mostly the same ones again."""
    decimals = "0" * digits if digits is not None else "#" * _decimals(value)
    return str(numbers.format_decimal(value, format=f"#,##0.{decimals}", locale=_locale(lang)))


@lru_cache(maxsize=8192)
def _date(lang: str, skeleton: str, year: int, month: int, day: int) -> str:
    """A date as `lang` writes it; kept, because tables and lists hold the same few hundred dates over and over."""
    moment = datetime(year, month, day, tzinfo=UTC)
    return str(dates.format_skeleton(skeleton, moment, locale=_locale(lang)))


def _decimals(value: float) -> int:
    """Decimals that give three significant figures, at most eight."""
    return 0 if value == 0 else min(8, max(0, 2 - math.floor(math.log10(abs(value)))))


@cache
def texts(lang: str) -> Texts:
    """The texts in `lang`, one of `LANGUAGES`; an unknown language raises ``KeyError``."""
    if lang not in LANGUAGES:
        raise KeyError(f'There is no language "{lang}". Choose one of: {", ".join(LANGUAGES)}.')
    return Texts(lang)


ENERGY_METHODS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(r"estimated: (?P<n>\d+) processors idle plus own load \((?P<source>.*)\)"),
        N_("estimated: {n} processors idle plus own load ({source})"),
    ),
    (
        re.compile(r"(?P<n>\d+) processors idle plus own load \((?P<source>.*)\)"),  # as a notice quotes it
        N_("{n} processors idle plus own load ({source})"),
    ),
    (
        re.compile(r"measured: RAPL, whole processor packages, idle included"),
        N_("measured: RAPL, whole processor packages, idle included"),
    ),
    (
        re.compile(r"measured: NVML, whole board; processors (?P<rest>.*)"),
        N_("measured: NVML, whole board; processors {rest}"),
    ),
    (
        re.compile(r"not measured: NVML cannot be read \((?P<reason>.*)\)"),
        N_("not measured: NVML cannot be read ({reason})"),
    ),
    (
        re.compile(r"not measured: this device has no meter that may be read"),
        N_("not measured: this device has no meter that may be read"),
    ),
)
"""Wordings of a record's `energy_method` and what they are translated as."""


def foreign_messages() -> Iterator[str]:
    """Sentences that readers see but that rooms below this one keep in tables of their own."""
    yield from record.NOTICES.values()
    yield from measurement.REMARKS.values()
    yield runner.INSTALL
    for preset in config.PRESETS.values():
        yield preset.title


@cache
def _catalogue(lang: str) -> dict[str, str]:
    """English sentence to its translation; empty for the source language."""
    if lang == next(iter(LANGUAGES)):
        return {}
    path = resources.files("aigc_report") / "locale" / lang / "LC_MESSAGES" / "aigc_report.po"
    with path.open("rb") as file:
        messages = read_po(file, locale=lang)
    return {str(m.id): str(m.string) for m in messages if m.id and m.string and not m.fuzzy}


STATUS: dict[str, str] = {
    "queued": N_("waiting"),
    "running": N_("running"),
    "completed": N_("completed"),
    "cancelled": N_("cancelled"),
    "interrupted": N_("interrupted"),
    "failed": N_("failed"),
}
"""How a run stands, in words."""
SHARES: dict[str, str] = {"percent of GDP": N_("of GDP"), "percent of work hours": N_("of working hours")}
"""Units that are a percentage of something, to what follows the sign; `UNITS` names them where no number stands."""
RESCALED: dict[tuple[str, str], tuple[float, str]] = {
    ("zh", "USD billion"): (10, N_("hundred million US dollars")),
    ("zh", "EUR billion"): (10, N_("hundred million euros")),
    ("zh", "million users"): (0.01, N_("hundred million users")),
}
"""Language and unit to the factor and the unit in which that language counts: Chinese has no word for a billion."""

LICENCES: dict[str, str] = {
    "facts cited": N_("single facts cited"),
    "CC BY 4.0 (Eurostat reuse policy)": N_("CC BY 4.0 (Eurostat reuse policy)"),
}
"""Terms that are no licence with a name of its own, or say more than its name."""
UNITS: dict[str, str] = {
    "percent": N_("%"),
    "percentage points": N_("percentage points"),
    "percentage points a year": N_("percentage points a year"),
    "percent of GDP": N_("% of GDP"),
    "percent of work hours": N_("% of working hours"),
    "percent change": N_("% change"),
    "percent difference": N_("% difference"),
    "percent per year": N_("% a year"),
    "percent a year": N_("% a year"),
    "doublings": N_("doublings"),
    "doublings a year": N_("doublings a year"),
    "powers of ten": N_("powers of ten"),
    "times a year": N_("times a year"),
    "per million people": N_("per million people"),
    "share": N_("share (0 to 1)"),
    "persons": N_("people"),
    "million users": N_("million users"),
    "score 0-100": N_("score, 0 to 100"),
    "index 0-1": N_("index, 0 to 1"),
    "index 0-0.25": N_("index, 0 to 0.25"),
    "index (1 = proportional)": N_("index, 1 = proportional"),
    "rank": N_("rank"),
    "count": N_("count"),
    "count per day": N_("count a day"),
    "times": N_("times"),
    "hours": N_("hours"),
    "s": N_("s"),
    "gCO2e": N_("g CO₂e"),
    "gCO2e/kWh": N_("g CO₂e/kWh"),
    "t CO2": N_("t CO₂"),
    "mL": N_("ml"),
    "USD": N_("US dollars"),
    "USD (constant 2021)": N_("US dollars of 2021"),
    "USD (constant 2023)": N_("US dollars of 2023"),
    "USD billion": N_("billion US dollars"),
    "EUR billion": N_("billion euros"),
    "USD per person": N_("US dollars a person"),
    "USD per image": N_("US dollars an image"),
    "USD per chip-hour": N_("US dollars a chip-hour"),
    "USD per million tokens": N_("US dollars a million tokens"),
    "USD/kWh": N_("US dollars/kWh"),
    "EUR/kWh": N_("euros/kWh"),
    "H100 equivalents": N_("H100 equivalents"),
    "million parameters": N_("million parameters"),
    "network evaluations": N_("network evaluations"),
    "GFLOPs per network evaluation": N_("GFLOP per network evaluation"),
    "GPU-days": N_("GPU days"),
    "chips": N_("chips"),
    "models": N_("models"),
    "laws": N_("laws"),
    "regulations": N_("regulations"),
    "companies": N_("companies"),
    "bills": N_("bills"),
    "mentions": N_("mentions"),
    "agencies": N_("agencies"),
    "countries": N_("countries"),
    "applications": N_("applications"),
}
"""Units of the data package in words; symbols that every language shares (kWh, GB, FLOP) need no entry."""
