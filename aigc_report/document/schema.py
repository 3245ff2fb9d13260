"""What a statement of the founding document consists of: the shape all share, and what each kind carries beyond it."""

from typing import Annotated, Literal, get_args

from pydantic import ConfigDict, Field, StringConstraints
from pydantic.dataclasses import dataclass

SECTIONS: dict[str, tuple[str, str]] = {
    "0": ("Title and keywords", "标题与关键词"),
    "1.1": ("Where the question comes from", "问题的由来"),
    "1.2": ("Five factors", "五个关键因素"),
    "1.3": ("What the analysis is for", "研究意义"),
    "2.1": ("Concepts and how they hang together", "核心概念及其联系"),
    "3.1": ("Algorithms", "算法原理"),
    "3.2": ("Five steps", "五个步骤"),
    "3.3": ("Strengths and weaknesses", "算法的优缺点"),
    "3.4": ("Fields of use", "应用领域"),
    "4.1": ("The model in formulas", "数学模型"),
    "4.2": ("The objective and the losses", "目标函数与损失"),
    "4.3": ("A worked case", "案例讲解"),
    "5.1": ("Setting up", "环境搭建"),
    "5.2": ("The listing", "代码清单"),
    "5.3": ("The listing explained", "代码解读"),
    "5.4": ("Showing the results", "结果展示"),
    "6.1": ("Entertainment and media", "娱乐媒体"),
    "6.2": ("Game development", "游戏开发"),
    "6.3": ("Advertising and marketing", "广告营销"),
    "6.4": ("E-commerce and retail", "电商零售"),
    "6.5": ("Healthcare", "医疗健康"),
    "7.1": ("Where to learn", "学习资源"),
    "7.2": ("Tools", "开发工具"),
    "7.3": ("Papers", "相关论文"),
    "8.1": ("What has been achieved", "研究成果"),
    "8.2": ("Trends", "发展趋势"),
    "8.3": ("Challenges", "面临的挑战"),
    "8.4": ("Directions of research", "研究展望"),
    "9": ("Questions and answers", "常见问题"),
}
"""Every numbered part of the document that states something, with a short title of ours (en, zh)."""

Factor = Literal["maturity", "demand", "barriers", "business", "policy"]
Reader = Literal["government", "enterprise", "research", "practitioner", "public"]
FACTORS: tuple[Factor, ...] = get_args(Factor)
READERS: tuple[Reader, ...] = get_args(Reader)
Verdict = Literal["confirmed", "partly_confirmed", "contradicted", "not_found"]
Basis = Literal["source", "package metadata", "experiment", "derivation", "general knowledge, not re-read"]
"""What a check rests on: a source that was read, what a package says of itself, a case that was run, a short derivation
from the document's own text, or knowledge that was not looked up again."""

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Day = Annotated[str, StringConstraints(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")]
Url = Annotated[str, StringConstraints(pattern=r"^https?://\S+$")]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z]+(\.[a-z0-9_]+)+$")]

_SHAPE = ConfigDict(extra="forbid")


@dataclass(frozen=True, kw_only=True, config=_SHAPE)
class Text:
    """One text in both languages."""

    en: Words
    zh: Words

    def __getitem__(self, lang: str) -> str:
        return {"en": self.en, "zh": self.zh}[lang]


@dataclass(frozen=True, kw_only=True, config=_SHAPE)
class Source:
    """Where a reader can look: `date` is the day, month or year of publication, None where the page names none."""

    publisher: Words
    title: Words
    url: Url
    date: Day | None = None


@dataclass(frozen=True, kw_only=True, config=_SHAPE)
class Check:
    """What became of a statement when it was looked up or run, on the day `checked`."""

    verdict: Verdict
    basis: Basis
    note: Text
    checked: Day
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, kw_only=True, config=_SHAPE)
class Reference:
    """A published work as it should be cited."""

    title: Words
    authors: tuple[Words, ...]
    year: int
    venue: Words
    url: Url
    arxiv: Words | None = None
    doi: Words | None = None


@dataclass(frozen=True, kw_only=True, config=_SHAPE)
class Statement:
    """What every statement has. `also` names further sections that say the same, `related` the ids it bears on."""

    id: Id
    section: Words
    kind: str
    name: Text
    text: Text
    also: tuple[Words, ...] = ()
    related: tuple[Id, ...] = ()
    factors: tuple[Factor, ...] = ()
    readers: tuple[Reader, ...] = ()
    check: Check | None = None


@dataclass(frozen=True, kw_only=True, config=_SHAPE)
class Remark(Statement):
    """A statement that needs nothing beyond its words; the kind is also the first part of its id."""

    kind: Literal[
        "problem", "advantage", "drawback", "sector", "prerequisite", "part", "trend", "challenge", "direction",
        "question", "measure", "summary",
    ]  # fmt: skip


@dataclass(frozen=True, kw_only=True, config=_SHAPE)
class ReaderGroup(Statement):
    """A group the analysis serves; `audience` is the word the command line uses for it."""

    kind: Literal["reader"]
    audience: Reader


@dataclass(frozen=True, kw_only=True, config=_SHAPE)
class Concept(Statement):
    """A node of the document's graph; its arrows point to the concepts in `leads_to`."""

    kind: Literal["concept"]
    in_graph: bool
    leads_to: tuple[Id, ...] = ()


@dataclass(frozen=True, kw_only=True, config=_SHAPE)
class Algorithm(Statement):
    """A family of networks: how it works and what it is used for."""

    kind: Literal["algorithm"]
    how: Text
    used_for: Text


@dataclass(frozen=True, kw_only=True, config=_SHAPE)
class Step(Statement):
    """A step of the document's pipeline and the command of this product that carries it out."""

    kind: Literal["step"]
    number: Annotated[int, Field(ge=1)]
    command: Words


@dataclass(frozen=True, kw_only=True, config=_SHAPE)
class Example(Statement):
    """An application the document names, in the sector it belongs to; always checked."""

    kind: Literal["example"]
    sector: Id
    check: Check


@dataclass(frozen=True, kw_only=True, config=_SHAPE)
class Formula(Statement):
    """Something the document says in mathematics. LaTeX without delimiters."""

    kind: Literal["formula"]
    latex: Words


@dataclass(frozen=True, kw_only=True, config=_SHAPE)
class Discrepancy(Statement):
    """Where formula, prose and code of the document disagree: `as_written` against `latex`, which holds."""

    kind: Literal["discrepancy"]
    as_written: Words
    latex: Words
    check: Check


@dataclass(frozen=True, kw_only=True, config=_SHAPE)
class Defect(Statement):
    """A fault of the printed code. `effect`: it stops the program, makes it do something else, or makes it brittle.

    `observed` is the last line of the error, or the measured behaviour, of a case of our own; the tests hold the cases.
    """

    kind: Literal["defect"]
    effect: Literal["stops", "wrong", "brittle"]
    where: Text
    observed: Words
    fix: Text


@dataclass(frozen=True, kw_only=True, config=_SHAPE)
class Resource(Statement):
    """Something to learn from."""

    kind: Literal["resource"]
    url: Url
    check: Check


@dataclass(frozen=True, kw_only=True, config=_SHAPE)
class Tool(Statement):
    """A piece of software; `latest` is the newest release seen on the day of the check."""

    kind: Literal["tool"]
    url: Url
    licence: Words
    maintained: bool
    check: Check
    latest: Words | None = None
    successor: Words | None = None


@dataclass(frozen=True, kw_only=True, config=_SHAPE)
class Paper(Statement):
    """A paper the document lists as `listed_as`; `exists` says whether that title does, `references` what is meant."""

    kind: Literal["paper"]
    listed_as: Words
    exists: bool
    references: Annotated[tuple[Reference, ...], Field(min_length=1)]
    check: Check


AnyStatement = (
    Remark
    | ReaderGroup
    | Concept
    | Algorithm
    | Step
    | Example
    | Formula
    | Discrepancy
    | Defect
    | Resource
    | Tool
    | Paper
)
KINDS: dict[str, type[Statement]] = {
    kind: cls for cls in get_args(AnyStatement) for kind in get_args(cls.__annotations__["kind"])
}
"""Kind to the class that describes it."""

FAMILIES: dict[str, str] = {kind: kind for kind in KINDS} | {
    "formula": "math",
    "discrepancy": "math",
    "prerequisite": "listing",
    "part": "listing",
    "defect": "listing",
}
"""Kind to the first part of its ids: one word for what stands together in the document."""

FILES: dict[str, tuple[str, ...]] = {
    "problem.yaml": ("problem",),
    "readers.yaml": ("reader",),
    "concepts.yaml": ("concept",),
    "algorithms.yaml": ("algorithm", "advantage", "drawback"),
    "pipeline.yaml": ("step",),
    "sectors.yaml": ("sector", "example"),
    "mathematics.yaml": ("formula", "discrepancy"),
    "listing.yaml": ("prerequisite", "part", "defect"),
    "resources.yaml": ("resource",),
    "tools.yaml": ("tool",),
    "papers.yaml": ("paper",),
    "trends.yaml": ("trend",),
    "challenges.yaml": ("challenge",),
    "directions.yaml": ("direction",),
    "qa.yaml": ("question",),
    "ethics.yaml": ("measure",),
    "summary.yaml": ("summary",),
}
"""Every file of statements and the kinds it holds."""
