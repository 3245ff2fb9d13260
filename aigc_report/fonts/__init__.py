"""The typefaces of everything that is printed, carried along so that every machine sets the same page.

Noto Sans sets Latin, Noto Sans CJK SC Chinese; either helps out where the other lacks a sign. `tools/fonts.py` makes
their two weights and `coverage.json`, which says what they can print and how wide it is.
"""

import json
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from aigc_report.errors import UserError

LATIN, CHINESE = "Noto Sans", "Noto Sans CJK SC"
FAMILIES = (LATIN, CHINESE)
REGULAR, BOLD = "Regular", "Bold"
_CONTROL = 0x20
_FIRST_CHINESE = 0x2E80


class NotPrintable(UserError):
    """A text holds characters that the carried typefaces lack; printed anyway, they would be empty boxes."""

    def __init__(self, letters: list[str]) -> None:
        named = ", ".join(f"{letter} (U+{ord(letter):04X})" for letter in letters)
        super().__init__(
            "These characters are not in the typefaces of briefings: {letters}. Reword the text that holds them, or "
            "add them in tools/fonts.py and make the fonts again.",
            letters=named,
        )


@dataclass(frozen=True)
class Face:
    """One weight of a family: the ranges of characters it holds, and widths that differ from the em."""

    em: int
    firsts: tuple[int, ...]
    lasts: tuple[int, ...]
    widths: dict[int, int]

    def holds(self, code: int) -> bool:
        """Whether a character can be printed."""
        at = bisect_right(self.firsts, code) - 1
        return at >= 0 and code <= self.lasts[at]

    def width(self, code: int) -> float:
        """How wide a character is, in ems."""
        return self.widths.get(code, self.em) / self.em


def folder() -> Path:
    """The folder that holds the font files."""
    return Path(str(resources.files(__package__)))


def missing(text: str) -> list[str]:
    """The characters of `text` that neither family has, each once; empty when all can be printed."""
    faces = [face(family, REGULAR) for family in FAMILIES]
    return sorted(
        letter for letter in set(text) if ord(letter) >= _CONTROL and not any(one.holds(ord(letter)) for one in faces)
    )


def check(texts: Iterable[str]) -> None:
    """`NotPrintable` where a character in any of `texts` is in neither family."""
    if lacking := missing("".join(texts)):
        raise NotPrintable(lacking)


def order(text: str) -> tuple[str, str]:
    """The families in the order in which they set `text`: Chinese first where it holds Chinese, signs included."""
    return (CHINESE, LATIN) if any(ord(letter) >= _FIRST_CHINESE for letter in text) else (LATIN, CHINESE)


def width(text: str, px: float, weight: str = REGULAR) -> float:
    """How wide `text` is set at `px` pixels; kerning, a hair's breadth, is left out."""
    first, second = (face(family, weight) for family in order(text))
    return px * sum((first if first.holds(ord(letter)) else second).width(ord(letter)) for letter in text)


@cache
def face(family: str, weight: str) -> Face:
    """What is known of one font."""
    about = _coverage()[family][weight]
    firsts, lasts = zip(*about["covers"], strict=True)
    return Face(about["em"], firsts, lasts, {int(code): width for code, width in about["widths"].items()})


@cache
def _coverage() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder() / "coverage.json").read_text(encoding="utf-8"))
    return found
