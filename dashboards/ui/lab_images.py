"""Which images a run learns from: a data set by name, or a folder typed in; and whether they can be had here."""

from pathlib import Path

import streamlit as st

from aigc_report.i18n import N_, Texts
from dashboards.ui import state
from gan import config, copies

FOLDER = "folder"
"""What the select box and the address hold for a folder of the reader's own."""

DATASETS: dict[str, str] = {
    "digits": N_("digits: 1,797 handwritten digits, 8 × 8 pixels"),
    "fashion-mnist": N_("fashion-mnist: 70,000 pictures of clothes, 28 × 28 pixels"),
    "mnist": N_("mnist: 70,000 handwritten digits, 28 × 28 pixels"),
    "cifar10": N_("cifar10: 60,000 colour photographs of animals and vehicles, 32 × 32 pixels"),
    FOLDER: N_("A folder of images on this machine"),
}
"""What a data set holds; one without an entry shows its name."""

BY_HAND: dict[str, str] = {
    "fashion-mnist": N_("put its four idx files into {folder}/FashionMNIST/raw"),
    "mnist": N_("put its four idx files, plain or gzipped, into {folder}/MNIST/raw"),
    "cifar10": N_("put cifar-10-python.tar.gz, packed or unpacked, into {folder}"),
}
"""How to bring a published data set to this machine without a download."""


def choose(t: Texts) -> str | None:
    """What a configuration takes as its data set; None where the images cannot be had, which the form then says."""
    dataset = state.choice(
        st.selectbox, t("Images"), [*config.DATASETS, FOLDER], key="dataset", format_func=lambda d: _title(t, d)
    )
    if dataset == FOLDER:
        return _folder(t)
    return dataset if available(t, dataset) else None


def available(t: Texts, dataset: str) -> bool:
    """Can the data set `dataset` be had here? Says where it cannot, or would be downloaded."""
    found = copies.state(dataset)
    if found == "download":
        st.caption(t("Not on this machine yet: the first run downloads it."))
    if found == "absent":
        st.warning(
            t(
                "{title} is not on this machine and downloads are switched off; {what}.",
                title=copies.PUBLISHED[dataset].title,
                what=t(BY_HAND[dataset], folder=copies.folders()[0]),
            ),
            icon=":material/cloud_off:",
        )
    return found != "absent"


def _folder(t: Texts) -> str | None:
    typed = st.text_input(
        t("Folder"),
        key="folder",
        bind="query-params",
        placeholder="/home/me/pictures",
        help=t(
            "The path of a folder on the computer that runs this page, at least 100 images. They are cropped square; "
            "a fifth is held out to measure quality; sub-folders count as classes."
        ),
    ).strip()
    if not typed:
        st.caption(t("Type the path of a folder to start."))
        return None
    try:
        folder = Path(typed).expanduser().absolute()
        exists = folder.is_dir()
    except (OSError, ValueError, RuntimeError):  # no path at all, or of a user that does not exist
        exists = False
    if not exists:
        st.warning(t("There is no folder {folder} on this machine.", folder=typed), icon=":material/folder_off:")
        return None
    return str(folder)


def _title(t: Texts, name: str) -> str:
    return t(DATASETS[name]) if name in DATASETS else name
