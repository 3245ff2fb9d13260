"""Weights and methods of one's own: every rank follows with its interval, and the result can be taken away.

The address holds the choices (`?w=FIRMS:2&normalise=zscore`), not the sliders: what is not shown keeps what it says.
"""

import io
import zipfile

import pandas as pd
import streamlit as st

from aigc_report.charts import countries, standing
from aigc_report.errors import UserError
from aigc_report.i18n import N_, Texts
from aigc_report.index import IndexResult, own, variant, write
from aigc_report.index.compare import compare
from aigc_report.index.variant import Variant
from dashboards.ui import country, state
from dashboards.ui.country import PUBLISHED, Shown
from dashboards.ui.plain import plain

WEIGHTS = "w"
STEP = 0.25
FIRST = ("1", "3", "5", "10")
"""How many count as the first."""
NORMALISATIONS: dict[str, str] = {
    "minmax": N_("Lowest to highest (min-max)"),
    "zscore": N_("Distance from the mean (z-scores)"),
    "rank": N_("Ranks"),
    "fracmax": N_("Share of the highest"),
}
GOALPOSTS: dict[str, str] = {"goalposts": N_("From the lower to the upper goalpost (Low, High)")}
"""The scaling of an own table whose structure has them; it comes first, as it is what the table was brought with."""
AGGREGATIONS: dict[str, str] = {
    "arithmetic": N_("Arithmetic mean: strengths make up for weaknesses"),
    "geometric": N_("Geometric mean: weaknesses weigh more"),
    "harmonic": N_("Harmonic mean: weaknesses weigh most"),
    "copeland": N_("Copeland: duels won, no making up"),
}
IMPUTATIONS: dict[str, str] = {
    "none": N_("Leave gaps; weights are spread over what is there"),
    "mean": N_("Mean of the others"),
    "median": N_("Median of the others"),
}
TREATMENTS: dict[str, str] = {
    "none": N_("Leave outliers"),
    "winsorise": N_("Pull in up to five outliers, else take logarithms"),
}
NO_LOGARITHM: dict[str, str] = {"winsorise": N_("Pull in up to five outliers")}
"""Where goalposts scale the values: they are in the unit of the values, not of their logarithms."""
METHODS = ("normalise", "aggregate", "impute", "treat")
"""Keys of the address that hold methods."""


@st.fragment
def show(t: Texts, shown: Shown, unit: str) -> None:
    """Controls, ranking, map or scores, the first k, side by side; a fragment, so that a slider draws no more."""
    code = state.choice(
        st.segmented_control,
        t("Ranked by"),
        country.headings(shown),
        key="by",
        required=True,
        format_func=lambda heading: country.name(t, shown, heading),
    )
    chosen, ranked = _ranked(t, shown, _controls(t, shown))
    if chosen.changed:
        _moved(t, shown, ranked, code, unit)
    left, right = st.columns(2, gap="large")
    with left:
        shown.draw(t, "ranking", code, unit, chosen=chosen)
    with right:
        if not shown.own:
            shown.draw(t, "map", code, chosen=chosen)
        country.scores(t, shown, unit, chosen)
    _first(t, shown, code, unit, chosen)
    _side_by_side(t, shown, ranked, unit, chosen)


def _ranked(t: Texts, shown: Shown, chosen: Variant) -> tuple[Variant, IndexResult]:
    """The index under `chosen`; where that cannot be built, a sentence and the index as published."""
    empty = variant.unweighted(shown.inputs, _published(shown) | dict(chosen.weights))
    if empty:
        named = t.join([country.name(t, shown, code) for code in empty])
        sentence = t("All weights below {name} are 0, so it cannot be built; give one of them more.", name=named)
    else:
        try:
            return chosen, shown.ranked(chosen)
        except UserError as error:
            sentence = plain(error.text(t))
    st.error(sentence, icon=":material/error:")
    return PUBLISHED, shown.result


def _controls(t: Texts, shown: Shown) -> Variant:
    """What the reader chose. Weights stand in the address; a slider that is not shown keeps what the address says."""
    published = _published(shown)
    asked = dict(variant.parse_weights(st.query_params.get(WEIGHTS, ""), published))
    changed = bool(asked) or any(key in st.query_params for key in METHODS)
    with st.expander(t("Weigh it yourself: weights and methods"), expanded=changed, icon=":material/tune:"):
        st.caption(
            t(
                "Only proportions among neighbours count; 0 takes a part out. Ranks, their intervals and the charts of "
                "this part of the page follow at once; what stands further below keeps the weights as published."
            )
        )
        weights = _sliders(t, shown, published, asked)
        methods = _methods(t, shown)
        chosen = Variant(
            weights=tuple((code, weight) for code, weight in weights.items() if weight != published[code]), **methods
        )
        state.remember(WEIGHTS, chosen.weights_text)
        _shares(t, shown, weights)
        with st.container(horizontal=True, gap="small"):
            st.button(
                t("Reset") if shown.own else t("Reset to the published weights"),
                key="reset-weights",
                on_click=_reset,
                args=(published,),
                disabled=not chosen.changed,
                icon=":material/restart_alt:",
            )
            _take_away(t, shown, chosen)
    return chosen


def _published(shown: Shown) -> dict[str, float]:
    """Code to its weight, without the total, the highest level first."""
    weights = shown.result.structure["weight"].to_dict()
    return {str(code): float(weight) for code, weight in weights.items() if code != shown.result.total}


def _sliders(t: Texts, shown: Shown, published: dict[str, float], asked: dict[str, float]) -> dict[str, float]:
    """A slider per part, and per indicator where the reader wants them; weights by code."""
    weights = {code: asked.get(code, weight) for code, weight in published.items()}
    parents = shown.result.structure["parent"].to_dict()
    most = variant.most_weight(published)
    step = STEP * most / variant.MOST_WEIGHT
    indicators = [code for code in published if code in shown.result.raw.columns]
    parts = [code for code in published if code not in indicators]
    single = not parts or st.toggle(
        t("Weights of single indicators too"), value=any(code in asked for code in indicators), key="single-weights"
    )
    for parent in dict.fromkeys(parents[code] for code in (published if single else parts)):
        siblings = [code for code in published if parents[code] == parent]
        st.markdown(f"**{country.name(t, shown, parent)}**")
        columns = st.columns(min(len(siblings), 4))
        for position, code in enumerate(siblings):
            key = f"weight-{code}"
            if key not in st.session_state:
                st.session_state[key] = weights[code]
            with columns[position % len(columns)]:
                weights[code] = st.slider(country.name(t, shown, code), 0.0, most, step=step, key=key, format="%g")
    return weights


def _methods(t: Texts, shown: Shown) -> dict[str, str]:
    """The methods that differ from those of the spec, by step."""
    posts = shown.inputs.spec.steps.normalise == variant.GOALPOSTS
    offered: list[tuple[str, str, dict[str, str]]] = [
        ("normalise", t("Scaling of indicators"), GOALPOSTS | NORMALISATIONS if posts else NORMALISATIONS),
        ("aggregate", t("Mean"), AGGREGATIONS),
    ]
    if shown.own:
        treatments = TREATMENTS | NO_LOGARITHM if posts else TREATMENTS
        offered += [("impute", t("Gaps"), IMPUTATIONS), ("treat", t("Outliers"), treatments)]
    found = {}
    columns = st.columns(2)
    for position, (step, label, options) in enumerate(offered):
        with columns[position % 2]:
            method = state.choice(
                st.selectbox,
                label,
                list(options),
                key=step,
                format_func=lambda each, options=options: t(options[each]),
            )
        found[step] = "" if method == next(iter(options)) else method
    if not shown.own:
        st.caption(
            t("Every value of the 27 is observed and no indicator has outliers, so nothing is filled in or pulled in.")
        )
    if found["aggregate"] in variant.NEEDS_ABOVE_ZERO and found["normalise"] in (variant.AS_PUBLISHED, "minmax"):
        st.caption(t("This mean needs scores above 0: the scale runs from 1 to 100."))
    return found


def _shares(t: Texts, shown: Shown, weights: dict[str, float]) -> None:
    """What each part counts in the total under these weights."""
    shares = variant.shares(shown.inputs, weights)
    levels = shown.result.structure["level"].to_dict()
    lines = []
    for level in sorted({levels[code] for code in weights}, reverse=True):
        codes = [code for code in weights if levels[code] == level]
        lines.append(
            " · ".join(f"{country.name(t, shown, code)} {t.value(100 * shares[code], 'percent', 0)}" for code in codes)
        )
    st.caption(t("Counts in the total: {shares}", shares="  \n".join(lines)))


def _reset(published: dict[str, float]) -> None:
    """Back to the weights and methods as published."""
    for code, weight in published.items():
        st.session_state[f"weight-{code}"] = weight
    for key in (WEIGHTS, *METHODS):
        st.session_state.pop(key, None)
        state.remember(key, "")


def _moved(t: Texts, shown: Shown, ranked: IndexResult, code: str, unit: str) -> None:
    """How far the ranking lies from the published one."""
    found = compare(shown.result, ranked, code)
    said = _stands(t, shown, found.ranks, unit)
    if found.largest:
        said += t(
            " On average ranks move by {mean} places, most for {far} ({places}).",
            mean=t.number(found.mean_shift, 1 if found.mean_shift >= 0.05 else 2),
            far=country.place(t, shown, str(found.ranks.index[0])),
            places=found.largest,
        )
    else:
        said += t(" No rank moves.")
    st.info(said, icon=":material/swap_vert:")


def _stands(t: Texts, shown: Shown, ranks: pd.DataFrame, unit: str) -> str:
    """Where `unit` stands under the reader's choice."""
    name = country.place(t, shown, unit)
    before, after = (ranks[column].to_dict().get(unit) for column in ("a", "b"))
    if before is None or after is None:
        return t("Your choice: {unit} is not ranked.", unit=name)
    if before == after:
        return t("Your choice: {unit} stays at rank {rank}.", unit=name, rank=after)
    return t("Your choice: {unit} moves from rank {before} to {after}.", unit=name, before=before, after=after)


def _take_away(t: Texts, shown: Shown, chosen: Variant) -> None:
    """The spec as a file that the command line takes; an own table and its structure go along."""
    spec = chosen.apply(shown.inputs.spec)
    text = write.toml(spec, f"aigc-report index --spec {own.SPEC_FILE} --uncertainty 1000")
    label, content, file, kind = t("This index as a spec (TOML)"), text.encode(), own.SPEC_FILE, "application/toml"
    if shown.own:
        files = {
            own.SPEC_FILE: text,
            own.TABLE_FILE: st.session_state[country.OWN].csv(),
            own.STRUCTURE_FILE: own.structure_csv(shown.inputs.structure),
        }
        label, content = t("This index: spec and tables (ZIP)"), _zipped(files)
        file, kind = "index.zip", "application/zip"
    st.download_button(label, content, file, kind, key="take-spec", on_click="ignore", icon=":material/download:")


def _zipped(files: dict[str, str]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return content.getvalue()


@st.fragment
def _first(t: Texts, shown: Shown, code: str, unit: str, chosen: Variant) -> None:
    """Who is among the first k; a fragment, so that another k draws nothing else again."""
    st.header(t("Who is among the first"))
    k = state.choice(
        st.segmented_control, t("The first"), FIRST, key="k", default="5", required=True, label_visibility="collapsed"
    )
    shown.draw(t, "top", code, int(k), unit, chosen=chosen)


@st.fragment
def _side_by_side(t: Texts, shown: Shown, ranked: IndexResult, unit: str, chosen: Variant) -> None:
    """Up to six units compared; a fragment, so that another choice draws nothing else again."""
    st.header(t("Side by side"))
    others = [each for each in country.units(t, shown) if each != unit]
    most = standing.MOST - 1
    asked = [code for code in st.query_params.get("with", "").split(",") if code in others]
    held = st.session_state.get("with")
    if held is not None:
        st.session_state["with"] = [code for code in held if code in others][:most]
    elif len(asked) > most:
        state.remember("with", ",".join(asked[:most]))
    compared = state.choices(
        st.multiselect,
        t("Compare {country} with up to {n}", country=country.place(t, shown, unit), n=most),
        others,
        key="with",
        most=most,
        placeholder=t("Choose one or more"),
        format_func=lambda each: countries.place(shown.result, t, each),
    )
    if not compared:
        st.caption(t("Choose whom to compare with; the link keeps the choice."))
        return
    units = (unit, *compared)
    shown.draw(t, "compared", units, chosen=chosen)
    _ranks(t, shown, ranked, units)


def _ranks(t: Texts, shown: Shown, ranked: IndexResult, units: tuple[str, ...]) -> None:
    """Ranks with intervals of the units compared."""
    assert ranked.uncertainty is not None
    rows: dict[str, dict[str, str]] = {country.place(t, shown, unit): {} for unit in units}
    for code in country.headings(shown):
        ends, ranks = ranked.uncertainty.intervals(code).to_dict("index"), ranked.ranks[code].to_dict()
        for unit in units:
            rows[country.place(t, shown, unit)][country.name(t, shown, code)] = t(
                "{rank} ({low} to {high})",
                rank=t.number(None) if pd.isna(ranks[unit]) else ranks[unit],
                low=t.number(ends[unit]["low"], 0),
                high=t.number(ends[unit]["high"], 0),
            )
    st.table(pd.DataFrame(rows).T)
    st.caption(t("Rank, and where it lies in nine of ten replications."))
