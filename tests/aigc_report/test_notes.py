"""The notes on the page Methods: all of docs/, with links that lead somewhere and no HTML of their own."""

import re

import pytest

from aigc_report import notes
from aigc_report.errors import UserError


def linked(name: str, anchor: str) -> str:
    return f"#{name}/{anchor}"


def test_every_note_of_the_folder_stands_once_with_a_title():
    assert sorted(notes.names()) == sorted(path.stem for path in notes.folder().glob("*.md"))
    assert set(notes.names()) == set(notes.TITLES)


@pytest.mark.parametrize("name", notes.names())
def test_links_between_notes_lead_to_a_heading_that_is_there(name):
    shown = notes.html(name, linked)
    assert shown.startswith("<h2 ")
    for href in re.findall(r'href="([^"]*)"', shown):
        if href.startswith("#"):
            other, _, anchor = href[1:].partition("/")
            assert not anchor or f'id="{anchor}"' in notes.html(other, linked), href
        else:
            assert href.startswith("https://")


def test_html_in_a_note_is_shown_and_not_obeyed(monkeypatch):
    monkeypatch.setattr(
        notes, "_text", lambda name: "# A\n\n<script>alert(1)</script> <b>x</b> [y](javascript:alert(1))\n"
    )
    shown = notes.html("index", linked)
    assert "<script" not in shown
    assert "<b>" not in shown
    assert "javascript:" not in re.sub(r">[^<]*<", "", shown)


def test_a_note_that_is_not_there_names_those_that_are():
    with pytest.raises(UserError, match="index-eu27"):
        notes.html("nothing", linked)
