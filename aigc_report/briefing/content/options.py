"""Courses of action as options, each with the evidence for it and against it; which side wins is left to the reader."""

from dataclasses import dataclass

from aigc_report.briefing.content.evidence import EVIDENCE
from aigc_report.briefing.desk import Desk
from aigc_report.briefing.model import Block, Option, Options, Paragraph, Runs
from aigc_report.i18n import N_


@dataclass(frozen=True)
class Course:
    """An option before its evidence: what it is, what bears on it, and what no figure here can say.

    `bears` names entries of `EVIDENCE` whose own side is the option's side; `turned` those whose side is the reverse:
    what speaks for acting speaks against waiting.
    """

    title: str
    what: str
    bears: tuple[str, ...]
    unknown: str
    turned: tuple[str, ...] = ()


COURSES: dict[str, Course] = {
    "skills": Course(
        N_("Build skills, first in small firms"),
        N_("Advice and training for those who considered AI and stopped there."),
        ("expertise", "small_firms", "no_need"),
        N_("No figure in this report measures what such training achieves."),
    ),
    "certainty": Course(
        N_("Make the rules easier to follow"),
        N_("Guidance and help with the duties that already stand, before new ones."),
        ("law", "costs"),
        N_("No figure links rules to adoption: members share one regulation, instruments are younger than surveys."),
    ),
    "labels": Course(
        N_("Label generated content now"),
        N_("Mark what a model made, before every market asks for it."),
        ("label_demand", "label_rules"),
        N_("No figure here says whether labels change what people trust or buy."),
    ),
    "ready_made": Course(
        N_("Start with ready-made tools"),
        N_("Buy a service, learn from its use, and build only what nobody sells."),
        ("ready_made", "time_saved", "systems"),
        N_("Dependence on a supplier, and what it costs to leave, are in no figure here."),
    ),
    "pilot": Course(
        N_("Run a small pilot and measure it"),
        N_("One task, a budget, a measure fixed before it starts, a date to stop."),
        ("waiting", "time_saved", "data"),
        N_("Time saved is what users report of themselves; output was not measured."),
    ),
    "wait": Course(
        N_("Wait for the next survey"),
        N_("Keep watching, and decide when the next official figures are out."),
        ("undecided",),
        N_("What waiting costs is in no figure here."),
        turned=("rising", "waiting"),
    ),
    "measure": Course(
        N_("Measure on your own machine before you believe a claim"),
        N_("Train small models under one budget and read quality and cost with their intervals."),
        ("measured",),
        N_("Small models on small images say little about the industry's models."),
        turned=("companies",),
    ),
    "gaps": Course(
        N_("Close the gaps in the figures"),
        N_("Ask what is not asked, everywhere, in one wording, and publish it under an open licence."),
        ("members_missing", "left_out"),
        N_("A new question takes years to become a series, and burdens those who answer."),
    ),
    "compute": Course(
        N_("Share computing power with universities"),
        N_("Public machines and open models, so that others than companies can check and build."),
        ("companies",),
        N_("Counts of models say who made them, not what they are worth; public money for AI is in no figure here."),
    ),
    "learn": Course(
        N_("Try it, and check what it says"),
        N_("Learn by doing, on tasks whose result you can judge yourself."),
        ("young", "no_need", "privacy"),
        N_("How often an answer is wrong is in no figure here."),
    ),
}
"""What an audience's template can offer, by name."""


def options(desk: Desk, courses: tuple[str, ...]) -> tuple[Block, ...]:
    """The courses side by side, in no order of preference."""
    lead = desk.say(N_("Options, not advice: each with what the figures of this report say for it and against it."))
    return (Paragraph(lead), Options("options", tuple(option(desk, name) for name in courses)))


def option(desk: Desk, name: str) -> Option:
    """One course with its evidence; what no figure can say stands last against it."""
    course = COURSES[name]
    speaks: dict[bool, list[Runs]] = {True: [], False: []}
    for names, turned in ((course.bears, False), (course.turned, True)):
        for each in names:
            if found := EVIDENCE[each](desk):
                side, sentence = found
                speaks[side != turned].append(sentence)
    speaks[False].append(desk.say(course.unknown))
    if not speaks[True]:
        speaks[True].append(desk.say(N_("No figure of this report speaks for it.")))
    ends = (tuple(speaks[side]) for side in (True, False))
    return Option(f"option.{name}", desk.t(course.title), desk.say(course.what), *ends)
