"""A briefing as a Word document to be worked on: real headings, captions, lists, contents, alternative texts.

Charts stand as pictures (python-docx holds no charts); the presentation holds them as charts that can be changed.
"""

import io
import re
from collections.abc import Callable, Iterable
from datetime import datetime, time
from typing import Any

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph as Line

from aigc_report import typeset
from aigc_report.briefing.model import (
    Block,
    Box,
    Briefing,
    Bullets,
    Figure,
    Finding,
    Number,
    Option,
    Options,
    Paragraph,
    Reference,
    Runs,
    Table,
    Verdict,
    plain,
)
from aigc_report.briefing.render import imprint, package, wordml
from aigc_report.briefing.render.imprint import TONES, VERDICT_TONES, Imprint, Tone
from aigc_report.briefing.render.wordml import ACCENT, NOTE, PALE, TEXT_MM
from aigc_report.charts import vector
from aigc_report.charts.plane import WIDTH
from aigc_report.i18n import HTML_LANG

BULLETS = "List Bullet"
SHORT = 700
"""Letters of a finding that is not parted over pages."""
WHOLE = 12
"""Rows of a table that stays on one page, with the line below it."""


def render(briefing: Briefing) -> bytes:
    """The document of `briefing`."""
    of = imprint.of(briefing)
    document = docx.Document()
    _properties(document, of)
    wordml.styles(document, briefing.lang)
    _page(document, of)
    _opening(document, of)
    _summary(document, of)
    _contents(document, of)
    for n, section in enumerate(briefing.sections):
        heading = _heading(document, section.title, section.id)
        heading.paragraph_format.page_break_before = n == 0  # the first page can be handed over by itself
        _blocks(document, of, section.blocks)
    for box in (briefing.gaps, briefing.method):
        _heading(document, box.title, box.id)
        _bullets(document, of, box.items)
    _heading(document, of.t("References"), "references")
    _references(document, briefing.references)
    out = io.BytesIO()
    document.save(out)
    return package.dated(out.getvalue(), briefing.date)


# ---- the document as a whole ----


def _properties(document: Document, of: Imprint) -> None:
    about, briefing = document.core_properties, of.briefing
    about.title, about.author, about.keywords = briefing.title, briefing.author, ", ".join(of.keywords)
    about.comments = f"{of.description} {briefing.licence}"
    about.language = HTML_LANG[briefing.lang]
    about.created = about.modified = datetime.combine(briefing.date, time())
    about.last_modified_by = briefing.author


def _page(document: Document, of: Imprint) -> None:
    """A4, with the title above and the number of the page below."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm((210 - TEXT_MM) / 2)
    section.top_margin = section.bottom_margin = Mm(21)
    section.different_first_page_header_footer = True
    section.header.paragraphs[0].add_run(of.briefing.title)
    for footer in (section.footer, section.first_page_footer):
        foot = footer.paragraphs[0]
        foot.add_run(f"{of.foot}  ·  ")
        wordml.begin_field(foot, "PAGE")
        foot.add_run("1")
        wordml.end_field(foot)


def _opening(document: Document, of: Imprint) -> None:
    """Title and what it is."""
    briefing = of.briefing
    _plain(document.add_paragraph(), of.kicker, size=9, colour=ACCENT, bold=True)
    document.add_paragraph(briefing.title, style="Title")
    if briefing.subtitle:
        document.add_paragraph(briefing.subtitle, style="Subtitle")
    facts = document.add_paragraph(of.facts, style=NOTE)
    wordml.border(facts, "top", ACCENT, 12)


def _contents(document: Document, of: Imprint) -> None:
    """A table of contents: it lists the headings at once, and their pages wherever fields are worked out."""
    briefing = of.briefing
    heading = document.add_paragraph()
    _plain(heading, of.t("Contents"), bold=True)
    heading.paragraph_format.keep_with_next = True
    parts = [
        *((section.id, section.title) for section in briefing.sections),
        *((box.id, box.title) for box in (briefing.gaps, briefing.method)),
        ("references", of.t("References")),
    ]
    lines = [document.add_paragraph(style=wordml.CONTENTS) for _ in parts]
    wordml.begin_field(lines[0], r'TOC \o "1-1" \h \z \u')
    for line, (key, title) in zip(lines, parts, strict=True):
        line.paragraph_format.keep_with_next = line is not lines[-1]
        wordml.anchor_link(line, key, title)
        wordml.page_of(line, key)
    wordml.end_field(lines[-1])


def _summary(document: Document, of: Imprint) -> None:
    """Its findings are a numbered list on a pale ground; anything else stands as it is."""
    _heading(document, of.t("Summary"), "summary")
    for block in of.briefing.summary:
        if not isinstance(block, Finding):
            _blocks(document, of, (block,))
            continue
        line = document.add_paragraph(style="List Number")
        _said(line, of, block)
        wordml.shade(line._p.get_or_add_pPr(), PALE)


# ---- blocks ----


def _blocks(document: Document, of: Imprint, blocks: Iterable[Block]) -> None:
    before: Block | None = None
    for block in blocks:
        if isinstance(block, Options) and isinstance(before, Paragraph):  # what leads to options stays with them
            document.paragraphs[-1].paragraph_format.keep_with_next = True
        BLOCKS[type(block)](document, of, block)
        before = block


def _heading(document: Document, title: str, key: str) -> Line:
    line: Line = document.add_heading(title, 1)
    wordml.bookmark(line, key)
    return line


def _said(line: Line, of: Imprint, block: Finding) -> None:
    _write(line, of, block.headline, bold=True)
    if block.runs:
        line.add_run().add_break()
        _write(line, of, block.runs)


def _finding(document: Document, of: Imprint, block: Finding) -> None:
    line = document.add_paragraph()
    line.paragraph_format.space_before = Pt(5)
    line.paragraph_format.keep_together = len(plain(block.runs)) <= SHORT
    _said(line, of, block)


def _bullets(document: Document, of: Imprint, items: Iterable[Runs]) -> None:
    for item in items:
        _write(document.add_paragraph(style=BULLETS), of, item)


def _figure(document: Document, of: Imprint, block: Figure) -> None:
    _caption(document, of.labels[block.id], block.chart.title)
    subtitle = document.add_paragraph(block.chart.subtitle, style=NOTE)
    subtitle.paragraph_format.keep_with_next = True
    subtitle.paragraph_format.space_after = Pt(4)
    picture = io.BytesIO(typeset.png(vector.render(block.chart), WIDTH))
    line = document.add_paragraph()
    line.paragraph_format.keep_with_next = True
    line.paragraph_format.line_spacing = 1.0
    about = line.add_run().add_picture(picture, width=Mm(TEXT_MM))._inline.docPr
    about.set("descr", block.alt)
    about.set("title", block.chart.title)
    if block.caption:
        caption = document.add_paragraph()
        _write(caption, of, block.caption, size=9.5)
        caption.paragraph_format.space_after = Pt(3)
    _note(document, of, block)


def _table(document: Document, of: Imprint, block: Table) -> None:
    _caption(document, of.labels[block.id], block.caption)
    table = document.add_table(rows=1 + len(block.rows), cols=len(block.columns))
    table.autofit = False
    wordml.rules(table)
    whole = sum(column.share for column in block.columns)
    heads = tuple((column.title,) for column in block.columns)
    for n, words in enumerate((heads, *block.rows)):
        row = table.rows[n]
        for cell, runs, column in zip(row.cells, words, block.columns, strict=True):
            cell.width = Mm(TEXT_MM * column.share / whole)
            line = cell.paragraphs[0]
            _write(line, of, runs, size=9, bold=n == 0)
            line.paragraph_format.space_after = Pt(2)
            line.paragraph_format.line_spacing = 1.1
            line.paragraph_format.keep_with_next = n == 0 or len(block.rows) <= WHOLE
            if column.numeric:
                line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _whole(table)
    _note(document, of, block)


def _whole(table: Any) -> None:
    """Rows that are not parted over pages, and a first row that heads every page of the table."""
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _hex(tone: Tone) -> str:
    return TONES[tone].lstrip("#").upper()


def _verdict(document: Document, of: Imprint, block: Verdict) -> None:
    tone = _hex(VERDICT_TONES[block.verdict])
    head = document.add_paragraph()
    badge = head.add_run(f" {block.name} ")
    badge.font.bold, badge.font.size, badge.font.color.rgb = True, Pt(8.5), RGBColor(255, 255, 255)
    wordml.shade(badge._r.get_or_add_rPr(), tone)
    _plain(head, f"  {block.statement}", bold=True)
    lines = [head]
    for runs, style in ((block.basis, "Normal"), (block.limits, NOTE)):
        if runs:
            lines[-1].paragraph_format.keep_with_next = True
            lines.append(document.add_paragraph(style=style))
            _write(lines[-1], of, runs)
    for line in lines:
        wordml.border(line, "left", tone, 18)


def _options(document: Document, of: Imprint, block: Options) -> None:
    for option in block.options:
        document.add_heading(option.title, 2)
        if option.what:
            what = document.add_paragraph()
            what.paragraph_format.keep_with_next = True
            _write(what, of, option.what)
        _sides(document, of, option)


def _sides(document: Document, of: Imprint, option: Option) -> None:
    """What speaks for an option beside what speaks against it, on one page."""
    table = document.add_table(rows=2, cols=2)
    table.autofit = False
    wordml.rules(table)
    sides: tuple[tuple[str, Tone, tuple[Runs, ...]], ...] = (
        (of.t("For"), "good", option.speaks_for),
        (of.t("Against"), "bad", option.speaks_against),
    )
    for column, (title, tone, items) in enumerate(sides):
        head, body = (row.cells[column] for row in table.rows)
        head.width = body.width = Mm(TEXT_MM / len(sides))
        line = head.paragraphs[0]
        _plain(line, title, size=9.5, colour=_hex(tone), bold=True)
        line.paragraph_format.space_after = Pt(2)
        line.paragraph_format.keep_with_next = True
        for n, item in enumerate(items):
            line = body.add_paragraph(style=BULLETS) if n else body.paragraphs[0]
            line.style = document.styles[BULLETS]
            _write(line, of, item, size=9)
    _whole(table)
    document.add_paragraph().paragraph_format.space_after = Pt(0)


def _box(document: Document, of: Imprint, block: Box) -> None:
    lines = [document.add_paragraph()]
    _plain(lines[0], block.title, bold=True)
    for item in block.items:
        lines.append(document.add_paragraph(style=BULLETS))
        _write(lines[-1], of, item)
    for line in lines:
        wordml.shade(line._p.get_or_add_pPr(), PALE)


def _references(document: Document, references: Iterable[Reference]) -> None:
    for each in references:
        line = document.add_paragraph(style=wordml.REFERENCE)
        line.paragraph_format.left_indent, line.paragraph_format.first_line_indent = Mm(8), Mm(-8)
        line.paragraph_format.space_after = Pt(1.5)
        line.paragraph_format.tab_stops.add_tab_stop(Mm(8))
        _plain(line, f"{each.number}.\t{each.text} ")
        if each.url:
            wordml.link(line, each.url, each.url)
        if each.licence:
            _plain(line, f" {each.licence}")
        wordml.bookmark(line, f"ref-{each.number}")


def _caption(document: Document, label: str, title: str) -> None:
    """The caption with its number as a field, so that a table of figures and cross-references work."""
    line = document.add_paragraph(style="Caption")
    found = re.fullmatch(r"(\D*)(\d+)(.*)", label)
    assert found is not None, f"no number in the label {label!r}"
    kind, number, rest = found.groups()
    _plain(line, kind, colour=ACCENT)
    wordml.begin_field(line, f"SEQ {kind.strip()} \\* ARABIC")
    _plain(line, number, colour=ACCENT)
    wordml.end_field(line)
    _plain(line, f"{rest}  {title}")


def _note(document: Document, of: Imprint, block: Figure | Table) -> None:
    _write(document.add_paragraph(style=NOTE), of, of.note(block))


# ---- words ----


def _write(line: Line, of: Imprint, runs: Runs, *, size: float = 0, bold: bool = False) -> None:
    """Append runs to a paragraph."""
    for piece in of.pieces(runs):
        match piece:
            case Number():
                _plain(line, piece.text, size=size, bold=bold)
            case tuple():
                for part in piece:
                    if isinstance(part, int):
                        wordml.anchor_link(line, f"ref-{part}", str(part), raised=True)
                    else:
                        line.add_run(part).font.superscript = True
            case _:
                _plain(line, piece, size=size, bold=bold)


def _plain(line: Line, text: str, *, size: float = 0, colour: str = "", bold: bool = False) -> None:
    run = line.add_run(text)
    run.font.bold = bold or None
    if size:
        run.font.size = Pt(size)
    if colour:
        run.font.color.rgb = RGBColor.from_string(colour)


BLOCKS: dict[type, Callable[[Document, Imprint, Any], None]] = {
    Paragraph: lambda document, of, block: _write(document.add_paragraph(), of, block.runs),
    Bullets: lambda document, of, block: _bullets(document, of, block.items),
    Finding: _finding,
    Figure: _figure,
    Table: _table,
    Verdict: _verdict,
    Options: _options,
    Box: _box,
}
"""Kind of block to how it is written."""
