"""Make docs/images/briefing.png, the pages of a briefing that the README shows.

Run it when the look of a briefing has changed: ``.venv/bin/python tools/briefing_picture.py``. The pages are those of
the shipped data and reference runs on a fixed day: runs of this machine stay out of them.
"""

import datetime
import tempfile
from pathlib import Path

import pypdfium2
from PIL import Image

from aigc_report.briefing.compose import Request, compose
from aigc_report.briefing.ground import Ground
from aigc_report.briefing.model import Language
from aigc_report.briefing.render import RENDERERS
from gan.store import Store

OUT = Path(__file__).parents[1] / "docs" / "images" / "briefing.png"
DAY = datetime.date(2026, 11, 25)
SHOWN: dict[Language, tuple[int, ...]] = {"en": (1, 3), "zh": (1,)}
"""Language to the pages shown of it."""
PAGE_PX, GAP_PX, TABLE = 506, 10, "#d5dae1"
COLOURS = 64


def pages(lang: Language, numbers: tuple[int, ...], ground: Ground) -> list[Image.Image]:
    """Pages of the briefing for government in `lang`."""
    made = RENDERERS["pdf"](compose(Request("government", lang, ("DEU", "FRA"), (), DAY), ground))
    chosen = [pypdfium2.PdfDocument(made)[number - 1] for number in numbers]
    return [page.render(scale=PAGE_PX / page.get_width()).to_pil().convert("RGB") for page in chosen]


def picture() -> Image.Image:
    """The pages side by side on a pale table."""
    with tempfile.TemporaryDirectory() as empty:
        ground = Ground(store=Store(Path(empty)))
        drawn = [page for lang, numbers in SHOWN.items() for page in pages(lang, numbers, ground)]
    width = GAP_PX + sum(page.width + GAP_PX for page in drawn)
    sheet = Image.new("RGB", (width, max(page.height for page in drawn) + 2 * GAP_PX), TABLE)
    for n, page in enumerate(drawn):
        sheet.paste(page, (GAP_PX + n * (page.width + GAP_PX), GAP_PX))
    return sheet


if __name__ == "__main__":
    picture().quantize(COLOURS).save(OUT, optimize=True)
    print(f"{OUT}: {OUT.stat().st_size / 1e3:.0f} kB")
