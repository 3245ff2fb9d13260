"""All runs in one table: what was asked, how it ended, how good it is and what it cost."""

import pandas as pd
import streamlit as st

from aigc_report.i18n import Texts
from dashboards.ui import downloads, runs
from gan import names
from gan.store import Problem, RunSummary

SHOWN = 50
"""Rows read in full; older runs stay in the store and in `gan-bench list`."""


def show(t: Texts, listed: list[RunSummary]) -> None:
    """The newest runs, newest first, with a download."""
    table = frame(t, listed[:SHOWN])
    st.dataframe(
        table,
        hide_index=True,
        key="runs",
        alt=t("Table of runs: status, method, images, quality and cost of each."),
        height="auto" if len(table) <= 8 else 320,
    )
    st.caption(
        t(
            "FID compares generated with held-out real images, lower is better; the floor is what real images reach "
            "against each other. Compare figures only on the same images. Energy is of this machine while training."
        )
    )
    if len(listed) > SHOWN:
        st.caption(t("The newest {shown} of {all} runs.", shown=SHOWN, all=len(listed)))
    downloads.button(t, table, "runs")


def frame(t: Texts, listed: list[RunSummary]) -> pd.DataFrame:
    """The rows of the table, as text in the reader's language."""
    rows = [_row(t, run) for run in listed]
    called = [names.name(runs.store(), run.run_id) for run in listed]
    table = pd.DataFrame(rows)
    if any(called):
        table.insert(0, t("Name"), called)
    return table


def _row(t: Texts, run: RunSummary) -> dict[str, str]:
    record = runs.read(run)
    return {
        t("Started"): t.moment(run.started),
        t("Status"): runs.status(t, run.status),
        t("Method"): run.preset,
        t("Images"): run.dataset,
        "FID": t.number(run.fid),
        t("Floor"): t.number(run.fid_floor),
        t("Training"): t.duration(run.train_s),
        t("Energy"): runs.energy(t, run.energy_kwh),
        t("Cost"): runs.money(t, record) if record else t.number(None),
        t("Run"): run.run_id,
    }


def problems(t: Texts, skipped: list[Problem]) -> None:
    """Folders among the runs that could not be read, and why."""
    if skipped:
        with st.expander(t("Folders that could not be read: {n}", n=len(skipped))):
            for problem in skipped:
                st.markdown(f"- `{problem.folder}`: {problem.reason}")
