"""The two boxes that every briefing ends with: what is not known, and how it was made."""

from collections.abc import Set

from aigc_report import policy
from aigc_report.briefing import claims
from aigc_report.briefing.desk import Desk
from aigc_report.briefing.model import Box, Runs
from aigc_report.i18n import N_, Texts


def gaps(desk: Desk, parts: Set[str]) -> Box:
    """What a reader may look for here and not find, and why; of measurement and claims where `parts` ask for them."""
    result = desk.ground.index()
    items: list[Runs] = []
    for entry in result.not_scored:
        name = next(factor.name[desk.t.lang] for factor in desk.cat.factors if factor.id == entry["factor"])
        items.append(
            desk.say(N_("{factor}: not in the index. {reason}"), factor=name, reason=entry[f"reason_{desk.t.lang}"])
        )
    items.append(
        desk.say(
            N_("Statuses of policy instruments are as read in {read}; what happened since is not known here."),
            read=desk.t.period(policy.READ),
        )
    )
    items.append(
        desk.say(
            N_("{n} figures were left out, for their terms of use or because they could not be confirmed."),
            n=desk.of_settings("package", digits=0, what="excluded"),
        )
    )
    items.append(desk.say(N_("Sampling errors of the surveys are not published with most figures, and so not shown.")))
    if "measurement" in parts and desk.measured is None:
        items.append(desk.say(N_("No run was measured, so nothing is said of quality and cost.")))
    if "verdicts" in parts and not claims.standing(desk.audience):
        items.append(desk.say(N_("No claim for these readers was tested.")))
    return Box("gaps", "gaps", desk.t(N_("What is not known")), tuple(items))


def method(desk: Desk) -> Box:
    """How figures, index, forecasts, measurements and sentences came about, and how to check them."""
    result = desk.ground.index()
    items = [
        desk.say(
            N_(
                "Figures: {observations} observations of {indicators} indicators from {sources} sources, as published; "
                "nothing is filled in, and doubtful figures make no headline."
            ),
            **{
                what: desk.of_settings("package", digits=0, what=what)
                for what in ("observations", "indicators", "sources")
            },
        ),
        desk.say(
            N_(
                "Index: {name}, {units} units; indicators scaled from lowest to highest and averaged, every part with "
                "equal weights. Intervals of ranks: {n} replications with other scalings, means, weights and one "
                "indicator left out. Errors of the surveys are not in them."
            ),
            name=_index_name(desk.t, result.spec.name_zh, result.name),
            units=desk.index("units"),
            n=desk.index("replications"),
        ),
        desk.say(
            N_(
                "Forecasts: the model with the smallest error in a rolling-origin back-test, beside the naive model; a "
                "series of fewer than five figures gives scenarios alone."
            )
        ),
        desk.say(
            N_(
                "Measurement: quality against held-out images that neither training nor tuning saw, beside the "
                "distance of real images from each other; figures compare only within one feature extractor."
            )
        ),
        desk.say(
            N_(
                "Words: sentences are assembled from the figures by rules; no language model wrote any. Figures that "
                "are printed alike count as alike."
            )
        ),
        desk.say(
            N_(
                "Check: every number stands in the manifest beside this file with what it was derived from; "
                "aigc-report verify derives each again."
            )
        ),
    ]
    return Box("method", "method", desk.t(N_("How this briefing was made")), tuple(items))


def _index_name(t: Texts, zh: str, en: str) -> str:
    return zh if t.lang == "zh" and zh else en
