"""The command `gan-bench experiment`: named experiments, and the evidence that claims are judged by."""

import json
import sys
from typing import Annotated, Any

import typer

from gan.config import DeviceChoice
from gan.durations import in_words
from gan.errors import UsageError
from gan.experiments import carry_out, design
from gan.experiments.evidence import Evidence, Finding
from gan.experiments.pool import Pool
from gan.store import Store
from gan.tariffs import find_tariff


def experiment(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NAME]...", help="Experiments; without any, they are listed.", show_default=False),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="All that this size can answer.")] = False,
    size: Annotated[design.Size, typer.Option(help="How much is trained, on what.")] = "quick",
    listing: Annotated[bool, typer.Option("--list", help="List the experiments with the time they take.")] = False,
    device: Annotated[DeviceChoice, typer.Option(help="Where to compute.")] = "auto",
    country: Annotated[str | None, typer.Option(help="Whose grid and prices: ISO 3166-1 alpha-3, e.g. DEU.")] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Train everything anew.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")] = False,
) -> None:
    """Carry experiments out: train what they need, look at it, keep the evidence.

    \b
    gan-bench experiment
    gan-bench experiment listing convergence
    gan-bench experiment --all --size standard

    Runs are shared between experiments and kept. Ctrl-C stops it; the same command goes on where it was.
    """
    if names and everything:
        raise UsageError("Name experiments or give --all, not both.")
    if listing or not (names or everything):
        _list(size, as_json=as_json)
        return
    chosen = design.offered(size) if everything else design.chosen(dict.fromkeys(names or []), size)
    pool = Pool(Store(), device, find_tariff(country))
    about = in_words(design.estimate_s(chosen, size))
    print(f"{len(chosen)} experiments at size {size}, about {about} from nothing on two cores", file=sys.stderr)
    outcome = carry_out.carry_out(chosen, size, pool, fresh=fresh, out=sys.stderr)
    if as_json:
        _print_json(
            {
                "size": outcome.size,
                "evidence": [evidence.model_dump(mode="json") for evidence in outcome.evidence],
                "failed": outcome.failed,
            }
        )
    else:
        print("\n\n".join(_describe(evidence) for evidence in outcome.evidence))
    if outcome.failed:
        for name, why in outcome.failed.items():
            print(f"The experiment {name} ended in an error: {why}", file=sys.stderr)
        raise typer.Exit(1)


def _list(size: design.Size, *, as_json: bool) -> None:
    offered = design.offered(size)
    rows = [
        {
            "name": e.name,
            "title": e.title,
            "sizes": list(e.sizes),
            "runs": len(design.distinct(e.needs(size))),
            "estimate_s": round(design.estimate_s([e], size)),
            "evidence": carry_out.read(e.name, size) is not None,
        }
        for e in offered
    ]
    total_s = round(design.estimate_s(offered, size))
    if as_json:
        _print_json({"size": size, "experiments": rows, "estimate_s": total_s})
        return
    for row, e in zip(rows, offered, strict=True):
        there = "evidence" if row["evidence"] else ""
        takes = in_words(design.estimate_s([e], size))
        print(f"{e.name:<16} {row['runs']:>3} runs  {takes:>9}  {there:<8}  {e.title['en']}")
    what = f"on two cores at size {size} ({design.SCALES[size].title['en']})"
    print(f"All together, shared runs once: about {in_words(total_s)} {what}.")


def _describe(evidence: Evidence) -> str:
    lines = [f"{evidence.test} ({evidence.size}), {evidence.made:%Y-%m-%d %H:%M} UTC, {evidence.machine}"]
    lines += [f"  {_line(finding)}" for finding in evidence.findings]
    lines += [f"  Note: {warning}" for warning in evidence.warnings]
    return "\n".join(lines)


def _line(finding: Finding) -> str:
    error = finding.error
    shown = ""
    if error.kind == "replicates" and len(error.values) > 1:
        shown = "  (" + ", ".join(f"{value:.3g}" for value in error.values) + ")"
    elif error.kind == "proportion":
        shown = f"  ({error.successes} of {error.trials})"
    elif error.kind == "estimate":
        shown = f"  (± {error.se:.2g} standard error)"
    unit = "" if finding.unit == "1" else f" {finding.unit}"
    return f"{finding.name:<32} {finding.value:>9.4g}{unit}{shown}"


def _print_json(document: dict[str, Any]) -> None:
    print(json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2))
