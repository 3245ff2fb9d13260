"""Starting a suite from the page: what it asks, how long it takes, how far it is, how to stop it and go on."""

from functools import lru_cache
from pathlib import Path

import streamlit as st
from pydantic import ValidationError

from aigc_report import steering
from aigc_report.i18n import N_, Texts
from aigc_report.tariff import tariff
from dashboards.ui import acting, runs, state, viewer
from gan import queue, runner
from gan.store import RunSummary
from gan.suite import launch, plan
from gan.suite import ledger as ledgers
from gan.suite.carry_out import records
from gan.suite.launch import Standing
from gan.suite.ledger import Ledger
from gan.suite.results import Results, conclude
from gan.suite.results import best as best_of

EVERY_S = 2.0
PLACE = "start-suite"
QUESTIONS: dict[str, str] = {
    "quick": N_("Does a loss of 2024 beat the founding document's of 2014 in 15 seconds on handwritten digits?"),
    "seeds": N_("How far apart do runs end that differ in nothing but the seed?"),
    "ladder": N_("Which method makes the best Fashion-MNIST images after 55 seconds of training on this machine?"),
    "scaling": N_("With what power do time and energy grow with image side, width and number of images?"),
}
"""What a shipped suite asks, shortest first; one without an entry shows the question of its file."""


def show(t: Texts, known: list[Ledger], listed: list[RunSummary]) -> None:
    """The suite at work, live; where none is, the form that starts one."""
    at_work = next((ledger for ledger in known if ledgers.at_work(ledger)), None)
    if at_work is not None:
        _live(t, at_work, runs.overheads(listed))
    elif runner.available() and viewer.may_start(len(queue.of(listed).waiting)):  # the form of runs says why not
        _form(t, listed)
    acting.say(PLACE)


def _form(t: Texts, listed: list[RunSummary]) -> None:
    shipped = plan.shipped()
    offered = [*(name for name in QUESTIONS if name in shipped), *(name for name in shipped if name not in QUESTIONS)]
    with st.container(border=True, key=PLACE):
        st.subheader(t("Start a suite"))
        left, right = st.columns([4, 1], vertical_alignment="bottom")
        with left:
            name = state.choice(st.selectbox, t("Suite"), offered, key="plan")
        asked = plan.load(name)
        members = plan.members(asked)
        with right:
            st.button(
                t("Start the suite"),
                key="start-suite-now",
                width="stretch",
                icon=":material/play_arrow:",
                on_click=_start,
                args=(name,),
            )
        st.markdown(t(QUESTIONS[name]) if name in QUESTIONS else runs.plain(asked.question))
        st.caption(
            t(
                "{n} runs, one after the other: about {time}, of which {training} are training. Each run keeps its "
                "folder and figures; the suite can be stopped and gone on with.",
                n=len(members),
                time=t.duration(launch.estimate_s(members, runs.overheads(listed))),
                training=t.duration(launch.training_s(members)),
            )
        )


def _start(name: str) -> None:
    def begin(*, here: bool) -> str:
        return steering.suite(plan.load(name), tariff("WLD"), here=here)

    if suite_id := acting.steer(PLACE, begin):
        st.session_state["suite"] = suite_id


def _live(t: Texts, ledger: Ledger, overheads: dict[str, float]) -> None:
    """How far the suite is, every two seconds; when one of its runs begins or ends the whole page is drawn again."""
    settled, at_work = _settled(ledger), _standing(ledger, overheads).now

    def draw() -> None:
        now = _standing(ledger, overheads)
        if not now.running or _settled(ledger) != settled or (now.now and now.now != at_work):
            st.rerun()  # the lists above and the charts below say otherwise now
        _draw(t, ledger, now)

    st.fragment(draw, run_every=EVERY_S, key="suite-live")()


def _standing(ledger: Ledger, overheads: dict[str, float]) -> Standing:
    return launch.standing(ledgers.find(ledger.suite_id) or ledger, runs.store(), overheads)


def _draw(t: Texts, ledger: Ledger, now: Standing) -> None:
    with st.container(border=True, key="suite-at-work"):
        said = t("Suite {suite}: {done} of {total} runs", suite=ledger.plan.name, done=now.done, total=now.total)
        if now.now:
            said += " · " + t("now: {run}", run=runs.plain(now.now))
        st.progress(min(1.0, (now.done + now.under_way) / now.total), text=said)
        left, right = st.columns([4, 1], vertical_alignment="center")
        left.caption(t("About {time} left. The page can be closed meanwhile.", time=t.duration(now.left_s)))
        known = results(ledger)
        if known is not None and (best := best_of(known)):
            named = [f"{runs.plain(group)}: {t.number(value)}" for group, value in best]
            left.caption(t("Lowest FID so far: {best}", best=t.join(named)))
        if ledgers.asked_to_stop(ledger):
            right.caption(t("It was asked to stop."))
        elif viewer.may_steer():
            right.button(
                t("Stop the suite"),
                key="stop-suite",
                width="stretch",
                icon=":material/stop_circle:",
                on_click=acting.steer,
                args=(PLACE, steering.stop_suite, ledger),
            )


def results(ledger: Ledger) -> Results | None:
    """What the runs of a suite say together so far; None before the first has ended."""
    path = ledgers.folder(ledger) / ledgers.RESULTS
    return _read(path, path.stat().st_mtime_ns, ledger.suite_id) if path.is_file() else None


@lru_cache(maxsize=32)
def _read(path: Path, changed_ns: int, suite_id: str) -> Results:
    """The results in `path`; `changed_ns` tells a newer file from the one in the cache.

    Those that another version wrote are concluded anew from the records of the runs.
    """
    try:
        return Results.model_validate_json(path.read_bytes())
    except ValidationError:
        ledger = ledgers.find(suite_id)
        if ledger is None:
            raise
        return conclude(ledger, records(ledger, runs.store()))


def _settled(ledger: Ledger) -> int:
    known = results(ledger)
    return 0 if known is None else known.settled


def unfinished(t: Texts, ledger: Ledger, listed: list[RunSummary]) -> None:
    """How far a suite came that nobody works on and that has runs left, with the way to go on."""
    if ledger.finished is not None or ledgers.at_work(ledger):
        return
    now = launch.standing(ledger, runs.store(), runs.overheads(listed))
    with st.container(border=True, key="suite-unfinished"):
        left, right = st.columns([4, 1], vertical_alignment="center")
        left.markdown(
            t(
                "{done} of {total} runs are done; about {time} are left. Finished runs are not trained again.",
                done=now.done,
                total=now.total,
                time=t.duration(now.left_s),
            )
        )
        if viewer.may_steer() and runner.available():
            right.button(
                t("Go on with it"),
                key="continue-suite",
                width="stretch",
                icon=":material/resume:",
                on_click=acting.steer,
                args=(PLACE, steering.go_on, ledger),
            )
