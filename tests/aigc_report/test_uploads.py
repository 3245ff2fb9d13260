"""What strangers bring is read as they meant it or refused in a sentence; nothing they write leaves its folder."""

import io
import zipfile

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from aigc_report import uploads
from aigc_report.errors import UserError
from aigc_report.i18n import texts
from aigc_report.index import read

CHINESE = "国家,企业使用率,说明\n德国,20.5,来自官方统计的数字\n法国,18.3,来自同一次调查\n"
WESTERN = "pays,part,note\nAllemagne,20.5,été dernier\nSuède,35.1,relevé à Malmö\n"


def said(notes) -> list[str]:
    return [texts("en")(message, **values) for message, values in notes]


@pytest.mark.parametrize(
    ("text", "encoding", "read_as"),
    [
        (CHINESE, "utf-8", "utf-8"),
        (CHINESE, "utf-8-sig", "utf-8-sig"),
        (CHINESE, "utf-16", "utf-16"),
        (CHINESE, "gb18030", "gb18030"),
        (WESTERN, "cp1252", "cp1252"),
        (WESTERN, "utf-8", "utf-8"),
    ],
)
def test_a_table_is_read_in_the_encodings_that_spreadsheets_write(text, encoding, read_as):
    found = uploads.table(text.encode(encoding), "mine.csv")
    header, *rows = [line.split(",") for line in text.splitlines()]
    assert list(found.frame.columns) == header
    assert found.frame.to_numpy().tolist() == rows
    assert found.encoding == read_as
    guessed = read_as in ("gb18030", "cp1252")
    assert any("guess" in note for note in said(found.notes)) == guessed


@pytest.mark.parametrize("encoding", ["cp1251", "big5", "shift_jis"])
def test_an_encoding_that_cannot_be_told_is_refused_and_not_guessed(encoding):
    text = {
        "cp1251": "страна,доля\nГермания,20\nФранция,18\n",
        "big5": "國家,比率\n德國與法國的企業使用情況,20\n",
        "shift_jis": "国名,割合\nドイツのきぎょう,20\nフランス,18\n",
    }[encoding]
    with pytest.raises(UserError, match="Save it as CSV"):
        uploads.table(text.encode(encoding), "mine.csv")


@pytest.mark.parametrize("separator", uploads.SEPARATORS)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separators_and_line_ends_of_every_system_are_recognised(separator, end):
    rows = [["geo", "a", "b"], ["DEU", "1", "2"], ["FRA", "3", ""]]
    content = end.join(separator.join(row) for row in rows).encode()
    assert uploads.table(content, "mine.csv").frame.to_numpy().tolist() == rows[1:]


def test_excels_hint_of_a_separator_is_obeyed():
    found = uploads.table(b"sep=;\nname;note\nDEU;a,b\nFRA;c,d\n", "mine.csv")
    assert found.frame.to_dict("list") == {"name": ["DEU", "FRA"], "note": ["a,b", "c,d"]}
    assert list(found.frame.index) == [3, 4]


def test_decimal_commas_become_points_and_commas_of_thousands_do_not():
    found = uploads.table(b"geo;share;note\nDEU;20,5;a, b\nFRA;NA;c\n", "mine.csv")
    assert list(found.frame["share"]) == ["20.5", "NA"]
    assert list(found.frame["note"]) == ["a, b", "c"]
    assert "Decimal commas were read in: share." in said(found.notes)
    tabs = uploads.table(b"geo\tfirms\tshare\nDEU\t1,250\t3,5\nFRA\t2,100\t4\n", "mine.csv")
    assert list(tabs.frame["firms"]) == ["1,250", "2,100"]
    assert list(tabs.frame["share"]) == ["3.5", "4"]


def test_the_packages_own_reader_finds_every_row_on_its_line(tmp_path):
    content = 'sep=;\n\nuCode;x;note\n\nA;1;"two\nlines"\n\n\nB;2,5;"say ""so"""\n;;\nC;3;\n'.encode("utf-16")
    found = uploads.table(content, "../../evil.csv")
    path = found.write(tmp_path)
    assert path == tmp_path / "table.csv"
    again = read.cells(path)
    assert again.to_numpy().tolist() == found.frame.to_numpy().tolist()
    assert list(again.index) == list(found.frame.index) == [5, 9, 11]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "mine.csv has no rows"),
        (b"a,b\n", "mine.csv has no rows"),
        (b"a,b\n1,2\n1\n", "row 3 has 1 cells where the header has 2"),
        (b"a,a\n1,2\n", 'row 1: the column "a" stands twice'),
        (b"a,\n1,2\n", "row 1: column 2 has no name"),
        (b'a,b\n1,"2\n', "row 2: the quotation marks of a cell do not close"),
        (b"PK\x03\x04rest", "workbook"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not text"),
        (b"\xff\xfea", "row 1: the text is damaged"),
        (b"a,b\n1," + b"x" * 6000, "row 2: a cell is longer than 5,000 letters"),
        (b",".join(b"c%d" % n for n in range(1001)) + b"\n", "more than 1,000 columns"),
        (b"a\n" + b"1\n" * 100_001, "more than 100,000 rows"),
        (b" " * 10_000_001, "at most 10 MB"),
    ],
)
def test_what_is_no_table_is_refused_with_its_place(content, sentence):
    with pytest.raises(UserError, match=sentence) as refused:
        uploads.table(content, "mine.csv")
    chinese = refused.value.text(texts("zh"))
    assert chinese != str(refused.value)
    assert "mine.csv" in chinese


def test_formulas_stay_text_and_are_counted():
    found = uploads.table(b'name,x\n"=HYPERLINK(""http://a.example"")",1\n', "mine.csv")
    assert found.frame.at[2, "name"].startswith("=HYPERLINK")
    assert any(note.startswith("1 cells look like formulas") for note in said(found.notes))


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(max_size=200), st.text(alphabet='a1,;\t"\n\r=é中\ufeff', max_size=60).map(str.encode)))
@example(b"\x01;\r\x01")  # cells that hold another separator
def test_any_bytes_are_a_table_or_a_sentence(content):
    try:
        found = uploads.table(content, "mine.csv")
    except UserError:
        return
    assert len(found.frame) >= 1
    assert found.frame.columns.is_unique
    again = uploads.table(found.csv().encode(), "mine.csv").frame
    assert again.to_numpy().tolist() == found.frame.to_numpy().tolist()


def picture(kind: str = "PNG", size: tuple[int, int] = (8, 8)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, kind)
    return out.getvalue()


def zipped(files: dict[str, bytes]) -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out


def names(folder) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_zip_of_images_is_unpacked_under_names_of_our_own(tmp_path):
    files = {
        "a.png": picture(),
        "../../evil.png": picture(),
        "/etc/cron.d/job.png": picture("JPEG"),
        "C:\\windows\\x.bmp": picture("BMP"),
        "__MACOSX/._a.png": b"x",
        "notes.txt": b"no picture",
        "script.png": b"<svg onload=alert(1)>",
    }
    found = uploads.images(zipped(files), "mine.zip", tmp_path / "in")
    assert names(tmp_path) == ["in/000000.png", "in/000001.png", "in/000002.jpg", "in/000003.bmp"]
    assert found.count == 4
    assert found.left_out == (("notes.txt", "no image"), ("script.png", "no image"))


def test_folders_of_a_zip_are_kept_as_classes(tmp_path):
    files = dict.fromkeys(("cat/a.png", "dog/a.png", "cat/b.png"), picture())
    found = uploads.images(zipped(files), "mine.zip", tmp_path)
    assert names(found.folder) == ["0/000000.png", "0/000002.png", "1/000001.png"]


def bomb_of_pixels() -> bytes:
    """A PNG whose head claims 60000 by 60000 pixels."""
    import struct
    import zlib

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"0")) + chunk(b"IEND", b"")


def test_a_picture_that_no_memory_holds_is_left_out(tmp_path):
    found = uploads.images(zipped({"a.png": picture(), "bomb.png": bomb_of_pixels()}), "mine.zip", tmp_path)
    assert found.left_out == (("bomb.png", "too many pixels"),)


def lying(content: io.BytesIO, declared: int) -> io.BytesIO:
    """The zip with the unpacked size of its only file replaced by `declared`, in both places where it stands."""
    raw = bytearray(content.getvalue())
    raw[22:26] = declared.to_bytes(4, "little")
    central = raw.index(b"PK\x01\x02")
    raw[central + 24 : central + 28] = declared.to_bytes(4, "little")
    return io.BytesIO(bytes(raw))


LIMITS = uploads.ImageLimits(bytes=100_000, unpacked=300_000, images=5, image=200_000, pixels=1_000)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (zipped({"a.png": picture(), "b.png": b"\0" * 190_000, "c.png": b"\0" * 190_000}), "unpacks to more than"),
        (zipped({f"{n}.png": picture() for n in range(6)}), "holds 6 files; at most 5"),
        (zipped({"a.txt": b"words"}), "holds no image"),
        (zipped({}), "holds no image"),
        (lying(zipped({"a.png": b"\0" * 190_000}), 10), "mine.zip"),
        (io.BytesIO(b"no zip"), "damaged or no zip"),
        (io.BytesIO(zipped({"a.png": picture()}).getvalue()[:60]), "damaged or no zip"),
        (io.BytesIO(b"\0" * 100_001), "at most"),
    ],
)
def test_a_bad_zip_is_refused_and_leaves_nothing_behind(tmp_path, content, sentence):
    with pytest.raises(UserError, match=sentence):
        uploads.images(content, "mine.zip", tmp_path / "in", LIMITS)
    assert names(tmp_path) == []


def test_a_folder_that_is_in_use_is_not_touched(tmp_path):
    (tmp_path / "mine.txt").write_text("keep", encoding="utf-8")
    with pytest.raises(ValueError, match="not empty"):
        uploads.images(zipped({"a.png": picture()}), "mine.zip", tmp_path)
    assert names(tmp_path) == ["mine.txt"]
