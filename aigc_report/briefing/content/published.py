"""Published models: how far their quality has come within one protocol, and who makes them."""

from collections.abc import Iterator

import pandas as pd

from aigc_report.briefing import sentences
from aigc_report.briefing.content.evidence import EVIDENCE
from aigc_report.briefing.content.figures import figure
from aigc_report.briefing.desk import Desk
from aigc_report.briefing.model import Block, Finding, Paragraph, Run, Runs
from aigc_report.charts import quality as drawn
from aigc_report.charts.factors.maturity import QUALITY
from aigc_report.charts.words import parse
from aigc_report.i18n import N_
from aigc_report.technology import quality

TREND: dict[str, str] = {
    "down": N_("Best published {measure} on {dataset}: {last} ({last_year}), from {first} ({first_year})"),
    "same": N_("Best published {measure} on {dataset}: {last} ({last_year}), as in {first_year}"),
}
"""Distances: the best so far never rises."""
MEASURE = "fid"


def published(desk: Desk, dataset: str = "cifar10", figures: tuple[str, ...] = ()) -> tuple[Block, ...]:
    """The best published distance on `dataset`, one of `QUALITY`, then and now; who makes notable models; figures."""
    blocks: list[Block] = list(_best(desk, dataset))
    if made := EVIDENCE["companies"](desk):
        blocks.append(Paragraph(made[1]))
    return (*blocks, *(figure(desk, name) for name in figures))


def _best(desk: Desk, dataset: str) -> Iterator[Finding]:
    asked = next(
        c for c in quality.comparisons(desk.cat, MEASURE) if (c.dataset, c.code) == (dataset, QUALITY[dataset])
    )
    found = quality.records(desk.cat, asked, "yes")
    rows = _keys(desk, found)
    best = found[found["best"]]
    first, last = (desk.row(rows[at], "1") for at in (best.index[0], best.index[-1]))
    words: dict[str, Run | Runs] = {
        "measure": drawn.name(desk.t, MEASURE),
        "dataset": drawn.dataset(dataset),
        "first": first,
        "last": last,
        "first_year": desk.t.period(str(best["period"].iloc[0])),
        "last_year": desk.t.period(str(best["period"].iloc[-1])),
    }
    message = TREND["same" if first.text == last.text else "down"]
    about = desk.say(
        N_(
            "{n} models told the class, by {protocol}; lower is better. Figures of other teams, samples or extractors "
            "do not compare with them."
        ),
        n=desk.of_rows("count", tuple(rows), digits=0),
        protocol=drawn.protocol(desk.t, asked),
    )
    headline = desk.say(message, **sentences.chosen(message, words))
    yield Finding(f"published.{dataset}", headline, desk.cited(about, *desk.sources(first, last)))


def _keys(desk: Desk, records: pd.DataFrame) -> list[str]:
    """The observation that each record is."""
    rows = desk.cat.all_observations
    rows = rows[(rows["indicator"] == MEASURE) & rows["source"].isin(records["source"])]
    models = [parse(breakdown).get("model", "") for breakdown in rows["breakdown"]]
    parts = ("indicator", "geo", "period", "breakdown", "source")
    own = {
        (model, row["period"], row["value"]): "|".join(str(row[part]) for part in parts)
        for model, row in zip(models, rows.to_dict("records"), strict=True)
    }
    return [own[row["model"], row["period"], row["value"]] for row in records.to_dict("records")]
