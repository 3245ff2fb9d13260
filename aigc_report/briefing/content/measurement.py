"""What a measured run says: quality beside the floor of real images, cost, and what the same run is elsewhere."""

from dataclasses import replace

from aigc_report.affordability import Affordability
from aigc_report.briefing import sentences
from aigc_report.briefing.content.figures import placed
from aigc_report.briefing.desk import Desk
from aigc_report.briefing.ground import Kept
from aigc_report.briefing.model import (
    Block,
    Bullets,
    Cite,
    Column,
    Figure,
    Finding,
    Number,
    Paragraph,
    Provenance,
    Run,
    Runs,
    Table,
)
from aigc_report.charts import affordability as pictures
from aigc_report.charts import parts
from aigc_report.charts import runs as drawn
from aigc_report.charts.chart import Chart
from aigc_report.claims.words import SIZES
from aigc_report.i18n import DASH, N_

BASES: dict[str, str] = {
    "own": N_("A run on this machine: {preset} on {dataset}, {device}."),
    "experiments": N_(
        "A run that the experiments trained on this machine: {preset} on {dataset}, {device}. It is one seed; other "
        "seeds give other figures."
    ),
    "reference": N_(
        "A reference run of size “{size}” that ships with the product, as none was made on this machine: {preset} on "
        "{dataset}, {device}. It is one seed; other seeds give other figures."
    ),
}
"""What a measurement rests on: somebody's own run, one of the experiments here, or one that ships."""
QUALITY: dict[str, str] = {
    "interval": N_(
        "On {n} images a side the 95% interval runs from {low} to {high}; the figure for real images is that of two "
        "sets of them against each other."
    ),
    "point": N_("No interval is known."),
}
WORLD = "WLD"


def measurement(desk: Desk, figures: int = 1, places: bool = True) -> tuple[Block, ...]:
    """Quality and cost of the newest run here, else of a shipped one; a sentence where there is neither."""
    kept = desk.measured
    if kept is None:
        return (
            Paragraph(
                desk.say(
                    N_(
                        "No run is recorded on this machine and no reference run ships, so nothing is said here of "
                        "quality or cost: gan-bench train makes one in a minute."
                    )
                )
            ),
        )
    found = desk.ground.affordability(kept.record.run_id)
    blocks: list[Block] = [_quality(desk, kept)]
    if costs := _costs(desk, kept):
        blocks.append(Bullets(tuple(costs)))
    if places and found.emissions:
        blocks.append(_elsewhere(desk, kept, found))
    metric = kept.record.quality.get("fid")
    if figures and metric is not None:
        run = kept.record.run_id
        blocks.append(_placed(desk, drawn.distance(desk.t, run, "fid", metric), run))
    if figures > 1 and found.emissions:
        blocks.append(_placed(desk, pictures.emissions(found, desk.cat, desk.t), kept.record.run_id))
    return tuple(blocks)


def _placed(desk: Desk, chart: Chart, run: str) -> Figure:
    """A chart of a run: a briefing names the run among the sources, so the chart's own note of it goes."""
    own = parts.run(desk.t, run)
    return placed(replace(chart, notes=tuple(note for note in chart.notes if note != own)), f"run:{run}")


def _quality(desk: Desk, kept: Kept) -> Finding:
    record, run = kept.record, kept.record.run_id
    metric = record.quality["fid"]
    value = desk.recorded(run, "quality.fid.value")
    name = drawn.metric_name(desk.t, "fid")
    if None in (metric.ci_low, metric.ci_high, metric.n, metric.reference_floor):
        said = desk.say(QUALITY["point"])
        reached = N_("A small generator trained in {time} reaches {metric} {value}, where lower is better")
        words: dict[str, Run | Runs] = {}
    else:
        said = desk.say(
            QUALITY["interval"],
            low=desk.recorded(run, "quality.fid.ci_low"),
            high=desk.recorded(run, "quality.fid.ci_high"),
            n=desk.recorded(run, "quality.fid.n", digits=0),
        )
        reached = N_(
            "A small generator trained in {time} reaches {metric} {value}; real images reach {floor}, and lower is "
            "better"
        )
        words = {"floor": desk.recorded(run, "quality.fid.reference_floor")}
    headline = desk.say(reached, time=_time(desk, run, record.cost.train_s), metric=name, value=value, **words)
    message = BASES["reference" if kept.basis == "reference" else "experiments" if kept.shared else "own"]
    about: dict[str, Run | Runs] = {
        "preset": record.config.preset,
        "dataset": record.dataset.name if record.dataset else record.config.dataset,
        "device": record.device.name if record.device else record.config.device,
        "size": desk.t(SIZES[kept.size]) if kept.size else "",
    }
    basis = desk.say(message, **sentences.chosen(message, about))
    scope = desk.say(N_("Small models on small images show how such training behaves, not what the industry's reach."))
    return Finding("measurement.quality", headline, desk.together(basis, (*said, Cite(f"run:{run}")), scope))


def _time(desk: Desk, run: str, seconds: float | None) -> Runs:
    if seconds is None:
        return (desk.t(N_("an unknown time")),)
    return (desk.recorded(run, "cost.train_s", "s", 0),)


def _costs(desk: Desk, kept: Kept) -> list[Runs]:
    """Speed, energy, emissions and electricity of the run, each with its basis; what was not measured is left out."""
    cost, run, said = kept.record.cost, kept.record.run_id, []
    if cost.images_per_s is not None:
        said.append(desk.say(N_("Speed: {n} images a second."), n=desk.recorded(run, "cost.images_per_s")))
    if cost.energy_kwh is not None:
        energy = desk.recorded(run, "cost.energy_kwh", "Wh", scale=1000)
        method = desk.t.energy_method(cost.energy_method) if cost.energy_method else desk.t(N_("method not recorded"))
        if cost.energy_kwh_low is not None and cost.energy_kwh_high is not None:
            low = desk.recorded(run, "cost.energy_kwh_low", "Wh", scale=1000)
            high = desk.recorded(run, "cost.energy_kwh_high", "Wh", scale=1000)
            said.append(
                desk.say(
                    N_("Energy: {energy} (between {low} and {high}; {method})."),
                    energy=energy,
                    low=low,
                    high=high,
                    method=method,
                )
            )
        else:
            said.append(desk.say(N_("Energy: {energy} ({method})."), energy=energy, method=method))
    if cost.co2_g is not None:
        said.append(desk.say(N_("Emissions: {co2}."), co2=desk.recorded(run, "cost.co2_g", "gCO2e")))
    return said


def _elsewhere(desk: Desk, kept: Kept, found: Affordability) -> Table:
    """The same run in the chosen countries: emissions, and the rent of an accelerator against output per head."""
    t, run = desk.t, kept.record.run_id
    places = [*desk.geo, *([] if WORLD in desk.geo else [WORLD])]

    def number(geo: str, quantity: str, end: str, unit: str) -> Number:
        settings = (("end", end), ("geo", geo), ("quantity", quantity))
        return desk.small(Provenance("afford", run=run, settings=settings), unit)

    rows = []
    used: list[str] = []
    for geo in places:
        cells: list[Runs] = [(desk.name(geo),)]
        if geo in found.emissions:
            cells.append((number(geo, "co2_g", "value", "gCO2e"),))
            used.append(found.emissions[geo].source)
        else:
            cells.append((DASH,))
        if found.rent_share(geo) is not None:
            low, high = (number(geo, "rent_share", end, "percent") for end in ("low", "high"))
            alike = low.text == high.text
            cells.append((high,) if alike else desk.say(N_("{low} to {high}"), low=low, high=high))
            used.append(found.output[geo].source)
        else:
            cells.append((DASH,))
        rows.append(tuple(cells))
    rental = found.rental.sources if found.rental is not None else ()
    return Table(
        "measurement.places",
        t(N_("The same run elsewhere")),
        (
            Column(t(N_("Country")), share=1.5),
            Column(t(N_("Emissions of its electricity")), True, 1.5),
            Column(t(N_("Rent of an accelerator, share of a month's GDP per head")), True, 2),
        ),
        tuple(rows),
        tuple(dict.fromkeys([*used, *rental])),
        (t(N_("Rent: from what the accelerator's peak allows to as long as it took here. A dash: not known.")),),
    )
