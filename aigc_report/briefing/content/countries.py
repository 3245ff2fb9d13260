"""The chosen countries: their place in the index with its interval, what they are good at, and their own figures."""

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations

from aigc_report.briefing import sentences
from aigc_report.briefing.content.figures import placed
from aigc_report.briefing.desk import Desk
from aigc_report.briefing.model import Block, Bullets, Column, Finding, Paragraph, Run, Runs, Table
from aigc_report.charts import countries as drawn
from aigc_report.i18n import DASH, N_
from aigc_report.index import profiles
from aigc_report.index.uncertainty import CERTAIN

LEADERS = 3
"""Members named where no country was chosen."""
MOST = 4
"""Chosen countries that get a finding of their own; the table holds all."""
TRAITS = 2
"""Indicators named on either end of a country's profile."""
INDICATORS = (("ms_ai_user_share", ""), ("genai_individuals", ""), ("ai_use_any", ""), ("grid_carbon_intensity", ""))
"""What is known of a country outside the index as well."""


def position(desk: Desk, figure: bool = True, profile: bool = True, figures: bool = True) -> tuple[Block, ...]:
    """Rank, interval and profile of each chosen country; without a choice, the leaders of the index."""
    result = desk.ground.index()
    chosen = desk.geo or tuple(map(str, result.ordered()[:LEADERS]))
    members = [geo for geo in chosen if geo in result.scores.index]
    blocks: list[Block] = [_ranked(desk, geo) for geo in members[:MOST]]
    absent = [geo for geo in chosen if geo not in result.scores.index]
    if absent:
        message = sentences.RANKS["absent" if len(absent) == 1 else "absents"]
        said = desk.say(message, place=desk.places(absent), all=desk.index("units"))
        blocks.append(Paragraph(said))
    if members:
        replications = N_(
            "A replication builds the index anew with other defensible methods and weights; {n} were made."
        )
        blocks += [Paragraph(desk.say(replications, n=desk.index("replications"))), _table(desk, members)]
    if figure and members:  # before what is said of it: a tall figure may move, and text goes on meanwhile
        chart = drawn.ranking(result, desk.t, result.total, *members)
        t = desk.t
        title = t(N_("{index}: all members by rank"), index=_index_title(desk))
        about = t(N_("rank by score · line: where the rank lies in nine of ten replications"))
        blocks.append(placed(replace(chart, title=title, subtitle=about)))
    if orders := [_order(desk, a, b) for a, b in combinations(sorted(members, key=_rank(desk)), 2)][:MOST]:
        blocks.append(Bullets(tuple(orders)))
    if profile and desk.geo:
        blocks += [Paragraph(traits(desk, geo)) for geo in members[:MOST]]
    if figures and desk.geo:
        blocks += _own(desk)
    return tuple(blocks)


def _rank(desk: Desk) -> Callable[[str], tuple[float, str]]:
    """What sorts countries by their rank."""
    result = desk.ground.index()
    ranks = result.ranks[result.total].astype("float64")
    return lambda geo: (float(ranks[geo]), geo)


def _ranked(desk: Desk, geo: str) -> Finding:
    """One country: its rank and the interval of it as a headline, its two sub-indices as the sentence."""
    result = desk.ground.index()
    tied = desk.index("tied", geo)
    rank = desk.index("rank", geo)
    words: dict[str, Run | Runs] = {
        "place": desk.name(geo),
        "rank": rank,
        "all": desk.index("units"),
        "index": called(desk),
        "tied": tied,
    }
    words["range"] = interval(desk, geo)
    message = sentences.RANKS["tied" if tied.value > 1 else "alone"]
    parts = [str(code) for code in result.structure.index[result.structure["parent"] == result.total]]
    named = [
        desk.say(N_("{part} {rank}"), part=drawn.name(result, desk.t, part), rank=desk.index("rank", geo, part))
        for part in parts
    ]
    sentence = desk.say(N_("Ranks of its parts: {parts}."), parts=desk.listed(named))
    return Finding(f"position.{geo}", desk.say(message, **sentences.chosen(message, words)), sentence)


def called(desk: Desk) -> str:
    """The index by its name, as a sentence has it."""
    return desk.t(N_("“{name}”"), name=_index_title(desk))


def _index_title(desk: Desk) -> str:
    result = desk.ground.index()
    return result.spec.name_zh if desk.t.lang == "zh" else result.name


def interval(desk: Desk, geo: str) -> Runs:
    """Where the rank of a country lies when the index is built otherwise."""
    low, high = desk.index("low", geo), desk.index("high", geo)
    if low.text == high.text == desk.index("rank", geo).text:
        return desk.say(sentences.INTERVALS["point"])
    return desk.say(sentences.INTERVALS["range"], low=low, high=high)


def _order(desk: Desk, first: str, second: str) -> Runs:
    """Whether one country above another is a finding."""
    share = desk.index("above", first, unit="percent", other=second)
    sure = CERTAIN * 100
    orders = sentences.ORDERS
    message = orders["first"] if share.value >= sure else orders["second" if share.value <= 100 - sure else "open"]
    return desk.say(message, first=desk.name(first), second=desk.name(second), share=share)


def traits(desk: Desk, geo: str) -> Runs:
    """The indicators on which a country ranks best and worst among the members."""
    result = desk.ground.index()
    said = []
    for message, found in (
        (N_("{place} ranks best on {indicators}."), profiles.strengths(result, geo, TRAITS)),
        (N_("{place} ranks lowest on {indicators}."), profiles.weaknesses(result, geo, TRAITS)),
    ):
        items = [
            desk.say(
                N_("“{indicator}” ({value}, rank {rank})"),
                indicator=drawn.name(result, desk.t, str(code)),
                value=desk.index("value", geo, str(code), "percent", None),
                rank=desk.index("rank", geo, str(code)),
            )
            for code in found.index
        ]
        said.append(desk.say(message, place=desk.name(geo), indicators=desk.listed(items)))
    sources = result.sources.loc[geo]
    return desk.cited(desk.together(*said), *dict.fromkeys(str(source) for source in sources if source))


def _table(desk: Desk, members: list[str]) -> Table:
    result, t = desk.ground.index(), desk.t
    parts = [str(code) for code in result.structure.index[result.structure["parent"] == result.total]]
    columns = [
        Column(t(N_("Country")), share=2),
        Column(t(N_("Rank")), True),
        Column(t(N_("Nine of ten replications")), True, 1.6),
        Column(t(N_("Score")), True),
        *(Column(t(N_("Rank: {part}"), part=drawn.name(result, t, part)), True, 1.4) for part in parts),
    ]
    rows: list[tuple[Runs, ...]] = [
        (
            (desk.name(geo),),
            (desk.index("rank", geo),),
            desk.say(N_("{low} to {high}"), low=desk.index("low", geo), high=desk.index("high", geo)),
            (desk.index("score", geo, digits=1),),
            *((desk.index("rank", geo, part),) for part in parts),
        )
        for geo in sorted(members, key=_rank(desk))
    ]
    caption = t(
        N_("{index}: the chosen countries") if desk.geo else N_("{index}: the highest ranks"),
        index=_index_title(desk),
    )
    sources = {str(source) for source in result.sources.to_numpy().ravel() if source}
    return Table("position.table", caption, tuple(columns), tuple(rows), tuple(sorted(sources)))


def _own(desk: Desk) -> list[Block]:
    """Figures of each chosen country and of the EU, whatever the index holds; a dash where none is known."""
    places = [*desk.geo, *(["EU27"] if "EU27" not in desk.geo else [])]
    used: list[str] = []
    rows: list[tuple[Runs, ...]] = []
    for geo in places:
        cells: list[Runs] = [(desk.name(geo),)]
        for indicator, breakdown in INDICATORS:
            found = desk.cat.latest(indicator, geo, breakdown)
            if found is None:
                cells.append((DASH,))
                continue
            used.append(found.source)
            cells.append(
                desk.say(N_("{value} ({period})"), value=desk.observed(found), period=desk.t.period(found.period))
            )
        rows.append(tuple(cells))
    if not used:
        return []
    columns = [Column(desk.t(N_("Country")), share=1.4)]
    columns += [Column(desk.cat.name(indicator, desk.t.lang), True, 1.6) for indicator, _ in INDICATORS]
    notes = (desk.t(N_("A dash: no figure is known. Columns come from different surveys and do not compare.")),)
    caption = desk.t(N_("Figures of the chosen countries, each of its latest period"))
    return [Table("countries.own", caption, tuple(columns), tuple(rows), tuple(dict.fromkeys(used)), notes)]
