"""Keeping runs in order: go on with one, call it by a name, delete it, bring it back."""

import streamlit as st

from aigc_report import steering
from aigc_report.i18n import Texts
from dashboards.ui import acting, runs, viewer
from gan import names, removal, runner
from gan.continuing import OPEN

PLACE, BIN = "keep", "deleted-runs"
JUST = "just-deleted"
"""Where a visit keeps the id of the run it deleted last."""


def one(t: Texts, run_id: str, status: str) -> None:
    """What can be done with a run that ended; nothing for a reader who may not."""
    if not viewer.may_steer():
        return
    with st.container(horizontal=True, gap="small", key=PLACE):
        if status in OPEN and runner.available():
            st.button(
                t("Go on with this run"),
                key="resume",
                icon=":material/resume:",
                help=t("It goes on from its last checkpoint and gets the rest of its budget."),
                on_click=acting.steer,
                args=(PLACE, steering.resume, run_id),
            )
        with st.popover(t("Rename or delete"), icon=":material/edit:"):
            _rename(t, run_id)
            _delete(t, run_id)
    acting.say(PLACE)


def _rename(t: Texts, run_id: str) -> None:
    st.text_input(
        t("Name of this run"),
        names.name(runs.store(), run_id),
        key=f"name-{run_id}",
        max_chars=names.LONGEST,
        placeholder=run_id,
        help=t("A label for lists and charts. The id of the run stays what it is; an empty name takes the label away."),
    )
    st.button(
        t("Keep this name"),
        key="rename",
        on_click=_call,
        args=(run_id,),
    )


def _call(run_id: str) -> None:
    typed = st.session_state[f"name-{run_id}"]  # as it is now: an argument would be as it was when the page was drawn
    acting.steer(PLACE, steering.rename, run_id, typed)
    st.session_state["run"] = run_id  # the box to choose from writes the new name only when its value is set


def _delete(t: Texts, run_id: str) -> None:
    st.caption(
        t(
            "A deleted run leaves all lists and can be brought back below them. Suites, evidence and briefings that "
            "rest on it keep their figures, but can no longer be traced to it."
        )
    )
    st.button(
        t("Delete this run"),
        key="delete",
        icon=":material/delete:",
        on_click=_go,
        args=(run_id,),
    )


def _go(run_id: str) -> None:
    acting.steer(BIN, steering.delete, run_id)
    if run_id in {gone.run_id for gone in removal.deleted(runs.store())}:
        st.session_state[JUST] = run_id


def undo(t: Texts) -> None:
    """The run that this visit deleted last, with the way back, for as long as there is one."""
    acting.say(BIN)
    run_id = st.session_state.get(JUST)
    if run_id not in {gone.run_id for gone in removal.deleted(runs.store())}:
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="undo-delete"):
        st.success(t("Run {run} was deleted.", run=f"`{run_id}`"), icon=":material/delete:")
        _back(t("Undo"), "undo", run_id)


def bin_(t: Texts) -> None:
    """The deleted runs: bring one back, or remove all for good. Nothing where there are none."""
    gone = removal.deleted(runs.store())
    if not gone or not viewer.may_steer():
        return
    with st.expander(t("Deleted runs: {n}", n=len(gone)), key=BIN):
        chosen = st.selectbox(t("Deleted run"), [each.run_id for each in gone], key="deleted-run")
        _back(t("Bring this run back"), "restore", str(chosen))
        sure = st.checkbox(
            t("Remove all of them for good: this cannot be undone"),
            key="sure",
        )
        st.button(
            t("Remove for good"),
            key="purge",
            disabled=not sure,
            icon=":material/delete_forever:",
            on_click=acting.steer,
            args=(BIN, steering.purge),
        )


def _back(label: str, key: str, run_id: str) -> None:
    st.button(label, key=key, icon=":material/undo:", on_click=_return, args=(run_id,))


def _return(run_id: str) -> None:
    acting.steer(BIN, steering.restore, run_id)
    st.session_state["run"] = run_id  # the reader looks at what came back; where it did not, the choice begins anew
