"""Generated images over the course of training, beside real ones."""

import streamlit as st

from aigc_report.i18n import Texts
from dashboards.ui import runs, state
from gan.record import RunRecord, SampleGrid


def show(t: Texts, record: RunRecord) -> None:
    """A slider over the moments of training, the generated images of that moment, and real images beside them."""
    made = [sample for sample in record.samples if not sample.real]
    real = next((sample for sample in record.samples if sample.real), None)
    if not made:
        return
    st.subheader(t("Images over the course of training"))
    steps = {str(sample.step): sample for sample in made}
    chosen = (
        state.choice(
            st.select_slider,
            t("Moment of training (images seen)"),
            list(steps),
            key="step",
            default=list(steps)[-1],
            format_func=lambda step: t.number(steps[step].images, 0),
        )
        if len(steps) > 1
        else next(iter(steps))
    )
    pair(t, record.run_id, steps[chosen], real)


def pair(t: Texts, run_id: str, generated: SampleGrid, real: SampleGrid | None) -> None:
    """Generated images and real ones side by side, with hard pixel edges: they are that small."""
    folder = runs.store().path(run_id)
    left, right = st.columns(2, gap="large")
    with left, st.container(key="samples-generated"):
        _picture(str(folder / generated.file), t("Generated, after {n} images", n=t.number(generated.images, 0)))
    if real is not None:
        with right, st.container(key="samples-real"):
            _picture(str(folder / real.file), t("Real, held out from training"))


def picture(run_id: str, grid: SampleGrid, caption: str) -> None:
    """One picture of a run with its caption (Markdown)."""
    _picture(str(runs.store().path(run_id) / grid.file), caption)


def _picture(path: str, caption: str) -> None:
    st.image(path, caption=caption, width="stretch")
