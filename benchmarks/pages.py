"""What the benchmarks of pages share about them: where each stands, and the control that changes most of its charts."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["choices", "select"]


@dataclass(frozen=True)
class Control:
    """A control by its key: buttons side by side, or a list to open."""

    key: str
    kind: Kind


@dataclass(frozen=True)
class Page:
    """A page: its address, its place in the bar, and the control that a reader changes."""

    path: str
    title: str
    group: str
    control: Control


PLAIN = Page("/", "", "", Control("pick", "select"))
"""The plain page, whose one control changes its three charts."""
PAGES: dict[str, Page] = {
    "overview": Page("/", "Overview", "", Control("map", "choices")),
    "briefings": Page("/briefings", "Briefings", "", Control("audience", "select")),
    "countries": Page("/countries", "Countries", "Adoption", Control("by", "choices")),
    "factors": Page("/factors", "Five factors", "Adoption", Control("factor", "choices")),
    "sectors": Page("/sectors", "Sectors", "Adoption", Control("measure", "select")),
    "policy": Page("/policy", "Policy", "Adoption", Control("jurisdiction", "select")),
    "diffusion": Page("/diffusion", "Diffusion", "Adoption", Control("model", "choices")),
    "technology": Page("/technology", "Technology", "Measurement", Control("measure", "select")),
    "gan-lab": Page("/gan-lab", "GAN Lab", "Measurement", Control("budget", "select")),
    "affordability": Page("/affordability", "Affordability", "Measurement", Control("model", "select")),
    "claims": Page("/claims", "Claims", "Evidence", Control("verdict", "select")),
    "document": Page("/document", "Document", "Evidence", Control("section", "select")),
    "data-sources": Page("/data-sources", "Data & sources", "Evidence", Control("indicator", "select")),
    "methods": Page("/methods", "Methods", "Evidence", Control("note", "select")),
}
"""Every page in the order of the bar."""
