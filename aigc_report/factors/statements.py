"""What the founding document says of a factor, beyond the sentence of section 1.2: its statements in groups."""

from aigc_report import document
from aigc_report.document.schema import KINDS, Statement
from aigc_report.i18n import N_

GROUPS: dict[str, tuple[str, ...]] = {
    N_("Trends and challenges"): ("trend", "challenge"),
    N_("The problem it starts from"): ("problem",),
    N_("Strengths and weaknesses"): ("advantage", "drawback"),
    N_("What it proposes"): ("direction", "measure"),
    N_("Fields of use and examples"): ("sector", "example"),
    N_("Questions, readers, summaries"): ("question", "reader", "summary"),
}
"""Heading of a group to the kinds of statement in it, in the order in which they bear on adoption."""

METHODS = N_("Methods and code")
"""Heading over all other kinds: what the document says of algorithms, steps, formulas and its listing."""


def statements(factor_id: str, doc: document.Document | None = None) -> dict[str, tuple[Statement, ...]]:
    """Heading to the statements that name this factor, in the order of `GROUPS`; headings without one are left out.

    Every statement with this factor is in exactly one group; what no factor is given for appears nowhere here.
    """
    found = [s for s in doc or document.load() if factor_id in s.factors]
    named = {kind for kinds in GROUPS.values() for kind in kinds}
    groups = {**GROUPS, METHODS: tuple(kind for kind in KINDS if kind not in named)}
    grouped = {heading: tuple(s for s in found if s.kind in kinds) for heading, kinds in groups.items()}
    return {heading: group for heading, group in grouped.items() if group}
