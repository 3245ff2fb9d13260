"""The few rules of style that Streamlit's theme cannot say: edges in the colour of a factor, figures, the footer."""

from functools import cache
from pathlib import Path

from aigc_report.charts import palette

SHEET = Path(__file__).with_name("style.css")


@cache
def sheet() -> str:
    """The style sheet as a ``<style>`` element, with the palette's colours filled in."""
    edges = "\n".join(
        f'[class*="st-key-factor-{name}"] {{ border-top: 4px solid {colour}; }}'
        for name, colour in palette.FACTORS.items()
    )
    return f"<style>{SHEET.read_text(encoding='utf-8')}\n{edges}</style>"
