"""A run while it trains: redrawn every second, and only then; a marker cancels it at the next step."""

import streamlit as st

from aigc_report import steering
from aigc_report.charts import runs as charts_of_runs
from aigc_report.i18n import Texts
from dashboards.ui import acting, charts, lab_samples, runs, viewer

EVERY_S = 1.0
PLACE = "live-run"


def show(t: Texts, run_id: str) -> None:
    """The live view of `run_id`; when its status changes the whole page is drawn again."""
    begun = runs.store().status(run_id)

    def draw() -> None:
        status = runs.store().status(run_id)
        if status != begun:
            st.rerun()
        _draw(t, run_id, status)

    st.fragment(draw, run_every=EVERY_S, key="live")()


def _draw(t: Texts, run_id: str, status: str) -> None:
    progress = runs.store().progress(run_id)
    with st.container(border=True, key=PLACE):
        if status == "queued":
            st.progress(0.0, text=t("Waiting for the device: one run trains at a time."))
        else:
            done = progress.fraction or 0.0
            st.progress(
                min(1.0, done),
                text=t("Training: {percent}", percent=t.value(100 * done, "percent", 0))
                if done < 1
                else t("Training is done; the quality is being measured."),
            )
        columns = st.columns(4)
        columns[0].metric(t("Images seen"), t.number(progress.images, 0))
        columns[1].metric(t("Images per second"), t.number(progress.images_per_s, 0))
        columns[2].metric(t("Training time"), t.duration(progress.train_s))
        columns[3].metric(t("Time left"), t.duration(progress.eta_s))
        if viewer.may_steer():
            st.button(
                t("Cancel this run"),
                key="cancel",
                on_click=acting.steer,
                args=(PLACE, steering.cancel, run_id),
                icon=":material/stop_circle:",
            )
        acting.say(PLACE)
    record = runs.store().read(run_id)
    made = [sample for sample in record.samples if not sample.real]
    if made:
        lab_samples.pair(t, run_id, made[-1], next((sample for sample in record.samples if sample.real), None))
    if len(record.curve) > 1:
        charts.show(t, charts_of_runs.losses, t, run_id, record.curve)
