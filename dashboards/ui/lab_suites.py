"""Suites of runs on a page: which there are, and what the runs of one say together."""

import pandas as pd
import streamlit as st

from aigc_report.charts import suites as charts_of_suites
from aigc_report.charts.suites import COST_NAMES
from aigc_report.i18n import N_, Texts
from dashboards.ui import charts, downloads, lab_suite_start, runs, state
from dashboards.ui.boundary import boundary
from gan.errors import UsageError
from gan.store import RunSummary
from gan.suite import ledger
from gan.suite.results import QUALITY, Comparison, Results

VERDICTS: dict[str, str] = {"better": N_("better"), "worse": N_("worse"), "undecided": N_("undecided")}


def show(t: Texts, listed: list[RunSummary]) -> None:
    """The section on suites: what can be started, what is at work, and what the chosen one says."""
    st.header(t("Suites: many runs, one question"))
    found = {known.suite_id: known for known in ledger.read_all()}
    lab_suite_start.show(t, list(found.values()), listed)
    if not found:
        st.info(t("No suite yet. A suite trains methods side by side over several seeds."), icon=":material/info:")
        return
    chosen = state.choice(
        st.selectbox,
        t("Suite to look at"),
        list(found),
        key="suite",
        explicit=True,
        format_func=lambda suite_id: f"{found[suite_id].plan.name} · {suite_id}",
    )
    lab_suite_start.unfinished(t, found[chosen], listed)
    with boundary(t, f"suite {chosen}"):
        results = lab_suite_start.results(found[chosen])
        if results is None or not results.settled:
            st.caption(t("No run of this suite has ended yet."))
            return
        _one(t, results)


def _one(t: Texts, results: Results) -> None:
    st.caption(
        t(
            "{settled} of {planned} runs · {budget} · {machine}",
            settled=results.settled,
            planned=results.planned,
            budget=charts_of_suites.budget(t, results),
            machine=t.join([charts_of_suites.machine(t, each) for each in results.machine]),
        )
    )
    for place, dataset in enumerate(dict.fromkeys(group.dataset for group in results.groups)):
        cost = _cost(t, results, dataset, place)
        left, right = st.columns(2, gap="large") if cost else (st.container(), None)
        with left:
            charts.show(t, charts_of_suites.quality, t, results, dataset)
        if right is not None:
            with right:
                charts.show(t, charts_of_suites.tradeoff, t, results, dataset, cost)
        table = _table(t, results, dataset)
        with st.container(key=f"suite-table-{place}"):
            st.table(table.set_index(t("Method")))
        downloads.button(t, pd.DataFrame(results.runs), f"{results.suite_id}-{place}")
    _failures(t, results)
    st.caption(
        t(
            "Against the baseline: mean difference of FID over the seeds both share, with its 95% interval; undecided "
            "where the interval holds zero. On the frontier: nothing else is both better and cheaper in that cost. "
            "Small models on small images say little about large ones."
        )
    )


def _failures(t: Texts, results: Results) -> None:
    """The runs that failed, each with why; the others went on without them."""
    lost = [line for line in results.runs if line["status"] == "failed"]
    if lost:
        with st.expander(t("Runs that failed: {n}", n=len(lost)), icon=":material/error:"):
            for line in lost:
                st.markdown(f"- {runs.plain(line['key'])} (`{line['run_id']}`): {_why(t, line['run_id'])}")


def _why(t: Texts, run_id: str) -> str:
    """What the record of a run that failed says of it."""
    try:
        notices = runs.store().read(run_id).notices
    except UsageError:
        return t("its folder is gone")
    return runs.plain(" ".join(t.notice(notice) for notice in notices)) or t("not known")


def _cost(t: Texts, results: Results, dataset: str, place: int) -> str:
    """The cost that quality is set against, one of those that the budget left open; empty where it left none."""
    offered = [f.cost for f in results.frontiers if f.dataset == dataset]
    if not offered:
        return ""
    return state.choice(
        st.selectbox,
        t("Cost"),
        offered,
        key=f"suite-cost-{place}",
        format_func=lambda code: t(COST_NAMES[code]),
        help=t("A cost that runs were given alike as their budget is left out: it ranks none of them."),
    )


def _table(t: Texts, results: Results, dataset: str) -> pd.DataFrame:
    against = {c.group: c for c in results.comparisons if c.metric == QUALITY}
    groups = [g for g in results.groups if g.dataset == dataset]
    rows = []
    for group in sorted(groups, key=lambda g: g.metrics[QUALITY].mean if QUALITY in g.metrics else float("inf")):
        best = [t(COST_NAMES[f.cost]) for f in results.frontiers if f.dataset == dataset and group.group in f.groups]
        cost = {name: spread.mean for name, spread in group.cost.items()}
        rows.append(
            {
                t("Method"): charts_of_suites.label(group),
                t("Runs"): f"{group.completed}"
                if not group.failed
                else t("{n}, failed: {failed}", n=group.completed, failed=group.failed),
                "FID": t.number(group.metrics[QUALITY].mean) if QUALITY in group.metrics else t.number(None),
                t("Recall"): t.number(group.metrics["recall"].mean) if "recall" in group.metrics else t.number(None),
                t("Against the baseline"): t("baseline")
                if results.is_baseline(group)
                else _against(t, against.get(group.group)),
                t("Images seen"): t.number(group.images_seen.mean if group.images_seen else None, 0),
                t("Training"): t.duration(cost.get("train_s")),
                t("Energy"): runs.energy(t, cost.get("energy_kwh")),
                t("On the frontier of"): t.join(best) or t.number(None),
            }
        )
    return pd.DataFrame(rows)


def _against(t: Texts, comparison: Comparison | None) -> str:
    if comparison is None:
        return t.number(None)
    if comparison.low is None or comparison.high is None:
        return t.number(comparison.difference)
    return t(
        "{difference} [{low}, {high}], {verdict}",
        difference=t.number(comparison.difference),
        low=t.number(comparison.low),
        high=t.number(comparison.high),
        verdict=t(VERDICTS[comparison.verdict]),
    )
