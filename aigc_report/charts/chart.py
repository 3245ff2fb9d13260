"""What a chart says, without how it is drawn: data, marks, words, unit, sources.

A renderer (`plotly` for the screen; others for documents) turns the description into a picture. The words around it and
the table to download come from the same description, so they cannot disagree. Columns are named by strings; roles are
keys of `palette.ROLES`.
"""

from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

Dash = Literal["solid", "dash", "dot"]


@dataclass(frozen=True)
class Axis:
    """One axis. `title` names quantity and unit where the subtitle does not already.

    `low`, `high` and `ticks` are values of the data, on a logarithmic axis too.
    """

    title: str = ""
    low: float | None = None
    high: float | None = None
    log: bool = False
    suffix: str = ""
    ticks: tuple[tuple[float, str], ...] = ()


@dataclass(frozen=True)
class Dots:
    """A dot per row; `low` and `high` name the columns of its interval, drawn as a line through the dot.

    `text` is said when a reader points at the dot, `label` stands beside it. In a chart with an `order` dots stand in
    rows; without one, `y` is a number and they are points in a plane.
    """

    x: str
    y: str
    role: str = "point"
    name: str = ""
    low: str = ""
    high: str = ""
    role_column: str = ""
    text: str = ""
    label: str = ""
    label_at: Literal["above", "below"] = "below"
    size: int = 10
    shape: Literal["circle", "diamond", "line-ns", "circle-open"] = "circle"


@dataclass(frozen=True)
class Bars:
    """Horizontal bars from zero."""

    x: str
    y: str
    role: str = "point"
    name: str = ""
    role_column: str = ""
    text: str = ""


@dataclass(frozen=True)
class Columns:
    """Upright bars from zero, one per value of `x`; several in one chart stand on each other in their order."""

    x: str
    y: str
    role: str = "point"
    name: str = ""
    text: str = ""


@dataclass(frozen=True)
class Lines:
    """A line per value of `series`, labelled at its end; series not in `roles` are grey context.

    `text` names the column of hover labels; without it they give both axes.
    With `step` a value holds until the next one, as a record does. `dashes` tells apart
    series that share a colour.
    """

    x: str
    y: str
    series: str = ""
    name: str = ""
    role: str = "point"
    roles: dict[str, str] = field(default_factory=dict)
    markers: bool = True
    text: str = ""
    step: bool = False
    dashes: dict[str, Dash] = field(default_factory=dict)


@dataclass(frozen=True)
class Band:
    """A pale area from `low` to `high` along `x`: the interval of a line."""

    x: str
    low: str
    high: str
    role: str = "point"
    name: str = ""


@dataclass(frozen=True)
class Span:
    """A thin grey line per row from `low` to `high`: what two dots of that row have between them."""

    low: str
    high: str
    y: str


@dataclass(frozen=True)
class Strip:
    """All units of each row as small grey marks: the field in which one dot stands."""

    x: str
    y: str
    name: str = ""
    text: str = ""


@dataclass(frozen=True)
class Map:
    """A filled map: `geo` holds ISO 3166-1 alpha-3 codes, `value` the figure, `text` the words of the hover label.

    `ends` are the words for the lowest and the highest figure, where `value` is not what a reader should see (a
    logarithm).
    `least` and `most` are the ends of the scale, where they are not those of the figures shown: maps of several years
    share one scale.
    """

    geo: str
    value: str
    text: str
    unit: str = ""
    area: Literal["europe", "world"] = "europe"
    ends: tuple[str, str] | None = None
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True)
class Boxes:
    """A labelled box per row, `width` pixels wide: the nodes of a graph."""

    x: str
    y: str
    text: str
    width: int


@dataclass(frozen=True)
class Arrows:
    """An arrow per row from (`x`, `y`) to (`to_x`, `to_y`)."""

    x: str
    y: str
    to_x: str
    to_y: str


Mark = Dots | Bars | Columns | Lines | Band | Span | Strip | Map | Boxes | Arrows


@dataclass(frozen=True)
class Choice:
    """What a reader may choose of a chart: its scale, its measure, the places shown, the period.

    `name` is the parameter of the function that describes the chart: another choice is another call of it, so that
    title, unit, data and alternative text always say what is drawn. `options` are codes with their words, `held` the
    codes of this description. `kind` is how many may be held: one, one of a row in time, or several (at most `most`).
    """

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    held: tuple[str, ...]
    kind: Literal["one", "time", "several"] = "one"
    most: int = 1


@dataclass(frozen=True, eq=False)
class Chart:
    """A chart in words and data. `frame` is what the first marks draw and what a reader downloads.

    `frames` holds further tables by name for marks that need them: a mark at position i of `marks` draws
    ``frames[i]`` where that key exists, else `frame`. A chart offers `choices` only where its data bear each of them.
    """

    id: str
    title: str
    subtitle: str
    frame: pd.DataFrame
    marks: tuple[Mark, ...]
    alt: str
    x: Axis = Axis()
    y: Axis = Axis()
    sources: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    height: int | None = None
    frames: dict[int, pd.DataFrame] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()

    def data(self, position: int) -> pd.DataFrame:
        """The table that the mark at `position` draws."""
        return self.frames.get(position, self.frame)


Named = Dots | Bars | Columns | Lines | Band | Strip
"""Marks that a legend can name."""


def named(chart: Chart) -> list[Named]:
    """The marks that a legend tells apart; none where one mark says it all."""
    found = [mark for mark in chart.marks if isinstance(mark, Named) and mark.name]
    return found if len(found) > 1 else []
