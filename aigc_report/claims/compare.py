"""Why the verdict found on this machine and the one that ships differ, or that they agree, in sentences."""

from collections.abc import Iterator

from aigc_report.claims import words
from aigc_report.claims.verdict import Outcome, Verdict
from aigc_report.i18n import N_, Texts


def explain(t: Texts, here: Verdict, shipped: Verdict) -> list[str]:
    """What a reader needs to know to set the two side by side: agreement first, then every difference."""
    same = here.code == shipped.code
    head = t("Both say the same.") if same else t("They differ. What differs between the two:")
    return [head, *_differences(t, here, shipped)]


def _differences(t: Texts, here: Verdict, shipped: Verdict) -> Iterator[str]:
    if here.size != shipped.size and here.size and shipped.size:
        yield t(
            "Here the size was {here}, shipped is {shipped}: other images, other networks, more or fewer seeds.",
            here=t(words.SIZES[here.size]),
            shipped=t(words.SIZES[shipped.size]),
        )
    if here.evidence and shipped.evidence and here.evidence.code_digest != shipped.evidence.code_digest:
        yield t("The program of the experiment has changed since the shipped evidence was made.")
    if here.together != shipped.together:
        yield t(
            "Here {here} p-values were adjusted together, for the shipped verdict {shipped}.",
            here=here.together,
            shipped=shipped.together,
        )
    theirs = {(o.condition.finding, o.condition.bounds): o for o in shipped.outcomes}
    for mine in here.outcomes:
        other = theirs.get((mine.condition.finding, mine.condition.bounds))
        if other is not None and mine.finding is not None and other.finding is not None:
            yield from _finding(t, mine, other, here.size == shipped.size)


def _finding(t: Texts, mine: Outcome, other: Outcome, comparable: bool) -> Iterator[str]:
    """How one finding came out in both; only at one size does an overlap of intervals mean anything."""
    assert mine.finding is not None
    assert other.finding is not None
    if mine.state == other.state and (not comparable or _overlap(mine, other)):
        return
    said = t(
        "{name}: here {here} ({state_here}), shipped {shipped} ({state_shipped}).",
        name=words.name(t, mine.finding),
        here=words.measured(t, mine),
        shipped=words.measured(t, other),
        state_here=t(words.STATES[mine.state]),
        state_shipped=t(words.STATES[other.state]),
    )
    yield f"{said} {t(_OVERLAPS[_overlap(mine, other)])}" if comparable else said


def _overlap(mine: Outcome, other: Outcome) -> bool:
    """Do the two intervals have values in common? Without an interval the value stands for it."""
    assert mine.finding is not None
    assert other.finding is not None
    a = mine.interval or (mine.finding.value, mine.finding.value)
    b = other.interval or (other.finding.value, other.finding.value)
    return a[0] <= b[1] and b[0] <= a[1]


_OVERLAPS: dict[bool, str] = {
    True: N_("The intervals overlap: chance may explain the difference."),
    False: N_("The intervals do not overlap: look for another machine, library or setting."),
}
