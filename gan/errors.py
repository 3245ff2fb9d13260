"""Errors a user can act on: what is wrong, where, and what to do."""


class UsageError(Exception):
    """The request cannot be carried out as it stands; the message is one sentence that says what to do.

    The command line prints it on stderr and exits with status 2.
    """


class Busy(UsageError):
    """Another process holds the lock of the run or the device."""
