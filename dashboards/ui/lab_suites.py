"""Suites of runs on a page: which there are, and what the runs of one say together."""

from functools import lru_cache
from pathlib import Path

import pandas as pd
import streamlit as st

from aigc_report.charts import suites as charts_of_suites
from aigc_report.charts.suites import COST_NAMES
from aigc_report.i18n import N_, Texts
from dashboards.ui import charts, downloads, lab_suite_start, runs, state
from dashboards.ui.boundary import boundary
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
    path = ledger.folder(found[chosen]) / ledger.RESULTS
    if not path.is_file():
        st.caption(t("No run of this suite has ended yet."))
        return
    with boundary(t, f"suite {chosen}"):
        _one(t, _read(str(path), path.stat().st_mtime_ns))


@lru_cache(maxsize=32)
def _read(path: str, changed_ns: int) -> Results:
    """The results in `path`; `changed_ns` tells a newer file from the one in the cache."""
    return Results.model_validate_json(Path(path).read_bytes())


def _one(t: Texts, results: Results) -> None:
    st.caption(
        t(
            "{settled} of {planned} runs · {budget} · {machine}",
            settled=results.settled,
            planned=results.planned,
            budget=charts_of_suites.budget(t, results),
            machine=t.join(results.machine),
        )
    )
    for dataset in dict.fromkeys(group.dataset for group in results.groups):
        charts.show(t, charts_of_suites.quality, t, results, dataset)
        table = _table(t, results, dataset)
        with st.container(key=f"suite-table-{dataset}"):
            st.table(table.set_index(t("Method")))
        downloads.button(t, pd.DataFrame(results.runs), f"{results.suite_id}-{dataset}")
    st.caption(
        t(
            "Against the baseline: mean difference of FID over the seeds both share, with its 95% interval; undecided "
            "where the interval holds zero. On the frontier: nothing else is both better and cheaper in that cost. "
            "Small models on small images say little about large ones."
        )
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
                t("Against the baseline"): _against(t, against.get(group.group)),
                t("Images seen"): t.number(group.images_seen.mean if group.images_seen else None, 0),
                t("Training"): t.duration(cost.get("train_s")),
                t("Energy"): runs.energy(t, cost.get("energy_kwh")),
                t("On the frontier of"): t.join(best) or t.number(None),
            }
        )
    return pd.DataFrame(rows)


def _against(t: Texts, comparison: Comparison | None) -> str:
    if comparison is None:
        return t("baseline")
    if comparison.low is None or comparison.high is None:
        return t.number(comparison.difference)
    return t(
        "{difference} [{low}, {high}], {verdict}",
        difference=t.number(comparison.difference),
        low=t.number(comparison.low),
        high=t.number(comparison.high),
        verdict=t(VERDICTS[comparison.verdict]),
    )
