"""Set type with Typst: sources in, a PDF or picture out, in the carried typeface and no other.

Fonts of the machine and those inside Typst are left out, so that every machine prints the same page. Typst says nothing
when a glyph is missing, so texts are checked before (`fonts.check`), and whatever it warns of is an error here.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

import typst

from aigc_report import fonts
from aigc_report.errors import UserError

PIXEL_PT = 0.75
"""A CSS pixel in points."""
PPI = 200
"""Fine enough for print at the width of a page, and a tenth of a megabyte a chart."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class NotSet(UserError):
    """Typst did not set a document; its own words say why."""


def pdf(files: Mapping[str, bytes], moment: datetime) -> bytes:
    """The tagged PDF (PDF/UA-1) of ``files["main.typ"]``, dated `moment`: the same sources give the same bytes."""
    return _compile(files, format="pdf", pdf_standards=["ua-1"], timestamp=moment)


def png(svg: str, width_px: int) -> bytes:
    """A picture of `svg`, which is `width_px` wide, for documents that cannot hold a drawing."""
    page = f"#set page(width: {width_px * PIXEL_PT}pt, height: auto, margin: 0pt)\n"
    main = page + '#image("picture.svg", width: 100%)'
    return _compile({"main.typ": main.encode(), "picture.svg": svg.encode()}, format="png", ppi=PPI, timestamp=_EPOCH)


def _compile(files: Mapping[str, bytes], **settings: Any) -> bytes:
    try:
        made, warnings = typst.compile_with_warnings(dict(files), font_paths=_faces(), **settings)
    except typst.TypstError as error:
        raise NotSet("Typst could not set the document: {reason}", reason=_said(error)) from error
    if warnings:
        raise NotSet("Typst warned of the document: {reason}", reason="; ".join(_said(w) for w in warnings))
    return bytes(made)


def _said(problem: Any) -> str:
    hints = " ".join(getattr(problem, "hints", None) or [])
    return f"{getattr(problem, 'message', problem)} {hints}".strip()


@cache
def _faces() -> typst.Fonts:
    """The carried fonts, opened once for the process."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(fonts.folder())])
