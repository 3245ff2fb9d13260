"""Errors a user can act on: what is wrong, where, and what to do."""


class UsageError(Exception):
    """The request cannot be carried out as it stands; the message is one sentence that says what to do.

    The command line prints it on stderr and exits with status 2. ``template`` is the sentence in English, with
    ``{named}`` places for ``fields``: who speaks another language looks the template up and fills it there. A sentence
    that is given whole has no fields and is taken as it stands.
    """

    def __init__(self, template: str, **fields: object) -> None:
        super().__init__(template)
        self.template = template
        self.fields = fields

    def __str__(self) -> str:
        return self.template.format(**self.fields) if self.fields else self.template


class Busy(UsageError):
    """Another process holds the lock of the run or the device."""
