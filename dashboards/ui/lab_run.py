"""One run: live while it trains, and what it reached once it has ended."""

import pandas as pd
import streamlit as st

from aigc_report.charts import runs as charts_of_runs
from aigc_report.charts.chart import Chart
from aigc_report.i18n import N_, Texts
from dashboards.ui import afford, charts, lab_files, lab_keep, lab_live, lab_samples, quality, runs
from gan.config import dataset_label
from gan.record import RunRecord

BASIS: dict[str, str] = {
    "train_s": N_("Optimisation only: without start, samples and evaluation."),
    "wall_s": N_("From start to record, evaluation included."),
    "images_per_s": N_("Real images shown to the discriminator per second of training."),
    "flops_total": N_("Counted by PyTorch for one step of each network, times the steps; 2 per multiply-add."),
    "peak_flops_share": N_("Of the fastest matrix product measured on this device."),
    "peak_memory_bytes": N_("Highest memory of the training process."),
}
"""What a cost figure rests on, where the record does not say it itself."""


def show(t: Texts, run_id: str) -> None:
    """The run `run_id`, whatever its state."""
    status = runs.store().status(run_id)
    if status in runs.ACTIVE:
        lab_live.show(t, run_id)
        return
    _finished(t, runs.Ended.read(run_id))


def _finished(t: Texts, run: runs.Ended) -> None:
    record = run.record
    _headline(t, record)
    lab_keep.one(t, record.run_id, record.status)
    if record.notices:
        said = [t.notice(notice) for notice in record.notices]
        st.warning(said[0] if len(said) == 1 else "\n".join(f"- {each}" for each in said), icon=":material/info:")
    lab_samples.show(t, record)
    drawn: list[charts.Build] = []
    if any(point.loss_g is not None for point in record.curve):
        drawn.append(_losses)
    if any(point.fid is not None for point in record.curve):
        drawn.append(_quality_over_time)
    for column, build in zip(st.columns(len(drawn), gap="large") if drawn else (), drawn, strict=True):
        with column:
            charts.show(t, build, t, run)
    if record.quality:
        st.subheader(t("Quality"))
        _quality(t, run)
    st.subheader(t("Cost"))
    _cost(t, record)
    st.subheader(t("The same run elsewhere"))
    afford.show(t, run)
    lab_files.show(t, record.run_id)


def _headline(t: Texts, record: RunRecord) -> None:
    """What was run, on what, and how it ended."""
    device = record.device.name if record.device else t("device not known")
    st.markdown(
        t(
            "**{status}** · {preset} on {dataset} · seed {seed} · {steps} steps, {images} images seen · "
            "{device} · {finished}",
            status=runs.status(t, record.status),
            preset=record.config.preset,
            dataset=dataset_label(record.config.dataset),
            seed=record.config.seed,
            steps=t.number(record.steps_done, 0),
            images=t.number(record.images_seen, 0),
            device=device,
            finished=t.moment(record.finished),
        )
    )


# Charts of a run that ended take it as one argument that tells it from all others, so that each is drawn once.


def _losses(t: Texts, run: runs.Ended) -> Chart:
    return charts_of_runs.losses(t, run.record.run_id, run.record.curve)


def _quality_over_time(t: Texts, run: runs.Ended) -> Chart:
    return charts_of_runs.quality_over_time(t, run.record.run_id, run.record.curve)


def _distance(t: Texts, run: runs.Ended, metric: str) -> Chart:
    return charts_of_runs.distance(t, run.record.run_id, metric, run.record.quality[metric])


def _shares(t: Texts, run: runs.Ended) -> Chart:
    return charts_of_runs.shares(t, run.record)


def _classes(t: Texts, run: runs.Ended) -> Chart:
    return charts_of_runs.classes(t, run.record)


def _quality(t: Texts, run: runs.Ended) -> None:
    record = run.record
    left, right = st.columns(2, gap="large")
    with left:
        for name in ("fid", "kid"):
            if name in record.quality:
                charts.show(t, _distance, t, run, name, level=5)
    with right:
        charts.show(t, _shares, t, run, level=5)
        if record.class_shares:
            charts.show(t, _classes, t, run, level=5)
    quality.table(t, record.quality, record.extractor)


def _cost(t: Texts, record: RunRecord) -> None:
    cost = record.cost
    basis = {name: t(text) for name, text in BASIS.items()}
    rows = [
        (t("Training time"), t.duration(cost.train_s), basis["train_s"]),
        (t("Total time"), t.duration(cost.wall_s), basis["wall_s"]),
        (t("Speed"), t.value(cost.images_per_s, t("images/s"), 0), basis["images_per_s"]),
        (t("Arithmetic"), t.value(_scaled(cost.flops_total, 1e12), "TFLOP"), basis["flops_total"]),
        (t("Share of peak speed"), t.value(_scaled(cost.peak_flops_share, 0.01), "percent"), basis["peak_flops_share"]),
        (t("Peak memory"), t.bytes(cost.peak_memory_bytes), basis["peak_memory_bytes"]),
        (t("Energy"), runs.energy(t, cost.energy_kwh), runs.energy_basis(t, record)),
        (t("CO₂"), runs.co2(t, record), runs.co2_basis(t, record)),
        (t("Electricity bill"), runs.money(t, record), runs.money_basis(t, record)),
        (t("Rental instead"), runs.rent(t, record), runs.rent_basis(t, record)),
    ]
    st.table(pd.DataFrame(rows, columns=[t("Cost"), t("Value"), t("Basis")]).set_index(t("Cost")))


def _scaled(value: float | None, unit: float) -> float | None:
    return None if value is None else value / unit
