"""Charts of one unit of an index: what its score is made of."""

from aigc_report.charts.chart import Axis, Bars, Chart
from aigc_report.charts.countries import name, place
from aigc_report.charts.factors.rows import signed
from aigc_report.i18n import Texts
from aigc_report.index import IndexResult, profiles


def contributions(result: IndexResult, t: Texts, unit: str) -> Chart:
    """What each indicator adds to the score of `unit` against a unit with the mean score on every indicator."""
    parts = profiles.contributions(result, unit).sort_values(ascending=False)
    frame = parts.rename("points").rename_axis("indicator").reset_index()
    frame["label"] = [name(result, t, str(code)) for code in frame["indicator"]]
    frame["role"] = ["good" if points >= 0 else "bad" for points in frame["points"]]
    frame["text"] = [signed(t, points, 2) for points in frame["points"]]
    frame["said"] = [t("{name}: {part}", name=n, part=p) for n, p in zip(frame["label"], frame["text"], strict=True)]
    known = result.sources.loc[unit].to_dict() if unit in result.sources.index else {}
    frame["source"] = [str(known.get(code, "")) for code in frame["indicator"]]
    country, total, score = place(result, t, unit), float(parts.sum()), float(result.scores[result.total][unit])
    widest = float(parts.abs().max()) * 1.3
    return Chart(
        id="contributions",
        title=t("What the score of {country} is made of", country=country),
        subtitle=t(
            "points of the total above or below a member that is average on every indicator ({mean}); together "
            "{total}, which makes {score}",
            mean=t.number(score - total, 1),
            total=signed(t, total),
            score=t.number(score, 1),
        ),
        frame=frame,
        marks=(Bars("points", "label", role_column="role", text="text"),),
        order=tuple(frame["label"]),
        x=Axis(low=-widest, high=widest),
        sources=tuple(dict.fromkeys(source for source in frame["source"] if source)),
        alt=t(
            "Bars to both sides of zero. Adds most: {high}. Costs most: {low}.",
            high=frame["said"].iloc[0],
            low=frame["said"].iloc[-1],
        ),
    )
