"""Measure pictures of your own: a zip of generated pictures against a data set or a second zip of real ones.

The work is done by a process of its own (`aigc_report.measurements`); this page uploads, looks on and shows.
"""

import json
from functools import partial

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from aigc_report import measurements, steering, uploads
from aigc_report.charts import measurements as charts_of_measurements
from aigc_report.i18n import N_, Texts
from aigc_report.measurements import Measurement, Upload, words
from aigc_report.measurements.store import ACTIVE
from aigc_report.measurements.work import MOST_FILES
from dashboards.ui import acting, charts, downloads, lab_images, quality, state, viewer
from gan import runner
from gan.errors import UsageError
from gan.measurement import LEAST, PICTURES

EVERY_S = 1.0
KEY = "measurement"
"""Of the measurement that is looked at, in the address."""
VISIT = "measurements-of-this-visit"
PLACE = "measure-own"
REAL: dict[str, str] = {
    "digits": N_("digits: real handwritten digits that no training here sees"),
    "fashion-mnist": N_("fashion-mnist: real pictures of clothes, the official test images"),
    PICTURES: N_("Real pictures of my own: a second zip"),
}
"""What pictures can be compared with."""


def refusal(t: Texts) -> str | None:
    """Why this reader may start no measurement; None where they may. Asked for the form and again when it is used."""
    if not runner.available():
        return t('Measuring pictures needs a part that is not installed: pip install "aigc-report[gan]".')
    error = steering.refusal(here=viewer.here())
    return None if error is None else error.text(t)


def show(t: Texts) -> None:
    """The form, and the measurement that was chosen or last started."""
    st.header(t("Measure pictures of your own"), anchor="own-pictures")
    st.markdown(
        t(
            "Upload pictures that a generator made and see how near they come to real ones, with the floor that real "
            "pictures reach and with intervals. The pictures are deleted as soon as they are measured; the figures "
            "stay on this machine, under an address that only you are given."
        )
    )
    refused = refusal(t)
    if refused:
        st.caption(refused)  # the form for runs, above, says it louder
    else:
        _form(t)
    known = _known()
    if not known:
        return
    chosen = _choose(t, known)
    found = known[chosen]
    if found.status in ACTIVE:
        _live(t, chosen)
    else:
        _ended(t, found)


# ---- the form --------------------------------------------------------------------------------------------------------


def _form(t: Texts) -> None:
    with st.container(border=True, key=PLACE):
        left, right = st.columns(2, gap="large")
        with left:
            real = state.choice(
                st.selectbox, t("Compare with"), list(REAL), key="real", format_func=lambda code: t(REAL[code])
            )
        with right:
            generated = _upload(t, t("Generated pictures (ZIP)"), "own-generated")
            reference = _upload(t, t("Real pictures (ZIP)"), "own-real") if real == PICTURES else None
        with left:
            _needed(t, real)
            there = real == PICTURES or lab_images.available(t, real)
        st.button(  # below both columns: on a phone it comes after what it needs
            t("Measure these pictures"),
            type="primary",
            key="measure",
            icon=":material/straighten:",
            disabled=not there or generated is None or (real == PICTURES and reference is None),
            on_click=_start,
            args=(t, generated, reference if real == PICTURES else real),
        )
        acting.say(PLACE)


def _upload(t: Texts, label: str, key: str) -> UploadedFile | None:
    return st.file_uploader(label, type="zip", key=key, max_upload_size=uploads.IMAGES.bytes // uploads.MEGA)


def _needed(t: Texts, real: str) -> None:
    """Says what a zip may hold."""
    said = t(
        "{least} to {most} pictures in a zip of at most {size} MB; PNG, JPEG, WebP, BMP, GIF or TIFF, of any size, in "
        "folders or not.",
        least=LEAST,
        most=t.number(MOST_FILES, 0),
        size=uploads.IMAGES.bytes // uploads.MEGA,
    )
    st.caption(said)
    if real == PICTURES:
        st.caption(t("The zip of real pictures needs twice as many: half of them give the floor."))


def _start(t: Texts, generated: UploadedFile, real: UploadedFile | str) -> None:
    def begin() -> str:
        if refused := refusal(t):
            raise UsageError(refused)
        brought = real if isinstance(real, str) else Upload(real.name, real)
        return measurements.start(Upload(generated.name, generated), brought)

    if started := acting.attempt(PLACE, begin):
        st.session_state[VISIT] = [started, *st.session_state.get(VISIT, [])]
        st.session_state[KEY] = started


# ---- which one -------------------------------------------------------------------------------------------------------


def _known() -> dict[str, Measurement]:
    """The measurements of this visit, newest first, and the one that the address names; those that still exist."""
    asked = st.query_params.get(KEY)
    ids = [*st.session_state.get(VISIT, []), *([asked] if asked else [])]
    found = {}
    for id in dict.fromkeys(ids):
        try:
            found[id] = measurements.read(id)
        except LookupError:
            continue
    return found


def _choose(t: Texts, known: dict[str, Measurement]) -> str:
    names = {
        id: f"{t.join(list(found.request.names.values()))} · {t.moment(found.request.created)}"
        for id, found in known.items()
    }
    return state.choice(
        st.selectbox,
        t("Measurement to look at"),
        list(known),
        key=KEY,
        explicit=True,
        format_func=names.__getitem__,
    )


# ---- one measurement -------------------------------------------------------------------------------------------------


def _live(t: Texts, id: str) -> None:
    """What it is at, once a second; when it ends the whole page is drawn again."""

    def draw() -> None:
        now = measurements.read(id)
        if now.status not in ACTIVE:
            st.rerun()
        said, done = words.at_work(t, now.progress)
        with st.container(border=True, key="measuring"):
            st.progress(done, text=said)
            st.button(
                t("Cancel this measurement"),
                key="cancel-measurement",
                on_click=measurements.cancel,
                args=(id,),
                icon=":material/stop_circle:",
            )

    st.fragment(draw, run_every=EVERY_S, key="live-measurement")()


def _ended(t: Texts, found: Measurement) -> None:
    if found.ended is None:
        st.warning(
            t("The measurement was interrupted: its process was stopped from outside. Upload the pictures again."),
            icon=":material/info:",
        )
    elif found.status == "cancelled":
        st.info(t("The measurement was cancelled; its pictures are deleted."), icon=":material/info:")
    elif found.ended.measured is None:
        st.error(words.why(t, found.ended), icon=":material/error:")
    else:
        _result(t, found, found.ended)
    if found.ended is not None:
        _left_out(t, found.ended)
    st.button(
        t("Delete this measurement"),
        key="delete-measurement",
        on_click=_delete,
        args=(found.request.id,),
        type="tertiary",
        icon=":material/delete:",
    )


def _result(t: Texts, found: Measurement, ended: measurements.Ended) -> None:
    measured = ended.measured
    assert measured is not None
    id = found.request.id
    st.markdown(words.verdict(t, measured))
    if copied := words.copies(t, measured):
        st.markdown(copied)
    st.caption(words.basis(t, found.request, ended))
    for limit in words.limits(t, found.request):
        st.caption(limit)
    for notice in measured.notices:
        st.warning(t.notice(notice), icon=":material/info:")
    for remark in measured.remarks:
        st.info(words.remark(t, remark), icon=":material/info:")
    left, right = st.columns(2, gap="large")
    with left:
        for name in ("fid", "kid"):
            charts.show(t, charts_of_measurements.distance, t, id, name)
    with right:
        charts.show(t, charts_of_measurements.shares, t, id)
        if measured.class_shares:
            charts.show(t, charts_of_measurements.classes, t, id)
    quality.table(t, measured.quality, measured.extractor)
    downloads.button(t, words.table(found), f"measurement-{id}")
    st.download_button(
        t("Everything (JSON)"),
        partial(_json, found),
        file_name=f"measurement-{id}.json",
        mime="application/json",
        key="download-measurement",
        on_click="ignore",
        type="tertiary",
        icon=":material/download:",
    )


def _json(found: Measurement) -> str:
    return json.dumps(words.document(found), indent=2, ensure_ascii=False, allow_nan=False)


def _left_out(t: Texts, ended: measurements.Ended) -> None:
    """The files that were not measured."""
    table = words.left_out(t, ended)
    if len(table):
        with st.expander(t("{n} files were left out", n=t.number(len(table), 0))):
            st.dataframe(table, hide_index=True, width="stretch")


def _delete(id: str) -> None:
    measurements.delete(id)
    st.session_state[VISIT] = [other for other in st.session_state.get(VISIT, []) if other != id]
    st.session_state.pop(KEY, None)
    if st.query_params.get(KEY) == id:
        del st.query_params[KEY]
