"""The one palette: a factor, a role or the map's scale keeps its colour on every page and in every briefing.

Hues are spread so that the common kinds of colour blindness still tell the factors apart. Every colour has a contrast
of 3:1 or more against both page backgrounds (WCAG 2.2, 1.4.11), so one figure serves light and dark.
"""

from aigc_report.charts.chart import Dash

BACKGROUNDS: dict[str, str] = {"light": "#ffffff", "dark": "#12161c"}
"""Page backgrounds; the app's theme file repeats them and a test keeps the two in step."""

FACTORS: dict[str, str] = {
    "maturity": "#2f7fc1",
    "demand": "#b54d24",
    "barriers": "#b8559a",
    "business": "#a98b05",
    "policy": "#0b8f6b",
}
"""Factor (= pillar of an indicator) to its colour."""

ROLES: dict[str, str] = {
    "point": "#2f7fc1",
    "second": "#d0641a",
    "context": "#808790",
    "reference": "#c2410c",
    "good": "#0b8f6b",
    "bad": "#c93c37",
    **FACTORS,
}
"""What a mark says, and the colour that says it: the point, its counterpart, grey context, a reference line."""

LINES: tuple[str, ...] = tuple(FACTORS)
"""Roles that are told apart pairwise by colour-blind readers, for lines of equal rank."""
GROUPS: dict[str, str] = {"everyone": "point", "young": "second", "all firms": "point", "large firms": "second"}
"""Groups that several charts compare, and their roles."""
PLACES: tuple[str, ...] = (
    *("DEU", "FRA", "ITA", "ESP", "POL", "ROU", "NLD", "BEL", "CZE", "SWE", "PRT", "GRC", "HUN", "AUT", "BGR", "DNK"),
    *("FIN", "SVK", "IRL", "HRV", "LTU", "SVN", "LVA", "EST", "CYP", "LUX", "MLT", "USA", "CHN", "GBR", "JPN", "KOR"),
    *("TUR", "NOR", "SRB", "BIH", "ALB", "MNE"),
)
"""Places that have a colour of their own, the largest first, so that those most often compared differ by colour."""
DASHES: tuple[Dash, ...] = ("solid", "dash", "dot")
SERIES: tuple[str, ...] = ("point", "second", "policy", "barriers", "business", "context")
"""Roles of up to six things that stand beside each other and are no factor, in the order in which they take them."""

SEQUENTIAL: tuple[tuple[float, str], ...] = (
    (0.0, "#d6e6f4"),
    (0.25, "#9cc4e4"),
    (0.5, "#5b9fd3"),
    (0.75, "#2a75b3"),
    (1.0, "#0d4a80"),
)
"""Low to high for maps: one hue, lightness falling steadily, so that it survives print and colour blindness."""


def place(geo: str) -> tuple[str, Dash]:
    """Role and dash of a place as one of several lines, the same wherever it is compared; the rest is grey context."""
    if geo not in PLACES:
        return "context", "solid"
    turn, at = divmod(PLACES.index(geo), len(LINES))
    return LINES[at], DASHES[turn % len(DASHES)]


def colour(role: str) -> str:
    """The colour of `role`; an unknown role raises ``KeyError``."""
    return ROLES[role]


def faded(role: str, opacity: float) -> str:
    """The colour of `role` as ``rgba(...)`` with `opacity` in 0..1."""
    red, green, blue = (int(ROLES[role][i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"
