"""The few rules of style that Streamlit's theme cannot say: edges in the colour of a factor, figures, the footer."""

import json
from functools import cache
from pathlib import Path

from aigc_report.charts import palette
from aigc_report.i18n import Texts

SHEET = Path(__file__).with_name("style.css")


@cache
def sheet(t: Texts) -> str:
    """The style sheet as a ``<style>`` element, with the palette's colours and the words of the language filled in."""
    edges = "\n".join(
        f'[class*="st-key-factor-{name}"] {{ border-top: 4px solid {colour}; }}'
        for name, colour in palette.FACTORS.items()
    )
    choose = json.dumps(t("Choose a file"), ensure_ascii=False)
    words = f":root {{ --choose-a-file: {choose}; }}"
    return f"<style>{SHEET.read_text(encoding='utf-8')}\n{edges}\n{words}</style>"
