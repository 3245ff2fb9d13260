"""Make aigc_report/fonts: the parts of Noto Sans (Latin) and Noto Sans CJK SC (Chinese) that our texts need.

Run it where Debian's fonts are installed (``apt install fonts-noto-core fonts-noto-cjk``):
``.venv/bin/python tools/fonts.py``. Kept are, of the Chinese face, all of GB 2312 and the signs of Chinese text,
of the Latin one letters with every accent, Greek, figures (raised and lowered ones too) and signs; of both, every
character of the data package, the translations and the programs. Without hints (paper and screens of today need none)
and with the features of horizontal text, the two weights of both take 6 MB.

`coverage.json` lists what each font can print and how wide a letter is, so that nothing else has to open them.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

ROOT = Path(__file__).parents[1]
FONTS = ROOT / "aigc_report" / "fonts"
DEBIAN = Path("/usr/share/fonts")
WEIGHTS = ("Regular", "Bold")
FEATURES = ["ccmp", "kern", "liga", "locl", "mark", "mkmk"]
TEXTS = ("*.csv", "*.yaml", "*.toml", "*.json", "*.po", "*.py", "*.md")

LATIN = (
    (0x20, 0x7E),
    (0xA0, 0x24F),  # with accents
    (0x300, 0x36F),  # accents that stand alone
    (0x370, 0x3FF),  # Greek
    (0x1E00, 0x1EFF),  # with further accents
    (0x2010, 0x205E),  # dashes, quotation marks, dots
    (0x2070, 0x209C),  # raised and lowered figures
    (0x20A0, 0x20BF),  # currencies
    (0x2100, 0x214F),  # signs such as ℃ and №
)
CHINESE = (
    (0x20, 0x7E),
    (0xA0, 0xFF),
    (0x2010, 0x205E),
    (0x2100, 0x214F),
    (0x2190, 0x21FF),  # arrows
    (0x2200, 0x22FF),  # mathematics
    (0x2460, 0x24FF),  # numbers in circles
    (0x2500, 0x27BF),  # lines, squares, circles, ticks
    (0x3000, 0x303F),  # punctuation
    (0xFE10, 0xFE4F),
    (0xFF00, 0xFFEF),  # full-width forms
)


@dataclass(frozen=True)
class Face:
    """One family: its name, Debian's file of a weight, what is asked of it, and how our file is called."""

    family: str
    source: str
    spans: tuple[tuple[int, int], ...]
    ours: str


FACES = (
    Face("Noto Sans", "truetype/noto/NotoSans-{weight}.ttf", LATIN, "NotoSans-{weight}.ttf"),
    Face("Noto Sans CJK SC", "opentype/noto/NotoSansCJK-{weight}.ttc", CHINESE, "NotoSansCJKsc-{weight}.otf"),
)


def gb2312() -> set[int]:
    """Every character of the table; it has holes."""
    rows = (bytes((high, low)).decode("gb2312", "ignore") for high in range(0xA1, 0xF8) for low in range(0xA1, 0xFF))
    return {ord(letter) for letter in rows if letter}


def texts() -> set[int]:
    """Every character of the data package, the translations and the programs."""
    found: set[int] = set()
    for folder in ("data", "aigc_report", "gan", "dashboards"):
        for pattern in TEXTS:
            for path in (ROOT / folder).rglob(pattern):
                found |= {ord(letter) for letter in path.read_text(encoding="utf-8", errors="ignore")}
    return {code for code in found if code >= 0x20}


def opened(face: Face, weight: str) -> TTFont:
    """Debian's font of one weight; out of a collection, the face of that family."""
    path = DEBIAN / face.source.format(weight=weight)
    if path.suffix != ".ttc":
        return TTFont(path)
    return next(each for each in TTCollection(path).fonts if each["name"].getBestFamilyName() == face.family)


def spans(codes: set[int]) -> list[list[int]]:
    """`codes` as inclusive ranges."""
    found: list[list[int]] = []
    for code in sorted(codes):
        if found and found[-1][1] == code - 1:
            found[-1][1] = code
        else:
            found.append([code, code])
    return found


def make(face: Face, weight: str, codes: set[int]) -> dict[str, object]:
    """Write one font; what it can print and how wide comes back."""
    font = opened(face, weight)
    options = subset.Options(hinting=False, layout_features=FEATURES, name_languages=[0x409], notdef_outline=True)
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE", "DSIG"]
    maker = subset.Subsetter(options)
    maker.populate(unicodes=codes)
    maker.subset(font)
    font["head"].modified = font["head"].created  # the same bytes whenever it is made
    font.recalcTimestamp = False
    path = FONTS / face.ours.format(weight=weight)
    font.save(path)
    letters, em = font.getBestCmap(), font["head"].unitsPerEm
    print(f"{path.name}: {len(letters):,} characters, {path.stat().st_size / 1e6:.2f} MB")
    widths = {str(code): font["hmtx"][name][0] for code, name in letters.items() if font["hmtx"][name][0] != em}
    return {"em": em, "covers": spans(set(letters)), "widths": widths}


def main() -> None:
    """Write the fonts and `coverage.json`, and name what our texts hold and neither family has."""
    ours = texts()
    wanted = {FACES[0].family: set[int](), FACES[1].family: gb2312()}
    about = {
        face.family: {
            weight: make(
                face,
                weight,
                wanted[face.family] | ours | {c for first, last in face.spans for c in range(first, last + 1)},
            )
            for weight in WEIGHTS
        }
        for face in FACES
    }
    (FONTS / "coverage.json").write_text(json.dumps(about, separators=(",", ":")) + "\n")
    held = {
        code
        for weights in about.values()
        for first, last in weights["Regular"]["covers"]  # type: ignore[attr-defined]
        for code in range(first, last + 1)
    }
    print(
        "In our texts and in neither family:", ", ".join(f"U+{code:04X}" for code in sorted(ours - held)) or "nothing"
    )


if __name__ == "__main__":
    main()
