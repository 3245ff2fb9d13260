"""What a reader brings, checked before anything trusts it: a table as text, a zip of images.

Bytes in, values out: nothing here knows of a web page. What is refused is refused with a `UserError` whose sentence
names the file, the row where there is one, and what to do; its template is translated. What had to be guessed (an
encoding, a separator, a decimal comma) stands in `Table.notes`, so that a reader can see a wrong guess.

A zip is read by what it holds, not by what it says it holds: declared sizes, names and suffixes are claims of a
stranger. Names in it never become paths, so nothing can leave the folder it is unpacked into.
"""

import csv
import io
import math
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

import pandas as pd

from aigc_report.errors import UserError
from aigc_report.i18n import N_
from aigc_report.index.read import MISSING

MEGA = 1_000_000
SEPARATORS: dict[str, str] = {
    ",": N_("Cells are separated by commas."),
    ";": N_("Cells are separated by semicolons."),
    "\t": N_("Cells are separated by tabs."),
    "|": N_("Cells are separated by vertical bars."),
}
"""Separators of cells that are recognised, and the note that says so; the first wins a tie."""
TOO_MANY: dict[str, str] = {
    "rows": N_("{file} has more than {most} rows, the most that are read; leave some out."),
    "columns": N_("{file} has more than {most} columns, the most that are read; leave some out."),
    "cells": N_("{file} has more than {most} cells, the most that are read; leave some out."),
}
_SNIFFED = 64
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+")
_DECIMAL_COMMA = re.compile(r"[+-]?\d+(?:,\d+)?(?:[eE][+-]?\d+)?")
_HIGH, _LEVEL_ONE = 0x80, range(0xB0, 0xD8)


@dataclass(frozen=True)
class TableLimits:
    """The largest table that is read: one for a country by indicator matrix of many years, far from a data base."""

    bytes: int = 10 * MEGA
    rows: int = 100_000
    columns: int = 1_000
    cells: int = 2 * MEGA
    letters: int = 5_000
    """In one cell."""


@dataclass(frozen=True)
class ImageLimits:
    """The largest zip of images that is unpacked."""

    bytes: int = 100 * MEGA
    unpacked: int = 500 * MEGA
    images: int = 20_000
    image: int = 20 * MEGA
    """Bytes of one image, unpacked."""
    pixels: int = 40 * MEGA
    """Pixels of one image: a small file can describe a picture that no memory holds."""


TABLE, IMAGES = TableLimits(), ImageLimits()


@dataclass(frozen=True, eq=False)
class Table:
    """A table as its reader brought it: cells as stripped text, the index holding the line on which each row starts."""

    name: str
    frame: pd.DataFrame
    encoding: str
    separator: str
    notes: tuple[tuple[str, dict[str, object]], ...] = ()
    """What was assumed, as sentences with values: ``[t(message, **values) for message, values in notes]``."""

    def csv(self) -> str:
        """The table as the package's own readers take it: UTF-8, commas, points, every row on the line it came from."""
        text = self._written(csv.QUOTE_MINIMAL)
        return self._written(csv.QUOTE_ALL) if any(other in text for other in SEPARATORS if other != ",") else text

    def _written(self, quoting: Literal[0, 1]) -> str:
        """The table with commas; all cells quoted where one of them could be taken for cells with other separators."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n", quoting=quoting)
        writer.writerow(self.frame.columns)
        line = 2 + sum(str(name).count("\n") for name in self.frame.columns)
        for start, cells in zip(self.frame.index, self.frame.itertuples(index=False, name=None), strict=True):
            out.write("\n" * max(0, int(start) - line))
            writer.writerow(cells)
            line = max(line, int(start)) + 1 + sum(cell.count("\n") for cell in cells)
        return out.getvalue()

    def write(self, folder: Path) -> Path:
        """Write `csv()` into `folder` as ``table.csv``, whatever the upload was called; the path."""
        path = folder / "table.csv"
        path.write_text(self.csv(), encoding="utf-8", newline="")
        return path


def table(content: bytes, name: str, limits: TableLimits = TABLE) -> Table:
    """The table in `content`, a file its reader calls `name`.

    UTF-8, UTF-16 with its mark, GB 18030 and Windows-1252 are read; commas, semicolons, tabs and bars separate cells; a
    first line ``sep=;`` as Excel writes it is obeyed. Rows and columns that are wholly empty are left out. `UserError`
    for everything that is no table within `limits`.
    """
    if len(content) > limits.bytes:
        raise UserError(
            N_("{file} has {size} MB; at most {most} MB are read. Leave out rows or columns that are not needed."),
            file=name,
            size=f"{len(content) / MEGA:.1f}",
            most=limits.bytes // MEGA,
        )
    text, encoding, notes = _decoded(content, name)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "")
    body, separator, skipped = _separator(text)
    if separator != ",":
        notes.append((SEPARATORS[separator], {}))
    frame = _framed(_rows(body, separator, skipped, name, limits), name)
    frame, commas = _with_points(frame, separator)
    if commas:
        notes.append((N_("Decimal commas were read in: {columns}."), {"columns": ", ".join(commas)}))
    if formulas := int(frame.map(lambda cell: cell.startswith("=")).to_numpy().sum()):
        note = N_("{n} cells look like formulas; they are kept as text, and nothing runs them.")
        notes.append((note, {"n": formulas}))
    return Table(name, frame, encoding, separator, tuple(notes))


def _decoded(content: bytes, name: str) -> tuple[str, str, list[tuple[str, dict[str, object]]]]:
    """The text, the encoding it was in, and what to tell about it."""
    if content.startswith(b"PK\x03\x04"):
        raise UserError(
            N_("{file} is a workbook or an archive, not text. In the spreadsheet, save the sheet as CSV (UTF-8)."),
            file=name,
        )
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return _strict(content, encoding, name), encoding, []
    if b"\0" in content:
        raise UserError(N_("{file} is not text. Save the table as CSV (UTF-8)."), file=name)
    try:
        return content.decode("utf-8"), "utf-8", []
    except UnicodeDecodeError:
        guessed = _old_encoding(content)
    if guessed is None:
        raise UserError(
            N_("{file} is neither UTF-8 nor another encoding that can be told with certainty. Save it as CSV (UTF-8)."),
            file=name,
        )
    called = {"gb18030": "GB 18030", "cp1252": "Windows-1252"}[guessed]
    guess = N_("Read as {encoding}, which is a guess.")
    return _strict(content, guessed, name), guessed, [(guess, {"encoding": called})]


def _strict(content: bytes, encoding: str, name: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        raise UserError(
            N_("{file}, row {row}: the text is damaged ({encoding}). Save it again as CSV (UTF-8)."),
            file=name,
            row=row,
            encoding=encoding,
        ) from None
    if "\0" in text:
        raise UserError(N_("{file} is not text. Save the table as CSV (UTF-8)."), file=name)
    return text


def _old_encoding(content: bytes) -> str | None:
    """``gb18030``, ``cp1252`` or None where neither is likely.

    In Chinese text bytes above 127 come in pairs and the first of a pair names a common character (GB 2312 level one,
    16-55); in Western text they stand alone between ASCII letters. Other encodings, Big5 and Cyrillic ones among them,
    fit neither and are not guessed.
    """
    high = [position for position, byte in enumerate(content) if byte >= _HIGH]
    paired, leads, at = 0, [], 0
    while at < len(high):
        if at + 1 < len(high) and high[at + 1] == high[at] + 1:
            leads.append(content[high[at]])
            paired += 2
            at += 2
        else:
            at += 1
    share = paired / len(high)
    words = [lead for lead in leads if lead >= _LEVEL_ONE.start]  # lower ones are punctuation
    if share >= 0.9 and words and sum(lead in _LEVEL_ONE for lead in words) / len(words) >= 0.7:
        candidates = ["gb18030"]
    elif share <= 0.2:
        candidates = ["cp1252"]
    else:
        return None
    for encoding in candidates:
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            return None
    return candidates[0]


def _separator(text: str) -> tuple[str, str, int]:
    """The table without a leading ``sep=`` line, its separator, and how many lines were taken away."""
    first, _, rest = text.partition("\n")
    if (hint := re.fullmatch(r"sep=([,;\t|])", first.strip("\ufeff "))) is not None:
        return rest, hint.group(1), 1
    start = "\n".join(text.split("\n", _SNIFFED)[:_SNIFFED])

    def fit(separator: str) -> tuple[float, int]:
        """Share of rows that are as wide as the header, and that width; a width of one is no fit."""
        try:
            widths = [len(row) for row in csv.reader(io.StringIO(start, newline=""), delimiter=separator) if any(row)]
        except csv.Error:
            return 0.0, 0
        if not widths or widths[0] < 2:
            return 0.0, 0
        return sum(width == widths[0] for width in widths) / len(widths), widths[0]

    return text, max(SEPARATORS, key=fit), 0


def _rows(text: str, separator: str, skipped: int, name: str, limits: TableLimits) -> Iterator[tuple[int, list[str]]]:
    """Line and stripped cells of every row that holds something; `UserError` as soon as a limit is passed."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1 + skipped
    rows = cells_read = 0
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if any(cells):
                rows += 1
                cells_read += len(cells)
                for number, most, template in (
                    (rows - 1, limits.rows, TOO_MANY["rows"]),
                    (len(cells), limits.columns, TOO_MANY["columns"]),
                    (cells_read, limits.cells, TOO_MANY["cells"]),
                ):
                    if number > most:
                        raise UserError(template, file=name, most=f"{most:,}")
                if any(len(cell) > limits.letters for cell in cells):
                    raise UserError(
                        N_("{file}, row {row}: a cell is longer than {most} letters; a quotation mark may be missing."),
                        file=name,
                        row=line,
                        most=f"{limits.letters:,}",
                    )
                yield line, cells
            line = reader.line_num + 1 + skipped
    except csv.Error:
        raise UserError(
            N_("{file}, row {row}: the quotation marks of a cell do not close."), file=name, row=line
        ) from None


def _framed(rows: Iterator[tuple[int, list[str]]], name: str) -> pd.DataFrame:
    """The rows as a frame whose columns are named once each."""
    top, header = next(rows, (1, []))
    below = list(rows)
    if not header or not below:
        raise UserError(N_("{file} has no rows; it needs a header and a row below it."), file=name)
    for line, cells in below:
        if len(cells) != len(header):
            raise UserError(
                N_("{file}, row {row} has {found} cells where the header has {wanted}."),
                file=name,
                row=line,
                found=len(cells),
                wanted=len(header),
            )
    kept = [at for at, label in enumerate(header) if label or any(cells[at] for _, cells in below)]
    labels = [header[at] for at in kept]
    for at, label in zip(kept, labels, strict=True):
        if not label:
            raise UserError(
                N_("{file}, row {row}: column {column} has no name in the header."), file=name, row=top, column=at + 1
            )
        if labels.count(label) > 1:
            raise UserError(
                N_('{file}, row {row}: the column "{column}" stands twice in the header.'),
                file=name,
                row=top,
                column=label,
            )
    return pd.DataFrame(
        [[cells[at] for at in kept] for _, cells in below],
        columns=labels,
        index=[line for line, _ in below],
        dtype=object,
    )


def _with_points(frame: pd.DataFrame, separator: str) -> tuple[pd.DataFrame, list[str]]:
    """`frame` with decimal points where a column holds decimal commas, and the names of those columns.

    A column is one of numbers with decimal commas when every cell could be, one has a comma, and the comma cannot be
    one of thousands: in a table separated by semicolons it never is, elsewhere one cell must show it (``3,5``).
    """
    changed = []
    frame = frame.copy()
    for column in frame.columns:
        cells = [cell for cell in frame[column] if cell not in MISSING]
        with_comma = [cell for cell in cells if "," in cell]
        if not with_comma or not all(_DECIMAL_COMMA.fullmatch(cell) for cell in cells):
            continue
        if separator == ";" or not all(_GROUPED.fullmatch(cell) for cell in with_comma):
            frame[column] = frame[column].str.replace(",", ".", regex=False)
            changed.append(str(column))
    return frame, changed


@dataclass(frozen=True)
class Images:
    """Images unpacked into `folder`: how many, and what was left out with the reason (a message).

    `names` are what the zip calls them, fit to be shown, in the order of our numbers.
    """

    folder: Path
    count: int
    left_out: tuple[tuple[str, str], ...]
    names: tuple[str, ...] = ()


FORMATS: dict[str, str] = {"PNG": ".png", "JPEG": ".jpg", "WEBP": ".webp", "BMP": ".bmp", "GIF": ".gif", "TIFF": ".tif"}
"""Formats that are read, and the suffix they are stored under; the name in the zip decides nothing."""


def images(content: IO[bytes], name: str, into: Path, limits: ImageLimits = IMAGES) -> Images:
    """Unpack the images of a zip that its reader calls `name` into the folder `into`, which must be empty or absent.

    Files are called ``000000.png`` and so on in the order of the zip; first-level folders in it, which name classes,
    become ``0/``, ``1/`` and so on, where there are two or more and every file lies in one. What is no image is left
    out and named. `UserError` for what is no zip, is locked, or passes `limits`; then nothing is left behind.
    """
    if into.exists() and any(into.iterdir()):
        raise ValueError(f"{into} is not empty")
    size = content.seek(0, io.SEEK_END)
    content.seek(0)
    if size > limits.bytes:
        raise UserError(
            N_("{file} has {size} MB; at most {most} MB are unpacked. Leave out images, or make them smaller."),
            file=name,
            size=f"{size / MEGA:.0f}",
            most=limits.bytes // MEGA,
        )
    try:
        with zipfile.ZipFile(content) as archive:
            return _unpacked(archive, name, into, limits)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, NotImplementedError, EOFError):
        _emptied(into)
        raise UserError(N_("{file} is damaged or no zip; make the zip again."), file=name) from None
    except UserError:
        _emptied(into)
        raise


def _unpacked(archive: zipfile.ZipFile, name: str, into: Path, limits: ImageLimits) -> Images:
    entries = [e for e in archive.infolist() if not e.is_dir() and not _hidden(e.filename)]
    if len(entries) > limits.images:
        raise UserError(
            N_("{file} holds {n} files; at most {most} are unpacked."), file=name, n=len(entries), most=limits.images
        )
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise UserError(N_("{file} is locked with a password; make a zip without one."), file=name)
    classes = _classes(entries)
    left_out: list[tuple[str, str]] = []
    names: list[str] = []
    total = count = 0
    for entry in entries:
        # one byte more than allowed is read, whatever the entry says of its size: more would be a bomb
        allowed = min(limits.image, limits.unpacked - total)
        with archive.open(entry) as packed:
            content = packed.read(allowed + 1)
        total += len(content)
        if total > limits.unpacked:
            raise UserError(
                N_("{file} unpacks to more than {most} MB, the most that is unpacked."),
                file=name,
                most=limits.unpacked // MEGA,
            )
        suffix, reason = ("", N_("too large")) if len(content) > limits.image else _format(content, limits)
        if not suffix:
            left_out.append((_shown(entry.filename), reason))
            continue
        folder = into / str(classes[_first(entry.filename)]) if len(classes) > 1 else into
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{count:06d}{suffix}").write_bytes(content)
        names.append(_shown(entry.filename))
        count += 1
    if count == 0:
        raise UserError(
            N_("{file} holds no image that can be read ({formats})."), file=name, formats=", ".join(FORMATS)
        )
    return Images(into, count, tuple(left_out), tuple(names))


def _format(content: bytes, limits: ImageLimits) -> tuple[str, str]:
    """Suffix of an image, or an empty one and why it is left out; only its head is read."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(content), formats=list(FORMATS)) as image:
            pixels = math.prod(image.size)
            kind = str(image.format)
    except Image.DecompressionBombError:
        return "", N_("too many pixels")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError):
        return "", N_("no image")
    return ("", N_("too many pixels")) if pixels > limits.pixels else (FORMATS.get(kind, ".png"), "")


def _classes(entries: list[zipfile.ZipInfo]) -> dict[str, int]:
    """First-level folders to their numbers; empty unless every file lies in one."""
    folders = [_first(entry.filename) for entry in entries]
    return {} if "" in folders else {name: number for number, name in enumerate(dict.fromkeys(folders))}


def _first(filename: str) -> str:
    head, slash, _ = filename.replace("\\", "/").lstrip("/").partition("/")
    return head if slash else ""


def _hidden(filename: str) -> bool:
    """What archivers of an operating system add: ``.DS_Store``, ``__MACOSX/``."""
    parts = filename.replace("\\", "/").split("/")
    return any((part.startswith(".") and part not in (".", "..")) or part == "__MACOSX" for part in parts)


def _shown(filename: str) -> str:
    """A name from the zip as it may be shown: printable and short."""
    clean = "".join(letter for letter in filename if letter.isprintable())
    return clean if len(clean) <= 80 else f"{clean[:77]}…"


def _emptied(into: Path) -> None:
    """Take away what was unpacked so far: files of numbers in `into` and its folders of numbers."""
    for file in sorted(into.rglob("*"), reverse=True) if into.is_dir() else ():
        if file.is_dir():
            file.rmdir()
        else:
            file.unlink()
