"""What a reader finds in the files of each format: every block, in both languages, read back from the real file."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import docx
import pandas as pd
import pptx
import pypdfium2
import pytest
from docx.oxml.ns import qn

from aigc_report import catalog, fonts
from aigc_report.briefing import render as formats
from aigc_report.briefing.model import (
    Box,
    Briefing,
    Bullets,
    Cite,
    Column,
    Figure,
    Finding,
    Inputs,
    Number,
    Option,
    Options,
    Paragraph,
    Provenance,
    Reference,
    Section,
    Table,
    Verdict,
)
from aigc_report.briefing.render import RENDERERS, imprint, slides
from aigc_report.charts import adoption
from aigc_report.charts.chart import Boxes, Chart
from aigc_report.i18n import LANGUAGES, texts

CAT = catalog.load()
SAID = {
    "en": {
        "grew": "Use grew again",
        "claim": "A claim that was tested",
        "basis": "It rests on two runs",
        "pro": "cheap",
    },
    "zh": {
        "grew": "采用率再次上升，“速度”没有放缓",
        "claim": "一项经过检验的论断",
        "basis": "依据两次运行",
        "pro": "成本低",
    },
}
SHARE = Number("n.share", 20.04, "percent", "20.0%", Provenance("value"))


def made_up(lang: str, sections: int = 3) -> Briefing:
    """A briefing with every kind of block (made up by and for this test); its charts are real ones."""
    t, words = texts(lang), SAID[lang]
    charts = [adoption.firms_over_time(CAT, t), adoption.people(CAT, t), adoption.barriers(CAT, t)]
    figures = [
        Figure(f"figure.{n}", chart, (words["grew"], Cite("a")), ("a", "b")) for n, chart in enumerate(charts, start=1)
    ]
    table = Table(
        "table.1",
        words["claim"],
        (Column(words["grew"], share=3), Column("2025", numeric=True)),
        (((words["grew"],), (SHARE,)), (("*not* _markup_ #here <b>",), ("7.5",))),
        ("a",),
        ("what to mind",),
    )
    verdicts = tuple(
        Verdict(f"v.{name}", "claim.x", name, name, words["claim"], (words["basis"], Cite("b")), ("limits",))
        for name in ("supported", "contradicted", "inconclusive")
    )
    options = Options(
        "options",
        (Option("o.1", words["claim"], (words["grew"],), ((words["pro"],),), ((words["basis"], Cite("b")),)),),
    )
    finding = Finding("f.1", (words["grew"], ": ", SHARE), (words["basis"], Cite("a"), Cite("b")))
    return Briefing(
        title=f"{words['claim']} <2026> & #1",
        subtitle=words["pro"],
        audience="government",
        audience_name=words["pro"],
        lang=lang,  # type: ignore[arg-type]
        date=date(2026, 11, 25),
        author="aigc-report",
        licence="CC BY 4.0",
        geo=("DEU",),
        summary=(finding, replace(finding, id="f.2"), Paragraph((words["grew"],))),
        sections=(
            Section("s.figures", words["grew"], (finding, *figures, Bullets(((words["grew"],), (words["claim"],))))),
            Section("s.table", words["claim"], (Paragraph((words["grew"], Cite("a"))), table)),
            Section("s.verdicts", words["basis"], verdicts),
            Section("s.options", words["pro"], (options, Box("box", "note", words["grew"], ((words["pro"],),)))),
            *(Section(f"s.more{n}", f"More {n}", (Paragraph((f"said {n}",)),)) for n in range(sections)),
        ),
        gaps=Box("gaps", "gaps", words["basis"], ((words["grew"],),)),
        method=Box("method", "method", words["claim"], ((words["basis"],),)),
        references=(
            Reference(1, "a", "source", "Office One: a table", "https://example.org/a", "CC BY 4.0"),
            Reference(2, "b", "run", "Run two"),
        ),
        inputs=Inputs("0", "eu27"),
        software=(("aigc-report", "0"),),
    )


BRIEFINGS = {lang: made_up(lang) for lang in LANGUAGES}


@pytest.fixture(params=LANGUAGES)
def of(request) -> Briefing:
    return BRIEFINGS[request.param]


@pytest.fixture(scope="module")
def files() -> dict[tuple[str, str], bytes]:
    """Every format in every language, made once."""
    return {(name, lang): make(BRIEFINGS[lang]) for name, make in RENDERERS.items() for lang in LANGUAGES}


def headings(of: Briefing) -> list[str]:
    t = texts(of.lang)
    return [t("Summary"), *(s.title for s in of.sections), of.gaps.title, of.method.title, t("References")]


def test_the_pdf_says_it_all_and_says_what_it_is(of: Briefing, files) -> None:
    file = pypdfium2.PdfDocument(files["pdf", of.lang])
    flat = re.sub(r"\s", "", "".join(page.get_textpage().get_text_range() for page in file))
    for words in (
        *SAID[of.lang].values(),
        of.title,
        "20.0%",
        "*not* _markup_ #here <b>",
        "https://example.org/a",
        "[2]",
    ):
        assert re.sub(r"\s", "", words) in flat
    about = file.get_metadata_dict()
    assert (about["Title"], about["Author"]) == (of.title, of.author)
    assert "CC BY 4.0" in about["Subject"]
    assert about["CreationDate"].startswith("D:20261125")
    assert [mark.get_title() for mark in file.get_toc()] == headings(of)


def test_the_pdf_is_tagged_for_accessibility_and_its_charts_are_drawings(of: Briefing, files) -> None:
    made = files["pdf", of.lang]
    file = pypdfium2.PdfDocument(made)
    assert file.is_tagged()
    assert b"pdfuaid" in made  # the standard it keeps, in its metadata
    kinds = {each.type for page in file for each in page.get_objects()}
    assert 3 not in kinds  # FPDF_PAGEOBJ_IMAGE: no chart is made of pixels
    assert len(made) < 500_000


def test_every_format_is_the_same_bytes_each_time_and_says_no_time_but_its_day(of: Briefing, files) -> None:
    for name, made in RENDERERS.items():
        assert made(of) == files[name, of.lang]
    for name in ("docx", "pptx"):
        archive = zipfile.ZipFile(io.BytesIO(files[name, of.lang]))
        books = [zipfile.ZipFile(archive.open(part)) for part in archive.namelist() if part.endswith(".xlsx")]
        assert bool(books) == (name == "pptx")
        for each in (archive, *books):
            assert {part.date_time for part in each.infolist()} == {(2026, 11, 25, 0, 0, 0)}
            said = re.findall(rb"<dcterms:\w+[^>]*>([^<]*)", each.read("docProps/core.xml"))
            assert set(said) == {b"2026-11-25T00:00:00Z"}


def test_a_character_that_the_typeface_lacks_stops_the_pdf_by_name() -> None:
    with pytest.raises(fonts.NotPrintable, match="U\\+13000"):
        RENDERERS["pdf"](replace(BRIEFINGS["en"], subtitle="𓀀"))


class _Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.starts: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs) -> None:
        self.starts.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


def test_the_page_needs_nothing_from_elsewhere_and_its_links_lead_somewhere(of: Briefing, files) -> None:
    text = files["html", of.lang].decode()
    page = _Page(text)
    named = [about["id"] for _, about in page.starts if "id" in about]
    assert len(set(named)) == len(named)
    for tag, about in page.starts:
        assert tag not in ("script", "link", "img", "iframe")
        assert "src" not in about
        if tag == "a":
            assert about["href"].startswith("https://") or about["href"].removeprefix("#") in named
    assert "url(" not in text
    assert "@import" not in text
    assert next(about["lang"] for tag, about in page.starts if tag == "html") == {"en": "en", "zh": "zh-CN"}[of.lang]
    assert all(words in page.words for words in (*SAID[of.lang].values(), of.title, "*not* _markup_ #here <b>"))
    pictures = [about["aria-label"] for tag, about in page.starts if tag == "svg"]
    assert pictures == [figure.alt for figure in of.figures()]
    assert next(about["value"] for tag, about in page.starts if tag == "data") == "20.04"


def test_the_document_has_headings_captions_contents_and_alternative_texts(of: Briefing, files) -> None:
    file = docx.Document(io.BytesIO(files["docx", of.lang]))
    cells = [cell.text for row in file.tables[0].rows for cell in row.cells]
    text = "\n".join([*(p.text for p in file.paragraphs), *cells])
    assert all(words in text for words in (*SAID[of.lang].values(), "20.0%", "*not* _markup_ #here <b>"))
    assert [p.text for p in file.paragraphs if p.style.name == "Heading 1"] == headings(of)
    captions = [p.text for p in file.paragraphs if p.style.name == "Caption"]
    labels = imprint.of(of).labels
    assert [caption.split("  ")[0] for caption in captions] == [*labels.values()]
    body = file.element.body
    assert [e.get("descr") for e in body.iter(qn("wp:docPr"))] == [figure.alt for figure in of.figures()]
    fields = [e.text for e in body.iter(qn("w:instrText"))]
    assert any("TOC" in field for field in fields)
    assert sum("SEQ" in field for field in fields) == 4
    anchors = {e.get(qn("w:anchor")) for e in body.iter(qn("w:hyperlink")) if e.get(qn("w:anchor"))}
    bookmarks = [e.get(qn("w:name")) for e in body.iter(qn("w:bookmarkStart"))]
    assert anchors <= set(bookmarks)
    assert len(set(bookmarks)) == len(bookmarks)
    assert file.core_properties.title == of.title
    assert file.core_properties.language == {"en": "en", "zh": "zh-CN"}[of.lang]
    assert file.styles["Normal"].element.rPr.rFonts.get(qn("w:eastAsia")) == "Microsoft YaHei"
    assert file.tables[0].rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None


def test_the_slides_hold_charts_that_can_be_changed_and_notes_with_everything(of: Briefing, files) -> None:
    file = pptx.Presentation(io.BytesIO(files["pptx", of.lang]))
    shown = list(file.slides)
    assert slides.LEAST <= len(shown) <= slides.MOST
    assert all(slide.shapes.title.text_frame.text for slide in shown)
    charts = [shape for slide in shown for shape in slide.shapes if shape.has_chart]
    first = of.figures()[0]
    assert charts[0]._element.xpath(".//p:cNvPr")[0].get("descr") == first.alt
    lines = charts[0].chart.plots[0].series
    for name, rows in first.chart.frame.groupby("group", sort=False):
        values = next(list(one.values) for one in lines if one.name == name)
        assert values == pytest.approx(list(rows["value"]))
    for shape in charts:
        book = shape.chart.part.chart_workbook.xlsx_part.blob
        assert "xl/workbook.xml" in zipfile.ZipFile(io.BytesIO(book)).namelist()
    words = "\n".join(s.text_frame.text for slide in shown for s in slide.shapes if s.has_text_frame)
    assert all(part in words for part in SAID[of.lang].values())
    spoken = "\n".join(slide.notes_slide.notes_text_frame.text for slide in shown)
    assert all(figure.alt in spoken for figure in of.figures())
    assert "https://example.org/a" in spoken
    assert "said 2" in spoken


def test_nothing_lies_off_a_slide(of: Briefing, files) -> None:
    file = pptx.Presentation(io.BytesIO(files["pptx", of.lang]))
    for slide in file.slides:
        for shape in slide.shapes:
            assert min(shape.left, shape.top) >= 0
            assert shape.left + shape.width <= file.slide_width
            assert shape.top + shape.height <= file.slide_height


def test_few_sections_get_slides_for_their_further_figures() -> None:
    few = replace(BRIEFINGS["en"], sections=BRIEFINGS["en"].sections[:1])
    titles = [slide.title for slide in slides.plan(imprint.of(few))]
    assert titles[2:4] == [figure.chart.title for figure in few.figures()[1:]]


def test_sentences_are_cut_after_their_ends_and_never_within_a_number() -> None:
    assert slides.sentences("It rose by 2.5 points. It fell! 上升了2.5个百分点。没有放缓？") == [
        "It rose by 2.5 points. ",
        "It fell! ",
        "上升了2.5个百分点。",
        "没有放缓？",
    ]


def test_a_chart_without_a_drawing_is_refused_and_not_left_out() -> None:
    frame = pd.DataFrame({"x": [0], "y": [0], "t": ["a"]})
    figure = Figure("figure.boxes", Chart("boxes", "Boxes", "-", frame, (Boxes("x", "y", "t", 9),), "a"), (), ())
    odd = replace(BRIEFINGS["en"], sections=(Section("s", "S", (figure,)),))
    for make in RENDERERS.values():
        with pytest.raises(Exception, match=r"cannot be drawn for paper: .*Boxes"):
            make(odd)


def test_a_missing_package_is_one_sentence(monkeypatch) -> None:
    def absent(name: str, *_):
        raise ModuleNotFoundError(f"No module named {name}", name="pptx.util")

    monkeypatch.setattr(formats.importlib, "import_module", absent)
    with pytest.raises(formats.MissingPackage, match="pip install python-pptx"):
        RENDERERS["pptx"](BRIEFINGS["en"])
