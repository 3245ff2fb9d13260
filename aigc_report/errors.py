"""Errors a user can act on: a sentence with places, kept apart from the values that fill them.

The template is the key of the translation, so the command line, a page and a JSON document word one error alike.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Phrase:
    """A part of a sentence that is translated by itself: a template and the values that fill it."""

    template: str
    fields: Mapping[str, Any]

    def text(self, translate: Callable[[str], str] = str) -> str:
        """The words; ``translate`` turns templates, also those of phrases among the values, into another language."""
        said = {name: v.text(translate) if isinstance(v, Phrase) else v for name, v in self.fields.items()}
        return translate(self.template).format(**said)

    def __str__(self) -> str:
        return self.text()


def phrase(template: str, **fields: Any) -> Phrase:
    """The `Phrase` of `template` with `fields` in its places."""
    return Phrase(template, fields)


class UserError(Exception):
    """What is wrong, where, and what to do, in one sentence. The command line prints it and exits with status 2.

    ``template`` is the English sentence with ``{named}`` places, ``fields`` the values that fill them; a `Phrase` among
    them is translated along with the sentence.
    """

    def __init__(self, template: str, **fields: Any) -> None:
        super().__init__(template, fields)
        self.template = template
        self.fields = fields

    def text(self, translate: Callable[[str], str] = str) -> str:
        """The sentence; ``translate`` turns the template into another language before it is filled."""
        return Phrase(self.template, self.fields).text(translate)

    def __str__(self) -> str:
        return self.text()
