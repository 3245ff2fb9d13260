"""How wide a label is and where it breaks, known before anything is drawn."""

import re
from collections.abc import Callable

ROW_PX = 190
"""Wider labels of rows are broken: on a phone they would leave no room for the data."""


def width(text: str) -> float:
    """Roughly how many pixels wide `text` is at 13 px: Chinese characters are square."""
    return sum(13.5 if ord(letter) > 0x2E80 else 7.4 for letter in text)


def lines(label: str, px: int = ROW_PX, measure: Callable[[str], float] = width) -> list[str]:
    """`label` in lines of about `px` pixels, broken between words or between Chinese characters."""
    found = [""]
    for piece in re.findall(r"[\u2e80-\uffff]|[^\u2e80-\uffff\s]+\s*|\s+", label):
        if found[-1] and measure(found[-1] + piece.rstrip()) > px:
            found.append("")
        found[-1] += piece
    return [line.strip() if len(found) > 1 else line for line in found]


def broken(label: str, px: int = ROW_PX) -> str:
    """`lines` as one text for plotly."""
    return "<br>".join(lines(label, px))
