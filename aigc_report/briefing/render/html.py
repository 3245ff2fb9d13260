"""A briefing as one web page that needs nothing beside it: no script, no font, no picture from elsewhere.

Headings, lists, tables and figures are what they look like, every chart says in words what it shows, and it prints.
"""

from collections.abc import Callable, Iterable
from functools import cache
from html import escape
from importlib import resources
from typing import Any

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
from aigc_report.briefing.render.imprint import PRODUCT, TONES, VERDICT_TONES, Imprint, Marks
from aigc_report.charts import vector
from aigc_report.i18n import HTML_LANG


def render(briefing: Briefing) -> bytes:
    """The page of `briefing` in UTF-8."""
    return _page(imprint.of(briefing)).encode()


def _page(of: Imprint) -> str:
    briefing, t = of.briefing, of.t
    about = {
        "author": briefing.author,
        "description": of.description,
        "keywords": ", ".join(of.keywords),
        "date": briefing.date.isoformat(),
        "license": briefing.licence,
        "generator": PRODUCT,
    }
    meta = "".join(f'<meta name="{name}" content="{escape(content)}">\n' for name, content in about.items())
    boxes = (briefing.gaps, briefing.method)
    skip, contents_title = t("Skip to content"), t("Contents")
    parts = [
        ("summary", t("Summary"), _summary(of, briefing.summary)),
        *((section.id, section.title, _blocks(of, section.blocks)) for section in briefing.sections),
        *((box.id, box.title, _list(of, box.items)) for box in boxes),
        ("references", t("References"), _references(briefing.references)),
    ]
    contents = "".join(f'<li><a href="#{escape(key)}">{_text(title)}</a></li>' for key, title, _ in parts)
    return (
        f'<!DOCTYPE html>\n<html lang="{HTML_LANG[briefing.lang]}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"{meta}<title>{_text(briefing.title)}</title>\n<style>\n{_css()}</style>\n</head>\n<body>\n"
        f'<a class="skip" href="#main">{_text(skip)}</a>\n<div class="page">\n<header>\n'
        f'<p class="kicker">{_text(of.kicker)}</p>\n<h1>{_text(briefing.title)}</h1>\n'
        + (f'<p class="subtitle">{_text(briefing.subtitle)}</p>\n' if briefing.subtitle else "")
        + f'<p class="facts">{_text(of.facts)}</p>\n</header>\n'
        f'<nav aria-labelledby="contents">\n<h2 id="contents">{_text(contents_title)}</h2>\n'
        f"<ol>{contents}</ol>\n</nav>\n"
        '<main id="main" tabindex="-1">\n'
        + "\n".join(
            f'<section class="{escape(_kind(key))}" aria-labelledby="{escape(key)}">\n'
            f'<h2 id="{escape(key)}">{_text(title)}</h2>\n{body}\n</section>'
            for key, title, body in parts
        )
        + f"\n</main>\n<footer>{_text(of.foot)}</footer>\n</div>\n</body>\n</html>\n"
    )


def _kind(key: str) -> str:
    """How a part of the page looks, by its anchor."""
    return key if key in ("summary", "references") else "part"


@cache
def _css() -> str:
    return (resources.files(__package__) / "briefing.css").read_text(encoding="utf-8")


def _summary(of: Imprint, blocks: Iterable[Block]) -> str:
    """Findings in a row are a numbered list; anything else stands as it is."""
    pieces: list[str] = []
    for block in blocks:
        if not isinstance(block, Finding):
            pieces.append(_block(of, block))
        elif pieces and pieces[-1].endswith("</ol>"):
            pieces[-1] = pieces[-1].removesuffix("</ol>") + f"<li>{_said(of, block)}</li></ol>"
        else:
            pieces.append(f"<ol><li>{_said(of, block)}</li></ol>")
    return "\n".join(pieces)


def _blocks(of: Imprint, blocks: Iterable[Block]) -> str:
    return "\n".join(_block(of, block) for block in blocks)


def _block(of: Imprint, block: Block) -> str:
    return BLOCKS[type(block)](of, block)


def _text(text: str) -> str:
    return escape(text, quote=False)


def _runs(of: Imprint, runs: Runs) -> str:
    return "".join(_piece(piece) for piece in of.pieces(runs))


def _piece(piece: str | Number | Marks) -> str:
    match piece:
        case Number():
            return f'<data value="{piece.value!r}">{_text(piece.text)}</data>'
        case tuple():
            return "<sup>" + "".join(_mark(part) for part in piece) + "</sup>"
        case _:
            return _text(piece)


def _mark(part: str | int) -> str:
    return part if isinstance(part, str) else f'<a href="#ref-{part}">{part}</a>'


def _list(of: Imprint, items: Iterable[Runs]) -> str:
    return "<ul>" + "".join(f"<li>{_runs(of, item)}</li>" for item in items) + "</ul>"


def _said(of: Imprint, block: Finding) -> str:
    details = f"<br>{_runs(of, block.runs)}" if block.runs else ""
    return f"<strong>{_runs(of, block.headline)}</strong>{details}"


def _note(of: Imprint, block: Figure | Table) -> str:
    note = _runs(of, of.note(block))
    return f'<p class="note">{note}</p>' if note else ""


def _caption(label: str, title: str) -> str:
    return f"<strong><span>{_text(label)}</span> {_text(title)}</strong>"


def _figure(of: Imprint, block: Figure) -> str:
    picture = vector.render(block.chart).replace("<svg ", f'<svg role="img" aria-label="{escape(block.alt)}" ', 1)
    caption = f"<p>{_runs(of, block.caption)}</p>" if block.caption else ""
    return (
        f"<figure>\n<figcaption>{_caption(of.labels[block.id], block.chart.title)}"
        f"<small>{_text(block.chart.subtitle)}</small></figcaption>\n"
        f'<div class="wide" tabindex="0" role="group" aria-label="{escape(of.labels[block.id])}">{picture}</div>'
        f"\n{caption}{_note(of, block)}</figure>"
    )


def _table(of: Imprint, block: Table) -> str:
    side = [' class="n"' if column.numeric else "" for column in block.columns]
    whole = sum(column.share for column in block.columns)
    columns = "".join(f'<col style="width:{column.share / whole:.1%}">' for column in block.columns)
    head = "".join(
        f'<th scope="col"{place}>{_text(column.title)}</th>' for column, place in zip(block.columns, side, strict=True)
    )
    rows = "".join(
        f'<tr><th scope="row"{side[0]}>{_runs(of, row[0])}</th>'
        + "".join(f"<td{place}>{_runs(of, cell)}</td>" for cell, place in zip(row[1:], side[1:], strict=True))
        + "</tr>"
        for row in block.rows
    )
    label = of.labels[block.id]
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{escape(f"{label}. {block.caption}")}"><table>'
        f"<caption>{_caption(label, block.caption)}</caption><colgroup>{columns}</colgroup>"
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>\n{_note(of, block)}"
    )


def _verdict(of: Imprint, block: Verdict) -> str:
    tone = TONES[VERDICT_TONES[block.verdict]]
    basis = f"<p>{_runs(of, block.basis)}</p>" if block.basis else ""
    limits = f'<p class="note">{_runs(of, block.limits)}</p>' if block.limits else ""
    return (
        f'<div class="verdict" style="--tone:{tone}"><p><span class="badge">{_text(block.name)}</span> '
        f"<strong>{_text(block.statement)}</strong></p>{basis}{limits}</div>"
    )


def _options(of: Imprint, block: Options) -> str:
    pro, con = of.t("For"), of.t("Against")
    return "\n".join(
        f'<div class="option"><h3>{_text(option.title)}</h3>'
        + (f"<p>{_runs(of, option.what)}</p>" if option.what else "")
        + f'<div class="sides"><div><h4 class="pro">{_text(pro)}</h4>{_list(of, option.speaks_for)}</div>'
        f'<div><h4 class="con">{_text(con)}</h4>{_list(of, option.speaks_against)}</div></div></div>'
        for option in block.options
    )


def _references(references: Iterable[Reference]) -> str:
    items = "".join(
        f'<li id="ref-{each.number}">{_text(each.text)}'
        + (f' <a href="{escape(each.url)}">{_text(each.url)}</a>' if each.url else "")
        + (f" {_text(each.licence)}" if each.licence else "")
        + "</li>"
        for each in references
    )
    return f"<ol>{items}</ol>"


BLOCKS: dict[type, Callable[[Imprint, Any], str]] = {
    Paragraph: lambda of, block: f"<p>{_runs(of, block.runs)}</p>",
    Bullets: lambda of, block: _list(of, block.items),
    Finding: lambda of, block: f"<p>{_said(of, block)}</p>",
    Figure: _figure,
    Table: _table,
    Verdict: _verdict,
    Options: _options,
    Box: lambda of, block: f'<div class="box"><h3>{_text(block.title)}</h3>{_list(of, block.items)}</div>',
}
"""Kind of block to its HTML."""
