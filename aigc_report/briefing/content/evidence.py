"""Evidence that speaks for or against an option: a sentence with its side, decided by what the figures say.

`EVIDENCE` maps a name to a function of the desk that returns the side (True: for, False: against) and the sentence, or
None where no figure is known. Which side a figure is on never depends on the audience.
"""

from collections.abc import Callable

from aigc_report import policy
from aigc_report.briefing import sentences
from aigc_report.briefing.desk import Desk
from aigc_report.briefing.ground import period_of
from aigc_report.briefing.model import Runs
from aigc_report.charts import words
from aigc_report.factors import interest, reasons
from aigc_report.i18n import N_

Said = tuple[bool, Runs] | None
EU = "EU27"
PLACES: dict[bool, str] = {
    True: N_(
        "Of EU firms that considered AI and do not use it, {value} name “{reason}” ({period}): place {place} of {n}, "
        "in the upper half of the reasons."
    ),
    False: N_(
        "Of EU firms that considered AI and do not use it, {value} name “{reason}” ({period}): place {place} of {n}, "
        "in the lower half of the reasons."
    ),
}
PUBLISHED: dict[bool, str] = {
    True: N_("Only {n} of the EU's members publish how many firms considered AI and do not use it ({period})."),
    False: N_("All {n} members of the EU publish how many firms considered AI and do not use it ({period})."),
}
BACKTESTED: dict[bool, str] = {
    True: N_("The best curve for {series} does not beat repeating the last value, so where it goes next is not known."),
    False: N_("The curve for {series} beats repeating the last value in its back-test, so waiting tells little more."),
}


def _reason(desk: Desk, reason: str) -> Said:
    """A reason that firms give: for an option that removes it where it stands in the upper half, else against."""
    table = desk.ground.reasons()
    if reason not in table.index:
        return None
    rows = {
        str(code): "|".join((reasons.CONSIDERERS, EU, str(period), f"barrier={code}", str(source)))
        for code, period, source in zip(table.index, table["period"], table["source"], strict=True)
    }
    own = rows[reason]
    ordered = (own, *(row for code, row in rows.items() if code != reason))
    place, value = desk.of_rows("place", ordered, digits=0), desk.row(own, "percent")
    often = place.value <= len(rows) / 2
    said = desk.say(
        PLACES[often],
        reason=words.value(desk.t, "barrier", reason),
        value=value,
        period=desk.t.period(period_of(own)),
        place=place,
        n=desk.of_rows("count", tuple(rows.values()), digits=0),
    )
    return often, desk.cited(said, *desk.sources(value))


def _small_firms(desk: Desk) -> Said:
    """Small firms against large ones: for an option that helps the small where fewer of them use AI."""
    small, large = (desk.cat.latest("ai_use_any", EU, f"size={size}") for size in ("10-49", "250+"))
    if small is None or large is None:
        return None
    names = [words.value(desk.t, "size", size) for size in ("10-49", "250+")]
    lead = desk.say(N_("EU firms using AI in {period}, by size:"), period=desk.t.period(small.period))
    return small.value < large.value, desk.together(
        lead, sentences.compared(desk, (names[0], small), (names[1], large))
    )


def _no_need(desk: Desk) -> Said:
    """People without a need against people who do not know how: against skills where the first are more."""
    need, how = (desk.cat.latest("genai_nonuse_reason", EU, f"reason={r}") for r in ("no_need", "no_know_how"))
    if need is None or how is None:
        return None
    names = [
        desk.t(N_("“{name}”"), name=words.value(desk.t, "reason", reason)) for reason in ("no_need", "no_know_how")
    ]
    reasons_given = N_("Reasons people in the EU gave in {period} for not using generative AI:")
    lead = desk.say(reasons_given, period=desk.t.period(need.period))
    return need.value <= how.value, desk.together(lead, sentences.compared(desk, (names[0], need), (names[1], how)))


def _waiting(desk: Desk) -> Said:
    """Firms that considered AI and do not use it: people an offer can reach."""
    table = interest.over_time(desk.cat)
    if table.empty:
        return None
    period = str(table.index[-1])
    said = desk.say(
        N_("{waiting} of EU firms considered AI and do not use it ({period}), beside {use} that do."),
        waiting=desk.of_settings("waiting", "percent", column="waiting", geo=EU, period=period),
        use=desk.of_settings("waiting", "percent", column="use", geo=EU, period=period),
        period=desk.t.period(period),
    )
    return True, desk.cited(said, str(table.at[period, "source"]), str(table.at[period, "use_source"]))


def _rising(desk: Desk) -> Said:
    """Use by firms over the last step: for acting now where it rises."""
    headline = desk.ground.headlines("maturity")[0]
    if headline.change is None:
        return None
    _, _, sentence = sentences.changed(desk, headline)
    return headline.change > 0, sentence


def _ready_made(desk: Desk) -> Said:
    """How firms got their AI: ready-made against developed by own staff."""
    routes = ("commercial_ready", "own_staff")
    bought, made = (desk.cat.latest("ai_acquisition_users", EU, f"route={route}") for route in routes)
    if bought is None or made is None:
        return None
    names = [desk.t(N_("“{name}”"), name=words.value(desk.t, "route", route)) for route in routes]
    lead = desk.say(N_("How EU firms that use AI got it, {period}:"), period=desk.t.period(bought.period))
    return bought.value > made.value, desk.together(
        lead, sentences.compared(desk, (names[0], bought), (names[1], made))
    )


def _time_saved(desk: Desk) -> Said:
    """Working time saved, per user and over all workers."""
    users, everyone = (desk.cat.latest("rps_genai_time_saved", "USA", f"base={b}") for b in ("users", "all_workers"))
    if users is None or everyone is None:
        return None
    said = desk.say(
        N_("Users in the USA report saving {users} with generative AI; over all workers that is {all} ({period})."),
        users=desk.observed(users),
        all=desk.observed(everyone),
        period=desk.t.period(users.period),
    )
    return True, desk.cited(said, users.source, everyone.source)


def _label_demand(desk: Desk) -> Said:
    """Listeners who want AI music labelled: for labels where they are the majority."""
    headline = next((h for h in desk.ground.headlines("policy") if h.indicator == "ai_label_demand_share"), None)
    if headline is None:
        return None
    _, _, sentence = sentences.changed(desk, headline)
    return headline.value > 50, desk.together(sentence, desk.say(N_("One survey, on music alone.")))


def _label_rules(desk: Desk) -> Said:
    """Instruments that oblige to label: whoever labels now is not alone."""
    n = desk.of_settings("instruments", digits=0, geo="", duty="labelling", state="in_force")
    said = desk.say(
        N_("{n} collected instruments in force oblige to label generated content (as read in {read})."),
        n=n,
        read=desk.t.period(policy.READ),
    )
    return n.value > 0, said


def _undecided(desk: Desk) -> Said:
    """Whether a model beats repeating the last value: for waiting where none does."""
    found = desk.ground.forecast("us-firms")
    if found.beats_naive is None:
        return None
    open_ = not found.beats_naive
    said = desk.say(BACKTESTED[open_], series=found.series.title[desk.t.lang])
    return open_, desk.cited(said, *found.series.sources[-1:])


def _members_missing(desk: Desk) -> Said:
    """Members without figures of firms that considered AI: for closing gaps where any is missing."""
    table = interest.gap(desk.cat)
    members = [str(geo) for geo in table.index if geo != EU]
    period = str(table["period"].iloc[0])
    rows = desk.cat.observations(interest.CONSIDERED, members, period).drop_duplicates("geo", keep="last")
    names = ("indicator", "geo", "period", "breakdown", "source")
    keys = ["|".join(cells) for cells in zip(*(rows[name] for name in names), strict=True)]
    n = desk.of_rows("count", tuple(keys), digits=0)
    everyone = int(desk.cat.geographies["eu27"].sum())
    missing = n.value < everyone
    said = desk.say(PUBLISHED[missing], n=n, period=desk.t.period(period))
    return missing, desk.cited(said, str(table["source"].iloc[0]))


def _left_out(desk: Desk) -> Said:
    """Figures that exist and may not be passed on."""
    n = desk.of_settings("package", digits=0, what="excluded")
    said = desk.say(N_("{n} figures that exist were left out of this report, most for their terms of use."), n=n)
    return True, said


def _companies(desk: Desk) -> Said:
    """Who makes notable models: companies alone against universities alone."""
    counted = desk.ground.models()
    year = int(counted["year"].max())
    firms, universities = (
        desk.of_settings("makers", digits=0, year=year, maker=maker) for maker in ("industry", "academia")
    )
    said = desk.say(
        N_(
            "Of the notable models of {year} with known training compute, companies alone made {firms}, universities "
            "alone {universities}."
        ),
        year=str(year),
        firms=firms,
        universities=universities,
    )
    return firms.value > universities.value, desk.cited(said, str(counted["source"].iloc[0]))


def _young(desk: Desk) -> Said:
    """The young against everybody."""
    young, everyone = desk.cat.latest("genai_individuals", EU, "age=16-24"), desk.cat.latest("genai_individuals", EU)
    if young is None or everyone is None:
        return None
    period = desk.t.period(young.period)
    asked = N_("people in the EU aged 16 to 24 using generative AI in {period}")
    names = [desk.t(asked, period=period), desk.t(N_("all aged 16 to 74"))]
    return young.value > everyone.value, sentences.compared(desk, (names[0], young), (names[1], everyone))


def _privacy(desk: Desk) -> Said:
    """People who stay away over privacy or safety."""
    found = desk.cat.latest("genai_nonuse_reason", EU, "reason=privacy_security")
    if found is None:
        return None
    said = desk.say(
        N_("Of people in the EU who do not use generative AI, {value} name privacy or safety ({period})."),
        value=desk.observed(found),
        period=desk.t.period(found.period),
    )
    return False, desk.cited(said, found.source)


def _measured(desk: Desk) -> Said:
    """That a run here is a matter of minutes: its time, of the newest run or a reference run."""
    kept = desk.measured
    if kept is None or kept.record.cost.train_s is None:
        return None
    run = kept.record.run_id
    said = desk.say(
        N_("A run of {time} gives quality, energy and cost with their intervals ({preset} on {dataset})."),
        time=desk.recorded(run, "cost.train_s", "s", 0),
        preset=kept.record.config.preset,
        dataset=kept.record.dataset.name if kept.record.dataset else kept.record.config.dataset,
    )
    return True, desk.cited(said, f"run:{run}")


EVIDENCE: dict[str, Callable[[Desk], Said]] = {
    "expertise": lambda desk: _reason(desk, "expertise"),
    "costs": lambda desk: _reason(desk, "cost"),
    "law": lambda desk: _reason(desk, "legal_uncertainty"),
    "systems": lambda desk: _reason(desk, "incompatibility"),
    "data": lambda desk: _reason(desk, "data_availability"),
    "small_firms": _small_firms,
    "no_need": _no_need,
    "waiting": _waiting,
    "rising": _rising,
    "ready_made": _ready_made,
    "time_saved": _time_saved,
    "label_demand": _label_demand,
    "label_rules": _label_rules,
    "undecided": _undecided,
    "members_missing": _members_missing,
    "left_out": _left_out,
    "companies": _companies,
    "young": _young,
    "privacy": _privacy,
    "measured": _measured,
}
