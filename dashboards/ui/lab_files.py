"""What a reader can take away of a run that ended: files with their sizes, each under an address of its own."""

from html import escape

import streamlit as st

from aigc_report import run_files
from aigc_report.i18n import N_, Texts
from dashboards.ui import runs
from gan.store import CARD

PREFIX = "/runs"
TITLES: dict[str, tuple[str, str]] = {
    CARD: (N_("Model card (Markdown)"), N_("the run in words, in the format of Hugging Face")),
    run_files.WEIGHTS: (
        N_("Weights (safetensors)"),
        N_("the averaged generator: numbers only, nothing that could run"),
    ),
    run_files.FIGURES: (N_("Figures (CSV)"), N_("quality with intervals and floors, cost with what it rests on")),
    run_files.CURVE: (N_("Course of training (CSV)"), N_("losses, speed and quality, moment by moment")),
    run_files.SAMPLES: (N_("Images (ZIP)"), N_("every grid, and the last one and the real one cut into single images")),
    run_files.RECORD: (N_("Record (JSON)"), N_("all that is known of the run, settings and software included")),
    run_files.EVERYTHING: (N_("Everything (ZIP)"), N_("unpacked among the runs of another machine, it is a run there")),
}
"""What each file is called and holds."""


def show(t: Texts, run_id: str) -> None:
    """The files of a run as links; their content is read when somebody follows one."""
    files = run_files.of(runs.store(), run_id)
    with st.container(key="files"):
        st.subheader(t("Take it away"), anchor="files")
        st.html(f'<ul class="links files">{"".join(_line(t, file) for file in files.values())}</ul>')
        if run_files.WEIGHTS in files:
            command = f"`gan-bench sample {run_id} --count 1000 --out images/`"
            st.caption(t("More images of these weights, where the run lies: {command}", command=command))
        else:
            st.caption(t("There are no weights to take away: the run ended before it kept any."))


def _line(t: Texts, file: run_files.File) -> str:
    title, holds = TITLES[file.name]
    return (
        f'<li><a href="{PREFIX}/{file.run_id}/{file.name}" download>{escape(t(title))}</a>'
        f"<span>{escape(t.bytes(file.size))}</span><span>{escape(t(holds))}</span></li>"
    )
