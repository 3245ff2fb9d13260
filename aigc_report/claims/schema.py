"""What a claim of the ledger consists of: the statement put to the test, the test, and the rule that judges it.

``data/document/claims.yaml`` holds a list of claims of this shape; a file of a user's own has the same one. A rule is
declared before its test is run. Whoever changes it gives it a new version and keeps the old one under `changes`.
"""

import datetime
import hashlib
import json
from dataclasses import dataclass as plain_dataclass
from dataclasses import fields
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic.dataclasses import dataclass
from pydantic_core import PydanticCustomError

from aigc_report.document.schema import Factor, Id, Reader, Text, Words

Kind = Literal["experiment", "data", "fact", "norm"]
Size = Literal["quick", "standard", "full"]
Relation = Literal["above", "below", "within"]
Role = Literal["main", "guard"]

KINDS: tuple[Kind, ...] = ("experiment", "data", "fact", "norm")
SIZES: tuple[Size, ...] = ("quick", "standard", "full")
"""How much an experiment may take, the smallest first; data have no size."""
TESTS: dict[Kind, str] = {"experiment": "experiment", "data": "query", "fact": "facts", "norm": "norm"}
"""Kind of a claim to the field of `Test` that holds its test."""
RULED: tuple[Kind, ...] = ("experiment", "data")
"""Kinds whose verdict comes from a rule with thresholds."""

ClaimId = Annotated[str, StringConstraints(pattern=r"^claim\.[a-z0-9_]+$")]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
"""A name of an experiment, a query or a finding."""
Version = Annotated[int, Field(ge=1)]

_SHAPE = ConfigDict(extra="forbid", populate_by_name=True)


def _threshold(value: Any) -> Any:
    """One number or a list of two, whatever the relation asks for; anything else is refused in one sentence."""
    ends = value if isinstance(value, list | tuple) else [value]
    if len(ends) not in (1, 2) or not all(isinstance(end, int | float) and not isinstance(end, bool) for end in ends):
        raise PydanticCustomError("threshold", "a threshold is a number, or [low, high] for within")
    return tuple(map(float, ends)) if isinstance(value, list | tuple) and len(ends) == 2 else float(ends[0])


Threshold = Annotated[float | tuple[float, float], BeforeValidator(_threshold)]


@dataclass(frozen=True, kw_only=True, config=_SHAPE)
class Condition:
    """What one finding has to be. `threshold` is in the finding's unit: one number, or [low, high] for `within`.

    A value on a threshold of `above` or `below` does not meet it; the ends of `within` belong to it. A `guard` says
    whether this test could show the effect at all: where one does not hold, the verdict is inconclusive.
    """

    finding: Name
    relation: Relation = Field(alias="is")
    threshold: Threshold
    role: Role
    reason: Text

    @property
    def bounds(self) -> tuple[float, ...]:
        """The threshold as one number or two, lowest first."""
        return self.threshold if isinstance(self.threshold, tuple) else (self.threshold,)

    @property
    def sound(self) -> bool:
        """Has the threshold the form that the relation needs?"""
        if self.relation != "within":
            return len(self.bounds) == 1
        return len(self.bounds) == 2 and self.bounds[0] < self.bounds[1]

    def met_by(self, value: float) -> bool:
        """Does `value`, taken as exact, meet the condition?"""
        if self.relation == "above":
            return value > self.bounds[0]
        if self.relation == "below":
            return value < self.bounds[0]
        return self.bounds[0] <= value <= self.bounds[1]


Conditions = Annotated[tuple[Condition, ...], Field(min_length=1)]


@dataclass(frozen=True, kw_only=True, config=_SHAPE)
class Change:
    """An earlier version of a rule: declared on `date`, and `why` it was replaced."""

    version: Version
    date: datetime.date
    why: Text
    conditions: Conditions


@dataclass(frozen=True, kw_only=True, config=_SHAPE)
class Rule:
    """The conditions that decide on a claim, declared on the day `declared`; `changes` holds all earlier versions."""

    version: Version
    declared: datetime.date
    conditions: Conditions
    changes: tuple[Change, ...] = ()

    @property
    def main(self) -> tuple[Condition, ...]:
        """The conditions that the verdict is about."""
        return tuple(c for c in self.conditions if c.role == "main")

    @property
    def guards(self) -> tuple[Condition, ...]:
        """The conditions that have to hold before the verdict means anything."""
        return tuple(c for c in self.conditions if c.role == "guard")

    @property
    def versions(self) -> tuple["RuleVersion", ...]:
        """Every version with its day and digest, the oldest first."""
        earlier = [RuleVersion(c.version, c.date, digest(c.conditions), c.why) for c in self.changes]
        now = RuleVersion(self.version, self.declared, digest(self.conditions))
        return tuple(sorted([*earlier, now], key=lambda v: v.version))


@plain_dataclass(frozen=True)
class RuleVersion:
    """One version of a rule: its day, the digest of its conditions, why it was replaced (None: it is in force)."""

    version: int
    declared: datetime.date
    digest: str
    replaced: Text | None = None


@dataclass(frozen=True, kw_only=True, config=_SHAPE)
class Fact:
    """A checked fact: does the statement `about` hold? `source` is an id of ``data/sources.csv``."""

    about: Id
    holds: bool
    source: Words
    note: Text


@dataclass(frozen=True, kw_only=True, config=_SHAPE)
class Norm:
    """What would show that a norm is kept, and how this product keeps it where it can."""

    measure: Text
    complies: Text | None = None


@dataclass(frozen=True, kw_only=True, eq=False, config=_SHAPE)
class Test:
    """Exactly one of `experiment`, `query`, `facts`, `norm`; `described` says in words what is done.

    `query` holds the `name` of a query and its arguments.
    """

    __test__ = False  # for pytest: no test of ours

    described: Text
    experiment: Name | None = None
    query: dict[str, Any] | None = None
    facts: Annotated[tuple[Fact, ...], Field(min_length=1)] | None = None
    norm: Norm | None = None

    @property
    def given(self) -> tuple[str, ...]:
        """Which of the four kinds of test are given."""
        return tuple(field for field in TESTS.values() if getattr(self, field) is not None)

    @property
    def name(self) -> str:
        """The name of the experiment or the query; empty for facts and norms."""
        return self.experiment or str((self.query or {}).get("name", ""))

    @property
    def arguments(self) -> dict[str, Any]:
        """What a query is asked with."""
        return {key: value for key, value in (self.query or {}).items() if key != "name"}


@dataclass(frozen=True, kw_only=True, eq=False, config=_SHAPE)
class Claim:
    """One claim: `about` names the statements of the founding document that it tests, and may be empty.

    `statement` is ours, `reading` what we take it to mean and why, `limits` what the test cannot say, `changes_mind`
    what would change the verdict.
    """

    id: ClaimId
    kind: Kind
    statement: Text
    reading: Text
    test: Test
    limits: Text
    changes_mind: Text
    section: Words | None = None
    about: tuple[Id, ...] = ()
    factor: Factor | None = None
    readers: tuple[Reader, ...] = ()
    rule: Rule | None = None


def digest(conditions: tuple[Condition, ...]) -> str:
    """16 hexadecimal figures over what the conditions ask; the order of the conditions and the reasons do not count."""
    asked = sorted(json.dumps([c.finding, c.relation, [float(b) for b in c.bounds], c.role]) for c in conditions)
    return hashlib.sha256("\n".join(asked).encode()).hexdigest()[:16]


def names_of_fields(cls: type) -> tuple[str, ...]:
    """The fields of a class of this module as a file spells them."""
    return tuple("is" if f.name == "relation" else f.name for f in fields(cls))
