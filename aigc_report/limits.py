"""What readers of the pages may start: who, how much, and how many may wait. Read from the environment of the server.

    AIGC_REPORT_RUNS         off | local | anyone: who may start, cancel, rename and delete runs from a page
    AIGC_REPORT_LONGEST_RUN  the most time that one press of a button may ask for, such as 15m
    AIGC_REPORT_QUEUE        how many runs may wait for the machine

They bind the pages alone: whoever has a terminal on the machine is bound by nothing but the system.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from aigc_report.errors import UserError
from aigc_report.i18n import N_
from gan.durations import in_words, parse_seconds
from gan.errors import UsageError

Who = Literal["off", "local", "anyone"]
WHO, LONGEST, WAITING = "AIGC_REPORT_RUNS", "AIGC_REPORT_LONGEST_RUN", "AIGC_REPORT_QUEUE"
DAY_S = 86_400.0


@dataclass(frozen=True)
class Limits:
    """Who may start runs (`local`: readers on the machine that serves the pages), seconds a start, runs that wait."""

    who: Who = "local"
    longest_s: float = DAY_S
    waiting: int = 8

    def permit(self, *, here: bool) -> None:
        """`UserError` unless a reader may steer runs; `here` says whether they sit at the machine that serves them."""
        if self.who == "off":
            raise UserError(
                N_(
                    "Runs are not started from this page: whoever serves it has switched that off ({name}=off). "
                    "In a terminal on that machine, gan-bench train starts one."
                ),
                name=WHO,
            )
        if self.who == "local" and not here:
            raise UserError(
                N_(
                    "Runs are started only by readers on the machine that serves this page, and you read it from "
                    "another one. Whoever serves it can open that to all readers with {name}=anyone."
                ),
                name=WHO,
            )

    def afford(self, seconds: float) -> None:
        """`UserError` where `seconds` is more than one start may ask for."""
        if seconds > self.longest_s:
            raise UserError(
                N_("This takes about {asked}; a start from this page may ask for {most} at most ({name})."),
                asked=in_words(seconds),
                most=in_words(self.longest_s),
                name=LONGEST,
            )

    def admit(self, waiting: int) -> None:
        """`UserError` where so many runs wait already that no other may join them."""
        if waiting >= self.waiting:
            raise UserError(
                N_("The queue is full: {n} runs wait for this machine, and no more may ({name}). Try again later."),
                n=waiting,
                name=WAITING,
            )


def read(environment: Mapping[str, str] | None = None) -> Limits:
    """The limits that `environment` (default: this process's) sets. `UserError` for a value that is none.

    A value that cannot be read refuses every start rather than allowing one that nobody meant to allow.
    """
    given = os.environ if environment is None else environment
    return Limits(_who(given), _longest(given), _waiting(given))


def _who(given: Mapping[str, str]) -> Who:
    text = given.get(WHO, "").strip().lower()
    for known in get_args(Who):
        if text == known:
            return known  # type: ignore[no-any-return]
    if text:
        raise UserError(N_('{name} is "{text}"; it must be off, local or anyone.'), name=WHO, text=text)
    return Limits.who


def _longest(given: Mapping[str, str]) -> float:
    text = given.get(LONGEST, "").strip()
    try:
        return parse_seconds(text) if text else Limits.longest_s
    except UsageError:
        raise UserError(
            N_('{name} is "{text}"; it must be a time like 90s, 15m or 1h.'), name=LONGEST, text=text
        ) from None


def _waiting(given: Mapping[str, str]) -> int:
    text = given.get(WAITING, "").strip()
    if text and not (text.isascii() and text.isdigit()):
        raise UserError(N_('{name} is "{text}"; it must be a whole number, 0 or more.'), name=WAITING, text=text)
    return int(text) if text else Limits.waiting
