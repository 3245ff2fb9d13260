"""Breakdowns as the tables write them: ``size=250+;tech=nlg``, empty for a total."""

from collections.abc import Iterable


def parse(breakdown: str) -> dict[str, str]:
    """``"size=250+;tech=nlg"`` as a dict; empty for a total."""
    return dict(pair.split("=", 1) for pair in breakdown.split(";") if "=" in pair)


def join(pairs: Iterable[tuple[str, str]]) -> str:
    """The breakdown of `pairs` of key and value, in their order."""
    return ";".join(f"{key}={value}" for key, value in pairs)
