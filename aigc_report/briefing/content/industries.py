"""Industries: one question of one official survey, ranked; never two surveys in one list."""

from aigc_report import sectors
from aigc_report.briefing.content.figures import placed
from aigc_report.briefing.desk import Desk
from aigc_report.briefing.model import Block, Column, Finding, Number, Table
from aigc_report.charts import sectors as drawn
from aigc_report.charts import words
from aigc_report.i18n import DASH, N_

ENDS: dict[str, str] = {
    "apart": N_("{measure}: most in {first} ({high}), fewest in {last} ({low})"),
    "alike": N_("{measure}: {high} in every industry"),
}


def industries(
    desk: Desk, measure: str = "eu_any", figure: bool = True, table: bool = True, rows: int = 5
) -> tuple[Block, ...]:
    """The industries at both ends as a finding, the first and last `rows` as a table, all of them as a figure."""
    t, asked = desk.t, sectors.MEASURES[measure]
    found = sectors.industries(desk.cat, measure)
    records = found.to_dict("records")

    def number(row: dict[object, object], name: str = "value") -> Number:
        period = str(row["period" if name == "value" else "before_period"])
        rows = desk.cat.observations(asked.indicator, asked.geo, period, str(row["breakdown"]))
        sources = [str(source) for source in rows["source"]]
        source = str(row["source"]) if name == "value" else sources[-1]
        return desk.row("|".join((asked.indicator, asked.geo, period, str(row["breakdown"]), source)), str(row["unit"]))

    def called(value: float) -> str:
        same = [str(row["industry"]) for row in records if row["value"] == value]
        return t.join([words.value(t, asked.key, code) for code in same])

    first, last = records[0], records[-1]
    high, low = number(first), number(last)
    name = t(drawn.MEASURES[measure])
    if high.text == low.text:
        headline = desk.say(ENDS["alike"], measure=name, high=high)
    else:
        ends = {"first": called(float(first["value"])), "last": called(float(last["value"]))}
        headline = desk.say(ENDS["apart"], measure=name, high=high, low=low, **ends)
    about = desk.say(
        N_("{n} industries, {period}, one survey: {population}."),
        n=desk.of_rows("count", tuple(number(row).provenance.rows[0] for row in records), digits=0),
        period=t.period(str(first["period"])),
        population=str(desk.cat.indicators.at[asked.indicator, "population_zh" if t.lang == "zh" else "population"]),
    )
    blocks: list[Block] = [Finding(f"industries.{measure}", headline, desk.cited(about, *desk.sources(high, low)))]
    if table:
        shown = records if len(records) <= 2 * rows else [*records[:rows], *records[-rows:]]
        before = str(first["before_period"])
        columns = [Column(t(N_("Industry")), share=3), Column(t.period(str(first["period"])), True)]
        if before:
            columns.append(Column(t.period(before), True))
        cells = tuple(
            (
                (words.value(t, asked.key, str(row["industry"])),),
                (number(row),),
                *([(number(row, "before"),) if row["before"] == row["before"] else (DASH,)] if before else []),
            )
            for row in shown
        )
        caption = name if len(shown) == len(records) else t(N_("{measure}: the first and the last"), measure=name)
        blocks.append(Table(f"industries.{measure}.table", caption, tuple(columns), cells, desk.sources(high, low)))
    if figure:
        blocks.append(placed(drawn.industries(desk.cat, t, measure, "sections", "health")))
    return tuple(blocks)
