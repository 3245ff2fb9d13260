"""A briefing on a page: its preview, its files with their manifests, and the briefings kept on this machine."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial

import streamlit as st

from aigc_report.briefing import audiences, claims, produce
from aigc_report.briefing.compose import Request, compose, today
from aigc_report.briefing.ground import Ground
from aigc_report.briefing.manifest import SUFFIX, written
from aigc_report.briefing.model import Briefing
from aigc_report.briefing.produce import Entry, Made
from aigc_report.catalog import Catalog
from aigc_report.errors import UserError
from aigc_report.i18n import LANGUAGES as LANGUAGES
from aigc_report.i18n import N_, Texts
from dashboards.ui.boundary import boundary

HEIGHT = 900
"""Pixels of the preview: about a page."""
SHOWN = 10
FORMATS: dict[str, str] = {"pdf": "PDF", "html": "HTML", "docx": "Word", "pptx": "PowerPoint"}


@dataclass(frozen=True)
class Asked:
    """What the controls hold."""

    audience: str
    lang: str
    geo: tuple[str, ...]
    sections: tuple[str, ...]

    def request(self) -> Request:
        """The same as the command line asks for it, dated today."""
        return Request(self.audience, "zh" if self.lang == "zh" else "en", self.geo, self.sections, today())


def languages(t: Texts) -> list[str]:
    """The languages, the reader's own first."""
    return sorted(LANGUAGES, key=lambda code: code != t.lang)


def places(t: Texts, cat: Catalog) -> list[str]:
    """The countries, members of the EU first, by their names in the reader's language."""
    countries = cat.geographies[cat.geographies["kind"] == "country"]
    return sorted(
        map(str, countries.index), key=lambda geo: (not bool(countries.at[geo, "eu27"]), cat.name(geo, t.lang))
    )


def sections(t: Texts, audience: str) -> dict[str, str]:
    """Id to title of the sections that an audience's template holds."""
    return {section.id: section.title[t.lang] for section in audiences.load(audience).sections}


@lru_cache(maxsize=32)
def _briefing(request: Request, newest: str) -> Briefing:
    """`newest` only tells apart what was written before and after a run or an experiment ended here."""
    return compose(request)


@lru_cache(maxsize=16)
def _made(request: Request, newest: str, format: str) -> Made:
    return produce.render(_briefing(request, newest), format)


def _newest() -> str:
    """What tells the run and the evidence that a briefing rests on now from those before."""
    kept = Ground().measured_run()
    return f"{kept.digest if kept else ''} {claims.digest()}"


def show(t: Texts, asked: Asked) -> None:
    """Files to take away and the preview; a sentence where the briefing cannot be made."""
    request, newest = asked.request(), _newest()
    try:
        preview = _made(request, newest, "html")
    except UserError as error:
        st.error(error.text(t), icon=":material/error:")
        return
    st.caption(
        t(
            "{n} numbers, each with its provenance in the manifest. A file and its manifest belong together: "
            "`aigc-report verify FILE{suffix}` derives every number again.",
            n=len(preview.manifest.numbers),
            suffix=SUFFIX,
        )
    )
    for column, format in zip(st.columns(len(FORMATS)), FORMATS, strict=True):
        with column, boundary(t, f"briefing as {format}"):
            _downloads(t, request, newest, format)
    shown = base64.b64encode(preview.content).decode()  # a page of data: has no origin, so it can reach nothing of ours
    st.iframe(f"data:text/html;base64,{shown}", height=HEIGHT, alt=t("Preview of the briefing"))


def _downloads(t: Texts, request: Request, newest: str, format: str) -> None:
    """The file and its manifest, each made when its button is pressed; the file goes into the history."""
    name = f"{produce.stem(_briefing(request, newest))}.{format}"
    st.download_button(
        FORMATS[format],
        partial(_kept, request, newest, format),
        file_name=name,
        mime=produce.media_type(format),
        key=f"briefing-{format}",
        on_click="ignore",
        icon=":material/download:",
        width="stretch",
    )
    st.download_button(
        t("Manifest"),
        partial(_manifest, request, newest, format),
        file_name=name + SUFFIX,
        mime="application/json",
        key=f"briefing-{format}-manifest",
        on_click="ignore",
        type="tertiary",
    )


def _kept(request: Request, newest: str, format: str) -> bytes:
    made = _made(request, newest, format)
    produce.keep(made)
    return made.content


def _manifest(request: Request, newest: str, format: str) -> str:
    return written(_made(request, newest, format).manifest)


def history(t: Texts) -> None:
    """The briefings downloaded here or made on the command line, newest first."""
    st.header(t("Made on this machine"))
    entries = produce.history()
    if not entries:
        st.info(
            t("No briefing yet. What you download above, or make with aigc-report brief, is kept here."),
            icon=":material/info:",
        )
        return
    for number, entry in enumerate(entries[:SHOWN]):
        with boundary(t, "a kept briefing"):
            _line(t, number, entry)
    if len(entries) > SHOWN:
        st.caption(t("{n} older ones lie in {folder}.", n=len(entries) - SHOWN, folder=produce.folder()))


_LINE = N_("{audience}, {lang}, {date}: {n} numbers")


def _line(t: Texts, number: int, entry: Entry) -> None:
    described = entry.described
    words = t(
        _LINE,
        audience=t(audiences.NAMES.get(described.audience, described.audience)),
        lang=LANGUAGES.get(described.lang, described.lang),
        date=t.period(described.created.isoformat()),
        n=len(described.numbers),
    )
    text, file, manifest = st.columns([4, 1, 1], vertical_alignment="center")
    text.markdown(words)
    for column, path, label, mime in (
        (file, entry.file, FORMATS[described.format], produce.media_type(described.format)),
        (manifest, entry.manifest, t("Manifest"), "application/json"),
    ):
        read: Callable[[], bytes] = path.read_bytes
        column.download_button(
            label, read, file_name=path.name, mime=mime, key=f"kept-{number}-{path.suffix}-{label}", on_click="ignore",
            type="tertiary",
        )  # fmt: skip
