"""`aigc-report brief` and `aigc-report verify`: a briefing with its manifest, and every number of it derived again."""

import datetime
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from aigc_report.commands.output import as_json_text
from aigc_report.errors import UserError

Format = Literal["pdf", "html", "docx", "pptx"]
FORMATS = ("pdf", "html", "docx", "pptx")


def brief(
    audience: Annotated[str, typer.Option(help="government, enterprise, research, practitioner or public.")],
    out: Annotated[Path, typer.Option(help="The file to write; its manifest is written beside it.")],
    lang: Annotated[Literal["en", "zh"], typer.Option(help="Language of the briefing.")] = "en",
    geo: Annotated[str, typer.Option(help="Countries by ISO 3166-1 alpha-3 code, parted by commas.")] = "",
    sections: Annotated[str, typer.Option(help="Sections by id, parted by commas; all where left out.")] = "",
    date: Annotated[
        str, typer.Option(help="Date of the briefing (2026-11-25); SOURCE_DATE_EPOCH's or today's where left out.")
    ] = "",
    format: Annotated[
        Format | None, typer.Option(help="pdf, html, docx or pptx; taken from the name of the file where left out.")
    ] = None,
) -> None:
    """Write a briefing for an audience, with every number traceable and derivable again.

    \b
    aigc-report brief --audience government --lang en --geo DEU,FRA --format pdf --out briefing.pdf
    aigc-report brief --audience public --lang zh --out briefing.html
    aigc-report verify briefing.pdf.manifest.json
    """
    chosen = format or out.suffix.removeprefix(".").lower()
    if chosen not in FORMATS:
        raise UserError(
            "The name {file} does not say which format is wanted; give --format, one of {known}.",
            file=out,
            known=", ".join(FORMATS),
        )
    if out.is_dir():
        raise UserError("{file} is a folder; give the name of a file in it.", file=out)
    if not out.parent.is_dir():
        raise UserError("{file} cannot be written: there is no folder {folder}.", file=out, folder=out.parent)
    from aigc_report.briefing.compose import Request, compose
    from aigc_report.briefing.produce import keep, render

    request = Request(audience, lang, _codes(geo), _words(sections), _date(date))
    made = render(compose(request), chosen, out.name)
    manifest = made.write(out)
    print(f"Written: {out}\nWritten: {manifest}", file=sys.stderr)
    try:
        kept = keep(made)
    except UserError as error:  # the briefing asked for is there: only the history lacks it
        print(f"Not kept for the page Briefings: {error}", file=sys.stderr)
    else:
        print(f"Kept for the page Briefings: {kept.file}", file=sys.stderr)


def verify(
    manifest: Annotated[Path, typer.Argument(help="The manifest beside a briefing: its name and .manifest.json.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print what was found as JSON.")] = False,
) -> None:
    """Derive every number of a briefing again; exit 0 where all agree, 1 where one differs, each named with its reason.

    \b
    aigc-report verify briefing.pdf.manifest.json
    aigc-report verify briefing.pdf.manifest.json --json
    """
    from aigc_report.briefing import verify as verification

    found = verification.verify(manifest)
    if as_json:
        print(as_json_text(found.to_json()))
    else:
        for line in verification.lines(found):
            print(line)
    if not found.ok:
        raise typer.Exit(1)


def _codes(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code.upper() for code in _words(text)))


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for part in text.split(",") if (word := part.strip()))


def _date(text: str) -> datetime.date | None:
    if not text:
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise UserError('"{date}" is no date; write it as 2026-11-25.', date=text) from None
