"""The audiences of a briefing, each a readable template beside this module: its questions, order and depth."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from aigc_report.errors import UserError
from aigc_report.i18n import N_

Text = dict[str, str]

NAMES: dict[str, str] = {
    "government": N_("Government"),
    "enterprise": N_("Enterprise"),
    "research": N_("Research"),
    "practitioner": N_("Practitioners"),
    "public": N_("The public"),
}
"""Audience to its name, in the order of the founding document; each has a template of that name."""


@dataclass(frozen=True)
class Asked:
    """One part that answers a question: its name in `content.PARTS` and its settings."""

    part: str
    settings: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class Question:
    """A section to be: its id, its title in both languages and its parts."""

    id: str
    title: Text
    parts: tuple[Asked, ...]


@dataclass(frozen=True)
class Audience:
    """A template: what this audience asks, in its order."""

    id: str
    title: Text
    lead: Text
    sections: tuple[Question, ...]

    def only(self, wanted: tuple[str, ...]) -> tuple[Question, ...]:
        """The sections with these ids, in the template's order; all where none is named; `UserError` for others."""
        known = [section.id for section in self.sections]
        if unknown := [name for name in wanted if name not in known]:
            raise UserError(
                'A briefing for {audience} has no section "{section}"; there are {known}.',
                audience=self.id,
                section=unknown[0],
                known=", ".join(known),
            )
        return tuple(section for section in self.sections if not wanted or section.id in wanted)


@cache
def load(audience: str) -> Audience:
    """The template of an audience; `UserError` for one that does not exist."""
    if audience not in NAMES:
        raise UserError(
            'There is no audience "{audience}"; there are {known}.', audience=audience, known=", ".join(NAMES)
        )
    text = (resources.files(__name__) / f"{audience}.toml").read_text(encoding="utf-8")
    content = tomllib.loads(text)
    sections = tuple(
        Question(entry["id"], entry["title"], tuple(_asked(part) for part in entry["parts"]))
        for entry in content["sections"]
    )
    return Audience(audience, content["title"], content["lead"], sections)


def _asked(entry: dict[str, Any]) -> Asked:
    settings = {
        name: tuple(value) if isinstance(value, list) else value for name, value in entry.items() if name != "part"
    }
    return Asked(str(entry["part"]), tuple(settings.items()))
