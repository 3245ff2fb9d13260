"""A series of a reader's own, from a table that was brought rather than a file on this machine."""

import tempfile
from dataclasses import replace
from pathlib import Path

from aigc_report.diffusion.series import Series, read
from aigc_report.errors import UserError
from aigc_report.i18n import N_
from aigc_report.uploads import Table

MOST_ROWS = 400
"""Back-tests of so many rows take ten seconds of a processor while others wait; the command line has no such limit."""


def series(brought: Table, *, levels: bool, time_from_period: bool = False) -> Series:
    """The series in the columns ``period`` and ``value`` of `brought`; `UserError` as in `read`, with its own name."""
    if len(brought.frame) > MOST_ROWS:
        raise UserError(
            N_(
                "{file} has {n} rows; at most {most} are forecast here. Give years, quarters or months instead of days."
            ),
            file=brought.name,
            n=len(brought.frame),
            most=MOST_ROWS,
        )
    with tempfile.TemporaryDirectory() as folder:
        path = brought.write(Path(folder))
        try:
            found = read(path, levels=levels, time_from_period=time_from_period)
        except UserError as error:
            raise UserError(error.template, **(error.fields | {"file": brought.name})) from None
    named = {"en": brought.name, "zh": brought.name}
    nothing = {"en": "", "zh": ""}
    return replace(found, name=brought.name, title=named, caveat=nothing, population=nothing)
