"""The form that starts a run: choices from the tables of `gan.config`, checked before anything starts."""

import streamlit as st

from aigc_report import catalog, limits, steering
from aigc_report.i18n import Texts
from aigc_report.tariff import tariff
from dashboards.ui import acting, lab_images, runs, state, viewer
from gan import config, queue, runner
from gan.store import RunSummary

BUDGETS = ("10", "20", "60", "120", "300", "900")
"""Seconds of training on offer."""
DEFAULT_BUDGET = "60"
WORLD = "WLD"
PLACE = "start-run"


def show(t: Texts, listed: list[RunSummary]) -> None:
    """The form, or one sentence on why nothing can be started: not installed, not allowed, or a full queue."""
    if not runner.available():
        st.info(
            t(
                'Training is not installed here. Add it with: pip install "aigc-report[gan]". '
                "Runs that were recorded earlier are shown below."
            ),
            icon=":material/extension_off:",
        )
        return
    if viewer.refused(t, len(queue.of(listed).waiting)):
        return
    cat, budgets = catalog.load(), _budgets()
    with st.container(border=True, key=PLACE):
        st.subheader(t("Start a run"))
        first, second, third = st.columns([2, 2, 1])
        with first:
            preset = state.choice(
                st.selectbox,
                t("Method"),
                list(config.PRESETS),
                key="preset",
                format_func=lambda p: t(config.PRESETS[p].title),
            )
        with second:
            dataset = lab_images.choose(t)
        with third:
            budget = state.choice(
                st.selectbox,
                t("Training time"),
                budgets,
                key="budget",
                default=DEFAULT_BUDGET if DEFAULT_BUDGET in budgets else budgets[-1],
                format_func=lambda s: t.duration(float(s)),
            )
        fourth, fifth, sixth = st.columns([2, 2, 1], vertical_alignment="bottom")
        with fourth:
            country = state.choice(
                st.selectbox,
                t("Electricity of"),
                _countries(),
                key="country",
                default=WORLD,
                format_func=lambda geo: cat.name(geo, t.lang),
                help=t(
                    "Decides the price and the carbon intensity of the electricity; the computer stays where it is."
                ),
            )
        with fifth:
            seed = st.number_input(
                t("Seed"),
                min_value=0,
                max_value=2**31 - 1,
                value=0,
                step=1,
                key="seed",
                bind="query-params",
                help=t("The same seed and settings start from the same random numbers."),
            )
        with sixth:
            st.button(
                t("Start"),
                type="primary",
                width="stretch",
                key="start",
                icon=":material/play_arrow:",
                disabled=dataset is None,
                on_click=_start,
                args=(preset, dataset, float(budget), int(seed), country),
            )
        st.caption(_estimate(t, dataset, float(budget), listed))
        acting.say(PLACE)


def _start(preset: str, dataset: str, budget_s: float, seed: int, country: str) -> None:
    def begin(*, here: bool) -> str:
        asked = config.resolve(preset, dataset, budget_s=budget_s, seed=seed, tariff=tariff(country))
        return steering.run(asked, here=here)

    if run_id := acting.steer(PLACE, begin):
        st.session_state["run"] = run_id
        state.reset("look")  # the tab that shows one run


def _estimate(t: Texts, dataset: str | None, budget_s: float, listed: list[RunSummary]) -> str:
    """How long it will take, from the last run on the same images where there is one."""
    waiting = sum(run.status in runs.ACTIVE for run in listed)
    overhead = runs.overhead_s(config.dataset_label(dataset), listed) if dataset else None
    if overhead is None:
        text = t("About {training} of training, then the evaluation.", training=t.duration(budget_s))
    else:
        text = t(
            "About {total}: {training} of training and {rest} for start and evaluation, "
            "as in the last run on these images.",
            total=t.duration(budget_s + overhead),
            training=t.duration(budget_s),
            rest=t.duration(overhead),
        )
    return text + " " + t("Ahead of it: {n}. One run trains at a time.", n=waiting) if waiting else text


def _budgets() -> tuple[str, ...]:
    """The times on offer that the server allows; where it allows less than all of them, what it allows."""
    longest_s = limits.read().longest_s
    return tuple(budget for budget in BUDGETS if float(budget) <= longest_s) or (f"{longest_s:g}",)


@st.cache_data(show_spinner=False)
def _countries() -> list[str]:
    """Geographies with a known carbon intensity of the grid, the world first."""
    cat = catalog.load()
    known = set(cat.observations(indicator="grid_carbon_intensity", breakdown="")["geo"])
    members = cat.geographies[cat.geographies["kind"] == "country"]
    return [WORLD, *sorted(known & set(members.index))]
