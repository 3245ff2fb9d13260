"""Words that a stranger wrote, such as names in an uploaded table, where Streamlit reads Markdown."""

import re

_MARKS = re.compile(r"([\\`*_\[\]<>#$|~])")


def plain(text: str) -> str:
    """`text` as Markdown that shows it letter by letter: no link, no picture, no formula comes out of it."""
    return _MARKS.sub(r"\\\1", text)
