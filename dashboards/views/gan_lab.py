"""GAN Lab: train a small generative model here, watch it, and read what it reached and what it cost."""

import streamlit as st

from dashboards.ui import lab_form, lab_own, lab_run, lab_suites, lab_table, language, runs, state

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

st.header(t("Runs on this machine"))
lab_table.problems(t, skipped)
if not listed:
    st.info(
        t("No run yet. Start one above: a minute of training is enough to see digits appear."), icon=":material/info:"
    )
else:
    lab_table.show(t, listed)
    names = {run.run_id: f"{run.run_id} · {runs.status(t, run.status)}" for run in listed}
    chosen = state.choice(
        st.selectbox, t("Run to look at"), list(names), key="run", explicit=True, format_func=names.__getitem__
    )
    lab_run.show(t, chosen)

lab_suites.show(t)
lab_own.show(t)
