"""GAN Lab: train a small generative model here, watch it, and read what it reached and what it cost."""

import streamlit as st

from dashboards.ui import (
    lab_compare,
    lab_form,
    lab_keep,
    lab_own,
    lab_queue,
    lab_run,
    lab_suites,
    lab_table,
    language,
    runs,
    state,
)

t = language.current()

st.title(t("GAN Lab"))
st.markdown(
    t(
        "Train a small image generator on this machine and see how good it gets and what it costs. "
        "Small models on small images show how such training behaves; they say little about the industry's models."
    )
)

listed, skipped = runs.store().survey()  # one look at the folders
lab_form.show(t, listed)
lab_queue.show(t, listed)

st.header(t("Runs on this machine"))
lab_keep.undo(t)
lab_table.problems(t, skipped)
if listed:
    lab_table.show(t, listed)
else:
    st.info(
        t("No run yet. Start one above: a minute of training is enough to see digits appear."), icon=":material/info:"
    )
lab_keep.bin_(t)

looks = {"run": t("One run"), "compare": t("Compare runs"), "suites": t("Suites")}
tabs = state.tabs(looks, key="look")
opened = next((code for code, tab in tabs.items() if tab.open), "run")
with tabs[opened]:
    if opened == "suites":
        lab_suites.show(t, listed)
    elif opened == "compare":
        lab_compare.show(t, listed)
    elif listed:
        names = {run.run_id: runs.entry(t, run) for run in listed}
        chosen = state.choice(
            st.selectbox, t("Run to look at"), list(names), key="run", explicit=True, format_func=names.__getitem__
        )
        lab_run.show(t, chosen)
    else:
        st.caption(t("A run shows here while it trains and after it has ended."))

lab_own.show(t)
