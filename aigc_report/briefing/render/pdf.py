"""A briefing as a PDF: set by Typst in the carried typeface, tagged (PDF/UA-1), with bookmarks and vector charts.

The template is `briefing.typ`. It reads what is said here as JSON, so no text of a briefing is ever read as markup.
"""

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, time
from functools import cache
from importlib import resources
from typing import Any

from aigc_report import fonts, typeset
from aigc_report.briefing.model import (
    Block,
    Box,
    Briefing,
    Bullets,
    Figure,
    Finding,
    Number,
    Options,
    Paragraph,
    Reference,
    Runs,
    Table,
    Verdict,
)
from aigc_report.briefing.render import imprint
from aigc_report.briefing.render.imprint import TONES, VERDICT_TONES, Imprint
from aigc_report.charts import vector

FLOATING = 14
"""Rows from which on a figure may move to the next page and let the text go on: it takes most of one."""

Pictures = dict[str, bytes]
"""Name of a file to the drawing it holds."""


def render(briefing: Briefing) -> bytes:
    """The PDF of `briefing`; `fonts.NotPrintable` for a character without a glyph, `typeset.NotSet` if Typst fails."""
    pictures: Pictures = {}
    text = json.dumps(_document(imprint.of(briefing), pictures), ensure_ascii=False)
    fonts.check([text, *(picture.decode() for picture in pictures.values())])
    moment = datetime.combine(briefing.date, time(), UTC)
    return typeset.pdf({"main.typ": _template(), "briefing.json": text.encode(), **pictures}, moment)


@cache
def _template() -> bytes:
    return (resources.files(__package__) / "briefing.typ").read_bytes()


def _document(of: Imprint, pictures: Pictures) -> dict[str, Any]:
    """What the template reads; drawings go into `pictures`."""
    briefing, t = of.briefing, of.t
    return {
        "lang": briefing.lang,
        "region": "cn" if briefing.lang == "zh" else "gb",
        "title": briefing.title,
        "subtitle": briefing.subtitle,
        "audience": briefing.audience_name,
        "kicker": of.kicker,
        "facts": of.facts,
        "foot": of.foot,
        "author": briefing.author,
        "description": f"{of.description} {briefing.licence}",
        "keywords": list(of.keywords),
        "date": [briefing.date.year, briefing.date.month, briefing.date.day],
        "tones": TONES,
        "words": {
            "summary": t("Summary"),
            "contents": t("Contents"),
            "references": t("References"),
            "pro": t("For"),
            "con": t("Against"),
        },
        "summary": _blocks(of, briefing.summary, pictures),
        "sections": [
            {"id": section.id, "title": section.title, "blocks": _blocks(of, section.blocks, pictures)}
            for section in briefing.sections
        ],
        "boxes": [{"id": b.id, "title": b.title, **_box(of, b, pictures)} for b in (briefing.gaps, briefing.method)],
        "references": [_reference(reference) for reference in briefing.references],
    }


def _blocks(of: Imprint, blocks: Iterable[Block], pictures: Pictures) -> list[dict[str, Any]]:
    return [{"kind": type(block).__name__.lower(), **BLOCKS[type(block)](of, block, pictures)} for block in blocks]


def _runs(of: Imprint, runs: Runs) -> list[Any]:
    """Runs as the template reads them: texts, and citations as words and numbers."""
    found: list[Any] = []
    for piece in of.pieces(runs):
        match piece:
            case Number():
                found.append(piece.text)
            case tuple():
                found.append({"cite": list(piece)})
            case _:
                found.append(piece)
    return found


def _items(of: Imprint, items: Iterable[Runs]) -> list[list[Any]]:
    return [_runs(of, item) for item in items]


def _finding(of: Imprint, block: Finding, pictures: Pictures) -> dict[str, Any]:
    return {"headline": _runs(of, block.headline), "runs": _runs(of, block.runs)}


def _figure(of: Imprint, block: Figure, pictures: Pictures) -> dict[str, Any]:
    name = f"{len(pictures) + 1}.svg"
    pictures[name] = vector.render(block.chart).encode()
    return {
        "label": of.labels[block.id],
        "title": block.chart.title,
        "subtitle": block.chart.subtitle,
        "caption": _runs(of, block.caption),
        "alt": block.alt,
        "file": name,
        "tall": len(block.chart.order) > FLOATING,
        "note": _runs(of, of.note(block)),
    }


def _table(of: Imprint, block: Table, pictures: Pictures) -> dict[str, Any]:
    return {
        "label": of.labels[block.id],
        "title": block.caption,
        "head": [column.title for column in block.columns],
        "numeric": [column.numeric for column in block.columns],
        "shares": [column.share for column in block.columns],
        "rows": [_items(of, row) for row in block.rows],
        "note": _runs(of, of.note(block)),
    }


def _verdict(of: Imprint, block: Verdict, pictures: Pictures) -> dict[str, Any]:
    return {
        "name": block.name,
        "colour": TONES[VERDICT_TONES[block.verdict]],
        "statement": block.statement,
        "basis": _runs(of, block.basis),
        "limits": _runs(of, block.limits),
    }


def _options(of: Imprint, block: Options, pictures: Pictures) -> dict[str, Any]:
    return {
        "options": [
            {
                "title": option.title,
                "what": _runs(of, option.what),
                "pro": _items(of, option.speaks_for),
                "con": _items(of, option.speaks_against),
            }
            for option in block.options
        ]
    }


def _box(of: Imprint, block: Box, pictures: Pictures) -> dict[str, Any]:
    return {"title": block.title, "items": _items(of, block.items)}


def _reference(reference: Reference) -> dict[str, Any]:
    return {
        "number": reference.number,
        "text": reference.text,
        "url": reference.url,
        "licence": reference.licence,
    }


BLOCKS: dict[type, Callable[[Imprint, Any, Pictures], dict[str, Any]]] = {
    Paragraph: lambda of, block, _: {"runs": _runs(of, block.runs)},
    Bullets: lambda of, block, _: {"items": _items(of, block.items)},
    Finding: _finding,
    Figure: _figure,
    Table: _table,
    Verdict: _verdict,
    Options: _options,
    Box: _box,
}
"""Kind of block to what the template reads of it."""
