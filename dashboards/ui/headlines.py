"""The four cards at the top of the Overview: how far, for whom, what holds it back, what a run costs here."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import streamlit as st

from aigc_report.catalog import Catalog, Observation
from aigc_report.charts import words
from aigc_report.errors import UserError
from aigc_report.flags import DOUBTFUL
from aigc_report.i18n import Texts
from dashboards.ui import figures, runs
from dashboards.ui.boundary import boundary
from dashboards.ui.figures import Figure
from gan.config import dataset_label


def show(t: Texts, cat: Catalog) -> None:
    """The cards side by side."""
    describe: tuple[Callable[[Texts, Catalog], Figure], ...] = (how_far, for_whom, what_holds_back, what_it_costs)
    for column, card in zip(st.columns(len(describe), border=True), describe, strict=True):
        with column, boundary(t, card.__name__):
            figures.show(t, cat, card(t, cat))
            if card is what_it_costs:
                st.page_link(
                    "views/gan_lab.py",
                    label=t("Open the GAN Lab"),
                    icon=":material/arrow_forward:",
                    query_params={"lang": t.lang},
                )


def how_far(t: Texts, cat: Catalog) -> Figure:
    """Firms that use AI, and people that use generative AI."""
    firms, people = _latest(cat, "ai_use_any", "EU27", ""), _latest(cat, "genai_individuals", "EU27", "")
    return Figure(
        question=t("How far?"),
        values=((t.value(firms.value, "percent"), t("of firms")), (t.value(people.value, "percent"), t("of people"))),
        label=t("EU firms using AI, and people using generative AI"),
        note=t(
            "{period}. Firms with 10 or more employees; people aged 16 to 74, in the three months before the survey.",
            period=t.period(firms.period),
        ),
        sources=(firms.source, people.source),
    )


def for_whom(t: Texts, cat: Catalog) -> Figure:
    """Large against small firms, and the young."""
    large, small = (_latest(cat, "ai_use_any", "EU27", f"size={size}") for size in ("250+", "10-49"))
    young = _latest(cat, "genai_individuals", "EU27", "age=16-24")
    return Figure(
        question=t("For whom?"),
        values=(
            (t.value(large.value, "percent"), t("of large firms")),
            (t.value(small.value, "percent"), t("of small ones")),
        ),
        label=t("EU firms using AI: 250 or more employees, and 10 to 49"),
        note=t(
            "{period}. Among people aged 16 to 24, {young} use generative AI.",
            period=t.period(large.period),
            young=t.value(young.value, "percent"),
        ),
        sources=(large.source, young.source),
    )


def what_holds_back(t: Texts, cat: Catalog) -> Figure:
    """The obstacle that firms name most often."""
    first = _named_most(cat)
    reason = words.value(t, "barrier", words.parse(first["breakdown"])["barrier"])
    return Figure(
        question=t("What holds it back?"),
        values=((t.value(first["value"], "percent"), ""),),
        label=t("{reason}: named most by EU firms that considered AI but do not use it", reason=reason),
        note=t("{period}. Firms that never considered AI are not asked.", period=t.period(first["period"])),
        sources=(first["source"],),
    )


def what_it_costs(t: Texts, cat: Catalog) -> Figure:
    """The latest finished run on this machine, or how to make one."""
    latest = runs.latest_completed()
    if latest is None:
        return Figure(
            question=t("What does a run cost here?"),
            values=(("–", ""),),
            label=t("No finished run on this machine yet"),
            note=t("Start one in the GAN Lab; a minute of training is enough."),
        )
    return Figure(
        question=t("What does a run cost here?"),
        values=((runs.energy(t, latest.cost.energy_kwh), ""),),
        label=t("{money} and {co2} for the latest run", money=runs.money(t, latest), co2=runs.co2(t, latest)),
        note=t(
            "{preset} on {dataset}, {duration} of training on this machine. Energy: {basis}.",
            preset=latest.config.preset,
            dataset=dataset_label(latest.config.dataset),
            duration=t.duration(latest.cost.train_s),
            basis=runs.energy_basis(t, latest),
        ),
    )


@lru_cache(maxsize=4)
def _named_most(cat: Catalog) -> dict[str, Any]:
    """The row of the obstacle that firms name most often, of the latest survey."""
    rows = cat.observations(indicator="ai_barrier_considerers", geo="EU27", breakdown=None)
    rows = rows[rows["breakdown"].str.fullmatch(r"barrier=\w+") & ~rows["flag"].str.contains(DOUBTFUL)]
    latest: dict[str, Any] = rows[rows["period"] == rows["period"].max()].nlargest(1, "value").iloc[0].to_dict()
    return latest


def _latest(cat: Catalog, indicator: str, geo: str, breakdown: str) -> Observation:
    """The latest figure; `UserError` where the data package has none."""
    found = cat.latest(indicator, geo, breakdown)
    if found is None:
        raise UserError("There is no figure of {indicator} for {geo}.", indicator=indicator, geo=geo)
    return found
