"""A suite's results as files and words: JSON, CSV, a Markdown table, and a picture of quality against cost."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from gan.files import write_atomically
from gan.suite.figure import frontier_svg
from gan.suite.ledger import RESULTS
from gan.suite.results import COSTS, QUALITY, RESPONSES, Comparison, Group, Results, Spread
from gan.summary import short, table


def write(folder: Path, results: Results) -> None:
    """All files of `results` into `folder`, each whole or not at all."""
    write_atomically(folder / RESULTS, results.model_dump_json(indent=1))
    write_atomically(folder / "results.csv", to_csv(results))
    write_atomically(folder / "results.md", markdown(results))
    write_atomically(folder / "frontier.svg", frontier_svg(results))


def to_csv(results: Results) -> str:
    """A line a run."""
    columns = list(dict.fromkeys(column for line in results.runs for column in line))
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(results.runs)
    return out.getvalue()


def describe(results: Results) -> str:
    """The results for a terminal."""
    lines = [f"{results.title}: {results.settled} of {results.planned} runs, {results.budget}"]
    if results.question:
        lines.append(results.question)
    lines += [*results.machine, ""]
    header, rows = _rows(results)
    lines += table(header, rows)
    lines += ["", *_sentences(results)]
    return "\n".join(lines)


def markdown(results: Results) -> str:
    """The results as a Markdown document."""
    header, rows = _rows(results)
    lines = [f"# {results.title}", "", results.question, ""]
    lines += [f"{results.settled} of {results.planned} runs, {results.budget}. {'; '.join(results.machine)}.", ""]
    lines += [_row(header), _row(["---"] * len(header)), *map(_row, rows), ""]
    return "\n".join([*lines, *(f"- {sentence}" for sentence in _sentences(results)), ""])


def _rows(results: Results) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """A row per group, best quality first within its data set."""
    header = (
        "group",
        "runs",
        "FID",
        "95 %",
        "floor",
        "recall",
        "against baseline",
        "images seen",
        "train s",
        "energy Wh",
    )
    against = {(c.group, c.metric): c for c in results.comparisons}

    def quality(group: Group) -> tuple[str, float]:
        found = group.metrics.get(QUALITY)
        return group.dataset, found.mean if found else float("inf")

    rows: list[tuple[str, ...]] = []
    for group in sorted(results.groups, key=quality):
        fid, recall = group.metrics.get(QUALITY), group.metrics.get("recall")
        energy = group.cost.get("energy_kwh")
        rows.append(
            (
                group.group,
                f"{group.completed}" + (f" ({group.failed} failed)" if group.failed else ""),
                _mean(fid),
                _interval(fid),
                short(fid.floor) if fid else "-",
                _mean(recall),
                "baseline" if results.is_baseline(group) else _against(against.get((group.group, QUALITY))),
                _mean(group.images_seen),
                _mean(group.cost.get("train_s")),
                short(energy.mean * 1000) if energy else "-",
            )
        )
    return header, rows


def _sentences(results: Results) -> list[str]:
    said = []
    for frontier in results.frontiers:
        label, unit = COSTS[frontier.cost]
        said.append(f"Frontier of FID against {label} ({unit}) on {frontier.dataset}: {'; '.join(frontier.groups)}.")
    for growth in results.growth:
        label, unit = RESPONSES[growth.response]
        interval = "" if growth.low is None else f" [{growth.low:.2f}, {growth.high:.2f}]"
        said.append(
            f"{growth.preset} on {growth.dataset}: {label} grows with {growth.factor} to the power of "
            f"{growth.exponent:.2f}{interval} ({growth.runs} runs, {growth.from_value:g} to {growth.to_value:g})"
            + (
                f"; extrapolated to {growth.extrapolated_to:g}: {short(growth.extrapolated)} {unit}"
                f" [{short(growth.extrapolated_low)}, {short(growth.extrapolated_high)}], if the law holds there."
                if growth.extrapolated_low is not None
                else "."
            )
        )
    return said + results.notes


def _mean(found: Spread | None) -> str:
    return "-" if found is None else short(found.mean)


def _interval(found: Spread | None) -> str:
    return "-" if found is None or found.low is None else f"{short(found.low)} to {short(found.high)}"


def _against(comparison: Comparison | None) -> str:
    if comparison is None:
        return "-"  # no run of a seed that the baseline has, too
    interval = "" if comparison.low is None else f" [{comparison.low:+.3g}, {comparison.high:+.3g}]"
    return f"{comparison.difference:+.3g}{interval} {comparison.verdict}"


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
