"""Office files with nothing in them that depends on when they were made: the same briefing gives the same bytes.

An office file is a zip archive. What differs from one making to the next is the time of its parts, and in workbooks
behind charts the day on which they say they were created; both become the day of the briefing.
"""

import io
import re
import zipfile
from datetime import date

_MOMENT = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
PROPERTIES = "docProps/core.xml"
"""The part that says who made a file, and when."""


def dated(content: bytes, day: date) -> bytes:
    """The archive with every part, and every workbook within it, made on `day`."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as read, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as write:
        for part in read.infolist():
            held = read.read(part)
            if part.filename.endswith(".xlsx"):
                held = dated(held, day)
            elif part.filename == PROPERTIES:
                held = _MOMENT.sub(rb"\g<1>" + f"{day.isoformat()}T00:00:00Z".encode(), held)
            made = zipfile.ZipInfo(part.filename, (day.year, day.month, day.day, 0, 0, 0))
            made.compress_type, made.external_attr = zipfile.ZIP_DEFLATED, part.external_attr
            made.create_system = 0  # else it says on which kind of system it was made
            write.writestr(made, held)
    return out.getvalue()
