"""Testing claims from a page: how long it takes, a button, progress from a file, and the way to stop."""

from collections.abc import Sequence

import streamlit as st

from aigc_report import steering
from aigc_report.claims import declared, testing, words
from aigc_report.claims.schema import SIZES, Claim, Size
from aigc_report.claims.testing import Progress
from aigc_report.i18n import Texts
from dashboards.ui import acting, state, viewer
from gan import runner

EVERY_S = 1.0
PLACE = "test-claims"


def show(t: Texts, claims: Sequence[Claim]) -> None:
    """What is being tested; where nothing is, the button that tests the experimental claims among `claims`."""
    asked = [claim for claim in claims if claim.kind == "experiment"]
    now = testing.progress()
    if now is not None and now.running:
        _live(t)
    elif not asked:
        return
    elif not runner.available():
        st.info(
            t('Testing claims here needs training, which is not installed: pip install "aigc-report[gan]".'),
            icon=":material/extension_off:",
        )
    elif not viewer.refused(t):
        _form(t, asked, now)


def _form(t: Texts, claims: Sequence[Claim], last: Progress | None) -> None:
    sizes: dict[str, Size] = {size: size for size in SIZES}
    with st.container(border=True, key=PLACE):
        left, right = st.columns([3, 1], vertical_alignment="bottom")
        with left:
            size = sizes[
                state.choice(
                    st.segmented_control,
                    t("Test on this machine"),
                    SIZES,
                    key="size",
                    required=True,
                    format_func=lambda code: t(words.SIZES[sizes[code]]),
                )
            ]
        names = testing.experiments_for(claims, size)
        with right:
            st.button(
                t("Test here"),
                key="test-here",
                type="primary",
                width="stretch",
                icon=":material/science:",
                disabled=not names,
                on_click=acting.steer,
                args=(PLACE, steering.claims, [claim.id for claim in claims], size),
            )
        st.caption(_cost(t, claims, names, size))
        if last is not None and not names:
            return
        if last is not None and last.request.status != 0:
            st.caption(t("The last test was interrupted or failed; what it did is kept and not done again."))
            if last.said:
                st.caption(last.said)
        acting.say(PLACE)


def _cost(t: Texts, claims: Sequence[Claim], names: Sequence[str], size: Size) -> str:
    """How much there is to do and how long it takes."""
    if not names:
        return t("None of these claims has an experiment at size {size}.", size=t(words.SIZES[size]))
    return t(
        "{claims} claims, {experiments} experiments, about {time} on two quiet cores; finished runs are not trained "
        "again. The page can be closed meanwhile.",
        claims=len([claim for claim in claims if claim.test.name in names]),
        experiments=len(names),
        time=t.duration(testing.estimate_s(names, size)),
    )


def _live(t: Texts) -> None:
    """Progress, once a second; when the test ends the whole page is drawn again."""

    def draw() -> None:
        now = testing.progress()
        if now is None or not now.running:
            st.rerun()
        else:
            _draw(t, now)

    st.fragment(draw, run_every=EVERY_S, key="testing")()


def _draw(t: Texts, now: Progress) -> None:
    titles = {name: experiment.title[t.lang] for name, experiment in declared.experiments().items()}
    with st.container(border=True, key="testing-claims"):
        said = t("Testing at size {size}", size=t(words.SIZES[now.request.size]))
        if now.experiment:
            said += ": " + titles.get(now.experiment, now.experiment)
        st.progress(min(1.0, now.fraction or 0.0), text=said)
        columns = st.columns([1, 1, 2], vertical_alignment="center")
        columns[0].metric(t("Time left"), t.duration(now.eta_s))
        columns[1].metric(t("Experiments"), t.number(len(now.request.experiments), 0))
        with columns[2]:
            if viewer.may_steer():
                st.button(
                    t("Stop the test"),
                    key="stop-test",
                    on_click=acting.steer,
                    args=(PLACE, steering.stop_claims),
                    icon=":material/stop_circle:",
                )
