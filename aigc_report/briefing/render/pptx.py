"""A briefing as slides: charts that can be changed where they stand, sources and details in the notes.

`slides` decides which slides there are; here is how each looks.
"""

import io
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

import pptx
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from aigc_report import fonts
from aigc_report.briefing.model import Briefing, Figure, Option, Table, Verdict, plain
from aigc_report.briefing.render import imprint, package, slides
from aigc_report.briefing.render.imprint import TONES, VERDICT_TONES, Imprint, Tone
from aigc_report.charts import office
from aigc_report.charts.office import Box
from aigc_report.i18n import HTML_LANG

WIDTH, HEIGHT = Inches(13.333), Inches(7.5)
EDGE, TOP, FOOT = Inches(0.6), Inches(1.6), Inches(6.8)
INNER = WIDTH - 2 * EDGE
FONTS = (b"Arial", b"Microsoft YaHei")
"""Latin and Chinese: declared, not carried; another office program takes its nearest."""
INK, MUTED, ACCENT = "1B2430", "5A6472", "236AA3"
LANGUAGES = {"en": "en-GB", "zh": "zh-CN"}
LEADING, BETWEEN = 1.2, 0.5
"""Height of a line, and space after a paragraph, as multiples of the size of its letters."""
LEAST_PT = 11
DETAIL_PT = 12
"""Least size at which details are shown; smaller they are left to the notes."""
ROWS = 11
"""Rows of a table that a slide has room for; the notes hold all."""
FEW_ROWS = 5
"""So few stand in larger letters."""
SOURCES = 14
NOTE_LETTERS = 300
"""Letters of a source line that a slide has room for; the notes hold all of it."""


def render(briefing: Briefing) -> bytes:
    """The slides of `briefing`."""
    of = imprint.of(briefing)
    deck = pptx.Presentation()
    deck.slide_width, deck.slide_height = WIDTH, HEIGHT
    _theme(deck)
    _properties(deck, of)
    _first(deck, of)
    for plan in slides.plan(of):
        _slide(deck, of, plan)
    _last(deck, of)
    out = io.BytesIO()
    deck.save(out)
    return package.dated(out.getvalue(), briefing.date)


def _theme(deck: Any) -> None:
    """Our families and colour in place of those of the library's template: text, tables and charts follow the theme."""
    part = deck.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    latin, chinese = FONTS
    text = part.blob.replace(b'typeface="Calibri"', b'typeface="' + latin + b'"')
    text = text.replace(b'<a:ea typeface=""/>', b'<a:ea typeface="' + chinese + b'"/>')
    part._blob = text.replace(b"4F81BD", ACCENT.encode())


def _properties(deck: Any, of: Imprint) -> None:
    about, briefing = deck.core_properties, of.briefing
    about.title, about.author, about.keywords = briefing.title, briefing.author, ", ".join(of.keywords)
    about.comments, about.language = f"{of.description} {briefing.licence}", HTML_LANG[briefing.lang]
    about.created = about.modified = datetime.combine(briefing.date, time())
    about.last_modified_by = briefing.author


# ---- slides ----


@dataclass(frozen=True)
class _Page:
    """One slide and the language of its words."""

    slide: Any
    lang: str

    def put(self, box: Box, lines: Sequence[str], size: float, *, colour: str = INK, bold: bool = False) -> Any:
        """A box of text, a paragraph for each line."""
        shape = self.slide.shapes.add_textbox(box.left, box.top, box.width, box.height)
        shape.text_frame.margin_left = shape.text_frame.margin_right = 0
        self.fill(shape.text_frame, lines, size, colour=colour, bold=bold)
        return shape

    def fill(self, frame: Any, lines: Sequence[str], size: float, *, colour: str = "", bold: bool = False) -> None:
        """Write `lines` as the paragraphs of a text frame; without a colour in that of the theme."""
        frame.word_wrap = True
        for n, text in enumerate(lines):
            run = (frame.paragraphs[0] if n == 0 else frame.add_paragraph()).add_run()
            run.text = text
            run.font.size, run.font.bold = Pt(size), bold or None
            run._r.get_or_add_rPr().set("lang", LANGUAGES[self.lang])
            if colour:
                run.font.color.rgb = RGBColor.from_string(colour)

    def points(
        self,
        box: Box,
        points: Sequence[str],
        size: float,
        *,
        bullets: bool = True,
        lead: bool = False,
        least: float = LEAST_PT,
    ) -> None:
        """Points as large as fits; what does not fit at the least size is left to the notes, by whole sentences.

        With `lead` the first one is set in bold.
        """
        size = _fitting(points, box, size, least)
        kept = list(points)
        while kept and _height(kept, box, size) > box.height:
            said = slides.sentences(kept[-1])
            kept[-1:] = ["".join(said[:-1]).rstrip()] if len(said) > 1 else []
        for n, paragraph in enumerate(self.put(box, kept, size).text_frame.paragraphs):
            paragraph.runs[0].font.bold = True if lead and n == 0 else None
            paragraph.space_after = Pt(size * BETWEEN)
            if bullets:
                _bullet(paragraph, size)

    def findings(self, box: Box, plan: slides.Slide, size: float) -> int:
        """Points, each with its details below it, of as many from the first on as can be read; how high they stand."""
        points = _said(plan)
        details = [plain(runs) for runs in plan.details] or [""] * len(points)
        for shown in range(len(points), 0, -1) if any(details) else ():
            told = [*details[:shown], *[""] * (len(points) - shown)]
            both = zip(points, told, strict=True)
            said = [(line, leads) for pair in both for line, leads in zip(pair, (True, False), strict=True) if line]
            lines = [line for line, _ in said]
            large = _fitting(lines, box, size, DETAIL_PT)
            if (high := _height(lines, box, large)) <= box.height:
                paragraphs = self.put(box, lines, large).text_frame.paragraphs
                for paragraph, (_, leads) in zip(paragraphs, said, strict=True):
                    paragraph.runs[0].font.bold = leads or None
                    paragraph.space_after = Pt(large * BETWEEN)
                return int(high)
        points = [point for point in points if point]
        self.points(box, points, size)
        return int(min(box.height, _height(points, box, _fitting(points, box, size, LEAST_PT))))

    def title(self, text: str, box: Box, size: float) -> None:
        """The slide's own title, which outlines and screen readers go by."""
        shape = self.slide.shapes.title
        shape.left, shape.top, shape.width, shape.height = box.left, box.top, box.width, box.height
        shape.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
        shape.text_frame.margin_left = 0
        self.fill(shape.text_frame, [text], _fitting((text,), box, size), colour=INK, bold=True)
        shape.text_frame.paragraphs[0].alignment = PP_ALIGN.LEFT

    def rule(self, box: Box) -> None:
        """A coloured bar, which says nothing."""
        shape = self.slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, box.left, box.top, box.width, box.height)
        shape.fill.solid()
        shape.fill.fore_color.rgb = RGBColor.from_string(ACCENT)
        shape.line.fill.background()
        shape.shadow.inherit = False
        shape.name = "rule"

    def say(self, notes: Sequence[str]) -> None:
        """The speaker's notes."""
        self.slide.notes_slide.notes_text_frame.text = "\n".join(note for note in notes if note)


def _add(deck: Any, of: Imprint) -> _Page:
    return _Page(deck.slides.add_slide(deck.slide_layouts[5]), of.briefing.lang)  # "Title Only"


def _first(deck: Any, of: Imprint) -> None:
    page, briefing = _add(deck, of), of.briefing
    page.title(briefing.title, _box(EDGE, Inches(2.15), INNER, Inches(1.9)), 40)
    page.rule(_box(EDGE, Inches(1.95), Inches(1.2), Pt(5)))
    page.put(_box(EDGE, Inches(1.3), INNER, Inches(0.5)), [of.kicker], 14, colour=ACCENT, bold=True)
    page.put(_box(EDGE, Inches(4.1), INNER, Inches(1.0)), [briefing.subtitle], 20, colour=MUTED)
    page.put(_box(EDGE, Inches(5.9), INNER, Inches(0.9)), [of.facts, briefing.licence], 12, colour=MUTED)
    page.say([of.description, briefing.licence])


def _slide(deck: Any, of: Imprint, plan: slides.Slide) -> None:
    page = _head(deck, of, plan.title, plan.asked)
    show = next((SHOWS[type(block)] for block in plan.shows), _show_points)
    show(page, of, plan)
    page.say(plan.notes)


def _last(deck: Any, of: Imprint) -> None:
    """The sources in two columns, as many as there is room for; the notes hold all."""
    page = _head(deck, of, of.t("References"))
    items = [f"{each.number}. {each.text}" for each in of.briefing.references]
    kept = items[:SOURCES]
    if len(items) > len(kept):
        kept[-1:] = [of.t("{n} more in the notes to this slide.", n=len(items) - len(kept) + 1)]
    gap = Inches(0.5)
    wide = (INNER - gap) // 2
    half = (len(kept) + 1) // 2
    for column, some in enumerate((kept[:half], kept[half:])):
        box = _box(EDGE + column * (wide + gap), TOP, wide, FOOT - TOP)
        page.points(box, some, 12, bullets=False, least=7)
    page.say([f"{each.number}. {each.text} {each.url} {each.licence}".rstrip() for each in of.briefing.references])


def _head(deck: Any, of: Imprint, title: str, asked: str = "") -> _Page:
    """A slide with its title, the question above it that the title answers, its number and the foot of every slide."""
    page = _add(deck, of)
    top, size = (Inches(0.72), 24) if asked else (Inches(0.42), 28)
    page.title(title, _box(EDGE, top, INNER, Inches(1.45) - top), size)
    if asked:
        page.put(_box(EDGE, Inches(0.44), INNER, Inches(0.32)), [asked], 13, colour=ACCENT, bold=True)
    page.rule(_box(EDGE, Inches(0.4), Inches(0.8), Pt(3)))
    foot = f"{of.foot}  ·  {len(deck.slides)}"
    page.put(_box(EDGE, Inches(6.98), INNER, Inches(0.32)), [foot], 9, colour=MUTED)
    return page


# ---- what a slide shows ----


def _show_points(page: _Page, of: Imprint, plan: slides.Slide) -> None:
    page.findings(_box(EDGE, TOP, INNER, FOOT - TOP), plan, 20)


def _show_figure(page: _Page, of: Imprint, plan: slides.Slide) -> None:
    """A chart with its title, subtitle and source, and the points beside it."""
    block = plan.shows[0]
    assert isinstance(block, Figure)
    wide = Inches(7.9) if plan.points else INNER
    page.put(_box(EDGE, TOP - Inches(0.1), wide, Inches(0.6)), [block.chart.title], 13, bold=True)
    page.put(_box(EDGE, TOP + Inches(0.2), wide, Inches(0.4)), [block.chart.subtitle], 10, colour=MUTED)
    office.place(page.slide, block.chart, _box(EDGE, TOP + Inches(0.6), wide, FOOT - TOP - Inches(1.1)))
    page.put(_box(EDGE, FOOT - Inches(0.48), wide, Inches(0.55)), [_note(of, block)], 8, colour=MUTED)
    if plan.points:
        left = EDGE + wide + Inches(0.35)
        page.findings(_box(left, TOP, WIDTH - EDGE - left, FOOT - TOP), plan, 17)


def _show_table(page: _Page, of: Imprint, plan: slides.Slide) -> None:
    """A table of the theme, as many rows as there is room for, and the points above it."""
    block = plan.shows[0]
    assert isinstance(block, Table)
    rows = block.rows[: ROWS - 3 if plan.points else ROWS]
    high, size = (Inches(0.46), 14) if len(rows) <= FEW_ROWS else (Inches(0.36), 11)
    top = int(TOP)
    if plan.points:
        room = max(Inches(1.15), FOOT - TOP - high * (len(rows) + 1) - Inches(0.6))
        top += page.findings(_box(EDGE, TOP - Inches(0.05), INNER, room), plan, 16) + Inches(0.1)
    shape = page.slide.shapes.add_table(len(rows) + 1, len(block.columns), EDGE, top, INNER, high * (len(rows) + 1))
    shape._element.xpath(".//p:cNvPr")[0].set("descr", block.caption)
    whole = sum(column.share for column in block.columns)
    for column, about in zip(shape.table.columns, block.columns, strict=True):
        column.width = int(INNER * about.share / whole)
    heads = tuple((column.title,) for column in block.columns)
    for n, (cells, words) in enumerate(zip(shape.table.rows, (heads, *rows), strict=True)):
        cells.height = high
        for cell, runs, column in zip(cells.cells, words, block.columns, strict=True):
            cell.margin_top = cell.margin_bottom = Inches(0.03)
            page.fill(cell.text_frame, [plain(runs)], size if n else 11, bold=n == 0)
            if column.numeric:
                cell.text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT
    page.put(_box(EDGE, FOOT - Inches(0.3), INNER, Inches(0.4)), [_note(of, block)], 8, colour=MUTED)


def _show_verdicts(page: _Page, of: Imprint, plan: slides.Slide) -> None:
    """Each claim with its verdict, one below the other, all in one size."""
    high = (FOOT - TOP) // max(len(plan.shows), 3)
    label = Inches(1.9)
    room = _box(0, 0, INNER - label - Inches(0.25), high)
    said = [[block.statement, plain(block.basis)] for block in plan.shows if isinstance(block, Verdict)]
    size = min(_fitting(lines, room, 15) for lines in said)
    for n, block in enumerate(plan.shows):
        assert isinstance(block, Verdict)
        top = TOP + n * high
        badge = page.slide.shapes.add_shape(MSO_SHAPE.ROUNDED_RECTANGLE, EDGE, top, label, Inches(0.36))
        badge.fill.solid()
        badge.fill.fore_color.rgb = RGBColor.from_string(TONES[VERDICT_TONES[block.verdict]].lstrip("#").upper())
        badge.line.fill.background()
        badge.shadow.inherit = False
        frame = badge.text_frame
        frame.margin_top = frame.margin_bottom = frame.margin_left = frame.margin_right = 0
        page.fill(frame, [block.name], 11, colour="FFFFFF", bold=True)
        frame.paragraphs[0].alignment = PP_ALIGN.CENTER
        place = _box(EDGE + label + Inches(0.25), top - Inches(0.05), room.width, high)
        page.points(place, said[n], size, bullets=False, lead=True)


def _show_options(page: _Page, of: Imprint, plan: slides.Slide) -> None:
    """Options side by side, each with what speaks for it above what speaks against it; all in one size."""
    options = [option for option in plan.shows if isinstance(option, Option)]
    gap, head = Inches(0.4), Inches(1.15)
    wide = (INNER - gap * (len(options) - 1)) // len(options)
    high = (FOOT - TOP - head) // 2
    room = _box(0, 0, wide, high - Inches(0.4))
    named = [[option.title, plain(option.what)] for option in options]
    sides: tuple[tuple[str, Tone, list[list[str]]], ...] = (
        (of.t("For"), "good", [[plain(item) for item in option.speaks_for] for option in options]),
        (of.t("Against"), "bad", [[plain(item) for item in option.speaks_against] for option in options]),
    )
    large = min(_fitting(lines, _box(0, 0, wide, head), 15) for lines in named)
    size = min(_fitting(items, room, 14) for _, _, columns in sides for items in columns)
    for n, lines in enumerate(named):
        left = EDGE + n * (wide + gap)
        page.points(_box(left, TOP - Inches(0.1), wide, head), lines, large, bullets=False, lead=True)
        for at, (title, tone, columns) in enumerate(sides):
            top = TOP + head - Inches(0.05) + at * high
            page.put(
                _box(left, top, wide, Inches(0.35)), [title], 13, colour=TONES[tone].lstrip("#").upper(), bold=True
            )
            page.points(_box(left, top + Inches(0.36), room.width, room.height), columns[n], size)


SHOWS: dict[type, Callable[[_Page, Imprint, slides.Slide], None]] = {
    Figure: _show_figure,
    Table: _show_table,
    Verdict: _show_verdicts,
    Option: _show_options,
}
"""Kind of block to the slide that shows it."""


# ---- room ----


def _said(plan: slides.Slide) -> list[str]:
    """The points without their citations: raised numbers crowd a slide, and the notes have them."""
    return [plain(runs) for runs in plan.points]


def _note(of: Imprint, block: Figure | Table) -> str:
    """The line under a figure, short enough for a slide."""
    text = plain(of.note(block))
    return text if len(text) <= NOTE_LETTERS else text[: NOTE_LETTERS - 1].rstrip() + "…"


def _fitting(points: Sequence[str], box: Box, size: float, least: float = LEAST_PT) -> float:
    """The largest size, from `size` down to `least`, at which all points fit the box."""
    while size > least and _height(points, box, size) > box.height:
        size -= 1
    return size


def _height(points: Sequence[str], box: Box, size: float) -> float:
    """About how high the points stand at `size`, in EMU; Arial is narrower than the typeface measured here."""
    width = max(box.points - 2 * size, size)
    lines = sum(max(1, math.ceil(fonts.width(point, size) / width)) for point in points)
    return float(Pt(lines * size * LEADING + len(points) * size * BETWEEN))


def _bullet(paragraph: Any, size: float) -> None:
    properties = paragraph._p.get_or_add_pPr()
    properties.set("marL", str(int(Pt(size))))
    properties.set("indent", str(-int(Pt(size))))
    for tag, name, value in (("a:buFont", "typeface", "Arial"), ("a:buChar", "char", "•")):
        properties.append(properties.makeelement(qn(tag), {name: value}))


def _box(left: float, top: float, width: float, height: float) -> Box:
    return Box(int(left), int(top), int(width), int(height))
