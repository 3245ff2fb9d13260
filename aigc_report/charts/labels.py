"""How wide a label is, where it breaks, and where labels stand that would touch: known before anything is drawn."""

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


def apart(wanted: list[float], gap: float) -> list[float]:
    """Places as near to `wanted` as can be without two of them closer than `gap`; the order of `wanted` is kept."""
    order = sorted(range(len(wanted)), key=lambda at: wanted[at])
    placed = [0.0] * len(wanted)
    groups: list[list[float]] = []  # sum of wanted - offset, members: those that touch move together
    for at in order:
        groups.append([wanted[at], 1])
        while len(groups) > 1 and _start(groups[-2], gap) + gap * groups[-2][1] > _start(groups[-1], gap):
            last = groups.pop()
            before = groups[-1]
            before[0] += last[0] - gap * before[1] * last[1]
            before[1] += last[1]
    at_once = iter(order)
    for group in groups:
        start = _start(group, gap)
        for n in range(int(group[1])):
            placed[next(at_once)] = start + n * gap
    return placed


def _start(group: list[float], gap: float) -> float:
    """Where the first member of a group lies: the mean of what its members want, each less its own offset."""
    return group[0] / group[1]
