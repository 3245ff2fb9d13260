"""Errors a user can act on: a sentence with places, kept apart from the values that fill them.

The template is the key of the translation, so the command line, a page and a JSON document word one error alike.
"""

from collections.abc import Callable
from typing import Any


class UserError(Exception):
    """What is wrong, where, and what to do, in one sentence. The command line prints it and exits with status 2.

    ``template`` is the English sentence with ``{named}`` places, ``fields`` the values that fill them.
    """

    def __init__(self, template: str, **fields: Any) -> None:
        super().__init__(template, fields)
        self.template = template
        self.fields = fields

    def text(self, translate: Callable[[str], str] = str) -> str:
        """The sentence; ``translate`` turns the template into another language before it is filled."""
        return translate(self.template).format(**self.fields)

    def __str__(self) -> str:
        return self.text()
