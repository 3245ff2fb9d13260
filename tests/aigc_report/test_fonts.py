"""The carried typefaces print what we write, and say so where they cannot."""

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from aigc_report import fonts

ROOT = Path(__file__).parents[2]
FILES = {fonts.LATIN: "NotoSans-{}.ttf", fonts.CHINESE: "NotoSansCJKsc-{}.otf"}


@pytest.mark.parametrize("weight", [fonts.REGULAR, fonts.BOLD])
@pytest.mark.parametrize("family", fonts.FAMILIES)
def test_what_is_said_of_a_font_is_what_it_holds(family: str, weight: str) -> None:
    file = TTFont(fonts.folder() / FILES[family].format(weight), lazy=True)
    letters, widths, em = file.getBestCmap(), file["hmtx"], file["head"].unitsPerEm
    assert file["name"].getBestFamilyName() == family
    said = fonts.face(family, weight)
    assert [code for code in range(0x20, 0x10000) if said.holds(code)] == sorted(letters)
    for code in map(ord, set("Aiłé字，。〇①₂⁻") & {chr(code) for code in letters}):
        assert said.width(code) == widths[letters[code]][0] / em


def test_all_of_gb_2312_and_the_accents_of_european_names_can_be_printed() -> None:
    rows = [bytes((high, low)).decode("gb2312", "ignore") for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF)]
    assert fonts.missing("".join(rows)) == []
    assert fonts.missing("Łódź Şırnak Győr Þórr Čačak CO₂ 10⁻³ ≥ ± → €") == []


def test_every_translation_can_be_printed() -> None:
    catalogue = ROOT / "aigc_report" / "locale" / "zh" / "LC_MESSAGES" / "aigc_report.po"
    assert fonts.missing(catalogue.read_text(encoding="utf-8")) == []


def test_a_character_without_a_glyph_is_named() -> None:
    with pytest.raises(fonts.NotPrintable, match=r"𓀀 \(U\+13000\)"):
        fonts.check(["all is well", "hieroglyph 𓀀"])


def test_a_chinese_character_is_a_square_and_chinese_text_takes_its_own_signs() -> None:
    assert fonts.width("字", 12) == 12
    assert fonts.width("“字”", 12) > fonts.width("““", 12)
    assert fonts.order("“字”")[0] == fonts.CHINESE
    assert fonts.order("“A”")[0] == fonts.LATIN


def test_the_licence_stands_beside_the_fonts_and_they_stay_small() -> None:
    assert "SIL OPEN FONT LICENSE" in (fonts.folder() / "OFL.txt").read_text(encoding="utf-8")
    files = [path for path in fonts.folder().iterdir() if path.suffix in (".otf", ".ttf")]
    assert sum(path.stat().st_size for path in files) < 7e6
