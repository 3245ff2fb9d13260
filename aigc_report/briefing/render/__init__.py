"""Formats of a briefing: each takes a `Briefing` and nothing else, and gives the bytes of a file.

A format and the library it needs are loaded when it is first used; reading a briefing's model loads none of them.
"""

import importlib
from collections.abc import Callable

from aigc_report.briefing.model import Briefing
from aigc_report.errors import UserError

Renderer = Callable[[Briefing], bytes]

PACKAGES: dict[str, str] = {"typst": "typst", "docx": "python-docx", "pptx": "python-pptx", "lxml": "lxml"}
"""Module to the package that brings it, for those that formats need."""

MEDIA_TYPES: dict[str, str] = {
    "pdf": "application/pdf",
    "html": "text/html",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
"""Format to the type under which a file of it is handed to a browser."""


class MissingPackage(UserError):
    """A format cannot be made because a package is not installed."""

    def __init__(self, format: str, package: str) -> None:
        super().__init__(
            "The format {format} needs the package {package}, which is not installed: run pip install {package}, or "
            "choose another format.",
            format=format,
            package=package,
        )


def _renderer(format: str) -> Renderer:
    def render(briefing: Briefing) -> bytes:
        try:
            module = importlib.import_module(f"{__name__}.{format}")
        except ModuleNotFoundError as error:
            package = PACKAGES.get((error.name or "").split(".")[0])
            if package is None:
                raise
            raise MissingPackage(format, package) from error
        made: bytes = module.render(briefing)
        return made

    render.__doc__ = f"The {format.upper()} file of a briefing."
    return render


RENDERERS: dict[str, Renderer] = {format: _renderer(format) for format in MEDIA_TYPES}
"""Format to what makes a file of it."""
