"""Two to six runs beside each other: curves, pictures at equal cost, what quality cost, what was set differently."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from aigc_report import comparison
from aigc_report.charts import comparison as charts_of_comparison
from aigc_report.charts.suites import COST_NAMES
from aigc_report.comparison import MOST, Along, Compared, Group
from aigc_report.i18n import Texts
from dashboards.ui import charts, downloads, lab_samples, runs, state
from gan import names
from gan.store import RunSummary
from gan.suite.results import QUALITY


def show(t: Texts, listed: list[RunSummary]) -> None:
    """The section on comparing; one sentence where there is nothing to compare yet."""
    if len(listed) < 2:
        st.caption(t("A comparison needs two runs; there are {n}.", n=len(listed)))
        return
    entries = {run.run_id: runs.entry(t, run) for run in listed}
    chosen = state.choices(
        st.multiselect,
        t("Runs to compare"),
        list(entries),
        key="compare",
        most=MOST,
        format_func=entries.__getitem__,
        placeholder=t("Choose two to six runs"),
    )
    if len(chosen) < 2:
        st.caption(t("Two to six runs stand here beside each other: curves, pictures at equal cost, quality and cost."))
        return
    store = runs.store()
    found = comparison.compared([store.read(id_) for id_ in chosen], [names.name(store, id_) for id_ in chosen])
    along = _along(t)
    _quality(t, found, along)
    if any(point.loss_g is not None for run in found for point in run.record.curve):
        charts.show(t, charts_of_comparison.losses, t, found, along)
    _pictures(t, found, along)
    _figures(t, found)
    _settings(t, found)


def _along(t: Texts) -> Along:
    options: dict[str, Along] = {along: along for along in charts_of_comparison.ALONG}
    chosen = state.choice(
        st.segmented_control,
        t("Compare along"),
        list(options),
        key="along",
        required=True,
        format_func=lambda code: t(charts_of_comparison.ALONG[options[code]]),
    )
    return options[chosen]


def _quality(t: Texts, found: tuple[Compared, ...], along: Along) -> None:
    """A pair of charts for each group whose quality compares; never one axis for figures that do not."""
    groups = comparison.groups(found)
    if len(groups) > 1:
        st.warning(
            t(
                "These runs were measured on different images or in different features, so their quality does not "
                "compare: only runs that share both stand in one chart."
            ),
            icon=":material/info:",
        )
    shared = [group for group in groups if len(group.runs) > 1]
    without = [run.label for run in found if not run.record.quality]
    if without:
        st.caption(t("Without quality figures: {runs}.", runs=runs.plain(t.join(without))))
    offered = list(dict.fromkeys(cost for group in shared for cost in comparison.costs(group.runs)))
    cost = (
        state.choice(
            st.selectbox,
            t("Cost"),
            offered,
            key="cost",
            format_func=lambda code: t(COST_NAMES[code]),
            help=t("A cost that runs were given alike as their budget is left out: it ranks none of them."),
        )
        if offered
        else ""
    )
    for group in shared:
        if len(group.sizes) > 1:
            st.caption(t("Quality rests on different numbers of images: compare each figure with its own floor first."))
        drawn: list[tuple[charts.Build, str]] = []
        if any(point.fid is not None for run in group.runs for point in run.record.curve):
            drawn.append((charts_of_comparison.quality, along))
        if cost in comparison.costs(group.runs):
            drawn.append((charts_of_comparison.tradeoff, cost))
        for column, (build, by) in zip(st.columns(len(drawn), gap="large") if drawn else (), drawn, strict=True):
            with column:
                charts.show(t, build, t, group, found, by)


def _pictures(t: Texts, found: tuple[Compared, ...], along: Along) -> None:
    """Generated images of every run at one moment: the nearest that each has, with what it had spent then."""
    moments = {f"{moment:g}": moment for moment in comparison.moments(found, along)}
    if not moments:
        return
    st.subheader(t("Images at equal cost"))
    spent = (lambda value: t.number(value, 0)) if along == "images" else t.duration
    asked = (
        state.choice(
            st.select_slider,
            t("Moment of training ({along})", along=t(charts_of_comparison.ALONG[along])),
            list(moments),
            key="moment",
            default=list(moments)[-1],
            format_func=lambda code: spent(moments[code]),
        )
        if len(moments) > 1
        else next(iter(moments))
    )
    columns = st.columns(3, gap="medium")
    for i, run in enumerate(found):
        nearest = comparison.nearest(run, moments[asked], along)
        with columns[i % 3], st.container(key=f"compare-picture-{i}"):
            if nearest is None:
                st.caption(t("{run}: no picture yet", run=runs.plain(run.label)))
                continue
            grid, when = nearest
            said = (
                t("{run}, after {n} images", run=runs.plain(run.label), n=spent(when))
                if along == "images"
                else t("{run}, after {time} of training", run=runs.plain(run.label), time=spent(when))
            )
            lab_samples.picture(run.run_id, grid, said)
    st.caption(t("Pictures are kept at fixed moments; each run shows the nearest it has. They come from fixed noise."))


def _figures(t: Texts, found: tuple[Compared, ...]) -> None:
    """A table for each group whose quality compares, and one for the runs without quality."""
    st.subheader(t("Quality and cost in figures"))
    groups = comparison.groups(found)
    measured = {run for group in groups for run in group.runs}
    rest = [run for run in found if run not in measured]
    for place, alike in enumerate([*(group.runs for group in groups), *([tuple(rest)] if rest else [])]):
        group = groups[place] if place < len(groups) else None
        table = pd.DataFrame([_row(t, run) for run in alike])
        if group is not None:
            st.caption(_basis(t, group))
        with st.container(key=f"compare-table-{place}"):
            st.table(table.set_index(t("Run")))
    downloads.button(t, pd.DataFrame([_row(t, run) | {"run_id": run.run_id} for run in found]), "comparison")


def _basis(t: Texts, group: Group) -> str:
    return t(
        "Measured on {dataset} in the features of {extractor}; quality compares within this table.",
        dataset=runs.plain(group.dataset),
        extractor=runs.plain(group.extractor),
    )


def _row(t: Texts, run: Compared) -> dict[str, str]:
    record, fid, recall = run.record, run.record.quality.get(QUALITY), run.record.quality.get("recall")
    interval = (
        t("{low} to {high}", low=t.number(fid.ci_low), high=t.number(fid.ci_high))
        if fid and fid.ci_low is not None
        else t.number(None)
    )
    return {
        t("Run"): run.label,
        t("Status"): runs.status(t, record.status),
        "FID": t.number(fid.value if fid else None),
        t("95% interval"): interval,
        t("Floor"): t.number(fid.reference_floor if fid else None),
        t("Recall"): t.number(recall.value if recall else None),
        t("Images seen"): t.number(record.images_seen, 0),
        t("Training"): t.duration(record.cost.train_s),
        t("Images per second"): t.number(record.cost.images_per_s, 0),
        t("Energy"): runs.energy(t, record.cost.energy_kwh),
    }


def _settings(t: Texts, found: Sequence[Compared]) -> None:
    """The settings in which the runs differ; those they share are not listed."""
    st.subheader(t("What was set differently"))
    differing = {name: values for name, values in comparison.differences(found).items() if name != "tariff"}
    if not differing:
        st.caption(t("Nothing: these runs have the same settings."))
        return
    rows = [
        {t("Setting"): name, **{run.label: _value(t, values[run.run_id]) for run in found}}
        for name, values in differing.items()
    ]
    with st.container(key="compare-settings"):
        st.table(pd.DataFrame(rows).set_index(t("Setting")))
    st.caption(t("Settings go by their names in gan-bench. All others are the same."))


def _value(t: Texts, value: object) -> str:
    if value is None:
        return t.number(None)
    if isinstance(value, dict):
        return t.join([f"{name} {each}" for name, each in value.items()]) or t.number(None)
    return str(value)
