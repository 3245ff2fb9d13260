"""Who trains now and who waits, in order: redrawn while anybody does, and only then."""

import streamlit as st

from aigc_report import steering
from aigc_report.i18n import Texts
from dashboards.ui import acting, runs, viewer
from gan import queue
from gan.errors import UsageError
from gan.queue import Queue
from gan.store import RunSummary

EVERY_S = 2.0
PLACE = "queue"


def show(t: Texts, listed: list[RunSummary]) -> None:
    """The queue that the runs of `listed` form; nothing where no run trains or waits."""
    found = queue.of(listed)
    active = (*found.training, *found.waiting)
    if not active:
        return

    def draw() -> None:
        if any(_status(run) != run.status for run in active):
            st.rerun()  # somebody's turn came, or a run ended: the whole page says otherwise now
        _draw(t, found)

    st.fragment(draw, run_every=EVERY_S, key="queue-live")()


def _status(run: RunSummary) -> str:
    try:
        return runs.store().status(run.run_id)
    except UsageError:
        return ""  # cancelled and deleted by somebody else meanwhile


def _draw(t: Texts, found: Queue) -> None:
    with st.container(border=True, key=PLACE):
        st.subheader(t("Queue"))
        for run in found.training:
            progress = runs.store().progress(run.run_id)
            said = t("Trains now: {run}", run=_named(run))
            if progress.eta_s:
                said += " · " + t("{time} left", time=t.duration(progress.eta_s))
            st.progress(min(1.0, progress.fraction or 0.0), text=said)
        if not found.training:
            st.caption(
                t("The machine is busy with other work, such as a test of claims.")
                if queue.busy()
                else t("The next run is about to begin.")
            )
        for run in found.waiting:
            _waiting(t, found, run)
        acting.say(PLACE)


def _waiting(t: Texts, found: Queue, run: RunSummary) -> None:
    words, button = st.columns([5, 1], vertical_alignment="center")
    said = t("Place {n}: {run}", n=found.place(run.run_id), run=_named(run))
    wait_s = queue.wait_s(runs.store(), found, run.run_id)
    if wait_s is not None and found.training:
        said += " · " + t("begins in {time} at the earliest", time=t.duration(wait_s))
    words.markdown(said)
    if viewer.may_steer():
        button.button(
            t("Cancel"),
            key=f"cancel-{run.run_id}",
            help=t("Cancel run {run}", run=run.run_id),
            width="stretch",
            on_click=acting.steer,
            args=(PLACE, steering.cancel, run.run_id),
        )


def _named(run: RunSummary) -> str:
    return f"{runs.plain(runs.label(run))} · `{run.run_id}`"
