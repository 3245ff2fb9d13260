"""What python-docx has no call for: fields, bookmarks, links, shades, rules, and the fonts of two scripts."""

import re
from typing import Any

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph as Line

FONTS = ("Arial", "Microsoft YaHei")
"""Latin and Chinese: declared, not carried; another office program takes its nearest."""
INK, MUTED, ACCENT, PALE, HAIR = "1B2430", "5A6472", "236AA3", "F3F6F9", "D5DAE1"
LANGUAGES = {"en": "en-GB", "zh": "zh-CN"}
NOTE = "Source note"
"""The style of what stands below a figure, in small type."""
REFERENCE = "Reference"
"""The style of a numbered source, smaller still: addresses are long."""
CONTENTS = "toc 1"
"""The style that Word gives to lines of a table of contents."""
TEXT_MM = 165
"""Width of the text; margins take the rest of A4."""
_LOOKS: dict[str, tuple[float, str, bool, float, float]] = {
    "Normal": (10, INK, False, 0, 5),
    "Title": (24, INK, True, 2, 4),
    "Subtitle": (12, MUTED, False, 0, 8),
    "Heading 1": (15, INK, True, 16, 5),
    "Heading 2": (11.5, INK, True, 10, 3),
    "Heading 3": (10, INK, True, 6, 2),
    "Caption": (9.5, INK, True, 12, 2),
    "List Bullet": (10, INK, False, 0, 3),
    "List Number": (10, INK, False, 0, 5),
    "Header": (8, MUTED, False, 0, 0),
    "Footer": (8, MUTED, False, 0, 0),
}
"""Style to its size, colour, weight, and points above and below."""
_AFTER_BORDER = ("w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr")
_AFTER_SHADE = ("w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr", "w:vertAlign", "w:lang")


def styles(document: Document, lang: str) -> None:
    """Fonts, sizes, colours and language of every style that a briefing uses."""
    default = document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    _speak(default, lang)
    for name, (size, colour, bold, before, after) in _LOOKS.items():
        style = document.styles[name]
        style.font.size, style.font.bold, style.font.italic = Pt(size), bold, False
        style.font.color.rgb = RGBColor.from_string(colour)
        _family(style.element.get_or_add_rPr())
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    document.styles["Normal"].paragraph_format.line_spacing = 1.05 if lang == "zh" else 1.15
    for name in ("Title", "Subtitle"):  # the library's template sets their letters wide
        properties = document.styles[name].element.get_or_add_rPr()
        for wide in properties.findall(qn("w:spacing")):
            properties.remove(wide)
    title = document.styles["Title"].element.get_or_add_pPr()
    for border in title.findall(qn("w:pBdr")):
        title.remove(border)
    document.styles["Caption"].paragraph_format.keep_with_next = True
    note = document.styles.add_style(NOTE, WD_STYLE_TYPE.PARAGRAPH)
    note.base_style = document.styles["Normal"]
    note.font.size, note.font.color.rgb = Pt(8), RGBColor.from_string(MUTED)
    note.paragraph_format.space_after = Pt(12)
    reference = document.styles.add_style(REFERENCE, WD_STYLE_TYPE.PARAGRAPH)
    reference.base_style = note
    reference.font.size = Pt(7.2)
    reference.paragraph_format.line_spacing = 1.0
    line = document.styles.add_style(CONTENTS, WD_STYLE_TYPE.PARAGRAPH)
    line.base_style = document.styles["Normal"]
    line.paragraph_format.space_after = Pt(1)
    line.paragraph_format.tab_stops.add_tab_stop(Mm(TEXT_MM), WD_TAB_ALIGNMENT.RIGHT)


def _family(properties: Any) -> None:
    """Latin and Chinese families on run properties; a theme's family would win over them, so it goes."""
    fonts = properties.get_or_add_rFonts()
    for attribute in list(fonts.attrib):
        del fonts.attrib[attribute]
    latin, chinese = FONTS
    for attribute, family in (("ascii", latin), ("hAnsi", latin), ("cs", latin), ("eastAsia", chinese)):
        fonts.set(qn(f"w:{attribute}"), family)


def _speak(properties: Any, lang: str) -> None:
    """The language in which text is spelled, read aloud and broken into lines.

    Latin words are English in a Chinese text too: called Chinese, they are broken anywhere.
    """
    language = properties.find(qn("w:lang"))
    if language is None:
        language = OxmlElement("w:lang")
        properties.append(language)
    language.set(qn("w:val"), LANGUAGES["en"])
    language.set(qn("w:eastAsia"), LANGUAGES["zh"])


# ---- links and fields ----


def link(line: Line, text: str, url: str) -> None:
    """Append `text` that leads to an address."""
    element = OxmlElement("w:hyperlink")
    element.set(qn("r:id"), line.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    _linked(line, element, text)


def anchor_link(line: Line, anchor: str, text: str, *, raised: bool = False) -> None:
    """Append `text` that leads to a bookmark."""
    element = OxmlElement("w:hyperlink")
    element.set(qn("w:anchor"), _name(anchor))
    _linked(line, element, text, raised=raised)


def _linked(line: Line, element: Any, text: str, *, raised: bool = False) -> None:
    run = line.add_run(text)
    run.font.color.rgb = RGBColor.from_string(ACCENT)
    run.font.superscript = raised or None
    element.append(run._r)
    line._p.append(element)


def page_of(line: Line, anchor: str) -> None:
    """Append the page that a bookmark stands on, flush right; it is empty until an office program works it out."""
    line.add_run("\t")
    begin_field(line, f"PAGEREF {_name(anchor)} \\h")
    end_field(line)


def bookmark(line: Line, name: str) -> None:
    """A name on a paragraph that links and the table of contents lead to."""
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    number = str(int(line._p.xpath("count(//w:bookmarkStart)")))
    for element in (start, end):
        element.set(qn("w:id"), number)
    start.set(qn("w:name"), _name(name))
    line._p.insert(1 if line._p.pPr is not None else 0, start)
    line._p.append(end)


def _name(anchor: str) -> str:
    """`anchor` as Word allows it: letters, figures and underscores, at most 40 of them."""
    return re.sub(r"\W", "_", f"_{anchor}")[:40]


def begin_field(line: Line, code: str) -> None:
    """Start a field; what follows until `end_field` shows until it is updated."""
    _char(line, "begin")
    instruction = OxmlElement("w:instrText")
    instruction.set(qn("xml:space"), "preserve")
    instruction.text = f" {code} "
    line.add_run()._r.append(instruction)
    _char(line, "separate")


def end_field(line: Line) -> None:
    """End the field begun last."""
    _char(line, "end")


def _char(line: Line, kind: str) -> None:
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    line.add_run()._r.append(mark)


# ---- rules and shades ----


def border(line: Line, side: str, colour: str, eighths: int) -> None:
    """A rule on one side of a paragraph, `eighths` of a point thick."""
    borders = OxmlElement("w:pBdr")
    borders.append(_edge(side, colour, eighths, "6"))
    line._p.get_or_add_pPr().insert_element_before(borders, *_AFTER_BORDER)


def shade(properties: Any, colour: str) -> None:
    """A colour behind a paragraph or a run, by its properties."""
    element = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        element.set(qn(f"w:{name}"), value)
    properties.insert_element_before(element, *_AFTER_SHADE)


def rules(table: Any) -> None:
    """Rules above, below and between the rows of a table, none between columns."""
    borders = OxmlElement("w:tblBorders")
    for side, size, colour in (("top", 8, INK), ("bottom", 4, HAIR), ("insideH", 4, HAIR)):
        borders.append(_edge(side, colour, size, "0"))
    table._tbl.tblPr.append(borders)


def _edge(side: str, colour: str, size: int, space: str) -> Any:
    edge = OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", str(size)), ("space", space), ("color", colour)):
        edge.set(qn(f"w:{name}"), value)
    return edge
