"""Policy compared: who demands what, counted over the collected instruments; never a score."""

from aigc_report import policy
from aigc_report.briefing.content.figures import figure
from aigc_report.briefing.desk import Desk
from aigc_report.briefing.model import Block, Column, Finding, Number, Paragraph, Runs, Table
from aigc_report.charts import words
from aigc_report.charts.policy import place
from aigc_report.i18n import N_

ALWAYS = ("EU27", "CHN", "USA")
"""Jurisdictions that stand in every comparison, beside the chosen ones."""
CITED = 4
"""Instruments whose sources are cited one by one; the rest stand on the Policy page."""


def rules(
    desk: Desk, duties: tuple[str, ...] = ("labelling", "risk_assessment"), figures: tuple[str, ...] = ()
) -> tuple[Block, ...]:
    """What is in force, and what is adopted or proposed, by jurisdiction and duty."""
    t, table = desk.t, desk.ground.instruments()
    held = set(table["geo"])
    places = [geo for geo in dict.fromkeys([*desk.geo, *ALWAYS]) if geo in held]
    without = [geo for geo in desk.geo if geo not in held]
    read = t.period(policy.READ)
    lead = duties[0]
    standing = [geo for geo in places if _count(desk, geo, lead, "in_force").value > 0]
    headline = (
        desk.say(
            N_("{duty}, duties in force: {places}"),
            duty=words.value(t, "duty", lead),
            places=t.join([place(desk.cat, t, geo) for geo in standing]),
        )
        if standing
        else desk.say(N_("{duty}: no duty in force in the places compared"), duty=words.value(t, "duty", lead))
    )
    counted = desk.say(
        N_("Counted over {n} collected instruments, statuses as read in {read}: a collection, not a census."),
        n=desk.of_settings("package", digits=0, what="instruments"),
        read=read,
    )
    blocks: list[Block] = [Finding("rules.duties", headline, desk.cited(counted, *_sources(desk, places, lead)))]
    if without:
        members = [geo for geo in desk.geo if bool(desk.cat.geographies.at[geo, "eu27"])]
        blocks.append(Paragraph(_without(desk, without, members)))
    columns = [Column(t(N_("Jurisdiction")), share=2), Column(t(N_("Instruments")), True)]
    columns += [Column(words.value(t, "duty", duty), share=2) for duty in duties]
    rows: tuple[tuple[Runs, ...], ...] = tuple(
        (
            (place(desk.cat, t, geo),),
            (_count(desk, geo),),
            *(_states(desk, geo, duty) for duty in duties),
        )
        for geo in places
    )
    caption = t(N_("Instruments by what they oblige to, {read}"), read=read)
    note = t(N_('"Pending" is adopted and not confirmed in force.'))
    blocks.append(Table("rules.table", caption, tuple(columns), rows, notes=(note,)))
    return (*blocks, *(figure(desk, name) for name in figures))


def _count(desk: Desk, geo: str, duty: str = "", state: str = "") -> Number:
    return desk.of_settings("instruments", digits=0, geo=geo, duty=duty, state=state)


def _states(desk: Desk, geo: str, duty: str) -> Runs:
    """How many instruments with a duty are in force, and how many pending or proposed, where there are any."""
    counts = {state: _count(desk, geo, duty, state) for state in ("in_force", "pending", "proposed")}
    said = {
        "in_force": N_("{n} in force"),
        "pending": N_("{n} pending"),
        "proposed": N_("{n} proposed"),
    }
    items = [desk.say(said[state], n=n) for state, n in counts.items() if n.value > 0]
    return desk.listed(items) if items else (desk.t(N_("none known")),)


def _without(desk: Desk, places: list[str], members: list[str]) -> Runs:
    named = desk.places(places)
    said = desk.say(N_("The collection holds no instrument issued by {places} alone."), places=named)
    if members:
        of = desk.places(members)
        said = desk.together(said, desk.say(N_("The rules of the European Union apply in {places}."), places=of))
    return said


def _sources(desk: Desk, places: list[str], duty: str) -> list[str]:
    """Sources of the instruments in force that hold the duty, the newest first."""
    table = desk.ground.instruments()
    column = policy.DUTIES[duty]
    kept = table[(table[column] == "yes") & (table["state"] == "in_force") & table["geo"].isin(places)]
    return list(dict.fromkeys(map(str, kept["source"])))[:CITED]
